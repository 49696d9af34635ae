"""What a file is, by its content; its name does not matter."""

import re
from pathlib import Path

from lvdesk.tabular.container import Container
from lvdesk.tabular.problems import problem

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OTHER = (
    (b"%PDF", "是 PDF 文档"),
    (b"\x89PNG", "是图片"),
    (b"\xff\xd8\xff", "是图片"),
    (b"GIF8", "是图片"),
    (b"BM", "是图片"),
    (b"II*\0", "是图片"),
    (b"MM\0*", "是图片"),
    (b"Rar!", "是压缩包，请先解压"),
    (b"7z\xbc\xaf", "是压缩包，请先解压"),
    (b"\x1f\x8b", "是压缩包，请先解压"),
    (b"{\\rtf", "是文字文档"),
    (b"MZ", "是程序"),
    (b"\x7fELF", "是程序"),
    (b"SQLite format 3", "是数据库"),
)
_OLD_BIFF = (b"\x09\x00\x04\x00", b"\x09\x02\x06\x00", b"\x09\x04\x06\x00", b"\x09\x08")
_MARKUP = re.compile(r"<(?:!doctype\s+html|html|head|body|table|meta|style|div|tr)\b", re.IGNORECASE)


def sniff_bytes(head: bytes) -> str:
    """``zip``, ``ole``, ``biff`` or ``text`` by the first bytes.

    Raises:
        KnownError: ``file.empty``, ``file.not_table``.
    """
    if not head:
        raise problem("file.empty")
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")):
        return "zip"
    if head.startswith(_OLE):
        return "ole"
    for mark, what in _OTHER:
        if head.startswith(mark) and not (mark in {b"BM", b"MZ"} and b"\0" not in head[:64]):
            raise problem("file.not_table", what)
    return "biff" if head.startswith(_OLD_BIFF) and b"\0" in head[:16] else "text"


def sniff_zip(container: Container) -> str:
    """``xlsx``, ``xlsm``, ``xlsb`` or ``ods`` by the parts of a container.

    Raises:
        KnownError: ``file.not_table``, ``file.damaged``.
    """
    names = container.names()
    if container.has("content.xml"):
        kind = container.read("mimetype", 1000) if container.has("mimetype") else b"spreadsheet"
        if b"spreadsheet" not in kind:
            raise problem("file.not_table", "是其他 OpenDocument 文档")
        return "ods"
    if container.has("xl/workbook.bin"):
        return "xlsb"
    if any(name.startswith(("word/", "ppt/", "visio/")) for name in names) and not any(name.startswith("xl/") for name in names):
        raise problem("file.not_table", "是其他 Office 文档")
    if container.has("[Content_Types].xml"):
        types = container.read("[Content_Types].xml")
        if b"spreadsheetml" in types or any(name.startswith("xl/") for name in names):
            return "xlsm" if b"macroEnabled" in types else "xlsx"
    if container.has("xl/workbook.xml"):
        return "xlsx"
    if any(name.startswith("xl/") for name in names) or not names:
        raise problem("file.damaged")
    inner = any(name.endswith((".xlsx", ".xls", ".csv", ".zip", ".ods", ".et")) for name in names)
    raise problem("file.not_table", "是压缩包，请先解压" if inner else "是压缩包")


def sniff_text(text: str) -> str:
    """``spreadsheetml``, ``html`` or ``csv`` by the beginning of a text.

    Raises:
        KnownError: ``file.not_table`` for other markup.
    """
    head = text[:8192].lstrip("\ufeff \t\r\n")
    if "urn:schemas-microsoft-com:office:spreadsheet" in head and head.startswith("<") and "<html" not in head.lower():
        return "spreadsheetml"
    if head.startswith("<") and _MARKUP.search(head):
        return "html"
    if head.startswith(("<?xml", "<!DOCTYPE")):
        raise problem("file.not_table", "是其他 XML 文件")
    if head.startswith("MIME-Version:"):
        raise problem("file.not_table", "是网页归档，请在 WPS/Excel 中另存为 .xlsx")
    return "csv"


def head_of(path: Path, size: int = 4096) -> bytes:
    """The first bytes of a file.

    Raises:
        KnownError: ``file.missing``, ``file.locked``.
    """
    try:
        with path.open("rb") as stream:
            return stream.read(size)
    except FileNotFoundError as error:
        raise problem("file.missing", path.name) from error
    except OSError as error:
        raise problem("file.locked", path.name) from error
