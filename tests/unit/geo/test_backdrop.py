"""Files under the map: lines of GeoJSON come to lie where they are, tiles cover the ground asked for, others are refused."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from lvdesk.geo.backdrop import read_backdrop
from lvdesk.kit.errors import KnownError
from lvdesk.kit.progress import Progress

ORIGIN = (115.68, 34.44)


def geojson(path: Path, geometry: object) -> Path:
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {}, "geometry": geometry}]}))
    return path


def tiles(path: Path, kind: str = "png") -> Path:
    with closing(sqlite3.connect(path)) as base:
        base.executescript("CREATE TABLE metadata (name, value); CREATE TABLE tiles (zoom_level, tile_column, tile_row, tile_data)")
        base.execute("INSERT INTO metadata VALUES ('format', ?)", (kind,))
        for level in (10, 12):
            count = 2**level
            rows = [
                (level, x, y, f"{level}-{x}-{y}".encode()) for x in range(int(0.82 * count), int(0.823 * count) + 1) for y in range(count)
            ]
            base.executemany("INSERT INTO tiles VALUES (?, ?, ?, ?)", rows)
        base.commit()
    return path


def test_lines_lie_in_metres_around_the_origin(tmp_path: Path) -> None:
    path = geojson(tmp_path / "road.geojson", {"type": "LineString", "coordinates": [[115.68, 34.44], [115.68, 34.45]]})
    found = read_backdrop(path, ORIGIN, Progress())
    assert found.ways[0][0] == pytest.approx([0, 0], abs=0.5)
    assert found.ways[0][1] == pytest.approx([0, 1109], abs=2)


def test_each_ring_of_a_ground_is_a_line(tmp_path: Path) -> None:
    ring = [[115.68, 34.44], [115.69, 34.44], [115.69, 34.45], [115.68, 34.44]]
    found = read_backdrop(geojson(tmp_path / "a.json", {"type": "MultiPolygon", "coordinates": [[ring], [ring]]}), ORIGIN, Progress())
    assert [len(way) for way in found.ways] == [4, 4]


def test_tiles_cover_the_ground_asked_for_with_north_up(tmp_path: Path) -> None:
    found = read_backdrop(tiles(tmp_path / "base.mbtiles"), ORIGIN, Progress())
    pictures = found.pictures(-3000, -3000, 3000, 3000, 800)
    assert pictures
    assert all(each.data.startswith(b"12-") for each in pictures)
    west, south = min(each.ground[0] for each in pictures), min(each.ground[1] for each in pictures)
    east, north = max(each.ground[2] for each in pictures), max(each.ground[3] for each in pictures)
    assert west <= -3000
    assert south <= -3000
    assert east >= 3000
    assert north >= 3000


@pytest.mark.parametrize("name, content", [("a.geojson", b"no map"), ("a.mbtiles", b"no base"), ("a.gpkg", b"")])
def test_what_is_no_map_is_refused_with_the_kinds_there_are(tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(KnownError) as raised:
        read_backdrop(tmp_path / name, ORIGIN, Progress())
    assert (raised.value.code, "MBTiles" in raised.value.hint) == ("map.backdrop", True)


def test_vector_tiles_are_refused(tmp_path: Path) -> None:
    with pytest.raises(KnownError, match="没有图片瓦片"):
        read_backdrop(tiles(tmp_path / "v.mbtiles", "pbf"), ORIGIN, Progress())
