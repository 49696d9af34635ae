"""New sheets in place of printed ones: the same things as the records have them now, under new numbers on the same pages."""

from collections.abc import Mapping, Sequence
from typing import Any

from lvdesk.fieldwork.filling import contents_in
from lvdesk.fieldwork.forms.definition import Form
from lvdesk.fieldwork.forms.model import Content
from lvdesk.fieldwork.model import SheetState
from lvdesk.fieldwork.reading import SHEET
from lvdesk.fieldwork.sheet_layout import Block, blocks_of, piled, stored, uncovered
from lvdesk.fieldwork.sheet_pages import open_package
from lvdesk.fieldwork.sheet_plan import WHOLE, insert_sheets, live_rows, values_of
from lvdesk.kit.errors import KnownError
from lvdesk.store.model import Change
from lvdesk.store.write import Write
from lvdesk.workspace import Workspace

Row = Any


def replace_rows(ws: Workspace, write: Write, package_no: str, rows: Sequence[Row], forms: Mapping[str, Form], reason: str) -> None:
    """Replaces sheets of one package.

    Raises:
        RefusedError: ``package.state`` when it is closed; KnownError: ``form.unknown`` when a form is gone.
    """
    package = open_package(write.connection, package_no)
    lost = next((row for row in rows if row.form not in forms), None)
    if lost is not None:
        raise KnownError("form.unknown", f"表单 {lost.sheet_no} 的种类“{lost.form}”本软件没有", "请补上工作区 resources/forms 中缺少的表单")
    write.update(SHEET, [Change(row.id, {"state": str(SheetState.REPLACED), "replaced_by": "", "reason": reason}) for row in rows])
    # forms that list the others come last: their lines are the sheets there are by then
    for form in sorted({forms[row.form] for row in rows}, key=lambda form: (form.per == WHOLE, form.order)):
        _replace_form(ws, write, package, form, [row for row in rows if row.form == form.key])


def _replace_form(ws: Workspace, write: Write, package: Row, form: Form, rows: Sequence[Row]) -> None:
    live = live_rows(write.connection, package.id)
    if form.per == WHOLE:
        lines = sum(row.form != form.key for row in live)
        contents = [Content("collection_package", package.package_no, rows=({},) * lines)]
    else:
        contents = contents_in(ws, write.connection, package.package_no, form)
    left = uncovered(blocks_of(form, contents), [row for row in live if row.form == form.key])
    last = max((row.page for row in (*live, *rows)), default=0)
    values: list[dict[str, Any]] = []
    first: list[int | None] = []
    for row, blocks in zip(rows, _shared_out(left, rows), strict=True):
        sheets = piled(form, blocks)
        first.append(len(values) if sheets else None)
        for number, sheet in enumerate(sheets):
            last += number > 0
            values.append(values_of(sheet, last if number else row.page, 0))
    numbers = insert_sheets(write, package, [{**each, "pages": last} for each in values])
    named = zip(rows, first, strict=True)
    write.update(SHEET, [Change(row.id, {"replaced_by": numbers[place]}) for row, place in named if place is not None])


def _shared_out(left: Sequence[Block], rows: Sequence[Row]) -> list[list[Block]]:
    """The blocks of each sheet: those it showed, then what has another size by now."""
    shares: list[list[int]] = [[] for _ in rows]
    free = dict(enumerate(left))
    for share, row in zip(shares, rows, strict=True):
        for item, shape in stored(row):
            place = next((place for place, block in free.items() if (block.item, block.shape) == (item, shape)), None)
            if place is not None:
                share.append(place)
                del free[place]
    for share, row in zip(shares, rows, strict=True):
        items = {item for item, _ in stored(row)}
        mine = [place for place, block in free.items() if block.item in items]
        share.extend(mine)
        for place in mine:
            del free[place]
    return [[left[place] for place in sorted(share)] for share in shares]
