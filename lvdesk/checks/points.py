"""The places of a station: every coordinate of accepted records and field results, judged, and where the station itself lies."""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import polars as pl

from lvdesk.checks.evidence import field_links
from lvdesk.checks.memo import once
from lvdesk.checks.model import KEYS
from lvdesk.checks.station import Station
from lvdesk.geo.distances import distance
from lvdesk.geo.offsets import Degrees, Pair

LOCATED: Final = ("transformer_area", "pole", "branch_box", "access_point", "meter_box")
"""Entities that have coordinates."""

MARGIN: Final = 5.0
"""Kilometres around the places of a station that still count as the station."""

_CHINA: Final = (73.62, 16.7, 134.77, 53.56)
_USUAL: Final = 0.9
_FEWEST: Final = 3
_POINT: Final = {
    "entity": pl.String, "id": pl.Int64, "key": pl.String, "area_no": pl.String, "longitude": pl.Float64, "latitude": pl.Float64,
    "sheet_id": pl.Int64, "sheet_row": pl.Int64,
}  # fmt: skip


@dataclass(frozen=True)
class Extent:
    """Degrees between which a station lies."""

    west: float
    south: float
    east: float
    north: float

    def holds(self, longitude: str = "longitude", latitude: str = "latitude") -> pl.Expr:
        """Over two columns of degrees: they lie inside."""
        return pl.col(longitude).is_between(self.west, self.east) & pl.col(latitude).is_between(self.south, self.north)


CHINA: Final = Extent(*_CHINA)
"""Area of use of CGCS2000."""


def accepted_points(station: Station, *entities: str) -> pl.DataFrame:
    """Accepted records with a coordinate or half of one: entity, id, key, area_no, longitude, latitude; sheet_id, sheet_row null."""
    frames = [pl.DataFrame(schema=_POINT)]
    for entity in entities:
        frame = station.table(entity).filter(pl.col("longitude").is_not_null() | pl.col("latitude").is_not_null())
        place = pl.lit(None, pl.Int64)
        frames.append(
            frame.select(
                pl.lit(entity).alias("entity"), "id", pl.col(KEYS[entity]).alias("key"), "area_no", "longitude", "latitude",
                place.alias("sheet_id"), place.alias("sheet_row"),
            )
        )  # fmt: skip
    return pl.concat(frames)


def field_points(station: Station) -> pl.DataFrame:
    """Coordinates of boxes in field results, once per row: as ``accepted_points``, with the box's accepted id and area where known."""
    rows = station.field("meter_box").filter(pl.col("longitude").is_not_null() | pl.col("latitude").is_not_null())
    place = ["sheet_id", "sheet_row"]
    rows = rows.select(*place, "longitude", "latitude").unique(place, keep="first", maintain_order=True)
    links = field_links(station).unique(place, keep="first", maintain_order=True)
    links = links.select(*place, "box_no", "field_box_area", "field_point_area")
    known = station.table("meter_box").select(pl.col("asset_no").alias("box_no"), "id", "area_no")
    frame = rows.join(links, on=place, how="left", maintain_order="left")
    frame = frame.join(known, on="box_no", how="left", maintain_order="left")
    area = pl.coalesce("area_no", "field_box_area", "field_point_area").alias("area_no")
    return frame.with_columns(pl.lit("meter_box").alias("entity"), pl.col("box_no").alias("key"), area).select(*_POINT)


def extent_of(points: pl.DataFrame, margin: float = MARGIN) -> Extent | None:
    """Where a station lies by its own points, whatever a tenth of them says; None with fewer than three."""
    inside = points.filter(CHINA.holds())
    if inside.height < _FEWEST:
        return None
    sides = []
    for column, degree in zip(("longitude", "latitude"), _degrees_per_kilometre(inside), strict=True):
        values = inside[column].to_numpy()
        middle = float(np.median(values))
        usual = float(np.quantile(np.abs(values - middle), _USUAL, method="lower"))
        reach = usual + max(margin * degree, usual)
        sides.append((middle - reach, middle + reach))
    return Extent(sides[0][0], sides[1][0], sides[0][1], sides[1][1])


def _degrees_per_kilometre(points: pl.DataFrame) -> tuple[float, float]:
    north = 1 / 110.9
    return north / float(np.cos(np.radians(points["latitude"].to_numpy()).mean())), north


