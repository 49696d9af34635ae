"""Coordinates that cannot be right by themselves."""

import json
from typing import Any

import pytest

from lvdesk.checks.registry import discover
from tests.helpers.checking import StationOf, found, hits_of
from tests.helpers.places import Row, area, at, block, boxes, field_row, sheet


def _with(more: Row, others: list[Row] | None = None) -> StationOf:
    town = boxes("A", block(0, 0)) if others is None else others
    return StationOf({"transformer_area": [area("A")], "meter_box": [*town, {"asset_no": "X", "area_no": "A", **more}]})


@pytest.mark.parametrize(
    "place, field, words",
    [
        ({"longitude": 0, "latitude": 0}, "longitude", "不能为 0"),
        ({"longitude": 115.68, "latitude": 0}, "latitude", "不能为 0"),
        ({"longitude": 115.68, "latitude": None}, "latitude", "只有经度 115.68，没有纬度"),
        ({"longitude": None, "latitude": 34.44}, "longitude", "只有纬度 34.44，没有经度"),
        ({"longitude": 34.44, "latitude": 115.68}, "longitude", "写反了"),
        ({"longitude": 11.568, "latitude": 34.44}, "longitude", "不在中国"),
        ({"longitude": 115.68, "latitude": 3.444}, "latitude", "不在中国"),
        ({"longitude": 34.44, "latitude": 34.44}, "longitude", "不在中国"),
    ],
)
def test_what_cannot_be_a_place_in_china_is_an_error(place: Row, field: str, words: str) -> None:
    hits = hits_of(_with(place), "Q25")
    assert [(row["key"], row["field"], row["milder"]) for row in hits.iter_rows(named=True)] == [("X", field, 0)]
    assert words in hits["message"][0]


@pytest.mark.parametrize(
    "place, expected",
    [
        ({"longitude": 34.44, "latitude": 115.68}, {"longitude": "115.68", "latitude": "34.44"}),
        ({"longitude": 30.0, "latitude": 104.0}, None),  # turned round it lies in another province
        ({"longitude": 0.0, "latitude": 0.0}, None),
    ],
)
def test_turning_round_is_suggested_when_it_lands_in_the_station(place: Row, expected: dict[str, str] | None) -> None:
    suggestion = hits_of(_with(place), "Q25")["suggestion"].to_list()
    assert [json.loads(text) if text else None for text in suggestion] == [expected]


@pytest.mark.parametrize(
    "place, expected",
    [
        (at(3_000, 0), []),  # within the margin
        (at(60_000, 0), [("meter_box", "X", "longitude")]),
        ({"longitude": None, "latitude": None}, []),
    ],
)
def test_what_lies_outside_the_station_is_told_milder(place: Row, expected: list[tuple[str, str, str]]) -> None:
    station = _with(place)
    assert found(station, "Q25") == expected
    assert hits_of(station, "Q25")["milder"].to_list() == [1] * len(expected)


@pytest.mark.parametrize("share", [2, 4, 12])
def test_a_station_of_two_towns_far_apart_is_one_station(share: int) -> None:
    here, there = boxes("A", block(0, 0, 8)), boxes("B", block(40_000, 5_000)[:share])
    station = StationOf({"transformer_area": [area("A"), area("B", 40_000, 5_000)], "meter_box": [*here, *there]})
    assert found(station, "Q25") == []


@pytest.mark.parametrize(
    "sides, expected", [({}, []), ({"west": 115.0, "east": 116.0}, []), ({"east": 115.681}, ["A-12", "A-16", "A-4", "A-8"])]
)
def test_a_station_may_say_where_it_lies(sides: dict[str, Any], expected: list[str]) -> None:
    station = StationOf({"meter_box": boxes("A", block(0, 0, 4, 70))})
    assert sorted(key for _, key, _ in found(station, "Q25", **sides)) == expected


def test_a_row_of_field_results_is_named_and_never_rewrites_the_ledger() -> None:
    rows = [field_row(7, "A-1", {"longitude": 34.44, "latitude": 115.68}), field_row(8, "A-1", at(0, 0)), field_row(9, "A-2", {})]
    station = StationOf({"meter_box": boxes("A", block(0, 0))}, field_rows=rows, sheets=[sheet(9)])
    hits = hits_of(station, "Q25")
    assert hits.select("key", "sheet_id", "sheet_row", "suggestion").rows() == [("A-1", 9, 7, None)]
    assert hits["message"][0].startswith("现场采录的计量箱 A-1 的经度 34.44")


def test_every_device_with_coordinates_is_looked_at() -> None:
    nowhere = {"longitude": 0.0, "latitude": 0.0}
    station = StationOf(
        {
            "transformer_area": [area("A") | nowhere],
            "pole": [{"pole_no": "P", **nowhere}],
            "branch_box": [{"branch_box_no": "F", **nowhere}],
            "access_point": [{"access_point_no": "J", **nowhere}],
        }
    )
    assert sorted(entity for entity, _, _ in found(station, "Q25")) == ["access_point", "branch_box", "pole", "transformer_area"]


def test_applying_the_suggestion_ends_the_finding() -> None:
    station = _with({"longitude": 34.44, "latitude": 115.68})
    fixed = {name: float(text) for name, text in json.loads(hits_of(station, "Q25")["suggestion"][0]).items()}
    assert found(_with(fixed), "Q25") == []


@pytest.mark.parametrize(
    "code", sorted(code for code, rule in discover().items() if code == "Q25" or rule.family in {"spatial", "topology"})
)
def test_a_station_without_anything_has_no_findings(code: str) -> None:
    assert found(StationOf(), code) == []


@pytest.mark.parametrize("code", ["Q25", "Q50", "Q51", "Q52", "Q53", "Q54", "Q55"])
def test_a_clean_town_has_no_findings(code: str) -> None:
    tables = {
        "transformer_area": [area("A"), area("B", 250, 0)],
        "meter_box": [*boxes("A", block(0, 0)), *boxes("B", block(250, 0))],
        "access_point": [{"access_point_no": "J", **at(0, 0)}],
    }
    rows = [field_row(n, f"A-{n}", at(*place)) for n, place in enumerate(block(3, 3), 1)]
    assert found(StationOf(tables, field_rows=rows, sheets=[sheet(9)]), code) == []


@pytest.mark.parametrize("code", ["Q25", "Q50", "Q51", "Q54", "Q55"])
def test_findings_do_not_depend_on_the_order_of_rows(code: str) -> None:
    town = [*boxes("A", block(0, 0)), *boxes("B", block(900, 0))]
    faulty = [
        {"asset_no": "lost", "area_no": "A", "location": "B街99号", **at(905, 5)},
        {"asset_no": "stray", "area_no": "A", **at(5, 5, "gcj02")},
        {"asset_no": "far", "area_no": "B", **at(2_500, 0)},
        {"asset_no": "double", "area_no": "B", **at(900, 80)},
        {"asset_no": "again", "area_no": "B", **at(900, 80)},
        {"asset_no": "turned", "area_no": "A", "longitude": 34.44, "latitude": 115.68},
    ]
    areas = [area("A"), area("B", 900, 0)]
    tables = [{"transformer_area": areas, "meter_box": [*town, *faulty]}, {"transformer_area": areas, "meter_box": [*faulty, *town[::-1]]}]
    told = [hits_of(StationOf(table), code).select("key", "message", "milder").rows() for table in tables]
    assert told[0]
    assert sorted(told[0]) == sorted(told[1])
