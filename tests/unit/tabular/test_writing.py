from pathlib import Path

import openpyxl
import polars as pl
import pytest

from lvdesk.kit.errors import KnownError
from lvdesk.tabular.workbook import open_workbook
from lvdesk.tabular.writing import write_csv, write_sheets

NASTY = [
    "=1+1",
    '=HYPERLINK("http://x.y","z")',
    "+86",
    "-1",
    "@SUM(A1)",
    "http://x.y/",
    " 两边 ",
    "a&b<c>",
    "一\n二",
    "_x0041_",
    "00123",
    "4130001234567890123456",
]


def test_texts_come_back_unchanged_and_none_is_live(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    write_sheets(path, [("台账", ["户号", "备注"], [[text, text] for text in NASTY])], ["户号"])
    cells = [cell for row in openpyxl.load_workbook(path)["台账"].iter_rows(min_row=2) for cell in row]
    assert {cell.data_type for cell in cells} == {"s"}
    assert not any(cell.hyperlink for cell in cells)
    assert {cell.number_format for cell in cells[::2]} == {"@"}
    book = open_workbook(path)
    assert next(iter(book.slices("台账"))).frame["c1"].to_list() == ["户号", *NASTY]


def test_control_plain_openpyxl_makes_formulas_live(tmp_path: Path) -> None:
    path = tmp_path / "naive.xlsx"
    book = openpyxl.Workbook()
    book.worksheets[0].append(["=1+1"])
    book.save(path)
    assert openpyxl.load_workbook(path).worksheets[0]["A1"].data_type == "f"


def test_frames_numbers_empty_tables_and_odd_names(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    frame = pl.DataFrame({"a": ["x", None], "b": [8.5, 9.0], "c": [1, 2]})
    write_sheets(path, [("10kV/东线", ["甲", "甲", "码"], frame), ("10kV:东线", ["乙"], []), ("长" * 40, ["丙"], [[None]])], ["码"])
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["10kV_东线", "10kV_东线 (2)", "长" * 31]
    assert [[cell.value for cell in row] for row in book.worksheets[0].iter_rows(min_row=2)] == [["x", 8.5, "1"], [None, 9, "2"]]
    assert book.worksheets[1]["A1"].value == "乙"


def test_a_text_too_long_is_named(tmp_path: Path) -> None:
    with pytest.raises(KnownError) as caught:
        write_sheets(tmp_path / "a.xlsx", [("台账", ["备注"], [["x"], ["长" * 32_768]])])
    assert caught.value.code == "export.text_too_long"
    assert "第 3 行" in caught.value.message
    assert not list(tmp_path.glob("*.xlsx"))


def test_csv_opens_in_excel_with_chinese(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    write_csv(path, ["户号", "备注"], [["001", 'a"b,\n二'], ["2", None]])
    assert path.read_bytes() == '\ufeff户号,备注\r\n001,"a""b,\n二"\r\n2,\r\n'.encode()
