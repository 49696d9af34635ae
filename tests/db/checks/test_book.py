"""The rule book as a workbook: out, changed in Excel, back in as changes."""

from pathlib import Path
from typing import Any

import openpyxl
import pytest

from lvdesk.checks.book import read_book, write_book
from lvdesk.checks.tuning import change, rules
from lvdesk.kit.errors import KnownError
from lvdesk.workspace import Workspace
from tests.helpers.here import HereReader
from tests.helpers.rulebook import tried_rules
from tests.helpers.stations import edited, workbook

__all__ = ["tried_rules"]

pytestmark = pytest.mark.usefixtures("tried_rules", "near_book")


@pytest.fixture
def near_book(monkeypatch: pytest.MonkeyPatch) -> None:
    """The workbook is read in this process: what is done with its cells matters here."""
    monkeypatch.setattr("lvdesk.checks.book.Reader", HereReader)


@pytest.fixture
def book(local_ws: Workspace, tmp_path: Path) -> Path:
    change(local_ws, {"Q50": {"states": ["甲"]}})
    path = tmp_path / "规则手册.xlsx"
    write_book(local_ws, path)
    return path


def put(path: Path, **cells: Any) -> Path:
    """Writes cells like ``规则_G2``."""

    def change_cells(made: openpyxl.Workbook) -> None:
        for place, value in cells.items():
            sheet, cell = place.split("_")
            made[sheet][cell] = value

    return edited(path, change_cells)


def test_the_book_reads_like_a_page(book: Path) -> None:
    made = openpyxl.load_workbook(book)
    first, second = made["规则"], made["参数"]
    assert [cell.value for cell in first[1]][:8] == ["编号", "类别", "规则", "查什么", "看哪里", "怎样改", "启用", "严重程度"]
    assert [cell.value for cell in first[2]][:3] == ["Q33", "一致性", "行数过少"]
    assert [cell.value for cell in first[2]][6:9] == ["是", "错误", "启用，错误"]
    assert [cell.value for cell in second[3]][:8] == ["Q50", "距离过远", "最大距离", "m", 500, "500", "10～5000 m", "数字"]
    assert [cell.value for cell in second[6]][4:6] == ["甲", "正常用电客户、当前变更客户"]
    assert first.freeze_panes == "D2"
    assert second.freeze_panes == "D2"
    assert first.protection.sheet
    assert [first["A2"].protection.locked, first["G2"].protection.locked] == [True, False]
    assert {rule.formula1 for rule in first.data_validations.dataValidation} == {'"是,否"', '"错误,警告,提示"'}
    assert "恢复出厂" in first["G1"].comment.text


def test_an_untouched_book_changes_nothing(local_ws: Workspace, book: Path) -> None:
    assert read_book(local_ws, book) == read_book(local_ws, edited(book, lambda _made: None))
    assert read_book(local_ws, book).changes == {}
    assert read_book(local_ws, book).problems == ()


def test_edits_come_back_as_changes(local_ws: Workspace, book: Path) -> None:
    put(book, 规则_G2=" × ", 规则_H3="提示", 参数_E2="２ 行", 参数_E3="1,200.5 m", 参数_E6="甲，乙", 参数_E5=None)
    read = read_book(local_ws, book)
    assert read.problems == ()
    assert read.changes == {
        "Q33": {"enabled": False, "rows": 2},
        "Q50": {"severity": "info", "distance": 1200.5, "states": ["甲", "乙"]},
    }
    assert "Q50 距离过远：最大距离 500 m → 1200.5 m" in read.lines
    assert "Q33 行数过少：启用 是 → 否" in read.lines
    change(local_ws, read.changes)
    assert read_book(local_ws, book).changes == {}


def test_an_emptied_cell_stands_for_the_shipped_value(local_ws: Workspace, book: Path) -> None:
    read = read_book(local_ws, put(book, 参数_E6=None))
    assert read.changes == {"Q50": {"states": None}}
    assert read.lines == ("Q50 距离过远：状态 甲 → 正常用电客户、当前变更客户",)
    change(local_ws, read.changes)
    assert not any(view.changed for view in rules(local_ws))


def test_problems_name_sheet_and_row(local_ws: Workspace, book: Path) -> None:
    put(book, 规则_A2="Q77", 规则_G3="也许", 参数_E3="9999", 参数_E4="很多", 参数_C7="不认识", 参数_I7="nothing")
    read = read_book(local_ws, book)
    assert read.changes == {}
    assert [problem.split("：")[0] for problem in read.problems] == [
        "工作表“规则”第 2 行",
        "工作表“规则”第 3 行“启用”",
        "工作表“参数”第 3 行“取值”",
        "工作表“参数”第 4 行“取值”",
        "工作表“参数”第 7 行",
    ]
    assert "应为 10～5000 m" in read.problems[2]


def test_rows_may_be_sorted_and_left_out(local_ws: Workspace, tmp_path: Path) -> None:
    path = workbook(tmp_path / "改.xlsx", {"参数": [["规则编号", "参数", "取值"], ["q50", "占比", 0.5], [None, None, None]]})
    assert read_book(local_ws, path).changes == {"Q50": {"share": 0.5}}


def test_rows_that_contradict_each_other_are_told(local_ws: Workspace, tmp_path: Path) -> None:
    rows = [["规则编号", "参数", "取值"], ["Q50", "占比", 0.5], ["Q50", "占比", 0.6]]
    read = read_book(local_ws, workbook(tmp_path / "改.xlsx", {"参数": rows}))
    assert read.changes == {"Q50": {"share": 0.5}}
    assert read.problems == ("工作表“参数”第 3 行“取值”：与前面的行重复且取值不同，按先出现的取值",)


def test_another_workbook_is_no_rule_book(local_ws: Workspace, tmp_path: Path) -> None:
    with pytest.raises(KnownError) as refused:
        read_book(local_ws, workbook(tmp_path / "台账.xlsx", {"用户": [["户号", "户名"], ["1", "甲"]]}))
    assert refused.value.code == "rules.not_a_book"
