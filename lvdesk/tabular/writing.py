"""Plain tables out: fast, every text a string cell (an imported ``=1+1`` never becomes a formula), codes keep their digits.

Blank templates and anything with looks are made elsewhere with openpyxl.
"""

import itertools
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import polars as pl

from lvdesk.kit.errors import KnownError
from lvdesk.kit.files import replacing

PROBLEM_SHEET = "问题清单"
"""The sheet that marked copies carry beside the user's own; it is no data when the copy comes back."""
COPY_PROPERTY = "lvdesk_batch"
"""The custom document property of a marked copy: the SHA-256 of the file it was made from."""

MAX_TEXT = 32_767
MAX_DATA_ROWS = 1_048_575
LINE_HEIGHT = 15.0
_MOST_LINES = 20
_NAME_LENGTH = 31
_FORBIDDEN = re.compile(r"[\[\]:*?/\\]")

Rows = Iterable[Sequence[Any]] | pl.DataFrame
Sheet = tuple[str, Sequence[str], Rows]
"""Name, headers, rows (or a frame with the columns in the order of the headers)."""


@dataclass(frozen=True)
class Looks:
    """How tables look that people read and sort in Excel; columns are named by their headers.

    Attributes:
        widths: in characters; other columns keep Excel's width.
        fills: column -> how the text of a cell begins -> its colour (#RRGGBB).
        wrapped: columns whose texts break into lines; they need a width.
        head: colour of the header.
        frozen: columns that stay in view; the header always does, and has filters.
    """

    widths: Mapping[str, float] = field(default_factory=dict)
    fills: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    wrapped: frozenset[str] = frozenset()
    head: str = "#E2EFDA"
    frozen: int = 0


def write_sheets(target: Path, sheets: Iterable[Sheet], text_columns: Iterable[str] = (), looks: Looks | None = None) -> None:
    """Writes a workbook in one step: the name ``target`` never stands for half a file.

    Texts become string cells, numbers number cells. Columns whose header is in ``text_columns`` are text throughout and formatted as
    such, so that a code typed later stays one too. A table longer than Excel's sheets goes on in another sheet.

    Raises:
        KnownError: ``export.text_too_long`` names the cell; ``file.in_use`` and ``file.not_writable`` as in ``kit.files``.
    """
    import rustpy_xlsxwriter

    texts = frozenset(text_columns)
    tables: list[tuple[str, Any]] = []
    formats: dict[str, Any] = {}
    used: set[str] = set()
    wrapped = looks.wrapped if looks else frozenset()
    for name, headers, rows in sheets:
        frame = _frame(headers, rows, texts)
        refuse_long(name, frame)
        for part in _parts(frame):
            title = sheet_title(name, used)
            tables.append((title, part))
            formats[title] = {
                column: _format(text=header in texts, wrap=header in wrapped)
                for column, header in zip(part.columns, headers, strict=True)
                if header in texts or header in wrapped
            }
    with replacing(target) as part_path:
        rustpy_xlsxwriter.write_worksheets(tables, str(part_path), column_formats=formats, **_looks(looks, tables))


def _format(*, text: bool, wrap: bool) -> Any:
    import rustpy_xlsxwriter

    made = rustpy_xlsxwriter.Format()
    if text:
        made = made.set_num_format("@")
    return made.set_text_wrap().set_align("top") if wrap else made


def _looks(looks: Looks | None, tables: Sequence[tuple[str, pl.DataFrame]]) -> dict[str, Any]:
    """The writer's options, sheet by sheet."""
    if looks is None:
        return {}
    import rustpy_xlsxwriter

    head = rustpy_xlsxwriter.Format().set_bold().set_background_color(looks.head).set_border("thin").set_text_wrap()
    fills: dict[str, Any] = {}
    widths: dict[str, Any] = {}
    heights: dict[str, Any] = {}
    for title, frame in tables:
        heights[title] = _heights(frame, looks)
        widths[title] = {name: looks.widths[name.strip()] for name in frame.columns if name.strip() in looks.widths}
        fills[title] = {
            name: [_coloured(text, colour) for text, colour in looks.fills[name].items()] for name in frame.columns if name in looks.fills
        }
    return {
        "freeze_panes": {"general": {"row": 1, "col": looks.frozen}},
        "column_widths": widths,
        "row_heights": heights,
        "page_setup": {"general": {"landscape": True, "paper_size": 9, "fit_to_pages": (1, 0), "repeat_rows": 0}},
        "conditional_formats": fills,
        "header_format": dict.fromkeys(widths, head),
        "autofilter": dict.fromkeys(widths, True),
    }


def _heights(frame: pl.DataFrame, looks: Looks) -> dict[int, float]:
    """Row -> height of the rows that need several lines: not every program finds that out when it opens the file."""
    broken = [name for name in frame.columns if name.strip() in looks.wrapped and frame[name].dtype == pl.String]
    if not broken or frame.is_empty():
        return {}
    # a Han character has three bytes and stands two wide
    lines = [(pl.col(name).str.len_bytes() + pl.col(name).str.len_chars()) / 2 / looks.widths[name.strip()] for name in broken]
    counts = frame.select(pl.max_horizontal(lines).ceil().clip(1, _MOST_LINES).fill_null(1)).to_series()
    return {row: LINE_HEIGHT * count for row, count in enumerate(counts, 1) if count > 1}


