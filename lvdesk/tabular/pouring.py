"""Large tables of text into workbooks: rows stream into the sheets' XML of a blank one, ours or somebody else's; all else in it stays.

Cells become inline strings, so that no text turns into a formula, a number or a date. Memory does not grow with the rows.
"""

import re
import shutil
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, Final
from xml.sax.saxutils import quoteattr

import polars as pl
from openpyxl.utils import column_index_from_string, get_column_letter

from lvdesk.kit.errors import RefusedError
from lvdesk.kit.files import replacing
from lvdesk.kit.progress import Progress
from lvdesk.tabular.writing import Looks, refuse_long, sheet_title, xlsx_book
from lvdesk.tabular.xml import parsed

MOST_ROWS: Final = 1_048_576
_LARGEST_BLANK: Final = 64 << 20
"""Bytes of one sheet's XML; a blank form has a few thousand."""
_SLICE: Final = 10_000
_NARROWEST, _WIDEST, _LOOKED_AT = 8, 40, 200
_LEVEL: Final = 1
"""Of deflate: twice as fast as the usual 6, the file a third larger."""
_MAIN: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATION: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_DATA: Final = re.compile(rb"<(?P<p>(?:\w+:)?)sheetData\b[^>]*?(?:/>|>(?P<rows>.*?)</(?P=p)sheetData\s*>)", re.DOTALL)
_ROW: Final = re.compile(rb"<(?:\w+:)?row\b(?P<about>[^>]*?)(?:/>|>(?P<cells>.*?)</(?:\w+:)?row\s*>)", re.DOTALL)
_CELL: Final = re.compile(rb"<(?:\w+:)?c\b(?P<about>[^>]*?)(?:/>|>(?P<inside>.*?)</(?:\w+:)?c\s*>)", re.DOTALL)
_COLUMN: Final = re.compile(rb"<(?:\w+:)?col\b(?P<about>[^>]*?)/?>")
_ATTRIBUTE: Final = re.compile(rb'([\w:]+)\s*=\s*(?:"([^"]*)"|\'([^\']*)\')')
_DIMENSION: Final = re.compile(rb"(<(?:\w+:)?dimension\b[^>]*?ref\s*=\s*[\"'])[^\"']*")
_FORMATS: Final = re.compile(
    rb"(<(?P<p>(?:\w+:)?)cellXfs\b[^>]*?)(?:count\s*=\s*\"\d+\")?([^>]*>)(?P<all>.*?)(</(?P=p)cellXfs\s*>)", re.DOTALL
)
_HEIGHT: Final = ("ht", "customHeight", "s", "customFormat")
_UNFIT: Final = r"[\x00-\x08\x0b-\x1f\ufffe\uffff]"
"""Characters XML cannot carry, and the carriage return, which it would turn into a line feed."""
_LOOKS_ESCAPED: Final = r"_x([0-9A-Fa-f]{4})_"


Table = tuple[str, pl.DataFrame]
"""Name of a sheet and its texts; the columns are named by their headers."""


@dataclass(frozen=True)
class Fill:
    """Rows for one sheet.

    Attributes:
        sheet: its name.
        after: the last row of its header, 1-based; the rows begin beneath.
        columns: the sheet's column number, 1-based, of each column of ``rows``; rising.
        rows: texts; null for an empty cell.
    """

    sheet: str
    after: int
    columns: Sequence[int]
    rows: pl.DataFrame


def pour(target: Path, tables: Sequence[Table], progress: Progress) -> None:
    """Writes tables as a workbook of our own: headers that stay in view, every column text.

    Raises:
        KnownError: ``export.text_too_long``, ``file.in_use``, ``file.not_writable``.
        Cancelled: the user stopped it; nothing of the file stays.
    """
    used: set[str] = set()
    titled = [(sheet_title(name, used), frame) for name, frame in tables]
    with TemporaryDirectory(prefix="lvdesk-") as place:
        blank = _blank(titled, Path(place) / "blank.xlsx")
        fill(blank, target, [Fill(title, 1, range(1, frame.width + 1), frame) for title, frame in titled], progress)


def _blank(tables: Sequence[Table], path: Path) -> Path:
    with xlsx_book(path) as book:
        text = book.add_format({"num_format": "@"})
        head = book.add_format({"bold": True, "bg_color": Looks().head, "border": 1, "text_wrap": True, "valign": "vcenter"})
        for title, frame in tables:
            sheet = book.add_worksheet(title)
            sheet.freeze_panes(1, 0)
            for place, header in enumerate(frame.columns):
                sheet.set_column(place, place, _width(header, frame[header]), text)
                sheet.write_string(0, place, header, head)
    return path


def _width(header: str, texts: pl.Series) -> float:
    """In characters; Chinese ones are two wide. The first rows tell how long texts are."""
    longest = texts.head(_LOOKED_AT).str.len_bytes().max()
    wanted = max(len(header.encode()), int(str(longest or 0))) + 2
    return min(max(wanted, _NARROWEST), _WIDEST)


