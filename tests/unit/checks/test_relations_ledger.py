"""Rows of ledgers that say different things about one record."""

from typing import Any

import pytest

from tests.helpers.checking import StationOf, hits_of

TABLES = {
    "meter": [{"asset_no": "M1", "wiring": "3", "slot_row": 2, "multiplier": 1.0}],
    "meter_box": [{"asset_no": "K1", "material": "金属", "longitude": 115.0}],
    "customer": [{"customer_no": "U1", "name": "张三", "sort": "03"}],
}


def _differs(place: str, other: str, *, system: str = "marketing", decided: bool = False) -> dict[str, Any]:
    entity, _, field = place.partition(".")
    key = {"meter": "M1", "meter_box": "K1", "customer": "U1"}[entity]
    row = {"template": "box_survey", "sheet_id": 3, "sheet_row": 8, "system": system, "decided": decided}
    return {"entity": entity, "id": 1, "key": key, "field": field, "current": "", "other": other, **row}


@pytest.mark.parametrize(
    "difference, expected",
    [
        (_differs("meter.wiring", "1"), [("M1", "wiring", 0)]),
        (_differs("meter.wiring", "3"), []),  # the record says it by now
        (_differs("meter.wiring", "1", system="field"), []),
        (_differs("meter.wiring", "1", decided=True), []),
        (_differs("meter.slot_row", "1"), [("M1", "slot_row", 0)]),
        (_differs("meter.multiplier", "1"), []),  # 1 and 1.0
        (_differs("meter.multiplier", "20"), [("M1", "multiplier", 0)]),
        (_differs("meter_box.longitude", "115.0000000"), []),
        (_differs("meter_box.material", "非金属"), [("K1", "material", 1)]),
        (_differs("customer.sort", "02"), [("U1", "sort", 0)]),
        (_differs("customer.name", "李四"), []),  # told by the rule on customer numbers
        (_differs("meter.mp_no", "9"), []),
        (_differs("meter.box_no", "9"), []),
        (_differs("meter_box.surveyed_at", "2026-01-01"), []),  # every row its own
    ],
)
def test_contradictions_without_a_rule_of_their_own(difference: dict[str, Any], expected: list[tuple[str, str, int]]) -> None:
    station = StationOf(TABLES, differences=[difference], sheets=[{"sheet_id": 3, "file": "普查.csv"}])
    assert list(hits_of(station, "Q45").select("key", "field", "milder").iter_rows()) == expected


def test_codes_are_said_by_name_and_the_other_row_is_named() -> None:
    sheets = [{"sheet_id": 1, "file": "用户.xlsx"}, {"sheet_id": 3, "file": "普查.csv"}]
    (text,) = hits_of(StationOf(TABLES, differences=[_differs("meter.wiring", "1")], sheets=sheets), "Q45")["message"]
    assert text == "电能表 M1 的接线方式登记为“三相四线”（用户.xlsx 第 2 行），本行写的是“单相”"


def test_the_same_row_is_not_named_as_another() -> None:
    difference = _differs("meter.wiring", "1") | {"sheet_id": 1, "sheet_row": 2}
    station = StationOf(TABLES, differences=[difference], sheets=[{"sheet_id": 1, "file": "用户.xlsx"}])
    assert hits_of(station, "Q45")["message"].to_list() == ["电能表 M1 的接线方式登记为“三相四线”，本行写的是“单相”"]
