"""Access points and the devices that boxes hang on."""

import pytest

from tests.helpers.checking import StationOf, found, hits_of
from tests.helpers.places import Row, field_row, sheet

_POLES = [{"pole_no": "P1", "name": "石洼村1号杆", "area_no": "A"}, {"pole_no": "P2", "name": "东台2号杆", "area_no": "B"}]
_BOX = {"asset_no": "X", "area_no": "A"}


@pytest.mark.parametrize(
    "device, expected",
    [
        ({"device_type": "低压杆塔", "device_name": "1号杆"}, []),
        ({"device_type": "墙支架"}, []),
        ({"device_type": "低压杆塔"}, ["J"]),
        ({}, ["J"]),
        ({"device_name": "1号杆"}, []),
    ],
)
def test_an_access_point_hangs_on_a_device(device: Row, expected: list[str]) -> None:
    station = StationOf({"access_point": [{"access_point_no": "J", **device}]})
    assert [key for _, key, _ in found(station, "Q60")] == expected


@pytest.mark.parametrize(
    "rows, expected",
    [
        ([{"meter_box.device_name": "1号杆"}, {"meter_box.asset_no": "X"}], [3]),
        ([{"meter_box.device_name": "1号杆"}, {"note.verdict": "确认销户"}], []),
        ([{}, {}], []),  # a sheet that gives no devices
    ],
)
def test_rows_of_field_results_hang_on_a_device(rows: list[Row], expected: list[int]) -> None:
    returned = [field_row(n, "X", {}) | {"meter_box.location": "某处", **row} for n, row in enumerate(rows, 2)]
    station = StationOf({"meter_box": [_BOX]}, field_rows=returned, sheets=[sheet(9)])
    assert hits_of(station, "Q60")["sheet_row"].to_list() == expected


@pytest.mark.parametrize(
    "device, expected",
    [
        ("石洼村1号杆", []),
        ("1号杆", []),  # the short name
        ("石洼村０１#杆", []),  # written otherwise
        ("石洼线石洼村1号杆", []),
        ("P1", []),
        ("石洼村7号杆", ["X"]),
        ("东台2号杆", ["X"]),  # of another area
    ],
)
def test_a_device_stands_in_the_ledger_of_its_area(device: str, expected: list[str]) -> None:
    station = StationOf({"pole": _POLES, "meter_box": [_BOX | {"device_type": "低压杆塔", "device_name": device}]})
    assert [key for _, key, _ in found(station, "Q61")] == expected


def test_the_area_that_has_the_device_is_named() -> None:
    station = StationOf({"pole": _POLES, "meter_box": [_BOX | {"device_type": "低压杆塔", "device_name": "东台2号杆"}]})
    assert "不在台区 A 的杆塔台账中，台区 B 有此设备" in hits_of(station, "Q61")["message"][0]


@pytest.mark.parametrize(
    "box",
    [
        {"device_type": "墙支架", "device_name": "某墙"},
        {"device_type": "分支箱", "device_name": "1号箱"},  # no ledger of branch boxes
        {"device_type": "低压杆塔", "device_name": "7号杆", "area_no": "C"},  # no poles of that area
    ],
)
def test_without_a_ledger_nothing_is_unknown(box: Row) -> None:
    assert found(StationOf({"pole": _POLES, "meter_box": [_BOX | box]}), "Q61") == []


def test_a_pole_of_the_feeder_serves_all_its_areas() -> None:
    station = StationOf(
        {
            "transformer_area": [{"area_no": "A", "feeder_no": "F"}],
            "pole": [{"pole_no": "P1", "name": "1号杆", "feeder_no": "F"}, {"pole_no": "P9", "name": "9号杆", "area_no": "A"}],
            "meter_box": [_BOX | {"device_type": "低压杆塔", "device_name": "1号杆"}],
        }
    )
    assert found(station, "Q61") == []


def test_an_access_point_has_a_box() -> None:
    points = [{"access_point_no": f"J{n}", "area_no": "A", "device_name": f"{n}号杆"} for n in range(1, 5)]
    owned = [_BOX | {"access_point_no": "J1"}, _BOX | {"asset_no": "Y", "device_name": "2号杆"}]
    rows = [field_row(2, "X", {"access_point_no": "J3"})]
    station = StationOf({"access_point": points, "meter_box": owned}, field_rows=rows, sheets=[sheet(9)])
    assert found(station, "Q62") == [("access_point", "J4", "access_point_no")]
