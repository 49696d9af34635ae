"""The sheet 运行杆塔: poles in the order of their lines, numbered from 1, blank rows where the line breaks.

By the field's rules for this sheet (domain.md 1.4 E): 序号 runs without a gap from 1, blank rows are numbered and name their feeder too,
the main line comes first, then each branch, and a blank row marks a break. What a ledger's own blank rows leave behind are gaps in its
running numbers: such a gap becomes blank rows again, and so does a pole that must not leave, for its neighbours are not connected without
it. Numbers stay as they are wherever the rules allow, so that a sheet taken in again changes nothing; a new feeder may begin at 1 again.
A pole without a running number has no known place in any line and stands in 物理杆塔 only: in a line it would be wired to its neighbours.
"""

from typing import Final

import polars as pl

from lvdesk.exchange.formats._gis_sheets import named

LONGEST_GAP: Final = 200
"""Numbers missing in a row that are still blank rows; more of them is a numbering that jumps, closed by a single blank row."""


def running(poles: pl.DataFrame, feeders: pl.DataFrame) -> pl.DataFrame:
    """Poles and blank rows by field; a blank row has its number and its feeder's name, nothing else.

    Args:
        poles: with all fields, those without a number among them.
        feeders: the leaving ones, for names that poles do not give themselves: every row has to name its feeder.
    """
    poles = _numbered(_in_order(_with_feeder(poles.drop_nulls("sequence"), feeders))).drop("feeder", "line", "before", "id")
    # blank rows before a pole lie on its own feeder, the one that ends a feeder on that one
    before = poles.select("feeder_name", pl.int_ranges(pl.col("sequence") - pl.col("blank"), "sequence").alias("sequence"), "group")
    after = poles.filter("ends").select("feeder_name", (pl.col("sequence") + 1).alias("sequence"), "group")
    blanks = [before.explode("sequence", empty_as_null=True, keep_nulls=False).drop_nulls("sequence"), after]
    rows = pl.concat([poles, *(blank.cast({"sequence": pl.Int64}) for blank in blanks)], how="diagonal")
    return named("pole", rows.sort("group", "sequence", maintain_order=True).drop("group", "blank", "ends"))


def _with_feeder(poles: pl.DataFrame, feeders: pl.DataFrame) -> pl.DataFrame:
    """With the feeder each pole belongs to (``feeder``) and that feeder's name."""
    known = feeders.select("feeder_no", pl.col("name").alias("known_name"))
    numbers = feeders.drop_nulls("name").unique("name", keep="none").select(pl.col("name").alias("feeder_name"), known_no="feeder_no")
    poles = poles.join(known, on="feeder_no", how="left", maintain_order="left").join(
        numbers, on="feeder_name", how="left", maintain_order="left"
    )
    feeder, name = pl.coalesce("feeder_no", "known_no", "feeder_name", pl.lit("")), pl.coalesce("feeder_name", "known_name")
    return poles.with_columns(feeder.alias("feeder"), name.alias("feeder_name")).drop("known_no", "known_name")


def _in_order(poles: pl.DataFrame) -> pl.DataFrame:
    """Feeder by feeder as they were recorded; where a feeder uses a number twice, each area's poles are a line of their own."""
    twice = pl.struct("feeder", "sequence").is_duplicated().any().over("feeder")
    line = pl.when(twice).then(pl.col("area_no").fill_null("")).otherwise(pl.lit(""))
    poles = poles.with_columns(line.alias("line"))
    first = pl.col("id").min()
    # 10 kV poles of no area are the main line
    branch = pl.when(pl.col("line") == "").then(0).otherwise(first.over("feeder", "line"))
    return poles.sort(first.over("feeder"), "feeder", branch, "line", "sequence", "id")


def _numbered(poles: pl.DataFrame) -> pl.DataFrame:
    """With the blank rows before each pole (``blank``), whether one ends its block (``ends``), its ``group`` and its number."""
    before = pl.col("sequence").shift(1)
    fresh = (pl.struct("feeder", "line") != pl.struct("feeder", "line").shift(1)).fill_null(value=True)
    poles = poles.with_columns(before.alias("before"), fresh.alias("fresh"))
    restarts = (pl.col("fresh") & (pl.col("sequence") <= pl.col("before"))).fill_null(value=False)
    poles = poles.with_columns(restarts.cast(pl.Int64).cum_sum().alias("group"), restarts.shift(-1, fill_value=False).alias("ends"))
    start = pl.col("group") != pl.col("group").shift(1).fill_null(-1)
    gap = pl.col("sequence") - pl.when(start).then(0).otherwise("before") - 1
    least = (pl.col("fresh") & ~start).cast(pl.Int64)  # another feeder whose numbers go on
    blank = pl.max_horizontal(pl.when(gap > LONGEST_GAP).then(1).otherwise(gap), least, pl.lit(0))
    # nothing breaks before the first pole of a block whose numbers begin far from 1
    poles = poles.with_columns(pl.when(start & (gap > LONGEST_GAP)).then(0).otherwise(blank).alias("blank"))
    return poles.with_columns((pl.col("blank") + 1).cum_sum().over("group").alias("sequence")).drop("fresh")
