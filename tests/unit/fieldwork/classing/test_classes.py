"""What a row of field results says against the ledger, class by class; the same in other letters is never a difference."""

from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from lvdesk.fieldwork.classing.answers import Answers
from lvdesk.fieldwork.classing.book import load_book
from lvdesk.fieldwork.classing.classing import classed
from lvdesk.kit.progress import Progress
from tests.helpers.checking import StationOf
from tests.helpers.stations import barcode

HOME, AWAY = "4231757321", "4231757322"
BOX, OTHER = barcode("05", 501), barcode("05", 502)
METERS = [barcode("01", number) for number in range(1, 6)]
MISREAD = METERS[0][:-1] + str((int(METERS[0][-1]) + 1) % 10)
CUSTOMERS = [str(4209747010 + number) for number in range(1, 6)]
PLACE = (115.68, 34.44)
Row = Mapping[str, Any]


def asset(code: str) -> str:
    return code[7:21]


def ledger(**box: Any) -> dict[str, list[dict[str, Any]]]:
    """Customers 0–2 in one box, 3–4 in another, all in one area; a second area without customers."""
    homes = [BOX, BOX, BOX, OTHER, OTHER]
    return {
        "transformer_area": [{"area_no": HOME, "name": "北村2#公变"}, {"area_no": AWAY, "name": "南村1#公变"}],
        "meter_box": [
            {"asset_no": asset(code), "bar_code": code, "area_no": HOME, "longitude": PLACE[0] + n / 500, "latitude": PLACE[1],
             "category": "01", "slot_rows": 2, "slot_columns": 3, **box} for n, code in enumerate((BOX, OTHER))
        ],
        "meter": [
            {"asset_no": asset(code), "bar_code": code, "mp_no": f"P{n}", "box_no": asset(homes[n]), "slot_row": 1,
             "slot_column": n % 3 + 1}
            for n, code in enumerate(METERS)
        ],
        "metering_point": [{"mp_no": f"P{n}", "customer_no": number, "area_no": HOME} for n, number in enumerate(CUSTOMERS)],
        "customer": [
            {"customer_no": number, "name": f"张三{n}", "address": f"某县某镇北村{n}号", "status": "正常用电客户"}
            for n, number in enumerate(CUSTOMERS)
        ],
    }  # fmt: skip


def result(number: int, **more: Any) -> Row:
    """A sound row about one customer; keywords replace cells, ``entity__field``."""
    home = BOX if number < 3 else OTHER
    cells = {
        "customer.customer_no": CUSTOMERS[number], "customer.name": f"张三{number}", "meter.bar_code": METERS[number],
        "meter_box.bar_code": home, "metering_point.area_no": HOME,
        "meter_box.longitude": str(PLACE[0] + (number >= 3) / 500), "meter_box.latitude": str(PLACE[1]),
        "note.verdict": "正常",
    }  # fmt: skip
    return {**cells, **{name.replace("__", "."): value for name, value in more.items()}}


def scan(home: str, *meters: str) -> list[Row]:
    """A row of the handheld scanner: a box and its meters."""
    return [{"template": "handheld_scan", "meter_box.bar_code": home, "meter.bar_code": code} for code in meters]


SHEET = {"sheet_id": 7, "batch": 1, "file": "一班.xlsx", "sha256": "0", "name": "采录结果", "template": "field_return", "system": "field"}


def said(rows: Sequence[Row | list[Row]], tables: Any = None, **frames: Any) -> list[tuple[Any, ...]]:
    """Class, entity, key, field and field value of everything the rows say; each row stands in line 2 and following."""
    placed: list[dict[str, Any]] = []
    for line, row in enumerate(rows, 2):
        for part, cells in enumerate(row if isinstance(row, list) else [row]):
            placed.append({"sheet_id": 7, "sheet_row": line, "item": line * 1000 + part, "template": "field_return", **cells})
    station = StationOf(tables or ledger(), field_rows=placed, sheets=[SHEET], **frames)
    found = classed(Answers(station, load_book(None), station.field_rows), Progress())
    return sorted(found.select("klass", "entity", "key", "field", "field_value").rows(), key=str)