def judged(points: pl.DataFrame, extent: Extent | None, *, strict: bool = False, margin: float = MARGIN) -> pl.DataFrame:
    """Adds ``fault``: half, zero, swapped, abroad, apart (outside ``extent``), or null for a sound point.

    Args:
        points: see ``accepted_points``.
        extent: of the station; None: nothing is apart.
        strict: a person has set the extent: what lies outside is apart even where all of its transformer area does.
        margin: kilometres around the other points of its transformer area in which a point outside the extent is still sound.
    """
    x, y = pl.col("longitude"), pl.col("latitude")
    turned = CHINA.holds("latitude", "longitude")
    fault = (
        pl.when(x.is_null() | y.is_null()).then(pl.lit("half"))
        .when((x == 0) | (y == 0)).then(pl.lit("zero"))
        .when(CHINA.holds()).then(pl.lit(None, pl.String))
        .when(turned).then(pl.lit("swapped"))
        .otherwise(pl.lit("abroad"))
    )  # fmt: skip
    points = points.with_columns(fault.alias("fault"))
    if extent is None:
        return points
    outside = pl.col("fault").is_null() & ~extent.holds()
    if not strict and points.select(outside.any()).item():
        points = _with_own_middle(points, margin).with_columns((outside & ~pl.col("_kin")).alias("_apart")).drop("_kin")
    else:
        points = points.with_columns(outside.alias("_apart"))
    return points.with_columns(pl.when("_apart").then(pl.lit("apart")).otherwise("fault").alias("fault")).drop("_apart")


def _with_own_middle(points: pl.DataFrame, margin: float) -> pl.DataFrame:
    """Adds ``_kin``: near the middle of the accepted points of its transformer area, which are at least three."""
    accepted = points.filter(pl.col("fault").is_null() & pl.col("area_no").is_not_null() & pl.col("sheet_id").is_null())
    middle = accepted.group_by("area_no").agg(pl.median("longitude").alias("_x"), pl.median("latitude").alias("_y"), pl.len().alias("_n"))
    points = points.join(middle.filter(pl.col("_n") >= _FEWEST), on="area_no", how="left", maintain_order="left")
    near = pl.Series("_kin", distance(pair(points), pair(points, "_x", "_y")) <= margin * 1000)
    return points.drop("_x", "_y", "_n").with_columns(near)


@once
def judged_points(station: Station) -> pl.DataFrame:
    """All accepted points, then those of field results, judged by where the station infers that it lies."""
    return judged(pl.concat([accepted_points(station, *LOCATED), field_points(station)]), station_extent(station))


@once
def _sound_by_entity(station: Station) -> dict[str, pl.DataFrame]:
    points = judged_points(station).filter(pl.col("fault").is_null() & pl.col("sheet_id").is_null()).drop("fault")
    return {entity: points.filter(pl.col("entity") == entity) for entity in LOCATED}


def sound_points(station: Station, entity: str) -> pl.DataFrame:
    """The accepted points of an entity whose coordinates can be right."""
    return _sound_by_entity(station)[entity]


@once
def sound_field_points(station: Station) -> pl.DataFrame:
    """The points of field results whose coordinates can be right and whose box is named."""
    named = pl.col("sheet_id").is_not_null() & pl.col("key").is_not_null()
    return judged_points(station).filter(named & pl.col("fault").is_null()).drop("fault")


def station_extent(station: Station, margin: float = MARGIN) -> Extent | None:
    """Where the station lies by all accepted points, or by field results when there are none."""
    points = accepted_points(station, *LOCATED)
    return extent_of(points if points.height >= _FEWEST else field_points(station), margin)


def pair(frame: pl.DataFrame, longitude: str = "longitude", latitude: str = "latitude") -> Pair:
    """Two columns of degrees as arrays; NaN for null."""
    return degrees(frame[longitude]), degrees(frame[latitude])


def degrees(series: pl.Series) -> Degrees:
    """A column of numbers as an array; NaN for null."""
    values: Any = series.cast(pl.Float64).fill_null(float("nan")).to_numpy()
    return np.asarray(values, dtype=np.float64)


def said(frame: pl.DataFrame) -> pl.DataFrame:
    """Adds ``point``: the degrees as people write them."""
    shown = [pl.col(name).round(7).cast(pl.String).fill_null("空") for name in ("longitude", "latitude")]
    return frame.with_columns(pl.format("{},{}", *shown).alias("point"))
