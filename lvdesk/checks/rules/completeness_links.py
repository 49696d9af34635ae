"""What should be there but is not: meters in boxes, boxes of meters, accounts of meters, customers of areas."""

from collections.abc import Iterator
from typing import Final

import polars as pl

from lvdesk.checks.evidence import field_links
from lvdesk.checks.model import Rule, Severity, Values, hits
from lvdesk.checks.phrases import CANCELLED, IS_LIVE, customer_said, listed, named
from lvdesk.checks.station import Station

_NOT_YET: Final = "当前新装客户"
_HIGH: Final = "01"
_PRIVATE: Final = "02"
_RUNNING: Final = "01"
_HALF: Final = 0.5


def _listed_meters(station: Station) -> pl.DataFrame:
    """The joined meters that a customer ledger lists."""
    mentioned = _mentioned(station)
    return station.meters if mentioned.is_empty() else station.meters.join(mentioned, on="asset_no", how="anti", maintain_order="left")


def _mentioned(station: Station) -> pl.DataFrame:
    return station.standing("meter").filter(pl.col("standing") == "mentioned").select(pl.col("key").alias("asset_no"))


def _empty_boxes(station: Station, _values: Values) -> Iterator[pl.DataFrame]:
    """Only where the meters of the area's boxes are known at all."""
    inside = station.table("meter").drop_nulls("box_no").select("box_no").unique()
    boxes = station.table("meter_box").select("id", "asset_no", "area_no", "location")
    is_filled = boxes["asset_no"].is_in(inside["box_no"].implode())
    areas = boxes.filter(is_filled)["area_no"].drop_nulls().unique()
    empty = boxes.filter(~is_filled & (boxes["area_no"].is_null() | boxes["area_no"].is_in(areas.implode())))
    yield hits(empty, "meter_box.asset_no", pl.format("计量箱 {} 内没有电能表", named("asset_no", "location")))


def _without_box(station: Station, _values: Values) -> Iterator[pl.DataFrame]:
    asked = (
        IS_LIVE
        & pl.col("customer_status").ne_missing(_NOT_YET)
        & pl.col("customer_sort").ne_missing(_HIGH)
        & pl.col("customer_no").is_not_null()
    )
    meters = _listed_meters(station)
    areas = station.meters["box_area"].drop_nulls().unique()
    missing = meters.filter(asked & pl.col("box_no").is_null() & pl.col("point_area").is_in(areas.implode()))
    message = pl.format("{}的电能表 {} 不在任何计量箱中，同台区其他用户都有计量箱", customer_said(), "asset_no")
    yield hits(missing, "meter.box_no", message)
    if not field_links(station).is_empty():
        yield from _not_seen(station, meters.filter(asked))


