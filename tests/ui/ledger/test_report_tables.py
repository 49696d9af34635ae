from pathlib import Path

import pytest

from lvdesk.kit.table import Query
from lvdesk.ledger.model import FileReport
from tests.ui.ledger.fakes import sheet
from ui.panes.ledger import import_words
from ui.panes.ledger.report_tables import (
    healed_table,
    kind_title,
    letter,
    preview_table,
    refused_table,
    remarks_table,
    sheet_status,
    totals,
    visible,
)

VISIBLE = [
    ("张三", "张三"), (" 张三", "␣张三"), ("张三  ", "张三␣␣"), ("\u3000张三", "␣张三"), ("张\xa0三", "张␣三"), ("12\u200b3", "12⟨零宽⟩3"),
    ("  ", "␣␣"), ("", ""), ("a\tb", "a⇥b"),
]  # fmt: skip


@pytest.mark.parametrize("raw,shown", VISIBLE)
def test_blanks_in_raw_cells_are_made_visible(raw: str, shown: str) -> None:
    assert visible(raw) == shown


@pytest.mark.parametrize("index,letters", [(1, "A"), (26, "Z"), (27, "AA"), (702, "ZZ"), (703, "AAA")])
def test_columns_are_lettered_as_in_a_spreadsheet(index: int, letters: str) -> None:
    assert letter(index) == letters


STATUS = [
    (sheet(), False, ("拒值 1", "warning")),
    (sheet(rows_refused=3), False, ("拒收 3", "error")),
    (sheet(refused=()), False, ("40 行", "neutral")),
    (sheet(template=""), False, ("未识别", "warning")),
    (sheet(), True, ("不导入", "neutral")),
]


@pytest.mark.parametrize("report,skipped,said", STATUS)
def test_a_sheet_says_the_worst_of_itself(report: object, skipped: bool, said: tuple[str, str]) -> None:
    assert sheet_status(report, skipped=skipped) == said  # type: ignore[arg-type]


def test_kind_and_encoding_in_words() -> None:
    assert kind_title(FileReport(Path("a.csv"), kind="csv", encoding="gb18030")) == "CSV 文本 · GB18030"
    assert kind_title(FileReport(Path("a"))) == ""


def test_the_tables_of_a_sheet_hold_what_the_report_holds() -> None:
    report = sheet()
    counts = [len(make(report).ids(Query())) for make in (preview_table, healed_table, refused_table, remarks_table)]
    assert counts == [40, 1, 1, 3]
    assert [column.title for column in preview_table(report).columns] == ["行", "用户编号", "用户名称", "电能表条形码", "备注"]
    unknown = preview_table(sheet(template=""))
    assert [column.title for column in unknown.columns] == ["行", "A", "B", "C", "D"]


def test_sums_leave_out_what_is_not_taken() -> None:
    files = (
        FileReport(Path("a"), status="ready", sheets=(sheet(), sheet(template=""))),
        FileReport(Path("b"), status="unchanged", sheets=(sheet(),)),
        FileReport(Path("c"), status="refused"),
    )
    assert totals(files).rows_in == 40
    assert (
        import_words.said(files)
        == "1 个文件（另有 1 个未变化、1 个无法读取）  ·  读入 40 行 = 入库 40 + 拒收 0  ·  治愈 1 处  ·  拒值 1 处"
    )
    assert import_words.differences(totals(files), {"customer": "用户"}) == "用户 新增 38、变更 1、补空值 1、不再列出 1；meter 新增 40"
