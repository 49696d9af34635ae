"""How much ink stands in the places of a flat sheet, each found again by its printed outline; what that means."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from PIL import Image, ImageDraw
from scipy import ndimage

from lvdesk.fieldwork.forms.grid import Rect
from lvdesk.fieldwork.scanning.flat import SCALE, Soft
from lvdesk.fieldwork.scanning.places import Place
from lvdesk.fieldwork.scanning.settings import Settings

MARKED, EMPTY, DOUBTFUL = "marked", "empty", "doubtful"
_PEN: Final = 0.22
"""As dark as the faintest pen."""
_PENCIL: Final = 0.055
_LINE: Final = 0.35
_INSIDE: Final = 0.62
"""Millimetres from the middle of a box's line to where ink is counted."""
_REACH: Final = 1.0
_NEAR: Final = 0.5
_BAND: Final = 0.45
_AROUND: Final = 5.0
_CELL_INSIDE: Final = 0.6
_TILE: Final = 5.0
_CHUNK: Final = 16.0


@dataclass(frozen=True)
class Mark:
    """What was found at one place.

    Attributes:
        ink: share of the inside that is inked.
        verdict: marked, empty, doubtful.
        x, y: millimetres it lies from where it should.
        outline: darkness of the faintest side of its printed outline, 1 where it has none.
    """

    place: str
    kind: str
    ink: float
    verdict: str
    x: float = 0.0
    y: float = 0.0
    outline: float = 1.0


def marks(dark: Soft, places: Sequence[Place], settings: Settings) -> list[Mark]:
    """What stands in every place."""
    return [_tick(dark, place, settings) if place.spot.kind == "tick" else _writing(dark, place, settings) for place in places]


def _tick(dark: Soft, place: Place, settings: Settings) -> Mark:
    rect = place.rect
    x, y, outline = _found(dark, rect, _REACH)
    here = Rect(rect.x + x, rect.y + y, rect.width, rect.height)
    ink = _ink(dark, here.inset(_INSIDE, _INSIDE))
    verdict = DOUBTFUL
    if outline >= settings.outline:
        if ink <= settings.empty:
            verdict = EMPTY if _faint(dark, here) <= settings.faint else DOUBTFUL
        elif settings.marked <= ink <= settings.crowded and _own(dark, here, settings):
            verdict = MARKED
    return Mark(place.spot.name, "tick", round(ink, 4), verdict, round(x, 2), round(y, 2), round(outline, 2))


def _faint(dark: Soft, rect: Rect) -> float:
    """Share of the inside that is a little darker than the rest of it: a pencil hardly seen."""
    window = ndimage.uniform_filter(_window(dark, rect.inset(_INSIDE, _INSIDE)), 4, mode="nearest")
    return float((window - np.median(window) >= _PENCIL).mean())


def _own(dark: Soft, rect: Rect, settings: Settings) -> bool:
    """Whether the ink in a box is a mark of its own, not the end of a stroke that belongs elsewhere."""
    wide = rect.inset(-_AROUND, -_AROUND)
    window = _window(dark, wide) >= _PEN
    middle = ((np.arange(window.shape[1]) + 0.5) / SCALE - _AROUND, (np.arange(window.shape[0]) + 0.5) / SCALE - _AROUND)
    # how far a dot lies inside (+) or outside (-) the middle of the printed line
    depth = np.minimum(np.minimum(middle[0], rect.width - middle[0])[None, :], np.minimum(middle[1], rect.height - middle[1])[:, None])
    line = np.abs(depth) < _LINE / 2 + 0.12
    pen = window & ~line
    bridged = pen | (line & ndimage.binary_dilation(pen, iterations=3) & window)
    labels, _ = ndimage.label(bridged, structure=np.ones((3, 3)))
    inside = depth > _INSIDE
    numbers = np.unique(labels[inside & pen])
    numbers = numbers[numbers > 0]
    connected = np.isin(labels, numbers)
    within, without = int((connected & (depth > 0.3)).sum()), int((connected & (depth < -0.5)).sum())
    return without <= settings.outside * within


def _writing(dark: Soft, place: Place, settings: Settings) -> Mark:
    spot = place.spot
    if spot.kind == "comb":
        ink = max((_comb_ink(dark, place, first) for first in _chunks(place)), default=0.0)
    else:
        x, y, _ = _found(dark, place.rect.inset(-0.6, -0.6), _NEAR) if place.rect.width < _CHUNK else (0.0, 0.0, 0.0)
        ink = _most(dark, Rect(place.rect.x + x, place.rect.y + y, place.rect.width, place.rect.height).inset(_CELL_INSIDE, _CELL_INSIDE))
    return Mark(spot.name, spot.kind, round(ink, 4), EMPTY if ink <= settings.written else MARKED)


def _chunks(place: Place) -> list[range]:
    """Cells of a comb, a few at a time: paper bends within a long one."""
    count = place.spot.count
    each = max(1, int(_CHUNK / (place.spot.width / count)))
    return [range(start, min(start + each, count)) for start in range(0, count, each)]


def _comb_ink(dark: Soft, place: Place, cells: range) -> float:
    rect, width = place.rect, place.spot.width / place.spot.count
    part = Rect(rect.x + cells.start * width, rect.y, len(cells) * width, rect.height)
    x, y, _ = _found(dark, part, _NEAR)
    free = [cell for cell in cells if not place.printed[cell : cell + 1].strip()]
    inner = [Rect(rect.x + cell * width + x, rect.y + y, width, rect.height).inset(_CELL_INSIDE, _CELL_INSIDE) for cell in free]
    return max((_ink(dark, each) for each in inner), default=0.0)