def line_height(texts: Iterable[tuple[str, float]]) -> float:
    """Height of a row with these (text, width of its column) when they break into lines."""
    lines = max((-(-(len(text.encode()) + len(text)) // 2 // width) for text, width in texts), default=1)
    return LINE_HEIGHT * min(max(lines, 1), _MOST_LINES)


def _coloured(text: str, colour: str) -> dict[str, Any]:
    import rustpy_xlsxwriter

    return {"type": "text", "criteria": "begins_with", "value": text, "format": rustpy_xlsxwriter.Format().set_background_color(colour)}


@contextmanager
def xlsx_book(target: Path, **options: Any) -> Iterator[Any]:
    """A new XlsxWriter workbook for sheets with looks of their own; at the end it takes the target's name at once.

    Texts stay texts, whatever they begin with. ``options`` are XlsxWriter's own, e.g. ``constant_memory``.

    Raises:
        KnownError: ``file.in_use`` and ``file.not_writable`` as in ``kit.files``.
    """
    import xlsxwriter
    from xlsxwriter.exceptions import FileCreateError

    plain = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with replacing(target) as path:
        book = xlsxwriter.Workbook(str(path), {**plain, **options})
        try:
            yield book
        finally:
            # closed on errors too: its temporary files must go
            try:
                book.close()
            except FileCreateError as error:
                cause = error.args[0] if error.args else None
                raise (cause if isinstance(cause, OSError) else OSError(str(error))) from error


def write_csv(target: Path, headers: Sequence[str], rows: Rows) -> None:
    """Writes UTF-8 with a byte order mark and Windows line ends: Excel and WPS open it with Chinese intact.

    Raises:
        KnownError: ``file.in_use`` and ``file.not_writable`` as in ``kit.files``.
    """
    frame = _frame(headers, rows, frozenset())
    heading = pl.DataFrame([pl.Series(f"c{index}", [header], dtype=pl.String) for index, header in enumerate(headers)])
    with replacing(target) as part, part.open("wb") as stream:
        heading.write_csv(stream, include_bom=True, include_header=False, line_terminator="\r\n")
        frame.write_csv(stream, include_header=False, line_terminator="\r\n")


def _frame(headers: Sequence[str], rows: Rows, texts: frozenset[str]) -> pl.DataFrame:
    """The rows as a frame of text and number columns, named by the headers (made distinct where two are the same)."""
    if isinstance(rows, pl.DataFrame):
        columns = [_column(series, header in texts) for series, header in zip(rows.get_columns(), headers, strict=True)]
    else:
        values = list(itertools.zip_longest(*rows)) or [()] * len(headers)
        values += [(None,) * len(values[0])] * (len(headers) - len(values))
        columns = [_values(column, header in texts) for column, header in zip(values, headers, strict=True)]
    return pl.DataFrame([column.alias(name) for column, name in zip(columns, _distinct(headers), strict=True)])


def _column(series: pl.Series, text: bool) -> pl.Series:  # noqa: FBT001 - the column's one property
    return series if series.dtype.is_numeric() and not text else series.cast(pl.String)


def _values(values: Sequence[Any], text: bool) -> pl.Series:  # noqa: FBT001 - the column's one property
    numbers = not text and all(value is None or (isinstance(value, (int, float)) and not isinstance(value, bool)) for value in values)
    if numbers and any(value is not None for value in values):
        return pl.Series(values, dtype=pl.Float64 if any(isinstance(value, float) for value in values) else pl.Int64)
    return pl.Series([value if value is None or isinstance(value, str) else str(value) for value in values], dtype=pl.String)


def _distinct(headers: Sequence[str]) -> list[str]:
    """Frames need distinct names; a second 备注 gets blanks behind it, which nobody sees."""
    names: list[str] = []
    for header in headers:
        name = header
        while name in names:
            name += " "
        names.append(name)
    return names


def refuse_long(sheet: str, frame: pl.DataFrame) -> None:
    """Raises ``export.text_too_long`` with the place of a text that no cell can hold."""
    for name, series in zip(frame.columns, frame.get_columns(), strict=True):
        if series.dtype == pl.String:
            long = (series.str.len_chars() > MAX_TEXT).arg_true()
            if len(long):
                where = f"工作表“{sheet}”第 {int(long[0]) + 2} 行“{name.strip()}”"
                raise KnownError("export.text_too_long", f"{where}的文字超过 {MAX_TEXT} 字的上限", "请缩短这个值，或改为导出 CSV")


def _parts(frame: pl.DataFrame) -> Iterator[pl.DataFrame]:
    for start in range(0, max(frame.height, 1), MAX_DATA_ROWS):
        yield frame.slice(start, MAX_DATA_ROWS)


def sheet_title(name: str, used: set[str]) -> str:
    """A sheet name that Excel allows and that is new in this workbook; ``used`` remembers it."""
    base = _FORBIDDEN.sub("_", name).strip("'")[:_NAME_LENGTH] or "工作表"
    title, number = base, 1
    while title.lower() in used:
        number += 1
        ending = f" ({number})"
        title = base[: _NAME_LENGTH - len(ending)] + ending
    used.add(title.lower())
    return title
