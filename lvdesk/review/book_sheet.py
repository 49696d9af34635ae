"""How the workbook of a review list looks: locked rows, yellow columns to fill in with drop-downs, hidden columns that know the item."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from lvdesk.review.model import ACTION_TITLES, KIND_TITLES, Action, ItemView, Side, State
from lvdesk.tabular.writing import MAX_TEXT, line_height, xlsx_book

SHEET: Final = "复核"
PEOPLE_SHEET: Final = "人员"
SHOWN: Final = {
    "编号": 8, "类别": 10, "名称": 20, "对象": 20, "台区": 18, "台账": 30, "现场": 32, "依据": 40, "采录人": 12,
}  # fmt: skip
DECISION, VALUES, REASON, PERSON = "决定", "改为", "原因", "确认人"
FILLED: Final = {DECISION: 11, VALUES: 28, REASON: 22, PERSON: 11}
ITEM, VERSION, ROUND, SEAL = "事项", "版本", "轮次", "校验"
HIDDEN: Final = (ITEM, VERSION, ROUND, SEAL)
COLUMNS: Final = (*SHOWN, *FILLED, *HIDDEN)
SEALED: Final = ("编号", "类别", "名称", "对象", "台账", "现场", ITEM, VERSION, ROUND)
"""What a person decides on: it must still stand together when the workbook comes back."""
OFFERED: Final = (Action.CONFIRM, Action.CORRECT, Action.RETURN)
_WIDTHS: Final[Mapping[str, int]] = {**SHOWN, **FILLED}
_COMMENTS: Final = {
    DECISION: "从下拉列表中选。不填表示这一行暂不处理。",
    VALUES: "只在“改后通过”时填：字段=值，多个用“；”隔开，如 用户名称=张三；用电地址=东村 3 号。字段名同“台账”“现场”两列。",
    REASON: "“退回”必须写明原因；其他可写说明。",
    PERSON: "填写作出决定的人，须已在程序中登记并有本环节的角色。不能确认自己采录、录入的行。",
}
_HOW: Final = "只填黄色的列，填好后把文件交回内勤。可以排序、筛选、删除不处理的行；请勿改动其他列，也不要只排序一部分列。"
_HEAD_ROW: Final = 2
_FONT: Final = {"font_name": "微软雅黑", "font_size": 10, "valign": "top"}
_LINE: Final = {"border": 1, "border_color": "#D9D9D9"}
_PROTECTION: Final = {
    "format_columns": True, "format_rows": True, "sort": True, "autofilter": True, "delete_rows": True,
    "select_locked_cells": True, "select_unlocked_cells": True,
}  # fmt: skip


@dataclass(frozen=True)
class Head:
    """What stands above the list: station, stage, when and by whom it was written, who may decide."""

    station: str
    stage: State
    title: str
    at: str
    person: str
    deciders: Sequence[str]


def identity(view: ItemView) -> str:
    """What makes it the same item here and nowhere else."""
    return f"{view.kind}|{view.entity}|{view.key}"


def seal(cells: Mapping[str, str], of: str) -> str:
    """A short sum of what the row says about the item ``of``; how a program breaks lines or blanks does not matter."""
    said = "\x1f".join(["".join(cells.get(name, "").split()) for name in SEALED])
    return hashlib.sha256(f"{of}\x1e{said}".encode()).hexdigest()[:16]


def line(view: ItemView, stage: State) -> dict[str, str]:
    """The texts of an item's row by column."""
    cells = {
        "编号": str(view.id), "类别": KIND_TITLES[view.kind], "名称": view.title, "对象": f"{view.entity_title} {view.key}",
        "台区": f"{view.area_name} {view.area_no}".strip() if view.area_name != view.area_no else view.area_no,
        "台账": _values((side.title, side.ledger) for side in view.sides), "现场": _values(map(_field, view.sides)),
        "依据": "；".join(_evidence(view, stage)), "采录人": "、".join(view.entered_by),
        ITEM: str(view.id), VERSION: str(view.version), ROUND: str(view.round),
    }  # fmt: skip
    cells = {name: text[:MAX_TEXT] for name, text in cells.items()}
    return {**cells, SEAL: seal(cells, identity(view))}


def _field(side: Side) -> tuple[str, str]:
    return side.title, f"{side.accepted}（现场 {side.field or '—'}，已改）" if side.accepted else side.field


def _values(pairs: Iterable[tuple[str, str]]) -> str:
    """In the words in which corrections are written."""
    return "；".join(f"{title}={text}" for title, text in pairs if text) or "—"


def _evidence(view: ItemView, stage: State) -> list[str]:
    before = [f"营销确认：{view.marketing}"] if stage is State.OPERATIONS and view.marketing else []
    row = f" 第 {view.row} 行" if view.row else ""
    origin = [f"{view.file} {view.sheet}{row}"] if view.file else []
    kept = [f"有未处理的错误：{view.blocked}"] if view.blocked else []
    return [*kept, *before, *view.evidence, *origin]


