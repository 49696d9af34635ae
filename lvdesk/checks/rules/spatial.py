"""Boxes far from what they hang on: the transformer of their area, their access point."""

from collections.abc import Iterator
from typing import Final

import polars as pl

from lvdesk.checks.model import Parameter, Rule, Severity, Values, hits
from lvdesk.checks.phrases import with_area_names
from lvdesk.checks.points import pair
from lvdesk.checks.shifts import placed_points, shifted_sheets
from lvdesk.checks.station import Station
from lvdesk.checks.strays import trusted_boxes
from lvdesk.geo.distances import distance

_FEW: Final = 4
"""Boxes of an area from which on their own spread says how far it reaches."""
_REACH: Final = 1.5
"""Interquartile ranges beyond the third quartile that still belong to an area's reach."""
_MIDDLE: Final = ("middle_longitude", "middle_latitude")


def _far(station: Station, values: Values) -> Iterator[pl.DataFrame]:
    most = values["max_distance_m"]
    metres = pl.col("metres")
    boxes = _with_distance(station, trusted_boxes(station))
    wide = boxes.filter(metres > most).select("area_no")
    boxes = with_area_names(station, boxes.join(wide, on="area_no", how="semi", maintain_order="left"), "area_no")
    boxes = boxes.with_columns(
        pl.len().over("area_no").alias("boxes"),
        (metres > most).sum().over("area_no").alias("far"),
        metres.min().over("area_no").alias("least"),
        metres.median().over("area_no").alias("usual"),
        (metres.quantile(0.75) + _REACH * (metres.quantile(0.75) - metres.quantile(0.25))).over("area_no").alias("reach"),
    )  # fmt: skip
    apart = (pl.col("boxes") >= _FEW) & (pl.col("least") > most) & pl.col("has_transformer")
    yield _displaced(boxes.filter(apart), most)
    beyond = ~apart & (metres > most)
    alone = (pl.col("boxes") < _FEW) | (metres > pl.col("reach"))
    origin = pl.when("has_transformer").then(pl.lit("变压器")).otherwise(pl.lit("各计量箱中心（台区没有坐标）"))
    message = pl.format(
        "计量箱 {} 距台区 {} 的{} {} 米，超过 {} 米", "key", "area_no_said", origin, metres.round(0).cast(pl.Int64), pl.lit(f"{most:g}")
    )
    lone = boxes.filter(beyond & alone).drop("sheet_id", "sheet_row")
    yield hits(lone, "meter_box.longitude", message, key="key", value=pl.format("{},{}", "longitude", "latitude"))
    yield _stretched(boxes.filter(beyond & ~alone & pl.col("has_transformer")), most)


def _with_distance(station: Station, boxes: pl.DataFrame) -> pl.DataFrame:
    """Boxes with metres to the transformer of their area, or to the middle of its boxes; without either they are left out."""
    wrong = [shift.sheet_id for shift in shifted_sheets(station) if shift.entity == "transformer_area"]
    areas = placed_points(station, "transformer_area")
    areas = areas.filter(~pl.col("sheet_id").is_in(wrong).fill_null(value=False))
    homes = areas.select("area_no", pl.col("id").alias("area_id"), pl.col("longitude", "latitude").name.prefix("home_"))
    frame = boxes.join(homes, on="area_no", how="left", maintain_order="left")
    for name, middle in zip(("longitude", "latitude"), _MIDDLE, strict=True):
        many = pl.len().over("area_no") >= _FEW
        frame = frame.with_columns(pl.coalesce(f"home_{name}", pl.when(many).then(pl.col(name).median().over("area_no"))).alias(middle))
    metres = pl.Series("metres", distance(pair(frame), pair(frame, *_MIDDLE)), nan_to_null=True)
    return frame.with_columns(metres, pl.col("area_id").is_not_null().alias("has_transformer")).drop_nulls("metres")


