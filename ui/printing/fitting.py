"""Words into a box: wrapped, then smaller, then narrower; never cut."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from lvdesk.kit.page import TextBox
from ui.printing.fonts import UNITS, metrics, pixels

_STEP: Final = 0.25
_NARROW: Final = (92, 84, 76, 70)
"""Stretches in per cent that are still read with ease."""
_CLOSING: Final = "，。、；：？！）】》〉」』〕”’…—·％℃,.;:?!)]}%"
"""Never first on a line."""
_OPENING: Final = "（【《〈「『〔“‘([{"
"""Never last on a line."""
_ATOM: Final = re.compile(rf"[{re.escape(_OPENING)}]*(?:[A-Za-z0-9#+\-_/.~&@]+|\S)[{re.escape(_CLOSING)}]*\s*|\s+")


Measure = Callable[[str], float]


@dataclass(frozen=True)
class Fitted:
    """How a text stands in its box.

    Attributes:
        points: the size it came to; ``stretch`` its width in per cent.
        lines: the lines as broken.
        whole: False where even the smallest size did not take it: squeezed beyond reading with ease, or higher than its box.
    """

    points: float
    stretch: int
    lines: tuple[str, ...]
    whole: bool = True


@dataclass(frozen=True)
class _Ask:
    """A box without its place; measures in units."""

    text: str
    width: int
    height: int
    points: float
    least: float
    lines: int
    bold: bool
    mono: bool

    def broken(self, points: float, stretch: int = 100) -> tuple[str, ...] | None:
        """The lines at one size and stretch, or None when they are too many."""
        measure = metrics(points, bold=self.bold, mono=self.mono)
        if measure.height() > self.height and points > self.least:
            return None
        room = min(self.lines, max(1, int((self.height + measure.leading() + 1) // measure.lineSpacing())))
        found: list[str] = []
        for paragraph in self.text.split("\n"):
            found += _broken(paragraph, self.width * 100 / stretch, measure.horizontalAdvance)
            if len(found) > room:
                return None
        return tuple(found)

    def high_enough(self, points: float) -> bool:
        """Whether letters of that size stand within the box; several lines only break where they do."""
        return not self.text or pixels(points) <= self.height


def fit(box: TextBox) -> Fitted:
    """Sizes and breaks the words of a box."""
    wide, high = round(box.width * UNITS), round(box.height * UNITS)
    return _fit(_Ask(box.text, wide, high, box.size, min(box.least, box.size), box.lines, box.bold, box.mono))


@lru_cache(maxsize=8192)
def _fit(ask: _Ask) -> Fitted:
    points = ask.points
    while True:
        found = ask.broken(points)
        if found is not None:
            return Fitted(points, 100, found, whole=ask.high_enough(points))
        if points <= ask.least:
            return _narrow(ask)
        points = max(ask.least, points - _STEP)


def _narrow(ask: _Ask) -> Fitted:
    """At the smallest size, as wide as it can be; below the last of ``_NARROW`` it is no longer read with ease."""
    for stretch in (*_NARROW, *range(_NARROW[-1] - 4, 1, -4)):
        found = ask.broken(ask.least, stretch)
        if found is not None:
            return Fitted(ask.least, stretch, found, whole=stretch >= _NARROW[-1] and ask.high_enough(ask.least))
    words = ask.text.replace("\n", " ")  # more paragraphs than lines
    wide = metrics(ask.least, bold=ask.bold, mono=ask.mono).horizontalAdvance(words)
    return Fitted(ask.least, max(1, min(100, int(ask.width * 100 / wide))), (words,), whole=False)


def _broken(words: str, width: float, measured: Measure) -> list[str]:
    """One paragraph in lines no wider than ``width``; a single atom too long for a line is broken inside."""
    if measured(words) <= width:
        return [words]
    lines, line = [], ""
    for atom in _ATOM.findall(words):
        if not line or measured((line + atom).rstrip()) <= width:
            line += atom
        else:
            lines.append(line.rstrip())
            line = atom
        while measured(line.rstrip()) > width and len(line) > 1:
            keep = _most(line, width, measured)
            lines.append(line[:keep])
            line = line[keep:]
    return [*lines, line.rstrip()] if line.strip() or not lines else lines


def _most(line: str, width: float, measured: Measure) -> int:
    """How many characters of a line that is too long stay on it, at least one; the next line begins with no closing sign."""
    low, high = 1, len(line)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if measured(line[:middle]) <= width else (low, middle - 1)
    keep = low
    while keep > 1 and (line[keep] in _CLOSING or line[keep - 1] in _OPENING):
        keep -= 1
    return low if line[keep] in _CLOSING or line[keep - 1] in _OPENING else keep
