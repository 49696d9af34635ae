"""Data rows against everything else that stands in a printed ledger."""

import polars as pl
import pytest

from lvdesk.ledger.rows import sort_rows

HEADER = {"c1": "用户编号", "c2": "用户名称", "c3": "合同容量"}


def sheet(*rows: tuple[str | None, ...]) -> pl.DataFrame:
    frame = pl.DataFrame(rows, schema={"c1": pl.String, "c2": pl.String, "c3": pl.String}, orient="row")
    return frame.with_columns(pl.int_range(5, 5 + len(rows), dtype=pl.Int64).alias("row"))


@pytest.mark.parametrize(
    "cells, skipped",
    [
        ((None, None, None), "空行"),
        (("  ", None, "\u3000"), "空行"),
        (("用户编号", "用户名称", "合同容量"), "重复表头"),
        (("用户 编号", "用户名称", "合同容量"), "重复表头"),
        (("合计", None, "128"), "小计合计"),
        ((None, "小计：", "36"), "小计合计"),
        ((None, "本页合计", "36"), "小计合计"),
        ((None, "共 12 户", None), "小计合计"),
        (("制表：张三", None, "审核：李四"), "标题或落款"),
        (("10kV甲线台账", "10kV甲线台账", "10kV甲线台账"), ""),
        ((None, None, "单位：供电所"), "标题或落款"),
        (("合计12户", None, "128"), "小计合计"),
        (("村东1#公变小计", None, "128"), "小计合计"),
        (("第 1 页 共 3 页", None, None), "标题或落款"),
        (("导出日期：2026-03-02", None, None), "标题或落款"),
        (("合计", "53条", None), "小计合计"),
        (("合计", "共 53 户", "1280"), "小计合计"),
        ((None, "统计局", "8"), ""),
        (("箱编号12", None, None), ""),
    ],
)
def test_rows_that_are_not_data_are_named(cells: tuple[str | None, ...], skipped: str) -> None:
    frame = sheet(("4209747019", "张三", "8"), cells, ("0009747020", "李四", "8"))
    result = sort_rows(frame, ["c1"], HEADER, lambda _cells: False)
    if skipped:
        assert result.skipped == {skipped: 1}
        assert result.data["row"].to_list() == [5, 7]
    else:
        assert result.skipped == {}
        assert result.data.height == 3


def test_a_row_that_only_lacks_its_number_is_data_to_be_refused_aloud() -> None:
    frame = sheet(("4209747019", "张三", "8"), (None, "李四", "8"))
    assert sort_rows(frame, ["c1"], HEADER, lambda _cells: False).data.height == 2


def test_a_repeated_header_may_hold_digits() -> None:
    header = {"c1": "计量箱条形码(22位)", "c2": "行数", "c3": "列数"}
    frame = sheet(("4130005152698467069774", "1", "2"), ("计量箱条形码(22位)", "行数", "列数"))
    assert sort_rows(frame, ["c1"], header, lambda _cells: False).skipped == {"重复表头": 1}


def test_a_further_header_ends_the_table() -> None:
    frame = sheet(("4209747019", "张三", "8"), ("台区编号", "台区名称", None), ("1234567890", "一号公变", None))
    result = sort_rows(frame, ["c1"], HEADER, lambda cells: cells[0] == "台区编号")
    assert result.next_header == 6
    assert result.data["row"].to_list() == [5]


def test_a_numbered_break_in_a_line_of_poles_is_an_empty_row() -> None:
    header = {"c1": "杆塔名称", "c2": "馈线名称", "c3": "序号"}
    rows = sheet(("甲线1号杆", "10kV甲线", "1"), (None, "10kV甲线", "2"), ("甲线2号杆", "10kV甲线", "3"))
    found = sort_rows(rows, ["c1"], header, lambda _cells: False)
    assert (found.data["c3"].to_list(), found.skipped) == (["1", "3"], {"空行": 1})
    elsewhere = sort_rows(rows, ["c1"], header | {"c1": "用户名称"}, lambda _cells: False)
    assert elsewhere.data.height == 3
