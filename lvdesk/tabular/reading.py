"""A file read whole through the guard: its description first, then every slice. For checks, soak runs and simple callers."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lvdesk.tabular.model import SLICE_ROWS, SheetInfo, Slice
from lvdesk.tabular.workbook import open_workbook


@dataclass(frozen=True)
class Opened:
    """What ``open_workbook`` found, in a form that travels."""

    kind: str
    encoding: str | None
    sheets: tuple[SheetInfo, ...]
    notes: tuple[str, ...]


def everything(path: Path, size: int = SLICE_ROWS) -> Iterator[Opened | tuple[str, Slice]]:
    """First an ``Opened``, then (sheet name, slice) for all sheets. Runs in the child: ``lvdesk.tabular.reading:everything``."""
    workbook = open_workbook(path)
    yield Opened(workbook.kind, workbook.encoding, workbook.sheets, workbook.notes)
    for sheet in workbook.sheets:
        for piece in workbook.slices(sheet.name, size):
            yield sheet.name, piece


def outcome(path: Path, size: int = SLICE_ROWS) -> Iterator[dict[str, Any]]:
    """How reading went, without the data: one item with kind, sheets and rows. For corpora."""
    rows, sheets = 0, 0
    kind = ""
    for item in everything(path, size):
        if isinstance(item, Opened):
            kind, sheets = item.kind, len(item.sheets)
        else:
            rows += item[1].frame.height
    yield {"kind": kind, "sheets": sheets, "rows": rows}
