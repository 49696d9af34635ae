"""Findings put down without a run, for what is done with them."""

from typing import Any

from sqlalchemy import select

from lvdesk.network.batches import Batch, BatchSheet, table_of
from lvdesk.network.verdicts import Finding
from lvdesk.workspace import Workspace

_COLUMNS = (
    "identity", "rule", "severity", "entity", "record", "key", "field", "value", "message", "fix", "suggestion", "sheet_id", "sheet_row",
    "area_no", "found_at", "resolved_at",
)  # fmt: skip
_USUAL = {
    "rule": "Q33", "severity": "error", "entity": "meter_box", "key": "", "field": "", "message": "行数不对", "fix": "改正行数",
    "found_at": "2026-06-01T08:00:00+08:00",
}  # fmt: skip


def sheet_id(ws: Workspace, file: str, sheet: str = "") -> int:
    """The imported sheet of that file and name."""
    query = select(BatchSheet.id).join(Batch, Batch.id == BatchSheet.batch).where(Batch.name == file).order_by(BatchSheet.id)
    with ws.store.read() as connection:
        return connection.execute(query.where(BatchSheet.name == sheet) if sheet else query).scalars().first() or 0


def plant(ws: Workspace, *findings: dict[str, Any]) -> None:
    """Stores findings; ``place`` is (file, sheet name or "", row). What is not given is as usual."""
    rows = []
    for number, given in enumerate(findings):
        file, sheet, row = given.get("place", ("", "", None))
        finding = {**_USUAL, "identity": f"{number}", **given, "sheet_row": row, "sheet_id": sheet_id(ws, file, sheet) if file else None}
        rows.append(tuple(finding.get(name) for name in _COLUMNS))
    with ws.store.write("模板校验") as write:
        write.insert(table_of(Finding), _COLUMNS, rows, len(rows))
