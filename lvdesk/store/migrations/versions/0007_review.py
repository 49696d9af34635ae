"""People with their roles, and the two-stage review: items, decisions, locks, audits."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _columns(kind: Any, *names: str, nullable: bool = False) -> list[sa.Column[Any]]:
    return [sa.Column(name, kind, nullable=nullable) for name in names]


def _texts(*names: str, nullable: bool = False) -> list[sa.Column[Any]]:
    return _columns(sa.Text(), *names, nullable=nullable)


_TABLES: dict[str, list[sa.Column[Any]]] = {
    "person": [
        *_columns(sa.Integer(), "version"),
        *_texts("name", "roles", "team", "pin"),
        *_columns(sa.Integer(), "active"),
    ],
    "review_item": [
        *_columns(sa.Integer(), "version"),
        *_texts("identity", "kind", "entity", "key"),
        *_columns(_ROW_ID, "record", nullable=True),
        *_texts("area_no", nullable=True),
        *_texts("title", "ledger_shown", "field_shown", "sides", "evidence"),
        *_columns(_ROW_ID, "sheet_id", nullable=True),
        *_columns(sa.Integer(), "sheet_row", nullable=True),
        *_texts("package_no", nullable=True),
        *_texts("entered_by", "blocked", "digest"),
        *_columns(_ROW_ID, "heard"),
        *_columns(sa.Integer(), "round", "moves"),
        *_texts("found_at"),
        *_texts("resolved_at", nullable=True),
        *_texts("state", "previous"),
        *_texts("marketing", "marketing_by", "marketing_at", "marketing_why"),
        *_texts("operations", "operations_by", "operations_at", "operations_why", "accepted"),
        *_columns(sa.Integer(), "returns"),
        *_texts("reason", "addressee", "until"),
        *_columns(_ROW_ID, "applied", nullable=True),
        *_texts("effect", "at"),
    ],
    "review_decision": [
        *_columns(sa.Integer(), "version"),
        *_columns(_ROW_ID, "item"),
        *_columns(sa.Integer(), "round"),
        *_texts("stage", "decision", "person", "at", "how", "reason", "given"),
    ],
    "review_lock": [
        *_columns(_ROW_ID, "item"),
        *_texts("person", "session", "until"),
    ],
    "review_audit": [
        *_columns(sa.Integer(), "version"),
        *_columns(_ROW_ID, "item"),
        *_columns(sa.Integer(), "round"),
        *_texts("drawn_by", "drawn_at", "verdict", "person", "at", "note"),
    ],
}
_UNIQUE = {"person": "name", "review_item": "identity", "review_lock": "item"}
_INDEXES: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("review_item", "state", ("state", "kind")),
    ("review_item", "record", ("entity", "key")),
    ("review_item", "list", ("state", "id", "resolved_at", "blocked", "kind", "marketing_by", "entered_by", "addressee")),
    ("review_decision", "item", ("item",)),
    ("review_audit", "item", ("item",)),
)


def upgrade() -> None:
    for name, columns in _TABLES.items():
        key = sa.PrimaryKeyConstraint("id", name=f"pk_{name}")
        unique = [sa.UniqueConstraint(_UNIQUE[name], name=f"uq_{name}_{_UNIQUE[name]}")] if name in _UNIQUE else []
        op.create_table(name, sa.Column("id", _ROW_ID, autoincrement=False, nullable=False), *columns, key, *unique)
    for table, index, columns_of in _INDEXES:
        op.create_index(f"ix_{table}_{index}", table, list(columns_of))
