"""Writes the station's workbooks and csv: titles over merged cells, codes as text, the same bytes for the same content."""

import csv
import io
from collections.abc import Sequence
from contextlib import AbstractContextManager
from datetime import date, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import xlsxwriter

from lvdesk.kit.files import replacing
from lvdesk.sample.dirt import Cell

_CREATED = datetime(2026, 3, 2, 8, 30)  # noqa: DTZ001 - a workbook's properties have no zone


class Book(AbstractContextManager["Book"]):
    """A workbook under construction; takes its name when it is complete."""

    def __init__(self, path: Path) -> None:
        self._replacing = replacing(path)

    def __enter__(self) -> Self:
        self._book: Any = xlsxwriter.Workbook(str(self._replacing.__enter__()))
        self._book.set_properties({"created": _CREATED})
        centred = {"bold": True, "align": "center"}
        self._title = self._book.add_format(centred | {"font_size": 14})
        self._header = self._book.add_format(centred | {"bg_color": "#DDEBF7", "border": 1})
        self._date = self._book.add_format({"num_format": "yyyy-mm-dd"})
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._book.close()
        self._replacing.__exit__(kind, error, trace)

    def sheet(self, name: str, headers: Sequence[str], rows: Sequence[Sequence[Cell]], title: str = "", groups: Sequence[str] = ()) -> None:
        """Adds a sheet: a title row over all columns, a row of groups over neighbouring columns, headers, rows.

        Args:
            name: of the sheet.
            headers: of the columns.
            rows: the cells; text stays text.
            title: "" for none.
            groups: one per column, equal neighbours are merged; empty for none.
        """
        sheet = self._book.add_worksheet(name)
        sheet.set_column(0, len(headers) - 1, 16)
        first = 0
        if title:
            sheet.merge_range(0, 0, 0, len(headers) - 1, title, self._title)
            first = 1
        if groups:
            self._groups(sheet, first, groups)
            first += 1
        for column, header in enumerate(headers):
            sheet.write_string(first, column, header, self._header)
        sheet.freeze_panes(first + 1, 0)
        for row, cells in enumerate(rows, first + 1):
            for column, cell in enumerate(cells):
                self._cell(sheet, row, column, cell)

    def _cell(self, sheet: Any, row: int, column: int, cell: Cell) -> None:
        if isinstance(cell, str):
            sheet.write_string(row, column, cell)
        elif isinstance(cell, date):
            sheet.write_datetime(row, column, cell, self._date)
        elif cell is not None:
            sheet.write_number(row, column, cell)

    def _groups(self, sheet: Any, row: int, groups: Sequence[str]) -> None:
        start = 0
        for column in range(1, len(groups) + 1):
            if column < len(groups) and groups[column] == groups[start]:
                continue
            if column - start > 1:
                sheet.merge_range(row, start, row, column - 1, groups[start], self._header)
            else:
                sheet.write_string(row, start, groups[start], self._header)
            start = column


def write_csv(path: Path, headers: Sequence[str], rows: Sequence[Sequence[Cell]]) -> None:
    """A csv in GB18030 with Windows line ends, as the survey programs write it."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(headers)
    writer.writerows(["" if cell is None else cell for cell in row] for row in rows)
    with replacing(path) as part:
        part.write_bytes(text.getvalue().encode("gb18030"))