@pytest.mark.parametrize(
    "more",
    [
        {},
        {"customer__name": " 张三０ "},
        {"customer__address": "北村0号"},
        {"customer__name": "张*"},
        {"meter__slot_row": "1", "meter__slot_column": "1"},
        {"meter_box__slot_rows": "2.0"},
        {"metering_point__area_no": None, "metering_point__area_name": "北村 2 号公变"},
        {"note__verdict": "疑似销户"},
        {"note__remark": "旧表已拆，未换"},
        {"meter_box__longitude": str(PLACE[0] + 0.0001)},
        {"note__verdict": "无法进入", "meter_box__longitude": None, "meter_box__latitude": None},
    ],
)
def test_the_same_in_other_letters_is_no_difference(more: dict[str, Any]) -> None:
    assert said([result(0, **more), result(1), result(2), result(3), result(4)]) == []


@pytest.mark.parametrize(
    "more, expected",
    [
        ({"note__verdict": "现场无表"}, ("cancelled", "customer", CUSTOMERS[0], "")),
        ({"note__remark": "账有实无"}, ("cancelled", "customer", CUSTOMERS[0], "")),
        ({"note__verdict": "缺失", "customer__customer_no": None}, ("cancelled", "meter", asset(METERS[0]), "")),
        ({"customer__customer_no": "4209747099", "meter__bar_code": barcode("01", 77)}, ("new", "customer", "4209747099", "")),
        ({"customer__customer_no": None, "meter__bar_code": barcode("01", 77)}, ("new", "meter", asset(barcode("01", 77)), "")),
        ({"customer__customer_no": None, "meter__bar_code": None, "note__remark": "新增（业扩）"}, ("new", "customer", "", "")),
        ({"meter__bar_code": barcode("01", 77)}, ("meter_replaced", "customer", CUSTOMERS[0], "meter.bar_code")),
        (
            {"meter_box__bar_code": OTHER, "meter_box__longitude": str(PLACE[0] + 1 / 500)},
            ("other_box", "meter", asset(METERS[0]), "box_no"),
        ),
        ({"metering_point__area_no": AWAY}, ("other_area", "customer", CUSTOMERS[0], "area_no")),
        ({"metering_point__area_no": None, "metering_point__area_name": "南村1#公变"}, ("other_area", "customer", CUSTOMERS[0], "area_no")),
        ({"note__verdict": "户变不符"}, ("other_area", "customer", CUSTOMERS[0], "area_no")),
        ({"customer__name": "李四"}, ("name_changed", "customer", CUSTOMERS[0], "name")),
        ({"customer__name": "李*"}, ("name_changed", "customer", CUSTOMERS[0], "name")),
        ({"customer__address": "某县某镇北村9号"}, ("address_changed", "customer", CUSTOMERS[0], "address")),
        ({"meter__slot_row": "2", "meter__slot_column": "1"}, ("slot_changed", "meter", asset(METERS[0]), "slot")),
        ({"meter_box__slot_rows": "4"}, ("attribute_changed", "meter_box", asset(BOX), "slot_rows")),
        ({"meter_box__category": "02"}, ("attribute_changed", "meter_box", asset(BOX), "category")),
        ({"meter__bar_code": MISREAD}, ("damaged_identifier", "meter", asset(METERS[0]), "bar_code")),
        ({"customer__customer_no": "4209747099"}, ("damaged_identifier", "customer", CUSTOMERS[0], "customer_no")),
        ({"meter_box__longitude": None}, ("coordinate_missing", "meter_box", asset(BOX), "coordinate")),
        ({"meter_box__longitude": "0", "meter_box__latitude": "0"}, ("coordinate_zero", "meter_box", asset(BOX), "coordinate")),
        (
            {"meter_box__longitude": str(PLACE[1]), "meter_box__latitude": str(PLACE[0])},
            ("coordinate_swapped", "meter_box", asset(BOX), "coordinate"),
        ),
    ],
)
def test_each_deviation_is_said_once(more: dict[str, Any], expected: tuple[str, ...]) -> None:
    found = said([result(0, **more), result(1), result(2), result(3), result(4)])
    assert [each[:4] for each in found] == [expected]


def test_a_box_moved_when_all_its_rows_say_so() -> None:
    away = {"meter_box__longitude": "115.6815"}
    found = said([*(result(n, **away) for n in range(3)), result(3), result(4)])
    assert [each[:4] for each in found] == [("moved_box", "meter_box", asset(BOX), "coordinate")]


