"""What a sketch map is made of besides its numbers: marks, north arrow, scale bar, legend, the empty frame."""

from collections.abc import Collection, Iterator, Sequence
from itertools import pairwise
from typing import Final

from lvdesk.fieldwork.forms.grid import Rect
from lvdesk.fieldwork.forms.measure import words_width
from lvdesk.kit.page import Disc, Line, Primitive, Rectangle, TextBox

ORDER: Final = ("pole", "access_point", "branch_box", "box", "area")
"""Kinds of places, the least important first."""
_LEGEND: Final = (
    ("visited", "本次采录"),
    ("area", "台变"),
    ("box", "其他箱"),
    ("branch_box", "分支箱"),
    ("access_point", "接入点"),
    ("pole", "杆塔"),
)
_GREY: Final = "#8a9494"
_PALE: Final = "#dfe4e4"
_WHITE: Final = "#ffffff"
_ROUND: Final = (5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000)
_BAR: Final = 0.22
"""Longest scale bar as part of the map's width."""
_SIZE: Final = 7.0
_GRID: Final = 10.0
_SAID: Final = 8
_NO_MAP: Final = "本台区没有坐标，请现场绘制"
_HOW: Final = "画出台变、道路和计量箱，箱旁写上表中的序号"


def mark(kind: str, x: float, y: float) -> Iterator[Primitive]:
    """The mark of a place; those to visit are drawn with their numbers."""
    match kind:
        case "visited":
            yield Disc(x, y, 1.5)
        case "area":
            yield Disc(x, y, 2.2, _WHITE, 0.4)
            yield Disc(x, y, 1.2, _WHITE, 0.4)
        case "box":
            yield Rectangle(x - 0.75, y - 0.75, 1.5, 1.5, 0.15, _PALE, _GREY)
        case "branch_box":
            yield Rectangle(x - 1.1, y - 0.8, 2.2, 1.6, 0.25, _WHITE, "#3a4444")
            yield Line(x - 1.1, y + 0.8, x + 1.1, y - 0.8, 0.25, colour="#3a4444")
        case "access_point":
            corners = [(x, y - 1.1), (x + 1.1, y), (x, y + 1.1), (x - 1.1, y), (x, y - 1.1)]
            yield from (Line(*start, *end, 0.3, colour="#3a4444") for start, end in pairwise(corners))
        case _:
            yield Disc(x, y, 0.8, _WHITE, 0.25, "#3a4444")


def compass(x: float, y: float) -> Iterator[Primitive]:
    """North is up; 6 by 10.5 millimetres."""
    yield TextBox(x, y, 6.0, 3.6, "北", 8.0, align="center", bold=True)
    yield Line(x + 3, y + 10.5, x + 3, y + 3.8, 0.4)
    yield Line(x + 3, y + 3.8, x + 1.6, y + 7.0, 0.4)
    yield Line(x + 3, y + 3.8, x + 4.4, y + 7.0, 0.4)


def scale_bar(place: Rect, scale: float) -> Iterator[Primitive]:
    """A bar as long as a round number of metres."""
    longest = min(40.0, place.width * _BAR)
    metres = max((number for number in _ROUND if number * scale <= longest), default=None)
    if metres is None:
        return
    long, base = metres * scale, place.y + place.height - 2.0
    yield Line(place.x, base, place.x + long, base, 0.4)
    for x in (place.x, place.x + long):
        yield Line(x, base - 1.4, x, base, 0.4)
    yield TextBox(place.x + long + 1.0, base - 3.0, 11.0, 3.8, f"{metres} 米", 8.0)


def strip(place: Rect, low: float, shown: Collection[str], missing: Sequence[str]) -> Iterator[Primitive]:
    """The legend at the right of the strip's lower part of height ``low``, above it which boxes to visit are not on the map."""
    left, x = place.x + place.width * _BAR + 12.0, place.x + place.width
    y = place.y + place.height - low / 2 - 0.2
    items = [(kind, words) for kind, words in _LEGEND if kind in shown]
    widths = [4.6 + words_width(words, _SIZE) + 1.5 for _, words in items]
    while items and sum(widths) > x - left:
        items.pop()
        widths.pop()
    x -= sum(widths)
    for (kind, words), width in zip(items, widths, strict=True):
        yield from mark(kind, x + 2.6, y)
        yield TextBox(x + 5.6, y - 1.8, width - 5.6, 3.6, words, _SIZE)
        x += width
    if missing:
        numbers = "、".join(missing[:_SAID]) + ("…" if len(missing) > _SAID else "")
        words = f"另有 {len(missing)} 个箱坐标不在图内：{numbers}，请按地址找"
        yield TextBox(place.x, place.y, place.width, place.height - low, words, 8.0, bold=True)


def empty(frame: Rect) -> Iterator[Primitive]:
    """A frame to draw in by hand."""
    x, y, width, height = frame
    for number in range(1, int(width / _GRID) + 1):
        if number * _GRID < width:
            yield Line(x + number * _GRID, y, x + number * _GRID, y + height, 0.1, colour=_PALE)
    for number in range(1, int(height / _GRID) + 1):
        if number * _GRID < height:
            yield Line(x, y + number * _GRID, x + width, y + number * _GRID, 0.1, colour=_PALE)
    yield Rectangle(x, y, width, height, 0.3)
    yield TextBox(x + 2, y + 1.5, width - 4, 5.0, _NO_MAP, 10.0, bold=True)
    yield TextBox(x + 2, y + 6.5, width - 4, 4.0, _HOW, 8.0)
