"""How messages name things, and what several rules mean by the same words."""

from typing import Final

import polars as pl

from lvdesk.checks.station import Station

CANCELLED: Final = "已销户客户"
"""Code of the customer status."""

IS_LIVE: Final = pl.col("customer_status").ne_missing(CANCELLED)
"""Over ``Station.meters``: the meter's customer is not known to be cancelled."""


def with_area_names(station: Station, frame: pl.DataFrame, *columns: str) -> pl.DataFrame:
    """Adds ``<column>_said`` for each column of area numbers: number and name, "（空）" for none."""
    names = station.table("transformer_area").select(pl.col("area_no").alias("_no"), pl.col("name").alias("_name"))
    for column in columns:
        said = named(column, "_name").fill_null("（空）").alias(f"{column}_said")
        frame = frame.join(names, left_on=column, right_on="_no", how="left", maintain_order="left").with_columns(said).drop("_name")
    return frame


def named(number: str, name: str) -> pl.Expr:
    """A number with its name in brackets, as far as it has one; a provisional point is called by its customer."""
    plain = pl.col(number).str.strip_prefix("@")
    return pl.when(pl.col(name).fill_null("") != "").then(pl.format("{}（{}）", plain, name)).otherwise(plain)


def customer_said() -> pl.Expr:
    """用户 number（name）, over frames with ``customer_no`` and ``customer_name``."""
    return pl.format("用户 {}", named("customer_no", "customer_name").fill_null("（未知）"))


def listed(column: str, most: int = 5) -> pl.Expr:
    """Inside ``agg``: the different values in order, joined; the first few when there are many."""
    values = pl.col(column).drop_nulls().unique().sort()
    more = pl.when(values.len() > most).then(pl.format("等 {} 个", values.len())).otherwise(pl.lit(""))
    return pl.format("{}{}", values.head(most).str.join("、"), more)
