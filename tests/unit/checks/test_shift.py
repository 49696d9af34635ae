"""Sheets and single points in the coordinates of a web map."""

import json
from random import Random

import numpy as np
import pytest

from lvdesk.geo.offsets import to_cgcs2000
from tests.helpers.checking import StationOf, found, hits_of
from tests.helpers.places import Row, area, at, block, boxes, field_row, road, sheet

_TOWN = block(0, 0)


def _returned(system: str, count: int = 12, moved: tuple[float, float] = (0, 0)) -> list[Row]:
    random = Random(7)
    seen = [(x + random.gauss(0, 4) + moved[0], y + random.gauss(0, 4) + moved[1]) for x, y in _TOWN[:count]]
    return [field_row(n, f"A-{n}", at(*place, system)) for n, place in enumerate(seen, 1)]


def _field(rows: list[Row], places: list[Row] | None = None) -> StationOf:
    tables = {"transformer_area": [area("A")], "meter_box": places or boxes("A", _TOWN)}
    return StationOf(tables, field_rows=rows, sheets=[sheet(1, "box_survey", "普查.csv"), sheet(9)])


@pytest.mark.parametrize(
    "rows, words",
    [
        (_returned("gcj02"), "疑似 GCJ-02"),
        (_returned("bd09"), "疑似 BD-09"),
        (_returned("gcj02", 3), "疑似 GCJ-02"),
        (_returned("cgcs2000"), None),
        (_returned("gcj02", 2), None),
        (_returned("cgcs2000", 12, (533, 156)), None),  # as far, another way
    ],
)
def test_a_sheet_of_field_results_in_another_system_is_told_once(rows: list[Row], words: str | None) -> None:
    hits = hits_of(_field(rows), "Q53")
    assert hits.select("sheet_id", "sheet_row", "field").rows() == ([(9, 0, "longitude")] if words else [])
    assert all(text.startswith(f"本表计量箱的坐标{words}") and "个计量箱的台账坐标" in text for text in hits["message"])


def test_rows_of_a_sheet_that_is_told_as_a_whole_are_not_told_again() -> None:
    station = _field(_returned("gcj02"))
    assert found(station, "Q55") == []


def test_when_the_ledger_is_shifted_the_ledger_is_told() -> None:
    hits = hits_of(_field(_returned("cgcs2000"), boxes("A", _TOWN, system="gcj02")), "Q53")
    assert hits["sheet_id"].to_list() == [1]
    assert hits["message"][0].startswith("本表计量箱的坐标疑似 GCJ-02")


def _villages(system: str, home: str = "cgcs2000", count: int = 30, spread: float = 150) -> StationOf:
    random = Random(3)
    areas, found_boxes = [], []
    for n in range(count):
        x, y = random.uniform(-8_000, 8_000), random.uniform(-8_000, 8_000)
        areas.append({"area_no": f"N{n}", "from_sheet": 2, **at(x, y, home)})
        places = [(x + random.gauss(0, spread), y + random.gauss(0, spread)) for _ in range(12)]
        found_boxes += boxes(f"N{n}", places, system=system)
    sheets = [sheet(1, "box_survey", "普查.csv"), sheet(2, "transformer_ledger", "变压器.xlsx")]
    return StationOf({"transformer_area": areas, "meter_box": found_boxes}, sheets=sheets)


@pytest.mark.parametrize(
    "station, expected",
    [
        (_villages("cgcs2000"), []),
        (_villages("gcj02"), [(1, "meter_box")]),
        (_villages("bd09"), [(1, "meter_box")]),
        (_villages("gcj02", "gcj02"), []),  # nothing to hold it against
        (_villages("gcj02", count=4), []),  # too few to tell from chance
        (_villages("cgcs2000", spread=600), []),
    ],
)
def test_a_ledger_of_boxes_is_held_against_the_transformers(station: StationOf, expected: list[tuple[int, str]]) -> None:
    assert hits_of(station, "Q53").select("sheet_id", "entity").rows() == expected


def test_right_field_results_settle_that_the_transformers_are_shifted() -> None:
    station = _villages("cgcs2000", "gcj02")
    assert hits_of(station, "Q53").select("sheet_id", "entity").rows() == [(2, "transformer_area")]


def test_a_box_of_another_system_among_its_own_is_told_with_its_place() -> None:
    stray = boxes("A", _TOWN)[5] | {"asset_no": "X"} | at(-15, 25, "gcj02")
    station = StationOf({"transformer_area": [area("A")], "meter_box": [*boxes("A", _TOWN), stray]})
    hits = hits_of(station, "Q55")
    assert hits["key"].to_list() == ["X"]
    fixed = {name: float(text) for name, text in json.loads(hits["suggestion"][0]).items()}
    assert fixed == pytest.approx(at(-15, 25), abs=1e-6)
    assert found(StationOf({"meter_box": [*boxes("A", _TOWN), stray | fixed]}), "Q55") == []


