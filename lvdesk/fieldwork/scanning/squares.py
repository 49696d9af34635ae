"""Solid black squares in a picture, seen from anywhere: what the corners of a sheet look like."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from scipy import ndimage

Grey = NDArray[np.uint8]
_WINDOW: Final = 4
"""Sides of a square over which the ground around it is averaged."""
_DARK: Final = 0.72
_MOST: Final = 400


@dataclass(frozen=True)
class Square:
    """A solid square: centre and side in dots."""

    x: float
    y: float
    side: float


def squares(grey: Grey, side: float, least: float = 0.5, most: float = 1.8) -> list[Square]:
    """Squares whose side is about ``side`` dots, the most solid first.

    A solid parallelogram of any slant has twelve times the root of its covariance's determinant as area, whatever the view.
    """
    shrunk = min(1.0, 16 / side)
    height, width = (max(8, round(length * shrunk)) for length in grey.shape)
    small = np.asarray(Image.fromarray(grey).resize((width, height), Image.Resampling.BOX), dtype=np.float32)
    aim = side * shrunk
    ground = ndimage.uniform_filter(small, max(9, round(aim * _WINDOW)), mode="nearest")
    labels, _ = ndimage.label(small < np.minimum(ground * _DARK, 150))
    areas = np.bincount(labels.ravel())
    sized = [int(each) for each in np.flatnonzero((areas >= (aim * least) ** 2) & (areas <= (aim * most) ** 2)) if each]
    found = sorted(sized, key=lambda number: abs(int(areas[number]) - aim**2))[:_MOST]
    boxes = ndimage.find_objects(labels)
    solid = []
    for number in found:
        box = boxes[number - 1]
        rows, columns = np.nonzero(labels[box] == number)
        error = _unlike(rows, columns)
        if error is not None:
            x, y = (columns.mean() + box[1].start + 0.5) / shrunk, (rows.mean() + box[0].start + 0.5) / shrunk
            solid.append((error, Square(float(x), float(y), float(np.sqrt(len(rows)) / shrunk))))
    return [square for _, square in sorted(solid, key=lambda pair: pair[0])]


def _unlike(rows: NDArray[np.int64], columns: NDArray[np.int64]) -> float | None:
    """How far a spot is from a solid square, None when it is none."""
    area = len(rows)
    spread = np.cov(np.vstack((rows, columns)), bias=True) + np.eye(2) / 12
    small, large = np.linalg.eigvalsh(spread)
    if small <= 0 or large > 5.0 * small:
        return None
    error = abs(12 * np.sqrt(small * large) / area - 1)
    return float(error) if error < 0.12 else None
