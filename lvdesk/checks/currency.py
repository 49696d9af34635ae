"""Which rows of the imported sheets still count: a newer sheet about the same records speaks for them instead of the older one."""

from typing import Final

import polars as pl

_WHOLE: Final = 0.9
_HALF: Final = 0.5
_FEW: Final = 3
_RECORD: Final = ["template", "key"]
_PLACE: Final = ["batch", "template", "name"]


def current_rows(rows: pl.DataFrame, sheets: pl.DataFrame) -> pl.DataFrame:
    """The rows that still count, in order, with their template.

    - A newer sheet of the same template replaces an older one when it lists nearly all of its records (half, when file and sheet have
      the same name): the older sheet is out whole.
    - It corrects an older one when half of its own records stand there: the rows of the shared records are out. So they are where newer
      sheets together list nearly all records of an older one: they were spread over other files.
    - A corrected copy (``replaces``) puts its original out whole.
    - A record that two sheets about different records both list counts twice: that is a contradiction, not an update. Sheets of one file
      never correct each other.

    Args:
        rows: sheet_id, sheet_row, item, key, digest; the key is null where the row's record is not known.
        sheets: sheet_id, batch, replaces, file, name, template (see ``Station.sheets``); a higher sheet_id is newer.
    """
    placed = rows.join(sheets.select("sheet_id", "template"), on="sheet_id", how="inner", maintain_order="left")
    out = _corrected(sheets)
    listed = placed.select("sheet_id", *_RECORD).drop_nulls("key").unique().filter(~pl.col("sheet_id").is_in(out))
    # The same ledger month after month goes first, so that few sheets are left to be compared all with all.
    while whole := _replaced(_pairs(_next(listed), listed, sheets)):
        out += whole
        listed = listed.filter(~pl.col("sheet_id").is_in(whole))
    later = _later(listed)
    pairs = _pairs(later, listed, sheets)
    out += _replaced(pairs)
    shared = pl.concat(
        [
            later.join(pairs.filter("is_excerpt"), on=["sheet_id", "newer"], how="semi"),
            later.join(_spread(later, listed), on="sheet_id", how="semi"),
        ]
    )
    kept = placed.filter(~pl.col("sheet_id").is_in(out))
    return kept.join(shared, on=["sheet_id", "key"], how="anti", maintain_order="left")


def _next(listed: pl.DataFrame) -> pl.DataFrame:
    """sheet_id, key, newer: each record of a sheet with the next newer sheet that lists it."""
    following = pl.col("sheet_id").shift(-1).over(_RECORD, order_by="sheet_id")
    return listed.select("sheet_id", "key", following.alias("newer")).drop_nulls("newer")


def _later(listed: pl.DataFrame) -> pl.DataFrame:
    """The same with every newer sheet."""
    several = listed.filter(pl.len().over(_RECORD) > 1)
    joined = several.join(several.rename({"sheet_id": "newer"}), on=_RECORD)
    return joined.filter(pl.col("newer") > pl.col("sheet_id")).select("sheet_id", "key", "newer")


def _pairs(later: pl.DataFrame, listed: pl.DataFrame, sheets: pl.DataFrame) -> pl.DataFrame:
    """sheet_id, newer; ``is_whole``: the newer sheet replaces the older one, ``is_excerpt``: corrects it."""
    about = listed.group_by("sheet_id").agg(pl.len().alias("total")).join(sheets.select("sheet_id", "batch", "file", "name"), on="sheet_id")
    pairs = later.group_by("sheet_id", "newer").agg(pl.len().alias("common")).join(about, on="sheet_id")
    pairs = pairs.join(about, left_on="newer", right_on="sheet_id", suffix="_newer")
    apart = pl.col("batch") != pl.col("batch_newer")
    same = apart & (pl.col("file") == pl.col("file_newer")) & (pl.col("name") == pl.col("name_newer"))
    share = pl.when(same).then(_HALF).otherwise(_WHOLE)
    whole = (pl.col("common") >= share * pl.col("total")) & (apart | (pl.col("common") > _FEW))
    excerpt = apart & (pl.col("common") >= _HALF * pl.col("total_newer"))
    return pairs.select("sheet_id", "newer", whole.alias("is_whole"), excerpt.alias("is_excerpt"))


def _replaced(pairs: pl.DataFrame) -> list[int]:
    return pairs.filter("is_whole")["sheet_id"].unique().to_list()


def _spread(later: pl.DataFrame, listed: pl.DataFrame) -> pl.DataFrame:
    """Sheets (sheet_id) of which newer ones together list nearly all records."""
    covered = later.group_by("sheet_id").agg(pl.col("key").n_unique().alias("covered"))
    total = listed.group_by("sheet_id").agg(pl.len().alias("total"))
    enough = (pl.col("covered") > _FEW) & (pl.col("covered") >= _WHOLE * pl.col("total"))
    return covered.join(total, on="sheet_id").filter(enough).select("sheet_id")


def _corrected(sheets: pl.DataFrame) -> list[int]:
    """Sheets of which a corrected copy came back, and older copies of the same original.

    The copy's sheet is known by its name or, where name or kind of file changed, by being the only one of its template on both sides.
    """
    alone = (pl.len().over("batch", "template") == 1).alias("alone")
    copies = sheets.with_columns(alone).drop_nulls("replaces")
    answered = copies.with_columns(pl.col("replaces").alias("batch"))
    singles = sheets.filter(alone).join(answered.filter("alone"), on=["batch", "template"], how="semi")
    same = pl.when("alone").then(pl.lit("")).otherwise("name")
    older = copies.filter(pl.col("batch") < pl.col("batch").max().over("replaces", "template", same)).drop("alone")
    out = pl.concat([sheets.join(answered, on=_PLACE, how="semi"), singles, older])
    return out["sheet_id"].unique().to_list()
