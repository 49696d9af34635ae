"""Distances between places given in CGCS2000 degrees, vectorised; true to 0.1 % within a county."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from lvdesk.geo.offsets import Degrees, Pair

Metres = NDArray[np.float64]

_AXIS: Final = 6378137.0
_FLATTENING: Final = 1 / 298.257222101
_ECCENTRICITY: Final = _FLATTENING * (2 - _FLATTENING)
_APART: Final = 1e8
"""Metres between the layers of two groups: more than any distance on a plane."""


def metres_per_degree(latitude: Degrees) -> Pair:
    """Metres of one degree to the east and of one to the north, on the ellipsoid of CGCS2000."""
    radians = np.radians(latitude)
    bent = 1 - _ECCENTRICITY * np.sin(radians) ** 2
    east = _AXIS * np.cos(radians) / np.sqrt(bent)
    north = _AXIS * (1 - _ECCENTRICITY) / bent**1.5
    return np.radians(east), np.radians(north)


def displacement(start: Pair, end: Pair) -> Pair:
    """Metres to the east and to the north from each ``start`` (longitudes, latitudes) to its ``end``."""
    east, north = metres_per_degree((start[1] + end[1]) / 2)
    return (end[0] - start[0]) * east, (end[1] - start[1]) * north


def distance(start: Pair, end: Pair) -> Metres:
    """Metres between each ``start`` and its ``end``; NaN where one of them is."""
    return np.hypot(*displacement(start, end))


def on_plane(places: Pair, origin: tuple[float, float]) -> Metres:
    """Two columns of metres, east and north of ``origin``."""
    east, north = metres_per_degree(np.asarray(origin[1], dtype=np.float64))
    return np.column_stack([(places[0] - origin[0]) * east, (places[1] - origin[1]) * north])


def nearest(at: Metres, among: Metres, count: int) -> tuple[Metres, NDArray[np.int64]]:
    """Distances from each row of ``at`` to its ``count`` nearest rows of ``among``, nearest first, and their numbers.

    Both frames of ``on_plane``, or of ``layered`` to look in one's own group only. Infinite distance, number ``len(among)`` where there
    are fewer.
    """
    from scipy.spatial import cKDTree

    if not len(among) or not len(at):
        shape = (len(at), count)
        return np.full(shape, np.inf), np.full(shape, len(among), dtype=np.int64)
    distances, numbers = cKDTree(among).query(at, k=list(range(1, count + 1)), distance_upper_bound=_APART / 2)
    return distances, numbers.astype(np.int64)


def layered(plane: Metres, groups: NDArray[np.int64]) -> Metres:
    """The rows of ``plane`` each in the layer of its group, so that ``nearest`` only meets rows of the same group."""
    return np.column_stack([plane, groups * _APART])
