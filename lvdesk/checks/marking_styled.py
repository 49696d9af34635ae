"""Marks the user's own workbook: formats, formulas and order stay. Runs in the guarded reading process only: the file may be hostile."""

import logging
import warnings
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

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
    quoted,
    told,
    worst,
)
from lvdesk.kit.errors import KnownError
from lvdesk.tabular.pulse import pulse
from lvdesk.tabular.workbook import open_workbook
from lvdesk.tabular.writing import COPY_PROPERTY, PROBLEM_SHEET, sheet_title

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

_log = logging.getLogger(__name__)

MAX_XML: Final = 60 << 20
"""Bytes of inflated parts that openpyxl bears: about 800,000 cells, half a gigabyte, half a minute."""
MAX_MARKS: Final = 20_000
"""Findings; the list of more is written faster anew."""
_AFTER: Final = "\n—— 以下为校验说明 ——\n"
_HEAD: Final = "E2EFDA"

Cells = Mapping[tuple[int, int], list[Mark]]


def mark(order: Order) -> Iterator[int]:
    """Writes the marked copy and yields the number of coloured cells; -1 when the workbook cannot be kept as it is.

    Raises:
        KnownError: as ``open_workbook``, or the copy cannot be written.
    """
    source = Path(order.source)
    if open_workbook(source).kind not in {"xlsx", "xlsm"} or len(order.marks) > MAX_MARKS or _weight(source) > MAX_XML:
        yield -1
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl tells what it does not keep, nobody reads it here
        try:
            book = _opened(source)
        except (MemoryError, KnownError):
            raise
        except Exception as error:  # noqa: BLE001 - odd workbooks fail in openpyxl in a hundred ways
            _log.info("openpyxl cannot keep a workbook: %s", type(error).__name__)
            yield -1
            return
        count = _marked(book, order)
        try:
            book.save(order.target)
        except OSError as error:
            raise KnownError("file.not_writable", f"无法写入标注副本：{error.strerror or error}", "请检查磁盘空间和文件夹权限") from error
    yield count


def _weight(path: Path) -> int:
    with zipfile.ZipFile(path) as archive:
        return sum(part.file_size for part in archive.infolist() if part.filename.endswith(".xml"))


def _opened(path: Path) -> Any:
    import openpyxl

    book: Any = openpyxl.load_workbook(path, rich_text=True)
    pulse()
    if any(item.name == COPY_PROPERTY for item in book.custom_doc_props.props):
        _clear(book)
    return book


def _clear(book: Any) -> None:
    """Takes out what an earlier marking of ours left: corrected cells must not stay red."""
    from openpyxl.comments import Comment
    from openpyxl.styles import PatternFill

    del book.custom_doc_props[COPY_PROPERTY]
    if PROBLEM_SHEET in book.sheetnames and len(book.sheetnames) > 1:
        del book[PROBLEM_SHEET]
    ours = {f"00{colour}" for colour in FILLS.values()} | {f"FF{colour}" for colour in FILLS.values()}
    for sheet in book.worksheets:
        pulse()
        for row in sheet.iter_rows():
            for cell in row:
                if cell.has_style and cell.fill.fill_type == "solid" and cell.fill.fgColor.rgb in ours:
                    cell.fill = PatternFill()
                if cell.comment is not None and cell.comment.author == AUTHOR:
                    cell.comment = None
                elif cell.comment is not None and _AFTER in cell.comment.text:
                    cell.comment = Comment(cell.comment.text.split(_AFTER)[0], cell.comment.author)


def _marked(book: Any, order: Order) -> int:
    from openpyxl.packaging.custom import StringProperty

    count, lines = 0, []
    silent: dict[str, int] = {}
    for name in book.sheetnames:
        mine = [item for item in order.marks if item.sheet == name]
        if mine:
            cells, placed = _placed(book[name], mine)
            missed = _paint(book[name], cells)
            count += len(cells)
            silent |= {name: missed} if missed else {}
            lines += placed
    title = sheet_title(PROBLEM_SHEET, {name.lower() for name in book.sheetnames})
    _list(book.create_sheet(title, 0), lines, told(order.marks, silent))
    _first(book)
    book.custom_doc_props.append(StringProperty(name=COPY_PROPERTY, value=order.sha256))
    return count


