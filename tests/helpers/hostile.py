"""Hostile and odd files, made on the spot: what people, broken programs and attackers put under the name of a ledger.

``make(folder)`` writes them all and tells for each what reading must end in: ``ok`` or the code of a refusal.
"""

import io
import random
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import xlwt

HEADERS = ["户号", "户名", "台区编号", "经度"]
ROWS = [["4212327782", "张三", "2500000001", "114.336438432248"], ["0012327783", "李四㐀", "2500000002", "114.5"]]

_TYPES = (
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Override PartName="/xl/workbook.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>'
)
_SPACE = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
_DTD = '<!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'


def sheet_xml(body: str, before: str = "", after: str = "") -> str:
    """A worksheet part with these rows."""
    return f'<?xml version="1.0" encoding="UTF-8"?><worksheet xmlns="{_SPACE}">{before}<sheetData>{body}</sheetData>{after}</worksheet>'


def inline(place: str, text: str) -> str:
    """A cell with text in place."""
    return f'<c r="{place}" t="inlineStr"><is><t>{text}</t></is></c>'


def workbook(sheet: str, more: dict[str, str | bytes] | None = None, *, shared: bool = False, prefix: str = "") -> bytes:
    """A small xlsx around one worksheet part; ``more`` adds or replaces parts."""
    link = f'<Relationship Id="r1" Type="{_LINKS}/worksheet" Target="worksheets/sheet1.xml"/>'
    if shared:
        link += f'<Relationship Id="r2" Type="{_LINKS}/sharedStrings" Target="sharedStrings.xml"/>'
    parts: dict[str, str | bytes] = {
        "[Content_Types].xml": _TYPES,
        "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}"><Relationship Id="r1" Type="{_LINKS}/officeDocument" '
        'Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'{prefix}<workbook xmlns="{_SPACE}" xmlns:r="{_LINKS}"><sheets>'
        '<sheet name="台账" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}">{link}</Relationships>',
        "xl/worksheets/sheet1.xml": sheet,
    }
    parts.update(more or {})
    return zipped(parts)


