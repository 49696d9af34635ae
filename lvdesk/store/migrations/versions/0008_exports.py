"""Packages that left the house and what they said."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    texts = ("number", "system", "format", "scope", "purpose", "person", "at")
    op.create_table(
        "export_package",
        sa.Column("id", _ROW_ID, autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in texts),
        sa.Column("records", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("counts", "held", "files", "previous")),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("added", "changed", "removed")),
        sa.PrimaryKeyConstraint("id", name="pk_export_package"),
        sa.UniqueConstraint("number", name="uq_export_package_number"),
    )
    op.create_index("ix_export_package_scope", "export_package", ["system", "scope"])
    op.create_table(
        "export_snapshot",
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("payload", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_export_snapshot"),
    )