def _placed(sheet: "Worksheet", marks: Sequence[Mark]) -> tuple[Cells, list[tuple[Mark, str]]]:
    """The findings by cell, and each with its cell's address in the order of the rows."""
    from openpyxl.cell.cell import MergedCell

    cells: dict[tuple[int, int], list[Mark]] = {}
    lines = []
    for item in sorted(marks, key=lambda item: (item.row, item.columns, RANKS[item.severity], item.number)):
        row, column = max(item.row, 1), _column(sheet, item)
        if isinstance(sheet.cell(row, column), MergedCell):
            merged = next((area for area in sheet.merged_cells.ranges if sheet.cell(row, column).coordinate in area), None)
            row, column = (merged.min_row, merged.min_col) if merged else (row, column)
        cells.setdefault((row, column), []).append(item)
        lines.append((item, sheet.cell(row, column).coordinate))
    return cells, lines


def _column(sheet: "Worksheet", item: Mark) -> int:
    filled = (column for column in item.columns if sheet.cell(max(item.row, 1), column).value not in {None, ""})
    return next(filled, item.columns[0])


def _paint(sheet: "Worksheet", cells: Cells) -> int:
    """Colours and comments; gives the number of cells without a comment."""
    from openpyxl.comments import Comment
    from openpyxl.styles import PatternFill

    fills = {level: PatternFill("solid", fgColor=f"FF{colour}") for level, colour in FILLS.items()}
    ordered = sorted(cells.items(), key=lambda cell: (RANKS[worst(cell[1])], cell[0]))
    for number, ((row, column), marks) in enumerate(ordered):
        cell = sheet.cell(row, column)
        cell.fill = fills[worst(marks)]
        if number < MAX_COMMENTS:
            text, author = comment_of(marks), AUTHOR
            if cell.comment is not None:
                text, author = f"{cell.comment.text}{_AFTER}{text}", cell.comment.author
            cell.comment = Comment(text, author, height=comment_height(text), width=340)
        if not number % 1_000:
            pulse()
    return max(len(cells) - MAX_COMMENTS, 0)


def _list(sheet: Any, lines: Sequence[tuple[Mark, str]], sentences: tuple[str, str]) -> None:
    """The list of problems with links to the cells."""
    from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
    from openpyxl.utils import get_column_letter

    for row, sentence in enumerate(sentences, 1):
        sheet.cell(row, 1, sentence).font = Font(bold=row == 1)
    line = Side("thin", color="FFBFBFBF")
    border, top = Border(line, line, line, line), Alignment(vertical="top", wrap_text=True)
    head = PatternFill("solid", fgColor=f"FF{_HEAD}")
    for column, (title, width) in enumerate(LIST_COLUMNS, 1):
        cell = sheet.cell(3, column, title)
        cell.font, cell.fill, cell.border = Font(bold=True), head, border
        sheet.column_dimensions[get_column_letter(column)].width = width
    fills = {level: PatternFill("solid", fgColor=f"FF{colour}") for level, colour in FILLS.items()}
    for row, (item, place) in enumerate(lines, 4):
        for column, text in enumerate(line_of(item, place), 1):
            cell = sheet.cell(row, column)
            _put_text(cell, text)
            cell.alignment, cell.border = top, border
        sheet.cell(row, 2).fill = fills[item.severity]
        sheet.row_dimensions[row].height = list_height(item)
        if row - 4 < MAX_LINKS:
            _link(sheet.cell(row, LINK_COLUMN + 1), f"{quoted(item.sheet)}!{place}")
        if not row % 500:
            pulse()
    sheet.freeze_panes = "E4"
    sheet.auto_filter.ref = f"A3:{get_column_letter(len(LIST_COLUMNS))}{max(3 + len(lines), 4)}"
    sheet.page_setup.orientation, sheet.page_setup.fitToHeight = "landscape", 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True


def _put_text(cell: Any, text: str) -> None:
    """A text stays one, whatever it begins with; characters that XML does not know are left out."""
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    cell.value = ILLEGAL_CHARACTERS_RE.sub("", text)[:32_000]
    cell.data_type, cell.number_format = "s", "@"


def _link(cell: Any, location: str) -> None:
    from openpyxl.styles import Font
    from openpyxl.worksheet.hyperlink import Hyperlink

    cell.hyperlink = Hyperlink(ref=cell.coordinate, location=location)
    cell.font = Font(color="FF0563C1", underline="single")


def _first(book: Any) -> None:
    """Opens on the list; a second selected sheet would be edited along with it."""
    book.active = 0
    for number, sheet in enumerate(book._sheets):  # noqa: SLF001 - chart sheets stand only there
        for view in getattr(getattr(sheet, "views", None) or sheet.sheetViews, "sheetView", ()):
            view.tabSelected = number == 0
