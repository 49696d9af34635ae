"""Boxes on one and the same coordinate."""

from collections.abc import Iterator
from typing import Final

import polars as pl

from lvdesk.checks.model import Rule, Severity, Values, hits
from lvdesk.checks.phrases import listed
from lvdesk.checks.points import said, sound_points
from lvdesk.checks.station import Station

_BUILDINGS: Final = (r"^(.*(?:号楼|栋|幢|大厦|公寓))", r"^(.*?号)")
_PLACES: Final = 7


def _same_point(station: Station, _values: Values) -> Iterator[pl.DataFrame]:
    areas = sound_points(station, "transformer_area").select(pl.col("longitude", "latitude").round(_PLACES), pl.lit("台区").alias("device"))
    boxes = sound_points(station, "meter_box").drop("sheet_id", "sheet_row").with_columns(pl.col("longitude", "latitude").round(_PLACES))
    boxes = boxes.filter(pl.struct("longitude", "latitude").is_duplicated())
    boxes = boxes.join(_addresses(station, boxes.select("id")), on="id", how="left", maintain_order="left")
    points = boxes.sort("key").group_by("longitude", "latitude", maintain_order=True).agg(
        pl.first("id", "key"), pl.len().alias("boxes"), listed("key").alias("named"), listed("address", 3).alias("addresses"),
        pl.col("building").n_unique().alias("buildings"), pl.col("building").null_count().alias("unknown"),
    )  # fmt: skip
    areas = areas.unique(["longitude", "latitude"], keep="first", maintain_order=True)
    points = said(points.join(areas, on=["longitude", "latitude"], how="left", maintain_order="left"))
    one = (pl.col("buildings") == 1) & (pl.col("unknown") == 0)
    why = (
        pl.when(one).then(pl.lit("地址为同一栋，可能是计量箱组"))
        .when(pl.col("device").is_not_null()).then(pl.lit("与台区坐标相同，可能是按台区批量填写"))
        .when(pl.col("unknown") == pl.col("boxes")).then(pl.lit("都没有安装地址"))
        .otherwise(pl.format("地址不同：{}", "addresses"))
    )  # fmt: skip
    message = pl.format("{} 个计量箱坐标同为 {}：{}；{}", "boxes", "point", "named", why)
    yield hits(points, "meter_box.longitude", message, key="key", value=pl.col("point"), milder=one)


def _addresses(station: Station, wanted: pl.DataFrame) -> pl.DataFrame:
    """id, address and building of each box that is ``wanted`` (id); the address of a customer where the box has none."""
    people = station.meters.select("customer_address", pl.col("box_id").alias("id")).join(wanted, on="id", how="semi")
    people = people.drop_nulls().group_by("id").agg(pl.min("customer_address"))
    boxes = station.table("meter_box").select("id", "location").join(wanted, on="id", how="semi").join(people, on="id", how="left")
    address = pl.coalesce("location", "customer_address").str.replace_all(r"\s+", "")
    building = pl.coalesce(*[pl.col("address").str.extract(pattern) for pattern in _BUILDINGS], "address")
    return boxes.select("id", address.alias("address")).with_columns(building.alias("building"))


RULES = (
    Rule(
        code="Q51",
        family="spatial",
        title="坐标重合",
        what="几个计量箱的坐标完全相同；地址在同一栋的可能是计量箱组，降为提示",
        where="计量箱台账的经纬度，每个坐标报告一次",
        fix="不在一处的计量箱到现场重新采录坐标；确为计量箱组的可列为例外",
        severity=Severity.WARNING,
        find=_same_point,
        needs=("meter_box.longitude",),
    ),
)