def _not_seen(station: Station, meters: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """A box was visited and other meters in it were written down, this one was not."""
    rows = field_links(station)
    visited = rows.drop_nulls(["box_no", "meter_no"]).sort("sheet_id", "sheet_row").unique("box_no", keep="first", maintain_order=True)
    seen = rows["meter_no"].drop_nulls().to_list()
    nameless = rows.filter(pl.col("meter_no").is_null())["customer_no"].drop_nulls().to_list()
    missing = meters.filter(~pl.col("asset_no").is_in(seen) & ~pl.col("customer_no").is_in(nameless))
    missing = missing.join(visited.select("box_no", "sheet_id", "sheet_row"), on="box_no", maintain_order="left")
    others = rows.drop_nulls(["customer_no", "meter_no"]).group_by("customer_no").agg(listed("meter_no").alias("other"))
    missing = missing.join(others, on="customer_no", how="left", maintain_order="left")
    changed = pl.format("；现场写该用户的表是 {}，可能换过表", "other").fill_null("")
    message = pl.format("{}的电能表 {} 应在计量箱 {}，现场采录了该箱却没有这块表{}", customer_said(), "asset_no", "box_no", changed)
    yield hits(missing, "meter.box_no", message, detail="现场")


def _not_in_ledger(station: Station, _values: Values) -> Iterator[pl.DataFrame]:
    """Only where the ledger of the area's customers is there; otherwise nothing is known."""
    owned = _listed_meters(station)
    if owned.is_empty():
        return
    place = pl.coalesce("point_area", "box_area")
    areas = owned.select(place).to_series().drop_nulls().unique().to_list()
    strange = station.meters.join(_mentioned(station), on="asset_no", how="semi", maintain_order="left")
    strange = strange.filter(place.is_null() | place.is_in(areas))
    box = pl.when(pl.col("box_no").is_null()).then(pl.lit("")).otherwise(pl.format("（计量箱 {}）", "box_no"))
    yield hits(strange, "meter.asset_no", pl.format("电能表 {}{}不在用户台账中", "asset_no", box))
    if not field_links(station).is_empty():
        yield from _new_in_field(station, owned, areas)


def _new_in_field(station: Station, owned: pl.DataFrame, areas: list[str]) -> Iterator[pl.DataFrame]:
    boxes = station.table("meter_box").select(pl.col("asset_no").alias("box_no"), pl.col("area_no").alias("area"))
    rows = field_links(station).drop_nulls("meter_no").join(boxes, on="box_no", how="left", maintain_order="left")
    place = pl.coalesce("area", "field_point_area", "field_box_area")
    known = station.table("meter")
    rows = rows.join(known.select(pl.col("asset_no").alias("meter_no")), on="meter_no", how="anti", maintain_order="left")
    rows = rows.join(known.select(pl.col("bar_code").alias("meter_no")), on="meter_no", how="anti", maintain_order="left")
    rows = rows.filter(place.is_null() | place.is_in(areas)).unique("meter_no", keep="first", maintain_order=True)
    own = owned.drop_nulls("customer_no").sort("customer_no", "asset_no").unique("customer_no", keep="first", maintain_order=True)
    rows = rows.join(own.select("customer_no", pl.col("asset_no").alias("known")), on="customer_no", how="left", maintain_order="left")
    changed = pl.format("；用户 {} 在台账中的电能表是 {}，可能换过表", "customer_no", "known").fill_null("")
    message = pl.format("现场的电能表 {} 不在用户台账中{}", "meter_no", changed)
    yield hits(rows, "meter.asset_no", message, key="meter_no", value=pl.col("meter_no"), detail="现场")


def _empty_areas(station: Station, _values: Values) -> Iterator[pl.DataFrame]:
    """Only on feeders whose customers are known; a private transformer only where most private ones have customers here."""
    gone = station.table("customer").filter(pl.col("status") == CANCELLED).select("customer_no")
    served = station.table("metering_point").drop_nulls(["customer_no", "area_no"]).join(gone, on="customer_no", how="anti")
    is_served = pl.col("area_no").is_in(served["area_no"].unique().to_list())
    areas = station.table("transformer_area").with_columns(
        is_served.alias("is_served"), (pl.col("usage") == _PRIVATE).fill_null(value=False).alias("is_private")
    )
    own = areas.filter("is_private")["is_served"].mean()
    private = isinstance(own, float) and own > _HALF
    known = pl.col("is_served").any().over(pl.col("feeder_no").fill_null(""))
    empty = areas.filter(~pl.col("is_served") & known & (pl.col("run_status") == _RUNNING) & (~pl.col("is_private") | pl.lit(private)))
    yield hits(empty, "transformer_area.area_no", pl.format("台区 {} 在运行，却没有用户", named("area_no", "name")))


def _photos(_station: Station, _values: Values) -> Iterator[pl.DataFrame]:
    yield from ()


RULES = (
    Rule(
        code="Q02",
        family="completeness",
        title="空箱",
        what="计量箱内没有一块电能表",
        where="计量箱与电能表所在的计量箱；所在台区还没有箱表关系的不查",
        fix="核实该箱是否拆除或备用；箱内有表的补上箱表关系",
        severity=Severity.WARNING,
        find=_empty_boxes,
        needs=("meter_box", "meter.box_no"),
    ),
    Rule(
        code="Q03",
        family="completeness",
        title="电能表不在箱表关系中（缺失）",
        what="用电用户的电能表不在任何计量箱，或现场采录了它的计量箱却没有它",
        where="用户台账的电能表对照普查表、箱表关系和现场采录；高压、新装在途和已销户用户除外",
        fix="到现场核实：用户已销户、表已拆，还是漏采；漏采的补采",
        severity=Severity.WARNING,
        find=_without_box,
        needs=("meter_box", "meter.box_no"),
        certain=False,
        source="营配数据采录：缺失（销户）由营销班组确认",
    ),
    Rule(
        code="Q04",
        family="completeness",
        title="电能表不在用户台账中（新增）",
        what="普查表或现场有这块电能表，用户台账没有",
        where="普查表和现场采录的电能表对照用户台账；所在台区还没有用户台账的不查",
        fix="由营销班组确认：新装、换表，还是条形码写错",
        severity=Severity.WARNING,
        find=_not_in_ledger,
        needs=("meter",),
        certain=False,
        source="营配数据采录：新增（业扩）由营销班组确认",
    ),
    Rule(
        code="Q05",
        family="completeness",
        title="空台区",
        what="运行中的台区没有用户",
        where="台区与计量点的台区编号；线路还没有用户台账的不查，多数专变没有低压用户时专变不查",
        fix="核实台区是否已停用，或用户挂到了别的台区",
        severity=Severity.WARNING,
        find=_empty_areas,
        needs=("transformer_area", "metering_point.area_no"),
    ),
    Rule(
        code="Q06",
        family="completeness",
        title="计量箱没有照片",
        what="要求拍照的计量箱没有照片",
        where="计量箱",
        fix="补拍照片",
        severity=Severity.INFO,
        find=_photos,
        needs=("never:还没有保存照片",),
    ),
)
