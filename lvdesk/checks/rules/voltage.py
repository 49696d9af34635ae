"""Voltage of a customer against the wiring of his meter and the kind of his area."""

from collections.abc import Iterator

import polars as pl

from lvdesk.checks.model import Parameter, Rule, Severity, Values, hits
from lvdesk.checks.phrases import IS_LIVE, customer_said, listed, named
from lvdesk.checks.station import Station

_SINGLE, _FOUR_WIRE = "1", "3"
_PHASES = 3
_HIGH, _LOW = "01", ("02", "03")
_PUBLIC, _PRIVATE = "01", "02"


def _wiring(station: Station, values: Values) -> Iterator[pl.DataFrame]:
    single, four = pl.col("customer_voltage").is_in(values["single_phase"]), pl.col("customer_voltage").is_in(values["four_wire"])
    wrong = station.meters.filter(IS_LIVE & ((single & (pl.col("wiring") != _SINGLE)) | (four & (pl.col("wiring") != _FOUR_WIRE))))
    singles = station.table("meter").filter(pl.col("wiring") == _SINGLE).join(wrong, on="mp_no", how="semi")
    wrong = wrong.join(singles.group_by("mp_no").agg(pl.len().alias("singles")), on="mp_no", how="left", maintain_order="left")
    # Three single-phase meters may measure one three-phase point.
    legal = (pl.col("wiring") == _SINGLE) & (pl.col("singles") >= _PHASES)
    wrong = wrong.filter(~legal.fill_null(value=False))
    points = station.table("metering_point").select("customer_no").join(wrong, on="customer_no", how="semi")
    points = points.group_by("customer_no").agg(pl.len().alias("points"))
    wrong = wrong.join(points, on="customer_no", how="left", maintain_order="left")
    voltage, wiring = station.codes["voltage"], station.codes["wiring"]
    names = [
        pl.col("customer_voltage").replace({code: voltage.name(code) for code in wrong["customer_voltage"].unique()}),
        pl.col("wiring").replace({code: wiring.name(code) for code in wrong["wiring"].unique()}),
    ]
    right = pl.when(single).then(pl.lit("单相")).otherwise(pl.lit("三相四线"))
    several = pl.col("points").fill_null(1) > 1
    hint = pl.when(several).then(pl.format("；该用户有 {} 个计量点，电压可能不同", pl.col("points"))).otherwise(pl.lit(""))
    message = pl.format("{}供电电压 {}，电能表 {} 的接线方式却是{}，应为{}{}", customer_said(), names[0], "asset_no", names[1], right, hint)
    yield hits(wrong, "meter.wiring", message, milder=several)


def _wrong_area(station: Station, values: Values) -> Iterator[pl.DataFrame]:
    areas = station.table("transformer_area").select("area_no", pl.col("id").alias("area_id"), pl.col("name").alias("area_name"), "usage")
    people = station.table("customer").select(
        "customer_no",
        "sort",
        pl.col("id").alias("customer_id"),
        pl.col("name").alias("customer_name"),
        pl.col("status").alias("customer_status"),
    )
    people = people.filter(IS_LIVE)
    points = station.table("metering_point").select("id", "mp_no", "customer_no", "area_no").drop_nulls(["customer_no", "area_no"])
    area = named("area_no", "area_name")
    high = _hung(points, areas.filter(pl.col("usage") == _PUBLIC), people.filter(pl.col("sort") == _HIGH))
    high = high.drop("id").rename({"customer_id": "id"})
    yield hits(high, "customer.sort", pl.format("公变台区 {} 内有高压{}", area, customer_said()))
    private = _hung(points, areas.filter(pl.col("usage") == _PRIVATE), people).with_columns(
        pl.col("sort").is_in(_LOW).fill_null(value=False).alias("low"), pl.len().over("area_no").alias("all")
    ).with_columns(pl.col("low").sum().over("area_no").alias("lows"))  # fmt: skip
    several = pl.col("lows") >= values["several"]
    alone = private.filter(pl.col("low") & ~several & (pl.col("all") > 1))
    yield hits(alone, "metering_point.area_no", pl.format("专变台区 {} 内有低压{}", area, customer_said()), milder=1)
    many = private.filter(pl.col("low") & several).group_by("area_no", maintain_order=True).agg(
        pl.first("area_id", "area_name", "usage", "lows"), listed("customer_no", 3).alias("people")
    ).rename({"area_id": "id"})  # fmt: skip
    yield hits(many, "transformer_area.usage", pl.format("专变台区 {} 内有 {} 个低压用户（{}）", area, "lows", "people"))


def _hung(points: pl.DataFrame, areas: pl.DataFrame, people: pl.DataFrame) -> pl.DataFrame:
    """Each of the ``people`` in each of the ``areas``, once."""
    points = points.join(people.select("customer_no"), on="customer_no", how="semi", maintain_order="left")
    hung = points.join(areas, on="area_no", maintain_order="left").join(people, on="customer_no", maintain_order="left")
    return hung.unique(["customer_no", "area_no"], keep="first", maintain_order=True)


RULES = (
    Rule(
        code="Q37",
        family="consistency",
        title="接线方式与电压不符",
        what="220V 用户的电能表不是单相，或 380V 用户的不是三相四线；几块单相表计量一个三相点的除外",
        where="用户供电电压、电能表接线方式；已销户用户除外",
        fix="核对电能表和供电电压，改正写错的一方；用户有几个电压不同的计量点的加入例外",
        severity=Severity.WARNING,
        find=_wiring,
        parameters=(
            Parameter("single_phase", "应为单相的供电电压", "list", ("AC02202",)),
            Parameter("four_wire", "应为三相四线的供电电压", "list", ("AC03802",)),
        ),
        needs=("customer.voltage", "meter.wiring"),
    ),
    Rule(
        code="Q40",
        family="consistency",
        title="用户分类与公专变不符",
        what="公变台区内有高压用户，或专变台区内有低压用户；专变台区只有一个自己的低压户时不算",
        where="用户分类、台区公专变标志；已销户用户除外",
        fix="核实用户挂在哪个台区、台区的公专变标志是否正确",
        severity=Severity.WARNING,
        find=_wrong_area,
        parameters=(Parameter("several", "专变台区内低压用户达到多少个时按台区提示", "integer", 2, "个", minimum=1),),
        needs=("customer.sort", "transformer_area.usage"),
    ),
)