def _ink(dark: Soft, rect: Rect) -> float:
    window = _window(dark, rect)
    return float((window >= _PEN).mean()) if window.size else 1.0


def _most(dark: Soft, rect: Rect) -> float:
    """Ink of the part of a cell that has most."""
    count = max(1, round(rect.width / _TILE))
    width = rect.width / count
    return max(_ink(dark, Rect(rect.x + number * width, rect.y, width, rect.height)) for number in range(count))


def _window(dark: Soft, rect: Rect) -> Soft:
    """The dots of a rectangle; what lies beyond the picture counts as ink, for nobody knows."""
    left, top = round(rect.x * SCALE), round(rect.y * SCALE)
    right, bottom = round((rect.x + rect.width) * SCALE), round((rect.y + rect.height) * SCALE)
    height, width = dark.shape
    if left >= 0 and top >= 0 and right <= width and bottom <= height:
        return dark[top:bottom, left:right]
    whole = np.ones((max(bottom - top, 0), max(right - left, 0)), dtype=np.float32)
    y, x = max(top, 0), max(left, 0)
    part = dark[y : max(bottom, 0), x : max(right, 0)]
    whole[y - top : y - top + part.shape[0], x - left : x - left + part.shape[1]] = part
    return whole


def _found(dark: Soft, rect: Rect, reach: float) -> tuple[float, float, float]:
    """How far a printed rectangle lies from its place, and how dark its faintest side is there."""
    template, left, top = _template(round(rect.width, 3), round(rect.height, 3), _part(rect.x), _part(rect.y))
    steps = round(reach * SCALE)
    row, column = int(rect.y * SCALE) - top - steps, int(rect.x * SCALE) - left - steps
    height, width = template.weights.shape
    area = Rect(column / SCALE, row / SCALE, (width + 2 * steps) / SCALE, (height + 2 * steps) / SCALE)
    windows = sliding_window_view(_window(dark, area), (height, width))
    scores = np.einsum("abij,ij->ab", windows, template.weights)
    # a nearer place wins where two are as good
    ways = np.arange(-steps, steps + 1) / SCALE
    scores = scores - 0.03 * (ways[:, None] ** 2 + ways[None, :] ** 2)
    best = np.unravel_index(int(scores.argmax()), scores.shape)
    here = windows[best]
    outline = min(float((here * side).sum()) for side in template.sides)
    return (int(best[1]) - steps) / SCALE, (int(best[0]) - steps) / SCALE, outline


def _part(place: float) -> float:
    """The fraction of a dot, in quarters: places share their templates."""
    return int(place * SCALE % 1 * 4) / 4


@dataclass(frozen=True)
class _Template:
    weights: Soft
    sides: tuple[Soft, ...]


_FINER: Final = 4


@lru_cache(maxsize=512)
def _template(width: float, height: float, over: float, down: float) -> tuple[_Template, int, int]:
    """A rectangle's line as bright, bands beside it as dark, at this fraction of a dot; and the dots around it."""
    margin = int((_BAND + _LINE) * SCALE) + 2
    wide, high = int(width * SCALE + over) + 2 * margin + 1, int(height * SCALE + down) + 2 * margin + 1
    x, y = margin + over, margin + down
    right, bottom = x + width * SCALE, y + height * SCALE

    def drawn(grow: float, shrink: float) -> Soft:
        picture = Image.new("L", (wide * _FINER, high * _FINER))
        pen = ImageDraw.Draw(picture)
        outer, inner = grow * SCALE, shrink * SCALE
        pen.rectangle([_FINER * each for each in (x - outer, y - outer, right + outer, bottom + outer)], fill=255)
        pen.rectangle([_FINER * each for each in (x + inner, y + inner, right - inner, bottom - inner)], fill=0)
        return np.asarray(picture.resize((wide, high), Image.Resampling.BOX), dtype=np.float32) / np.float32(255)

    half = _LINE / 2
    line, near = drawn(half, half), drawn(half + _BAND, half + _BAND)
    band = np.clip(near - drawn(half + 0.1, half + 0.1), 0, 1)
    weights = line / line.sum() - 0.8 * band / band.sum()
    across, beside = np.arange(wide)[None, :] + 0.5, np.arange(high)[:, None] + 0.5
    cuts = (across < x + 3, across > right - 3, beside < y + 3, beside > bottom - 3)
    sides = [np.where(cut, line, 0) for cut in cuts]
    return _Template(weights, tuple(np.asarray(side / max(side.sum(), 1e-6), dtype=np.float32) for side in sides)), margin, margin


def aligned(found: Sequence[Mark], settings: Settings) -> float:
    """Share of the tick boxes whose outlines were found where they should be; 1 without any."""
    ticks = [mark for mark in found if mark.kind == "tick"]
    return sum(mark.outline >= settings.outline for mark in ticks) / len(ticks) if ticks else 1.0


def listed(found: Sequence[Mark]) -> list[list[str | float]]:
    """The marks as they are stored."""
    return [[mark.place, mark.kind, mark.ink, mark.verdict] for mark in found]


def stored(lines: Sequence[Sequence[str | float]]) -> list[Mark]:
    """Stored marks."""
    return [Mark(str(place), str(kind), float(ink), str(verdict)) for place, kind, ink, verdict in lines]
