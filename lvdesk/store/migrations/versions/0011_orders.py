"""Work orders with their tasks, events and evidence."""

from typing import Final

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_NUMBERS: Final = {"level", "urgent", "visits", "reopened", "position"}
_TABLES: Final[dict[str, tuple[str, ...]]] = {
    "work_order": (
        "order_no", "kind", "title", "source", "source_no", "zone", "entity", "key", "area_no", "feeder_no", "address", "contact", "phone",
        "note", "state", "responsible", "helpers", "level", "urgent", "visits", "reopened", "satisfaction", "merged_into", "origin",
        "created_at", "created_by",
    ),
    "order_task": ("order_no", "position", "kind", "what", "done_at", "done_by", "result"),
    "order_event": ("order_no", "at", "action", "state", "person", "target", "level", "reason"),
    "order_evidence": ("order_no", "kind", "value", "attachment", "at", "person"),
}  # fmt: skip
_INDEXES: Final = (
    *(("work_order", column) for column in ("state", "area_no", "responsible", "created_at", "origin")),
    *((table, "order_no") for table in ("order_task", "order_event", "order_evidence")),
)


def upgrade() -> None:
    for table, columns in _TABLES.items():
        op.create_table(
            table,
            sa.Column("id", _ROW_ID, autoincrement=False, nullable=False),
            sa.Column("version", sa.Integer(), nullable=False),
            *(sa.Column(name, sa.Integer() if name in _NUMBERS else sa.Text(), nullable=False) for name in columns),
            sa.PrimaryKeyConstraint("id", name=f"pk_{table}"),
            *([sa.UniqueConstraint("order_no", name="uq_work_order_order_no")] if table == "work_order" else []),
        )
    for table, column in _INDEXES:
        op.create_index(f"ix_{table}_{column}", table, [column])
