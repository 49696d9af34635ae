"""The same two customers in every file format a station hands over, under its own name or a wrong one."""

import csv
import io
from collections.abc import Callable
from pathlib import Path

import odf.opendocument
import odf.table
import odf.text
import pytest
import xlwt

from tests.helpers.stations import barcode, read, workbook

HEADERS = ["用户编号", "用户名称", "用电地址", "合同容量", "计量点编号", "台区编号", "电能表条形码", "计量箱条形码"]
FIRST = ["4209747019", "张三", "某镇1号", "8", "0974701901", "4231757328", barcode("01", 1), barcode("05", 1)]
SECOND = ["0009747020", "李四", "某镇2号,东", "15", "0974702001", "4231757328", barcode("01", 2), barcode("05", 1)]
ROWS = [HEADERS, FIRST, SECOND]


def text(path: Path, encoding: str, delimiter: str) -> None:
    stream = io.StringIO()
    csv.writer(stream, delimiter=delimiter).writerows(ROWS)
    path.write_bytes(stream.getvalue().encode(encoding))


def biff(path: Path) -> None:
    book = xlwt.Workbook(encoding="utf-8")
    sheet = book.add_sheet("用户")
    for number, cells in enumerate(ROWS):
        for place, value in enumerate(cells):
            sheet.write(number, place, value)
    book.save(str(path))


def ods(path: Path) -> None:
    book = odf.opendocument.OpenDocumentSpreadsheet()
    sheet = odf.table.Table(name="用户")
    for cells in ROWS:
        row = odf.table.TableRow()
        for value in cells:
            cell = odf.table.TableCell(valuetype="string")
            cell.addElement(odf.text.P(text=value))
            row.addElement(cell)
        sheet.addElement(row)
    book.spreadsheet.addElement(sheet)
    book.save(str(path))


def html(path: Path) -> None:
    body = "".join("<tr>" + "".join(f"<td x:str>{value}</td>" for value in cells) + "</tr>" for cells in ROWS)
    path.write_text(f'<html><head><meta charset="utf-8"></head><body><table border="1">{body}</table></body></html>', encoding="utf-8")


def spreadsheetml(path: Path) -> None:
    body = "".join("<Row>" + "".join(f'<Cell><Data ss:Type="String">{value}</Data></Cell>' for value in cells) + "</Row>" for cells in ROWS)
    path.write_text(
        '<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>'
        '<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet">'
        f'<Worksheet ss:Name="用户"><Table>{body}</Table></Worksheet></Workbook>',
        encoding="utf-8",
    )


@pytest.mark.parametrize(
    "name, write, kind, encoding",
    [
        ("a.xlsx", lambda path: workbook(path, {"用户": ROWS}), "xlsx", None),
        ("a.xls", lambda path: workbook(path, {"用户": ROWS}), "xlsx", None),
        ("a.xls", biff, "xls", None),
        ("a.xlsx", biff, "xls", None),
        ("a.ods", ods, "ods", None),
        ("a.csv", lambda path: text(path, "utf-8-sig", ","), "csv", "utf-8"),
        ("a.csv", lambda path: text(path, "utf-8", ","), "csv", "utf-8"),
        ("a.csv", lambda path: text(path, "gb18030", ","), "csv", "gb18030"),
        ("a.csv", lambda path: text(path, "utf-16", ","), "csv", "utf-16"),
        ("a.csv", lambda path: text(path, "gb18030", ";"), "csv", "gb18030"),
        ("a.txt", lambda path: text(path, "gb18030", "\t"), "tsv", "gb18030"),
        ("a.xls", lambda path: text(path, "utf-16", "\t"), "tsv", "utf-16"),
        ("a.xls", lambda path: text(path, "gb18030", "\t"), "tsv", "gb18030"),
        ("a.txt", lambda path: text(path, "utf-8", "|"), "csv", "utf-8"),
        ("a.xls", html, "html", "utf-8"),
        ("a.xls", spreadsheetml, "spreadsheetml", None),
    ],
)
def test_every_cell_in_every_format(tmp_path: Path, name: str, write: Callable[[Path], object], kind: str, encoding: str | None) -> None:
    from lvdesk.ledger.prepared import FileFound, Order
    from lvdesk.ledger.preparing import prepare

    path = tmp_path / name
    write(path)
    found = next(iter(prepare(Order(str(path), "", {}, {}, None))))
    assert isinstance(found, FileFound)
    assert found.kind == kind
    assert encoding is None or (found.encoding or "").lower().startswith(encoding)
    table = next(table for table in read(path) if table.template)
    assert table.template == "customer_ledger"
    assert [table.column("customer.customer_no"), table.column("customer.address")] == [
        ["4209747019", "0009747020"],
        ["某镇1号", "某镇2号,东"],
    ]
    assert table.column("meter.bar_code") == [FIRST[6], SECOND[6]]
    assert table.column("metering_point.mp_no") == [FIRST[4], SECOND[4]]
    assert table.column("customer.contract_capacity") == [8.0, 15.0]
    assert (table.rows_in, table.refused, table.healed) == (2, [], [])
    assert [record["row"] for record in table.records["customer"]] == [2, 3]
