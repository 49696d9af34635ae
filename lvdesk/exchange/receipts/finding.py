"""Which of our records a line of a receipt is about: by number, by bar code, by what another system calls it."""

from typing import Final

import polars as pl

from lvdesk.checks.model import KEYS
from lvdesk.checks.station import Station
from lvdesk.exchange.receipts.reading import KEYED
from lvdesk.exchange.sources import looked_up

_BAR: Final = "bar_code"
_GENERAL: Final = "note.asset_no"
_ROW: Final = ["sheet_id", "sheet_row"]
_NAMED: Final = ("meter_box", "access_point", "meter", "metering_point", "customer")
_KNOWN_BY: Final = {"gis": ("note.marketing_id", "marketing_id")}
"""A system that names our record by another one's identifier."""
_FRESH: Final = {"entity": pl.String, "key": pl.String, "value": pl.String}
_ASSET: Final = slice(7, 21)
"""Digits of a 22-digit bar code that are the asset number (domain.md 1.7)."""


def found(station: Station, lines: pl.DataFrame) -> pl.DataFrame:
    """The lines with ``entity`` and ``key`` of our record, key null where there is none, and ``said``: what the receipt calls it.

    The marketing system's lines are looked up first: what they give may be what the GIS knows the record by.
    """
    giving = pl.col("system") == "marketing"
    ours = _located(station, lines.filter(giving), pl.DataFrame(schema=_FRESH))
    fresh = ours.filter(pl.col("accepted") & (pl.col("id_system") == "marketing")).select(*_FRESH).drop_nulls()
    others = _located(station, lines.filter(~giving), fresh)
    said = pl.coalesce(_GENERAL, *KEYED, "note.marketing_id").alias("said")
    return pl.concat([ours, others]).with_columns(said).sort(*_ROW, maintain_order=True)


def _located(station: Station, lines: pl.DataFrame, fresh: pl.DataFrame) -> pl.DataFrame:
    parts = [lines.clear().with_columns(pl.lit(None, pl.String).alias("key"))]
    for (entity,), mine in lines.partition_by("entity", as_dict=True, maintain_order=True, include_key=True).items():
        whole = (
            _searched(station, mine, fresh) if entity is None else mine.with_columns(_key(station, mine, str(entity), fresh).alias("key"))
        )
        parts.append(whole)
    return pl.concat(parts)


def named(station: Station, lines: pl.DataFrame) -> pl.DataFrame:
    """sheet_id, sheet_row, system, entity, key: every record that is named in the rows of these lines (with ``key``)."""
    own = lines.select(*_ROW, "system", "entity", "key")
    rows = lines.unique(_ROW, keep="first", maintain_order=True)
    others = [own]
    for entity in _NAMED:
        fields = [name for name in KEYED if name.startswith(f"{entity}.")]
        keys = _by_fields(station, rows, entity, [(name, name.partition(".")[2]) for name in fields])
        others.append(rows.select(*_ROW, "system", pl.lit(entity).alias("entity"), keys.alias("key")))
    return pl.concat(others).drop_nulls(["entity", "key"]).unique(maintain_order=True)


def _key(station: Station, lines: pl.DataFrame, entity: str, fresh: pl.DataFrame) -> pl.Series:
    """Our records' keys; ``fresh`` (``_FRESH``) are marketing identifiers given in the same files."""
    columns = station.table(entity).columns
    own = [(name, name.partition(".")[2]) for name in KEYED if name.startswith(f"{entity}.")]
    general = [(_GENERAL, by) for by in (KEYS[entity], _BAR) if by in columns]
    keys = _by_fields(station, lines, entity, own + general)
    if entity == "customer":
        keys = keys.zip_with(
            keys.is_not_null(), looked_up(lines, "metering_point.mp_no", station.table("metering_point"), "mp_no", "customer_no")
        )
    for system, (said, by) in _KNOWN_BY.items():
        given = fresh.filter(pl.col("entity") == entity).select(pl.col("value").alias(by), pl.col("key").alias(KEYS[entity]))
        stored = station.table(entity).select(by, KEYS[entity]).join(given, on=KEYS[entity], how="anti")
        theirs = looked_up(lines, said, pl.concat([stored, given]), by, KEYS[entity])
        keys = keys.zip_with(keys.is_not_null() | (lines["system"] != system), theirs)
    return keys


def _by_fields(station: Station, lines: pl.DataFrame, entity: str, asked: list[tuple[str, str]]) -> pl.Series:
    """The first of these (column of the lines, field of the record) that leads to one record alone."""
    records, key = station.table(entity), KEYS[entity]
    keys = pl.Series([None] * lines.height, dtype=pl.String)
    for said, by in asked:
        keys = keys.zip_with(keys.is_not_null(), looked_up(lines, said, records, by, key))
        if by == _BAR:
            short = lines.select(pl.when(pl.col(said).str.len_chars() == 22).then(pl.col(said).str.slice(_ASSET.start, 14)).alias(said))
            keys = keys.zip_with(keys.is_not_null(), looked_up(short, said, records, key, key))
    return keys


def _searched(station: Station, lines: pl.DataFrame, fresh: pl.DataFrame) -> pl.DataFrame:
    """Lines that do not say what they are about: the one kind of record that has the number, if it is one alone."""
    hits = pl.DataFrame({entity: _key(station, lines, entity, fresh) for entity in KEYS})
    one = hits.select(pl.sum_horizontal(pl.all().is_not_null()) == 1).to_series()
    entity = pl.coalesce(pl.when(pl.col(name).is_not_null()).then(pl.lit(name)) for name in hits.columns)
    picked = hits.select(entity.alias("entity"), pl.coalesce(pl.all()).alias("key"))
    sure = picked.with_columns(pl.when(one).then(pl.col(name)).alias(name) for name in picked.columns)
    return lines.drop("entity").with_columns(sure["entity"], sure["key"]).select(*lines.columns, "key")
