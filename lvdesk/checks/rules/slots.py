"""Slots of a box: how many meters it holds, and where."""

from collections.abc import Iterator

import polars as pl

from lvdesk.checks.evidence import field_boxes, field_links
from lvdesk.checks.model import Rule, Severity, Values, hits
from lvdesk.checks.station import Station


def _over_full(station: Station, _values: Values) -> Iterator[pl.DataFrame]:
    inside = station.table("meter").drop_nulls("box_no").group_by("box_no").agg(pl.len().alias("meters"))
    boxes = station.table("meter_box").join(inside, left_on="asset_no", right_on="box_no", maintain_order="left")
    message = pl.format(
        "计量箱 {} 内有 {} 块电能表，表位只有 {}×{}={} 个",
        "asset_no", "meters", "slot_rows", "slot_columns", pl.col("slot_rows") * pl.col("slot_columns"),
    )  # fmt: skip
    full = pl.col("meters") > pl.col("slot_rows") * pl.col("slot_columns")
    size = pl.format("{}×{}", "slot_rows", "slot_columns")
    yield hits(boxes.filter(full), "meter_box.slot_rows", message, value=size)
    found = _returned(station).filter(full)
    yield hits(found, "meter_box.slot_rows", pl.format("现场采录：{}", message), value=size)


def _returned(station: Station) -> pl.DataFrame:
    """Boxes as one sheet of field results knows them: the meters in it, its size."""
    rows = field_links(station).drop_nulls("box_no")
    boxes = rows.group_by("sheet_id", "box_no", maintain_order=True).agg(
        pl.col("meter_no").drop_nulls().n_unique().alias("meters"),
        pl.col("field_rows", "field_columns").drop_nulls().last(),
        pl.last("sheet_row"),
    )
    known = station.table("meter_box").select("id", "asset_no", "slot_rows", "slot_columns")
    boxes = boxes.join(known, left_on="box_no", right_on="asset_no", how="left", maintain_order="left")
    return _sized(station, boxes).rename({"box_no": "asset_no"})


def _sized(station: Station, rows: pl.DataFrame) -> pl.DataFrame:
    """Size of each row's box: as the row itself gives it, else as other field results do, else as the ledger does."""
    rows = rows.join(field_boxes(station), on="box_no", how="left", maintain_order="left")
    return rows.with_columns(
        pl.coalesce("field_rows", "said_rows", "slot_rows").alias("slot_rows"),
        pl.coalesce("field_columns", "said_columns", "slot_columns").alias("slot_columns"),
    )


def _outside(station: Station, _values: Values) -> Iterator[pl.DataFrame]:
    ledger = station.meters.select("id", "asset_no", "box_no", "slot_row", "slot_column", "slot_rows", "slot_columns")
    sizes = station.table("meter_box").select(pl.col("asset_no").alias("box_no"), "slot_rows", "slot_columns")
    found = field_links(station).drop_nulls(["meter_no", "box_no"]).join(sizes, on="box_no", how="left", maintain_order="left")
    found = found.join(
        station.table("meter").select("id", "asset_no"), left_on="meter_no", right_on="asset_no", how="left", maintain_order="left"
    )
    field = _sized(station, found).with_columns(
        pl.col("meter_no").alias("asset_no"), pl.col("field_row").alias("slot_row"), pl.col("field_column").alias("slot_column"),
    )  # fmt: skip
    for frame, who in ((ledger, ""), (field, "现场采录：")):
        for place, size, word in (("slot_row", "slot_rows", "行"), ("slot_column", "slot_columns", "列")):
            message = pl.format(f"{who}电能表 {{}} 在第 {{}} {word}，计量箱 {{}} 只有 {{}} {word}", "asset_no", place, "box_no", size)
            yield hits(frame.filter(pl.col(place) > pl.col(size)), f"meter.{place}", message)


RULES = (
    Rule(
        code="Q33",
        family="consistency",
        title="表位超容",
        what="箱内电能表多于行数×列数",
        where="计量箱的行数、列数与箱表关系，台账和现场采录都查",
        fix="核对计量箱的行数、列数，或把不在该箱的电能表移到正确的计量箱",
        severity=Severity.ERROR,
        find=_over_full,
    ),
    Rule(
        code="Q34",
        family="consistency",
        title="表位超出箱体",
        what="电能表的所在行大于计量箱的行数，或所在列大于列数",
        where="电能表的所在行、所在列与其计量箱的行数、列数，台账和现场采录都查",
        fix="核对表位；表位无误时改正计量箱的行数、列数",
        severity=Severity.ERROR,
        find=_outside,
    ),
)
