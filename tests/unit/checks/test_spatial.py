"""Boxes far from what they hang on, and boxes on one spot."""

import pytest

from tests.helpers.checking import StationOf, found, hits_of
from tests.helpers.places import Row, area, at, block, boxes, road

_LOOSE = {"asset_no": "X", "area_no": "A", "location": "A街99号"}


def _town(*more: Row) -> StationOf:
    return StationOf({"transformer_area": [area("A")], "meter_box": [*boxes("A", block(0, 0)), *more]})


@pytest.mark.parametrize("west, expected", [(100, []), (480, []), (520, ["X"]), (700, ["X"]), (2_000, ["X"])])
def test_a_box_beyond_the_reach_of_its_area_is_far(west: float, expected: list[str]) -> None:
    assert [key for _, key, _ in found(_town(_LOOSE | at(-west, 0)), "Q50")] == expected


def test_the_distance_that_is_allowed_may_be_set() -> None:
    station = _town(_LOOSE | at(700, 0))
    assert found(station, "Q50", max_distance_m=800.0) == []
    assert "700 米，超过 500 米" in hits_of(station, "Q50")["message"][0]


def test_a_village_along_a_road_is_told_once_as_a_hint() -> None:
    station = StationOf({"transformer_area": [area("A")], "meter_box": boxes("A", road(0, 0, 30))})
    hits = hits_of(station, "Q50")
    assert hits.select("entity", "key", "milder").rows() == [("transformer_area", "A", 1)]
    assert "30 个计量箱中有 17 个距变压器超过 500 米，最远 1160 米" in hits["message"][0]


def test_a_transformer_far_from_all_its_boxes_is_told_itself() -> None:
    station = StationOf({"transformer_area": [area("A", 3_000, 0)], "meter_box": boxes("A", block(0, 0))})
    assert found(station, "Q50") == [("transformer_area", "A", "longitude")]


@pytest.mark.parametrize("place, expected", [(at(600, 0), ["X"]), (at(300, 0), [])])
def test_without_a_transformer_the_middle_of_the_boxes_counts(place: Row, expected: list[str]) -> None:
    station = StationOf({"meter_box": [*boxes("A", block(0, 0)), _LOOSE | place]})
    assert [key for _, key, _ in found(station, "Q50")] == expected


def test_an_area_with_one_box_says_how_far_it_is() -> None:
    station = StationOf({"transformer_area": [area("A")], "meter_box": boxes("A", [(900, 0)])})
    assert found(station, "Q50") == [("meter_box", "A-1", "longitude")]


@pytest.mark.parametrize(
    "place", [{"longitude": 0.0, "latitude": 0.0}, {"longitude": 34.44, "latitude": 115.68}, at(90_000, 0), at(0, 0, "gcj02")]
)
def test_a_coordinate_that_another_rule_tells_of_is_not_told_twice(place: Row) -> None:
    assert found(_town(_LOOSE | place), "Q50") == []


@pytest.mark.parametrize("metres, expected", [(24, []), (26, ["X"]), (400, ["X"])])
def test_a_box_hangs_within_a_service_line_of_its_access_point(metres: float, expected: list[str]) -> None:
    station = StationOf(
        {
            "meter_box": [*boxes("A", block(0, 0)), _LOOSE | at(metres, 0) | {"access_point_no": "J"}],
            "access_point": [{"access_point_no": "J", "area_no": "A", **at(0, 0)}],
        }
    )
    assert [key for _, key, _ in found(station, "Q52")] == expected


@pytest.mark.parametrize(
    "first, second, milder, words",
    [
        ("李街1号", "王街9号", 0, "地址不同：李街1号、王街9号"),
        ("李街1号", "李街1号", 1, "同一栋"),
        ("幸福小区3号楼1单元", "幸福小区3号楼2单元", 1, "同一栋"),
        ("幸福小区3号楼1单元", "幸福小区4号楼1单元", 0, "地址不同"),
        (None, None, 0, "都没有安装地址"),
        ("李街1号", None, 0, "地址不同"),
    ],
)
def test_boxes_on_one_spot_are_told_once(first: str | None, second: str | None, milder: int, words: str) -> None:
    same = [{"asset_no": name, "location": text, **at(900, 0)} for name, text in (("Z", first), ("Y", second))]
    hits = hits_of(StationOf({"meter_box": [*boxes("A", block(0, 0)), *same]}), "Q51")
    assert hits.select("key", "milder").rows() == [("Y", milder)]
    assert "2 个计量箱" in hits["message"][0]
    assert "Y、Z" in hits["message"][0]
    assert words in hits["message"][0]


def test_boxes_filled_in_with_their_transformers_place_are_told_once() -> None:
    station = StationOf({"transformer_area": [area("A")], "meter_box": boxes("A", [(0, 0)] * 40)})
    hits = hits_of(station, "Q51")
    assert hits.height == 1
    assert "40 个计量箱" in hits["message"][0]
    assert "与台区坐标相同" in hits["message"][0]


def test_boxes_without_a_place_are_not_on_one_spot() -> None:
    nowhere = {"longitude": 0.0, "latitude": 0.0}
    assert found(StationOf({"meter_box": [{"asset_no": f"B{n}", **nowhere} for n in range(5)]}), "Q51") == []
