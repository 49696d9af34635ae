"""How what comes back reads: differences, files, pages and sheets in tables, a return in sentences."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

from lvdesk.fieldwork.return_model import (
    DifferenceClass,
    FieldDifferenceView,
    Returned,
    ReturnedCoordinate,
    ReturnedFile,
    Suggestion,
    Unread,
)
from lvdesk.fieldwork.scan_model import ScannedPageView
from lvdesk.kit.table import Cell, Column
from ui.moments import said
from ui.panes.fieldwork.listing import Line

NOTHING: Final = "—"
CLASS_LEVELS: Final[Mapping[DifferenceClass, str]] = {
    DifferenceClass.CANCELLED: "error",
    DifferenceClass.NEW: "error",
    DifferenceClass.METER_REPLACED: "warning",
    DifferenceClass.OTHER_BOX: "warning",
    DifferenceClass.OTHER_AREA: "warning",
    DifferenceClass.MOVED_BOX: "warning",
    DifferenceClass.NAME_CHANGED: "info",
    DifferenceClass.ADDRESS_CHANGED: "info",
    DifferenceClass.SLOT_CHANGED: "info",
    DifferenceClass.ATTRIBUTE_CHANGED: "info",
    DifferenceClass.DUPLICATE_ROW: "neutral",
    DifferenceClass.DUPLICATE_IDENTIFIER: "error",
    DifferenceClass.DAMAGED_IDENTIFIER: "error",
    DifferenceClass.COORDINATE_MISSING: "warning",
    DifferenceClass.COORDINATE_ZERO: "warning",
    DifferenceClass.COORDINATE_SWAPPED: "warning",
    DifferenceClass.COORDINATE_SYSTEM: "info",
}
"""How much a class asks for a person: records that are there or not, values that contradict, the rest."""
OF_RETURN: Final = frozenset(
    {
        DifferenceClass.DUPLICATE_ROW, DifferenceClass.DUPLICATE_IDENTIFIER, DifferenceClass.DAMAGED_IDENTIFIER,
        DifferenceClass.COORDINATE_MISSING, DifferenceClass.COORDINATE_ZERO, DifferenceClass.COORDINATE_SWAPPED,
        DifferenceClass.COORDINATE_SYSTEM,
    }
)  # fmt: skip
"""Faults of what came back; all other classes say that ledger and field differ."""
SYSTEM_TITLES: Final = (
    ("", "自动识别"), ("cgcs2000", "CGCS2000"), ("wgs84", "WGS-84（手持 GPS）"), ("gcj02", "GCJ-02（高德、腾讯）"),
    ("bd09", "BD-09（百度）"),
)  # fmt: skip
DIFFERENCE_COLUMNS: Final = (
    Column("class", "差异", "level", 106),
    Column("key", "编号", "identifier", 124),
    Column("field", "栏目", "text", 104),
    Column("ledger", "台账", "text", 132),
    Column("field_value", "现场", "text", 132),
    Column("entity", "对象", "text", 72),
    Column("evidence", "依据", "text", 220),
    Column("area", "台区", "text", 140),
    Column("file", "文件", "text", 150),
    Column("row", "行", "number", 56),
    Column("package", "任务包", "identifier", 118),
    Column("found", "发现", "date", 100),
)
FILE_COLUMNS: Final = (
    Column("name", "文件", "text", 240),
    Column("kind", "类型", "text", 84),
    Column("status", "情况", "level", 96),
    Column("rows", "行/页", "number", 64),
    Column("why", "说明", "text", 330),
    Column("hint", "下一步", "text", 330),
)
PAGE_COLUMNS: Final = (
    Column("name", "文件", "text", 136),
    Column("page", "页", "number", 44),
    Column("why", "为什么没有识别", "text", 176),
    Column("sheet", "读到的编号", "identifier", 136),
    Column("at", "扫入", "date", 100),
)
_KINDS: Final = {"workbook": "工作簿", "scan": "扫描件", "photo": "照片"}
_KNOWN: Final = {"declared": "文件写明", "detected": "自动识别", "assumed": "没有写明，按此处理"}
_STATUS: Final = {
    "taken": ("已回收", "success"),
    "unchanged": ("没有变化", "neutral"),
    "refused": ("未回收", "error"),
    "unread": ("待处理", "warning"),
}
_FIELDS: Final = {"area_no": "台区", "box_no": "计量箱"}


def title_of(view: FieldDifferenceView) -> str:
    """The field in words; "" for a difference of the whole record."""
    return _FIELDS.get(view.field_title, view.field_title)


def difference_line(view: FieldDifferenceView, today: date) -> Line:
    """A difference as a row."""
    area = view.area_name or view.area_no
    values = (
        view.title, view.key, title_of(view) or view.entity_title, view.ledger or NOTHING, view.field_value or NOTHING, view.entity_title,
        "；".join(view.evidence), area, view.file, str(view.row or ""), view.package_no, said(view.found_at, today),
    )  # fmt: skip
    return Line(str(view.id), values, {"class": Cell(CLASS_LEVELS[view.klass], view.title)})


def systems_of(coordinates: Sequence[ReturnedCoordinate]) -> dict[str, str]:
    """File name -> in which system its coordinates came, and how that is known."""
    counts: dict[str, Counter[tuple[str, str]]] = {}
    for each in coordinates:
        counts.setdefault(each.file, Counter())[each.crs_in, each.detected] += 1
    titles = dict(SYSTEM_TITLES)
    return {
        name: "；".join(
            f"坐标 {count:,} 处：{titles.get(crs, crs.upper())}，{_KNOWN.get(how, how)}" for (crs, how), count in found.most_common()
        )
        for name, found in counts.items()
    }


def file_line(file: ReturnedFile, told: str = "") -> Line:
    """A file as a row; ``told`` where nothing is wrong with it."""
    word, level = _STATUS.get(file.status, (file.status, "neutral"))
    values = (file.path.name, _KINDS.get(file.kind, file.kind), word, f"{file.rows:,}" if file.rows else "", file.reason or told, file.hint)
    return Line(f"file|{file.path}", values, {"status": Cell(level, file.reason or word)})


def unread_line(each: Unread) -> Line:
    """A page or photo that waits as a row."""
    name = f"{each.path.replace(chr(92), '/').rpartition('/')[2]}{f' 第 {each.page} 页' if each.page else ''}"
    values = (name, "页" if each.page else "照片", "待处理", "", each.why, each.hint)
    return Line(f"unread|{each.path}|{each.page}", values, {"status": Cell("warning", each.why)})


def suggestion_line(each: Suggestion) -> Line:
    """A row of results without a usable number as a row."""
    why = f"没有可用的编号，可能是 {each.key}（相近 {each.likeness:.0%}）：{'、'.join(each.evidence)}"
    values = (f"{each.file} 第 {each.row} 行", "行", "待核对", "", why, "核对后在原文件补上编号，再回收一次")
    return Line(f"row|{each.file}|{each.sheet}|{each.row}|{each.key}", values, {"status": Cell("warning", why)})


def page_line(view: ScannedPageView, today: date) -> Line:
    """An unread page as a row."""
    values = (view.name, str(view.page), view.why, view.sheet_no or NOTHING, said(view.at, today))
    return Line(str(view.id), values, {})


def level_of(done: Returned) -> str:
    """How the line about a return looks."""
    if any(file.status == "refused" for file in done.files):
        return "error" if all(file.status == "refused" for file in done.files) else "warning"
    if done.refused or done.unread or done.pages_queued or done.photos_queued:
        return "warning"
    return "info" if nothing_new(done) else "success"


def nothing_new(done: Returned) -> bool:
    """Whether all of it had come back before."""
    return bool(done.files) and all(file.status == "unchanged" for file in done.files)


def headline(done: Returned) -> str:
    """What a return was, in one sentence."""
    if nothing_new(done):
        return f"没有变化：这 {len(done.files):,} 个文件此前都已回收"
    parts = []
    if done.rows_in:
        parts.append(f"采录结果 {done.rows_in:,} 行")
    if done.pages_read or done.pages_queued:
        parts.append(f"扫描 {done.pages_read + done.pages_queued:,} 页")
    if done.photos_filed or done.photos_queued:
        parts.append(f"照片 {done.photos_filed + done.photos_queued:,} 张")
    if not parts:
        return "没有能回收的内容"
    return f"已回收：{'，'.join(parts)}；与台账不同 {len(done.differences):,} 处"


def story(done: Returned) -> str:
    """What became of it all, sentence by sentence."""
    said_ = []
    if done.rows_in:
        rows = [f"对上台账 {done.matched:,} 行", f"台账没有 {done.new:,} 行"]
        rows += [f"说不清是谁的 {done.refused:,} 行"] if done.refused else []
        said_.append("、".join(rows))
    if done.pages_read or done.pages_queued:
        said_.append(f"读出 {done.pages_read:,} 页" + (f"，{done.pages_queued:,} 页待处理" if done.pages_queued else ""))
    if done.photos_filed or done.photos_queued:
        said_.append(f"{done.photos_filed:,} 张照片归到箱" + (f"，{done.photos_queued:,} 张待处理" if done.photos_queued else ""))
    if done.sheets_done:
        said_.append(f"{len(done.sheets_done):,} 张表单已录完")
    known = sum(file.status == "unchanged" for file in done.files)
    if known and not nothing_new(done):
        said_.append(f"{known:,} 个文件此前已回收")
    refused = [file for file in done.files if file.status == "refused"]
    if len(refused) == 1:
        said_.append(f"{refused[0].path.name} 没有回收：{refused[0].reason}")
    elif refused:
        said_.append(f"{len(refused):,} 个文件没有回收，原因见“本次文件”")
    return "；".join(said_)
