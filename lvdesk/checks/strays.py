"""Single coordinates in the system of a web map, among others that are not."""

from typing import Final

import numpy as np
import polars as pl

from lvdesk.checks.points import degrees, pair, sound_field_points, sound_points
from lvdesk.checks.shifts import CLOSE, SYSTEM_TITLES, shifted_sheets, with_origin
from lvdesk.checks.station import Station
from lvdesk.geo.distances import Metres, distance, layered, nearest, on_plane
from lvdesk.geo.offsets import Pair, to_cgcs2000

_OFF: Final = 0.5
"""Share of a system's offset that a stray point is at least away from where it belongs."""
_STREWN: Final = 2.0
_STRAY: Final = {"system": pl.String, "to_longitude": pl.Float64, "to_latitude": pl.Float64, "was": pl.Float64, "left": pl.Float64}


def trusted_boxes(station: Station) -> pl.DataFrame:
    """The sound points of boxes that lie in an area and come from no sheet in another system, none of them stray; see ``sound_points``."""
    boxes = _settled(station, with_origin(station, sound_points(station, "meter_box"))).drop_nulls("area_no")
    return boxes.join(stray_boxes(station).select("id"), on="id", how="anti", maintain_order="left")


def stray_boxes(station: Station) -> pl.DataFrame:
    """Accepted points of boxes that another system explains.

    The point lies far from all boxes of its area, converted it lies among them, nearer to the transformer; or where the field found it.
    As ``sound_points`` with system, to_longitude, to_latitude, was and left (metres to where it belongs, before and after), basis.
    """
    boxes = _settled(station, with_origin(station, sound_points(station, "meter_box")))
    seen = _settled(station, sound_field_points(station)).group_by("key").agg(pl.median("longitude", "latitude").name.prefix("known_"))
    both = boxes.join(seen, on="key", maintain_order="left")
    found = _explained(both, "现场采录的坐标")
    agreed = both.filter(pl.Series(distance(pair(both), pair(both, "known_longitude", "known_latitude")) <= CLOSE))
    told = pl.concat([found.select("id"), agreed.select("id")])
    rest = boxes.drop_nulls("area_no").join(told, on="id", how="anti", maintain_order="left")
    return pl.concat([found, _among_own(station, rest, boxes)])


def stray_rows(station: Station) -> pl.DataFrame:
    """Points of field results that another system explains, against the accepted point of their box; as ``stray_boxes``."""
    known = sound_points(station, "meter_box").select("key", pl.col("longitude", "latitude").name.prefix("known_"))
    rows = _settled(station, sound_field_points(station))
    return _explained(rows.join(known, on="key", maintain_order="left"), "台账的坐标")


def _settled(station: Station, points: pl.DataFrame) -> pl.DataFrame:
    """Without the points of sheets that are in another system as a whole: they are told of once."""
    whole = [shift.sheet_id for shift in shifted_sheets(station) if shift.entity == "meter_box"]
    return points.filter(~pl.col("sheet_id").is_in(whole).fill_null(value=False))


def _explained(points: pl.DataFrame, basis: str) -> pl.DataFrame:
    """Points that conversion brings to the place known otherwise (known_longitude, known_latitude)."""
    here, known = pair(points), pair(points, "known_longitude", "known_latitude")
    was = distance(here, known)
    tried = []
    for system in SYSTEM_TITLES:
        there = to_cgcs2000(system, *here)
        left = distance(there, known)
        good = (left <= CLOSE) & (was >= distance(here, there) * _OFF)
        tried.append((system, there, was, np.where(good, left, np.inf)))
    return _best(points.drop("known_longitude", "known_latitude"), tried, basis)


def _among_own(station: Station, points: pl.DataFrame, boxes: pl.DataFrame) -> pl.DataFrame:
    """Points that conversion brings among the boxes of their area."""
    own = boxes.drop_nulls("area_no")
    if points.is_empty():
        return _best(points, [], "")
    origin = float(degrees(own["longitude"]).mean()), float(degrees(own["latitude"]).mean())
    codes = {area: number for number, area in enumerate(own["area_no"].unique(maintain_order=True))}
    groups = np.array([codes[area] for area in points["area_no"]], dtype=np.int64)
    among = layered(on_plane(pair(own), origin), np.array([codes[area] for area in own["area_no"]], dtype=np.int64))
    here = pair(points)
    was = nearest(layered(on_plane(here, origin), groups), among, 2)[0][:, 1]
    close = np.maximum(CLOSE, _STREWN * _spacing(among, groups))
    home = _transformers(station, points)
    tried = []
    for system in SYSTEM_TITLES:
        there = to_cgcs2000(system, *here)
        left = nearest(layered(on_plane(there, origin), groups), among, 2)[0]
        good = (left[:, 0] <= close) & (left[:, 1] <= 2 * close) & (was >= distance(here, there) * _OFF)
        good &= ~(distance(there, home) > distance(here, home))
        tried.append((system, there, was, np.where(good, left[:, 0], np.inf)))
    return _best(points, tried, "同台区计量箱的坐标")


def _spacing(among: Metres, groups: np.ndarray[tuple[int], np.dtype[np.int64]]) -> Metres:
    """The usual metres from one box of the group to the next; 0 where there are fewer than three."""
    gaps = nearest(among, among, 3)[0][:, 1:]
    rows = pl.DataFrame({"layer": among[:, 2], "gap": gaps[:, 0], "second": gaps[:, 1]}).filter(pl.col("second").is_finite())
    usual = rows.group_by("layer").agg(pl.median("gap"))
    layers = layered(np.zeros((len(groups), 2)), groups)[:, 2]
    wanted = pl.DataFrame({"layer": layers}).join(usual, on="layer", how="left", maintain_order="left")
    return np.asarray(wanted["gap"].fill_null(0.0).to_numpy(), dtype=np.float64)


def _transformers(station: Station, points: pl.DataFrame) -> Pair:
    """Where the transformer of each point's area stands; NaN where that is not known."""
    areas = sound_points(station, "transformer_area").select("area_no", pl.col("longitude", "latitude").name.prefix("home_"))
    return pair(points.join(areas, on="area_no", how="left", maintain_order="left"), "home_longitude", "home_latitude")


def _best(points: pl.DataFrame, tried: list[tuple[str, Pair, Metres, Metres]], basis: str) -> pl.DataFrame:
    """The points that some system explains, with the one that does so best."""
    if not tried or points.is_empty():
        return points.clear().with_columns(*[pl.lit(None, kind).alias(n) for n, kind in _STRAY.items()], pl.lit(basis).alias("basis"))
    left = np.column_stack([trial[3] for trial in tried])
    choice, rows = left.argmin(axis=1), np.arange(points.height)
    made = pl.DataFrame(
        {
            "system": [tried[number][0] for number in choice],
            "to_longitude": np.column_stack([trial[1][0] for trial in tried])[rows, choice],
            "to_latitude": np.column_stack([trial[1][1] for trial in tried])[rows, choice],
            "was": tried[0][2],
            "left": left[rows, choice],
        },
        schema=_STRAY,
    )
    found = points.hstack(made).with_columns(pl.lit(basis).alias("basis"))
    return found.filter(pl.col("left").is_finite())
