"""One customer, his meters, his boxes."""

from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from tests.helpers.checking import StationOf, found, hits_of

Triple = tuple[str, str, str | None]


def _station(meters: Sequence[Triple], points: Mapping[str, str], status: str = "正常用电客户", **more: Any) -> StationOf:
    """Meters as (meter, point, box), points as point -> customer."""
    boxes = sorted({box for _, _, box in meters if box})
    people = sorted(set(points.values()))
    return StationOf(
        {
            "meter_box": [{"asset_no": box} for box in boxes],
            "meter": [{"asset_no": meter, "bar_code": f"C{meter}", "mp_no": mp, "box_no": box} for meter, mp, box in meters],
            "metering_point": [{"mp_no": mp, "customer_no": who} for mp, who in points.items()],
            "customer": [{"customer_no": who, "name": f"户{who}", "address": f"{who}号", "status": status} for who in people],
        },
        **more,
    )


@pytest.mark.parametrize(
    "meters, points, expected",
    [
        ([("M1", "1", "K1"), ("M2", "1", "K1")], {"1": "U"}, []),
        ([("M1", "1", "K1"), ("M2", "1", "K2")], {"1": "U"}, [("U", 0)]),
        ([("M1", "1", "K1"), ("M2", "2", "K2")], {"1": "U", "2": "U"}, [("U", 1)]),
        ([("M1", "1", "K1"), ("M2", "2", "K2")], {"1": "U", "2": "V"}, []),
        ([("M1", "1", "K1"), ("M2", "1", None)], {"1": "U"}, []),
        ([("M1", "1", "K1"), ("M2", "1", "K1"), ("M3", "1", "K1")], {"1": "U"}, []),
    ],
)
def test_meters_of_a_customer_in_several_boxes(meters: list[Triple], points: Mapping[str, str], expected: list[tuple[str, int]]) -> None:
    hits = hits_of(_station(meters, points), "Q35")
    assert list(hits.select("key", "milder").iter_rows()) == expected


def test_a_cancelled_customer_has_no_boxes() -> None:
    assert found(_station([("M1", "1", "K1"), ("M2", "1", "K2")], {"1": "U"}, "已销户客户"), "Q35") == []


def _bound(entity: str, key: str, field: str, other: str) -> dict[str, Any]:
    place = {"template": "customer_ledger", "system": "marketing", "sheet_id": 3, "sheet_row": 8}
    return {"entity": entity, "id": 1, "key": key, "field": field, "current": "", "other": other, **place}


@pytest.mark.parametrize(
    "points, difference, expected",
    [
        ({"1": "U", "2": "V"}, _bound("meter", "M1", "mp_no", "2"), [("M1", 0)]),
        ({"1": "U", "2": "U"}, _bound("meter", "M1", "mp_no", "2"), []),  # a bidirectional meter serves two points of one customer
        ({"1": "U"}, _bound("meter", "M1", "mp_no", "@V"), [("M1", 0)]),
        ({"1": "U"}, _bound("meter", "M1", "mp_no", "@U"), []),
        ({"1": "U"}, _bound("metering_point", "1", "customer_no", "V"), [("M1", 0)]),
        ({"1": "U"}, _bound("metering_point", "1", "customer_no", "U"), []),
    ],
)
def test_rows_that_bind_one_meter_to_two_customers(
    points: Mapping[str, str], difference: dict[str, Any], expected: list[tuple[str, int]]
) -> None:
    station = _station([("M1", "1", "K1")], points, differences=[difference], sheets=[{"sheet_id": 3, "file": "台账.xlsx"}])
    assert list(hits_of(station, "Q36").select("key", "milder").iter_rows()) == expected


def test_the_generating_account_of_the_same_person_is_milder() -> None:
    station = StationOf(
        {
            "meter": [{"asset_no": "M1", "mp_no": "1"}],
            "metering_point": [{"mp_no": "1", "customer_no": "U"}, {"mp_no": "2", "customer_no": "V"}],
            "customer": [{"customer_no": who, "name": "张三", "address": "东村1号"} for who in ("U", "V")],
        },
        differences=[_bound("meter", "M1", "mp_no", "2")],
    )
    (row,) = hits_of(station, "Q36").iter_rows(named=True)
    assert row["milder"] == 1
    assert "双向" in row["message"]


@pytest.mark.parametrize(
    "row, expected",
    [
        ({"meter.bar_code": "CM1", "customer.customer_no": "V"}, [("M1", 1)]),
        ({"meter.bar_code": "CM1", "customer.customer_no": "U"}, []),
        ({"meter.bar_code": "CM1"}, []),
        ({"meter.bar_code": "new", "customer.customer_no": "V"}, []),
    ],
)
def test_field_results_that_give_a_meter_to_another_customer(row: Mapping[str, str], expected: list[tuple[str, int]]) -> None:
    rows = [{"sheet_id": 9, "sheet_row": 5, "item": 0, **row}]
    station = _station([("M1", "1", "K1")], {"1": "U", "2": "V"}, field_rows=rows)
    assert list(hits_of(station, "Q36").select("key", "milder").iter_rows()) == expected
