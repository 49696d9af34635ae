"""CGCS2000 on paper and on the plane: the coordinate systems exports are written in, and degrees turned into metres."""

from typing import Final

import numpy as np
from numpy.typing import NDArray
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError

from lvdesk.kit.errors import RefusedError

GEOGRAPHIC: Final = 4490
_PROJECTED: Final = range(4491, 4555)
"""The Gauss-Krüger zones of CGCS2000 in EPSG: six and three degrees wide, with and without the zone's number in the easting."""
_BEYOND: Final = 1.5
"""Degrees a place may lie outside a zone: further out a metre on the plane is no metre on the ground (0.05 % at 3°)."""

Degrees = NDArray[np.float64]


def checked(crs: str) -> CRS:
    """The coordinate system of an ``EPSG:`` code.

    Raises:
        RefusedError: ``export.crs`` when it is none of CGCS2000.
    """
    number = crs.upper().removeprefix("EPSG:")
    if not number.isdigit() or (int(number) != GEOGRAPHIC and int(number) not in _PROJECTED):
        what = f"坐标系 {crs} 不能用于导出"
        raise RefusedError("export.crs", what, "可用 EPSG:4490（经纬度）或 EPSG:4491–4554（CGCS2000 高斯-克吕格投影）")
    try:
        return CRS.from_epsg(int(number))
    except CRSError as error:
        raise RefusedError("export.crs", f"没有坐标系 {crs}", "请换一个 EPSG 编号") from error


def refuse_far(crs: CRS, longitude: Degrees) -> None:
    """Raises ``export.crs_far`` when most of the places lie outside the zone of a projected system.

    Raises:
        RefusedError: it names the zone's bounds.
    """
    area = crs.area_of_use
    known = longitude[~np.isnan(longitude)]
    if crs.is_geographic or area is None or not known.size:
        return
    inside = (known > area.west - _BEYOND) & (known < area.east + _BEYOND)
    if inside.mean() < 0.5:
        middle = float(np.median(known))
        bounds = f"{area.west:g}°–{area.east:g}°E"
        hint = f"本所在 {middle:.2f}°E 附近，请选择中央经线最接近它的投影带，或用 EPSG:4490"
        raise RefusedError("export.crs_far", f"EPSG:{crs.to_epsg()} 适用于 {bounds}，与数据不符", hint)


def projected(crs: CRS, longitude: Degrees, latitude: Degrees) -> tuple[Degrees, Degrees]:
    """East and north (or longitude and latitude) in a system; NaN stays NaN. Degrees to 1e-7, metres to the millimetre."""
    if crs.is_geographic:
        return np.round(longitude, 7), np.round(latitude, 7)
    east, north = Transformer.from_crs(CRS.from_epsg(GEOGRAPHIC), crs, always_xy=True).transform(longitude, latitude)
    lost = np.isnan(longitude) | np.isnan(latitude)
    return np.where(lost, np.nan, np.round(east, 3)), np.where(lost, np.nan, np.round(north, 3))
