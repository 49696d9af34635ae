"""Slots of a metering box: how many meters it holds, and where."""

from collections.abc import Iterator

import polars as pl

from lvdesk.checks.model import Rule, Severity, Values, hits
from lvdesk.checks.station import Station


def _over_full(station: Station, _values: Values) -> Iterator[pl.DataFrame]:
    inside = station.table("meter").drop_nulls("box_no").group_by("box_no").agg(pl.len().alias("meters"))
    boxes = station.table("meter_box").join(inside, left_on="asset_no", right_on="box_no").drop_nulls(["slot_rows", "slot_columns"])
    full = boxes.filter(pl.col("meters") > pl.col("slot_rows") * pl.col("slot_columns"))
    message = pl.format(
        "箱内有 {} 块表，表位只有 {}×{}={} 个", "meters", "slot_rows", "slot_columns", pl.col("slot_rows") * pl.col("slot_columns")
    )
    yield hits(full, "meter_box.slot_rows", message, value=pl.format("{}×{}", "slot_rows", "slot_columns"))


RULES = (
    Rule(
        code="Q33",
        family="consistency",
        title="表位超容",
        what="箱内电能表多于行数×列数",
        where="计量箱的行数、列数与箱表关系",
        fix="核对计量箱的行数、列数，或把不在该箱的电能表移到正确的计量箱",
        severity=Severity.ERROR,
        find=_over_full,
        needs=("meter_box.slot_rows", "meter.box_no"),
    ),
)
