import datetime as dt
from pathlib import Path

import pytest
import xlwt
from odf import opendocument, table, text

from lvdesk.tabular.workbook import open_workbook
from tests.helpers.hostile import FILES, HEADERS, ROWS, good


def rows(path: Path, sheet: int = 0) -> list[tuple[int, tuple[str | None, ...]]]:
    book = open_workbook(path)
    found = []
    for piece in book.slices(book.sheets[sheet].name):
        found += list(enumerate(piece.frame.iter_rows(), piece.first_row))
    return found


@pytest.mark.parametrize(
    "name,kind,encoding",
    [
        ("ordinary.xlsx", "xlsx", None),
        ("xlsx-as.xls", "xlsx", None),
        ("xls-as.xlsx", "xls", None),
        ("tsv-as.xls", "tsv", "gb18030"),
        ("utf16.csv", "csv", "utf-16-le"),
        ("utf16-no-mark.csv", "csv", "utf-16-be"),
        ("gb18030.csv", "csv", "gb18030"),
        ("utf8-mark.csv", "csv", "utf-8"),
        ("nuls.csv", "csv", "utf-8"),
        ("prefixed.xlsx", "xlsx", None),
    ],
)
def test_the_same_table_in_many_clothes(tmp_path: Path, name: str, kind: str, encoding: str | None) -> None:
    path = tmp_path / name
    path.write_bytes(FILES[name][0]())
    book = open_workbook(path)
    assert (book.kind, book.encoding) == (kind, encoding)
    assert rows(path)[:3] == list(enumerate(map(tuple, [HEADERS, *ROWS]), 1))


def test_the_name_does_not_matter(tmp_path: Path) -> None:
    path = tmp_path / "台账.csv"
    path.write_bytes(good())
    assert open_workbook(path).kind == "xlsx"


def test_html_spans(tmp_path: Path) -> None:
    path = tmp_path / "a.xls"
    path.write_bytes(FILES["html-as.xls"][0]())
    assert rows(path) == [(1, ("户号", "户名")), (2, ("户号", "张三"))]
    assert open_workbook(path).sheets[0].merges == ((1, 1, 2, 1),)


def test_spreadsheetml_places(tmp_path: Path) -> None:
    path = tmp_path / "a.xls"
    path.write_bytes(FILES["spreadsheetml-as.xls"][0]())
    assert rows(path) == [(1, ("户号", None)), (2, (None, None)), (3, (None, "4.5"))]


def test_xls_hidden_parts_merges_dates(tmp_path: Path) -> None:
    path = tmp_path / "a.xls"
    book = xlwt.Workbook()
    sheet = book.add_sheet("甲")
    sheet.write(2, 2, "x")
    sheet.write(4, 3, 114.123456789012)
    sheet.write(5, 3, dt.datetime(2024, 3, 5), xlwt.easyxf(num_format_str="yyyy-mm-dd"))  # noqa: DTZ001 - wall-clock cells
    sheet.write(5, 4, 4.13000515269847e21)
    sheet.write_merge(6, 8, 2, 2, "m")
    sheet.write(8, 0, "末行")
    sheet.row(5).hidden = True
    sheet.col(3).hidden = True
    book.add_sheet("乙").visibility = 1
    book.save(str(path))
    first, second = open_workbook(path).sheets
    assert (first.hidden_rows, first.hidden_columns, first.merges) == ((6,), (4,), ((7, 3, 9, 3),))
    assert (first.visible, second.visible) == (True, False)
    found = dict(rows(path))
    assert found[3] == (None, None, "x", None, None)
    assert found[5][3] == "114.123456789012"
    assert found[6][3:] == ("2024-03-05", "4.13000515269847E+21")
    assert [found[row][2] for row in (7, 8, 9)] == ["m", "m", "m"]


def test_ods_values_repeats_and_hidden_rows(tmp_path: Path) -> None:
    path = tmp_path / "a.ods"
    document = opendocument.OpenDocumentSpreadsheet()
    sheet = table.Table(name="甲")
    for attributes, cells in (
        ({"numberrowsrepeated": 2}, []),
        ({}, [("string", {}, "户号"), ("float", {"value": "4212327782"}, "4,212,327,782")]),
        (
            {"visibility": "collapse", "numberrowsrepeated": 2},
            [("date", {"datevalue": "2024-03-05"}, "x"), ("boolean", {"booleanvalue": "true"}, "x")],
        ),
    ):
        row = table.TableRow(**attributes)
        for kind, values, shown in cells:
            cell = table.TableCell(valuetype=kind, **values)
            cell.addElement(text.P(text=shown))
            row.addElement(cell)
        sheet.addElement(row)
    document.spreadsheet.addElement(sheet)
    document.save(str(path))
    assert rows(path) == [(3, ("户号", "4212327782")), (4, ("2024-03-05", "TRUE")), (5, ("2024-03-05", "TRUE"))]
    assert open_workbook(path).sheets[0].hidden_rows == (4, 5)
