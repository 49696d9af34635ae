"""Which of the black squares are the corners of the sheet, and how the paper lies in the picture."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, product
from typing import Final

import numpy as np
from numpy.typing import NDArray

from lvdesk.fieldwork.forms.frame import CORNER_SIZE
from lvdesk.fieldwork.forms.head import QR_SIZE
from lvdesk.fieldwork.scanning.codes import FoundCode
from lvdesk.fieldwork.scanning.plane import Floats, Plane
from lvdesk.fieldwork.scanning.squares import Square, squares

Grey = NDArray[np.uint8]
_DOT: Final = 25.4 / 300
_QUIET: Final = 4
_RIGHT: Final = 14.0
_TOP: Final = 5.2
_TRIES: Final = 6
_LOOSE: Final = (3.0, 2.2)
"""Millimetres the QR may be off where four, where three corners lay the paper flat."""
_SPREAD: Final = 0.45
_FEW: Final = 12


def code_quad(width: float, modules: int) -> Floats:
    """Corners of the printed QR in millimetres, clockwise from its upper left, on paper so wide."""
    side = max(1, int(QR_SIZE / _DOT) // (modules + 2 * _QUIET)) * modules * _DOT
    x, y = width - _RIGHT - QR_SIZE / 2 - side / 2, _TOP + QR_SIZE / 2 - side / 2
    return np.array([(x, y), (x + side, y), (x + side, y + side), (x, y + side)])


@dataclass(frozen=True)
class Lying:
    """How the paper lies, and the corners that were seen, in millimetres."""

    plane: Plane
    seen: tuple[tuple[float, float], ...]


def by_code(grey: Grey, code: FoundCode, modules: int, corners: Sequence[tuple[float, float]], width: float) -> Iterator[Lying]:
    """How the paper may lie, from its QR and the corner squares around it, the likeliest first; none when too few are seen."""
    printed, seen = code_quad(width, modules), np.array(code.quad)
    try:
        rough = _affine(printed, seen)
        back = rough.back
    except ValueError:
        return
    side = CORNER_SIZE * float(np.sqrt(abs(np.linalg.det(rough.matrix[:2, :2]))))
    found = squares(grey, side, 0.58, 1.7)
    if len(found) < 3:
        return
    paper = back(np.array([(square.x, square.y) for square in found]))
    middle = printed.mean(axis=0)
    near: list[list[Square]] = []
    for corner in corners:
        reach = _SPREAD * float(np.hypot(*(np.array(corner) - middle))) + 5
        far = np.hypot(*(paper - corner).T)
        near.append([found[int(each)] for each in np.argsort(far)[:_TRIES] if far[each] <= reach])
    guess = _Guess(np.array(corners), near, printed, seen)
    yield from (lying for _, _, lying in guess.ways(4)[:2])
    three = guess.ways(3)
    # a filled tick box may look like a corner, but it always lies further inside
    wide = sorted(three, key=lambda way: -way[1])
    yield from (lying for _, _, lying in [*wide[:1], *three[:2], *wide[1:3]])


@dataclass(frozen=True)
class _Guess:
    """What a sheet's code and the squares near where its corners should be say together."""

    aim: Floats
    near: Sequence[Sequence[Square]]
    printed: Floats
    seen: Floats

    def ways(self, count: int) -> list[tuple[float, float, Lying]]:
        """Millimetres each choice of so many corners misses the QR by, its area, how the paper lies then; the best first."""
        found = []
        for which in combinations(range(4), count):
            aim = self.aim[list(which)]
            for chosen in product(*(self.near[corner] for corner in which)):
                if len(set(chosen)) < count:
                    continue
                places = np.array([(square.x, square.y) for square in chosen])
                plane, error = _tried(aim, places, self.printed, self.seen)
                if plane is None or error > _LOOSE[4 - count] or not _sound(plane, self.aim) or not _sized(plane, aim, chosen):
                    continue
                area = float(np.ptp(places, axis=0).prod())
                found.append((error, area, Lying(plane, tuple((float(x), float(y)) for x, y in aim))))
        return sorted(found, key=lambda way: way[0])


