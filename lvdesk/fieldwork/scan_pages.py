"""Scanned pages as they are stored: tables, what became of a page, its ticks as entries of its sheet."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, select

from lvdesk.fieldwork.model import SheetState
from lvdesk.fieldwork.reading import PACKAGE, SHEET
from lvdesk.fieldwork.scan_model import PageState
from lvdesk.fieldwork.scanning.marks import EMPTY, MARKED, Mark, listed
from lvdesk.fieldwork.scanning.marks import stored as stored_marks
from lvdesk.fieldwork.scanning.reading import PageRead
from lvdesk.kit.errors import KnownError, RefusedError
from lvdesk.network.batches import table_of
from lvdesk.network.changed import Changed
from lvdesk.network.returns import ScannedPage, ScannedPicture, SheetEntry
from lvdesk.store.write import Write

PAGE: Final = table_of(ScannedPage)
PICTURE: Final = table_of(ScannedPicture)
ENTRY: Final = table_of(SheetEntry)
CHANGED: Final = Changed.RETURNS | Changed.HISTORY
BLANK: Final = "scan.blank"
_SLICE: Final = 500

HINTS: Final = {
    "scan.no_code": "请看图键入表单编号；不是采录表单的，移出即可",
    "scan.damaged_code": "请看图键入表单编号",
    "scan.foreign": "请在打印它的那个站点登记；确是本站的，键入表单编号",
    "scan.unknown_sheet": "请核对表单编号后键入；打印它的操作可能已撤销",
    "scan.replaced": "请按新编号登记；旧表上的内容仍要用的，在“录入”中按新编号录入",
    "scan.corners": "请把纸压平、四角黑方块都拍进画面后重拍，或在“录入”中按编号录入",
    "scan.version": "请在“录入”中按编号录入，或换新表单重新打印",
    "scan.unreadable": "请重新扫描这一页，或在“录入”中按编号录入",
}
"""Code of an unread page -> the next step."""


@dataclass(frozen=True)
class Judged:
    """What becomes of a page."""

    state: PageState
    sheet_no: str = ""
    code: str = ""
    why: str = ""


def judge(read: PageRead, station: str, row: Any, *, taken: bool) -> Judged:
    """What becomes of a page that was just read.

    Args:
        read: what was seen.
        station: our short identity.
        row: the sheet of its number in the register, None for none.
        taken: whether another page of this sheet was read before.
    """
    if read.code == BLANK:
        return Judged(PageState.DROPPED, "", BLANK, "空白页")
    said = read.payload
    if said is None:
        return Judged(PageState.UNREAD, "", read.code, _why(read))
    if said.station != station:
        return Judged(PageState.UNREAD, "", "scan.foreign", f"这张表单（{said.sheet_no}）是另一个站点打印的")
    if row is None:
        return Judged(PageState.UNREAD, "", "scan.unknown_sheet", f"表单登记中没有 {said.sheet_no}")
    if row.state == SheetState.REPLACED:
        new = f"，现用 {row.replaced_by}" if row.replaced_by else ""
        return Judged(PageState.UNREAD, said.sheet_no, "scan.replaced", f"表单 {said.sheet_no} 已换新{new}")
    if taken:
        return Judged(PageState.DUPLICATE, said.sheet_no, "", f"表单 {said.sheet_no} 已由另一页识读")
    if read.code:
        return Judged(PageState.UNREAD, said.sheet_no, read.code, _why(read))
    return Judged(PageState.READ, said.sheet_no)


def _why(read: PageRead) -> str:
    number = read.payload.sheet_no if read.payload else ""
    if read.code == "scan.corners":
        return f"表单 {number} 的四角黑方块看不全，或纸面弯折，不能摆正"
    if read.code == "scan.version":
        return f"表单 {number} 按别的版本打印，填写位置与现用的不同"
    if read.code == "scan.unreadable":
        return read.said
    if read.code == "scan.damaged_code":
        return f"二维码污损，读不出；条形码像是 {read.said}" if read.said else "二维码污损，读不出"
    if "-" in read.said and len(read.said) <= 24:
        return f"没有找到二维码；条形码像是 {read.said}"
    return f"页上的二维码不是采录表单的（{read.said}）" if read.said else "没有找到二维码"


def registered(connection: Connection, numbers: Iterable[str]) -> dict[str, Any]:
    """Number -> row of the register."""
    query = select(SHEET, PACKAGE.c.package_no).join(PACKAGE, PACKAGE.c.id == SHEET.c.package)
    return {row.sheet_no: row for some in _sliced(numbers) for row in connection.execute(query.where(SHEET.c.sheet_no.in_(some)))}


def read_already(connection: Connection, numbers: Iterable[str]) -> set[str]:
    """Sheets that a page was read of."""
    query = select(PAGE.c.sheet_no).where(PAGE.c.state == str(PageState.READ))
    return {number for some in _sliced(numbers) for number in connection.execute(query.where(PAGE.c.sheet_no.in_(some))).scalars()}


def entries_of(connection: Connection, numbers: Iterable[str]) -> dict[str, dict[str, Any]]:
    """Sheet -> place -> entry."""
    found: dict[str, dict[str, Any]] = {}
    for some in _sliced(numbers):
        for row in connection.execute(select(ENTRY).where(ENTRY.c.sheet_no.in_(some))):
            found.setdefault(row.sheet_no, {})[row.place] = row
    return found


def _sliced(numbers: Iterable[str]) -> Iterator[list[str]]:
    wanted = sorted(set(numbers) - {""})
    return (wanted[start : start + _SLICE] for start in range(0, len(wanted), _SLICE))


def page_values(judged: Judged, read: PageRead) -> dict[str, Any]:
    """What is stored of a page once it is judged."""
    marks = listed(read.marks) if judged.state is PageState.READ else []
    return {
        "sheet_no": judged.sheet_no, "state": str(judged.state), "code": judged.code, "why": judged.why,
        "marks": json.dumps(marks, ensure_ascii=False, separators=(",", ":")), "quality": json.dumps(dict(read.quality)),
    }  # fmt: skip


def add_entries(write: Write, found: Sequence[tuple[int, str, Sequence[Mark]]], at: str) -> int:
    """What is certain on read pages (page, sheet, marks) becomes entries; what stands there already stays. How many were added."""
    known = entries_of(write.connection, (sheet_no for _, sheet_no, _ in found))
    rows = []
    for page, sheet_no, marks in found:
        for mark in marks:
            value = certain(mark)
            if value is not None and mark.place not in known.get(sheet_no, {}):
                rows.append((sheet_no, mark.place, value, "tick", mark.ink, page, at))
    write.insert(ENTRY, ("sheet_no", "place", "value", "how", "score", "page", "at"), rows, len(rows))
    return len(rows)


def certain(mark: Mark) -> str | None:
    """What a mark says without a person: a tick or none, an empty cell; None for the rest."""
    if mark.verdict == EMPTY:
        return ""
    return "1" if mark.kind == "tick" and mark.verdict == MARKED else None


def page_in(connection: Connection, page_id: int, states: frozenset[PageState]) -> Any:
    """The row of a page in one of these states.

    Raises:
        KnownError: ``scan.page``; RefusedError: ``scan.state``.
    """
    row = connection.execute(select(PAGE).where(PAGE.c.id == page_id)).first()
    if row is None:
        raise KnownError("scan.page", "没有这个扫描页，可能已撤销", "请刷新后重试")
    if row.state not in states:
        raise RefusedError("scan.state", f"扫描页 {row.name} 第 {row.page} 页已不在待处理之列", "请刷新后再看")
    return row


def marks_of(row: Any) -> list[Mark]:
    """What was read on a page."""
    return stored_marks(json.loads(row.marks))


def waits(mark: Mark, entries: Mapping[str, Any]) -> bool:
    """Whether nobody has said yet what stands there."""
    return mark.place not in entries and mark.verdict != EMPTY
