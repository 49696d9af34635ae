"""Customer, box and access point belong to one transformer area."""

from collections.abc import Iterator
from typing import Final

import polars as pl

from lvdesk.checks.contradictions import contradictions
from lvdesk.checks.evidence import field_boxes, field_links
from lvdesk.checks.memo import once
from lvdesk.checks.model import Rule, Severity, Values, hits
from lvdesk.checks.phrases import IS_LIVE, customer_said, listed, with_area_names
from lvdesk.checks.station import Station

_HANGS: Final = (
    "point_id", "mp_no", "customer_no", "customer_name", "asset_no", "point_area", "box_id", "box_no", "box_area", "sheet_id", "sheet_row",
)  # fmt: skip
_FIELD: Final = "现场"


@once
def _hanging(station: Station) -> pl.DataFrame:
    """Each live metering point in each box it hangs in, by the ledger and by field results; once."""
    named = [name for name in _HANGS if name not in {"sheet_id", "sheet_row"}]
    live = station.meters.select(*named, "customer_status").filter(IS_LIVE & pl.col("mp_no").is_not_null())
    boxes = station.table("meter_box").select(
        pl.col("asset_no").alias("box_no"), pl.col("id").alias("box_id"), pl.col("area_no").alias("box_area")
    )
    nowhere = pl.lit(None, pl.Int64)
    ledger = live.drop_nulls("box_no").with_columns(nowhere.alias("sheet_id"), nowhere.alias("sheet_row")).select(_HANGS)
    rows = field_links(station).select("sheet_id", "sheet_row", "meter_no", "box_no", "field_box_area", pl.col("customer_no").alias("said"))
    rows = rows.drop_nulls(["meter_no", "box_no"])
    returned = (
        rows.join(live.drop("box_no", "box_id", "box_area"), left_on="meter_no", right_on="asset_no", maintain_order="left")
        .join(boxes, on="box_no", how="left", maintain_order="left")
        .join(field_boxes(station), on="box_no", how="left", maintain_order="left")
        .with_columns(pl.coalesce("box_area", "field_box_area", "said_area").alias("box_area"), pl.col("meter_no").alias("asset_no"))
    ).filter(pl.col("said").is_null() | (pl.col("said") == pl.col("customer_no")))  # else the row has the wrong meter: Q36
    together = pl.concat([ledger, returned.select(_HANGS)])
    if not together["mp_no"].is_duplicated().any():
        return together
    return together.unique(["mp_no", "box_no"], keep="first", maintain_order=True)


def _other_area(station: Station, _values: Values) -> Iterator[pl.DataFrame]:
    hanging = _with_access(station, _hanging(station)).drop_nulls(["point_area", "box_area"])
    differs = pl.col("point_area") != pl.col("box_area")
    doubtful = hanging.join(hanging.filter(differs).select("box_no"), on="box_no", how="semi", maintain_order="left")
    agreed = (pl.len() > 1) & differs.all() & (pl.col("point_area").min() == pl.col("point_area").max())
    wrong = doubtful.with_columns(agreed.over("box_no").alias("agreed")).filter(differs)
    wrong = with_area_names(station, wrong, "point_area", "box_area")
    single = wrong.filter(~pl.col("agreed"))
    message = pl.format(
        "{}在台区 {}，其电能表 {} 所在的{} {} 在台区 {}", customer_said(), "point_area_said", "asset_no", "whose", "box_no", "box_area_said"
    )
    yield hits(single.rename({"point_id": "id"}), "metering_point.area_no", message, value=pl.col("point_area"), detail=pl.col("box_no"))
    boxes = wrong.filter("agreed").group_by("box_no", maintain_order=True).agg(
        pl.len().alias("points"), listed("customer_no", 3).alias("people"),
        pl.first("box_id", "box_area", "point_area", "point_area_said", "box_area_said", "whose", "sheet_id", "sheet_row"),
    )  # fmt: skip
    message = pl.format(
        "{} {} 在台区 {}，箱内 {} 个计量点（用户 {}）都在台区 {}", "whose", "box_no", "box_area_said", "points", "people", "point_area_said"
    )
    yield hits(boxes.rename({"box_id": "id"}), "meter_box.area_no", message, key="box_no", value=pl.col("box_area"))
    yield from _other_access(station)
    yield from _other_return(station, wrong.select("mp_no"))


def _with_access(station: Station, hanging: pl.DataFrame) -> pl.DataFrame:
    """A box without an area lies where its access point lies."""
    access = _access(station).filter(pl.col("box_area").is_null()).select("box_no", "access_area")
    return hanging.join(access, on="box_no", how="left", maintain_order="left").with_columns(
        pl.when(pl.col("box_area").is_null()).then(pl.lit("计量箱（按接入点）")).otherwise(pl.lit("计量箱")).alias("whose"),
        pl.coalesce("box_area", "access_area").alias("box_area"),
    )


def _access(station: Station) -> pl.DataFrame:
    boxes = station.table("meter_box").select(
        "id", pl.col("asset_no").alias("box_no"), pl.col("area_no").alias("box_area"), "access_point_no"
    )
    points = station.table("access_point").select("access_point_no", pl.col("area_no").alias("access_area")).drop_nulls()
    return boxes.join(points, on="access_point_no", maintain_order="left")


def _other_access(station: Station) -> Iterator[pl.DataFrame]:
    wrong = _access(station).filter(pl.col("box_area") != pl.col("access_area"))
    wrong = with_area_names(station, wrong, "box_area", "access_area")
    message = pl.format("计量箱 {} 在台区 {}，其接入点 {} 在台区 {}", "box_no", "box_area_said", "access_point_no", "access_area_said")
    yield hits(wrong, "meter_box.access_point_no", message, key="box_no")


