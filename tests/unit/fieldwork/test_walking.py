"""Walking order: short walks from the transformer, one spot visited once, things without a place beside their neighbours."""

from collections.abc import Sequence

import pytest

from lvdesk.fieldwork.model import Need
from lvdesk.fieldwork.walking import walked
from lvdesk.fieldwork.walking_order import alike, natural
from lvdesk.kit.errors import Cancelled
from lvdesk.kit.progress import Progress

EAST, NORTH = 114.0, 33.0
STEP = 0.0003
"""Some 28 metres to the east."""

Place = tuple[float | None, float | None]


def need(key: str, place: Place = (None, None), *, area: str = "A", address: str = "", entity: str = "meter_box") -> Need:
    return Need(entity, key, area, (), address, *place)


def at(east: float, north: float = 0.0) -> tuple[float, float]:
    return EAST + east * STEP, NORTH + north * STEP


def keys(needs: Sequence[Need], starts: dict[str, tuple[float, float]] | None = None) -> list[str]:
    order, _ = walked(needs, starts or {}, Progress())
    assert sorted(order) == list(range(len(needs)))
    return [needs[number].key for number in order]


def street(lacking: dict[int, Place] | None = None) -> list[Need]:
    """Doors 1 to 14 of a street that runs east, some elsewhere or nowhere."""
    places = {door: at(door) for door in range(1, 15)} | (lacking or {})
    return [need(str(door), place, address=f"柏湾镇李街路{door}号") for door, place in places.items()]


DOORS = [str(door) for door in range(1, 15)]


def test_nothing_to_visit() -> None:
    assert walked([], {}, Progress()) == ([], 0.0)


def test_an_area_begins_at_its_transformer() -> None:
    assert keys(street(), {"A": at(0)}) == DOORS
    assert keys(street(), {"A": at(20)}) == DOORS[::-1]


def test_metres_are_counted_from_the_transformer_to_the_last_box() -> None:
    _, metres = walked(street(), {"A": at(0)}, Progress())
    assert metres == pytest.approx(14 * 28.02, rel=0.01)


@pytest.mark.parametrize(
    "place",
    [(None, None), (0.0, 0.0), (EAST, None), (NORTH, EAST), (EAST, 0.0), (EAST + 1, NORTH), (float("nan"), NORTH), (float("inf"), NORTH)],
    ids=["none", "zero", "half", "swapped", "half zero", "far away", "not a number", "endless"],
)
@pytest.mark.parametrize("start", [0, 20])
def test_a_box_without_a_believable_place_stands_between_its_neighbours(place: Place, start: int) -> None:
    expected = DOORS if start == 0 else DOORS[::-1]
    needs = street({1: place, 3: place, 7: place, 8: place, 14: place})
    assert keys(needs, {"A": at(start)}) == expected
    _, metres = walked(needs, {"A": at(start)}, Progress())
    assert metres < 20 * 28


def test_a_wrong_transformer_does_not_lead_away() -> None:
    assert keys(street(), {"A": (0.0, 0.0)}) in (DOORS, DOORS[::-1])
    _, metres = walked(street(), {"A": (EAST + 2, NORTH)}, Progress())
    assert metres < 14 * 28


def test_poles_stand_in_the_order_people_count_them() -> None:
    names = ["2号杆", "9号杆", "12号杆", "12+1号杆", "13号杆", "100号杆"]
    assert keys([need(name, address=f"东支线{name}") for name in reversed(names)]) == names


def test_without_places_and_addresses_boxes_stand_by_number() -> None:
    assert keys([need("110"), need("20"), need("3")]) == ["3", "20", "110"]


def test_a_box_without_an_address_stands_beside_the_next_number() -> None:
    needs = [need("1001", at(1)), need("1005", at(9)), need("1004"), need("1009", at(20))]
    assert keys(needs, {"A": at(0)}) == ["1001", "1004", "1005", "1009"]


def test_an_address_unlike_all_others_still_gets_a_place() -> None:
    assert keys([need("1", at(1)), need("2", at(2)), need("3", address="王庄5号")], {"A": at(0)}) == ["1", "2", "3"]


def test_a_neighbour_in_the_same_street_counts_more_than_one_in_the_next() -> None:
    needs = [
        need("a", at(1), address="安路1号"),
        need("b", at(2), address="安路2号"),
        need("d", at(40), address="长路9号"),
        need("e", at(3), address="平路1号"),
        need("c", address="安路3号"),
    ]
    assert keys(needs, {"A": at(0)}) == ["a", "b", "c", "e", "d"]


def test_things_at_one_spot_stay_together() -> None:
    needs = [need(f"{door}-{turn}", at(door)) for turn in (1, 2, 3) for door in range(1, 9)]
    needs.append(need("P5", at(5), entity="access_point"))
    found = keys(needs, {"A": at(0)})
    assert found[12:16] == ["P5", "5-1", "5-2", "5-3"]


def test_areas_follow_as_they_come() -> None:
    needs = [need(f"{area}{door}", at(door, row), area=area) for row, area in enumerate("BAC") for door in range(3)]
    found = keys(needs, {"B": at(0, 0), "A": at(0, 1), "C": at(0, 2)})
    assert [key[0] for key in found] == list("BBBAAACCC")


def test_areas_that_come_in_zigzag_are_chained_by_nearness() -> None:
    starts = {f"{number:02}": at(number * 30) for number in range(12)}
    zigzag = [f"{number:02}" for pair in zip(range(6), range(11, 5, -1), strict=True) for number in pair]
    needs = [need(area, starts[area], area=area) for area in zigzag]
    assert keys([*needs[:3], need("x", area="x"), *needs[3:]], starts) == ["00", "01", "x", *sorted(zigzag)[2:]]


def test_an_area_whose_transformer_is_unknown_begins_where_the_last_ended() -> None:
    needs = [need("a", at(1), area="A"), *(need(f"b{door}", at(door), area="B") for door in (9, 5, 7))]
    assert keys(needs, {"A": at(0)}) == ["a", "b5", "b7", "b9"]


def test_progress_counts_things_and_cancel_stops_it() -> None:
    progress = Progress()
    walked(street(), {}, progress)
    assert (progress.snapshot().done, progress.snapshot().total) == (14, 14)
    progress.cancel()
    with pytest.raises(Cancelled):
        walked(street(), {}, progress)


@pytest.mark.parametrize(
    "lower, higher",
    [
        ("3号", "12号"),
        ("３号", "4号"),
        ("柏湾村三组", "柏湾村十组"),
        ("第九组", "第十二组"),
        ("二十三号", "二十四号"),
        ("一〇二单元", "一一〇单元"),
        ("一百零五号", "一百二十号"),
        ("3-2号", "3-10号"),
        ("12号杆", "12+1号杆"),
        ("12+1号杆", "13号杆"),
        ("a2", "A10"),
        ("", "1"),
        ("1" * 30, "2" * 30),
    ],
)
def test_natural_order(lower: str, higher: str) -> None:
    assert natural(lower) < natural(higher)


def test_numerals_in_names_are_left_alone() -> None:
    assert natural("三里屯") != natural("3里屯")


@pytest.mark.parametrize(
    "near, far",
    [("李街8号", "李街20号"), ("李街80号", "李村10号"), ("李街一里4号", "王街9号"), ("李街9号东户", "李街90号"), ("", "李街9号")],
)
def test_likeness_of_addresses(near: str, far: str) -> None:
    here = natural("李街9号" if near else "")
    assert alike(here, natural(near)) >= alike(here, natural(far))
