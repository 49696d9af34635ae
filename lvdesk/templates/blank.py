"""Workbooks people fill in: drop-downs, comments, text columns, instructions; made from templates alone, or with rows to be completed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
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
_HELP: Final = (("列名", 20), ("要求", 14), ("填写规则", 40), ("可选值", 60), ("示例", 28), ("维护方", 12))
_PLAIN, _ENTRY, _GIVEN = "plain", "entry", "given"
_USES: Final[Mapping[str, Mapping[str, Any]]] = {_PLAIN: {}, _ENTRY: {"locked": False}, _GIVEN: {"bg_color": "#F0F0F0"}}
_LOCKED: Final = "核对用，不能修改；空着的可以补填"
_WIDEST: Final = 40
_SHEET_NAME: Final = 31
_CHOICES: Final = 255
"""Most characters Excel takes as a list of choices inside a cell's rule."""
_NUMBERS: Final = frozenset({"integer", "number", "longitude", "latitude"})
_FREE: Final = {"format_columns": True, "format_rows": True, "autofilter": True}
"""What a protected sheet still allows."""


@dataclass(frozen=True)
class Filled:
    """Rows that stand in a form already.

    Attributes:
        rows: field -> text of each.
        locked: fields that say which record a row is about; a value there cannot be changed, by no password either.
        hidden: fields nobody needs to see.
        choices: field -> values offered besides the code lists'.
        frozen: columns that stay in view; the header always does.
        spare: empty rows below for what nobody knew of.
    """

    rows: Sequence[Mapping[str, str]]
    locked: frozenset[str] = frozenset()
    hidden: frozenset[str] = frozenset()
    choices: Mapping[str, Sequence[str]] = field(default_factory=dict)
    frozen: int = 0
    spare: int = 0


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
                forms = FormBook(book, dictionary, codes)
                forms.add(template, template.form)
                forms.finish()
        except FileCreateError as error:
            cause = error.args[0] if error.args else None
            raise (cause if isinstance(cause, OSError) else OSError(str(error))) from error


