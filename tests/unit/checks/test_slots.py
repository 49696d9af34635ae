"""Rules about the slots of a box."""

import pytest

from tests.helpers.checking import StationOf, found


@pytest.mark.parametrize(
    "meters, expected",
    [(2, []), (3, [("meter_box", "B1", "slot_rows")])],
)
def test_a_box_with_more_meters_than_slots_is_over_full(meters: int, expected: list[tuple[str, str, str]]) -> None:
    station = StationOf(
        {
            "meter_box": [{"asset_no": "B1", "slot_rows": 1, "slot_columns": 2}],
            "meter": [{"asset_no": f"M{n}", "box_no": "B1"} for n in range(meters)],
        }
    )
    assert found(station, "Q33") == expected
