"""Blank required cells: which records and rows lack a value, leaving out what could not be read."""

import json
from collections.abc import Iterator
from typing import Any, Final

import polars as pl

from lvdesk.checks.model import KEYS, hits
from lvdesk.checks.refusals import refused_cells
from lvdesk.checks.sheetrows import sheet_marks, told_apart
from lvdesk.checks.station import Station

_TOLD_ONCE: Final = 2
"""How much milder a whole missing column is: nobody asked the source for it."""

_PLACED: Final = 2
"""Sheet and row; a value typed at the desk has neither."""


def blank_records(station: Station, frame: pl.DataFrame, place: str, who: pl.Expr, milder: int | pl.Expr = 0) -> Iterator[pl.DataFrame]:
    """Accepted records without a value that others have.

    Args:
        station: for names and refused cells.
        frame: the records asked for the value, with the field's column, id, from_sheet, from_row and sources.
        place: ``entity.field``.
        who: how a message calls the record.
        milder: as in ``hits``.
    """
    entity, _, name = place.partition(".")
    missing = frame.filter(pl.col(name).is_null() | (pl.col(name).cast(pl.String) == ""))
    title = station.dictionary.field(entity, name).title
    if missing.height and missing.height == frame.height:
        text = f"全部 {frame.height} 个{station.dictionary.title(entity)}都没有“{title}”，导入的台账可能没有这一列"
        yield hits(pl.DataFrame({"all": [text]}), place, text, value=None, detail="整列", milder=_TOLD_ONCE)
        return
    missing = _readable(station, missing, place)
    yield hits(missing, place, pl.format(f"{{}} 的“{title}”为空", who), value=None, milder=milder)


def _readable(station: Station, missing: pl.DataFrame, place: str) -> pl.DataFrame:
    """Without those whose cell was filled but could not be read: another rule tells of it."""
    cells = refused_cells(station).filter(pl.col("field") == place)
    if cells.is_empty() or missing.is_empty():
        return missing
    spots = set(cells.select("sheet_id", "sheet_row").iter_rows())
    return missing.filter(pl.Series([not (_places(row) & spots) for row in missing.iter_rows(named=True)], dtype=pl.Boolean))


def _places(row: dict[str, Any]) -> set[tuple[int, int]]:
    """The rows of sheets that a record's values come from."""
    given = json.loads(row["sources"]) if row["sources"] else {}
    return {(row["from_sheet"], row["from_row"]), *(tuple(source) for source in given.values() if len(source) == _PLACED)}


def blank_cells(station: Station, template: str, field: str, asked: pl.Expr, milder: int = 0) -> Iterator[pl.DataFrame]:
    """Rows of field results of one template without a value; a sheet that lacks the whole column is told once."""
    rows = station.field_rows.filter(pl.col("template") == template)
    column = station.templates[template].column(field)
    if rows.is_empty() or column is None:
        return
    value = pl.col(field) if field in rows.columns else pl.lit(None, pl.String)
    rows = rows.filter(asked).with_columns(value.alias("given")).sort("sheet_id", "sheet_row", "item")
    rows = rows.group_by("sheet_id", "sheet_row", maintain_order=True).agg(pl.first("key"), pl.col("given").drop_nulls().first())
    refused = refused_cells(station).filter(pl.col("field") == field).select("sheet_id", "sheet_row")
    missing = rows.filter(pl.col("given").is_null())
    lacking = pl.len().over("sheet_id") == pl.col("sheet_id").replace_strict(dict(rows["sheet_id"].value_counts().iter_rows()), default=0)
    missing = missing.with_columns(lacking.alias("lacking")).join(
        refused, on=["sheet_id", "sheet_row"], how="anti", maintain_order="left"
    )  # fmt: skip
    entity = field.split(".", maxsplit=1)[0]
    lists = station.templates[template].entity
    title = f"的{station.dictionary.title(entity)}" if entity != lists else ""
    who = pl.format(f"{station.dictionary.title(lists)} {{}}", pl.col("key").str.strip_prefix("@")).fill_null("本行")
    message = pl.format(f"现场采录：{{}}{title}的“{column.header}”为空", who)
    single = told_apart(station, missing.filter(~pl.col("lacking")), "key")
    yield hits(single, field, message, key="key", value=None, detail=pl.format(f"{template}:{{}}", "nth"), milder=milder)
    whole = missing.filter("lacking").group_by("sheet_id", maintain_order=True).agg(pl.len().alias("cells"))
    whole = whole.join(sheet_marks(station), on="sheet_id", how="left", maintain_order="left").with_columns(
        pl.lit(0, pl.Int64).alias("sheet_row")
    )
    message = pl.format(f"本表 {{}} 行都没有“{column.header}”", "cells")
    detail = pl.format(f"{template}:{{}}:整列", pl.col("mark").fill_null(""))
    yield hits(whole, field, message, key=KEYS[entity], value=None, detail=detail, milder=_TOLD_ONCE)
