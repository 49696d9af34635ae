"""Rows streamed into a blank workbook: every text comes back as it went in, the rest of the workbook stays."""

import zipfile
from pathlib import Path

import openpyxl
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.utils.escape import unescape

from lvdesk.kit.errors import Cancelled, RefusedError
from lvdesk.kit.progress import Progress
from lvdesk.tabular.pouring import Fill, fill

# What XML can carry; the carriage return is left out, no spreadsheet keeps it.
_TEXTS = st.text(st.characters(blacklist_categories=("Cs", "Cc"), blacklist_characters="\ufffe\uffff"), min_size=1, max_size=20)
_AWKWARD = st.sampled_from(["=1+1", "+86", "-1", "@x", " 前后有空格 ", "两\n行", "a&b<c>\"d'", "_x0041_", "007", "1e5", "true", "汉字😀"])


@pytest.fixture(scope="module")
def blank(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("blank") / "blank.xlsx"
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "表 & 一"
    sheet.append(["甲", "乙", "丙"])
    sheet.column_dimensions["B"].width = 21
    book.create_sheet("二")["A1"] = "不动"
    book.save(path)
    return path


def filled(blank: Path, target: Path, frame: pl.DataFrame) -> Path:
    fill(blank, target, [Fill("表 & 一", 1, [1, 3], frame)], Progress())
    return target


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(*[st.none() | _TEXTS | _AWKWARD] * 2), min_size=1, max_size=5))
def test_every_text_comes_back(blank: Path, tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str | None, str | None]]) -> None:
    frame = pl.DataFrame(rows, schema={"a": pl.String, "b": pl.String}, orient="row")
    sheet = openpyxl.load_workbook(filled(blank, tmp_path_factory.mktemp("out") / "full.xlsx", frame))["表 & 一"]
    back = [tuple(value and unescape(value) for value in row[::2]) for row in sheet.iter_rows(min_row=2, max_col=3, values_only=True)]
    assert back + [(None, None)] * (len(rows) - len(back)) == rows
    assert {cell.data_type for row in sheet.iter_rows() for cell in row if cell.value is not None} == {"s"}


def test_all_other_parts_stay_byte_by_byte(blank: Path, tmp_path: Path) -> None:
    target = filled(blank, tmp_path / "full.xlsx", pl.DataFrame({"a": ["1"], "b": ["2"]}))
    with zipfile.ZipFile(blank) as before, zipfile.ZipFile(target) as after:
        assert before.namelist() == after.namelist()
        other = [name for name in before.namelist() if name not in {"xl/worksheets/sheet1.xml", "xl/styles.xml"}]
        assert [before.read(name) for name in other] == [after.read(name) for name in other]


def test_what_xml_cannot_carry_is_left_out(blank: Path, tmp_path: Path) -> None:
    target = filled(blank, tmp_path / "full.xlsx", pl.DataFrame({"a": ["张\x00三\x0b"], "b": ["\x1f"]}))
    row = next(openpyxl.load_workbook(target)["表 & 一"].iter_rows(min_row=2, values_only=True))
    assert row == ("张三", None, None)


def test_a_cancel_leaves_nothing(blank: Path, tmp_path: Path) -> None:
    progress = Progress()
    progress.cancel()
    with pytest.raises(Cancelled):
        fill(blank, tmp_path / "full.xlsx", [Fill("表 & 一", 1, [1], pl.DataFrame({"a": ["1"]}))], progress)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)], ids=["empty", "cut off", "xls"])
def test_what_is_no_workbook_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "blank.xlsx"
    path.write_bytes(content)
    with pytest.raises(RefusedError) as caught:
        filled(path, tmp_path / "full.xlsx", pl.DataFrame({"a": ["1"], "b": ["2"]}))
    assert caught.value.code == "fill.unreadable"
