"""Rows of imported sheets as findings speak of them: where another row stands, what tells apart several about one record."""

from typing import Final

import polars as pl

from lvdesk.checks.memo import once
from lvdesk.checks.station import Station

_PLACE: Final = ["sheet_id", "sheet_row"]
_MOST: Final = 5


def told_apart(station: Station, frame: pl.DataFrame, key: str) -> pl.DataFrame:
    """Adds ``nth``, a detail for ``hits``: the same for the same rows wherever they stand, in whatever file.

    Args:
        station: for what the rows say.
        frame: the faulty rows: sheet_id, sheet_row, and the column ``key``; rows without a key are told apart by what they say, accepted
            records among them (no sheet_id) need no telling apart: "".
        key: column of the record's key.
    """
    if frame.is_empty():
        return frame.with_columns(pl.lit(None, pl.String).alias("nth"))
    places = frame.select(*_PLACE, pl.col(key).alias("_key")).unique()
    said = station.listing.join(places, on=_PLACE, how="semi").group_by(_PLACE).agg(pl.col("digest").min().alias("_said"))
    places = places.join(said, on=_PLACE, how="left").with_columns(pl.col("_said").fill_null(0)).sort("_said", *_PLACE)
    text = pl.when(pl.col("_key").is_null()).then(pl.col("_said").cast(pl.String))
    number = pl.int_range(1, pl.len() + 1).over("_key", text).cast(pl.String)
    nth = pl.when(pl.col("sheet_id").is_null()).then(pl.lit("")).otherwise(pl.concat_str(text, number, separator="#", ignore_nulls=True))
    places = places.select(*_PLACE, "_key", nth.alias("nth"))
    right = [*_PLACE, "_key"]
    return frame.join(places, left_on=[*_PLACE, key], right_on=right, how="left", nulls_equal=True, maintain_order="left")


def with_spots(station: Station, frame: pl.DataFrame) -> pl.DataFrame:
    """Adds ``spot`` (文件 第 n 行): for messages about another row; a finding's own place is shown beside its message."""
    files = station.sheets.select("sheet_id", pl.col("file").fill_null("").alias("_file"))
    frame = frame.join(files, on="sheet_id", how="left", maintain_order="left")
    return frame.with_columns(pl.format("{} 第 {} 行", "_file", "sheet_row").alias("spot")).drop("_file")


def others(text: str, *group: str) -> pl.Expr:
    """What ``text`` says in the other rows of a group, the first few of them."""
    given = [pl.col(text).slice(place, 1).first().over(group) for place in range(_MOST + 1)]
    rest = [pl.when(one != pl.col(text)).then(one) for one in given]
    count = pl.len().over(group)
    more = pl.when(count > _MOST + 1).then(pl.format("等 {} 处", count - 1)).otherwise(pl.lit(""))
    return pl.format("{}{}", pl.concat_str(*rest, separator="、", ignore_nulls=True), more)


@once
def sheet_marks(station: Station) -> pl.DataFrame:
    """sheet_id and ``mark``: a detail for findings about a whole sheet; it goes by the records listed there, not by names of files."""
    marks = station.listing.group_by("sheet_id", "template").agg(pl.min("key").fill_null("")).sort("sheet_id")
    number = pl.int_range(1, pl.len() + 1).over("template", "key")
    return marks.select("sheet_id", pl.format("{}#{}", "key", number).alias("mark"))


def suggested(field: str, text: pl.Expr) -> pl.Expr:
    """The suggestion to set ``field`` to ``text``; none where ``text`` is null."""
    return pl.when(text.is_not_null()).then(pl.struct(text.alias(field)).struct.json_encode())
