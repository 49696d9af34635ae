"""Sheets read by calamine (xlsb, xls, ods, unusual xlsx), and by openpyxl where calamine gives up."""

import io
import itertools
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import polars as pl

from lvdesk.kit.errors import KnownError
from lvdesk.tabular.model import MAX_COLUMNS, SheetInfo, Slice, column_names
from lvdesk.tabular.numbers import cell_text
from lvdesk.tabular.problems import problem
from lvdesk.tabular.pulse import pulse
from lvdesk.tabular.slicer import Slicer

Rows = Iterable[tuple[int, list[Any]]]
"""Row numbers from 1 with the values of the row from column 1."""

_BATCH = 10_000


def calamine_slices(path: Path, sheet: str, size: int, *, from_row: int = 0, openpyxl: bool = False) -> Iterator[Slice]:
    """The rows of a sheet from ``from_row`` on; with ``openpyxl`` that library takes over when calamine fails.

    Raises:
        KnownError: ``file.damaged``, ``file.encrypted``.
    """
    try:
        rows = calamine_rows(path, sheet)
    except KnownError:
        if not openpyxl:
            raise
        rows = openpyxl_rows(path, sheet)
    return slices_of(rows, size, from_row)


def open_calamine(path: Path) -> Any:
    """The workbook as calamine sees it.

    Raises:
        KnownError: ``file.damaged``, ``file.encrypted``.
    """
    import python_calamine

    try:
        # a file object, not the path: by path it believes the extension
        return python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(path.read_bytes()))
    except python_calamine.PasswordError as error:
        raise problem("file.encrypted") from error
    except (KeyboardInterrupt, SystemExit, MemoryError):
        raise
    except BaseException as error:  # a panic in Rust is no Exception
        raise problem("file.encrypted" if "password" in str(error).lower() else "file.damaged") from error


def calamine_rows(path: Path, sheet: str) -> Rows:
    """Rows by calamine; its area begins at the first used cell, row and column are set right here."""
    workbook = open_calamine(path)
    try:
        area = workbook.get_sheet_by_name(sheet)
        start = area.start
        rows = area.iter_rows()
    except (KeyboardInterrupt, SystemExit, MemoryError):
        raise
    except BaseException as error:
        raise problem("file.damaged") from error
    if start is None:
        return ()
    # iter_rows gives the blank rows above the area, but not the blank columns to its left
    return _numbered(rows, [None] * start[1])


def _numbered(rows: Iterator[list[Any]], left: list[None]) -> Rows:
    for number, row in enumerate(rows, 1):
        yield number, left + row


def openpyxl_rows(path: Path, sheet: str) -> Rows:
    """Rows by openpyxl in read-only mode: slow, and it reads what others refuse."""
    import openpyxl

    try:
        workbook = openpyxl.load_workbook(io.BytesIO(path.read_bytes()), read_only=True, data_only=True)
        area = workbook[sheet]
        area.reset_dimensions()
        for number, row in enumerate(area.iter_rows(values_only=True), 1):
            yield number, list(row)
    except MemoryError:
        raise
    except Exception as error:
        raise problem("file.damaged") from error


def slices_of(rows: Rows, size: int, from_row: int = 0) -> Iterator[Slice]:
    """Slices of rows of Python values; rows must come in order, missing numbers are blank rows."""
    slicer = Slicer(size, next_row=from_row)
    source = iter(rows)
    while batch := list(itertools.islice(source, _BATCH)):
        kept = [(number, [cell_text(value) for value in row]) for number, row in batch if number >= from_row]
        kept = [(number, row) for number, row in kept if any(text is not None for text in row)]
        pulse()
        if kept:
            yield from slicer.add(kept[0][0], _frame(kept))
    yield from slicer.rest()


def _frame(rows: list[tuple[int, list[str | None]]]) -> pl.DataFrame:
    first, last = rows[0][0], rows[-1][0]
    width = max(len(row) for _, row in rows)
    while width > 1 and all(len(row) < width or row[width - 1] is None for _, row in rows):
        width -= 1
    if width > MAX_COLUMNS:
        raise problem("file.absurd", f"超过 {MAX_COLUMNS} 列")
    columns: list[list[str | None]] = [[None] * (last - first + 1) for _ in range(width)]
    for number, row in rows:
        for index, text in enumerate(row[:width]):
            columns[index][number - first] = text
    return pl.DataFrame([pl.Series(name, column, dtype=pl.String) for name, column in zip(column_names(width), columns, strict=True)])


class CalamineSource:
    """xlsb, and the base of xls and ods."""

    encoding: str | None = None

    def __init__(self, path: Path, kind: str, details: dict[str, SheetInfo] | None = None) -> None:
        """Opens ``path``; ``details`` tells of hidden and merged parts, by sheet.

        Raises:
            KnownError: ``file.damaged``, ``file.encrypted``, ``file.no_sheets``.
        """
        import python_calamine

        self.kind, self._path = kind, path
        self.notes: tuple[str, ...] = ()
        workbook = open_calamine(path)
        found = details or {}
        sheets = []
        for item in workbook.sheets_metadata:
            if item.typ == python_calamine.SheetTypeEnum.WorkSheet:
                visible = item.visible == python_calamine.SheetVisibleEnum.Visible
                known = found.get(item.name, SheetInfo(item.name))
                hidden = known.hidden_rows, known.hidden_columns, known.merges
                sheets.append(SheetInfo(item.name, visible, *hidden, inspected=known.inspected))
        self.sheets = tuple(sheets)
        workbook.close()
        if not self.sheets:
            raise problem("file.no_sheets")

    def slices(self, sheet: SheetInfo, size: int) -> Iterator[Slice]:
        """See ``SheetSource``."""
        return calamine_slices(self._path, sheet.name, size)