def test_an_unknown_box_is_new_and_its_meter_elsewhere() -> None:
    found = said([result(0, meter_box__bar_code=barcode("05", 900)), result(1), result(2)])
    assert [each[:3] for each in found] == [("new", "meter_box", asset(barcode("05", 900))), ("other_box", "meter", asset(METERS[0]))]


def test_a_meter_missing_from_the_full_list_of_its_box_is_gone() -> None:
    assert [each[:3] for each in said([scan(BOX, METERS[0], METERS[1])])] == [("cancelled", "customer", CUSTOMERS[2])]


@pytest.mark.parametrize(
    "rows",
    [
        [scan(BOX, *METERS[:3])],
        [scan(BOX, METERS[0], METERS[1]), result(2)],
        [result(0), result(1)],
        [[{"template": "handheld_scan", "meter_box.bar_code": BOX, "meter.bar_code": None}]],
    ],
    ids=["all there", "seen elsewhere", "rows of customers list no box", "nobody looked inside"],
)
def test_nothing_is_missing_that_nobody_looked_for(rows: list[Any]) -> None:
    assert [each for each in said(rows) if each[0] == "cancelled"] == []


def test_an_unreadable_number_in_a_box_may_be_the_missing_one() -> None:
    found = said([scan(BOX, METERS[1], METERS[2], METERS[0][:15] + "999" + METERS[0][18:])])
    assert [each[:3] for each in found] == [("damaged_identifier", "meter", asset(METERS[0]))]


def test_one_meter_at_two_customers_is_a_duplicate_and_no_replacement() -> None:
    found = said([result(0), result(1, meter__bar_code=METERS[0])])
    assert [each[:3] for each in found] == [("duplicate_identifier", "meter", asset(METERS[0]))]


def test_a_row_that_stands_twice_is_a_duplicate_row() -> None:
    listing = [
        {"sheet_id": 7, "sheet_row": row, "item": row * 1000, "key": CUSTOMERS[0], "digest": 5, "template": "field_return"}
        for row in (2, 3)
    ]
    assert [each[:3] for each in said([result(0), result(0)], listing=listing)] == [("duplicate_row", "customer", CUSTOMERS[0])]


@pytest.mark.parametrize("level, after, key", [("healed", METERS[0], asset(METERS[0])), ("refused", None, "")])
def test_a_restored_number_is_told_and_a_refused_one_too(level: str, after: str | None, key: str) -> None:
    note = {
        "sheet_id": 7, "sheet_row": 2, "template": "field_return", "key": CUSTOMERS[0], "column": "F", "field": "meter.bar_code",
        "before": "4.13E+21", "after": after, "why": "同行用户编号", "level": level,
    }  # fmt: skip
    found = said([result(0, meter__bar_code=after)], notes=[note])
    assert found == [("damaged_identifier", "meter", key, "bar_code", "4.13E+21")]


def test_what_people_write_around_digits_is_no_damage() -> None:
    note = {
        "sheet_id": 7, "sheet_row": 2, "template": "field_return", "key": CUSTOMERS[0], "column": "F", "field": "meter.bar_code",
        "before": f"'{METERS[0]} ", "after": METERS[0], "why": "去除撇号", "level": "healed",
    }  # fmt: skip
    assert said([result(0)], notes=[note]) == []


def test_a_customer_cancelled_in_the_ledger_need_not_be_cancelled_again() -> None:
    tables = ledger()
    tables["customer"][0]["status"] = "已销户客户"
    assert said([result(0, note__verdict="确认销户")], tables) == []


def test_what_the_ledger_does_not_know_is_no_contradiction() -> None:
    tables = ledger(category=None, slot_rows=None, longitude=None)
    tables["meter"][0] |= {"slot_row": None, "box_no": None}
    row = result(0, meter__slot_row="1", meter__slot_column="2", meter_box__category="02", meter_box__slot_rows="3")
    assert said([row, result(1)], tables) == []


def test_old_assets_without_check_digits_are_not_damaged() -> None:
    tables = ledger()
    for n, record in enumerate(tables["meter"]):
        record |= {"asset_no": f"0009{n:06}", "bar_code": f"0009{n:06}"}
    found = said([result(0, meter__bar_code="0009000077")], tables)
    assert [each[:3] for each in found] == [("meter_replaced", "customer", CUSTOMERS[0])]
