"""What scanned pages wait for: a number nobody could read, ticks nobody is sure of, writing nobody has typed."""

import json
from collections.abc import Mapping
from typing import Any, Final, cast

from sqlalchemy import select

from lvdesk.fieldwork.forms.loading import load_forms
from lvdesk.fieldwork.forms.payload import Payload
from lvdesk.fieldwork.identity import station_code
from lvdesk.fieldwork.model import SheetState
from lvdesk.fieldwork.scan_crops import crop, crops, decide, groups, picture
from lvdesk.fieldwork.scan_model import PageState, ScannedPageView
from lvdesk.fieldwork.scan_pages import (
    CHANGED,
    ENTRY,
    HINTS,
    PAGE,
    PICTURE,
    Judged,
    add_entries,
    entries_of,
    marks_of,
    page_in,
    page_values,
    read_already,
    registered,
    waits,
)
from lvdesk.fieldwork.scanning import work
from lvdesk.fieldwork.scanning.reading import PageRead
from lvdesk.fieldwork.scans import keep_pictures
from lvdesk.kit.clock import stamp
from lvdesk.kit.errors import RefusedError
from lvdesk.kit.progress import Progress
from lvdesk.network.changed import Changed
from lvdesk.store.model import Change
from lvdesk.tabular.guard import Reader
from lvdesk.workspace import Workspace

__all__ = ["crop", "crops", "decide", "drop_page", "groups", "name_page", "pages", "picture"]

_NAMEABLE: Final = frozenset({PageState.UNREAD, PageState.DROPPED})


def pages(ws: Workspace, state: PageState | None = None) -> list[ScannedPageView]:
    """All pages or those in one state, newest first."""
    with ws.store.read() as connection:
        query = select(PAGE).order_by(PAGE.c.id.desc())
        rows = list(connection.execute(query if state is None else query.where(PAGE.c.state == str(state))))
        known = registered(connection, [row.sheet_no for row in rows])
        entries = entries_of(connection, (row.sheet_no for row in rows))
    titles = {key: form.title for key, form in load_forms(ws.overrides).items()}
    return [_view(row, known.get(row.sheet_no), entries.get(row.sheet_no, {}), titles) for row in rows]


def _view(row: Any, sheet: Any, entries: Mapping[str, Any], titles: Mapping[str, str]) -> ScannedPageView:
    doubts = sum(waits(mark, entries) for mark in marks_of(row)) if row.state == PageState.READ else 0
    return ScannedPageView(
        id=row.id, name=row.name, page=row.page, sheet_no=row.sheet_no, package_no=sheet.package_no if sheet else "",
        form_title=titles.get(sheet.form, sheet.form) if sheet else "", state=PageState(row.state), code=row.code, why=row.why,
        hint=HINTS.get(row.code, "") if row.state == PageState.UNREAD else "", doubts=doubts, at=row.at,
    )  # fmt: skip


def name_page(ws: Workspace, page_id: int, sheet_no: str, progress: Progress) -> Changed:
    """A person says which sheet a page is: it is laid flat by its corners, its ticks are read. One undoable write.

    Raises:
        KnownError: ``scan.page`` when there is no such page; ``form.version`` when its places were others then.
        RefusedError: ``scan.state`` for a page that is read; ``scan.sheet`` for a number that cannot be it; ``scan.corners`` when the
            picture does not show how the paper lies.
        Cancelled: the user stopped it.
    """
    number = sheet_no.strip().upper()
    with ws.store.read() as connection:
        row = page_in(connection, page_id, _NAMEABLE)
        sheet = registered(connection, [number]).get(number)
        data = connection.execute(select(PICTURE.c.picture).where(PICTURE.c.page == page_id)).scalar()
        taken = bool(read_already(connection, [number]))
    payload = _payload(ws, number, sheet)
    judged = Judged(PageState.DUPLICATE, number, "", f"表单 {number} 已由另一页识读") if taken else Judged(PageState.READ, number)
    read = None if taken else _named(ws, data, payload, progress)
    if read is None and not taken:
        raise RefusedError("scan.corners", f"图上看不全 {number} 的四角黑方块，不能摆正", HINTS["scan.corners"])
    with ws.store.write(f"扫描页 {row.name} 第 {row.page} 页是表单 {number}") as write:
        if not taken and read_already(write.connection, [number]):
            raise RefusedError("scan.state", f"表单 {number} 刚由另一页识读", "请刷新后再看")
        values = page_values(judged, read) if read else {"sheet_no": number, "state": str(judged.state), "code": "", "why": judged.why}
        write.update(PAGE, [Change(page_id, values, row.version)])
        if read:
            keep_pictures(write, [(page_id, read)])
            add_entries(write, [(page_id, number, read.marks)], stamp(ws.clock()))
    return CHANGED


def _payload(ws: Workspace, number: str, sheet: Any) -> Payload:
    """What the QR of a registered sheet says.

    Raises:
        RefusedError: ``scan.sheet``.
    """
    if sheet is None:
        raise RefusedError("scan.sheet", f"表单登记中没有 {number or '（空）'}", "请核对编号，如 CL261123-01-007")
    if sheet.state == SheetState.REPLACED:
        new = f"，现用 {sheet.replaced_by}" if sheet.replaced_by else ""
        raise RefusedError("scan.sheet", f"表单 {number} 已换新{new}", HINTS["scan.replaced"])
    form = load_forms(ws.overrides).get(sheet.form)
    if form is None:
        raise RefusedError("scan.sheet", f"{number} 没有可以识读的纸页", "请核对编号；电子表单请直接回收文件")
    shapes = tuple(json.loads(sheet.shapes))
    return Payload(station_code(ws), number, form.code, sheet.form_version, max(sheet.page, 1), max(sheet.pages, 1), shapes)


def _named(ws: Workspace, data: bytes | None, payload: Payload, progress: Progress) -> PageRead | None:
    progress.start("正在识读", 1, "页")
    if not data:
        return None
    with Reader() as reader:
        found = next(iter(reader.stream(work.NAMED, (bytes(data), payload, ws.overrides), progress)), None)
    progress.step()
    return cast("PageRead | None", found)


def drop_page(ws: Workspace, page_id: int, reason: str) -> Changed:
    """Puts a page aside; what was read from it goes with it. One undoable write.

    Raises:
        KnownError: ``scan.page``; RefusedError: ``scan.reason`` without a reason, ``scan.state`` when it is put aside already.
    """
    if not reason.strip():
        raise RefusedError("scan.reason", "没有写明移出的原因", "请填写原因")
    with ws.store.write("移出扫描页") as write:
        row = page_in(write.connection, page_id, frozenset(PageState) - {PageState.DROPPED})
        write.label = f"移出扫描页 {row.name} 第 {row.page} 页（{reason.strip()}）"
        write.update(PAGE, [Change(page_id, {"state": str(PageState.DROPPED), "why": reason.strip(), "code": ""}, row.version)])
        if row.state == PageState.READ:
            mine = (ENTRY.c.page == page_id) & ENTRY.c.how.in_(("tick", "person"))
            write.delete(ENTRY, list(write.connection.execute(select(ENTRY.c.id).where(mine)).scalars()))
    return CHANGED