class FormBook:
    """Forms in one XlsxWriter workbook: a sheet for each template, at the end the instructions and the hidden lists of choices."""

    def __init__(self, book: Any, dictionary: Dictionary, codes: Mapping[str, CodeList], advice: Sequence[str] = (_ADVICE,)) -> None:
        self._book, self._dictionary, self._codes, self._advice = book, dictionary, codes, advice
        self._parts: list[tuple[Template, Sequence[Column]]] = []
        self._lists: dict[str, CodeList] = {}
        self._heads = {True: book.add_format(_REQUIRED), False: book.add_format(_OPTIONAL)}
        self._formats: dict[tuple[bool, str], Any] = {}

    def add(self, template: Template, columns: Sequence[Column], filled: Filled | None = None) -> None:
        """A sheet with these columns of a template."""
        self._parts.append((template, columns))
        sheet = self._book.add_worksheet((template.sheet_names or (template.title,))[0][:_SHEET_NAME])
        sheet.set_row(0, 32)
        for index, column in enumerate(columns):
            self._column(sheet, index, column, filled)
        if filled:
            self._rows(sheet, columns, filled)
            sheet.autofilter(0, 0, len(filled.rows) + filled.spare, len(columns) - 1)
            sheet.protect("", _FREE)
        sheet.freeze_panes(1, filled.frozen if filled else 0)
        _print_setup(sheet, template.title)
        if len(self._parts) == 1:
            sheet.activate()

    def finish(self) -> None:
        """Adds instructions and choices."""
        self._help()
        self._code_sheet()

    def _column(self, sheet: Any, index: int, column: Column, filled: Filled | None) -> None:
        """Header, width, and what may be chosen below."""
        rows = filled.rows if filled else ()
        width = _width(column.header, column.example, *(row.get(column.field, "") for row in rows))
        hidden = {"hidden": True} if filled and column.field in filled.hidden else {}
        sheet.set_column(index, index, width, self._format(column, _ENTRY if filled else _PLAIN), hidden)
        sheet.write_string(0, index, column.header, self._heads[column.required])
        said = comment(column, self._dictionary, self._codes)
        locked = filled is not None and column.field in filled.locked
        note = f"{said}\n{_LOCKED}" if locked else said
        sheet.write_comment(0, index, note, {"x_scale": 2, "y_scale": 1.6, "font_size": 9})
        last = len(filled.rows) + filled.spare if filled else FORM_ROWS
        found = code_list(column, self._dictionary, self._codes)
        offered = list(filled.choices.get(column.field, ())) if filled else []
        if found and last and not locked:
            _offer(sheet, index, last, found, self._range(found))
        elif offered and last and len(",".join(offered)) <= _CHOICES:
            sheet.data_validation(1, index, last, index, {"validate": "list", "source": offered, "error_type": "information"})

    def _rows(self, sheet: Any, columns: Sequence[Column], filled: Filled) -> None:
        for index, column in enumerate(columns):
            is_number = column.attribute(self._dictionary).kind in _NUMBERS
            for row, given in enumerate([*filled.rows, *[{}] * filled.spare], 1):
                text = given.get(column.field, "")
                look = self._format(column, _GIVEN if text and column.field in filled.locked else _ENTRY)
                number = _number(text) if is_number else None
                if number is not None:
                    sheet.write_number(row, index, number, look)
                elif text:
                    sheet.write_string(row, index, text, look)
                else:  # not every program takes the column's look for a cell that is not there
                    sheet.write_blank(row, index, None, look)

    def _format(self, column: Column, use: str) -> Any:
        kind = column.attribute(self._dictionary).kind
        key = (kind in TEXT_KINDS or kind == "text", use)
        if key not in self._formats:
            self._formats[key] = self._book.add_format({**_FONT, **_USES[use], **({"num_format": "@"} if key[0] else {})})
        return self._formats[key]

    def _range(self, found: CodeList) -> str:
        """Where the values of a list will stand."""
        self._lists.setdefault(found.key, found)
        letter = _letter(list(self._lists).index(found.key))
        return f"='{CODE_SHEET}'!${letter}$2:${letter}${len(found.items) + 1}"

    def _code_sheet(self) -> None:
        """The hidden sheet with the drop-downs' values."""
        if not self._lists:
            return
        sheet = self._book.add_worksheet(CODE_SHEET)
        for index, found in enumerate(self._lists.values()):
            sheet.write_string(0, index, f"代码：{found.title}")
            for row, item in enumerate(found.items, 1):
                sheet.write_string(row, index, item.name)
        sheet.hide()

    def _help(self) -> None:
        """Instructions for every column, form by form."""
        sheet = self._book.add_worksheet(HELP_SHEET)
        title, plain = self._book.add_format({**_FONT, "bold": True, "font_size": 12}), self._book.add_format(_FONT)
        wrapped = self._book.add_format({**_FONT, "text_wrap": True, "valign": "top", "border": 1})
        head, row = self._book.add_format(_OPTIONAL), 0
        for index, (_, width) in enumerate(_HELP):
            sheet.set_column(index, index, width)
        for template, columns in self._parts:
            sheet.write_string(row, 0, f"{template.title}：{template.purpose}", title)
            said = () if row else self._advice  # once for all forms
            for number, advice in enumerate(said, 1):
                sheet.write_string(row + number, 0, advice, plain)
            row += len(said) + 2
            for index, (name, _) in enumerate(_HELP):
                sheet.write_string(row, index, name, head)
            for column in columns:
                row += 1
                choices = values(code_list(column, self._dictionary, self._codes))
                owned = owner(column, self._dictionary)
                cells = (column.header, demand(column), rule(column, self._dictionary), choices, column.example, owned)
                for index, text in enumerate(cells):
                    sheet.write_string(row, index, text, wrapped)
            row += 3
        if len(self._parts) == 1:
            sheet.freeze_panes(len(self._advice) + 3, 0)
        _print_setup(sheet, self._parts[0][0].title)


def _offer(sheet: Any, index: int, last: int, found: CodeList, source: str) -> None:
    sheet.data_validation(
        1,
        index,
        last,
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


def _number(text: str) -> float | None:
    """What stands in a number cell; None for what is none."""
    try:
        return float(text)
    except ValueError:
        return None


def _print_setup(sheet: Any, title: str) -> None:
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    sheet.set_margins(left=0.4, right=0.4, top=0.6, bottom=0.6)
    sheet.set_footer(f"&L{title.replace('&', '&&')}&R第 &P 页 共 &N 页")


def _width(*texts: str) -> float:
    """Characters: wide enough for the header, the example and what stands below, Han characters counting double."""
    longest = max(sum(2 if ord(character) > 255 else 1 for character in text) for text in texts)
    return float(min(max(longest + 3, 10), _WIDEST))


def _letter(index: int) -> str:
    from xlsxwriter.utility import xl_col_to_name

    return str(xl_col_to_name(index))