def fill(blank: Path, target: Path, fills: Sequence[Fill], progress: Progress) -> None:
    """Writes ``blank`` with the rows of ``fills`` as ``target``. New rows look like the first empty row under the header, or its columns.

    Raises:
        RefusedError: ``fill.not_blank`` when a row under a header has values, ``fill.too_long`` when a sheet cannot hold the rows,
            ``fill.unreadable`` when the file is no xlsx workbook.
        KnownError: ``export.text_too_long``, ``file.in_use``, ``file.not_writable``.
        Cancelled: the user stopped it; nothing of the file stays.
    """
    try:
        source = zipfile.ZipFile(blank)
    except (OSError, zipfile.BadZipFile) as error:
        raise _unreadable(blank) from error
    for each in fills:
        refuse_long(each.sheet, each.rows)
    progress.start(f"正在写出 {target.name}", sum(each.rows.height for each in fills))
    with source, replacing(target) as part, zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED, compresslevel=_LEVEL) as made:
        try:
            by_path = {path: each for each in fills for path in [_paths(source)[each.sheet]]}
            text_style, styles = _with_text_style(source)
        except KeyError as error:
            raise _unreadable(blank) from error
        for info in source.infolist():
            if info.filename in by_path:
                _fill_sheet(source, made, info, by_path[info.filename], text_style, progress)
            elif info.filename == "xl/styles.xml":
                made.writestr(info.filename, styles)
            else:
                with source.open(info) as old, made.open(info.filename, "w") as new:
                    shutil.copyfileobj(old, new)


def _unreadable(blank: Path) -> RefusedError:
    return RefusedError(
        "fill.unreadable", f"{blank.name} 不是可以填写的 xlsx 工作簿", "xls 或加密的文件请先在 Excel/WPS 中另存为不加密的 xlsx，再选择它"
    )


def _paths(source: zipfile.ZipFile) -> dict[str, str]:
    """Sheet name -> its part of the package."""
    relations = {each.get("Id"): each.get("Target", "") for each in parsed(source.read("xl/_rels/workbook.xml.rels"))}
    book = parsed(source.read("xl/workbook.xml"))
    found = {}
    for sheet in book.iter(f"{{{_MAIN}}}sheet"):
        place = relations[sheet.get(_RELATION)]
        found[sheet.get("name", "")] = place.lstrip("/") if place.startswith("/") else f"xl/{place}"
    return found


def _with_text_style(source: zipfile.ZipFile) -> tuple[int, bytes]:
    """Number of a style "text" behind the workbook's own, and the styles with it."""
    styles = source.read("xl/styles.xml")
    found = _FORMATS.search(styles)
    if found is None:
        raise KeyError("cellXfs")
    prefix = found["p"].decode()
    count = len(re.findall(rb"<(?:\w+:)?xf\b", found["all"]))
    style = f'<{prefix}xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
    whole = f'<{prefix}cellXfs count="{count + 1}">'.encode() + found["all"] + style.encode() + found[5]
    return count, styles[: found.start()] + whole + styles[found.end() :]


@dataclass(frozen=True)
class _Blank:
    """A blank sheet taken apart: what stands before and after the rows, the kept rows, how new ones look."""

    head: bytes
    kept: bytes
    tail: bytes
    prefix: str
    row_looks: str
    styles: Mapping[int, str]


def _fill_sheet(
    source: zipfile.ZipFile, made: zipfile.ZipFile, info: zipfile.ZipInfo, part: Fill, text_style: int, progress: Progress
) -> None:
    if info.file_size > _LARGEST_BLANK:
        raise RefusedError("fill.not_blank", f"工作表“{part.sheet}”不是空白模板：太大", "请选择接收系统下发的空白模板")
    if part.after + part.rows.height > MOST_ROWS:
        raise RefusedError("fill.too_long", f"工作表“{part.sheet}”装不下 {part.rows.height:,} 行", "请按线路或台区分批导出")
    blank = _taken_apart(source.read(info), part)
    last = get_column_letter(max(part.columns)) + str(part.after + part.rows.height)
    with made.open(info.filename, "w", force_zip64=True) as stream:
        stream.write(_DIMENSION.sub(rb"\g<1>A1:" + last.encode(), blank.head))
        stream.write(f"<{blank.prefix}sheetData>".encode() + blank.kept)
        _write_rows(stream, part, blank, text_style, progress)
        stream.write(f"</{blank.prefix}sheetData>".encode() + blank.tail)


