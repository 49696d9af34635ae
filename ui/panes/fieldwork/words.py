"""How packages, things to visit and sheets read in tables."""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

from lvdesk.fieldwork.model import PACKAGE_STATES, SHEET_STATES, ItemView, PackageState, PackageView, SheetState, SheetView
from lvdesk.kit.table import Cell, Column
from ui.moments import said
from ui.panes.fieldwork.listing import Line

PACKAGE_LEVELS: Final[Mapping[PackageState, str]] = {
    PackageState.PREPARED: "neutral",
    PackageState.OUT: "info",
    PackageState.PARTLY_BACK: "warning",
    PackageState.BACK: "success",
    PackageState.CLOSED: "neutral",
    PackageState.CANCELLED: "neutral",
}
SHEET_LEVELS: Final[Mapping[SheetState, str]] = {
    SheetState.PREPARED: "neutral",
    SheetState.PRINTED: "neutral",
    SheetState.OUT: "info",
    SheetState.BACK: "success",
    SheetState.REPLACED: "neutral",
    SheetState.MISSING: "error",
}
_ITEM_LEVELS: Final = {"待采录": "neutral", "在外": "info", "已收回": "success", "未采录": "warning"}
PACKAGE_COLUMNS: Final = (
    Column("number", "编号", "identifier", 118),
    Column("title", "任务包", "text", 148),
    Column("state", "状态", "level", 96),
    Column("due", "应回", "date", 92),
    Column("items", "收回/对象", "text", 84),
    Column("people", "采录人", "text", 116),
    Column("out", "表单在外", "number", 76),
    Column("back", "表单收回", "number", 76),
    Column("missing", "表单遗失", "number", 76),
    Column("team", "班组", "text", 92),
    Column("planned", "计划", "date", 92),
    Column("feeder", "线路", "text", 110),
    Column("areas", "台区", "text", 180),
    Column("person", "建立人", "text", 80),
)
ITEM_COLUMNS: Final = (
    Column("key", "编号", "identifier", 136),
    Column("position", "顺序", "number", 58),
    Column("kind", "对象", "text", 74),
    Column("reasons", "采录原因", "text", 220),
    Column("state", "情况", "level", 92),
    Column("address", "地址", "text", 200),
    Column("area", "台区", "text", 130),
    Column("sheets", "表单", "text", 150),
)
SHEET_COLUMNS: Final = (
    Column("number", "表单编号", "identifier", 144),
    Column("form", "表单", "text", 130),
    Column("state", "状态", "level", 92),
    Column("page", "页", "text", 54),
    Column("items", "对象", "number", 54),
    Column("changed", "台账变动", "text", 84),
    Column("copies", "份数", "number", 54),
    Column("printed", "打印", "text", 100),
    Column("by", "打印人", "text", 76),
    Column("back", "收回", "text", 100),
    Column("replaced", "换成", "identifier", 144),
    Column("reason", "说明", "text", 150),
    Column("package", "任务包", "identifier", 118),
)
OPEN_STATES: Final = (PackageState.PREPARED, PackageState.OUT, PackageState.PARTLY_BACK, PackageState.BACK)
_APART: Final = re.compile(r"[\s,，、;；/]+")


def people_in(text: str) -> tuple[str, ...]:
    """Names apart by commas or blanks of any kind."""
    return tuple(name for name in _APART.split(text.strip()) if name)


def package_line(view: PackageView) -> Line:
    """A package as a row."""
    marks = {"state": Cell(PACKAGE_LEVELS[view.state], PACKAGE_STATES[view.state])}
    if view.overdue:
        marks["due"] = Cell("error", f"已逾期 {view.overdue} 天")
    missing = view.sheets.get(SheetState.MISSING, 0)
    if missing:
        marks["missing"] = Cell("warning", f"{missing} 张表单遗失，可凭编号补打")
    values = (
        view.package_no, view.title, PACKAGE_STATES[view.state], view.due_on, f"{view.items_back:,}/{view.items:,}",
        "、".join(view.people), _count(view.sheets.get(SheetState.OUT, 0)), _count(view.sheets.get(SheetState.BACK, 0)),
        _count(missing), view.team, view.planned_on, view.feeder_name, "、".join(view.areas), view.person,
    )  # fmt: skip
    return Line(view.package_no, values, marks)


def item_line(item: ItemView) -> Line:
    """A thing to visit as a row."""
    reasons = "；".join(reason.text for reason in item.reasons)
    values = (
        item.key, str(item.position), item.entity_title, reasons, item.state, item.address, item.area_name or item.area_no,
        "、".join(item.sheet_nos),
    )  # fmt: skip
    return Line(f"{item.entity}|{item.key}", values, {"state": Cell(_ITEM_LEVELS.get(item.state, "success"), item.state)})


def sheet_line(sheet: SheetView, today: date) -> Line:
    """A sheet as a row."""
    marks = {"state": Cell(SHEET_LEVELS[sheet.state], SHEET_STATES[sheet.state])}
    if sheet.changed_since:
        marks["changed"] = Cell("warning", "打印之后台账有变，建议换新")
    values = (
        sheet.sheet_no, sheet.form_title, SHEET_STATES[sheet.state], f"{sheet.page}/{sheet.pages}", _count(sheet.items),
        "有变动" if sheet.changed_since else "", _count(sheet.copies), _when(sheet.printed_at, today), sheet.printed_by,
        _when(sheet.back_at, today), sheet.replaced_by, sheet.reason, sheet.package_no,
    )  # fmt: skip
    return Line(sheet.sheet_no, values, marks)


def sheets_said(sheets: Mapping[SheetState, int]) -> str:
    """The sheets of a package in one line."""
    parts = [f"{SHEET_STATES[state]} {sheets[state]:,}" for state in SheetState if sheets.get(state)]
    return f"共 {sum(sheets.values()):,} 张：{'、'.join(parts)}" if parts else "还没有编排表单"


def named(things: Sequence[str], most: int = 3) -> str:
    """The first few of a list, and how many there are."""
    more = f" 等 {len(things):,} 个" if len(things) > most else ""
    return "、".join(things[:most]) + more


def _count(number: int) -> str:
    return f"{number:,}" if number else ""


def _when(moment: str, today: date) -> str:
    return said(moment, today) if moment else ""
