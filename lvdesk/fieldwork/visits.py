"""What was visited already: boxes that field results speak of, and things of packages that came back."""

from dataclasses import dataclass
from typing import Final

import polars as pl
from sqlalchemy import Connection, func, select

from lvdesk.checks.evidence import field_links
from lvdesk.checks.station import Station
from lvdesk.fieldwork.book import Book
from lvdesk.network.batches import Batch, BatchSheet, table_of
from lvdesk.network.frames import read_frame
from lvdesk.network.packages import PackageItem

_SHEETS: Final = {"sheet_id": pl.Int64, "entry": pl.Int64, "imported_at": pl.String}
_PLACE: Final = ["sheet_id", "sheet_row"]
_VERDICT: Final = "note.verdict"
_BACK: Final = {"entity": pl.String, "key": pl.String, "back_at": pl.String}


@dataclass(frozen=True)
class Visits:
    """Frames of what was visited.

    Attributes:
        links: rows of field results with the boxes, meters and customers they name.
        sheets: sheet_id, entry, imported_at of every imported sheet.
        results: box_no, entry, result_at: the newest field result of each box.
        said: what field results say of boxes, see ``Station.field``, with ``key``: the accepted box they speak of.
        back: entity, key, back_at of what came back with something done.
    """

    links: pl.DataFrame
    sheets: pl.DataFrame
    results: pl.DataFrame
    said: pl.DataFrame
    back: pl.DataFrame

    def seen(self, entity: str) -> pl.DataFrame:
        """key, entry, result_at, back_at and ``awaited`` (it came back, its result was not imported yet) of what was visited."""
        back = self.back.filter(pl.col("entity") == entity).select("key", "back_at")
        results = self.results.rename({"box_no": "key"}) if entity == "meter_box" else self.results.clear().rename({"box_no": "key"})
        frame = results.join(back, on="key", how="full", coalesce=True)
        awaited = pl.col("back_at").is_not_null() & (pl.col("result_at").is_null() | (pl.col("result_at") < pl.col("back_at")))
        return frame.with_columns(awaited.alias("awaited"))


def read_visits(station: Station, connection: Connection, book: Book) -> Visits:
    """Everything visited so far, as far as it still counts."""
    links = field_links(station)
    sheet = select(BatchSheet.id, Batch.entry, Batch.imported_at).join(Batch, Batch.id == BatchSheet.batch)
    sheets = read_frame(connection, sheet, _SHEETS)
    done = links.join(_fruitless(station, book), on=_PLACE, how="anti")
    named = done.drop_nulls("box_no").group_by("box_no").agg(pl.max("sheet_id"))
    results = named.join(sheets, on="sheet_id", how="left").select("box_no", "entry", pl.col("imported_at").alias("result_at"))
    item = table_of(PackageItem).c
    query = select(item.entity, item.key, func.max(item.back_at)).where(item.back_at.is_not(None), item.outcome.not_in(book.again))
    boxes = links.drop_nulls("box_no").unique(_PLACE, keep="first", maintain_order=True).select(*_PLACE, pl.col("box_no").alias("key"))
    said = station.field("meter_box").join(boxes, on=_PLACE, maintain_order="left")
    return Visits(links, sheets, results, said, read_frame(connection, query.group_by(item.entity, item.key), _BACK))


def _fruitless(station: Station, book: Book) -> pl.DataFrame:
    """sheet_id, sheet_row of rows that say themselves that nothing could be seen."""
    rows = station.field_rows
    if _VERDICT not in rows.columns:
        return rows.select(*_PLACE).clear()
    return rows.filter(pl.col(_VERDICT).is_in(book.again)).select(*_PLACE)
