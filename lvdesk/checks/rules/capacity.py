"""Capacities of areas, transformers and customers."""

from collections.abc import Iterator

import polars as pl

from lvdesk.checks.model import Parameter, Rule, Severity, Values, hits
from lvdesk.checks.phrases import CANCELLED, named
from lvdesk.checks.station import Station

_RUNNING = pl.col("run_status").fill_null("01") == "01"
_AREA = named("area_no", "name")


def _transformers(station: Station) -> pl.DataFrame:
    """Per area: units, total (null unless every running one gives its capacity), least and most of one."""
    running = station.table("transformer").filter(_RUNNING).drop_nulls("area_no")
    known = pl.col("capacity_kva").is_not_null().all()
    return running.group_by("area_no", maintain_order=True).agg(
        pl.len().alias("units"), pl.when(known).then(pl.col("capacity_kva").sum()).alias("total"),
        pl.col("capacity_kva").min().alias("least"), pl.col("capacity_kva").max().alias("most"),
    )  # fmt: skip


def _not_the_sum(station: Station, values: Values) -> Iterator[pl.DataFrame]:
    areas = station.table("transformer_area").join(_transformers(station), on="area_no", maintain_order="left")
    wrong = areas.filter((pl.col("capacity_kva") - pl.col("total")).abs() > values["tolerance"])
    # A ledger with one row per transformer may repeat the area's capacity in each.
    repeated = (pl.col("units") > 1) & (pl.col("least") == pl.col("capacity_kva")) & (pl.col("most") == pl.col("capacity_kva"))
    hint = pl.when(repeated).then(pl.lit("；每台都写着台区容量，可能没有分开填写")).otherwise(pl.lit(""))
    message = pl.format(
        "台区 {} 容量 {} kVA，运行的 {} 台变压器共 {} kVA{}", _AREA, _number("capacity_kva"), "units", _number("total"), hint
    )
    yield hits(wrong, "transformer_area.capacity_kva", message, milder=repeated)


def _out_of_proportion(station: Station, values: Values) -> Iterator[pl.DataFrame]:
    people = station.table("customer").filter(pl.col("status").ne_missing(CANCELLED)).select("customer_no", "contract_capacity")
    points = station.table("metering_point").select("customer_no", "area_no").drop_nulls().unique(maintain_order=True)
    loads = points.join(people, on="customer_no", maintain_order="left").group_by("area_no", maintain_order=True).agg(
        pl.len().alias("people"), pl.col("contract_capacity").sum().alias("load"),
        pl.col("contract_capacity").is_null().any().alias("partial"),
    )  # fmt: skip
    areas = station.table("transformer_area").join(loads, on="area_no", maintain_order="left")
    areas = areas.join(_transformers(station).select("area_no", "total"), on="area_no", how="left", maintain_order="left")
    areas = areas.with_columns(pl.coalesce("capacity_kva", "total").alias("capacity")).filter(pl.col("capacity") > 0)
    ratio = pl.col("load") / pl.col("capacity")
    low = (ratio < values["lowest"]) & ~pl.col("partial") & (pl.col("people") >= values["people"])
    message = pl.format(
        "台区 {} 的 {} 个用户合同容量共 {} kVA，是台区容量 {} kVA 的 {} 倍",
        _AREA, "people", _number("load"), _number("capacity"), ratio.round(2),
    )  # fmt: skip
    yield hits(areas.filter(low | (ratio > values["highest"])), "transformer_area.capacity_kva", message, value=pl.col("capacity"))


def _number(column: str) -> pl.Expr:
    return pl.col(column).round(2).cast(pl.String).str.strip_suffix(".0")


RULES = (
    Rule(
        code="Q41",
        family="consistency",
        title="合同容量与台区容量不相称",
        what="台区内用户的合同容量之和与台区容量之比超出范围",
        where="用户合同容量、台区容量（没有时用运行变压器容量之和）；已销户用户除外，有用户缺合同容量或用户很少时不查下限",
        fix="核对台区容量和用户合同容量；用户挂错台区也会这样",
        severity=Severity.INFO,
        find=_out_of_proportion,
        parameters=(
            Parameter("lowest", "合同容量之和与台区容量之比的下限", "number", minimum=0),
            Parameter("highest", "合同容量之和与台区容量之比的上限", "number", minimum=0),
            Parameter("people", "至少多少个用户的台区才查下限", "integer", 20, "个", minimum=1),
        ),
        needs=("customer.contract_capacity", "transformer_area"),
        certain=False,
    ),
    Rule(
        code="Q42",
        family="consistency",
        title="台区容量与变压器容量不符",
        what="台区容量不等于其运行变压器的容量之和",
        where="台区容量、变压器容量与运行状态；有运行变压器缺容量的台区不查",
        fix="核对铭牌，改正台区容量或变压器容量；增容、布点后两边都要改",
        severity=Severity.ERROR,
        find=_not_the_sum,
        parameters=(Parameter("tolerance", "允许相差", "number", 0.5, "kVA", minimum=0),),
        needs=("transformer_area.capacity_kva", "transformer.capacity_kva"),
    ),
)
