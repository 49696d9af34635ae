"""GCJ-02 and BD-09 to and from CGCS2000 (WGS-84 is taken as equal), vectorised over arrays of degrees.

Formulas: the published obfuscation of Chinese web maps; test vectors in ``tests/unit/geo``. The inverse iterates to 1e-9 degrees.
"""

from collections.abc import Callable
from typing import Final

import numpy as np
from numpy.typing import NDArray

Degrees = NDArray[np.float64]
Pair = tuple[Degrees, Degrees]

_AXIS: Final = 6378245.0
_ECCENTRICITY: Final = 0.00669342162296594323
_BD_ANGLE: Final = np.pi * 3000.0 / 180.0
_ROUNDS: Final = 6

SYSTEMS: Final = ("cgcs2000", "wgs84", "gcj02", "bd09")


def _waves(x: Degrees, y: Degrees) -> Pair:
    common = (20.0 * np.sin(6.0 * x * np.pi) + 20.0 * np.sin(2.0 * x * np.pi)) * 2.0 / 3.0
    north = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * np.sqrt(np.abs(x)) + common
    north += (20.0 * np.sin(y * np.pi) + 40.0 * np.sin(y / 3.0 * np.pi)) * 2.0 / 3.0
    north += (160.0 * np.sin(y / 12.0 * np.pi) + 320.0 * np.sin(y * np.pi / 30.0)) * 2.0 / 3.0
    east = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * np.sqrt(np.abs(x)) + common
    east += (20.0 * np.sin(x * np.pi) + 40.0 * np.sin(x / 3.0 * np.pi)) * 2.0 / 3.0
    east += (150.0 * np.sin(x / 12.0 * np.pi) + 300.0 * np.sin(x / 30.0 * np.pi)) * 2.0 / 3.0
    return east, north


def to_gcj02(longitude: Degrees, latitude: Degrees) -> Pair:
    """CGCS2000 degrees to GCJ-02 degrees."""
    east, north = _waves(longitude - 105.0, latitude - 35.0)
    radians = latitude / 180.0 * np.pi
    magic = 1 - _ECCENTRICITY * np.sin(radians) ** 2
    root = np.sqrt(magic)
    north = north * 180.0 / ((_AXIS * (1 - _ECCENTRICITY)) / (magic * root) * np.pi)
    east = east * 180.0 / (_AXIS / root * np.cos(radians) * np.pi)
    return longitude + east, latitude + north


def to_bd09(longitude: Degrees, latitude: Degrees) -> Pair:
    """CGCS2000 degrees to BD-09 degrees."""
    x, y = to_gcj02(longitude, latitude)
    radius = np.sqrt(x * x + y * y) + 0.00002 * np.sin(y * _BD_ANGLE)
    angle = np.arctan2(y, x) + 0.000003 * np.cos(x * _BD_ANGLE)
    return radius * np.cos(angle) + 0.0065, radius * np.sin(angle) + 0.006


def _inverse(forward: Callable[[Degrees, Degrees], Pair], longitude: Degrees, latitude: Degrees) -> Pair:
    x, y = longitude.copy(), latitude.copy()
    for _ in range(_ROUNDS):
        east, north = forward(x, y)
        x, y = x - (east - longitude), y - (north - latitude)
    return x, y


def to_cgcs2000(system: str, longitude: Degrees, latitude: Degrees) -> Pair:
    """Degrees of ``system`` (one of ``SYSTEMS``) to CGCS2000 degrees, rounded to 1e-8 degrees where converted."""
    forward = {"gcj02": to_gcj02, "bd09": to_bd09}.get(system)
    if forward is None:
        return longitude, latitude
    x, y = _inverse(forward, longitude, latitude)
    return np.round(x, 8), np.round(y, 8)
