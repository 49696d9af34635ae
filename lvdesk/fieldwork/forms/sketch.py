"""The sketch map of an area: boxes to visit as numbered discs on their true places, the way between them, what stands around."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import atan2, cos, dist, hypot, pi, sin
from typing import Final

from lvdesk.fieldwork.forms.grid import Rect
from lvdesk.fieldwork.forms.measure import em, words_width
from lvdesk.fieldwork.forms.model import MapPlace
from lvdesk.fieldwork.forms.sketch_fit import Fit, fit
from lvdesk.fieldwork.forms.sketch_labels import Point, Spoken, Table, centre
from lvdesk.fieldwork.forms.sketch_marks import ORDER, compass, empty, mark, scale_bar, strip
from lvdesk.kit.page import BLACK, Disc, Line, Primitive, Rectangle, TextBox

_MANY: Final = 60
_EDGE: Final = 5.0
_STRIP: Final = 6.0
_NOTE: Final = 4.2
_COMPASS: Final = (7.0, 11.0)
_RING: Final = 2.5
_CLEAR: Final = 4.0
"""Millimetres of leader line a number may cost on average before smaller numbers are tried."""
_WAY: Final = "#5f6b6b"
_DASH: Final = (1.8, 1.0)
_ARROW: Final = 1.7
_WHITE: Final = "#ffffff"
_ROUND: Final = 3
"""Letters that stand in a disc; longer ones in a box."""
_ROOM: Final = 150.0
"""Square millimetres of map for each number: with less nobody finds his way, and trying takes long."""
_NAMES: Final = 25
"""So many poles and access points are named; of more none is, the map would be nothing but names."""


_Stop = tuple[str, Point | None]


@dataclass(frozen=True)
class _Level:
    """How large numbers are written: ``apart`` millimetres within which neighbours in walking order share one label."""

    size: float
    radius: float
    apart: float
    reach: float


_LEVELS: Final = (
    _Level(9.0, 2.5, 0.0, 13.0),
    _Level(7.5, 2.1, 0.0, 16.0),
    _Level(7.5, 2.1, 2.5, 16.0),
    _Level(6.5, 1.8, 4.0, 18.0),
    _Level(6.5, 1.8, 8.0, 20.0),
    _Level(6.5, 1.8, 16.0, 40.0),
    _Level(6.5, 1.8, 1000.0, 200.0),
)


def sketch(x: float, y: float, width: float, height: float, places: Sequence[MapPlace]) -> tuple[Primitive, ...]:
    """The map in its frame; all of it lies inside the rectangle."""
    frame = Rect(x, y, width, height)
    visited = [number for number, place in enumerate(places) if place.visited]
    strips = _STRIP + _NOTE
    land = Rect(x + 0.6, y + 0.6, width - 1.2, height - 1.2 - strips)
    room = land.inset(_EDGE, _EDGE, bottom=_EDGE, right=_EDGE + _COMPASS[0] / 2)
    fitted = fit(places, room)
    if fitted is None:
        return tuple(empty(frame))
    missing = [places[number].label for number in visited if fitted.points[number] is None]
    return (
        Rectangle(x, y, width, height, 0.3),
        *_around(places, fitted),
        *_numbered(places, fitted, land),
        *compass(land.x + land.width - _COMPASS[0], land.y + 0.6),
        *scale_bar(Rect(x + 1.5, y + height - _STRIP, width - 3.0, _STRIP), fitted.scale),
        *strip(Rect(x + 1.5, y + height - strips, width - 3.0, strips), _STRIP, _shown(places, fitted), missing),
    )


def _shown(places: Sequence[MapPlace], fitted: Fit) -> set[str]:
    """The kinds of places that are on the map."""
    return {"visited" if place.visited else place.kind for place, point in zip(places, fitted.points, strict=True) if point}


def _around(places: Sequence[MapPlace], fitted: Fit) -> Iterator[Primitive]:
    """What stands around, the least important first."""
    for kind in ORDER:
        for place, point in zip(places, fitted.points, strict=True):
            if point and place.kind == kind and not place.visited and kind != "area":
                yield from mark(kind, *point)


def _numbered(places: Sequence[MapPlace], fitted: Fit, land: Rect) -> Iterator[Primitive]:
    """The way, the transformer, the numbers, and names where room is left."""
    stops = [(place.label, point) for place, point in zip(places, fitted.points, strict=True) if place.visited]
    areas = [(place.label, point) for place, point in zip(places, fitted.points, strict=True) if point and place.kind == "area"]
    points = [point for _, point in stops if point]
    yield from _way(points)
    for _, point in areas:
        yield from mark("area", *point)
    level, table, spoken = _labels(stops, areas, land)
    yield from _leaders(points, spoken)
    for label in spoken:
        yield from _number(label, level)
    table.points = [point for point in fitted.points if point]
    for text, point in areas:
        yield from _name(table, text, point, 8.0, 12.0)
    others = [
        (place.label, point)
        for place, point in zip(places, fitted.points, strict=True)
        if point and place.label and place.kind not in {"box", "area"}
    ]
    for text, point in others if len(others) <= _NAMES else ():
        yield from _name(table, text, point, 5.5, 4.0)


def _labels(stops: Sequence[_Stop], areas: Sequence[tuple[str, Point]], land: Rect) -> tuple[_Level, Table, list[Spoken]]:
    """All numbers in their places, as large as they fit."""
    levels = _LEVELS if len(stops) <= _MANY else _LEVELS[1:]
    found: list[tuple[float, _Level, Table, list[Spoken]]] = []
    for level in levels:
        table = Table(land, [point for _, point in stops if point])
        table.taken += [Rect(px - _RING, py - _RING, 2 * _RING, 2 * _RING) for _, (px, py) in areas]
        table.taken.append(Rect(land.x + land.width - _COMPASS[0] - 0.6, land.y, _COMPASS[0] + 0.6, _COMPASS[1] + 1.2))
        groups = _grouped(stops, level)
        if len(groups) * _ROOM > land.width * land.height and level is not levels[-1]:
            continue
        spoken = _all_put(table, groups, level)
        if spoken is not None:
            found.append((sum(label.cost for label in spoken) / max(1, len(spoken)), level, table, spoken))
            if found[-1][0] <= _CLEAR:
                break
    if not found:
        return levels[-1], table, []
    return min(found, key=lambda one: one[0])[1:]


def _all_put(table: Table, groups: Sequence[Sequence[tuple[str, Point]]], level: _Level) -> list[Spoken] | None:
    spoken: list[Spoken] = []
    for group in groups:
        text = group[0][0] if len(group) == 1 else f"{group[0][0]}–{group[-1][0]}"
        middle = (sum(point[0] for _, point in group) / len(group), sum(point[1] for _, point in group) / len(group))
        anchor = min((point for _, point in group), key=lambda point: dist(point, middle))
        wide = 2 * level.radius if len(text) <= _ROUND else words_width(text, level.size) + 1.0
        label = table.put(text, anchor, (wide, 2 * level.radius), level.reach)
        if label is None:
            return None
        spoken.append(label)
    return spoken


def _grouped(stops: Sequence[_Stop], level: _Level) -> list[list[tuple[str, Point]]]:
    """Neighbours in walking order that stand too close for a number each; a box that is not on the map parts them."""
    groups: list[list[tuple[str, Point]]] = [[]]
    for label, point in stops:
        if point is None:
            groups.append([])
        elif level.apart and all(dist(point, other) <= level.apart for _, other in groups[-1]):
            groups[-1].append((label, point))
        else:
            groups.append([(label, point)])
    return [group for group in groups if group]


def _leaders(points: Sequence[Point], spoken: Sequence[Spoken]) -> Iterator[Primitive]:
    """Lines from labels to what they speak of, and a dot on every true place."""
    for label in spoken:
        if label.led:
            yield Line(*label.anchor, *centre(label.rect), 0.2)
    for px, py in points:
        yield Disc(px, py, 0.6)


def _number(label: Spoken, level: _Level) -> Iterator[Primitive]:
    place = label.rect
    size = level.size
    if len(label.text) <= _ROUND:
        yield Disc(*centre(place), level.radius)
        size = min(size, size * (2 * level.radius - 0.5) / words_width(label.text, size))
    else:
        yield Rectangle(*place, 0.0, BLACK)
    yield TextBox(*place, label.text, size, 4.5, bold=True, align="center", colour=_WHITE)


def _name(table: Table, text: str, point: Point, size: float, reach: float) -> Iterator[Primitive]:
    """A name beside its place where there is room; without, the mark alone has to do."""
    wide = words_width(text, size) + 0.8
    label = table.put(text, point, (min(wide, table.inside.width / 3), em(size) * 1.25), reach, on_spot=False) if text else None
    if label is not None:
        yield TextBox(*label.rect, text, size, 4.0, align="center")


def _way(points: Sequence[Point]) -> Iterator[Primitive]:
    """The way from stop to stop, dashed, with an arrow on every leg that is long enough for one."""
    for (x1, y1), (x2, y2) in pairwise(points):
        if hypot(x2 - x1, y2 - y1) < 0.5:
            continue
        yield Line(x1, y1, x2, y2, 0.3, _DASH, _WAY)
        if hypot(x2 - x1, y2 - y1) > 4 * _ARROW:
            x, y, heading = x1 + (x2 - x1) * 0.55, y1 + (y2 - y1) * 0.55, atan2(y2 - y1, x2 - x1)
            for turn in (-0.85 * pi, 0.85 * pi):
                yield Line(x, y, x + _ARROW * cos(heading + turn), y + _ARROW * sin(heading + turn), 0.4, colour=_WAY)