@pytest.mark.parametrize(
    "place, system, expected",
    [
        ((0, 0), "gcj02", ["X"]),
        ((0, 0), "bd09", ["X"]),
        ((-70, 60), "gcj02", ["X"]),
        ((70, -60), "gcj02", ["X"]),
        ((-520, 140), "cgcs2000", []),  # the other way
        ((0, 560), "cgcs2000", []),
        ((2_000, 0), "gcj02", []),
    ],
)
def test_only_the_offset_of_a_web_map_counts(place: tuple[float, float], system: str, expected: list[str]) -> None:
    stray = {"asset_no": "X", "area_no": "A", **at(*place, system)}
    station = StationOf({"transformer_area": [area("A")], "meter_box": [*boxes("A", _TOWN), stray]})
    assert [key for _, key, _ in found(station, "Q55")] == expected


@pytest.mark.parametrize("places", [road(-600, 0, 40), [(0, 0), (530, -150)], [(0, 0), (530, -150), (540, -150)]])
def test_long_villages_and_small_areas_are_no_strays(places: list[tuple[float, float]]) -> None:
    station = StationOf({"transformer_area": [area("A")], "meter_box": boxes("A", places)})
    assert found(station, "Q55") == []


def test_single_rows_of_field_results_are_held_against_the_ledger() -> None:
    rows = [*_returned("cgcs2000"), field_row(20, "A-14", at(*_TOWN[13], "gcj02")), field_row(21, "A-15", at(900, 0))]
    hits = hits_of(_field(rows), "Q55")
    assert hits.select("key", "sheet_id", "sheet_row", "suggestion").rows() == [("A-14", 9, 20, None)]
    assert "距台账的坐标 5" in hits["message"][0]


def test_field_results_converted_without_need_are_told_as_such() -> None:
    village = _villages("cgcs2000")
    ledger = village.table("meter_box").head(12)
    x, y = to_cgcs2000("gcj02", ledger["longitude"].to_numpy(), ledger["latitude"].to_numpy())
    rows = [field_row(n, key, {"longitude": x[n], "latitude": y[n]}) for n, key in enumerate(ledger["asset_no"])]
    tables = {"transformer_area": village.table("transformer_area").to_dicts(), "meter_box": village.table("meter_box").to_dicts()}
    hits = hits_of(StationOf(tables, field_rows=rows, sheets=[sheet(9)]), "Q53")
    assert hits["sheet_id"].to_list() == [9]
    assert "多换算了一次" in hits["message"][0]


@pytest.mark.parametrize("system, expected", [("cgcs2000", []), ("gcj02", [(3, "access_point")])])
def test_access_points_are_held_against_their_boxes(system: str, expected: list[tuple[int, str]]) -> None:
    linked = [box | {"access_point_no": f"J{n}"} for n, box in enumerate(boxes("A", _TOWN))]
    points = [{"access_point_no": f"J{n}", "from_sheet": 3, **at(x + 10, y, system)} for n, (x, y) in enumerate(_TOWN)]
    station = StationOf({"meter_box": linked, "access_point": points}, sheets=[sheet(3, "access_point", "接入点.xlsx")])
    assert hits_of(station, "Q53").select("sheet_id", "entity").rows() == expected
    assert found(station, "Q52") == []


def test_a_box_of_the_ledger_is_held_against_where_the_field_saw_it() -> None:
    ledger = [*boxes("A", _TOWN[:15]), *boxes("A", [_TOWN[15]], system="gcj02")]
    ledger[15] |= {"asset_no": "A-16"}
    hits = hits_of(_field(_returned("cgcs2000", 16), ledger), "Q55")
    assert hits.filter(hits["sheet_id"].is_null())["key"].to_list() == ["A-16"]
    assert "距现场采录的坐标" in hits["message"][0]


def test_a_ledger_that_other_field_results_confirm_is_not_told() -> None:
    x, y = (list(column) for column in zip(*((row["longitude"], row["latitude"]) for row in (at(*place) for place in _TOWN)), strict=True))
    east, north = to_cgcs2000("gcj02", np.array(x), np.array(y))
    wrong = [field_row(n, f"A-{n + 1}", {"longitude": east[n], "latitude": north[n]}, 8) for n in range(6)]
    station = StationOf({"meter_box": boxes("A", _TOWN)}, field_rows=[*wrong, *_returned("cgcs2000")], sheets=[sheet(8), sheet(9)])
    assert hits_of(station, "Q53")["sheet_id"].to_list() == [8]
