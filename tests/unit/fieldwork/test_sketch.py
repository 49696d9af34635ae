"""The sketch map a team walks by: numbers readable, true to the ground, strays said in words, never an empty corner of the sheet."""

from collections.abc import Sequence
from math import hypot
from typing import Final

import pytest

from lvdesk.fieldwork.forms.model import MapPlace
from lvdesk.fieldwork.forms.sketch import sketch
from lvdesk.kit.page import Disc, Line, Primitive, Rectangle, TextBox

EAST, NORTH = 115.68, 34.45
METRE_EAST, METRE_NORTH = 1 / 91_880, 1 / 110_940
FRAME: Final = (10.0, 20.0, 130.0, 145.0)


def stop(number: int, east: float, north: float) -> MapPlace:
    """A box to visit, so many metres from the middle of the area."""
    return MapPlace("box", EAST + east * METRE_EAST, NORTH + north * METRE_NORTH, str(number), visited=True)


def words(items: Sequence[Primitive]) -> list[str]:
    return [item.text for item in items if isinstance(item, TextBox)]


def label(items: Sequence[Primitive], text: str) -> tuple[float, float]:
    """The middle of a label."""
    (found,) = [item for item in items if isinstance(item, TextBox) and item.text == text]
    return found.x + found.width / 2, found.y + found.height / 2


CROSS: Final = [stop(1, -100, 0), stop(2, 100, 0), stop(3, 0, 100), stop(4, 0, -100)]


def test_every_box_to_visit_has_its_number_on_its_place() -> None:
    items = sketch(*FRAME, CROSS)
    west, east, north, south = (label(items, text) for text in "1234")
    assert west[0] < north[0] < east[0]
    assert north[1] < west[1] < south[1]
    assert hypot(east[0] - west[0], east[1] - west[1]) == pytest.approx(hypot(north[0] - south[0], north[1] - south[1]), rel=0.01)


def test_the_scale_bar_is_as_long_as_it_says() -> None:
    items = sketch(*FRAME, CROSS)
    (said,) = [text for text in words(items) if text.endswith("米")]
    metres = int(said.split()[0])
    millimetres = label(items, "2")[0] - label(items, "1")[0]
    bottom = FRAME[1] + FRAME[3] - 6
    bar = max(abs(item.x2 - item.x1) for item in items if isinstance(item, Line) and item.y1 == item.y2 and item.y1 > bottom)
    assert bar / millimetres == pytest.approx(metres / 200, rel=0.01)


def test_the_way_is_dashed_from_stop_to_stop_with_arrows() -> None:
    items = sketch(*FRAME, CROSS)
    dashed = [item for item in items if isinstance(item, Line) and item.dash]
    places = [label(items, text) for text in "1234"]
    assert [(leg.x1, leg.y1) for leg in dashed] == [pytest.approx(place) for place in places[:3]]
    assert [(leg.x2, leg.y2) for leg in dashed] == [pytest.approx(place) for place in places[1:]]
    heads = [item for item in items if isinstance(item, Line) and not item.dash and item.colour == dashed[0].colour]
    assert len(heads) == 2 * len(dashed)


STRAYS: Final = {
    "zeros": MapPlace("box", 0.0, 0.0, "9", visited=True),
    "swapped": MapPlace("box", NORTH, EAST, "9", visited=True),
    "fifty kilometres": stop(9, 50_000, 0),
    "three kilometres": stop(9, 0, 3_000),
    "nonsense": MapPlace("box", float("nan"), 34.0, "9", visited=True),
}


@pytest.mark.parametrize("stray", STRAYS.values(), ids=STRAYS)
def test_strays_are_said_in_words_and_do_not_shrink_the_map(stray: MapPlace) -> None:
    clean, items = sketch(*FRAME, CROSS), sketch(*FRAME, [*CROSS, stray])
    assert "另有 1 个箱坐标不在图内：9，请按地址找" in words(items)
    assert [label(items, text) for text in "1234"] == [label(clean, text) for text in "1234"]


def test_a_hamlet_far_off_is_no_stray() -> None:
    village = [stop(number, number * 10, 0) for number in range(1, 11)]
    hamlet = [stop(number, 2_000 + number * 10, 0) for number in range(11, 16)]
    assert not [text for text in words(sketch(*FRAME, [*village, *hamlet])) if "不在图内" in text]


def test_without_any_coordinates_people_draw_themselves() -> None:
    for places in ([], [MapPlace("box", 0.0, 0.0, "1", visited=True)]):
        items = sketch(*FRAME, places)
        assert "本台区没有坐标，请现场绘制" in words(items)
        assert sum(isinstance(item, Line) for item in items) > 20


def test_one_box_alone_is_a_map_too() -> None:
    items = sketch(*FRAME, [stop(7, 0, 0)])
    assert {"7", "北", "本次采录"} <= set(words(items))


def test_the_transformer_bears_its_name_and_other_boxes_none() -> None:
    around = [
        MapPlace("area", EAST, NORTH, "北公变"),
        MapPlace("box", EAST + 0.0003, NORTH + 0.0003),
        MapPlace("pole", EAST, NORTH + 0.0005, "3号杆"),
    ]
    found = words(sketch(*FRAME, [*CROSS, *around]))
    assert {"北公变", "3号杆", "台变", "其他箱", "杆塔"} <= set(found)


def test_other_places_do_not_widen_the_map() -> None:
    near = MapPlace("box", EAST + 80 * METRE_EAST, NORTH + 90 * METRE_NORTH)
    far = MapPlace("pole", EAST + 380 * METRE_EAST, NORTH, "远杆")
    items, clean = sketch(*FRAME, [*CROSS, near, far]), sketch(*FRAME, CROSS)
    assert label(items, "1") == label(clean, "1")
    assert "远杆" not in words(items)


def test_boxes_of_one_staircase_are_one_spot() -> None:
    stairs = [stop(number, 0, 0) for number in range(12, 30)]
    found = words(sketch(*FRAME, [stop(11, -60, 0), *stairs, stop(30, 60, 0)]))
    assert {"11", "12–29", "30"} <= set(found)


def test_two_boxes_on_one_wall_have_a_number_each() -> None:
    items = sketch(*FRAME, [stop(1, -50, 0), stop(2, 0, 0), stop(3, 0, 0), stop(4, 50, 0)])
    assert {"1", "2", "3", "4"} <= set(words(items))
    assert label(items, "2") != label(items, "3")


def test_hundreds_of_boxes_are_grouped_and_none_is_left_out() -> None:
    rows = [
        stop(row * 20 + column + 1, (column if row % 2 == 0 else 19 - column) * 15, row * 15) for row in range(15) for column in range(20)
    ]
    said: list[int] = []
    for text in words(sketch(*FRAME, rows)):
        first, _, last = text.partition("–")
        if first.isdigit():
            said += range(int(first), int(last or first) + 1)
    assert sorted(said) == list(range(1, 301))


def test_a_small_frame_still_holds_everything() -> None:
    x, y, width, height = 0.0, 0.0, 60.0, 45.0
    for item in sketch(x, y, width, height, CROSS):
        if isinstance(item, Rectangle):
            assert x <= item.x <= width - item.w
            assert y <= item.y <= height - item.h
        if isinstance(item, Disc):
            assert item.radius <= item.x <= width - item.radius
