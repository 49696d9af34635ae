"""Blank workbooks people fill in: drop-downs, comments, text columns, instructions; made from the template alone."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from lvdesk.kit.files import replacing
from lvdesk.templates.codes import CodeList
from lvdesk.templates.definition import Column, Template
from lvdesk.templates.dictionary import TEXT_KINDS, Dictionary
from lvdesk.templates.guidance import code_list, comment, demand, owner, rule, values

FORM_ROWS: Final = 2_000
"""Rows below the header that offer drop-downs; the text format holds for whole columns."""
CODE_SHEET: Final = "代码"
HELP_SHEET: Final = "填写说明"
_FONT: Final = {"font_name": "微软雅黑", "font_size": 10}
_HEADER: Final = {**_FONT, "bold": True, "align": "center", "valign": "vcenter", "text_wrap": True, "border": 1}
_REQUIRED: Final = {**_HEADER, "bg_color": "#FCE4D6", "font_color": "#C00000"}
_OPTIONAL: Final = {**_HEADER, "bg_color": "#E2EFDA"}
_ADVICE: Final = "橙色表头为必填列；不要改动表头文字；编号和条码列已设为文本格式，从别处复制时请“粘贴为数值”。"
_WIDEST: Final = 40
_SHEET_NAME: Final = 31


def write_blank(template: Template, dictionary: Dictionary, codes: Mapping[str, CodeList], target: Path) -> None:
    """Writes the blank workbook of a template; an existing file is replaced only when the new one is whole.

    Raises:
        KnownError: ``file.in_use``, ``file.not_writable``.
    """
    import xlsxwriter
    from xlsxwriter.exceptions import FileCreateError

    with replacing(target) as path:
        try:
            # strings_to_formulas: what stands in a template is text, whatever it begins with.
            with xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False}) as book:
                _form(book, template, dictionary, codes)
        except FileCreateError as error:
            cause = error.args[0] if error.args else None
            raise (cause if isinstance(cause, OSError) else OSError(str(error))) from error


def _form(book: Any, template: Template, dictionary: Dictionary, codes: Mapping[str, CodeList]) -> None:
    sheet = book.add_worksheet((template.sheet_names or (template.title,))[0][:_SHEET_NAME])
    _help(book, template, dictionary, codes)
    ranges = _code_sheet(book, template, dictionary, codes)
    heads = {True: book.add_format(_REQUIRED), False: book.add_format(_OPTIONAL)}
    bodies = {True: book.add_format({**_FONT, "num_format": "@"}), False: book.add_format(_FONT)}
    sheet.set_row(0, 32)
    for index, column in enumerate(template.form):
        kind = column.attribute(dictionary).kind
        is_text = kind in TEXT_KINDS or kind == "text"
        sheet.set_column(index, index, _width(column), bodies[is_text])
        sheet.write_string(0, index, column.header, heads[column.required])
        sheet.write_comment(0, index, comment(column, dictionary, codes), {"x_scale": 2, "y_scale": 1.6, "font_size": 9})
        found = code_list(column, dictionary, codes)
        if found:
            _offer(sheet, index, found, ranges[found.key])
    sheet.freeze_panes(1, 0)
    _print_setup(sheet, template.title)
    sheet.activate()


def _offer(sheet: Any, index: int, found: CodeList, source: str) -> None:
    sheet.data_validation(
        1,
        index,
        FORM_ROWS,
        index,
        {
            "validate": "list",
            "source": source,
            # Codes may be typed as well, so a value outside the list is asked about, not forbidden.
            "error_type": "information" if found.open else "warning",
            "error_title": found.title,
            "error_message": "该值不在下拉列表中；也可以填写对应的代码。",
        },
    )


def _code_sheet(book: Any, template: Template, dictionary: Dictionary, codes: Mapping[str, CodeList]) -> dict[str, str]:
    """The hidden sheet with the drop-downs' values; gives the range of each list."""
    used: dict[str, CodeList] = {}
    for column in template.form:
        found = code_list(column, dictionary, codes)
        if found:
            used[found.key] = found
    if not used:
        return {}
    sheet = book.add_worksheet(CODE_SHEET)
    ranges = {}
    for index, found in enumerate(used.values()):
        sheet.write_string(0, index, f"代码：{found.title}")
        for row, item in enumerate(found.items, 1):
            sheet.write_string(row, index, item.name)
        letter = _letter(index)
        ranges[found.key] = f"='{CODE_SHEET}'!${letter}$2:${letter}${len(found.items) + 1}"
    sheet.hide()
    return ranges


def _help(book: Any, template: Template, dictionary: Dictionary, codes: Mapping[str, CodeList]) -> None:
    sheet = book.add_worksheet(HELP_SHEET)
    wrapped = book.add_format({**_FONT, "text_wrap": True, "valign": "top", "border": 1})
    head = book.add_format(_OPTIONAL)
    sheet.write_string(0, 0, f"{template.title}：{template.purpose}", book.add_format({**_FONT, "bold": True, "font_size": 12}))
    sheet.write_string(1, 0, _ADVICE, book.add_format(_FONT))
    for index, (title, width) in enumerate((("列名", 20), ("要求", 14), ("填写规则", 40), ("可选值", 60), ("示例", 28), ("维护方", 12))):
        sheet.set_column(index, index, width)
        sheet.write_string(3, index, title, head)
    for row, column in enumerate(template.form, 4):
        choices = values(code_list(column, dictionary, codes))
        cells = (column.header, demand(column), rule(column, dictionary), choices, column.example, owner(column, dictionary))
        for index, text in enumerate(cells):
            sheet.write_string(row, index, text, wrapped)
    sheet.freeze_panes(4, 0)
    _print_setup(sheet, template.title)


def _print_setup(sheet: Any, title: str) -> None:
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    sheet.set_margins(left=0.4, right=0.4, top=0.6, bottom=0.6)
    sheet.set_footer(f"&L{title.replace('&', '&&')}&R第 &P 页 共 &N 页")


def _width(column: Column) -> float:
    """Characters: wide enough for the header and the example, Han characters counting double."""
    longest = max(sum(2 if ord(character) > 255 else 1 for character in text) for text in (column.header, column.example))
    return float(min(max(longest + 3, 10), _WIDEST))


def _letter(index: int) -> str:
    from xlsxwriter.utility import xl_col_to_name

    return str(xl_col_to_name(index))
