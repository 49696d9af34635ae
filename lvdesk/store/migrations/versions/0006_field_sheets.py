"""Imported tables of field results get a row that history keeps: their import can be taken back like any other step."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "field_sheet",
        sa.Column("id", _ROW_ID, autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("sheet", _ROW_ID, nullable=False),
        *[sa.Column(name, sa.Text(), nullable=False) for name in ("name", "package_no", "crs")],
        sa.PrimaryKeyConstraint("id", name="pk_field_sheet"),
        sa.UniqueConstraint("sheet", name="uq_field_sheet_sheet"),
    )
