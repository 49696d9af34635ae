"""A sheet laid flat: the picture as if the paper lay on the glass, darkness by its own ground, and what was still bent put straight."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray
from PIL import Image, ImageDraw
from scipy import ndimage

from lvdesk.fieldwork.scanning.places import Outline
from lvdesk.fieldwork.scanning.plane import Floats, Plane

Grey = NDArray[np.uint8]
Soft = NDArray[np.float32]
SCALE: Final = 8
"""Dots of a flat picture in a millimetre."""
ROUGH: Final = 4
"""As many in one whose bending is to be measured."""
_COARSE: Final = 2
"""As many in which it is measured."""
_STEP: Final = 20.0
_PATCH: Final = 34.0
_REACH: Final = 2.5
_STRAIGHT: Final = 0.25
_SURE: Final = 0.12


@dataclass(frozen=True)
class Bend:
    """How far the paper lies from where four corners say, in millimetres, on a grid."""

    xs: Floats
    ys: Floats
    off: Floats
    """Of shape (rows, columns, 2)."""

    @property
    def most(self) -> float:
        """The largest."""
        return float(np.abs(self.off).max(initial=0.0))


def laid(grey: Grey, plane: Plane, size: tuple[float, float], scale: int = SCALE) -> Grey:
    """The paper as the four corners say it lies, in so many dots a millimetre."""
    width, height = (round(length * scale) for length in size)
    matrix = plane.matrix @ np.diag([1 / scale, 1 / scale, 1.0])
    matrix = matrix / matrix[2, 2]
    values = tuple(float(each) for each in matrix.ravel()[:8])
    picture = Image.fromarray(_softened(grey, plane, size, scale))
    return np.asarray(picture.transform((width, height), Image.Transform.PERSPECTIVE, values, Image.Resampling.BILINEAR, fillcolor=255))


def _softened(grey: Grey, plane: Plane, size: tuple[float, float], scale: int = SCALE) -> Grey:
    """A picture much finer than the flat one is blurred a little, else every other dot of it would be lost."""
    area = abs(float(np.linalg.det(_slope(plane, size))))
    finer = np.sqrt(area) / scale
    return ndimage.gaussian_filter(grey, 0.35 * finer) if finer > 1.7 else grey


def _slope(plane: Plane, size: tuple[float, float]) -> Floats:
    x, y = size[0] / 2, size[1] / 2
    a, b, c = plane(np.array([(x, y), (x + 1, y), (x, y + 1)]))
    return np.array([b - a, c - a])


def straightened(grey: Grey, plane: Plane, size: tuple[float, float], bend: Bend) -> Grey:
    """The paper with its bending taken out."""
    width, height = (round(length * SCALE) for length in size)
    rows, columns = bend.off.shape[:2]
    grid = np.stack(np.meshgrid(bend.xs, bend.ys), axis=-1) + bend.off
    dots = plane(grid.reshape(-1, 2)).reshape(rows, columns, 2)
    mesh = []
    for row in range(rows - 1):
        for column in range(columns - 1):
            box = tuple(round(each * SCALE) for each in (bend.xs[column], bend.ys[row], bend.xs[column + 1], bend.ys[row + 1]))
            quad = (dots[row, column], dots[row + 1, column], dots[row + 1, column + 1], dots[row, column + 1])
            mesh.append((box, tuple(float(each) for corner in quad for each in corner)))
    picture = Image.fromarray(_softened(grey, plane, size))
    return np.asarray(picture.transform((width, height), Image.Transform.MESH, mesh, Image.Resampling.BILINEAR, fillcolor=255))


def darkness(flat: Grey, corners: Sequence[tuple[float, float]], side: float, scale: int = SCALE) -> Soft:
    """0 for paper, 1 for print as black as the corner squares, shadows taken away."""
    skip = scale // ROUGH
    some, block = flat[::skip, ::skip], 2 * ROUGH
    height, width = (length // block * block for length in some.shape)
    blocks = some[:height, :width].reshape(height // block, block, width // block, block).swapaxes(1, 2)
    bright = np.percentile(blocks.reshape(height // block, width // block, -1), 85, axis=2)
    ground = ndimage.gaussian_filter(ndimage.maximum_filter(bright, 5), 1.5)
    large = Image.fromarray(ground.astype(np.float32)).resize((flat.shape[1], flat.shape[0]), Image.Resampling.BILINEAR)
    share = flat / np.maximum(np.asarray(large), 8.0)
    half = round(side * scale * 0.25)
    inks = []
    for x, y in corners:
        row, column = round(y * scale), round(x * scale)
        inks.append(float(np.median(share[row - half : row + half, column - half : column + half])))
    ink = min(sorted(inks)[1], 0.7)
    return np.asarray(np.clip((1 - share) / (1 - ink), 0, 1.2), dtype=np.float32)


def bending(dark: Soft, outlines: Sequence[Outline], size: tuple[float, float], anchors: Sequence[tuple[float, float]]) -> Bend:
    """How far the printed lines lie from where they should, followed from the corners inwards; ``dark`` in ``ROUGH`` dots."""
    printed = _drawn(outlines, size)
    seen = _shrunk(dark, ROUGH // _COARSE)
    xs, ys = (np.linspace(0, length, round(length / _STEP) + 1) for length in size)
    points = np.array([(x, y) for y in ys for x in xs])
    known = [(np.array(anchor), np.zeros(2), 1.0) for anchor in anchors]
    order = np.argsort(np.min([np.hypot(*(points - anchor).T) for anchor in anchors], axis=0))
    off, trust = np.zeros((len(points), 2)), np.zeros(len(points))
    for each in order:
        guess = _guessed(points[each], known)
        found = _offset(printed, seen, points[each], guess)
        off[each] = guess if found is None else found
        trust[each] = 0.02 if found is None else 1.0
        if found is not None:
            known.append((points[each], found, 1.0))
    return Bend(xs, ys, _smoothed(off.reshape(len(ys), len(xs), 2), trust.reshape(len(ys), len(xs))))


def _guessed(point: Floats, known: Sequence[tuple[Floats, Floats, float]]) -> Floats:
    far = np.array([float(np.hypot(*(point - place))) for place, _, _ in known])
    nearest = np.argsort(far)[:4]
    weights = 1 / (far[nearest] + 8) ** 2
    return np.asarray(sum(weight * known[index][1] for weight, index in zip(weights, nearest, strict=True)) / weights.sum())


def _offset(printed: Soft, seen: Soft, point: Floats, guess: Floats) -> Floats | None:
    """How far the lines around a point are off, None where there are too few to tell."""
    dots = _COARSE
    half, reach = round(_PATCH / 2 * dots), round(_REACH * dots)
    column, row = (round(each * dots) for each in point)
    top, left = max(row - half, 0), max(column - half, 0)
    patch = printed[top : row + half, left : column + half]
    if patch.size == 0 or patch.max() <= 0:
        return None
    weights = patch - patch.mean()
    if float((weights**2).sum()) < 6 or not _crossed(patch):
        return None
    drop, shift = (round(each * dots) for each in guess[::-1])
    padded = _cut(seen, top + drop - reach, left + shift - reach, patch.shape[0] + 2 * reach, patch.shape[1] + 2 * reach)
    windows = sliding_window_view(padded, patch.shape)
    scores = np.einsum("abij,ij->ab", windows, weights) / float((weights**2).sum())
    best = np.unravel_index(int(scores.argmax()), scores.shape)
    if scores[best] < _SURE or 0 in best or scores.shape[0] - 1 in best:
        return None
    y, x = _peak(scores, int(best[0]), int(best[1]))
    return np.array([(x - reach + shift) / dots, (y - reach + drop) / dots])


def _crossed(patch: Soft) -> bool:
    """Whether lines run in both directions, so that a shift along them shows."""
    across, down = patch.mean(axis=0), patch.mean(axis=1)
    return float(across.max() - np.median(across)) > 0.05 and float(down.max() - np.median(down)) > 0.05


def _cut(seen: Soft, top: int, left: int, height: int, width: int) -> Soft:
    cut = np.zeros((height, width), dtype=np.float32)
    y, x = max(top, 0), max(left, 0)
    part = seen[y : max(top + height, 0), x : max(left + width, 0)]
    cut[y - top : y - top + part.shape[0], x - left : x - left + part.shape[1]] = part
    return cut


def _peak(scores: NDArray[np.floating], row: int, column: int) -> tuple[float, float]:
    """The summit between dots."""

    def between(before: float, here: float, after: float) -> float:
        bow = before - 2 * here + after
        return 0.0 if bow >= 0 else 0.5 * (before - after) / bow

    y = between(*(float(scores[row + step, column]) for step in (-1, 0, 1)))
    x = between(*(float(scores[row, column + step]) for step in (-1, 0, 1)))
    return row + y, column + x


def _smoothed(off: Floats, trust: Floats) -> Floats:
    weights = ndimage.gaussian_filter(trust, 0.6, mode="nearest")
    parts = [ndimage.gaussian_filter(off[:, :, axis] * trust, 0.6, mode="nearest") / weights for axis in (0, 1)]
    return np.stack(parts, axis=-1)


def _drawn(outlines: Sequence[Outline], size: tuple[float, float]) -> Soft:
    """The printed lines alone, as dark as print, in coarse dots."""
    width, height = (round(length * SCALE) for length in size)
    picture = Image.new("L", (width, height))
    pen = ImageDraw.Draw(picture)
    for outline in outlines:
        x, y, wide, high = (each * SCALE for each in outline.rect)
        line = max(1, round(outline.line * SCALE))
        pen.rectangle((x - line / 2, y - line / 2, x + wide + line / 2, y + high + line / 2), outline=255, width=line)
        for cell in range(1, outline.count):
            middle = x + wide * cell / outline.count
            pen.line((middle, y, middle, y + high), fill=160, width=1)
    return _shrunk(np.asarray(picture, dtype=np.float32) / np.float32(255), SCALE // _COARSE)


def _shrunk(dark: Soft, times: int) -> Soft:
    height, width = (length // times for length in dark.shape)
    blocks = dark[: height * times, : width * times].reshape(height, times, width, times)
    return np.asarray(blocks.mean(axis=(1, 3)), dtype=np.float32)


def is_straight(bend: Bend) -> bool:
    """Whether the paper lies so flat that nothing need be put straight."""
    return bend.most < _STRAIGHT