def write(path: Path, head: Head, views: Iterable[ItemView], count: int) -> None:
    """Writes the workbook in one step, row by row.

    Raises:
        KnownError: ``file.in_use``, ``file.not_writable``.
    """
    with xlsx_book(path, constant_memory=True) as book:
        book.set_properties({"title": head.title, "author": head.person})
        looks = _Looks(book)
        sheet = book.add_worksheet(SHEET)
        _heading(sheet, head, count, looks)
        for number, view in enumerate(views, _HEAD_ROW + 1):
            _row(sheet, number, line(view, head.stage), looks)
        _set_up(sheet, count)
        if head.deciders:
            _people(book.add_worksheet(PEOPLE_SHEET), head.deciders)
            _offer(sheet, PERSON, count, f"={PEOPLE_SHEET}!$A$1:$A${len(head.deciders)}", "请填写已登记并有本环节角色的人员")
        words = [ACTION_TITLES[action] for action in OFFERED]
        _offer(sheet, DECISION, count, words, f"请从下拉列表中选择：{'、'.join(words)}")


class _Looks:
    """The formats of one workbook."""

    def __init__(self, book: Any) -> None:
        head = {**_FONT, "bold": True, "border": 1, "text_wrap": True}
        self.title = book.add_format({**_FONT, "bold": True, "font_size": 14})
        self.how = book.add_format({**_FONT, "font_color": "#5B6B70"})
        self.head = book.add_format({**head, "bg_color": "#E2EFDA"})
        self.fill = book.add_format({**head, "bg_color": "#FFE699"})
        self.body = book.add_format({**_FONT, **_LINE, "text_wrap": True, "num_format": "@"})
        self.free = book.add_format({**_FONT, **_LINE, "text_wrap": True, "num_format": "@", "bg_color": "#FFFBE6", "locked": False})


def _heading(sheet: Any, head: Head, count: int, looks: _Looks) -> None:
    for column, name in enumerate(COLUMNS):
        sheet.set_column(column, column, _WIDTHS.get(name, 8), None, {"hidden": True} if name in HIDDEN else None)
        if name in _COMMENTS:
            sheet.write_comment(_HEAD_ROW, column, _COMMENTS[name], {"x_scale": 1.8, "y_scale": 1.2, "font_size": 9})
    for row, height in enumerate((24, 18, 20)):
        sheet.set_row(row, height)
    sheet.write_string(0, 0, f"{head.station}　{head.title}　{count:,} 项　{head.at} 由 {head.person} 导出"[:MAX_TEXT], looks.title)
    sheet.write_string(1, 0, _HOW, looks.how)
    for column, name in enumerate(COLUMNS):
        sheet.write_string(_HEAD_ROW, column, name, looks.fill if name in FILLED else looks.head)


def _row(sheet: Any, number: int, cells: Mapping[str, str], looks: _Looks) -> None:
    sheet.set_row(number, line_height((cells[name], width) for name, width in SHOWN.items()))
    for column, name in enumerate(COLUMNS):
        if name in FILLED:
            sheet.write_blank(number, column, None, looks.free)
        else:
            sheet.write_string(number, column, cells[name], looks.body)


def _set_up(sheet: Any, count: int) -> None:
    """The hidden columns are part of the filtered range: sorting by the filter moves them too."""
    last = _HEAD_ROW + max(count, 1)
    sheet.freeze_panes(_HEAD_ROW + 1, 3)
    sheet.autofilter(_HEAD_ROW, 0, last, len(COLUMNS) - 1)
    sheet.protect("", _PROTECTION)
    sheet.ignore_errors({"number_stored_as_text": f"A{_HEAD_ROW + 1}:{chr(ord('A') + len(COLUMNS) - 1)}{last + 1}"})
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.set_margins(0.4, 0.4, 0.5, 0.6)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(_HEAD_ROW)
    sheet.print_area(0, 0, last, len(SHOWN) + len(FILLED) - 1)
    sheet.set_footer("&L&A&R第 &P 页，共 &N 页")
    sheet.activate()


def _people(sheet: Any, names: Sequence[str]) -> None:
    for row, name in enumerate(names):
        sheet.write_string(row, 0, name)
    sheet.protect()
    sheet.hide()


def _offer(sheet: Any, name: str, count: int, source: str | list[str], told: str) -> None:
    if count:
        column = COLUMNS.index(name)
        rule = {"validate": "list", "source": source, "error_title": "请从列表中选择", "error_message": told}
        sheet.data_validation(_HEAD_ROW + 1, column, _HEAD_ROW + count, column, rule)
