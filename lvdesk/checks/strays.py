"""Single coordinates in the system of a web map, among others that are not."""

from typing import Final

import numpy as np
import polars as pl

from lvdesk.checks.hints import addressed_areas
from lvdesk.checks.memo import once
from lvdesk.checks.points import degrees, pair, sound_field_points, sound_points
from lvdesk.checks.shifts import CLOSE, SYSTEM_TITLES, placed_points, shifted_sheets
from lvdesk.checks.station import Station
from lvdesk.geo.distances import Metres, distance, layered, nearest, on_plane
from lvdesk.geo.offsets import Pair, to_cgcs2000

_OFF: Final = 0.5
"""Share of a system's offset that a stray point is at least away from where it belongs."""
_LEAST: Final = 100.0
_CLEAR: Final = 0.3
"""Share of a system's offset that a stray point is at least away from every box of its area."""
_STREWN: Final = 2.0
_NEAR: Final = 3.0
"""Times the usual gap between boxes within which a point that belongs there has a neighbour."""
_BEYOND: Final = 1.5
"""Times the reach of its area beyond which a stray point lies, and within which one that belongs there does."""
_STRAY: Final = {"system": pl.String, "to_longitude": pl.Float64, "to_latitude": pl.Float64, "was": pl.Float64, "left": pl.Float64}


@once
def trusted_boxes(station: Station) -> pl.DataFrame:
    """The sound points of boxes that lie in an area and come from no sheet in another system, none of them stray; see ``sound_points``."""
    boxes = _settled(station, placed_points(station, "meter_box")).drop_nulls("area_no")
    return boxes.join(stray_boxes(station).select("id"), on="id", how="anti", maintain_order="left")


@once
def stray_boxes(station: Station) -> pl.DataFrame:
    """Accepted points of boxes that another system explains.

    The point lies beyond all boxes of its area, converted it lies among them or in their midst; or it lies where the field found the box.
    As ``sound_points`` with system, to_longitude, to_latitude, was and left (metres to where it belongs, before and after), basis.
    """
    boxes = _settled(station, placed_points(station, "meter_box"))
    seen = _settled(station, sound_field_points(station)).group_by("key").agg(pl.median("longitude", "latitude").name.prefix("known_"))
    both = boxes.join(seen, on="key", maintain_order="left")
    found = _explained(both, "现场采录的坐标")
    agreed = both.filter(pl.Series(distance(pair(both), pair(both, "known_longitude", "known_latitude")) <= CLOSE))
    told = pl.concat([found.select("id"), agreed.select("id")])
    rest = boxes.drop_nulls("area_no").join(told, on="id", how="anti", maintain_order="left")
    amid = _among_own(rest, boxes)
    elsewhere = addressed_areas(station, amid).select("id")  # it stands where its address is: the area is wrong, not the place
    return pl.concat([found, amid.join(elsewhere, on="id", how="anti", maintain_order="left")])


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
    known = ("known_longitude", "known_latitude")
    off = points.filter(pl.Series(distance(pair(points), pair(points, *known)) >= _LEAST))
    here, there = pair(off), pair(off, *known)
    was = distance(here, there)
    tried = []
    for system in SYSTEM_TITLES:
        to = to_cgcs2000(system, *here)
        left = distance(to, there)
        good = (left <= CLOSE) & (was >= distance(here, to) * _OFF)
        tried.append((system, to, was, np.where(good, left, np.inf)))
    return _best(off.drop(known), tried, basis)


def _among_own(points: pl.DataFrame, boxes: pl.DataFrame) -> pl.DataFrame:
    """Points beyond all the boxes of their area that conversion brings among them."""
    own = boxes.drop_nulls("area_no")
    basis = "同台区计量箱的坐标"
    if points.is_empty():
        return _best(points, [], basis)
    own = own.with_columns(pl.col("area_no").rank("dense").cast(pl.Int64).alias("layer"))
    origin = float(degrees(own["longitude"]).mean()), float(degrees(own["latitude"]).mean())
    among = layered(on_plane(pair(own), origin), own["layer"].to_numpy())
    own = _with_reach(own, nearest(among, among, 3)[0])
    wanted = own.select("id", "layer", "gap", "usual", "to_middle", "reach", "middle_longitude", "middle_latitude")
    off = points.join(wanted, on="id", maintain_order="left").filter(
        (pl.col("gap") >= _LEAST) & (pl.col("gap") >= _STREWN * pl.col("usual")) & (pl.col("to_middle") >= _BEYOND * pl.col("reach"))
    )
    here, was, reach = pair(off), degrees(off["gap"]), degrees(off["reach"])
    close = np.maximum(CLOSE, _NEAR * degrees(off["usual"]))
    tried = []
    for system in SYSTEM_TITLES:
        to = to_cgcs2000(system, *here)
        left = nearest(layered(on_plane(to, origin), off["layer"].to_numpy()), among, 2)[0]
        offset, inside = distance(here, to), distance(to, pair(off, "middle_longitude", "middle_latitude"))
        amid = (left[:, 0] <= close) & (left[:, 1] <= 2 * close) & (inside <= _BEYOND * reach) & (was >= offset * _CLEAR)
        within = (left[:, 0] <= 3 * CLOSE) & (inside <= reach) & (was >= offset * _OFF)
        good = amid | within
        tried.append((system, to, was, np.where(good, left[:, 0], np.inf)))
    return _best(off.select(points.columns), tried, basis)


def _with_reach(own: pl.DataFrame, gaps: Metres) -> pl.DataFrame:
    """Adds metres to the next box of the area (gap), what is usual there, to the middle of the area and how far nine tenths reach."""
    own = own.with_columns(
        pl.Series("gap", gaps[:, 1]),
        pl.Series("second", gaps[:, 2]),
        *[pl.col(name).median().over("area_no").alias(f"middle_{name}") for name in ("longitude", "latitude")],
    ).filter(pl.col("second").is_finite())
    to_middle = pl.Series("to_middle", distance(pair(own), pair(own, "middle_longitude", "middle_latitude")))
    return own.with_columns(to_middle).with_columns(
        pl.col("gap").median().over("area_no").alias("usual"),
        pl.col("to_middle").quantile(0.9, "lower").over("area_no").alias("reach"),
    )


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
