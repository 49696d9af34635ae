"""All sheets of a package as they are to be, each with its page; written so that what stays the same is not touched."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

from sqlalchemy import Connection, select

from lvdesk.fieldwork.filling import contents_in
from lvdesk.fieldwork.forms.definition import Form
from lvdesk.fieldwork.forms.model import Content
from lvdesk.fieldwork.model import SheetState
from lvdesk.fieldwork.numbering import next_sheet_nos, on_paper
from lvdesk.fieldwork.reading import SHEET
from lvdesk.fieldwork.sheet_layout import Sheet, blocks_of, sheets_of, uncovered
from lvdesk.kit.progress import Progress
from lvdesk.store.model import Change
from lvdesk.store.write import Write
from lvdesk.workspace import Workspace

_COLUMNS: Final = ("package", "sheet_no", "form", "form_version", "page", "pages", "shapes", "items", "state", "digest", "copies", "reason")
WHOLE: Final = "package"
"""What a form is about that lists the others."""

Row = Any


def live_rows(connection: Connection, package: int) -> list[Row]:
    """The package's sheets of paper that count, in the order of their pages."""
    mine = (SHEET.c.package == package) & (SHEET.c.state != str(SheetState.REPLACED)) & (SHEET.c.page > 0)
    return list(connection.execute(select(SHEET).where(mine).order_by(SHEET.c.page, SHEET.c.sheet_no)))


class SheetPlan:
    """The sheets of one package: those on paper stay, the others are as the contents want them."""

    def __init__(self, ws: Workspace, connection: Connection, package: Row, forms: Mapping[str, Form]) -> None:
        self._ws, self._connection, self._package = ws, connection, package
        rows = live_rows(connection, package.id)
        self.fixed = [row for row in rows if row.state != SheetState.PREPARED]
        self._prepared = [row for row in rows if row.state == SheetState.PREPARED]
        wanted = set(json.loads(package.forms))
        self._forms = [form for form in forms.values() if (form.key in wanted if wanted else form.usual)]
        self._sheets: dict[str, list[Sheet]] = {}

    def fill(self, progress: Progress) -> None:
        """Lays out what is not on paper; forms that list the others come last."""
        for form in self._forms:
            if form.per != WHOLE:
                contents = contents_in(self._ws, self._connection, self._package.package_no, form)
                self._sheets[form.key] = self._of(form, contents)
                progress.step(len(self._sheets[form.key]))
        lists = [form for form in self._forms if form.per == WHOLE]
        while True:
            before = [len(self._sheets.get(form.key, ())) for form in lists]
            for form in lists:
                # only how many lines there are decides on the size; the lines themselves need the numbers that come later
                lines: Sequence[dict[str, str]] = [{}] * self._others(form)
                number = self._package.package_no
                self._sheets[form.key] = self._of(form, [Content("collection_package", number, rows=tuple(lines))])
            if before == [len(self._sheets[form.key]) for form in lists]:
                return

    def store(self, write: Write) -> int:
        """Writes what is not as it should be; returns how many sheets wait for the printer."""
        sheets = [sheet for form in self._forms for sheet in self._sheets[form.key]]
        taken = {row.page for row in self.fixed}
        free = [page for page in range(1, len(sheets) + len(taken) + 1) if page not in taken][: len(sheets)]
        pages = max([*taken, *free], default=0)
        values = [values_of(sheet, page, pages) for sheet, page in zip(sheets, free, strict=True)]
        rows, unused = self._rows(sheets)
        write.update(SHEET, [Change(row.id, said) for row, said in zip(rows, values, strict=True) if row is not None])
        insert_sheets(write, self._package, [said for row, said in zip(rows, values, strict=True) if row is None])
        write.delete(SHEET, [row.id for row in unused])
        return len(sheets)

    def _of(self, form: Form, contents: Sequence[Content]) -> list[Sheet]:
        left = uncovered(blocks_of(form, contents), [row for row in self.fixed if row.form == form.key])
        return sheets_of(form, left, [row for row in self._prepared if row.form == form.key])

    def _others(self, form: Form) -> int:
        fixed = len([row for row in self.fixed if row.form != form.key])
        return fixed + sum(len(sheets) for key, sheets in self._sheets.items() if key != form.key)

    def _rows(self, sheets: Sequence[Sheet]) -> tuple[list[Row], list[Row]]:
        """The stored sheet of each, None for a new number, and those nothing stands on any more.

        A number under which other contents were printed before, though that was undone, is not used again.
        """
        kept = {sheet.row.id for sheet in sheets if sheet.row is not None}
        known = on_paper(self._connection, self._package.package_no)
        spare = [row for row in self._prepared if row.id not in kept]
        unused = [row for row in spare if row.sheet_no in known]
        free = [row for row in spare if row.sheet_no not in known]
        found: list[Row] = []
        for sheet in sheets:
            row = sheet.row
            if row is None:
                row = next((row for row in free if row.form == sheet.form.key), None)
                free = [other for other in free if other is not row]
            found.append(row)
        return found, [*unused, *free]


def values_of(sheet: Sheet, page: int, pages: int) -> dict[str, Any]:
    """What is stored of a sheet's layout."""
    return {
        "form": sheet.form.key,
        "form_version": sheet.form.version,
        "page": page,
        "pages": pages,
        "shapes": json.dumps(sheet.shapes),
        "items": json.dumps(sheet.items, ensure_ascii=False),
    }


def insert_sheets(write: Write, package: Row, values: Sequence[Mapping[str, Any]]) -> list[str]:
    """Stores new sheets that wait for the printer; returns their numbers."""
    numbers = next_sheet_nos(write.connection, package.package_no, len(values))
    begun = {"package": package.id, "state": str(SheetState.PREPARED), "digest": "", "copies": 0, "reason": ""}
    made = [{**begun, **said, "sheet_no": number} for said, number in zip(values, numbers, strict=True)]
    write.insert(SHEET, _COLUMNS, [tuple(each[name] for name in _COLUMNS) for each in made], len(made))
    return numbers
