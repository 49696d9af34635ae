"""Coordinates that cannot be right by themselves."""

from collections.abc import Iterator
from typing import Final

import polars as pl

from lvdesk.checks.model import Parameter, Rule, Severity, Values, hits
from lvdesk.checks.points import MARGIN, Extent, judged, judged_points, station_extent
from lvdesk.checks.refusals import refusals
from lvdesk.checks.sheetrows import told_apart
from lvdesk.checks.station import Station

_SIDES: Final = ("west", "south", "east", "north")
_X, _Y = pl.col("longitude").cast(pl.String), pl.col("latitude").cast(pl.String)


def _impossible(station: Station, values: Values) -> Iterator[pl.DataFrame]:
    yield from refusals(station, "Q25")
    extent, given = _extent(station, values)
    points = judged_points(station)
    if given or values["margin_km"] != MARGIN:
        points = judged(points, extent, strict=given, margin=values["margin_km"])
    wrong = points.drop_nulls("fault")
    if wrong.is_empty():
        return
    wrong = wrong.with_columns(_home(extent).alias("home"), pl.col("sheet_id").is_not_null().alias("field"))
    wrong = wrong.with_columns(_place().alias("place"))
    for (entity, place), part in wrong.filter(~pl.col("field")).group_by("entity", "place", maintain_order=True):
        yield _told(station, part.drop("sheet_id", "sheet_row"), str(entity), str(place), pl.lit(""))
    for (place,), part in told_apart(station, wrong.filter("field"), "key").group_by("place", maintain_order=True):
        yield _told(station, part, "meter_box", str(place), pl.lit("现场采录的"))


def _extent(station: Station, values: Values) -> tuple[Extent | None, bool]:
    """The station's extent, a side that a person has set before the inferred one; and whether any was set."""
    sides = {side: values[side] for side in _SIDES if values[side]}
    found = station_extent(station, values["margin_km"])
    if not sides:
        return found, False
    whole = found or Extent(-180, -90, 180, 90)
    return Extent(**{side: sides.get(side, getattr(whole, side)) for side in _SIDES}), True


def _home(extent: Extent | None) -> pl.Expr:
    """Swapped, and lying in the station when turned round."""
    turned = extent.holds("latitude", "longitude") if extent else pl.lit(value=True)
    return (pl.col("fault") == "swapped") & turned


def _place() -> pl.Expr:
    """The field to look at: the empty half, the zero, the one out of range."""
    empty = (pl.col("fault") == "half") & pl.col("latitude").is_null()
    zero = (pl.col("fault") == "zero") & (pl.col("longitude") != 0)
    outside = (pl.col("fault") == "abroad") & pl.col("longitude").is_between(73.62, 134.77)
    return pl.when(empty | zero | outside).then(pl.lit("latitude")).otherwise(pl.lit("longitude"))


def _told(station: Station, part: pl.DataFrame, entity: str, place: str, before: pl.Expr) -> pl.DataFrame:
    """A field result has no suggestion: it would be written into the accepted record."""
    rows = "sheet_id" in part.columns
    subject = pl.format(f"{{}}{station.dictionary.title(entity)} {{}}", before, pl.col("key").fill_null("（未写编号）"))
    message = (
        pl.when(pl.col("fault") == "half").then(pl.format("{} 只有{}，没有{}", subject, *_halves()))
        .when(pl.col("fault") == "zero").then(pl.format("{} 的经度 {}、纬度 {} 不能为 0", subject, _X, _Y))
        .when("home").then(pl.format("{} 的经度 {} 与纬度 {} 写反了，对调后在本所范围内", subject, _X, _Y))
        .when(pl.col("fault") == "swapped").then(pl.format("{} 的经度 {}、纬度 {} 不在中国范围内，可能写反", subject, _X, _Y))
        .when(pl.col("fault") == "abroad").then(pl.format("{} 的经度 {}、纬度 {} 不在中国范围内", subject, _X, _Y))
        .otherwise(pl.format("{} 的经度 {}、纬度 {} 不在本所范围内", subject, _X, _Y))
    )  # fmt: skip
    turned = pl.when("home").then(pl.struct(_Y.alias("longitude"), _X.alias("latitude")).struct.json_encode())
    return hits(
        part, f"{entity}.{place}", message, key="key", value=pl.col(place),
        detail=pl.col("nth") if rows else pl.lit(""), suggestion=None if rows else turned, milder=pl.col("fault") == "apart",
    )  # fmt: skip


def _halves() -> tuple[pl.Expr, pl.Expr]:
    no_latitude = pl.col("latitude").is_null()
    return (
        pl.when(no_latitude).then(pl.format("经度 {}", _X.fill_null(""))).otherwise(pl.format("纬度 {}", _Y.fill_null(""))),
        pl.when(no_latitude).then(pl.lit("纬度")).otherwise(pl.lit("经度")),
    )


def _side(name: str, title: str, most: float) -> Parameter:
    return Parameter(name, title, "number", 0.0, "度", 0.0, most)


RULES = (
    Rule(
        code="Q25",
        family="format",
        title="坐标无效",
        what="经纬度为 0、缺一半、写反、不是十进制度，或不在中国、不在本所范围内",
        where="台区、杆塔、分支箱、接入点、计量箱的经纬度，台账和现场采录都查；不在本所范围内时降为警告",
        fix="改正坐标；写反的可应用建议；坐标无法确认的到现场重新采录",
        severity=Severity.ERROR,
        find=_impossible,
        parameters=(
            _side("west", "本所最西经度（0 为按全部坐标推定）", 180),
            _side("south", "本所最南纬度（0 为按全部坐标推定）", 90),
            _side("east", "本所最东经度（0 为按全部坐标推定）", 180),
            _side("north", "本所最北纬度（0 为按全部坐标推定）", 90),
            Parameter("margin_km", "推定范围时四周的余量", "number", MARGIN, "公里", 1.0, 500.0),
        ),
        source="EPSG:4490 适用范围 73.62–134.77 E、16.7–53.56 N",
    ),
)
