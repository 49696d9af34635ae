"""The tables of sample.py."""

import sqlalchemy as sa
from alembic import op

revision = "9001"
down_revision = None
branch_labels = None
depends_on = None

_ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Creates the sample tables."""
    op.create_table(
        "town",
        sa.Column("id", _ROW_ID, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("people", sa.Integer()),
        sa.Column("height", sa.Double()),
        sa.Column("open", sa.Boolean()),
        sa.Column("seal", sa.LargeBinary()),
        sa.Column("words", sa.Text()),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_town"),
        sa.UniqueConstraint("name", name="uq_town_name"),
    )
    op.create_table(
        "house",
        sa.Column("id", _ROW_ID, nullable=False),
        sa.Column("town_id", _ROW_ID, nullable=False),
        sa.Column("number", sa.Text()),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["town_id"], ["town.id"], name="fk_house_town_id_town"),
        sa.PrimaryKeyConstraint("id", name="pk_house"),
    )
    op.create_index("ix_house_town_id", "house", ["town_id"])
    op.create_table(
        "remark",
        sa.Column("id", _ROW_ID, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("data", sa.JSON()),
        sa.PrimaryKeyConstraint("id", name="pk_remark"),
    )
