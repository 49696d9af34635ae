"""The customers as the desk check sees them: with the meters they have, and the meters their own rows once listed."""

import json
from collections.abc import Iterable, Sequence
from typing import Any, Final

import polars as pl
import zstandard
from sqlalchemy import Connection, select

from lvdesk.network.batches import Batch, BatchCells, BatchSheet
from lvdesk.network.frames import read_frame, schema_of
from lvdesk.network.tables import TABLES
from lvdesk.tabular.heal import heal
from lvdesk.tabular.transport import unpacked
from lvdesk.templates.dictionary import Dictionary

_READ: Final = {
    "customer": [
        "id", "customer_no", "name", "address", "sort", "elec_type", "status", "opened_on", "cancelled_on", "recent_kwh", "absent_sheet",
        "sheet_id", "sheet_row", "sources",
    ],
    "metering_point": ["mp_no", "customer_no", "area_no", "status", "absent_sheet"],
    "meter": ["asset_no", "bar_code", "mp_no", "box_no", "absent_sheet"],
    "meter_box": ["asset_no", "bar_code", "area_no"],
    "transformer_area": ["area_no", "name", "feeder_no", "feeder_name"],
    "feeder": ["feeder_no", "name"],
}  # fmt: skip
_SHEETS: Final = {"sheet_id": pl.Int64, "sheet": pl.String, "mapping": pl.String, "file": pl.String, "imported_at": pl.String}
_METER_COLUMNS: Final = ("meter.bar_code", "meter.asset_no")
_UNREADABLE: Final = "?"
_LISTED: Final = {"sheet_id": pl.Int64, "sheet_row": pl.Int64, "listed": pl.String}


