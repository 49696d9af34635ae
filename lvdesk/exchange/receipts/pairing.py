"""One record, one identifier of each system: which pairs of a receipt hold, and which contradict each other or what we know."""

from typing import Final

import polars as pl

_KEY: Final = ["entity", "id_system", "key"]
_VALUE: Final = ["entity", "id_system", "value"]
PAIR, SAME, OLDER, CONFLICT = "pair", "same", "older", "conflict"
KNOWN: Final = {"entity": pl.String, "id_system": pl.String, "key": pl.String, "value": pl.String, "since": pl.String, "sheet": pl.Int64}
"""What our records carry now; ``since``: day of the receipt that gave it, ``sheet`` that receipt; null where none did."""
_TITLES: Final = {"marketing": "营销_ID", "gis": "GIS_ID", "pms": "PMS_ID"}
_SHOWN: Final = 3


def judged(lines: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    """The lines with ``verdict`` and, of a conflict, ``note``: one line for each record and system, of the newest sheet that names it.

    Args:
        lines: with entity, key, id_system, value (none of them null), sheet_id, sheet_row, fill, note.returned_on.
        known: ``KNOWN`` of all records that carry an identifier.
    """
    newest = lines.filter(pl.col("sheet_id") == pl.col("sheet_id").max().over(_KEY))
    given = newest.group_by(_KEY, maintain_order=True).agg(pl.all().last(), pl.col("value").unique(maintain_order=True).alias("given"))
    own = known.rename({"value": "own"}).unique(_KEY, keep="first")
    given = given.join(own, on=_KEY, how="left", maintain_order="left")
    given = given.with_columns(_first(given).alias("verdict"), _first_note().alias("note"))
    return _one_to_one(given, known).select(*lines.columns, "verdict", "note", "own")


def _first(given: pl.DataFrame) -> pl.Expr:
    """What a line says by itself."""
    several = pl.col("given").list.len() > 1
    same = pl.col("own").eq_missing(pl.col("value"))
    older = (pl.col("note.returned_on").str.head(10) < pl.col("since").str.head(10)) | (pl.col("sheet_id") < pl.col("sheet"))
    overruled = pl.col("fill") & pl.col("own").is_not_null()
    empty = given.is_empty()
    return (
        pl.when(pl.lit(empty)).then(pl.lit(SAME)).when(several).then(pl.lit(CONFLICT)).when(same).then(pl.lit(SAME))
        .when(overruled).then(pl.lit(CONFLICT)).when(older.fill_null(value=False)).then(pl.lit(OLDER)).otherwise(pl.lit(PAIR))
    )  # fmt: skip


def _first_note() -> pl.Expr:
    title = pl.col("id_system").replace_strict(_TITLES, default=pl.col("id_system"))
    several = pl.concat_str(pl.lit("同一对象给了几个"), title, pl.lit("："), pl.col("given").list.head(_SHOWN).list.join("、"))
    other = pl.concat_str(pl.lit("它说"), title, pl.lit(" 是 "), "value", pl.lit("，台账是 "), "own")
    return pl.when(pl.col("given").list.len() > 1).then(several).when(pl.col("fill") & (pl.col("own") != pl.col("value"))).then(other)


def _one_to_one(given: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    """Two records never get one identifier. A record that keeps its own holds it; one that gets another sets its old one free."""
    title = pl.col("id_system").replace_strict(_TITLES, default=pl.col("id_system"))
    while True:
        moving = given.filter(pl.col("verdict") == PAIR)
        staying = known.join(moving, on=_KEY, how="anti").group_by(_VALUE).agg(pl.col("key").first().alias("holder"))
        wanted = moving.group_by(_VALUE).agg(pl.col("key").alias("wanting"))
        both = moving.join(staying, on=_VALUE, how="left").join(wanted, on=_VALUE, how="left")
        held = pl.col("holder").is_not_null()
        wrong = both.filter(held | (pl.col("wanting").list.len() > 1))
        if wrong.is_empty():
            return given
        others = pl.col("wanting").list.set_difference(pl.concat_list("key")).list.head(_SHOWN).list.join("、")
        known_note = pl.concat_str(title, pl.lit(" "), "value", pl.lit(" 已是 "), "holder", pl.lit(" 的"))
        twice_note = pl.concat_str(title, pl.lit(" "), "value", pl.lit(" 也给了 "), others)
        notes = wrong.select(*_KEY, pl.when(held).then(known_note).otherwise(twice_note).alias("why"))
        given = given.join(notes, on=_KEY, how="left", maintain_order="left")
        clashing = pl.col("why").is_not_null()
        given = given.with_columns(
            pl.when(clashing).then(pl.lit(CONFLICT)).otherwise("verdict").alias("verdict"), pl.coalesce("why", "note").alias("note")
        ).drop("why")