def _sized(plane: Plane, aim: Floats, chosen: Sequence[Square]) -> bool:
    """Whether the squares are as large as corner squares would be there."""
    across, down = plane(aim + np.array((1, 0))) - plane(aim), plane(aim + np.array((0, 1))) - plane(aim)
    sides = CORNER_SIZE * np.sqrt(np.abs(across[:, 0] * down[:, 1] - across[:, 1] * down[:, 0]))
    return all(0.75 < square.side / side < 1.3 for square, side in zip(chosen, sides, strict=True))


def _tried(aim: Floats, places: Floats, printed: Floats, seen: Floats) -> tuple[Plane | None, float]:
    """The map through some corners, and how many millimetres it misses the QR by."""
    try:
        if len(aim) == 4:
            plane = Plane.through(aim, places)
        else:
            sources, targets = np.vstack((aim, printed)), np.vstack((places, seen))
            plane = Plane.through(sources, targets, [3.0] * len(aim) + [1.0] * len(printed))
        off = plane.back(seen) - printed
        missed = plane.back(places) - aim
    except ValueError:
        return None, 0.0
    return plane, float(max(np.hypot(*off.T).mean(), np.hypot(*missed.T).max()))


def _sound(plane: Plane, aim: Floats) -> bool:
    """Whether the paper is seen from its front, without absurd slant."""
    a, b, c, d = plane(aim)
    turns = [_turn(q - p, r - q) for p, q, r in ((a, b, d), (b, d, c), (d, c, a), (c, a, b))]
    sides = [float(np.hypot(*(q - p))) for p, q in ((a, b), (c, d), (a, c), (b, d))]
    return min(turns) > 0 and max(sides[:2]) < 2 * min(sides[:2]) and max(sides[2:]) < 2 * min(sides[2:])


def by_squares(grey: Grey, corners: Sequence[tuple[float, float]]) -> Iterator[Lying]:
    """Ways the paper may lie by its four squares alone, one for each way it may be turned; none when four are not seen."""
    best: tuple[float, Floats] | None = None
    aim = np.array(corners)
    for share in (58.0, 80.0, 110.0):
        found = squares(grey, max(grey.shape) / share, 0.5, 2.0)[:_FEW]
        for four in combinations(found, 4):
            quad = _quad(four)
            if quad is not None and (best is None or _area(quad) > best[0]):
                best = (_area(quad), quad)
        if best is not None:
            break
    if best is None:
        return
    around = best[1]
    for turn in range(4):
        a, b, d, c = np.roll(around, turn, axis=0)
        try:
            plane = Plane.through(aim, np.array([a, b, c, d]))
        except ValueError:
            continue
        if _sound(plane, aim) and _shaped(plane, aim):
            yield Lying(plane, tuple(corners))


def _quad(four: Sequence[Square]) -> Floats | None:
    """Four squares of one size far from each other, clockwise; None when they are no sheet."""
    sides = [square.side for square in four]
    if max(sides) > 1.8 * min(sides):
        return None
    points = np.array([(square.x, square.y) for square in four])
    middle = points.mean(axis=0)
    around = points[np.argsort(np.arctan2(*(points - middle).T[::-1]))]
    lengths = np.hypot(*(np.roll(around, -1, axis=0) - around).T)
    turns = [_turn(around[(i + 1) % 4] - around[i], around[(i + 2) % 4] - around[(i + 1) % 4]) for i in range(4)]
    if min(turns) <= 0 or min(lengths) < 22 * min(sides) or max(lengths) > 90 * max(sides):
        return None
    return np.asarray(around)


def _area(quad: Floats) -> float:
    return abs(_turn(quad[2] - quad[0], quad[3] - quad[1])) / 2


def _shaped(plane: Plane, aim: Floats) -> bool:
    """Whether length and width of the paper have about the ratio they should."""
    a, b, c, _ = plane(aim)
    seen = float(np.hypot(*(b - a)) / max(np.hypot(*(c - a)), 1e-6))
    true = float((aim[1][0] - aim[0][0]) / (aim[2][1] - aim[0][1]))
    return 0.62 < seen / true < 1.6


def _turn(one: Floats, other: Floats) -> float:
    return float(one[0] * other[1] - one[1] * other[0])


def _affine(sources: Floats, targets: Floats) -> Plane:
    matrix, *_ = np.linalg.lstsq(np.column_stack((sources, np.ones(len(sources)))), targets, rcond=None)
    return Plane(np.vstack((matrix.T, [0, 0, 1])))
