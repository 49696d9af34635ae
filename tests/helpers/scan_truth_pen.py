"""A pen in a hand: ticks, crosses and digits, light and heavy, within the boxes and beyond them."""

from collections.abc import Iterable, Sequence
from itertools import pairwise
from random import Random

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from lvdesk.fieldwork.forms.model import Spot
from lvdesk.fieldwork.scanning.places import Place

Points = Sequence[tuple[float, float]]
_DIGITS: tuple[tuple[Points, ...], ...] = (
    (((0.5, 0), (0.1, 0.3), (0.1, 0.7), (0.5, 1), (0.9, 0.7), (0.9, 0.3), (0.5, 0)),),
    (((0.3, 0.2), (0.55, 0), (0.5, 1)),),
    (((0.1, 0.25), (0.5, 0), (0.85, 0.3), (0.1, 1), (0.9, 1)),),
    (((0.15, 0.1), (0.8, 0.1), (0.45, 0.45), (0.85, 0.7), (0.5, 1), (0.1, 0.85)),),
    (((0.6, 0), (0.1, 0.65), (0.9, 0.65)), ((0.65, 0.35), (0.6, 1))),
    (((0.85, 0), (0.2, 0), (0.15, 0.45), (0.7, 0.45), (0.85, 0.75), (0.5, 1), (0.1, 0.9)),),
    (((0.1, 0.05), (0.9, 0.05), (0.4, 1)),),
)  # fmt: skip


class Pen:
    """Writes onto a sheet; ``scale`` dots in a millimetre. One pen for a sheet: its colour and width stay."""

    def __init__(self, sheet: Image.Image, scale: float, rng: Random) -> None:
        self._sheet, self._scale, self._rng = sheet, scale, rng
        self._grey = rng.choice((15, 40, 70, 100, 130, 145))
        self._width = rng.uniform(0.28, 0.75)
        self._strokes: list[tuple[str, list[tuple[float, float]]]] = []

    def tick(self, spot: Spot) -> None:
        """Ticks a box in one of many ways."""
        kind = self._rng.choices(("tick", "large", "cross", "slash", "fill", "faint"), (50, 15, 15, 10, 5, 5))[0]
        size, x, y = spot.width, spot.x, spot.y
        shake = self._rng.uniform(-0.12, 0.12) * size
        x, y = x + shake, y + self._rng.uniform(-0.1, 0.1) * size
        grown = {"large": self._rng.uniform(1.25, 1.75), "tick": self._rng.uniform(0.75, 1.15)}.get(kind, 1.0)
        if kind in {"tick", "large", "faint"}:
            middle = (x + 0.42 * size, y + 0.8 * size)
            ends = ((x + 0.12 * size, y + 0.5 * size), middle, (middle[0] + 0.5 * size * grown, middle[1] - 0.75 * size * grown))
            self._line(spot.name, ends, faint=kind == "faint")
        elif kind == "fill":
            lines = [(x + (0.85 if step % 2 else 0.15) * size, y + (0.12 + 0.76 * step / 9) * size) for step in range(10)]
            self._line(spot.name, lines)
        else:
            self._line(spot.name, ((x + 0.12 * size, y + 0.88 * size), (x + 0.9 * size, y + 0.08 * size)))
            if kind == "cross":
                self._line(spot.name, ((x + 0.1 * size, y + 0.1 * size), (x + 0.9 * size, y + 0.92 * size)))

    def slide(self, spot: Spot, other: Spot) -> None:
        """The stroke of a tick that ends in another box."""
        start = (spot.x + self._rng.uniform(0.5, 1.0) * spot.width, spot.y + self._rng.uniform(0, 0.6) * spot.height)
        self._line(
            spot.name, (start, (other.x + self._rng.uniform(0.3, 1.1) * other.width, other.y + self._rng.uniform(0.1, 0.9) * other.height))
        )

    def write(self, spot: Spot) -> None:
        """Digits into the cells of a comb, or along a cell."""
        width = spot.width / spot.count if spot.kind == "comb" else 3.6
        count = spot.count if spot.kind == "comb" else max(1, min(8, int(spot.width / width)))
        high = min(spot.height, 6.5) * self._rng.uniform(0.55, 0.85)
        for cell in range(count):
            left, top = spot.x + cell * width + 0.2 * width, spot.y + (spot.height - high) * self._rng.uniform(0.3, 0.7)
            for stroke in self._rng.choice(_DIGITS):
                self._line(spot.name, [(left + a * width * 0.6, top + b * high) for a, b in stroke])

    def crossed(self, places: Iterable[Place]) -> set[str]:
        """Tick boxes that a stroke meant for another place runs through."""
        found = set()
        for place in places:
            spot = place.spot
            if spot.kind == "tick" and any(name != spot.name and _through(points, spot) for name, points in self._strokes):
                found.add(spot.name)
        return found

    def _line(self, name: str, points: Points, *, faint: bool = False) -> None:
        shaken = [(x + self._rng.gauss(0, 0.07), y + self._rng.gauss(0, 0.07)) for x, y in points]
        self._strokes.append((name, shaken))
        xs, ys = [x for x, _ in shaken], [y for _, y in shaken]
        left, top = (int((min(each) - 2) * self._scale) for each in (xs, ys))
        right, bottom = (int((max(each) + 2) * self._scale) for each in (xs, ys))
        mask = Image.new("L", (right - left, bottom - top), 0)
        draw = ImageDraw.Draw(mask)
        dots = [(x * self._scale - left, y * self._scale - top) for x, y in shaken]
        wide = max(2, round(self._width * self._scale * (0.6 if faint else 1)))
        draw.line(dots, fill=255, width=wide, joint="curve")
        for x, y in dots:
            draw.ellipse((x - wide / 2, y - wide / 2, x + wide / 2, y + wide / 2), fill=255)
        mask = mask.filter(ImageFilter.GaussianBlur(0.8))
        part = self._sheet.crop((left, top, right, bottom))
        ink = Image.new("L", part.size, 190 if faint else self._grey)
        dark = Image.composite(ink, part, mask)
        self._sheet.paste(ImageChops.darker(part, dark), (left, top))


def _through(points: Points, spot: Spot) -> bool:
    """Whether a line of strokes comes within a box."""
    for (a, b), (c, d) in pairwise(points):
        for step in range(21):
            x, y = a + (c - a) * step / 20, b + (d - b) * step / 20
            if spot.x - 0.2 < x < spot.x + spot.width + 0.2 and spot.y - 0.2 < y < spot.y + spot.height + 0.2:
                return True
    return False
