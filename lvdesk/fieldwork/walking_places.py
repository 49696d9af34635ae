"""Where the things of an area are, as far as their coordinates can be believed."""

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from lvdesk.geo.distances import Metres, on_plane

Place = tuple[float | None, float | None]

_LONGITUDES: Final = (73.0, 136.0)
_LATITUDES: Final = (3.0, 54.0)
_NEAR: Final = 3000.0
"""Metres from the middle that are never too far: a low-voltage area reaches about half a kilometre, in the hills a few."""
_TIMES: Final = 5.0
"""Farther than this many times the distance that half of the area keeps: the coordinates are wrong."""


def believable(place: Place | None) -> bool:
    """Whether the coordinates (longitude, latitude) lie in the country: not missing, not 0, not swapped."""
    if place is None or place[0] is None or place[1] is None:
        return False
    return _LONGITUDES[0] <= place[0] <= _LONGITUDES[1] and _LATITUDES[0] <= place[1] <= _LATITUDES[1]


def on_map(places: Sequence[Place | None], start: Place | None, origin: tuple[float, float]) -> tuple[Metres, tuple[float, float] | None]:
    """Metres east and north of ``origin`` for each place and for the start.

    NaN, and None for the start, where there are no coordinates or none that can be believed: outside the country, or far from all
    others.
    """
    degrees = np.array([place if believable(place) else (np.nan, np.nan) for place in [*places, start]], dtype=np.float64).reshape(-1, 2)
    plane = on_plane((degrees[:, 0], degrees[:, 1]), origin)
    plane[_astray(plane)] = np.nan
    begin = plane[-1]
    return plane[:-1], None if np.isnan(begin).any() else (float(begin[0]), float(begin[1]))


def _astray(plane: Metres) -> NDArray[np.bool_]:
    known = plane[~np.isnan(plane).any(axis=1)]
    if not len(known):
        return np.zeros(len(plane), dtype=np.bool_)
    away = np.hypot(*(plane - np.median(known, axis=0)).T)
    limit = max(_NEAR, _TIMES * float(np.nanmedian(away)))
    far: NDArray[np.bool_] = away > limit
    return far
