"""Rules about the slots of a box."""

from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from tests.helpers.checking import StationOf, found, hits_of

BOX = {"asset_no": "B1", "bar_code": "CB", "slot_rows": 1, "slot_columns": 2}


@pytest.mark.parametrize(
    "meters, expected",
    [(2, []), (3, [("meter_box", "B1", "slot_rows")])],
)
def test_a_box_with_more_meters_than_slots_is_over_full(meters: int, expected: list[tuple[str, str, str]]) -> None:
    station = StationOf({"meter_box": [BOX], "meter": [{"asset_no": f"M{n}", "box_no": "B1"} for n in range(meters)]})
    assert found(station, "Q33") == expected


def test_a_box_of_unknown_size_holds_anything() -> None:
    boxes = [{"asset_no": "B1", "slot_rows": 1}]
    station = StationOf({"meter_box": boxes, "meter": [{"asset_no": f"M{n}", "box_no": "B1"} for n in range(9)]})
    assert found(station, "Q33") == []


def _rows(meters: Sequence[str], sheet: int = 9, **values: str) -> list[Mapping[str, Any]]:
    given = {name.replace("__", "."): value for name, value in values.items()}
    return [
        {"sheet_id": sheet, "sheet_row": n, "item": 0, "meter_box.bar_code": "CB", "meter.bar_code": meter, **given}
        for n, meter in enumerate(meters, 2)
    ]


@pytest.mark.parametrize(
    "rows, expected",
    [
        (_rows(["a", "b"]), 0),
        (_rows(["a", "b", "c"]), 1),
        (_rows(["a", "b", "b"]), 0),
        (_rows(["a", "b", "c"], meter_box__slot_rows="2", meter_box__slot_columns="2"), 0),
        (_rows(["a", "b"], meter_box__slot_rows="1", meter_box__slot_columns="1"), 1),
        ([*_rows(["a", "b"]), *_rows(["a", "c"], sheet=10)], 0),  # two teams, one of them misread a barcode
    ],
)
def test_field_results_with_more_meters_than_slots(rows: list[Mapping[str, Any]], expected: int) -> None:
    hits = hits_of(StationOf({"meter_box": [BOX]}, field_rows=rows), "Q33")
    assert hits["key"].to_list() == ["B1"] * expected
    assert hits["sheet_id"].to_list() == [9] * expected


@pytest.mark.parametrize(
    "place, expected",
    [
        ({"slot_row": 1, "slot_column": 2}, []),
        ({"slot_row": 2, "slot_column": 2}, ["slot_row"]),
        ({"slot_row": 1, "slot_column": 3}, ["slot_column"]),
        ({"slot_row": 2, "slot_column": 3}, ["slot_row", "slot_column"]),
        ({"slot_row": None, "slot_column": None}, []),
    ],
)
def test_a_slot_beyond_the_box(place: dict[str, int | None], expected: list[str]) -> None:
    station = StationOf({"meter_box": [BOX], "meter": [{"asset_no": "M", "box_no": "B1", **place}]})
    assert [field for _, _, field in found(station, "Q34")] == expected


@pytest.mark.parametrize(
    "values, expected",
    [
        ({"meter__slot_row": "1", "meter__slot_column": "2"}, []),
        ({"meter__slot_row": "2"}, [("meter", "M", "slot_row")]),
        ({"meter__slot_row": "2", "meter_box__slot_rows": "2"}, []),
        ({"meter__slot_row": "x"}, []),
    ],
)
def test_a_slot_of_a_field_result_beyond_the_box(values: dict[str, str], expected: list[tuple[str, str, str]]) -> None:
    station = StationOf({"meter_box": [BOX], "meter": [{"asset_no": "M", "bar_code": "CM"}]}, field_rows=_rows(["CM"], **values))
    assert found(station, "Q34") == expected
