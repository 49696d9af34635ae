"""The column of recently used energy, as stations call it; money and capacity are none."""

from pathlib import Path

import pytest

from tests.helpers.stations import barcode, only, workbook

LEDGER = ("用户编号", "用户名称", "用电地址", "用户分类", "合同容量", "台区编号", "电能表条形码")


def ledger(folder: Path, *more: tuple[str, str | float]) -> Path:
    rows = [LEDGER, *(("42097470" + str(n), f"张{n}", "某村", "03", "6", "4231757328", barcode("01", n)) for n in range(10, 16))]
    texts = [header for header, _ in more]
    values = [value for _, value in more]
    return workbook(folder / "a.xlsx", {"用户": [[*rows[0], *texts], *([*row, *values] for row in rows[1:])]})


@pytest.mark.parametrize(
    "header",
    [
        "近期用电量(kWh)", "近12个月用电量", "近12个月用电量（kWh）", "最近12个月用电量", "上月电量(kWh)", "上月用电量（度）", "年用电量",
        "月均电量(千瓦时)", "近一年用电量", "用电量", "累计用电量",
    ],
)  # fmt: skip
def test_headers_of_recent_use(tmp_path: Path, header: str) -> None:
    read = only(ledger(tmp_path, (header, "1,234.5"), ("电量电费", "99"), ("应收电费", "88")))
    assert read.column("customer.recent_kwh") == [1234.5] * 6
    assert read.column("customer.contract_capacity") == [6.0] * 6


@pytest.mark.parametrize(
    "header", ["电量电费", "合同容量(kVA)", "应收电费", "运行容量", "零电量月数", "电量类型", "用电量同比", "线损电量", "上网电量"]
)
def test_headers_of_something_else(tmp_path: Path, header: str) -> None:
    assert "customer.recent_kwh" not in only(ledger(tmp_path, (header, "7"))).fields
