"""Pages that fill from top to bottom: titles, pairs, tables that break across pages with their head repeated, lines to sign on."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

from lvdesk.kit.page import Code, Line, Page, Polygon, Primitive, Rectangle, TextBox

A4: Final = (210.0, 297.0)
_MARGIN: Final = 14.0
_FOOT: Final = 10.0
_GREY: Final = "#5A6A70"
_GROUND: Final = "#EDF3F3"
_RULE: Final = "#B9C6CA"
_POINT_MM: Final = 0.3528
_LEADING: Final = 1.32

Align = Literal["left", "center", "right"]


@dataclass(frozen=True)
class Col:
    """A column of a table: ``width`` as a share of all; ``lines`` a cell may break into."""

    title: str
    width: float
    align: Align = "left"
    lines: int = 2


class Flow:
    """Collects pages; ``pages`` ends it.

    Args:
        title: stands on every page; ``under`` a line below it.
        foot: person, time and purpose, as every page has it.
        landscape: A4 lying.
    """

    def __init__(self, title: str, under: str, foot: str, *, landscape: bool = False) -> None:
        self.width, self.height = A4[::-1] if landscape else A4
        self._title, self._under, self._foot = title, under, foot
        self._done: list[list[Primitive]] = []
        self._begin()

    @property
    def room(self) -> float:
        """Millimetres left on this page."""
        return self.height - _MARGIN - _FOOT - self.y

    @property
    def inner(self) -> float:
        """Millimetres between the margins."""
        return self.width - 2 * _MARGIN

    def put(self, *items: Primitive) -> None:
        """Puts things where they say."""
        self._items.extend(items)

    def need(self, height: float) -> None:
        """Begins another page where there is less room."""
        if self.room < height:
            self._begin()

    def skip(self, height: float) -> None:
        """Leaves room."""
        self.y += height

    def heading(self, text: str) -> None:
        """A heading, never alone at the foot of a page."""
        self.need(24)
        self.y += 3
        self.put(Rectangle(_MARGIN, self.y + 0.8, 1.2, 4.2, 0.0, "#00706B"))
        self.put(TextBox(_MARGIN + 3, self.y, self.inner - 3, 5.8, text, size=11.5, bold=True))
        self.y += 7.6

    def text(self, words: str, size: float = 9.5, colour: str = "#000000") -> None:
        """A paragraph over the whole width."""
        lines = self._lines(words, self.inner, size)
        high = lines * size * _POINT_MM * _LEADING + 1
        self.need(high)
        self.put(TextBox(_MARGIN, self.y, self.inner, high, words, size=size, lines=lines, rise="top", colour=colour))
        self.y += high + 0.6

    def pairs(self, pairs: Sequence[tuple[str, str]], across: int = 3) -> None:
        """Names with their values, so many beside each other, in a frame."""
        wide, high = self.inner / across, 7.0
        ranks = -(-len(pairs) // across)
        self.need(ranks * high + 2)
        for place, (name, value) in enumerate(pairs):
            rank, column = divmod(place, across)
            x, y = _MARGIN + column * wide, self.y + rank * high
            self.put(Rectangle(x, y, wide, high, 0.15, "", _RULE))
            self.put(Rectangle(x, y, wide * 0.34, high, 0.15, _GROUND, _RULE))
            self.put(TextBox(x + 1.2, y, wide * 0.34 - 2, high, name, size=8.5, colour=_GREY))
            self.put(TextBox(x + wide * 0.34 + 1.2, y, wide * 0.66 - 2, high, value, size=9.5, lines=2, least=6.0))
        self.y += ranks * high + 2

    def table(self, columns: Sequence[Col], rows: Sequence[Sequence[str]], *, empty: str = "无", blank: int = 0) -> None:
        """A table; ``blank`` rows more to write into."""
        whole = sum(each.width for each in columns)
        widths = [each.width / whole * self.inner for each in columns]
        self.need(16)
        self._head(columns, widths)
        if not rows and not blank:
            self.put(Rectangle(_MARGIN, self.y, self.inner, 7, 0.15, "", _RULE))
            self.put(TextBox(_MARGIN + 2, self.y, self.inner - 4, 7, empty, size=9, colour=_GREY))
            self.y += 7
        for cells in [*rows, *[[""] * len(columns)] * blank]:
            lines = [min(self._lines(text, width - 2.4, 9.0), each.lines) for text, width, each in zip(cells, widths, columns, strict=True)]
            high = max(6.4, max(lines) * 9 * _POINT_MM * _LEADING + 2) if any(cells) else 8.0
            if self.room < high:
                self._begin()
                self._head(columns, widths)
            x = _MARGIN
            for text, width, each in zip(cells, widths, columns, strict=True):
                self.put(Rectangle(x, self.y, width, high, 0.15, "", _RULE))
                self.put(TextBox(x + 1.2, self.y, width - 2.4, high, text, size=9, lines=each.lines, align=each.align))
                x += width
            self.y += high
        self.y += 2

    def sign(self, names: Sequence[str]) -> None:
        """Lines for signature and day, so many beside each other."""
        self.need(16)
        self.y += 6
        wide = self.inner / len(names)
        for place, name in enumerate(names):
            x = _MARGIN + place * wide
            self.put(TextBox(x, self.y, 24, 7, f"{name}：", size=9.5))
            self.put(Line(x + 24, self.y + 7, x + wide - 6, self.y + 7, 0.2))
        self.y += 11

    def code(self, text: str, side: float = 22.0) -> None:
        """A QR code in the upper right corner of this page."""
        self.put(Code(self.width - _MARGIN - side, _MARGIN - 4, side, side, "qr", text))

    def pages(self) -> list[Page]:
        """The pages with their numbers."""
        found = []
        for number, items in enumerate(self._done, 1):
            y = self.height - _MARGIN - 2
            foot = (
                Line(_MARGIN, y - 1, self.width - _MARGIN, y - 1, 0.15, colour=_RULE),
                TextBox(_MARGIN, y, self.inner * 0.8, 5, self._foot, size=7.5, colour=_GREY),
                TextBox(_MARGIN, y, self.inner, 5, f"第 {number} 页 共 {len(self._done)} 页", size=7.5, align="right", colour=_GREY),
            )
            found.append(Page(self.width, self.height, (*items, *foot), f"{self._title} {number}"))
        return found

    def _begin(self) -> None:
        self._items: list[Primitive] = []
        self._done.append(self._items)
        self.put(TextBox(_MARGIN, _MARGIN - 2, self.inner - 26, 8, self._title, size=16, bold=True))
        self.put(TextBox(_MARGIN, _MARGIN + 6.6, self.inner - 26, 5, self._under, size=9, colour=_GREY))
        self.put(Line(_MARGIN, _MARGIN + 13, self.width - _MARGIN - 26, _MARGIN + 13, 0.4, colour="#00706B"))
        self.y = _MARGIN + 16.0

    def _head(self, columns: Sequence[Col], widths: Sequence[float]) -> None:
        x = _MARGIN
        for each, width in zip(columns, widths, strict=True):
            self.put(Rectangle(x, self.y, width, 7, 0.15, _GROUND, _RULE))
            self.put(TextBox(x + 1.2, self.y, width - 2.4, 7, each.title, size=9, bold=True, align=each.align))
            x += width
        self.y += 7

    @staticmethod
    def _lines(text: str, width: float, size: float) -> int:
        """How many lines a text takes, counted a little wide: a Han character is as wide as it is high."""
        lines = 0
        for part in text.split("\n"):
            wide = sum(1.0 if ord(letter) > 0x2E80 else 0.56 for letter in part) * size * _POINT_MM
            lines += max(1, int(-(-wide * 1.04 // width)))
        return lines


def moved(items: Sequence[Primitive], right: float, down: float) -> list[Primitive]:
    """The same things elsewhere on the page."""
    found: list[Primitive] = []
    for each in items:
        if isinstance(each, Line):
            found.append(replace(each, x1=each.x1 + right, x2=each.x2 + right, y1=each.y1 + down, y2=each.y2 + down))
        elif isinstance(each, Polygon):
            rings = tuple(tuple((x + right, y + down) for x, y in ring) for ring in each.rings)
            found.append(replace(each, rings=rings))
        else:
            found.append(replace(each, x=each.x + right, y=each.y + down))
    return found
