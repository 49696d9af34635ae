"""Places the numbers of a sketch map so that none covers another: on the spot, else beside it with a leader line."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from math import cos, pi, sin
from typing import Final

from lvdesk.fieldwork.forms.grid import Rect

_DIRECTIONS: Final = 16
_STEP: Final = 1.5
_AIR: Final = 0.35
_COVERED: Final = 5.0
"""Millimetres of leader line a label is moved rather than cover another box's place; ``_CROSSED``: rather than lead across a label."""
_CROSSED: Final = 6.0

Point = tuple[float, float]


@dataclass(frozen=True)
class Spoken:
    """A label that found its place: ``anchor`` is what it speaks of; ``led`` when it stands beside it, ``cost`` how hard it is to find."""

    text: str
    anchor: Point
    rect: Rect
    led: bool
    cost: float = 0.0


@dataclass
class Table:
    """The paper as it fills: ``taken`` may not be covered, ``points`` better not."""

    inside: Rect
    points: Sequence[Point] = ()
    taken: list[Rect] = field(default_factory=list)
    leaders: list[tuple[Point, Point]] = field(default_factory=list)

    def put(self, text: str, anchor: Point, size: tuple[float, float], reach: float, *, on_spot: bool = True) -> Spoken | None:
        """Finds room for a label of this size no farther than ``reach`` from its anchor; None where there is none."""
        best: tuple[float, Rect, bool] | None = None
        for base, rect in _candidates(anchor, size, reach, on_spot=on_spot):
            if best is not None and base >= best[0]:
                break
            if not within(rect, self.inside) or any(overlap(rect, other) for other in self.taken):
                continue
            cost = base + self._harm(anchor, rect)
            if best is None or cost < best[0] - 1e-9:
                best = (cost, rect, base > 0)
        if best is None:
            return None
        self.taken.append(best[1])
        if best[2]:
            self.leaders.append((anchor, centre(best[1])))
        return Spoken(text, anchor, best[1], best[2], best[0])

    def _harm(self, anchor: Point, rect: Rect) -> float:
        covered = sum(_holds(rect, point) for point in self.points if point != anchor)
        crossed = sum(_crosses(anchor, centre(rect), other) for other in self.taken) if not _holds(rect, anchor) else 0
        crossed += sum(_crosses(*leader, rect) for leader in self.leaders)
        return _COVERED * covered + _CROSSED * crossed


def centre(rect: Rect) -> Point:
    """The middle of a rectangle."""
    return rect.x + rect.width / 2, rect.y + rect.height / 2


def within(rect: Rect, outer: Rect) -> bool:
    """Whether a rectangle lies in another."""
    right, bottom = rect.x + rect.width, rect.y + rect.height
    return rect.x >= outer.x and rect.y >= outer.y and right <= outer.x + outer.width and bottom <= outer.y + outer.height


def overlap(one: Rect, other: Rect) -> bool:
    """Whether two labels touch, or nearly."""
    return (
        one.x < other.x + other.width + _AIR
        and other.x < one.x + one.width + _AIR
        and one.y < other.y + other.height + _AIR
        and other.y < one.y + one.height + _AIR
    )


def _candidates(anchor: Point, size: tuple[float, float], reach: float, *, on_spot: bool) -> Iterator[tuple[float, Rect]]:
    """Places for a label with their cost, cheapest first: on the spot, then around it, farther and farther."""
    width, height = size
    if on_spot:
        yield 0.0, Rect(anchor[0] - width / 2, anchor[1] - height / 2, width, height)
    away = _STEP
    while away <= reach:
        for turn in range(_DIRECTIONS):
            angle = pi / 4 - 2 * pi * turn / _DIRECTIONS
            across, down = cos(angle), -sin(angle)
            x = anchor[0] + across * (away + width / 2) - width / 2
            y = anchor[1] + down * (away + height / 2) - height / 2
            yield away, Rect(round(x, 3), round(y, 3), width, height)
        away += _STEP


def _holds(rect: Rect, point: Point) -> bool:
    return rect.x - _AIR <= point[0] <= rect.x + rect.width + _AIR and rect.y - _AIR <= point[1] <= rect.y + rect.height + _AIR


def _crosses(start: Point, end: Point, rect: Rect) -> bool:
    """Whether a line from one point to another passes through a label."""
    least, most = 0.0, 1.0
    for begin, finish, low, size in ((start[0], end[0], rect.x, rect.width), (start[1], end[1], rect.y, rect.height)):
        step = finish - begin
        if abs(step) < 1e-9:
            if not low <= begin <= low + size:
                return False
            continue
        near, far = sorted(((low - begin) / step, (low + size - begin) / step))
        least, most = max(least, near), min(most, far)
    return least <= most
