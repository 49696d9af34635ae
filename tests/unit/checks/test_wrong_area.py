"""Boxes that stand in another transformer area than the one they are booked on."""

from typing import Any

import pytest

from tests.helpers.checking import StationOf, found, hits_of
from tests.helpers.places import Row, area, block, boxes, road

_AREAS = [area("A"), area("B", 900, 0)]
_TOWNS = [*boxes("A", block(0, 0)), *boxes("B", block(900, 0))]


def _lost(east: float, north: float = 0, **more: Any) -> Row:
    return boxes("A", [(east, north)], **more)[0] | {"asset_no": "X"}


def _keys(station: StationOf) -> list[str]:
    return [key for _, key, _ in found(station, "Q54")]


@pytest.mark.parametrize(
    "box, expected",
    [
        (_lost(905, 5, street="B"), [("X", 0, '{"area_no":"B"}')]),  # place and address
        (_lost(905, 5, street="丙"), [("X", 1, None)]),  # only the place
        (_lost(905, 5, street="A"), []),  # its address says otherwise
        (_lost(20, 5, street="B"), []),  # it stands with its own
        (_lost(450, 5, street="B"), []),  # in between
    ],
)
def test_evidence_is_weighed(box: Row, expected: list[tuple[str, int, str | None]]) -> None:
    station = StationOf({"transformer_area": _AREAS, "meter_box": [*_TOWNS, box]})
    assert hits_of(station, "Q54").select("key", "milder", "suggestion").rows() == expected


def test_the_message_says_the_evidence() -> None:
    station = StationOf({"transformer_area": _AREAS, "meter_box": [*_TOWNS, _lost(905, 5, street="B")]})
    message = hits_of(station, "Q54")["message"][0]
    for words in ("计量箱 X 登记在台区 A（A台区）", "却靠着台区 B（B台区）", "离该台区变压器更近", "同街路"):
        assert words in message


def _people(box: str, number: str, place: str) -> tuple[Row, Row, Row]:
    return (
        {"asset_no": f"M{number}", "mp_no": f"P{number}", "box_no": box},
        {"mp_no": f"P{number}", "customer_no": number, "area_no": place},
        {"customer_no": number},
    )


@pytest.mark.parametrize(
    "number, place, words",
    [("20085", "A", "箱内用户编号与该台区的用户相连"), ("99999", "B", "箱内用户登记在该台区")],
)
def test_numbers_and_people_of_the_box_tell_too(number: str, place: str, words: str) -> None:
    lots = [_people(f"A-{n}", f"100{n}0", "A") for n in range(1, 17)] + [_people(f"B-{n}", f"200{n:02}", "B") for n in range(1, 17)]
    lots.append(_people("X", "20008" if number == "20085" else number, place))
    lots = [lot for lot in lots if lot[1]["mp_no"] != "P20008" or lot[0]["box_no"] == "X"]
    meters, points, people = (list(rows) for rows in zip(*lots, strict=True))
    tables = {"meter": meters, "metering_point": points, "customer": people}
    station = StationOf({"transformer_area": _AREAS, "meter_box": [*_TOWNS, _lost(905, 5, street="丙")], **tables})
    hits = hits_of(station, "Q54")
    assert hits.select("key", "milder", "suggestion").rows() == [("X", 0, '{"area_no":"B"}')]
    assert words in hits["message"][0]


def test_two_areas_interleaved_in_one_block_are_usual() -> None:
    places = block(0, 0, 8, 15)
    station = StationOf(
        {
            "transformer_area": [area("A", -60, 0), area("B", 60, 0)],
            "meter_box": [*boxes("A", places[::3]), *boxes("B", [place for n, place in enumerate(places) if n % 3])],
        }
    )
    assert _keys(station) == []


def test_where_two_villages_meet_on_one_road_the_last_house_stays() -> None:
    station = StationOf(
        {
            "transformer_area": [area("A", 100, 0), area("B", 900, 0)],
            "meter_box": [*boxes("A", [*road(0, 0, 8), (420, 0)]), *boxes("B", road(450, 0, 20))],
        }
    )
    assert _keys(station) == []


@pytest.mark.parametrize("areas", [[area("S", 910, 10)], [{"area_no": "S"}]])
def test_a_private_transformer_amid_others_is_usual(areas: list[Row]) -> None:
    station = StationOf({"transformer_area": [*_AREAS, *areas], "meter_box": [*_TOWNS, *boxes("S", [(910, 12)])]})
    assert _keys(station) == []


def test_an_area_with_a_single_box_is_known_by_its_transformer() -> None:
    station = StationOf({"transformer_area": [*_AREAS, area("S", 0, 900)], "meter_box": [*_TOWNS, *boxes("S", [(905, 5)], street="B")]})
    assert _keys(station) == ["S-1"]


def test_applying_the_suggestion_ends_the_finding() -> None:
    box = _lost(905, 5, street="B") | {"area_no": "B"}
    assert _keys(StationOf({"transformer_area": _AREAS, "meter_box": [*_TOWNS, box]})) == []
