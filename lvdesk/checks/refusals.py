"""Cells that could not be read: which rule tells of them, and about which record."""

from collections.abc import Iterator
from typing import Final

import polars as pl

from lvdesk.checks.memo import once
from lvdesk.checks.model import KEYS, hits
from lvdesk.checks.sheetrows import told_apart
from lvdesk.checks.station import Station
from lvdesk.templates.dictionary import Field

NUMBERS: Final = frozenset({"identifier", "reference"})
_OF_KIND: Final = {"code": "Q22", "barcode": "Q20", "date": "Q27", "longitude": "Q25", "latitude": "Q25"} | dict.fromkeys(NUMBERS, "Q26")
_OTHER: Final = "Q29"
_SLOTS: Final = {"slot_rows", "slot_columns", "slot_row", "slot_column"}
_OF_CUSTOMER: Final = {"metering_point": ("mp_no", "point_id"), "meter": ("asset_no", "id")}
_CELL: Final = ["sheet_id", "sheet_row", "field"]


@once
def refused_cells(station: Station) -> pl.DataFrame:
    """Every refused cell once: the columns of ``Station.notes``; a refusal of the whole row speaks for the cell."""
    refused = station.notes.filter(pl.col("level").is_in(["refused", "row"]))
    return refused.sort(*_CELL, "level", "before", descending=[False, False, False, True, False]).unique(
        [*_CELL, "before"], keep="first", maintain_order=True
    )


def refusals(station: Station, code: str, milder: int = 0) -> Iterator[pl.DataFrame]:
    """Hits of the refused cells that rule ``code`` tells of."""
    cells = refused_cells(station).filter(pl.col("field").is_not_null())
    for (name,), part in cells.group_by("field", maintain_order=True):
        field = station.dictionary.find(str(name))
        if _rule(field) == code:
            yield from _told(station, part, field, milder)


def _rule(field: Field | None) -> str:
    if field is None:
        return _OTHER
    if field.name == "customer_no":
        return "Q23"
    return "Q24" if field.name in _SLOTS else _OF_KIND.get(field.kind, _OTHER)


def _told(station: Station, cells: pl.DataFrame, field: Field | None, milder: int) -> Iterator[pl.DataFrame]:
    """A column that is only kept raw is told of under the number of its row's record."""
    for (template,), rows in told_apart(station, cells, "key").group_by("template", maintain_order=True):
        lists = station.templates[str(template)].entity
        entity = field.entity if field is not None else lists
        part = keyed_cells(station, rows, lists, entity)
        place = field.key if field is not None else f"{lists}.{KEYS[lists]}"
        head = pl.lit(station.dictionary.title(entity)) + (" " + pl.col("key").str.strip_prefix("@")).fill_null("")
        title = pl.lit(field.title if field is not None else "")
        message = pl.format("{} 的{}“{}”未采用（{} 列）：{}", head, title, "before", "column", "why")
        detail = pl.concat_str("template", "field", "before", "nth", separator=":", ignore_nulls=True)
        yield hits(part, place, message, key="key", value=pl.col("before"), detail=detail, milder=milder)


def keyed_cells(station: Station, cells: pl.DataFrame, lists: str, entity: str) -> pl.DataFrame:
    """The cells with id and key of the record they belong to, as far as the row's own key leads there."""
    if entity == lists:
        known = station.table(entity).select(pl.col(KEYS[entity]).alias("key"), "id")
        return cells.join(known, on="key", how="left", maintain_order="left")
    if lists != "customer" or entity not in _OF_CUSTOMER:
        return cells.with_columns(pl.lit(None, pl.Int64).alias("id"))
    key, number = _OF_CUSTOMER[entity]
    own = station.meters.select(pl.col("customer_no").alias("key"), pl.col(key).alias("own"), pl.col(number).alias("id"))
    own = own.drop_nulls().unique("key", keep="none")
    found = cells.join(own, on="key", how="left", maintain_order="left")
    return found.with_columns(pl.coalesce("own", "key").alias("key")).drop("own")
