"""A keyed or read sheet becomes field results: rows, a workbook, an import, and what it was about is back."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from sqlalchemy import select

from lvdesk.fieldwork import moving
from lvdesk.fieldwork.keying_model import SheetFinished
from lvdesk.fieldwork.keying_sheet import BY, DAY, open_places, waiting_places
from lvdesk.fieldwork.model import SheetState
from lvdesk.fieldwork.reading import ITEM, PACKAGE
from lvdesk.fieldwork.register import MARKS, mark
from lvdesk.fieldwork.scan_pages import entries_of
from lvdesk.fieldwork.sheet_book import book_path, write_book
from lvdesk.fieldwork.sheet_paper import Paper, paper, papers
from lvdesk.fieldwork.sheet_rows import is_about_things, rows_of, things_of
from lvdesk.kit.errors import KnownError, RefusedError
from lvdesk.kit.progress import Progress
from lvdesk.ledger.importing import take
from lvdesk.ledger.model import ImportRequest, SheetChoice
from lvdesk.network.changed import Changed
from lvdesk.workspace import Workspace

_FINISHED: Final = frozenset({SheetState.BACK, SheetState.OUT, SheetState.PRINTED, SheetState.MISSING})


def complete(ws: Workspace, sheet_nos: Sequence[str]) -> list[str]:
    """Those of the sheets where nothing waits any more: every place has an entry, risky keyed ones were typed twice."""
    with ws.store.read() as connection:
        entries = entries_of(connection, sheet_nos)
        sheets = papers(ws, connection, [number for number in sheet_nos if number in entries])
    return [
        number for number, about in sheets.items() if not open_places(about, entries[number]) and not waiting_places(about, entries[number])
    ]


def finish(ws: Workspace, sheet_no: str, progress: Progress, *, leave_open: bool = False) -> SheetFinished:
    """Takes the results of a sheet in; places nobody said anything about count as left empty.

    Each of its steps can be repeated: stopped in between, finishing again completes it, and finished twice it changes nothing twice.

    Args:
        ws: the station.
        sheet_no: of the sheet.
        progress: shows how far it is.
        leave_open: do nothing while places are open; else a person says that the rest of the paper is empty.

    Raises:
        KnownError: ``sheet.missing``, ``form.version``.
        RefusedError: ``keying.nothing`` when nothing stands on it; ``keying.refused`` when none of it could be imported;
            ``sheet.state`` for a sheet that was never printed or was replaced.
        Cancelled: the user stopped it.
    """
    with ws.store.read() as connection:
        about = paper(ws, connection, sheet_no)
        entries = entries_of(connection, [about.sheet_no]).get(about.sheet_no, {})
    left = len(waiting_places(about, entries)) + (len(open_places(about, entries)) if leave_open else 0)
    if left:
        return SheetFinished(about.sheet_no, 0, left, Changed.NOTHING)
    if about.row.state not in _FINISHED:
        raise RefusedError("sheet.state", f"表单 {about.sheet_no} 没有打印过，或已换新编号，不能录入", "请核对纸面上的编号")
    values = {place: str(entry.value) for place, entry in entries.items()}
    rows = rows_of(about, values, _said_of_all(about, entries))
    if not is_about_things(about):
        return SheetFinished(about.sheet_no, 0, 0, _back(ws, about, {}))
    if not rows:
        raise RefusedError(
            "keying.nothing", f"表单 {about.sheet_no} 上没有填写任何内容", "请录入纸面内容；确实空白的，在“表单”中标记为缺失"
        )
    taken, changed = _imported(ws, about, rows, progress)
    changed |= _back(ws, about, things_of(about, values))
    return SheetFinished(about.sheet_no, taken, 0, changed)


def _said_of_all(about: Paper, entries: Mapping[str, Any]) -> dict[str, str]:
    said = {"note.package": str(about.row.package_no), "note.form_no": about.sheet_no}
    day, person = entries.get(DAY), entries.get(BY)
    people = person.value if person is not None else "、".join(about.records.people)
    return said | ({"note.collected_on": day.value} if day is not None else {}) | ({"note.collected_by": people} if people else {})


def _imported(ws: Workspace, about: Paper, rows: Mapping[str, Sequence[Mapping[str, str]]], progress: Progress) -> tuple[int, Changed]:
    named = write_book(ws, about, {key: part for key, part in rows.items() if part})
    path = book_path(ws, about.sheet_no)
    choices = {(str(path), title): SheetChoice(template=key) for title, key in named.items()}
    result = take(ws, ImportRequest((path,), choices, package_no=about.row.package_no, results_only=True), progress)
    (report,) = result.files
    if report.status == "refused":
        raise KnownError("keying.refused", f"表单 {about.sheet_no} 的内容未能入库：{report.reason}", report.hint)
    return sum(sheet.rows_in for sheet in report.sheets), result.changed


def _back(ws: Workspace, about: Paper, things: Mapping[tuple[str, str], str]) -> Changed:
    """The sheet is back, and the things of its package that it speaks about."""
    changed = Changed.NOTHING
    state = SheetState(about.row.state)
    if state is SheetState.MISSING or SheetState.BACK in MARKS[state]:
        changed |= mark(ws, [about.sheet_no], SheetState.BACK)
    with ws.store.read() as connection:
        query = select(ITEM.c.entity, ITEM.c.key).join(PACKAGE, PACKAGE.c.id == ITEM.c.package)
        out = PACKAGE.c.out_at.is_not(None) & PACKAGE.c.closed_at.is_(None) & ITEM.c.back_at.is_(None)
        waiting = [(row.entity, row.key) for row in connection.execute(query.where(PACKAGE.c.package_no == about.row.package_no, out))]
    for outcome in sorted(set(things.values())):
        items = [item for item in waiting if things.get(item) == outcome]
        if items:
            changed |= moving.take_back(ws, about.row.package_no, items, outcome)
    return changed
