"""The store's own tables: journal, allocation of ids, settings."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Creates the tables every other one relies on."""
    op.create_table(
        "journal",
        sa.Column("id", _ROW_ID, autoincrement=False, nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("at", sa.String(32), nullable=False),
        sa.Column("operation", sa.String(200), nullable=True),
        sa.Column("undoes", _ROW_ID, nullable=True),
        sa.Column("undone_by", _ROW_ID, nullable=True),
        sa.Column("summary", sa.JSON(), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("previous_digest", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_journal"),
        sa.UniqueConstraint("operation", name="uq_journal_operation"),
    )
    op.create_table(
        "journal_part",
        sa.Column("entry", _ROW_ID, autoincrement=False, nullable=False),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("table_name", sa.String(63), nullable=False),
        sa.Column("kind", sa.String(6), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("low_id", _ROW_ID, nullable=False),
        sa.Column("high_id", _ROW_ID, nullable=False),
        sa.Column("payload", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("entry", "seq", name="pk_journal_part"),
    )
    op.create_index("ix_journal_part_table_name_high_id", "journal_part", ["table_name", "high_id"])
    op.create_table(
        "allocation",
        sa.Column("table_name", sa.String(63), nullable=False),
        sa.Column("last_id", _ROW_ID, nullable=False),
        sa.PrimaryKeyConstraint("table_name", name="pk_allocation"),
    )
    op.create_table(
        "setting",
        sa.Column("key", sa.String(100), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_setting"),
    )
