"""The register of sheets: where each is, marked along one table; replaced ones, those overdue."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace as with_values
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, select, true

from lvdesk.fieldwork.forms.loading import load_forms
from lvdesk.fieldwork.model import SHEET_STATES, SheetState, SheetView
from lvdesk.fieldwork.reading import PACKAGE, SHEET
from lvdesk.fieldwork.sheet_changes import changed_sheets
from lvdesk.fieldwork.sheet_pages import ELECTRONIC
from lvdesk.fieldwork.sheet_replacing import replace_rows
from lvdesk.fieldwork.views import sheet_view
from lvdesk.kit.clock import stamp
from lvdesk.kit.errors import KnownError, RefusedError
from lvdesk.network.changed import Changed
from lvdesk.store.model import Change
from lvdesk.store.write import Write
from lvdesk.workspace import Workspace

CHANGED: Final = Changed.PACKAGES | Changed.HISTORY
_S = SheetState
MARKS: Final[Mapping[SheetState, frozenset[SheetState]]] = {
    _S.PREPARED: frozenset(),
    _S.PRINTED: frozenset({_S.OUT, _S.MISSING}),
    _S.OUT: frozenset({_S.PRINTED, _S.BACK, _S.MISSING}),
    _S.BACK: frozenset({_S.OUT, _S.MISSING}),
    _S.MISSING: frozenset({_S.PRINTED, _S.OUT, _S.BACK}),
    _S.REPLACED: frozenset(),
}
"""What people may say of a sheet, by where it is. Printing makes printed (out with its package), replacing makes replaced."""
REPLACEABLE: Final = frozenset({_S.PRINTED, _S.OUT, _S.MISSING})
_ON_PAPER: Final = frozenset({_S.PRINTED, _S.OUT, _S.MISSING})
_NAMED: Final = 5
_SLICE: Final = 500


def sheets(ws: Workspace, package_no: str = "", state: SheetState | None = None, text: str = "") -> list[SheetView]:
    """The register, newest package first, pages in order.

    ``changed_since`` is told of sheets on paper whose package is open: the records say something else by now.

    Args:
        ws: the station.
        package_no: of one package only.
        state: in one state only.
        text: in the number, the form's title, or the things on the sheet.
    """
    where = [PACKAGE.c.package_no == package_no.strip().upper()] if package_no else [true()]
    found = _views(ws, where)
    word = text.strip().casefold()
    return [view for view, items in found if state in {None, view.state} and _holds(view, items, word)]


def find(ws: Workspace, sheet_no: str) -> SheetView:
    """One sheet by its number.

    Raises:
        KnownError: ``sheet.missing``.
    """
    number = sheet_no.strip().upper()
    found = _views(ws, [SHEET.c.sheet_no == number])
    if not found:
        raise _unknown([number])
    return found[0][0]


def overdue_sheets(ws: Workspace) -> list[SheetView]:
    """Sheets that are out though their package should be back by now, longest overdue first."""
    today = ws.clock().date().isoformat()
    where = [SHEET.c.state == str(SheetState.OUT), PACKAGE.c.due_on < today]
    with ws.store.read() as connection:
        query = select(PACKAGE.c.package_no, PACKAGE.c.due_on).where(PACKAGE.c.due_on < today)
        due = dict(map(tuple, connection.execute(query)))
    views = [view for view, _ in _views(ws, where)]
    return sorted(views, key=lambda view: (due.get(view.package_no, ""), view.package_no, view.page))


def mark(ws: Workspace, sheet_nos: Sequence[str], state: SheetState, reason: str = "") -> Changed:
    """Says where sheets are, all in one undoable write; those that are there already are left alone.

    Raises:
        KnownError: ``sheet.missing`` for a number nobody gave.
        RefusedError: ``sheet.state`` when one of them cannot get there; then none is marked.
    """
    with _marking(ws, sheet_nos, f"标记为{SHEET_STATES[state]}") as (write, rows):
        moved = [row for row in rows if row.state != state]
        for row in moved:
            if state not in MARKS[SheetState(row.state)] or (state is SheetState.OUT and row.out_at is None):
                raise _not_allowed(row, state)
        back = stamp(ws.clock()) if state is SheetState.BACK else None
        values = {"state": str(state), "back_at": back, "reason": reason.strip()}
        write.update(SHEET, [Change(row.id, values) for row in moved])
        changed = write.changed
    return CHANGED if changed else Changed.NOTHING


def replace(ws: Workspace, sheet_nos: Sequence[str], reason: str) -> Changed:
    """Gives printed sheets new numbers and what the records say today, to be printed; the old ones count no more. One undoable write.

    A sheet whose things now take more room is replaced by several; one whose things all left the package by none.

    Raises:
        KnownError: ``sheet.missing``, ``rules.unreadable``.
        RefusedError: ``sheet.state`` for sheets never printed, back, or replaced before; ``sheet.reason`` without a reason;
            ``package.state`` when the package is closed.
    """
    if not reason.strip():
        raise RefusedError("sheet.reason", "没有写明换新的原因", "请填写原因")
    forms = load_forms(ws.overrides)
    with _marking(ws, sheet_nos, "换新") as (write, rows):
        for row in rows:
            if row.state not in REPLACEABLE:
                raise _not_allowed(row, SheetState.REPLACED)
            if row.form == ELECTRONIC:
                raise RefusedError("sheet.state", f"{row.sheet_no} 是电子表单，不能换新编号", "请重新生成电子表单")
        for number in dict.fromkeys(row.package_no for row in rows):
            replace_rows(ws, write, number, [row for row in rows if row.package_no == number], forms, reason.strip())
    return CHANGED


def rows_named(connection: Connection, sheet_nos: Sequence[str]) -> list[Any]:
    """Rows of sheets with ``package_no`` and when their package went out and ended, in the order of their pages.

    Raises:
        KnownError: ``sheet.missing``.
    """
    wanted = list(dict.fromkeys(number.strip().upper() for number in sheet_nos))
    parts = [wanted[start : start + _SLICE] for start in range(0, len(wanted), _SLICE)]
    rows = [row for part in parts for row in _rows(connection, [SHEET.c.sheet_no.in_(part)])]
    strange = sorted(set(wanted) - {row.sheet_no for row in rows})
    if strange or not rows:
        raise _unknown(strange)
    return rows


@contextmanager
def _marking(ws: Workspace, sheet_nos: Sequence[str], what: str) -> Iterator[tuple[Write, list[Any]]]:
    with ws.store.write(what) as write:
        rows = rows_named(write.connection, sheet_nos)
        write.label = f"表单{what}：{named([row.sheet_no for row in rows])}"
        yield write, rows


def named(numbers: Sequence[str]) -> str:
    """Numbers of sheets for a label."""
    return f"{'、'.join(numbers[:2])}{f' 等 {len(numbers):,} 张' if len(numbers) > 2 else ''}"


def _views(ws: Workspace, where: Sequence[ColumnElement[bool]]) -> list[tuple[SheetView, str]]:
    """Views with the stored items, for searching."""
    forms = load_forms(ws.overrides)
    titles = {key: form.title for key, form in forms.items()}
    with ws.store.read() as connection:
        rows = list(_rows(connection, where))
        changed = changed_sheets(ws, connection, [row for row in rows if _may_differ(row)], forms)
    views = [sheet_view(row, row.package_no, titles) for row in rows]
    return [(with_values(view, changed_since=row.id in changed), row.items) for view, row in zip(views, rows, strict=True)]


def _may_differ(row: Any) -> bool:
    return row.state in _ON_PAPER and row.closed_at is None and row.form != ELECTRONIC and bool(row.digest)


def _rows(connection: Connection, where: Sequence[ColumnElement[bool]]) -> Iterator[Any]:
    query = select(SHEET, PACKAGE.c.package_no, PACKAGE.c.out_at, PACKAGE.c.closed_at)
    joined = query.join(PACKAGE, PACKAGE.c.id == SHEET.c.package).where(*where)
    yield from connection.execute(joined.order_by(PACKAGE.c.id.desc(), SHEET.c.page, SHEET.c.sheet_no))


def _holds(view: SheetView, items: str, word: str) -> bool:
    return not word or any(word in said.casefold() for said in (view.sheet_no, view.form_title, items))


def _unknown(numbers: Sequence[str]) -> KnownError:
    said = "、".join(numbers[:_NAMED]) or "（没有给出编号）"
    return KnownError("sheet.missing", f"没有表单 {said}", "请核对表单编号，如 CL261123-01-007")


def _not_allowed(row: Any, state: SheetState) -> RefusedError:
    now = SheetState(row.state)
    message = f"表单 {row.sheet_no} {SHEET_STATES[now]}，不能改为“{SHEET_STATES[state]}”"
    if now is SheetState.PREPARED:
        return RefusedError("sheet.state", message, "请先打印这张表单")
    if now is SheetState.REPLACED:
        return RefusedError("sheet.state", message, f"它已换为 {row.replaced_by}，请登记新表单" if row.replaced_by else "这个编号不再使用")
    if state is SheetState.OUT and row.out_at is None:
        return RefusedError("sheet.state", message, "请先发出任务包，已打印的表单随之在外")
    if state is SheetState.REPLACED:
        return RefusedError("sheet.state", message, "只有已打印、在外、遗失的表单可以换新编号")
    able = "、".join(SHEET_STATES[each] for each in SheetState if each in MARKS[now])
    return RefusedError("sheet.state", message, f"可以改为：{able}")
