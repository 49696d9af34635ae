"""A printed page without Qt: primitives in millimetres from the upper left corner, painted by ``ui.printing`` on printer, preview or PDF.

Text sits in boxes: what does not fit one line wraps where ``lines`` allows, then shrinks down to ``least``; it is never cut.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

from lvdesk.kit.progress import Progress

BLACK = "#000000"


@dataclass(frozen=True)
class TextBox:
    """Words in a box.

    Attributes:
        x, y, width, height: the box.
        size: height of the letters' line in points, as wanted; ``least``: the smallest that may still be read.
        lines: how many lines it may break into.
        mono: figures of one width, for numbers that are compared digit by digit.
    """

    x: float
    y: float
    width: float
    height: float
    text: str
    size: float = 9.0
    least: float = 5.0
    lines: int = 1
    bold: bool = False
    mono: bool = False
    align: Literal["left", "center", "right"] = "left"
    rise: Literal["top", "middle", "bottom"] = "middle"
    colour: str = BLACK


@dataclass(frozen=True)
class Line:
    """A line; ``dash`` lengths of strokes and gaps in millimetres."""

    x1: float
    y1: float
    x2: float
    y2: float
    width: float = 0.2
    dash: tuple[float, ...] = ()
    colour: str = BLACK


@dataclass(frozen=True)
class Rectangle:
    """A rectangle; ``width`` 0 draws no border, ``fill`` "" no ground."""

    x: float
    y: float
    w: float
    h: float
    width: float = 0.2
    fill: str = ""
    colour: str = BLACK


@dataclass(frozen=True)
class Disc:
    """A filled disc around a centre, with a border of ``width``."""

    x: float
    y: float
    radius: float
    fill: str = BLACK
    width: float = 0.0
    colour: str = BLACK


@dataclass(frozen=True)
class TickBox:
    """A square that a person ticks; ``spot`` names it for whoever reads the page back. ``ticked`` is printed already ticked."""

    x: float
    y: float
    size: float
    spot: str
    ticked: bool = False


@dataclass(frozen=True)
class Comb:
    """Cells for one written character each, ``count`` of them in a row; ``spot`` names it, ``text`` is printed into the cells."""

    x: float
    y: float
    width: float
    height: float
    count: int
    spot: str
    text: str = ""


@dataclass(frozen=True)
class Code:
    """A QR code or Code128, drawn as large as the box allows without changing its shape, quiet zone inside the box."""

    x: float
    y: float
    width: float
    height: float
    kind: Literal["qr", "code128"]
    text: str


@dataclass(frozen=True)
class Polygon:
    """Closed rings; an inner ring is a hole. ``width`` 0 draws no border."""

    rings: tuple[tuple[tuple[float, float], ...], ...]
    width: float = 0.2
    fill: str = ""
    colour: str = BLACK


@dataclass(frozen=True)
class Picture:
    """A photo (the bytes of a JPEG or PNG) cut to fill the box, its middle kept."""

    x: float
    y: float
    width: float
    height: float
    data: bytes


Primitive = TextBox | Line | Rectangle | Disc | TickBox | Comb | Code | Polygon | Picture


@dataclass(frozen=True)
class Page:
    """One page in millimetres; ``name`` says which it is to whoever asks what did not fit."""

    width: float
    height: float
    items: tuple[Primitive, ...]
    name: str = ""


class PagePrinter(Protocol):
    """Paints pages into a PDF file, one after the other as they come; whole under its final name or not at all."""

    def __call__(self, pages: Iterable[Page], path: Path, progress: Progress, *, title: str) -> int:
        """Returns the number of pages."""
        ...
