"""One customer, his meters and his boxes."""

from collections.abc import Iterator

import polars as pl

from lvdesk.checks.contradictions import contradictions
from lvdesk.checks.evidence import field_links
from lvdesk.checks.model import Rule, Severity, Values, hits
from lvdesk.checks.phrases import IS_LIVE, listed, named
from lvdesk.checks.station import Station

_GATE = "02"


def _several_boxes(station: Station, _values: Values) -> Iterator[pl.DataFrame]:
    boxed = station.meters.select("customer_no", "customer_id", "customer_name", "customer_status", "asset_no", "box_no")
    boxed = boxed.filter(IS_LIVE & pl.col("customer_no").is_not_null() & pl.col("box_no").is_not_null())
    boxed = boxed.filter(pl.col("customer_no").is_duplicated())
    boxed = boxed.filter((pl.col("box_no").min() != pl.col("box_no").max()).over("customer_no"))
    points = station.table("metering_point").select("customer_no").join(boxed, on="customer_no", how="semi")
    points = points.group_by("customer_no").agg(pl.len().alias("points"))
    people = boxed.group_by("customer_no", maintain_order=True).agg(
        pl.first("customer_id", "customer_name"), pl.col("box_no").n_unique().alias("boxes"), listed("box_no").alias("which"),
        listed("asset_no").alias("meters"),
    ).join(points, on="customer_no", how="left", maintain_order="left")  # fmt: skip
    several = pl.col("points").fill_null(1) > 1
    kind = pl.when(several).then(pl.format("，该用户有 {} 个计量点，可能正常", pl.col("points"))).otherwise(pl.lit(""))
    message = pl.format(
        "用户 {} 的电能表 {} 装在 {} 个计量箱：{}{}", named("customer_no", "customer_name"), "meters", "boxes", "which", kind
    )
    yield hits(people.rename({"customer_id": "id"}), "customer.customer_no", message, milder=several)


def _several_people(station: Station, _values: Values) -> Iterator[pl.DataFrame]:
    """Two rows of ledgers that bind one meter to two customers, and field results that bind it to another one than the ledger."""
    owner = station.table("metering_point").select(
        pl.col("mp_no").alias("other"), pl.col("customer_no").alias("second"), pl.col("kind").alias("second_kind")
    )
    provisional = pl.when(pl.col("other").str.starts_with("@")).then(pl.col("other").str.strip_prefix("@"))
    meters = contradictions(station, "meter", "mp_no").join(owner, on="other", how="left", maintain_order="left")
    meters = meters.with_columns(pl.coalesce("second", provisional).alias("second"))
    points = contradictions(station, "metering_point", "customer_no").with_columns(
        pl.col("other").alias("second"), pl.lit(None, pl.String).alias("second_kind")
    )
    present = station.meters.select("id", "asset_no", "mp_no", "customer_no", "customer_name", "customer_address")
    by_meter = present.with_columns(pl.col("asset_no").alias("key"))
    by_point = present.with_columns(pl.col("mp_no").alias("key"))
    pairs = ((meters, by_meter), (points, by_point))
    first = pl.concat([other.drop("id").join(owned, on="key", maintain_order="left") for other, owned in pairs], how="diagonal")
    yield _two_people(station, first, "本行", milder=0)
    rows = field_links(station).select("sheet_id", "sheet_row", "meter_no", pl.col("customer_no").alias("second"))
    found = rows.join(present, left_on="meter_no", right_on="asset_no", maintain_order="left").with_columns(
        pl.col("meter_no").alias("asset_no"), pl.lit(None, pl.String).alias("second_kind"), pl.lit("").alias("where")
    )
    yield _two_people(station, found, "现场采录", milder=1)


def _two_people(station: Station, found: pl.DataFrame, who: str, *, milder: int) -> pl.DataFrame:
    """Meters with their present customer and the ``second`` one, which ``who`` gives; the same person's generating account is no fault."""
    people = station.table("customer").select(
        pl.col("customer_no").alias("second"), pl.col("name").alias("second_name"), pl.col("address").alias("second_address")
    )
    wrong = found.join(people, on="second", how="left", maintain_order="left").filter(pl.col("second") != pl.col("customer_no"))
    same = (pl.col("customer_name") == pl.col("second_name")) & (pl.col("customer_address") == pl.col("second_address"))
    both = (same | (pl.col("second_kind") == _GATE)).fill_null(value=False)
    hint = pl.when(both).then(pl.lit("；可能是同一用户的发用电双向计量")).otherwise(pl.lit(""))
    message = pl.format(
        f"电能表 {{}} 属于用户 {{}}{{}}，{who}写的用户是 {{}}{{}}",
        "asset_no", named("customer_no", "customer_name"), "where", named("second", "second_name"), hint,
    )  # fmt: skip
    wrong = wrong.unique(["asset_no", "second"], keep="first", maintain_order=True)
    return hits(wrong, "meter.mp_no", message, detail=pl.col("second"), milder=pl.max_horizontal(both.cast(pl.Int64), pl.lit(milder)))


RULES = (
    Rule(
        code="Q35",
        family="consistency",
        title="一户多箱",
        what="一个用户的电能表装在几个计量箱；有几个计量点的用户可能正常，只作提示",
        where="箱表关系与电能表所属用户；已销户用户除外",
        fix="核实各块电能表的位置；确实分装在几处的加入例外",
        severity=Severity.WARNING,
        find=_several_boxes,
        needs=("meter.box_no",),
        certain=False,
    ),
    Rule(
        code="Q36",
        family="consistency",
        title="一表多户",
        what="一块电能表挂在几个用户名下；同名同址用户的发用电双向计量降一级",
        where="台账各行的电能表与用户、计量点，现场采录的电能表与用户",
        fix="核实电能表属于哪个用户，改正写错的一行；双向计量的加入例外",
        severity=Severity.ERROR,
        find=_several_people,
        needs=("meter",),
        source="C_METER_MP_RELA",
    ),
)