def _taken_apart(xml: bytes, part: Fill) -> _Blank:
    found = _DATA.search(xml)
    if found is None:
        raise RefusedError("fill.unreadable", f"工作表“{part.sheet}”无法填写", "请在 Excel/WPS 中打开模板另存一次，再选择它")
    head, styles = xml[: found.start()], _column_styles(xml[: found.start()])
    kept, looks, first = [], "", True
    for number, row in _numbered(found["rows"] or b""):
        if number <= part.after:
            kept.append(row.group())
            continue
        cells = list(_CELL.finditer(row["cells"] or b""))
        if any(cell["inside"] for cell in cells):
            where = f"工作表“{part.sheet}”第 {number} 行已有内容"
            raise RefusedError("fill.not_blank", f"模板不是空白的：{where}", "请删去表头下面的示例行或旧数据，保存后再选择它")
        if first:
            about = _attributes(row["about"])
            looks = "".join(f" {name}={quoteattr(about[name])}" for name in _HEIGHT if name in about)
            styles |= {place: about["s"] for place, about in _placed(cells) if "s" in about}
            first = False
    return _Blank(head, b"".join(kept), xml[found.end() :], found["p"].decode(), looks, styles)


def _numbered(rows: bytes) -> Iterator[tuple[int, "re.Match[bytes]"]]:
    """Rows with their numbers; those that do not say theirs follow the one before."""
    number = 0
    for row in _ROW.finditer(rows):
        number = int(_attributes(row["about"]).get("r", number + 1))
        yield number, row


def _placed(cells: Sequence["re.Match[bytes]"]) -> Iterator[tuple[int, dict[str, str]]]:
    place = 0
    for cell in cells:
        about = _attributes(cell["about"])
        place = column_index_from_string(about["r"].rstrip("0123456789")) if "r" in about else place + 1
        yield place, about


def _attributes(text: bytes) -> dict[str, str]:
    return {name.decode(): (double or single).decode() for name, double, single in _ATTRIBUTE.findall(text)}


def _column_styles(head: bytes) -> dict[int, str]:
    """Column -> the style the sheet gives it, as far as Excel has columns in use."""
    found: dict[int, str] = {}
    for column in _COLUMN.finditer(head):
        about = _attributes(column["about"])
        if about.get("style", "0") != "0" and "min" in about:
            found |= dict.fromkeys(range(int(about["min"]), min(int(about.get("max", about["min"])), 200) + 1), about["style"])
    return found


def _write_rows(stream: IO[bytes], part: Fill, blank: _Blank, text_style: int, progress: Progress) -> None:
    """The rows' XML, slice by slice; a cancel takes effect between two slices."""
    names = dict(zip(part.rows.columns, part.columns, strict=True))
    bare = {place: style for place, style in blank.styles.items() if place not in part.columns}
    start = part.after + 1
    for piece in part.rows.iter_slices(_SLICE):
        escaped = piece.select(_escaped(pl.col(name)).alias(name) for name in names)
        number = pl.int_range(start, start + piece.height, dtype=pl.Int64).cast(pl.String)
        cells = {place: _cell(escaped[name], place, number, blank, text_style) for name, place in names.items()}
        cells |= {place: pl.concat_str(pl.lit(_open(blank, place)), number, pl.lit(f'" s="{style}"/>')) for place, style in bare.items()}
        row = pl.concat_str(
            pl.lit(f'<{blank.prefix}row r="'), number, pl.lit(f'"{blank.row_looks}>'), *[cells[place] for place in sorted(cells)],
            pl.lit(f"</{blank.prefix}row>"),
        )  # fmt: skip
        text = escaped.select(row.alias("row"))["row"].str.join("")[0]
        stream.write((text or "").encode())
        start += piece.height
        progress.step(piece.height)


def _open(blank: _Blank, place: int) -> str:
    return f'<{blank.prefix}c r="{get_column_letter(place)}'


def _cell(series: pl.Series, place: int, number: pl.Expr, blank: _Blank, text_style: int) -> pl.Expr:
    """A cell's XML: an inline string, or its style alone where there is no text."""
    style = blank.styles.get(place, str(text_style))
    # A text that begins or ends with a blank loses it unless the cell says otherwise; hardly any column has one.
    spaces = ' xml:space="preserve"' if series.str.contains(r"^\s|\s$|\n").any() else ""
    prefix = blank.prefix
    begin = f'" s="{style}" t="inlineStr"><{prefix}is><{prefix}t{spaces}>'
    full = pl.concat_str(
        pl.lit(_open(blank, place)), number, pl.lit(begin), pl.col(series.name), pl.lit(f"</{prefix}t></{prefix}is></{prefix}c>")
    )
    empty = pl.concat_str(pl.lit(_open(blank, place)), number, pl.lit(f'" s="{style}"/>')) if place in blank.styles else pl.lit("")
    return pl.when(pl.col(series.name).is_null() | (pl.col(series.name) == "")).then(empty).otherwise(full)


def _escaped(text: pl.Expr) -> pl.Expr:
    plain = text.cast(pl.String).str.replace_all(_UNFIT, "").str.replace_all(_LOOKS_ESCAPED, "_x005F_x${1}_")
    return plain.str.replace_many(["&", "<", ">"], ["&amp;", "&lt;", "&gt;"])
