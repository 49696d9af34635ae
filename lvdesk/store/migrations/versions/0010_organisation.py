"""People, teams, grids, villages, agreements, attachments."""

from typing import Final

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_SPAN: Final = ("since", "until")
_TABLES: Final[dict[str, tuple[tuple[str, ...], str]]] = {
    "staff": (("name", "staff_no", "post", "specialties", "phone", "photo", "joined_on", "left_on", "note"), "name"),
    "team": (("name", "kind", "phone", "note"), "name"),
    "membership": (("staff", "team", "role", *_SPAN), ""),
    "absence": (("staff", *_SPAN, "substitute", "reason"), ""),
    "shift": (("staff", "day", "shift"), ""),
    "support_unit": (("name", "kind", "scope", "contact", "phone"), "name"),
    "grid": (("grid_no", "name", *_SPAN, "note"), "grid_no"),
    "grid_area": (("area_no", "grid_no", *_SPAN), ""),
    "grid_duty": (("grid_no", "duty", "staff", "area_no", "specialty", *_SPAN), ""),
    "village": (("name", "township", "kind", "grid_no", "manager", "contact", "post", "phone", "areas"), "name"),
    "agreement": (
        ("agreement_no", "kind", "village", "party_a", "party_b", "grid_no", "manager", "services", "contact", "phone", *_SPAN, "scan"),
        "agreement_no",
    ),
    "village_visit": (("day", "village", "staff", "met", "subject", "outcome", "next_on"), ""),
}
"""Columns of text and the one that is unique, "" for none."""
_INDEXES: Final = {
    "membership": "staff", "absence": "staff", "grid_area": "area_no", "grid_duty": "grid_no", "village_visit": "village",
}  # fmt: skip


def upgrade() -> None:
    for table, (columns, unique) in _TABLES.items():
        op.create_table(
            table,
            sa.Column("id", _ROW_ID, autoincrement=False, nullable=False),
            sa.Column("version", sa.Integer(), nullable=False),
            *(sa.Column(name, sa.Text(), nullable=False) for name in columns),
            sa.PrimaryKeyConstraint("id", name=f"pk_{table}"),
            *([sa.UniqueConstraint(unique, name=f"uq_{table}_{unique}")] if unique else []),
        )
    for table, column in _INDEXES.items():
        op.create_index(f"ix_{table}_{column}", table, [column])
    op.create_index("ix_shift_day", "shift", ["day", "staff"], unique=True)
    op.create_table(
        "attachment",
        sa.Column("id", _ROW_ID, autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_attachment"),
        sa.UniqueConstraint("sha256", name="uq_attachment_sha256"),
    )
