"""Damaged identifiers and dates of every form, cell by cell as they leave the reading process."""

from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest

from tests.helpers.stations import Cell, barcode, only, workbook

METER, BOX = barcode("01", 1234567), barcode("05", 7654321)
HEADERS = ["用户编号", "用户名称", "立户日期", "台区编号", "电能表条形码", "计量箱条形码"]


def row(number: int = 0, **values: Cell) -> list[Cell]:
    cells: dict[str, Cell] = {
        "用户编号": f"42097470{number:02d}",
        "用户名称": "张三",
        "立户日期": "2011-09-24",
        "台区编号": "4231757328",
        "电能表条形码": METER,
        "计量箱条形码": BOX,
    }
    return [*(cells | values).values()]


@pytest.mark.parametrize(
    "written",
    [
        "2024-03-05",
        "2024/3/5",
        "2024.3.5",
        "2024年3月5日",
        "20240305",
        "2024-3-5 00:00:00",
        "45356",
        45356,
        date(2024, 3, 5),
        datetime.fromisoformat("2024-03-05"),
        "２０２４－０３－０５",
        "2024年03月05日",
        " 2024-03-05 ",
        "'2024-03-05",
        "2024-03-05T00:00:00",
    ],
)
def test_a_date_in_any_form(tmp_path: Path, written: Cell) -> None:
    table = only(workbook(tmp_path / "dates.xlsx", {"用户": [HEADERS, row(立户日期=written)]}))
    assert table.column("customer.opened_on") == ["2024-03-05"]


@pytest.mark.parametrize("written", ["2024-13-05", "2024-02-30", "不详", "03-05", "1.5"])
def test_what_is_no_date_is_refused_without_its_row(tmp_path: Path, written: str) -> None:
    table = only(workbook(tmp_path / "dates.xlsx", {"用户": [HEADERS, row(立户日期=written)]}))
    assert table.column("customer.opened_on") == [None]
    assert [(refusal.field, refusal.value, refusal.whole_row) for refusal in table.refused] == [("customer.opened_on", written, False)]
    assert table.column("customer.name") == ["张三"]


def test_serial_dates_of_a_1904_workbook(tmp_path: Path) -> None:
    def old(book: openpyxl.Workbook) -> None:
        book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904

    path = workbook(tmp_path / "dates.xlsx", {"用户": [HEADERS, row(立户日期=date(2024, 3, 5))]})
    made = openpyxl.load_workbook(path)
    old(made)
    made["用户"]["C2"].value = datetime.fromisoformat("2024-03-05")
    made.save(path)
    assert only(path).column("customer.opened_on") == ["2024-03-05"]


@pytest.mark.parametrize(
    "written, kind",
    [
        ("3.43E+21", "scientific"),
        ("3.43005E+21", "scientific"),
        (float(METER[:15] + "0" * 7), "scientific"),
        (METER[:15] + "0" * 7, "truncated"),
        ("３.４３Ｅ＋２１", "scientific"),
    ],
)
def test_a_barcode_that_lost_digits_waits_for_evidence(tmp_path: Path, written: Cell, kind: str) -> None:
    table = only(workbook(tmp_path / "damage.xlsx", {"用户": [HEADERS, row(电能表条形码=written), row(1)]}))
    assert [(damage.row, damage.field, damage.kind) for damage in table.damages] == [(2, "meter.bar_code", kind)]
    assert table.column("customer.customer_no") == ["4209747000", "4209747001"]
    assert table.column("meter.bar_code") == [METER]


@pytest.mark.parametrize(
    "written, read",
    [
        ("４２０９７４７０１９", "4209747019"),
        ("4209747019.0", "4209747019"),
        ("'4209747019", "4209747019"),
        ("4209747019\u00a0", "4209747019"),
        ("\u200b4209747019", "4209747019"),
        ("\u30004209747019 ", "4209747019"),
        ("4209 7470 19", "4209747019"),
        (4209747019, "4209747019"),
        ("4209747019\t", "4209747019"),
        ("42O9747019", None),
    ],
)
def test_dirt_around_a_number(tmp_path: Path, written: Cell, read: str | None) -> None:
    table = only(workbook(tmp_path / "dirt.xlsx", {"用户": [HEADERS, row(用户编号=written)]}))
    if read is None:
        assert table.column("customer.customer_no") in ([], ["42O9747019"])
    else:
        assert table.column("customer.customer_no") == [read]
        assert table.refused == []


def test_a_number_shorter_than_its_column_waits_for_evidence(tmp_path: Path) -> None:
    rows = [HEADERS, *(row(n) for n in range(10)), row(10, 用户编号=9747020)]
    table = only(workbook(tmp_path / "short.xlsx", {"用户": rows}))
    assert [(damage.row, damage.value, damage.kind, damage.known) for damage in table.damages] == [(12, "9747020", "short", "0009747020")]
    assert "0009747020" not in table.column("customer.customer_no")


def test_healing_is_told_with_both_texts(tmp_path: Path) -> None:
    table = only(workbook(tmp_path / "told.xlsx", {"用户": [HEADERS, row(用户编号="４２０９７４７０１９")]}))
    told = [(healed.row, healed.field, healed.column, healed.before, healed.after) for healed in table.healed]
    assert told == [(2, "customer.customer_no", "A", "４２０９７４７０１９", "4209747019")]
    assert table.healed[0].why
