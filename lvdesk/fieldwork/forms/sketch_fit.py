"""Where the places of a sketch map lie on paper: true metres to the east and north, strays left out, one scale for both directions."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from lvdesk.fieldwork.forms.grid import Rect
from lvdesk.fieldwork.forms.model import MapPlace
from lvdesk.geo.distances import metres_per_degree, on_plane

_ISLAND: Final = 1.0
"""Degrees around 0/0 where nobody has a meter box: missing coordinates written as zeros."""
_FAR: Final = 20_000.0
"""Metres beyond which nothing belongs to one low-voltage area."""
_NEAR: Final = 400.0
"""Metres within which nothing is a stray, however dense the others stand."""
_TIMES: Final = 4.0
_FEW: Final = 0.1
"""So many of the places may be strays; a larger group far off is a hamlet of the area."""
_LEAST_SPAN: Final = 60.0
"""Metres the map shows at least, so that a single box is not drawn as if it were the world."""

Metres = NDArray[np.float64]


@dataclass(frozen=True)
class Fit:
    """The places on paper.

    Attributes:
        points: place -> millimetres; None for what is not on the map.
        scale: millimetres of a metre.
    """

    points: tuple[tuple[float, float] | None, ...]
    scale: float


def fit(places: Sequence[MapPlace], inside: Rect) -> Fit | None:
    """Fits the boxes to visit and the transformer into ``inside``, the other places where they happen to fall; None without coordinates."""
    known = [number for number, place in enumerate(places) if _known(place)]
    if not known:
        return None
    longitudes, latitudes = (np.array([getattr(places[n], name) for n in known]) for name in ("longitude", "latitude"))
    plane = on_plane((longitudes, latitudes), _middle(longitudes, latitudes))
    near = _near(plane)
    wanted = np.array([places[n].visited or places[n].kind == "area" for n in known])
    visited = np.array([places[n].visited for n in known])
    framed = near & wanted if (near & visited).any() else near
    points: list[tuple[float, float] | None] = [None] * len(places)
    low, high = plane[framed].min(axis=0), plane[framed].max(axis=0)
    middle, span = (low + high) / 2, np.maximum(high - low, _LEAST_SPAN)
    scale = float(min(inside.width / span[0], inside.height / span[1]))
    for number, (east, north), close in zip(known, plane - middle, near, strict=True):
        x = inside.x + inside.width / 2 + float(east) * scale
        y = inside.y + inside.height / 2 - float(north) * scale
        if close and inside.x - 1e-6 <= x <= inside.x + inside.width + 1e-6 and inside.y - 1e-6 <= y <= inside.y + inside.height + 1e-6:
            points[number] = (round(x, 3), round(y, 3))
    return Fit(tuple(points), scale)


def _known(place: MapPlace) -> bool:
    longitude, latitude = place.longitude, place.latitude
    if not (np.isfinite(longitude) and np.isfinite(latitude)) or abs(longitude) > 180 or abs(latitude) > 85:
        return False
    return not (abs(longitude) < _ISLAND and abs(latitude) < _ISLAND)


def _middle(longitudes: Metres, latitudes: Metres) -> tuple[float, float]:
    """The place nearest to most others, distances beyond what belongs together counted alike: strays do not pull it."""
    east, north = metres_per_degree(latitudes)
    apart = np.hypot((longitudes[:, None] - longitudes) * east, (latitudes[:, None] - latitudes) * north)
    best = int(np.minimum(apart, _FAR).sum(axis=1).argmin())
    return float(longitudes[best]), float(latitudes[best])


def _near(plane: Metres) -> NDArray[np.bool_]:
    away = np.hypot(plane[:, 0], plane[:, 1])
    near: NDArray[np.bool_] = away <= _FAR
    usual = float(np.quantile(away[near], 0.75))
    strays = near & (away > max(_NEAR, _TIMES * usual))
    return near & ~strays if strays.sum() <= max(1, _FEW * near.sum()) else near
