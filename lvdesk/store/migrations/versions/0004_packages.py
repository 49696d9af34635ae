"""What goes out to the field: packages, their items, their sheets."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _texts(*names: str, nullable: bool = False) -> dict[str, tuple[Any, bool]]:
    return {name: (sa.Text(), nullable) for name in names}


def _numbers(*names: str) -> dict[str, tuple[Any, bool]]:
    return {name: (sa.Integer(), False) for name in names}


_TABLES: dict[str, dict[str, tuple[Any, bool]]] = {
    "collection_package": {
        **_numbers("version"),
        **_texts("package_no", "title", "scope", "team", "people"),
        **_texts("planned_on", "due_on", nullable=True),
        **_texts("forms", "note", "person", "created_at"),
        **_texts("out_at", "closed_at", nullable=True),
        **_numbers("cancelled"),
    },
    "package_item": {
        **_numbers("version"),
        "package": (_ROW_ID, False),
        **_texts("entity", "key"),
        **_texts("area_no", nullable=True),
        **_numbers("position"),
        **_texts("reasons"),
        **_texts("held", "back_at", nullable=True),
        **_texts("outcome"),
    },
    "form_sheet": {
        **_numbers("version"),
        **_texts("sheet_no"),
        "package": (_ROW_ID, False),
        **_texts("form"),
        **_numbers("form_version", "page", "pages"),
        **_texts("shapes", "items", "state", "digest"),
        **_numbers("copies"),
        **_texts("printed_at", "printed_by", "back_at", "replaced_by", nullable=True),
        **_texts("reason"),
    },
}
_UNIQUE = {"collection_package": "package_no", "package_item": "held", "form_sheet": "sheet_no"}


def upgrade() -> None:
    for name, columns in _TABLES.items():
        made = [sa.Column(column, kind, nullable=nullable) for column, (kind, nullable) in columns.items()]
        unique = sa.UniqueConstraint(_UNIQUE[name], name=f"uq_{name}_{_UNIQUE[name]}")
        key = sa.PrimaryKeyConstraint("id", name=f"pk_{name}")
        op.create_table(name, sa.Column("id", _ROW_ID, autoincrement=False, nullable=False), *made, key, unique)
    op.create_index("ix_package_item_package", "package_item", ["package"])
    op.create_index("ix_form_sheet_package", "form_sheet", ["package"])
