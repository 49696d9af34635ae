"""Rows of imported sheets as findings speak of them: where they stand, and what tells apart several about one record."""

import polars as pl

from lvdesk.checks.station import Station


def placed_rows(station: Station, frame: pl.DataFrame, key: str) -> pl.DataFrame:
    """Adds ``spot`` (文件 第 n 行) and ``nth``, a detail for ``hits`` that stays the same when rows are put in between.

    Args:
        station: for the names of the files.
        frame: sheet_id, sheet_row, and the column ``key``; rows without a key are told apart by their number.
        key: column of the record's key.
    """
    files = station.sheets.select("sheet_id", "file")
    frame = frame.join(files, on="sheet_id", how="left", maintain_order="left").with_columns(pl.col("file").fill_null(""))
    rank = pl.col("sheet_row").rank("dense").over("sheet_id", key)
    number = pl.when(pl.col(key).is_null()).then("sheet_row").otherwise(rank)
    return frame.with_columns(
        pl.format("{} 第 {} 行", "file", "sheet_row").alias("spot"), pl.format("{}#{}", "file", number.cast(pl.Int64)).alias("nth")
    ).drop("file")


def suggested(field: str, text: pl.Expr) -> pl.Expr:
    """The suggestion to set ``field`` to ``text``; none where ``text`` is null."""
    return pl.when(text.is_not_null()).then(pl.struct(text.alias(field)).struct.json_encode())
