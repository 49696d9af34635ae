"""Rows and columns of a box, positions in it, and whether its category fits."""

from collections.abc import Iterator
from typing import Final

import polars as pl

from lvdesk.checks.model import Parameter, Rule, Severity, Values, hits
from lvdesk.checks.refusals import refusals
from lvdesk.checks.sheetrows import suggested, told_apart
from lvdesk.checks.station import Station

_SINGLE: Final = "单体表箱"
_SEVERAL: Final = "合体表箱"
_COUNTS: Final = ("slot_rows", "slot_columns")
_POSITIONS: Final = ("slot_row", "slot_column")


def _slots(station: Station, values: Values) -> Iterator[pl.DataFrame]:
    boxes = _boxes(station)
    for name in _COUNTS:
        yield _outside(station, boxes, f"meter_box.{name}", values["most"])
    for name, size in zip(_POSITIONS, _COUNTS, strict=True):
        yield _outside(station, _meters(station, size), f"meter.{name}", values["most"])
    yield from _categories(station, boxes.filter(pl.all_horizontal(pl.col(_COUNTS).is_between(1, values["most"]))))
    yield from refusals(station, "Q24")


def _boxes(station: Station) -> pl.DataFrame:
    """Accepted boxes, and what field results say of boxes."""
    accepted = station.table("meter_box").select("id", "asset_no", "category", *_COUNTS)
    return _together(station, accepted, "meter_box", ["category", *_COUNTS])


def _meters(station: Station, size: str) -> pl.DataFrame:
    """Accepted meters with the size of their box in ``limit``, and what field results say of meters."""
    accepted = station.meters.select("id", "asset_no", pl.col(size).alias("limit"), *_POSITIONS)
    return _together(station, accepted, "meter", list(_POSITIONS))


def _together(station: Station, accepted: pl.DataFrame, entity: str, fields: list[str]) -> pl.DataFrame:
    rows = station.field(entity).select("sheet_id", "sheet_row", pl.coalesce("bar_code", "asset_no").alias("asset_no"), *fields)
    return pl.concat([accepted, rows.unique(maintain_order=True)], how="diagonal")


def _who(station: Station, entity: str) -> pl.Expr:
    """How messages call a record or a row of field results."""
    who = pl.format(f"{station.dictionary.title(entity)} {{}}", pl.col("asset_no").fill_null("（无编号）"))
    return pl.when(pl.col("sheet_id").is_not_null()).then(pl.format("现场采录的{}", who)).otherwise(who)


def _outside(station: Station, frame: pl.DataFrame, place: str, most: int) -> pl.DataFrame:
    """Counts and positions that cannot be; a position beyond a box whose size is known is another rule's."""
    entity, _, name = place.partition(".")
    too_much = (pl.col(name) > most) & (pl.col("limit").is_null() if "limit" in frame.columns else True)
    wrong = told_apart(station, frame.filter((pl.col(name) < 1) | too_much), "asset_no")
    title = station.dictionary.field(entity, name).title
    message = pl.format(f"{{}} 的{title}为 {{}}，应为 1 至 {most}", _who(station, entity), name)
    return hits(wrong, place, message, key="asset_no", detail=pl.col("nth"))


def _categories(station: Station, boxes: pl.DataFrame) -> Iterator[pl.DataFrame]:
    count = pl.col("slot_rows") * pl.col("slot_columns")
    is_single = (pl.col("category") == _SINGLE) & (count > 1)
    is_several = (pl.col("category") == _SEVERAL) & (count == 1)
    wrong = told_apart(station, boxes.filter(is_single | is_several), "asset_no")
    inside = station.table("meter").select("box_no").join(wrong, left_on="box_no", right_on="asset_no", how="semi")
    inside = inside.group_by(pl.col("box_no").alias("asset_no")).agg(pl.len().alias("meters"))
    wrong = wrong.join(inside, on="asset_no", how="left", maintain_order="left")
    # A box of one slot with several meters has a wrong size, not a wrong category.
    right = pl.when(is_single).then(pl.lit(_SEVERAL)).when(pl.col("meters").fill_null(0) < 2).then(pl.lit(_SINGLE))
    size = pl.format("{}×{}", "slot_rows", "slot_columns")
    rule = pl.when(is_single).then(pl.lit("单体表箱应为 1×1")).otherwise(pl.lit("合体表箱不应为 1×1"))
    message = pl.format("{} 的类别是{}，表位却是 {}：{}", _who(station, "meter_box"), "category", size, rule)
    suggestion = pl.when(pl.col("id").is_not_null()).then(suggested("category", right))
    yield hits(wrong, "meter_box.category", message, detail=pl.col("nth"), suggestion=suggestion)


RULES = (
    Rule(
        code="Q24",
        family="format",
        title="行列数或箱类别不对",
        what="行数、列数、所在行、所在列不是从 1 起的合理整数，或单体表箱不是 1×1、合体表箱是 1×1",
        where="计量箱的行数、列数、类别，电能表的所在行、所在列",
        fix="对照实物改正行列数；行列数无误时改正类别",
        severity=Severity.ERROR,
        find=_slots,
        parameters=(Parameter("most", "一行或一列最多的表位", "integer", 10, "位", 1, 100),),
        source="营配采录模板：单体 1×1，合体不为 1×1",
    ),
)
