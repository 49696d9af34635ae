"""Rows of field results with the accepted meters and boxes they speak of."""

import polars as pl

from lvdesk.checks.memo import once
from lvdesk.checks.station import Station
from lvdesk.network.identifiers import asset_number

_GONE = ("确认销户", "缺失", "无法进入")
_TEXTS = {
    "customer_no": "customer.customer_no",
    "field_point_area": "metering_point.area_no",
    "field_box_area": "meter_box.area_no",
}
_NUMBERS = {
    "field_row": "meter.slot_row",
    "field_column": "meter.slot_column",
    "field_rows": "meter_box.slot_rows",
    "field_columns": "meter_box.slot_columns",
}


@once
def field_links(station: Station) -> pl.DataFrame:
    """Each row of field results that names a meter, a box or a customer.

    sheet_id, sheet_row, meter_no and box_no (the accepted record's key, else the number as the row gives it), customer_no,
    field_point_area, field_box_area, field_row, field_column, field_rows, field_columns.
    """
    wide = station.field_rows
    texts = [_given(wide, source).alias(name) for name, source in _TEXTS.items()]
    numbers = [_given(wide, source).cast(pl.Float64, strict=False).cast(pl.Int64, strict=False).alias(n) for n, source in _NUMBERS.items()]
    frame = wide.select(
        pl.col("sheet_id", "sheet_row"),
        pl.col("item"),
        *texts,
        *numbers,
        *_identity(wide, "meter", "meter"),
        *_identity(wide, "meter_box", "box"),
    )
    frame = _found(_found(frame, station.table("meter"), "meter"), station.table("meter_box"), "box")
    frame = frame.filter(pl.any_horizontal(pl.col("meter_no", "box_no", "customer_no").is_not_null())).sort("sheet_id", "sheet_row", "item")
    return frame.drop("item", "meter_bar", "box_bar")


def standing(station: Station, rows: pl.DataFrame) -> pl.DataFrame:
    """Those rows (sheet_id, sheet_row) of field results whose finder did not say that the thing is gone or was never reached."""
    if "note.verdict" not in station.field_rows.columns:
        return rows
    gone = station.field_rows.filter(pl.col("note.verdict").is_in(_GONE)).select("sheet_id", "sheet_row").unique()
    return rows.join(gone, on=["sheet_id", "sheet_row"], how="anti", maintain_order="left")


@once
def field_boxes(station: Station) -> pl.DataFrame:
    """What field results together say of each box, also where the row that lists a meter does not: the collected box has a row of its own.

    box_no, said_area, said_rows, said_columns.
    """
    rows = field_links(station).drop_nulls("box_no")
    return rows.group_by("box_no", maintain_order=True).agg(
        pl.col(name).drop_nulls().last().alias(said)
        for name, said in (("field_box_area", "said_area"), ("field_rows", "said_rows"), ("field_columns", "said_columns"))
    )


def _given(wide: pl.DataFrame, name: str) -> pl.Expr:
    return pl.col(name).cast(pl.String) if name in wide.columns else pl.lit(None, pl.String)


def _identity(wide: pl.DataFrame, entity: str, short: str) -> list[pl.Expr]:
    return [_given(wide, f"{entity}.asset_no").alias(f"{short}_no"), _given(wide, f"{entity}.bar_code").alias(f"{short}_bar")]


def _found(frame: pl.DataFrame, table: pl.DataFrame, short: str) -> pl.DataFrame:
    """The row's barcode decides when exactly one accepted record carries it."""
    known = table.select(pl.col("asset_no").alias("_no"), pl.col("bar_code").alias("_bar")).drop_nulls().unique("_bar", keep="none")
    number, bar = f"{short}_no", f"{short}_bar"
    frame = frame.join(known, left_on=bar, right_on="_bar", how="left", maintain_order="left")
    return frame.with_columns(pl.coalesce("_no", number, asset_number(pl.col(bar))).alias(number)).drop("_no")
