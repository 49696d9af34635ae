"""Which rows of the imported sheets still count: a newer sheet about the same records speaks for them instead of the older one."""

from typing import Final

import polars as pl

_WHOLE: Final = 0.9
_HALF: Final = 0.5


def current_rows(rows: pl.DataFrame, sheets: pl.DataFrame) -> pl.DataFrame:
    """The rows that still count, in order, with their template.

    A newer sheet of the same template is an update of an older one when half of its records stand in the older one, or nearly all of the
    older one's in it (half, when file and sheet have the same name): then the rows of the shared records are out, in the second case the
    older sheet whole. A record that two sheets about different records both list counts twice: that is a contradiction, not an update.
    A corrected copy (``replaces``) puts its original out whole.

    Args:
        rows: sheet_id, sheet_row, item, key, digest; the key is null where the row's record is not known.
        sheets: sheet_id, batch, replaces, file, name, template (see ``Station.sheets``); a higher sheet_id is newer.
    """
    placed = rows.join(sheets.select("sheet_id", "template"), on="sheet_id", how="inner", maintain_order="left")
    listed = placed.select("sheet_id", "template", "key").drop_nulls("key").unique().sort("template", "key", "sheet_id")
    listed = listed.with_columns(pl.col("sheet_id").shift(-1).over("template", "key", order_by="sheet_id").alias("newer"))
    pairs = _updates(listed, sheets)
    whole = [*_corrected(sheets), *pairs.filter("is_whole")["sheet_id"].to_list()]
    shared = listed.join(pairs.select("sheet_id", "newer"), on=["sheet_id", "newer"], how="semi").select("sheet_id", "key")
    kept = placed.filter(~pl.col("sheet_id").is_in(whole))
    return kept.join(shared, on=["sheet_id", "key"], how="anti", maintain_order="left")


def _updates(listed: pl.DataFrame, sheets: pl.DataFrame) -> pl.DataFrame:
    """Pairs sheet_id, newer in which the newer sheet updates the older one; ``is_whole``: replaces it."""
    total = listed.group_by("sheet_id").agg(pl.len().alias("total"))
    names = sheets.select("sheet_id", "file", "name")
    newer = {"sheet_id": "newer", "total": "newer_total", "file": "newer_file", "name": "newer_name"}
    pairs = (
        listed.drop_nulls("newer")
        .group_by("sheet_id", "newer")
        .agg(pl.len().alias("common"))
        .join(total, on="sheet_id")
        .join(total.rename(newer, strict=False), on="newer")
        .join(names, on="sheet_id")
        .join(names.rename(newer, strict=False), on="newer")
    )
    same = (pl.col("file") == pl.col("newer_file")) & (pl.col("name") == pl.col("newer_name"))
    is_whole = pl.col("common") >= pl.when(same).then(_HALF).otherwise(_WHOLE) * pl.col("total")
    return pairs.with_columns(is_whole.alias("is_whole")).filter(pl.col("is_whole") | (pl.col("common") >= _HALF * pl.col("newer_total")))


def _corrected(sheets: pl.DataFrame) -> list[int]:
    """Sheets of which a corrected copy came back."""
    copies = sheets.drop_nulls("replaces").select(pl.col("replaces").alias("batch"), "name", "template")
    return sheets.join(copies, on=["batch", "name", "template"], how="semi")["sheet_id"].to_list()
