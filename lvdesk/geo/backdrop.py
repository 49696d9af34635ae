"""What lies under a map, from files only: lines and grounds of GeoJSON, GeoPackage or Shapefile, tiles of an MBTiles file."""

import json
import math
import sqlite3
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from lvdesk.geo.distances import on_plane
from lvdesk.kit.errors import KnownError
from lvdesk.kit.progress import Progress

Way = NDArray[np.float64]
_HINT: Final = "可用 GeoJSON、GeoPackage、Shapefile，或 MBTiles 离线瓦片"
_MOST_TILES: Final = 64
_EDGE: Final = 85.05


@dataclass(frozen=True)
class Tile:
    """A picture with the corners of its ground: metres west, south, east, north."""

    data: bytes
    ground: tuple[float, float, float, float]


@dataclass(frozen=True)
class Backdrop:
    """Lines in metres on the map's plane; ``tiles`` the file to ask for pictures, None for none."""

    name: str
    ways: tuple[Way, ...]
    tiles: Path | None
    origin: tuple[float, float]

    def pictures(self, west: float, south: float, east: float, north: float, wide: int) -> list[Tile]:
        """The tiles of a piece of ground, as fine as fits ``wide`` pixels; call it off the UI thread."""
        return _tiles(self.tiles, self.origin, (west, south, east, north), wide) if self.tiles else []


def read_backdrop(path: Path, origin: tuple[float, float], progress: Progress) -> Backdrop:
    """Reads a file; vector files in any coordinate system GDAL knows.

    Raises:
        KnownError: ``map.backdrop``.
    """
    progress.start(f"正在读取底图 {path.name}")
    if path.suffix.lower() == ".mbtiles":
        _levels(path)
        return Backdrop(path.name, (), path, origin)
    with tempfile.TemporaryDirectory() as folder:
        data = _geojson(path, Path(folder) / "b.geojson")
    ways = tuple(_ways(data, origin))
    if not ways:
        raise KnownError("map.backdrop", f"{path.name} 里没有线或面", _HINT)
    return Backdrop(path.name, ways, None, origin)


def _geojson(path: Path, part: Path) -> Any:
    """Whatever it is as GeoJSON in degrees: GDAL turns it."""
    import pyogrio
    from pyogrio.errors import DataLayerError, DataSourceError

    try:
        with pyogrio.open_arrow(path, use_pyarrow=False) as (meta, stream):
            pyogrio.write_arrow(
                stream, part, driver="GeoJSON", geometry_name=meta["geometry_name"] or "wkb_geometry", geometry_type=meta["geometry_type"],
                crs=meta["crs"] or "EPSG:4326", layer_options={"RFC7946": "YES"},
            )  # fmt: skip
        return json.loads(part.read_text(encoding="utf-8"))
    except (DataSourceError, DataLayerError, OSError, ValueError, RuntimeError) as error:
        raise KnownError("map.backdrop", f"{path.name} 不能作底图：{str(error)[:80]}", _HINT) from error


def _ways(data: Any, origin: tuple[float, float]) -> Iterator[Way]:
    for feature in data.get("features", ()):
        for line in _lines(feature.get("geometry") or {}):
            degrees = np.array([point[:2] for point in line], dtype=np.float64)
            if len(degrees) > 1:
                yield on_plane((degrees[:, 0], degrees[:, 1]), origin)


def _lines(geometry: Any) -> Iterator[Sequence[Any]]:
    kind, places = geometry.get("type", ""), geometry.get("coordinates", ())
    match kind:
        case "LineString":
            yield places
        case "MultiLineString" | "Polygon":
            yield from places
        case "MultiPolygon":
            for each in places:
                yield from each
        case "GeometryCollection":
            for each in geometry.get("geometries", ()):
                yield from _lines(each)


def _levels(path: Path) -> list[int]:
    """The zoom levels of an MBTiles file.

    Raises:
        KnownError: ``map.backdrop`` for any other file, and for vector tiles.
    """
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as base:
            kind = base.execute("SELECT value FROM metadata WHERE name = 'format'").fetchone()
            levels = [row[0] for row in base.execute("SELECT DISTINCT zoom_level FROM tiles ORDER BY 1")]
    except sqlite3.Error as error:
        raise KnownError("map.backdrop", f"{path.name} 不是 MBTiles 瓦片文件", _HINT) from error
    if not levels or (kind and kind[0] == "pbf"):
        raise KnownError("map.backdrop", f"{path.name} 里没有图片瓦片", "矢量瓦片（pbf）不能显示，请换成 png 或 jpg 瓦片")
    return levels


def _tiles(path: Path, origin: tuple[float, float], ground: tuple[float, float, float, float], wide: int) -> list[Tile]:
    levels = _levels(path)
    west, south = _degrees(origin, ground[0], ground[1])
    east, north = _degrees(origin, ground[2], ground[3])
    wanted = math.log2(max(wide, 1) / 256 * 360 / max(east - west, 1e-9))
    level = min((each for each in levels if each <= wanted + 0.5), key=lambda each: wanted - each, default=levels[0])
    left, top = _tile_at(west, north, level)
    right, bottom = _tile_at(east, south, level)
    if (right - left + 1) * (bottom - top + 1) > _MOST_TILES:
        return []
    found = []
    with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as base:
        for x in range(left, right + 1):
            for y in range(top, bottom + 1):
                row = base.execute(
                    "SELECT tile_data FROM tiles WHERE zoom_level = ? AND tile_column = ? AND tile_row = ?", (level, x, 2**level - 1 - y)
                ).fetchone()
                if row:
                    found.append(Tile(bytes(row[0]), _ground(origin, x, y, level)))
    return found


def _degrees(origin: tuple[float, float], east: float, north: float) -> tuple[float, float]:
    unit = on_plane((np.array([origin[0] + 0.01]), np.array([origin[1] + 0.01])), origin)[0]
    return origin[0] + east / unit[0] * 0.01, origin[1] + north / unit[1] * 0.01


def _tile_at(longitude: float, latitude: float, level: int) -> tuple[int, int]:
    count = 2**level
    bent = math.asinh(math.tan(math.radians(max(-_EDGE, min(_EDGE, latitude)))))
    x, y = (longitude + 180) / 360 * count, (1 - bent / math.pi) / 2 * count
    return min(max(int(x), 0), count - 1), min(max(int(y), 0), count - 1)


def _ground(origin: tuple[float, float], x: int, y: int, level: int) -> tuple[float, float, float, float]:
    def corner(column: int, row: int) -> tuple[float, float]:
        longitude = column / 2**level * 360 - 180
        latitude = math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * row / 2**level))))
        place = on_plane((np.array([longitude]), np.array([latitude])), origin)[0]
        return float(place[0]), float(place[1])

    west, north = corner(x, y)
    east, south = corner(x + 1, y + 1)
    return west, south, east, north
