"""From millimetres on the paper to dots of a picture and back: four points that are known fix it."""

from collections.abc import Sequence
from typing import Self

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


class Plane:
    """A projective map of the plane."""

    def __init__(self, matrix: Floats) -> None:
        self.matrix = matrix / matrix[2, 2]

    @classmethod
    def through(cls, sources: Floats, targets: Floats, weights: Sequence[float] = ()) -> Self:
        """The map that takes sources to targets, in the least squares sense where there are more than four.

        Raises:
            ValueError: when the points do not fix one.
        """
        centre, spread = sources.mean(axis=0), max(float(np.ptp(sources)), 1e-9)
        middle, width = targets.mean(axis=0), max(float(np.ptp(targets)), 1e-9)
        rows = []
        given = weights or [1.0] * len(sources)
        for (x, y), (u, v), weight in zip((sources - centre) / spread, (targets - middle) / width, given, strict=True):
            rows.append([weight * each for each in (x, y, 1, 0, 0, 0, -u * x, -u * y, -u)])
            rows.append([weight * each for each in (0, 0, 0, x, y, 1, -v * x, -v * y, -v)])
        _, sizes, right = np.linalg.svd(np.array(rows), full_matrices=True)
        if len(sizes) > 7 and sizes[7] < 1e-9:
            raise ValueError("points do not fix a plane")
        inner = right[-1].reshape(3, 3)
        before = np.array([[1 / spread, 0, -centre[0] / spread], [0, 1 / spread, -centre[1] / spread], [0, 0, 1]])
        after = np.array([[width, 0, middle[0]], [0, width, middle[1]], [0, 0, 1]])
        matrix = after @ inner @ before
        if abs(matrix[2, 2]) < 1e-12 or not np.isfinite(matrix).all():
            raise ValueError("points do not fix a plane")
        return cls(matrix)

    def __call__(self, points: Floats) -> Floats:
        """Points of shape (n, 2), mapped."""
        mapped = np.column_stack((points, np.ones(len(points)))) @ self.matrix.T
        return np.asarray(mapped[:, :2] / mapped[:, 2:])

    @property
    def back(self) -> "Plane":
        """The map the other way.

        Raises:
            ValueError: when there is none.
        """
        try:
            return Plane(np.linalg.inv(self.matrix))
        except np.linalg.LinAlgError as error:
            raise ValueError("no way back") from error