def _displaced(boxes: pl.DataFrame, most: float) -> pl.DataFrame:
    """Areas all of whose boxes are far: it is the transformer that stands wrong."""
    areas = boxes.group_by("area_no", maintain_order=True).agg(pl.first("area_id", "area_no_said", "boxes", "least", "usual"))
    rounded = [pl.col(name).round(0).cast(pl.Int64) for name in ("least", "usual")]
    message = pl.format(
        "台区 {} 的 {} 个计量箱距变压器都超过 {} 米（最近 {} 米，一般 {} 米），台区坐标或这些计量箱的台区可能有误",
        "area_no_said", "boxes", pl.lit(f"{most:g}"), *rounded,
    )  # fmt: skip
    return hits(areas.rename({"area_id": "id"}), "transformer_area.longitude", message, key="area_no", value=None)


def _stretched(boxes: pl.DataFrame, most: float) -> pl.DataFrame:
    """Areas that reach far as a whole: long lines, told once each."""
    areas = boxes.group_by("area_no", maintain_order=True).agg(
        pl.first("area_id", "area_no_said", "boxes"), pl.len().alias("beyond"), pl.max("metres").round(0).cast(pl.Int64).alias("longest")
    )
    message = pl.format(
        "台区 {} 供电半径大：{} 个计量箱中有 {} 个距变压器超过 {} 米，最远 {} 米",
        "area_no_said", "boxes", "beyond", pl.lit(f"{most:g}"), "longest",
    )  # fmt: skip
    renamed = areas.rename({"area_id": "id"})
    return hits(renamed, "transformer_area.longitude", message, key="area_no", value=None, detail="radius", milder=1)


def _off_access_point(station: Station, values: Values) -> Iterator[pl.DataFrame]:
    most = values["max_distance_m"]
    wrong = [shift.sheet_id for shift in shifted_sheets(station) if shift.entity == "access_point"]
    points = placed_points(station, "access_point")
    points = points.filter(~pl.col("sheet_id").is_in(wrong).fill_null(value=False))
    points = points.select(pl.col("key").alias("access_point_no"), pl.col("longitude", "latitude").name.prefix("home_"))
    links = station.table("meter_box").select("id", "access_point_no").drop_nulls()
    boxes = trusted_boxes(station).drop("sheet_id", "sheet_row").join(links, on="id", maintain_order="left")
    boxes = boxes.join(points, on="access_point_no", maintain_order="left")
    boxes = boxes.with_columns(pl.Series("metres", distance(pair(boxes), pair(boxes, "home_longitude", "home_latitude"))))
    message = pl.format("计量箱 {} 距接入点 {} {} 米，超过 {} 米", "key", "access_point_no", pl.col("metres").round(1), pl.lit(f"{most:g}"))
    found = boxes.filter(pl.col("metres") > most)
    yield hits(found, "meter_box.access_point_no", message, key="key")


def _metres(default: float | None, most: float) -> Parameter:
    return Parameter("max_distance_m", "最大距离", "number", default, "米", 1.0, most)


RULES = (
    Rule(
        code="Q50",
        family="spatial",
        title="计量箱远离台区",
        what="计量箱距台区变压器太远，而且超出该台区其他计量箱所及；整个台区都远的，按台区报告一次",
        where="计量箱与台区的坐标；台区没有坐标时按其计量箱的中心；无效或坐标系不符的坐标不算",
        fix="核对计量箱坐标和所属台区；整个台区都远的核对台区坐标",
        severity=Severity.WARNING,
        find=_far,
        parameters=(_metres(None, 20_000.0),),
        needs=("meter_box.longitude",),
        certain=False,
        source="低压供电半径，各地取 250–500 米或更大，可在规则库中改",
    ),
    Rule(
        code="Q52",
        family="spatial",
        title="计量箱远离接入点",
        what="计量箱距它的接入点超过接户线允许的长度",
        where="计量箱与其接入点的坐标；无效或坐标系不符的坐标不算",
        fix="核对计量箱坐标、接入点坐标，或改正计量箱的接入点编号",
        severity=Severity.WARNING,
        find=_off_access_point,
        parameters=(_metres(None, 1_000.0),),
        needs=("access_point.longitude", "meter_box.access_point_no"),
        source="接户线档距一般不大于 25 米",
    ),
)
