"""How the rule book's workbook looks: two protected sheets in which only the settings can be changed, with drop-downs and explanations."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from lvdesk.checks.model import SEVERITIES
from lvdesk.checks.rulebook_values import NO, YES, bounds, shown
from lvdesk.checks.tuning import ParameterView, RuleView
from lvdesk.tabular.writing import line_height, xlsx_book

RULE_SHEET: Final = "规则"
PARAMETER_SHEET: Final = "参数"
RULE_COLUMNS: Final = (
    ("编号", 8), ("类别", 10), ("规则", 18), ("查什么", 44), ("看哪里", 34), ("怎样改", 44),
    ("启用", 8), ("严重程度", 10), ("出厂设置", 14), ("把握", 8), ("依据", 34),
)  # fmt: skip
PARAMETER_COLUMNS: Final = (
    ("规则编号", 10), ("规则", 18), ("参数", 26), ("单位", 8), ("取值", 24), ("出厂值", 24), ("范围", 18), ("类型", 8), ("代号", 22),
)  # fmt: skip
_COMMENTS: Final = {
    "启用": "填“是”或“否”。清空表示恢复出厂设置。",
    "严重程度": "填“错误”“警告”或“提示”。清空表示恢复出厂设置。",
    "取值": "只改这一列。多个值用“、”隔开。清空表示恢复出厂值。",
    "代号": "程序按规则编号和代号认参数，请勿改动。",
    "把握": "确定：命中即为错误；疑似：有证据，需人核实。",
}
_KINDS: Final = {"number": "数字", "integer": "整数", "text": "文字", "list": "多个值"}
_PROTECTION: Final = {
    "format_cells": True, "format_columns": True, "format_rows": True, "sort": True, "autofilter": True,
    "select_locked_cells": True, "select_unlocked_cells": True,
}  # fmt: skip
_FONT: Final = {"font_name": "微软雅黑", "font_size": 10, "valign": "top"}


def write(views: Sequence[RuleView], path: Path) -> None:
    """Writes the workbook in one step.

    Raises:
        KnownError: ``file.in_use``, ``file.not_writable``.
    """
    with xlsx_book(path) as book:
        looks = _Looks(book)
        _rule_sheet(book.add_worksheet(RULE_SHEET), views, looks)
        _parameter_sheet(book.add_worksheet(PARAMETER_SHEET), views, looks)


class _Looks:
    """The formats of one workbook."""

    def __init__(self, book: Any) -> None:
        self.head = book.add_format({**_FONT, "bold": True, "border": 1, "bg_color": "#E2EFDA", "text_wrap": True})
        self.body = book.add_format({**_FONT, "text_wrap": True, "border": 1, "border_color": "#D9D9D9"})
        free = {**_FONT, "text_wrap": True, "border": 1, "border_color": "#D9D9D9", "bg_color": "#FFFBE6", "locked": False}
        self.free = book.add_format({**free, "num_format": "@"})
        self.number = book.add_format({**free, "align": "left"})


def _rule_sheet(sheet: Any, views: Sequence[RuleView], looks: _Looks) -> None:
    _heading(sheet, RULE_COLUMNS, len(views), looks)
    for row, view in enumerate(views, 1):
        now = (shown(view.enabled), severity(view.severity))
        original = f"{'启用' if view.default_enabled else '停用'}，{severity(view.default_severity)}"
        words = (view.code, view.family_title, view.title, view.what, view.where, view.fix, *now, original)
        texts = (*words, "确定" if view.certain else "疑似", view.source)
        sheet.set_row(row, line_height((text, width) for text, (_, width) in zip(texts, RULE_COLUMNS, strict=True)))
        for column, text in enumerate(texts):
            sheet.write_string(row, column, text, looks.free if RULE_COLUMNS[column][0] in _COMMENTS and column < 8 else looks.body)
    _offer(sheet, 6, len(views), [YES, NO])
    _offer(sheet, 7, len(views), list(SEVERITIES.values()))
    sheet.activate()


def _parameter_sheet(sheet: Any, views: Sequence[RuleView], looks: _Looks) -> None:
    lines = [(view, item) for view in views for item in view.parameters]
    _heading(sheet, PARAMETER_COLUMNS, len(lines), looks)
    for row, (view, item) in enumerate(lines, 1):
        texts = (view.code, view.title, item.title, item.unit, None, shown(item.default), _bounds(item), _KINDS[item.kind], item.name)
        widths = [width for _, width in PARAMETER_COLUMNS]
        sheet.set_row(row, line_height((text or shown(item.value), width) for text, width in zip(texts, widths, strict=True)))
        for column, text in enumerate(texts):
            if text is not None:
                sheet.write_string(row, column, text, looks.body)
        _value(sheet, row, item, looks)


def _value(sheet: Any, row: int, item: ParameterView, looks: _Looks) -> None:
    column = next(index for index, (title, _) in enumerate(PARAMETER_COLUMNS) if title == "取值")
    is_number = item.kind in {"number", "integer"}
    # beyond 15 digits a number cell would show another number than the one set
    if is_number and item.value is not None and len(shown(item.value).lstrip("-").replace(".", "")) <= 15:
        sheet.write_number(row, column, item.value, looks.number)
    else:
        sheet.write_string(row, column, shown(item.value), looks.free)
    if is_number and item.minimum is not None and item.maximum is not None:
        allowed = {"validate": item.kind if item.kind == "integer" else "decimal", "criteria": "between"}
        told = {"minimum": item.minimum, "maximum": item.maximum, "error_title": "超出范围", "error_message": f"应为 {_bounds(item)}"}
        sheet.data_validation(row, column, row, column, {**allowed, **told})


def _heading(sheet: Any, columns: Sequence[tuple[str, int]], count: int, looks: _Looks) -> None:
    for index, (title, width) in enumerate(columns):
        sheet.set_column(index, index, width)
        sheet.write_string(0, index, title, looks.head)
        if title in _COMMENTS:
            sheet.write_comment(0, index, _COMMENTS[title], {"x_scale": 1.6, "font_size": 9})
    sheet.freeze_panes(1, 3)
    sheet.autofilter(0, 0, max(count, 1), len(columns) - 1)
    sheet.protect("", _PROTECTION)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)


def _offer(sheet: Any, column: int, count: int, words: list[str]) -> None:
    if count:
        sheet.data_validation(
            1, column, count, column,
            {"validate": "list", "source": words, "error_title": "请从下拉列表中选择", "error_message": "、".join(words)},
        )  # fmt: skip


def severity(level: str) -> str:
    """A severity's Chinese name."""
    return next(name for known, name in SEVERITIES.items() if known == level)


def _bounds(item: ParameterView) -> str:
    return bounds(item.minimum, item.maximum, item.unit)