class People:
    """Frames read once; use it inside one ``store.read()``.

    Attributes:
        customers: every customer, also those no longer listed, with ``meters`` (how many it has), ``box_no``, ``area_no``,
            ``area_name``, ``feeder_no``, ``feeder_name``, ``box``, ``meter``.
        points: metering points; ``sheets``: imported sheets with file and day.
    """

    def __init__(self, connection: Connection, dictionary: Dictionary) -> None:
        self._connection, self._dictionary = connection, dictionary
        self.points = self._read("metering_point")
        self.meters = self._meters()
        self.customers = self._customers()
        query = select(BatchSheet.id, BatchSheet.name, BatchSheet.mapping, Batch.name, Batch.imported_at)
        self.sheets = read_frame(connection, query.join(Batch, Batch.id == BatchSheet.batch), _SHEETS)

    def _read(self, entity: str) -> pl.DataFrame:
        table, names = TABLES[entity], _READ[entity]
        return read_frame(self._connection, select(*(table.c[name] for name in names)).order_by(table.c.id), schema_of(table, names))

    def _meters(self) -> pl.DataFrame:
        """Every meter with its customer; those of the present ledger first."""
        owners = self.points.select("mp_no", "customer_no", pl.col("area_no").alias("point_area"))
        frame = self._read("meter").join(owners, on="mp_no", how="left", maintain_order="left")
        return frame.with_columns(pl.col("absent_sheet").is_not_null().alias("gone")).sort("gone", maintain_order=True)

    def _customers(self) -> pl.DataFrame:
        first = self.meters.drop_nulls("customer_no").group_by("customer_no", maintain_order=True).agg(
            pl.col("gone").not_().sum().alias("present"), pl.len().alias("all"),
            pl.coalesce("bar_code", "asset_no").first().alias("meter"), pl.col("box_no").first(),
        )  # fmt: skip
        place = self.points.drop_nulls("customer_no").sort(pl.col("area_no").is_null(), maintain_order=True)
        place = place.unique("customer_no", keep="first", maintain_order=True).select("customer_no", pl.col("area_no").alias("point_area"))
        boxes = self._read("meter_box").select(
            pl.col("asset_no").alias("box_no"), pl.coalesce("bar_code", "asset_no").alias("box"), pl.col("area_no").alias("box_area")
        )
        areas = self._read("transformer_area").rename({"name": "area_name", "feeder_name": "told_name"})
        feeders = self._read("feeder").rename({"name": "feeder_name"})
        frame = self._read("customer").rename({"sheet_id": "from_sheet", "sheet_row": "from_row"})
        frame = frame.join(first, on="customer_no", how="left", maintain_order="left")
        frame = frame.join(place, on="customer_no", how="left", maintain_order="left")
        frame = frame.join(boxes, on="box_no", how="left", maintain_order="left")
        frame = frame.with_columns(pl.coalesce("point_area", "box_area").alias("area_no")).join(
            areas, on="area_no", how="left", maintain_order="left"
        )
        counted = pl.when(pl.col("absent_sheet").is_null()).then("present").otherwise("all").fill_null(0)
        return frame.join(feeders, on="feeder_no", how="left", maintain_order="left").with_columns(
            counted.alias("meters"), pl.coalesce("feeder_name", "told_name").alias("feeder_name")
        )

    def listed_meters(self, wanted: pl.DataFrame) -> pl.DataFrame:
        """The meters that rows of sheets list, as canonical text; ``wanted``: sheet_id, sheet_row.

        Returns:
            sheet_id, sheet_row, ``listed``: "" where the row's cell is empty, "?" where its text is no number; rows of sheets that have
            no column for meters are not in it.
        """
        frames = [pl.DataFrame(schema=_LISTED)]
        for (sheet,), rows in wanted.group_by("sheet_id", maintain_order=True):
            columns = self._meter_columns(int(str(sheet)))
            if columns:
                cells = self._cells(int(str(sheet)), sorted(set(rows["sheet_row"].to_list())), [name for name, _ in columns])
                frames.append(self._healed(cells, columns).with_columns(pl.lit(sheet, pl.Int64).alias("sheet_id")).select(*_LISTED))
        return pl.concat(frames)

    def _meter_columns(self, sheet: int) -> list[tuple[str, str]]:
        found = self.sheets.filter(pl.col("sheet_id") == sheet)["mapping"].to_list()
        mapping: dict[str, str] = json.loads(found[0]) if found else {}
        return [(f"c{number}", field) for wanted in _METER_COLUMNS for number, field in mapping.items() if field == wanted]

    def _cells(self, sheet: int, rows: Sequence[int], names: Iterable[str]) -> pl.DataFrame:
        """The raw cells of some rows: sheet_row and the named columns."""
        schema: dict[str, Any] = {"sheet_row": pl.Int64, **dict.fromkeys(names, pl.String)}
        frames = [pl.DataFrame(schema=schema)]
        query = select(BatchCells.first_row, BatchCells.row_count, BatchCells.cells).where(BatchCells.sheet == sheet)
        for first, count, packed in self._connection.execute(query.order_by(BatchCells.first_row)):
            here = pl.Series("sheet_row", [row for row in rows if first <= row < first + count], pl.Int64)
            if here.len():
                piece = unpacked(zstandard.decompress(packed)).with_row_index("sheet_row", first).cast({"sheet_row": pl.Int64})
                missing = [pl.lit(None, pl.String).alias(name) for name in schema if name not in piece.columns]
                frames.append(piece.with_columns(missing).filter(pl.col("sheet_row").is_in(here.implode())).select(*schema))
        return pl.concat(frames)

    def _healed(self, cells: pl.DataFrame, columns: Sequence[tuple[str, str]]) -> pl.DataFrame:
        values, refused = [], set[int]()
        for name, place in columns:
            healed = heal(self._dictionary.field(*place.split(".")).kind, cells[name])
            values.append(healed.values.alias(f"v{name}"))
            refused.update(healed.notes.filter(pl.col("after").is_null())["index"].to_list())
        bad = pl.Series("bad", [index in refused for index in range(cells.height)], pl.Boolean)
        unknown = pl.when(bad).then(pl.lit(_UNREADABLE)).otherwise(pl.lit(""))
        listed = pl.coalesce(*[each.name for each in values], unknown).alias("listed")
        return cells.select("sheet_row").with_columns(values).select("sheet_row", listed)
