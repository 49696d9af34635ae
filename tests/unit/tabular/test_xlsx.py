import datetime as dt
from pathlib import Path

import openpyxl
import polars as pl
import pytest
import xlsxwriter

from lvdesk.tabular.workbook import open_workbook
from tests.helpers.hostile import inline, sheet_xml, workbook


def cells(path: Path, sheet: int = 0, size: int = 50_000) -> dict[tuple[int, int], str]:
    """(row, column) → text of every cell that is not blank."""
    book = open_workbook(path)
    found = {}
    for piece in book.slices(book.sheets[sheet].name, size):
        for row, values in enumerate(piece.frame.iter_rows(), piece.first_row):
            found.update({(row, column): text for column, text in enumerate(values, 1) if text is not None})
    return found


def test_every_kind_of_cell_stands_where_it_was(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    values = {
        "C3": "户号",
        "D5": 1.123456789012345,
        "C6": dt.datetime(2024, 3, 5, 9, 10),  # noqa: DTZ001 - wall-clock cells
        "D6": 4.13000515269847e21,
        "E6": 4212327782,
        "C7": dt.date(2024, 3, 5),
        "D7": True,
        "E7": "a&b <c>\n二",
        "C8": "#N/A",
        "AB9": "远",
    }
    for place, value in values.items():
        sheet[place] = value
    book.save(path)
    assert cells(path) == {
        (3, 3): "户号",
        (5, 4): "1.123456789012345",
        (6, 3): "2024-03-05 09:10:00",
        (6, 4): "4.13000515269847E+21",
        (6, 5): "4212327782",
        (7, 3): "2024-03-05",
        (7, 4): "TRUE",
        (7, 5): "a&b <c>\n二",
        (8, 3): "#N/A",
        (9, 28): "远",
    }


@pytest.mark.parametrize("constant_memory", [False, True], ids=["shared strings", "strings in place"])
def test_both_ways_of_keeping_strings(tmp_path: Path, constant_memory: bool) -> None:
    path = tmp_path / "a.xlsx"
    book = xlsxwriter.Workbook(path, {"constant_memory": constant_memory})
    sheet = book.add_worksheet()
    bold = book.add_format({"bold": True})
    for row in range(3000):
        sheet.write_string(row, 0, f"00{row}")
        sheet.write_string(row, 1, " 张三 &" if row % 2 else "_x0041_")
    sheet.write_rich_string(3000, 0, "一", bold, "二", "三")
    book.close()
    found = cells(path, size=700)
    assert found[3000, 1] == "002999"
    assert (found[1, 2], found[2, 2]) == ("_x0041_", " 张三 &")
    assert found[3001, 1] == "一二三"
    assert len(found) == 6001


def test_1904_dates(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    book = openpyxl.Workbook()
    book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
    book.worksheets[0]["A1"] = dt.date(2024, 3, 5)
    book.save(path)
    assert cells(path) == {(1, 1): "2024-03-05"}


def test_hidden_parts_and_merges_are_told(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for row in range(1, 8):
        sheet.append([f"{row}", "x", "y"])
    sheet.row_dimensions[3].hidden = True
    sheet.column_dimensions["B"].hidden = True
    sheet.merge_cells("A4:A6")
    sheet.merge_cells("A1:C1")
    hidden = book.create_sheet("旧")
    hidden.sheet_state = "hidden"
    hidden["B2"] = "旧"
    book.save(path)
    opened = open_workbook(path)
    first, second = opened.sheets
    assert (first.visible, second.visible) == (True, False)
    assert (first.hidden_rows, first.hidden_columns) == ((3,), (2,))
    assert set(first.merges) == {(4, 1, 6, 1), (1, 1, 1, 3)}
    found = cells(path)
    assert [found.get((row, 1)) for row in range(3, 8)] == ["3", "4", "4", "4", "7"]
    assert cells(path, 1) == {(2, 2): "旧"}


def test_a_merge_goes_on_in_the_next_slice(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for row in range(1, 11):
        sheet.append([f"区{row}", "x"])
    sheet.merge_cells("A2:A9")
    book.save(path)
    found = cells(path, size=3)
    assert [found[row, 1] for row in range(1, 11)] == ["区1", *["区2"] * 8, "区10"]


def test_blank_rows_inside_count_and_those_at_the_end_do_not(tmp_path: Path) -> None:
    body = (
        '<row r="2">'
        + inline("B2", "a")
        + '</row><row r="60000">'
        + inline("A60000", "b")
        + '</row><row r="99999"><c r="A99999" s="1"/></row>'
    )
    path = tmp_path / "a.xlsx"
    path.write_bytes(workbook(sheet_xml(body)))
    book = open_workbook(path)
    pieces = list(book.slices("台账", 50_000))
    assert [(piece.first_row, piece.frame.height) for piece in pieces] == [(2, 50_000), (50_002, 9_999)]
    assert all(dtype == pl.String for piece in pieces for dtype in piece.frame.dtypes)
    assert pieces[-1].frame.row(-1) == ("b", None)


@pytest.mark.parametrize(
    "body",
    [
        '<row r="1"><c r="A1" t="s" s="0"><v>0</v></c><c s="1" r="B1"><v>2</v></c></row>',
        '<row><c t="inlineStr"><is><t>户号</t></is></c><c><v>2</v></c></row>',
        '<row r="1">\n <c r="A1" t="inlineStr"><is><t><![CDATA[户号]]></t></is></c><!-- x --><c r="B1"><v>2</v></c></row>',
        '<row r="1" spans="1:2"><c r="A1" t="inlineStr" cm="1"><is><t>户号</t></is></c><c r="B1" vm="1"><f>1+1</f><v>2</v></c></row>',
        "<row r='1'><c r='A1' t='inlineStr'><is><t>户号</t></is></c><c r='B1'><v>2</v></c></row>",
        '<row r="1"><c r="A1" t="inlineStr"><is><r><t>户</t></r><r><rPr><b/></rPr><t>号</t></r></is></c><c r="B1"><v>2.0</v></c></row>',
    ],
    ids=["attributes turned", "no places", "comment and cdata", "more attributes", "single quotes", "rich text"],
)
def test_other_ways_of_writing_the_same(tmp_path: Path, body: str) -> None:
    path = tmp_path / "a.xlsx"
    strings = '<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>户号</t></si></sst>'
    path.write_bytes(workbook(sheet_xml(body), {"xl/sharedStrings.xml": strings}, shared=True))
    assert cells(path) == {(1, 1): "户号", (1, 2): "2"}