def _other_return(station: Station, reported: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """A field result names another area than the ledger, for the box or for the customer."""
    rows = field_links(station)
    if rows.is_empty():
        return
    boxes = station.table("meter_box").select("id", pl.col("asset_no").alias("box_no"), pl.col("area_no").alias("box_area"))
    wrong = rows.join(boxes, on="box_no", maintain_order="left").filter(pl.col("field_box_area") != pl.col("box_area"))
    wrong = with_area_names(
        station, wrong.unique(["box_no", "field_box_area"], keep="first", maintain_order=True), "box_area", "field_box_area"
    )
    message = pl.format("现场采录写计量箱 {} 在台区 {}，台账为台区 {}", "box_no", "field_box_area_said", "box_area_said")
    yield hits(wrong, "meter_box.area_no", message, key="box_no", value=pl.col("field_box_area"), detail=_FIELD)
    yield _other_customer(station, rows, reported)


def _other_customer(station: Station, rows: pl.DataFrame, reported: pl.DataFrame) -> pl.DataFrame:
    """Rows that put a customer into an area in which the ledger has none of his points; ``reported`` points are told already."""
    owners = station.meters.select(pl.col("asset_no").alias("meter_no"), pl.col("customer_no").alias("owner"))
    said = rows.drop_nulls("field_point_area").join(owners, on="meter_no", how="left", maintain_order="left")
    said = said.with_columns(pl.coalesce("customer_no", "owner").alias("customer_no"))
    people = station.table("customer").select(
        "customer_no", pl.col("name").alias("customer_name"), pl.col("status").alias("customer_status")
    )
    points = station.table("metering_point").select("id", "mp_no", "customer_no", pl.col("area_no").alias("point_area")).drop_nulls()
    points = points.join(people, on="customer_no", maintain_order="left").filter(IS_LIVE)
    wrong = said.join(points, left_on=["customer_no", "field_point_area"], right_on=["customer_no", "point_area"], how="anti")
    first = points.sort("mp_no").unique("customer_no", keep="first", maintain_order=True)
    wrong = wrong.join(first, on="customer_no", maintain_order="left")
    wrong = wrong.join(reported, on="mp_no", how="anti").unique(["mp_no", "field_point_area"], keep="first", maintain_order=True)
    wrong = with_area_names(station, wrong, "point_area", "field_point_area")
    message = pl.format("现场采录写{}在台区 {}，台账为台区 {}", customer_said(), "field_point_area_said", "point_area_said")
    return hits(wrong, "metering_point.area_no", message, value=pl.col("field_point_area"), detail=_FIELD)


def _two_areas(station: Station, _values: Values) -> Iterator[pl.DataFrame]:
    inside = _hanging(station).drop_nulls("point_area")
    inside = inside.filter((pl.col("point_area").min() != pl.col("point_area").max()).over("box_no"))
    inside = with_area_names(station, inside, "point_area")
    areas = inside.group_by("box_no", "point_area", maintain_order=True).agg(
        pl.first("box_id", "box_area", "point_area_said", "sheet_id", "sheet_row"),
        pl.len().alias("points"),
        listed("customer_no", 3).alias("people"),
    )
    said = pl.format("{} {} 个计量点（用户 {}）", "point_area_said", "points", "people")
    boxes = (
        areas.sort(["points", "point_area"], descending=[True, False]).with_columns(said.alias("said"))
        .group_by("box_no", maintain_order=True)
        .agg(
            pl.first("box_id", "box_area"), pl.col("sheet_id", "sheet_row").drop_nulls().first(),
            pl.len().alias("areas"), pl.col("said").head(4).str.join("；"),
        )
    )  # fmt: skip
    message = pl.format("计量箱 {} 内的电能表分属 {} 个台区：{}", "box_no", "areas", "said")
    yield hits(boxes.rename({"box_id": "id"}), "meter_box.area_no", message, key="box_no", value=pl.col("box_area"))
    yield from _two_written(station)


def _two_written(station: Station) -> Iterator[pl.DataFrame]:
    """Rows of ledgers that put one box on different areas."""
    wrong = with_area_names(station, contradictions(station, "meter_box", "area_no"), "current", "other")
    message = pl.format("计量箱 {} 登记在台区 {}{}，本行写在台区 {}", "key", "current_said", "where", "other_said")
    yield hits(wrong, "meter_box.area_no", message, key="key", value=pl.col("current"))


RULES = (
    Rule(
        code="Q30",
        family="consistency",
        title="户变不一致",
        what="用户、其电能表所在计量箱、计量箱的接入点不在同一台区",
        where="计量点、计量箱、接入点的台区编号，现场采录的台区编号；已销户用户除外",
        fix="到现场核实用户的电源来自哪个台区，改正写错的一方",
        severity=Severity.ERROR,
        find=_other_area,
        needs=("metering_point.area_no",),
        source="营配贯通户变一致核查",
    ),
    Rule(
        code="Q31",
        family="consistency",
        title="一箱多台区",
        what="一个计量箱内的电能表分属几个台区，或各行给同一计量箱写了不同的台区",
        where="计量箱内各计量点的台区编号、计量箱的台区编号；已销户用户除外",
        fix="核实该计量箱由哪个台区供电，改正写错台区的用户或计量箱",
        severity=Severity.ERROR,
        find=_two_areas,
        source="营配贯通户变一致核查",
    ),
)
