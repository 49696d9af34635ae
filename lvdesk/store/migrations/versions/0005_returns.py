"""What comes back from the field: classed differences, sheets read and keyed, photos."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _columns(kind: Any, *names: str, nullable: bool = False) -> list[sa.Column[Any]]:
    return [sa.Column(name, kind, nullable=nullable) for name in names]


def _texts(*names: str, nullable: bool = False) -> list[sa.Column[Any]]:
    return _columns(sa.Text(), *names, nullable=nullable)


_TABLES: dict[str, list[sa.Column[Any]]] = {
    "field_difference": [
        *_texts("identity", "klass", "entity"),
        *_columns(_ROW_ID, "record", nullable=True),
        *_texts("key", "field"),
        *_texts("ledger", "field_value", nullable=True),
        *_texts("evidence"),
        *_columns(_ROW_ID, "sheet_id", nullable=True),
        *_columns(sa.Integer(), "sheet_row", nullable=True),
        *_texts("area_no", "package_no", nullable=True),
        *_texts("found_at"),
        *_texts("resolved_at", nullable=True),
    ],
    "sheet_entry": [
        *_columns(sa.Integer(), "version"),
        *_texts("sheet_no", "place", "value", "how"),
        *_columns(sa.Double(), "score", nullable=True),
        *_texts("first", "first_by", "second", "second_by", nullable=True),
        *_columns(_ROW_ID, "page", nullable=True),
        *_texts("at"),
    ],
    "scanned_page": [
        *_columns(sa.Integer(), "version"),
        *_texts("sha256"),
        *_columns(sa.Integer(), "page"),
        *_texts("name", "sheet_no", "state", "code", "why", "marks", "quality", "person", "at"),
    ],
    "scanned_picture": [
        *_columns(_ROW_ID, "page"),
        *_columns(sa.Integer(), "dpi", "flat"),
        *_columns(sa.LargeBinary(), "picture"),
    ],
    "photo": [
        *_columns(sa.Integer(), "version"),
        *_texts("sha256", "name"),
        *_columns(_ROW_ID, "size"),
        *_texts("taken_at", nullable=True),
        *_texts("taken_from"),
        *_columns(sa.Double(), "longitude", "latitude", nullable=True),
        *_texts("codes", "box_no", "bound_by", "why", "person", "at"),
    ],
}
_UNIQUE = {"field_difference": "identity", "scanned_picture": "page", "photo": "sha256"}
_INDEXES: tuple[tuple[str, tuple[str, ...], bool], ...] = (
    ("field_difference", ("klass",), False),
    ("field_difference", ("entity", "record"), False),
    ("field_difference", ("sheet_id",), False),
    ("sheet_entry", ("sheet_no", "place"), True),
    ("scanned_page", ("sha256", "page"), True),
    ("scanned_page", ("sheet_no",), False),
    ("photo", ("box_no",), False),
)
_NAMES: dict[tuple[str, tuple[str, ...]], str] = {("field_difference", ("entity", "record")): "record"}


def upgrade() -> None:
    for name, columns in _TABLES.items():
        key = sa.PrimaryKeyConstraint("id", name=f"pk_{name}")
        unique = [sa.UniqueConstraint(_UNIQUE[name], name=f"uq_{name}_{_UNIQUE[name]}")] if name in _UNIQUE else []
        op.create_table(name, sa.Column("id", _ROW_ID, autoincrement=False, nullable=False), *columns, key, *unique)
    for table, columns_of, unique_too in _INDEXES:
        op.create_index(f"ix_{table}_{_NAMES.get((table, columns_of), columns_of[0])}", table, list(columns_of), unique=unique_too)
