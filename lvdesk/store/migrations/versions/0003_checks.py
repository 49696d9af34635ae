"""Checks and desk check: kept rows and notes of imported sheets, findings, exceptions, rule settings, verdicts."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

_TABLES: dict[str, dict[str, tuple[Any, bool]]] = {
    "batch_rows": {"sheet": (_ROW_ID, False), "rows": (sa.LargeBinary(), False)},
    "batch_notes": {"sheet": (_ROW_ID, False), "notes": (sa.LargeBinary(), False)},
    "finding": {
        **{name: (sa.Text(), False) for name in ("identity", "rule", "severity", "entity")},
        "record": (_ROW_ID, True),
        **{name: (sa.Text(), False) for name in ("key", "field")},
        "value": (sa.Text(), True),
        **{name: (sa.Text(), False) for name in ("message", "fix")},
        "suggestion": (sa.Text(), True),
        "sheet_id": (_ROW_ID, True),
        "sheet_row": (sa.Integer(), True),
        "area_no": (sa.Text(), True),
        "found_at": (sa.Text(), False),
        "resolved_at": (sa.Text(), True),
    },
    "finding_exception": {
        "version": (sa.Integer(), False),
        **{name: (sa.Text(), False) for name in ("identity", "rule")},
        "value": (sa.Text(), True),
        **{name: (sa.Text(), False) for name in ("reason", "person", "at")},
        "expires_on": (sa.Text(), True),
    },
    "rule_setting": {
        "version": (sa.Integer(), False),
        "rule": (sa.Text(), False),
        "enabled": (sa.Integer(), True),
        "severity": (sa.Text(), True),
        "parameters": (sa.Text(), True),
    },
    "check_run": {
        **{name: (sa.Text(), False) for name in ("at", "person")},
        "entry": (_ROW_ID, False),
        "report": (sa.Text(), False),
    },
    "desk_check_mark": {
        "version": (sa.Integer(), False),
        **{name: (sa.Text(), False) for name in ("customer_no", "verdict", "reason", "evidence", "person", "at")},
    },
}
_UNIQUE = {"finding": "identity", "finding_exception": "identity", "rule_setting": "rule", "desk_check_mark": "customer_no"}
_INDEXES = {
    "ix_batch_rows_sheet": ("batch_rows", ["sheet"]),
    "ix_batch_notes_sheet": ("batch_notes", ["sheet"]),
    "ix_finding_rule": ("finding", ["rule"]),
    "ix_finding_record": ("finding", ["entity", "record"]),
}


def upgrade() -> None:
    op.add_column("batch", sa.Column("replaces", _ROW_ID, nullable=True))
    op.add_column("customer", sa.Column("recent_kwh", sa.Double(), nullable=True))
    for name, columns in _TABLES.items():
        made = [sa.Column(column, kind, nullable=nullable) for column, (kind, nullable) in columns.items()]
        unique = [sa.UniqueConstraint(_UNIQUE[name], name=f"uq_{name}_{_UNIQUE[name]}")] if name in _UNIQUE else []
        key = sa.PrimaryKeyConstraint("id", name=f"pk_{name}")
        op.create_table(name, sa.Column("id", _ROW_ID, autoincrement=False, nullable=False), *made, key, *unique)
    for name, (table, indexed) in _INDEXES.items():
        op.create_index(name, table, indexed)
