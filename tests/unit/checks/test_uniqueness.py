"""One thing once."""

import json
from typing import Any

import pytest

from tests.helpers.checking import StationOf, found, hits_of

BOX, OTHER = "4130005152698467069774", "4130005155355715227559"
BOX_NO, OTHER_NO = "15269846706977", "15535571522755"


def _sheet(number: int, template: str, file: str = "") -> dict[str, Any]:
    return {"sheet_id": number, "batch": number, "file": file or f"{number}.xlsx", "template": template, "header_row": 1}


def _row(template: str, row: int, sheet: int = 5, item: int = 0, **cells: str) -> dict[str, Any]:
    given = {name.replace("__", "."): value for name, value in cells.items()}
    return {"sheet_id": sheet, "sheet_row": row, "item": item, "template": template, **given}


def _difference(entity: str, key: str, field: str, other: str, **more: Any) -> dict[str, Any]:
    return {
        "entity": entity, "id": 1, "key": key, "field": field, "current": "", "other": other, "system": "marketing", "sheet_id": 5,
        "sheet_row": 9, "template": "customer_ledger", **more,
    }  # fmt: skip


def test_boxes_with_one_barcode_are_both_told_and_the_certain_one_has_a_fix() -> None:
    boxes = [{"asset_no": BOX_NO, "bar_code": BOX}, {"asset_no": OTHER_NO, "bar_code": BOX}, {"asset_no": "X", "bar_code": "7"}]
    hit = hits_of(StationOf({"meter_box": boxes}), "Q10")
    assert hit["key"].to_list() == [BOX_NO, OTHER_NO]
    assert hit["suggestion"].is_null().to_list() == [True, False]
    assert json.loads(hit["suggestion"][1]) == {"bar_code": OTHER}


def test_boxes_without_barcodes_share_none() -> None:
    assert found(StationOf({"meter_box": [{"asset_no": "A"}, {"asset_no": "B"}]}), "Q10") == []


@pytest.mark.parametrize(
    "rows, count",
    [
        ([_row("box_collection", n, meter_box__bar_code=BOX) for n in (2, 8)], 2),
        ([_row("handheld_scan", 2, item=n, meter_box__bar_code=BOX, meter__bar_code=f"M{n}") for n in (2000, 2001)], 0),
        ([_row("field_return", n, meter_box__bar_code=BOX) for n in (2, 3)], 0),
        ([_row("box_collection", 2, meter_box__bar_code=BOX), _row("handheld_scan", 2, 6, meter_box__bar_code=BOX)], 0),
    ],
)
def test_a_list_of_boxes_lists_each_once(rows: list[dict[str, Any]], count: int) -> None:
    assert len(found(StationOf(field_rows=rows), "Q10")) == count


@pytest.mark.parametrize(
    "change, count",
    [({}, 1), ({"decided": True}, 0), ({"system": "field"}, 0), ({"other": "B1"}, 0)],
)
def test_a_ledger_that_puts_a_meter_in_two_boxes(change: dict[str, Any], count: int) -> None:
    difference = _difference("meter", "M1", "box_no", "B2", template="box_survey") | change
    station = StationOf({"meter": [{"asset_no": "M1", "box_no": "B1"}]}, differences=[difference], sheets=[_sheet(5, "box_survey")])
    assert len(found(station, "Q11")) == count


def test_one_meter_in_two_boxes_of_field_results() -> None:
    rows = [_row("field_return", n, meter__asset_no="M1", meter_box__asset_no=box) for n, box in ((2, "B1"), (3, "B1"), (4, "B2"))]
    assert [(key, field) for _, key, field in found(StationOf(field_rows=rows), "Q11")] == [("M1", "box_no")] * 2
    assert found(StationOf(field_rows=rows[:2]), "Q11") == []


def test_two_meters_of_one_barcode_in_two_boxes() -> None:
    meters = [{"asset_no": f"M{n}", "bar_code": "C", "box_no": f"B{n}"} for n in (1, 2)]
    assert len(found(StationOf({"meter": meters}), "Q11")) == 2


@pytest.mark.parametrize(
    "slots, told",
    [
        ([(1, 1), (1, 2), (1, 3)], []),
        ([(1, 1), (1, 1), (1, 3)], ["M0", "M1"]),
        ([(None, 1), (None, 1)], []),
        ([(0, 0), (0, 0)], []),
    ],
)
def test_a_slot_holds_one_meter(slots: list[tuple[int | None, int]], told: list[str]) -> None:
    """Three single-phase meters of one point stand in three slots."""
    meters = [{"asset_no": f"M{n}", "mp_no": "P", "box_no": "B", "slot_row": r, "slot_column": c} for n, (r, c) in enumerate(slots)]
    assert [key for _, key, _ in found(StationOf({"meter": meters}), "Q12")] == told


