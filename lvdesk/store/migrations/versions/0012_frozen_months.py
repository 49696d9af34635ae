"""Months whose numbers are kept as they were."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "frozen_month",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("month", "at", "person", "digest", "data")),
        sa.PrimaryKeyConstraint("id", name="pk_frozen_month"),
        sa.UniqueConstraint("month", name="uq_frozen_month_month"),
    )
