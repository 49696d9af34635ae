"""A keyed sheet as a workbook that the import takes: the same entries give the same bytes."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Final

from lvdesk.fieldwork.electronic import PACKAGE_PROPERTY, SHEET_PROPERTY, STATION_PROPERTY
from lvdesk.fieldwork.identity import station_code
from lvdesk.fieldwork.sheet_paper import Paper
from lvdesk.tabular.writing import xlsx_book
from lvdesk.templates.definition import Template
from lvdesk.workspace import Workspace

_MADE: Final = datetime(2000, 1, 1)  # noqa: DTZ001 - a workbook knows no zone; the day must never differ
_FOLDER: Final = "sheets"


def book_path(ws: Workspace, sheet_no: str) -> Path:
    """Where a sheet's workbook lies in the workspace."""
    return ws.folder / _FOLDER / f"{sheet_no}.xlsx"


def write_book(ws: Workspace, paper: Paper, rows: Mapping[str, Sequence[Mapping[str, str]]]) -> dict[str, str]:
    """Writes the rows of a sheet, one table for each template.

    Returns:
        Name of the table -> template, for the import.

    Raises:
        KnownError: ``file.in_use``, ``file.not_writable``.
    """
    path = book_path(ws, paper.sheet_no)
    path.parent.mkdir(exist_ok=True)
    about = {PACKAGE_PROPERTY: paper.row.package_no, SHEET_PROPERTY: paper.sheet_no, STATION_PROPERTY: station_code(ws)}
    named = {}
    with xlsx_book(path) as book:
        book.set_properties({"created": _MADE})
        for name, text in about.items():
            book.set_custom_property(name, text, "text")
        for key, part in rows.items():
            template = ws.templates[key]
            named[template.title] = key
            _table(book.add_worksheet(template.title), template, part)
    return named


def _table(sheet: object, template: Template, rows: Sequence[Mapping[str, str]]) -> None:
    columns = [column for column in template.columns if any(row.get(column.field) for row in rows)]
    for number, column in enumerate(columns):
        sheet.write_string(0, number, column.header)  # type: ignore[attr-defined]
        for line, row in enumerate(rows, 1):
            if text := row.get(column.field):
                sheet.write_string(line, number, text)  # type: ignore[attr-defined]
