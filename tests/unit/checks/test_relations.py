"""Customer, box and access point in one area."""

from collections.abc import Mapping
from typing import Any

import pytest

from tests.helpers.checking import StationOf, found, hits_of

AREAS = [{"area_no": "A", "name": "东村1#公变"}, {"area_no": "B", "name": "西村2#公变"}]


def _station(
    points: Mapping[str, str | None], *, box: str | None = "A", status: str = "正常用电客户", access: str | None = None, **more: Any
) -> StationOf:
    """A box K with a meter of each point; ``points``: point -> its area."""
    return StationOf(
        {
            "transformer_area": AREAS,
            "access_point": [{"access_point_no": "J", "area_no": access}] if access else [],
            "meter_box": [{"asset_no": "K", "bar_code": "KK", "area_no": box, "access_point_no": "J" if access else None}],
            "meter": [{"asset_no": f"M{mp}", "bar_code": f"C{mp}", "mp_no": mp, "box_no": "K"} for mp in points],
            "metering_point": [{"mp_no": mp, "customer_no": f"U{mp}", "area_no": area} for mp, area in points.items()],
            "customer": [{"customer_no": f"U{mp}", "name": "张三", "status": status} for mp in points],
        },
        **more,
    )


@pytest.mark.parametrize(
    "points, box, expected",
    [
        ({"1": "A", "2": "A"}, "A", []),
        ({"1": "A", "2": "B"}, "A", [("metering_point", "2", "area_no")]),
        ({"1": "B"}, "A", [("metering_point", "1", "area_no")]),
        ({"1": "B", "2": "B"}, "A", [("meter_box", "K", "area_no")]),
        ({"@U1": "B"}, "A", [("metering_point", "U1", "area_no")]),
        ({"1": None, "2": "A"}, "A", []),
        ({"1": "A", "2": "B"}, None, []),
        ({}, "A", []),
    ],
)
def test_point_and_box_in_different_areas(points: Mapping[str, str | None], box: str | None, expected: list[tuple[str, str, str]]) -> None:
    assert found(_station(points, box=box), "Q30") == expected


def test_the_message_names_customer_meter_box_and_both_areas() -> None:
    (text,) = hits_of(_station({"1": "A", "2": "B"}), "Q30")["message"]
    for part in ("U2", "张三", "M2", "K", "A（东村1#公变）", "B（西村2#公变）"):
        assert part in text


def test_a_cancelled_customer_is_in_no_area() -> None:
    station = _station({"1": "B", "2": "A"}, status="已销户客户")
    assert found(station, "Q30") == found(station, "Q31") == []


@pytest.mark.parametrize(
    "box, access, expected",
    [
        ("A", "A", []),
        ("A", "B", [("meter_box", "K", "access_point_no")]),
        (None, "B", [("metering_point", "1", "area_no")]),
        (None, "A", []),
    ],
)
def test_the_access_point_counts_too(box: str | None, access: str, expected: list[tuple[str, str, str]]) -> None:
    assert found(_station({"1": "A"}, box=box, access=access), "Q30") == expected


@pytest.mark.parametrize(
    "row, expected",
    [
        ({"meter_box.bar_code": "KK", "meter_box.area_no": "B"}, [("meter_box", "K", "area_no")]),
        ({"meter_box.bar_code": "KK", "meter_box.area_no": "A"}, []),
        ({"customer.customer_no": "U1", "metering_point.area_no": "B"}, [("metering_point", "1", "area_no")]),
        ({"meter.bar_code": "C1", "metering_point.area_no": "B"}, [("metering_point", "1", "area_no")]),
        ({"meter.bar_code": "C1", "meter_box.bar_code": "NEW", "meter_box.area_no": "B"}, [("metering_point", "1", "area_no")]),
        ({"meter.bar_code": "C1", "meter_box.bar_code": "NEW"}, []),
        ({"meter.bar_code": "C1", "customer.customer_no": "U9", "meter_box.bar_code": "NEW", "meter_box.area_no": "B"}, []),
        ({"meter.bar_code": "unknown", "metering_point.area_no": "B"}, []),
    ],
)
def test_field_results_against_the_ledger(row: Mapping[str, str], expected: list[tuple[str, str, str]]) -> None:
    rows = [{"sheet_id": 9, "sheet_row": 5, "item": 0, **row}]
    station = _station({"1": "A"}, field_rows=rows)
    station.table("customer")  # a customer with more points in other areas is tried below
    assert found(station, "Q30") == expected
    assert set(hits_of(station, "Q30")["sheet_row"]) <= {5}


def test_a_customer_with_a_point_in_the_area_of_the_field_result_is_right() -> None:
    rows = [{"sheet_id": 9, "sheet_row": 5, "item": 0, "customer.customer_no": "U1", "metering_point.area_no": "B"}]
    points = [{"mp_no": "1", "customer_no": "U1", "area_no": "A"}, {"mp_no": "2", "customer_no": "U1", "area_no": "B"}]
    station = StationOf({"transformer_area": AREAS, "metering_point": points, "customer": [{"customer_no": "U1"}]}, field_rows=rows)
    assert found(station, "Q30") == []


@pytest.mark.parametrize(
    "points, expected",
    [({"1": "A", "2": "A"}, []), ({"1": "A", "2": "B"}, [("meter_box", "K", "area_no")]), ({"1": "A", "2": None}, []), ({"1": "A"}, [])],
)
def test_a_box_with_meters_of_two_areas(points: Mapping[str, str | None], expected: list[tuple[str, str, str]]) -> None:
    assert found(_station(points), "Q31") == expected


def _difference(other: str, *, system: str = "marketing", decided: bool = False) -> dict[str, Any]:
    place = {"template": "box_survey", "sheet_id": 3, "sheet_row": 8, "system": system, "decided": decided}
    return {"entity": "meter_box", "id": 1, "key": "K", "field": "area_no", "current": "A", "other": other, **place}


@pytest.mark.parametrize(
    "difference, expected",
    [
        (_difference("B"), [("meter_box", "K", "area_no")]),
        (_difference("A"), []),
        (_difference("B", system="field"), []),
        (_difference("B", decided=True), []),
    ],
)
def test_rows_of_a_ledger_that_put_a_box_on_two_areas(difference: dict[str, Any], expected: list[tuple[str, str, str]]) -> None:
    station = _station({"1": "A"}, differences=[difference], sheets=[{"sheet_id": 3, "file": "普查.csv"}])
    assert found(station, "Q31") == expected
