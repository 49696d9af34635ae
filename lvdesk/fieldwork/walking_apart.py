"""How far places are from each other: looked up where they are few, worked out where they are many."""

from collections.abc import Callable
from typing import Final

import numpy as np
from numpy.typing import NDArray

from lvdesk.geo.distances import Metres, nearest

Far = Callable[[int, int], float]

_TABLE: Final = 1000
"""Up to so many places all distances are kept: 30 MB."""


def far_of(plane: Metres, start: tuple[float, float] | None) -> Far:
    """Metres between two nodes: the rows of ``plane``, then one behind all of them, then the one before them at ``start``.

    The node behind all is no metre from any; so is the one before them without a start.
    """
    return _table(plane, start) if len(plane) <= _TABLE else _sums(plane, start)


def nearest_of(plane: Metres, count: int) -> NDArray[np.int64]:
    """The numbers of the ``count`` nearest places of each, itself among them; a table spares the usual area the import of scipy."""
    if len(plane) > _TABLE:
        return nearest(plane, plane, count)[1]
    return np.argsort(_apart(plane), axis=1, kind="stable")[:, :count]


def _table(plane: Metres, start: tuple[float, float] | None) -> Far:
    count = len(plane)
    apart = np.zeros((count + 2, count + 2))
    apart[:count, :count] = _apart(plane)
    if start is not None:
        apart[count + 1, :count] = apart[:count, count + 1] = np.hypot(*(plane - np.array(start)).T)
    rows: list[list[float]] = apart.tolist()
    return lambda one, other: rows[one][other]


def _apart(plane: Metres) -> Metres:
    apart: Metres = np.hypot(*(plane[:, None] - plane[None]).transpose(2, 0, 1))
    return apart


def _sums(plane: Metres, start: tuple[float, float] | None) -> Far:
    points: list[complex | None] = [complex(east, north) for east, north in plane]
    points += [None, None if start is None else complex(*start)]

    def far(one: int, other: int) -> float:
        here, there = points[one], points[other]
        return 0.0 if here is None or there is None else abs(here - there)

    return far