def zipped(parts: dict[str, str | bytes]) -> bytes:
    """A zip file of these parts."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return target.getvalue()


def plain() -> str:
    """Rows of an ordinary sheet."""
    lines = []
    for number, row in enumerate([HEADERS, *ROWS], 1):
        lines.append(f'<row r="{number}">' + "".join(inline(f"{'ABCD'[i]}{number}", text) for i, text in enumerate(row)) + "</row>")
    return "".join(lines)


def good() -> bytes:
    """An ordinary workbook by openpyxl."""
    book = openpyxl.Workbook()
    for row in [HEADERS, *ROWS]:
        book.worksheets[0].append(row)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def table_text(separator: str = ",") -> str:
    """The same as text."""
    return "".join(separator.join(row) + "\r\n" for row in [HEADERS, *ROWS])


def _encrypted_ole(names: list[str]) -> bytes:
    """The least OLE container with these streams in its root: header, FAT, directory."""
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 16 + struct.pack("<HHHHH6x", 0x3E, 3, 0xFFFE, 9, 6)
    header += struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0)
    header += struct.pack("<109I", 0, *[0xFFFFFFFF] * 108)
    fat = struct.pack("<128I", 0xFFFFFFFD, 0xFFFFFFFE, *[0xFFFFFFFF] * 126)
    entries = b""
    for index, name in enumerate(["Root Entry", *names]):
        text = name.encode("utf-16-le")
        kind, child = (5, 1) if index == 0 else (2, 0xFFFFFFFF)
        right = index + 1 if 0 < index < len(names) else 0xFFFFFFFF
        entries += text.ljust(64, b"\0") + struct.pack("<HBBIII", len(text) + 2, kind, 1, 0xFFFFFFFF, right, child)
        entries += b"\0" * 36 + struct.pack("<IQ", 0xFFFFFFFE, 0)
    return header + fat + entries.ljust(512, b"\0")


def _xls(*, encrypted: bool = False) -> bytes:
    book = xlwt.Workbook()
    sheet = book.add_sheet("台账")
    for number, row in enumerate([HEADERS, *ROWS]):
        for column, text in enumerate(row):
            sheet.write(number, column, text)
    target = io.BytesIO()
    book.save(target)
    content = target.getvalue()
    if encrypted:  # the record behind the globals' BOF becomes FILEPASS
        at = content.index(b"\x09\x08\x10\x00")
        content = content[: at + 20] + b"\x2f\x00" + content[at + 22 :]
    return content


def _bomb() -> bytes:
    return workbook(sheet_xml(" " * (80 << 20)))


def _lying_bomb() -> bytes:
    """The directory claims 1,000 bytes."""
    content = bytearray(_bomb())
    at = -1
    while (at := content.find(b"PK\x01\x02", at + 1)) >= 0:
        if struct.unpack_from("<I", content, at + 24)[0] > 1 << 20:
            struct.pack_into("<I", content, at + 24, 1000)
    return bytes(content)


def _ods(body: str) -> bytes:
    office = "urn:oasis:names:tc:opendocument:xmlns:"
    content = (
        f'<office:document-content xmlns:office="{office}office:1.0" xmlns:table="{office}table:1.0" xmlns:text="{office}text:1.0">'
        f'<office:body><office:spreadsheet><table:table table:name="台账">{body}</table:table></office:spreadsheet></office:body>'
        "</office:document-content>"
    )
    return zipped({"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": content})


_ODS_ROW = '<table:table-row{}><table:table-cell office:value-type="string"><text:p>户号</text:p></table:table-cell></table:table-row>'
_SPREADSHEETML = (
    '<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" '
    'xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet ss:Name="台账"><Table><Row><Cell><Data ss:Type="String">户号'
    '</Data></Cell></Row><Row ss:Index="3"><Cell ss:Index="2"><Data ss:Type="Number">4.5</Data></Cell></Row></Table></Worksheet></Workbook>'
)
_HTML = (
    '<html><head><meta charset="gbk"></head><body><table><tr><td rowspan=2>户号</td><td>户名</td></tr>'
    "<tr><td>张三</td></tr></table></body></html>"
)


def _random(size: int) -> bytes:
    return random.Random(7).randbytes(size)


def _one_bad_byte() -> bytes:
    content = (table_text() * 50).encode()
    at = content.index("张".encode()) + 1
    return content[:at] + b"\xff" + content[at + 1 :]


def _many_columns() -> bytes:
    return ",".join(f"列{number}" for number in range(16_385)).encode() + b"\n1,2\n"


def _shared(count: int, index: int) -> bytes:
    strings = f'<sst xmlns="{_SPACE}" count="{count}" uniqueCount="{count}"><si><t>户号</t></si></sst>'
    cell = f'<row r="1"><c r="A1" t="s"><v>{index}</v></c></row>'
    return workbook(sheet_xml(cell), {"xl/sharedStrings.xml": strings}, shared=True)


_FAR = '<row r="1">' + inline("A1", "户号") + '</row><row r="1048576">' + inline("XFD1048576", "x") + "</row>"
_FAR_SAME_ROW = '<row r="1">' + inline("A1", "户号") + inline("XFD1", "x") + '</row><row r="40000">' + inline("XFD40000", "x") + "</row>"

FILES: dict[str, tuple[Callable[[], bytes], str]] = {
    "ordinary.xlsx": (good, "ok"),
    "zip-bomb.xlsx": (_bomb, "file.bomb"),
    "zip-bomb-lying.xlsx": (_lying_bomb, "file.damaged"),
    "many-parts.xlsx": (lambda: zipped({f"p{number}": b"" for number in range(20_001)}), "file.bomb"),
    "far-cell.xlsx": (lambda: workbook(sheet_xml(_FAR)), "file.absurd"),
    "far-cells.xlsx": (lambda: workbook(sheet_xml(_FAR_SAME_ROW)), "file.absurd"),
    "beyond-sheet.xlsx": (lambda: workbook(sheet_xml('<row r="9999999">' + inline("A9999999", "x") + "</row>")), "file.absurd"),
    "absurd-dimension.xlsx": (lambda: workbook(sheet_xml(plain(), '<dimension ref="A1:XFD1048576"/>')), "ok"),
    "absurd-string-count.xlsx": (lambda: _shared(4_294_967_295, 0), "ok"),
    "string-beyond-table.xlsx": (lambda: _shared(1, 4_000_000_000), "file.damaged"),
    "entity-bomb-sheet.xlsx": (lambda: workbook(_DTD + sheet_xml(plain()).split("?>", 1)[1]), "file.dtd"),
    "entity-bomb-book.xlsx": (lambda: workbook(sheet_xml(plain()), prefix=_DTD), "file.dtd"),
    "entity-bomb-strings.xlsx": (
        lambda: workbook(sheet_xml(plain()), {"xl/sharedStrings.xml": f"{_DTD}<sst><si><t>&b;</t></si></sst>"}, shared=True),
        "file.dtd",
    ),
    "encrypted.xlsx": (lambda: _encrypted_ole(["EncryptedPackage", "EncryptionInfo"]), "file.encrypted"),
    "encrypted.xls": (lambda: _xls(encrypted=True), "file.encrypted"),
    "word-document.xls": (lambda: _encrypted_ole(["WordDocument"]), "file.not_table"),
    "truncated-half.xlsx": (lambda: good()[: len(good()) // 2], "file.damaged"),
    "truncated-end.xlsx": (lambda: good()[:-30], "file.damaged"),
    "truncated-sheet.xlsx": (lambda: workbook(sheet_xml(plain())[:-200]), "file.damaged"),
    "broken-xml.xlsx": (lambda: workbook(sheet_xml(plain()), {"xl/workbook.xml": "<workbook><sheets>"}), "file.damaged"),
    "random.xlsx": (lambda: b"PK\x03\x04" + _random(5000), "file.damaged"),
    "random.xls": (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + _random(5000), "file.damaged"),
    "random.csv": (lambda: _random(50_000), "file.not_table"),
    "zeros.csv": (lambda: b"\0" * 10_000, "file.not_table"),
    "empty.xlsx": (lambda: b"", "file.empty"),
    "empty-zip.xlsx": (lambda: zipped({}), "file.damaged"),
    "no-sheets.xlsx": (
        lambda: workbook("", {"xl/workbook.xml": f'<workbook xmlns="{_SPACE}"><sheets/></workbook>'}),
        "file.no_sheets",
    ),
    "image.xlsx": (lambda: b"\x89PNG\r\n\x1a\n" + _random(500), "file.not_table"),
    "paper.pdf": (lambda: b"%PDF-1.7\n" + _random(500), "file.not_table"),
    "letter.docx": (lambda: zipped({"[Content_Types].xml": "<Types/>", "word/document.xml": "<w/>"}), "file.not_table"),
    "archive.zip": (lambda: zipped({"台账.xlsx": good()}), "file.not_table"),
    "nested.xlsx": (lambda: zipped({"a.zip": zipped({"b.zip": zipped({"c": b"1"})})}), "file.not_table"),
    "climbing-names.xlsx": (lambda: workbook(sheet_xml(plain()), {"../../../etc/cron.d/x": "x", "/abs": "x", "C:\\x": "x"}), "ok"),
    "html-as.xls": (lambda: _HTML.encode("gbk"), "ok"),
    "tsv-as.xls": (lambda: table_text("\t").encode("gb18030"), "ok"),
    "spreadsheetml-as.xls": (_SPREADSHEETML.encode, "ok"),
    "xlsx-as.xls": (good, "ok"),
    "xls-as.xlsx": (_xls, "ok"),
    "utf16.csv": (lambda: table_text().encode("utf-16"), "ok"),
    "utf16-no-mark.csv": (lambda: (table_text() * 5).encode("utf-16-be"), "ok"),
    "gb18030.csv": (lambda: table_text().encode("gb18030"), "ok"),
    "utf8-mark.csv": (lambda: table_text().encode("utf-8-sig"), "ok"),
    "one-bad-byte.csv": (_one_bad_byte, "ok"),
    "nuls.csv": (lambda: table_text().replace("张", "\0张").encode(), "ok"),
    "unbalanced-quote.csv": ((table_text() + '"未完,1\r\n' + table_text()).encode, "ok"),
    "line-breaks.csv": ('户号,地址\r\n1,"一\r\n二"\r\n2,三\r\n'.encode, "ok"),
    "one-long-line.csv": (lambda: b"a," * (9 << 20), "file.absurd"),
    "too-many-columns.csv": (_many_columns, "file.absurd"),
    "repeated-rows.ods": (lambda: _ods(_ODS_ROW.format(' table:number-rows-repeated="1048576"')), "file.absurd"),
    "repeated-blank-rows.ods": (
        lambda: _ods(_ODS_ROW.format("") + '<table:table-row table:number-rows-repeated="1048575"><table:table-cell/></table:table-row>'),
        "ok",
    ),
    "prefixed.xlsx": (
        lambda: workbook(
            sheet_xml(plain()).replace("<", "<x:").replace("<x:/", "</x:").replace("<x:?", "<?").replace("xmlns=", "xmlns:x=")
        ),
        "ok",
    ),
}


def make(folder: Path) -> dict[Path, str]:
    """Writes all files; the path of each with what reading it must end in."""
    folder.mkdir(parents=True, exist_ok=True)
    result = {}
    for name, (content, expected) in FILES.items():
        path = folder / name
        path.write_bytes(content())
        result[path] = expected
    return result