def test_a_slot_holds_one_meter_in_field_results() -> None:
    rows = [
        _row("box_meter_relation", n, meter__asset_no=m, meter_box__asset_no="B", meter__slot_row="1", meter__slot_column="1.0")
        for n, m in ((2, "M1"), (3, "M2"), (4, "M2"))
    ]
    station = StationOf(field_rows=rows, sheets=[_sheet(5, "box_meter_relation")])
    assert [key for _, key, _ in found(station, "Q12")] == ["M1", "M2"]
    assert found(StationOf(field_rows=rows[1:], sheets=[_sheet(5, "box_meter_relation")]), "Q12") == []


@pytest.mark.parametrize(
    "difference, milder",
    [
        (_difference("customer", "C1", "name", "李四"), [0]),
        (_difference("customer", "C1", "name", "李四", template="box_survey"), [1]),
        (_difference("customer", "C1", "sort", "02"), []),
        (_difference("metering_point", "P1", "area_no", "A2"), [0]),
        (_difference("metering_point", "P1", "area_no", "A2", template="box_survey"), []),
    ],
)
def test_one_number_for_two_customers(difference: dict[str, Any], milder: list[int]) -> None:
    tables = {
        "customer": [{"customer_no": "C1", "name": "张三", "sort": "03"}],
        "metering_point": [{"mp_no": "P1", "customer_no": "C1", "area_no": "A1"}],
    }
    assert hits_of(StationOf(tables, differences=[difference]), "Q13")["milder"].to_list() == milder


@pytest.mark.parametrize(
    "ids, pairs, shared",
    [
        ([("1", "11"), ("2", "12")], [], []),
        ([("1", "11"), ("1", "12")], ["A0", "A1"], []),
        ([("1", "11"), ("2", "11")], ["A0", "A1"], ["A0", "A1"]),
        ([("1", None), ("1", None)], ["A0", "A1"], []),
        ([(None, None), (None, None)], [], []),
    ],
)
def test_ids_of_two_systems_go_in_pairs(ids: list[tuple[str | None, str | None]], pairs: list[str], shared: list[str]) -> None:
    boxes = [{"asset_no": f"A{n}", "marketing_id": m, "gis_id": g} for n, (m, g) in enumerate(ids)]
    station = StationOf({"meter_box": boxes})
    assert sorted({key for _, key, _ in found(station, "Q14")}) == pairs
    assert [key for _, key, _ in found(station, "Q15")] == shared


@pytest.mark.parametrize(
    "numbers, rows, told",
    [
        ([1, 2, 3, 4], [2, 3, 4, 5], []),
        ([1, 2, 4, 5], [2, 3, 5, 6], []),  # a numbered blank row
        ([1, 2, 3, 4], [2, 3, 5, 6], []),  # a blank row without a number
        ([1, 2, 5003, 4, 5], [2, 3, 4, 5, 6], ["G2"]),
        ([1, 2, 4, 5, 6], [2, 3, 4, 5, 6], ["G2"]),
        ([1, 2, 2, 3], [2, 3, 4, 5], ["G2"]),
        ([5, 6, 7], [2, 3, 4], ["G0"]),
        ([1, None, 3], [2, 3, 4], ["G1"]),
    ],
)
def test_poles_are_numbered_from_one(numbers: list[int | None], rows: list[int], told: list[str]) -> None:
    poles = [
        {"pole_no": f"G{n}", "sequence": number, "from_sheet": 5, "from_row": row}
        for n, (number, row) in enumerate(zip(numbers, rows, strict=True))
    ]
    assert [key for _, key, _ in found(StationOf({"pole": poles}, sheets=[_sheet(5, "pole")]), "Q16")] == told


def test_numbers_may_start_again_with_the_next_feeder() -> None:
    poles = [{"pole_no": f"G{n}", "sequence": n % 3 + 1, "feeder_no": str(n // 3), "from_sheet": 5, "from_row": n + 2} for n in range(6)]
    assert found(StationOf({"pole": poles}, sheets=[_sheet(5, "pole")]), "Q16") == []


def _listing(sheet: int, row: int, key: str, digest: int, template: str = "customer_ledger") -> dict[str, Any]:
    return {"sheet_id": sheet, "sheet_row": row, "item": row * 1000, "key": key, "digest": digest, "template": template}


@pytest.mark.parametrize(
    "rows, told",
    [
        ([_listing(5, 2, "C1", 11), _listing(5, 9, "C1", 11)], [9]),
        ([_listing(5, 2, "C1", 11), _listing(5, 9, "C1", 12)], []),
        ([_listing(5, 2, "C1", 11), _listing(6, 2, "C1", 11)], [2]),
        ([_listing(5, 2, "B1", 11, "box_survey"), _listing(6, 2, "B1", 11, "handheld_scan")], []),
    ],
)
def test_a_row_stands_once(rows: list[dict[str, Any]], told: list[int]) -> None:
    station = StationOf(listing=rows, sheets=[_sheet(number, "customer_ledger") for number in (5, 6)])
    assert hits_of(station, "Q17")["sheet_row"].to_list() == told
