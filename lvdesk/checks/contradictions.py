"""Where ledgers contradict each other or themselves about an accepted record, and nobody has decided yet."""

import polars as pl

from lvdesk.checks.model import KEYS
from lvdesk.checks.sheetrows import with_spots
from lvdesk.checks.station import Station


def contradictions(station: Station, entity: str, *fields: str) -> pl.DataFrame:
    """The other values of ``fields`` of accepted records that rows of ledgers give, once each.

    id, key, field, current (the accepted value as text), other, template, sheet_id, sheet_row, and ``where``: the row that the
    accepted value comes from, in brackets, "" where it was typed or nothing is known of it.
    """
    kept = station.differences.filter(
        (pl.col("entity") == entity) & pl.col("field").is_in(fields) & (pl.col("system") != "field") & ~pl.col("decided")
    )
    table = station.table(entity).join(kept.select("key"), left_on=KEYS[entity], right_on="key", how="semi", maintain_order="left")
    present = table.select("id", pl.col(KEYS[entity]).alias("key"), *[pl.col(name).cast(pl.String) for name in fields])
    present = present.unpivot(fields, index=["id", "key"], variable_name="field", value_name="current")
    found = (
        kept.drop("id", "current").join(present, on=["key", "field"], maintain_order="left").filter(pl.col("other") != pl.col("current"))
    )
    found = found.sort("sheet_id", "sheet_row").unique(["key", "field", "other"], keep="first", maintain_order=True)
    names = ["id", "key", "field", "current", "other", "template", "sheet_id", "sheet_row"]
    return _with_origins(station, entity, found.select(names))


def _with_origins(station: Station, entity: str, found: pl.DataFrame) -> pl.DataFrame:
    values = ["id", "field"]
    places = station.origins(entity, found.select(values).unique()).drop_nulls("sheet_id")
    places = with_spots(station, places).rename({"sheet_id": "from_sheet", "sheet_row": "from_row"})
    found = found.join(places, on=values, how="left", maintain_order="left")
    elsewhere = (pl.col("from_sheet") != pl.col("sheet_id")) | (pl.col("from_row") != pl.col("sheet_row"))
    where = pl.when(elsewhere).then(pl.format("（{}）", "spot")).fill_null("")
    return found.with_columns(where.alias("where")).drop("from_sheet", "from_row", "spot")
