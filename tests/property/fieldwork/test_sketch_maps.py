"""Whatever stands in an area: the map keeps to its frame, no words cover others, every box is said once, the same map every time."""

from collections.abc import Sequence
from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from lvdesk.fieldwork.forms.model import MapPlace
from lvdesk.fieldwork.forms.sketch import sketch
from lvdesk.kit.page import Disc, Line, Primitive, Rectangle, TextBox, TickBox

Box = tuple[float, float, float, float]
SLACK = 1e-6

metres = st.floats(-600, 600) | st.sampled_from([0.0, 0.0, 5.0, 40_000.0])
frames = st.tuples(st.floats(0, 20), st.floats(0, 20), st.floats(90, 270), st.floats(60, 180))


@st.composite
def areas(draw: st.DrawFn) -> list[MapPlace]:
    """An area: boxes to visit, a few of them astray or on one wall, and what stands around them."""
    spread = draw(st.sampled_from([0.02, 0.2, 1.0]))
    points = draw(st.lists(st.tuples(metres, metres), min_size=0, max_size=80))
    places = [
        _place("box", x * spread, y * spread, str(number), visited=True) for number, (x, y) in enumerate(points, draw(st.integers(1, 400)))
    ]
    around = draw(st.lists(st.tuples(st.sampled_from(["box", "area", "pole", "branch_box", "access_point"]), metres, metres), max_size=20))
    return places + [
        _place(kind, x * spread, y * spread, "" if kind == "box" else f"{kind}东大屯{number}号")
        for number, (kind, x, y) in enumerate(around)
    ]


def _place(kind: str, east: float, north: float, label: str, *, visited: bool = False) -> MapPlace:
    if east == north == 0.0:
        return MapPlace(kind, 0.0, 0.0, label, visited)  # type: ignore[arg-type]
    return MapPlace(kind, 115.68 + east / 91_880, 34.45 + north / 110_940, label, visited)  # type: ignore[arg-type]


def bounds(item: Primitive) -> Box:
    match item:
        case Line():
            return min(item.x1, item.x2), min(item.y1, item.y2), max(item.x1, item.x2), max(item.y1, item.y2)
        case Disc():
            return item.x - item.radius, item.y - item.radius, item.x + item.radius, item.y + item.radius
        case Rectangle():
            return item.x, item.y, item.x + item.w, item.y + item.h
        case TickBox():
            return item.x, item.y, item.x + item.size, item.y + item.size
        case _:
            return item.x, item.y, item.x + item.width, item.y + item.height


def said(items: Sequence[Primitive]) -> list[int]:
    """The numbers on the map, groups written out."""
    numbers: list[int] = []
    for item in items:
        first, _, last = item.text.partition("–") if isinstance(item, TextBox) else ("", "", "")
        if first.isdecimal() and (last or first).isdecimal():
            numbers += range(int(first), int(last or first) + 1)
    return numbers


@settings(max_examples=60)
@given(frames, areas())
def test_a_map_keeps_to_its_frame_and_its_words_apart(frame: Box, places: list[MapPlace]) -> None:
    items = sketch(*frame, places)
    x, y, width, height = frame
    for item in items:
        left, top, right, bottom = bounds(item)
        assert left >= x - SLACK, item
        assert top >= y - SLACK, item
        assert right <= x + width + SLACK, item
        assert bottom <= y + height + SLACK, item
    texts = [(item.text, bounds(item)) for item in items if isinstance(item, TextBox)]
    for (one, a), (other, b) in combinations(texts, 2):
        assert a[2] <= b[0] + SLACK or b[2] <= a[0] + SLACK or a[3] <= b[1] + SLACK or b[3] <= a[1] + SLACK, (one, other)
    assert sketch(*frame, places) == items


@settings(max_examples=60)
@given(frames, areas())
def test_every_box_to_visit_is_on_the_map_or_counted(frame: Box, places: list[MapPlace]) -> None:
    items = sketch(*frame, places)
    numbers = said(items)
    visited = [int(place.label) for place in places if place.visited]
    counted = [item.text for item in items if isinstance(item, TextBox) and item.text.startswith("另有")]
    missing = int(counted[0].split()[1]) if counted else 0
    empty = any(isinstance(item, TextBox) and "请现场绘制" in item.text for item in items)
    assert empty or (len(set(numbers)) == len(numbers) == len(visited) - missing)
