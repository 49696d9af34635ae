"""Marks files that openpyxl cannot bear or keep: written anew, row for row, every cell a text."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import polars as pl

from lvdesk.checks.marking_model import (
    AUTHOR,
    FILLS,
    LINK_COLUMN,
    LIST_COLUMNS,
    MAX_COMMENTS,
    MAX_LINKS,
    RANKS,
    Mark,
    Order,
    comment_height,
    comment_of,
    line_of,
    list_height,
    told,
    worst,
)
from lvdesk.kit.errors import KnownError
from lvdesk.kit.progress import Progress
from lvdesk.tabular.guard import Reader
from lvdesk.tabular.model import MAX_ROWS, Slice
from lvdesk.tabular.reading import Opened
from lvdesk.tabular.writing import COPY_PROPERTY, MAX_TEXT, PROBLEM_SHEET, sheet_title, xlsx_book

_READ: Final = "lvdesk.tabular.reading:everything"
_SLICE: Final = 10_000
_SAMPLE: Final = 200
_FROZEN: Final = 30
"""A header further down than this is not kept in view."""


def rebuild(reader: Reader, order: Order, target: Path, progress: Progress) -> int:
    """Writes the copy and gives the number of coloured cells.

    Raises:
        KnownError: the file cannot be read or written, or has more rows than an Excel sheet.
        Cancelled: nothing stays.
    """
    progress.start(f"正在写标注副本 {Path(order.source).name}")
    with xlsx_book(target, constant_memory=True) as book:
        copy = _Copy(book, order)
        for message in reader.stream(_READ, (Path(order.source), _SLICE), progress):
            if isinstance(message, Opened):
                progress.expect(sum(sheet.rows for sheet in message.sheets))
                copy.open(message)
            else:
                copy.rows(*message)
                progress.step(message[1].frame.height)
        copy.close(progress)
        return copy.count


class _Copy:
    """The workbook under way."""

    def __init__(self, book: Any, order: Order) -> None:
        self._book, self._order = book, order
        self._text = book.add_format({"num_format": "@"})
        self._head = book.add_format({"num_format": "@", "bold": True, "bg_color": "#E2EFDA", "border": 1})
        self._fills = {level: book.add_format({"num_format": "@", "bg_color": f"#{colour}"}) for level, colour in FILLS.items()}
        self._sheets: dict[str, _Sheet] = {}
        self._list: Any = None
        self.count = 0

    def open(self, opened: Opened) -> None:
        """Makes the sheets, the list first."""
        used = {PROBLEM_SHEET.lower()}
        self._list = self._book.add_worksheet(PROBLEM_SHEET)
        by_sheet: dict[str, list[Mark]] = {}
        for item in self._order.marks:
            by_sheet.setdefault(item.sheet, []).append(item)
        for info in opened.sheets:
            if info.name == PROBLEM_SHEET:
                continue
            made = self._book.add_worksheet(sheet_title(info.name, used))
            if not info.visible:
                made.hide()
            self._sheets[info.name] = _Sheet(made, self._order.headers.get(info.name, ()), by_sheet.get(info.name, []))
        self._book.set_custom_property(COPY_PROPERTY, self._order.sha256, "text")

    def rows(self, name: str, piece: Slice) -> None:
        """Takes some rows of a sheet."""
        if name in self._sheets:
            self._sheets[name].rows(piece, self._text, self._head, self._fills)

    def close(self, progress: Progress) -> None:
        """Comments and the list, once all cells have their place."""
        lines: list[tuple[Mark, str, str]] = []
        silent: dict[str, int] = {}
        for name, sheet in self._sheets.items():
            sheet.rest(self._fills)
            silent |= {name: sheet.silent} if sheet.silent else {}
            self.count += len(sheet.cells)
            lines += sheet.lines()
        progress.start("正在写问题清单", len(lines), "个问题")
        self._write_list(lines, told(self._order.marks, silent), progress)

    def _write_list(self, lines: Sequence[tuple[Mark, str, str]], sentences: tuple[str, str], progress: Progress) -> None:
        from xlsxwriter.utility import quote_sheetname

        sheet, bold = self._list, self._book.add_format({"bold": True})
        body = self._book.add_format({"num_format": "@", "text_wrap": True, "valign": "top"})
        link = self._book.add_format({"font_color": "#0563C1", "underline": 1})
        for row, sentence in enumerate(sentences):
            sheet.write_string(row, 0, sentence, bold if not row else None)
        for column, (title, width) in enumerate(LIST_COLUMNS):
            sheet.set_column(column, column, width)
            sheet.write_string(2, column, title, self._head)
        for row, (item, title, place) in enumerate(lines, 3):
            sheet.set_row(row, list_height(item))
            progress.step()
            for column, text in enumerate(line_of(item, place)):
                if column == LINK_COLUMN and row - 3 < MAX_LINKS:
                    sheet.write_url(row, column, f"internal:{quote_sheetname(title)}!{place}", link, place)
                elif text:
                    sheet.write_string(row, column, text[:MAX_TEXT], self._fills[item.severity] if column == 1 else body)
        sheet.freeze_panes(3, LINK_COLUMN + 1)
        sheet.autofilter(2, 0, max(2 + len(lines), 3), len(LIST_COLUMNS) - 1)
        sheet.activate()


class _Sheet:
    """One sheet under way: its rows come in order and are written at once."""

    def __init__(self, sheet: Any, headers: Sequence[int], marks: Sequence[Mark]) -> None:
        self._sheet, self._headers = sheet, frozenset(headers)
        self._waiting: dict[int, list[Mark]] = {}
        for item in marks:
            self._waiting.setdefault(max(item.row, 1), []).append(item)
        self._spoken = _gravest(marks)
        self.silent = 0
        self.cells: dict[tuple[int, int], list[Mark]] = {}
        self._widths: list[int] = []
        self._last = 0
        top = min(headers, default=0)
        if 0 < top <= _FROZEN:
            sheet.freeze_panes(top, 0)

    def rows(self, piece: Slice, text: Any, head: Any, fills: Mapping[str, Any]) -> None:
        """Writes some rows; row numbers and order are the original's."""
        if piece.first_row + piece.frame.height - 1 > MAX_ROWS:
            raise KnownError("export.too_many_rows", f"文件超过 Excel 的 {MAX_ROWS:,} 行上限，不能生成标注副本", "请使用“问题清单”逐条改正")
        if not self._widths:
            self._widen(piece.frame.head(_SAMPLE))
        for row, texts in enumerate(piece.frame.iter_rows(), piece.first_row):
            looks = self._looks(row, texts, fills)
            usual = head if row in self._headers else text
            for column, value in enumerate(texts):
                if value is not None:
                    self._sheet.write_string(row - 1, column, value[:MAX_TEXT], looks.pop(column + 1, usual))
            for column, look in sorted(looks.items()):
                self._sheet.write_blank(row - 1, column - 1, None, look)
        self._last = piece.first_row + piece.frame.height - 1

    def rest(self, fills: Mapping[str, Any]) -> None:
        """Findings of rows below the last one."""
        for row in sorted(self._waiting):
            for column, look in sorted(self._looks(row, (), fills).items()):
                self._sheet.write_blank(row - 1, column - 1, None, look)
        if len(self._headers) == 1 and self._last > min(self._headers):
            self._sheet.autofilter(min(self._headers) - 1, 0, self._last - 1, max(len(self._widths) - 1, 0))

    def lines(self) -> Iterator[tuple[Mark, str, str]]:
        """Each finding with its sheet and address, in the order of the rows."""
        from xlsxwriter.utility import xl_rowcol_to_cell

        for (row, column), marks in sorted(self.cells.items()):
            for item in marks:
                yield item, self._sheet.get_name(), xl_rowcol_to_cell(row - 1, column - 1)

    def _looks(self, row: int, texts: Sequence[str | None], fills: Mapping[str, Any]) -> dict[int, Any]:
        """Column -> look of the faulty cells of a row, which get their comments."""
        here: dict[int, list[Mark]] = {}
        for item in sorted(self._waiting.pop(row, ()), key=lambda item: (RANKS[item.severity], item.number)):
            filled = (column for column in item.columns if column <= len(texts) and texts[column - 1])
            here.setdefault(next(filled, item.columns[0]), []).append(item)
        for column, marks in here.items():
            self.cells[row, column] = marks
            self._comment(row, column, marks)
        return {column: fills[worst(marks)] for column, marks in here.items()}

    def _comment(self, row: int, column: int, marks: Sequence[Mark]) -> None:
        """Now or never: rows that are written take no comment."""
        if self._spoken.isdisjoint(item.number for item in marks):
            self.silent += 1
            return
        text = comment_of(marks)
        looks = {"author": AUTHOR, "width": 340, "height": comment_height(text), "font_size": 9}
        self._sheet.write_comment(row - 1, column - 1, text, looks)

    def _widen(self, sample: pl.DataFrame) -> None:
        for column, series in enumerate(sample.get_columns()):
            texts = [text for text in series.to_list() if text]
            # a title over the whole table says nothing about its first column
            longest = sorted(sum(2 if ord(character) > 255 else 1 for character in text) for text in texts)[-3:][:1]
            self._widths.append(min(max((longest or [8])[0] + 2, 8), 40))
            self._sheet.set_column(column, column, self._widths[-1])


def _gravest(marks: Sequence[Mark]) -> frozenset[int]:
    """Numbers of the findings whose cells get a comment, when there are too many cells."""
    places: dict[tuple[int, tuple[int, ...]], list[Mark]] = {}
    for item in marks:
        places.setdefault((item.row, item.columns), []).append(item)
    ordered = sorted(places.items(), key=lambda place: (RANKS[worst(place[1])], place[0]))
    return frozenset(item.number for _, mine in ordered[:MAX_COMMENTS] for item in mine)
