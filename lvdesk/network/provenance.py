"""Where a value came from: file, sheet, original row, raw cell; or the person who typed it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import polars as pl
import zstandard
from sqlalchemy import Connection, select

from lvdesk.network.batches import Batch, BatchCells, BatchSheet
from lvdesk.store.tables import journal
from lvdesk.tabular.transport import unpacked

TAKEN_FROM: Final[dict[str, tuple[str, ...]]] = {
    "meter.asset_no": ("meter.asset_no", "meter.bar_code"),
    "meter.box_no": ("meter.box_no", "meter_box.asset_no", "meter_box.bar_code"),
    "meter.mp_no": ("meter.mp_no", "metering_point.mp_no", "customer.customer_no"),
    "meter_box.asset_no": ("meter_box.asset_no", "meter_box.bar_code"),
    "meter_box.area_no": ("meter_box.area_no", "transformer_area.area_no", "metering_point.area_no"),
    "metering_point.mp_no": ("metering_point.mp_no", "customer.customer_no"),
    "metering_point.customer_no": ("metering_point.customer_no", "customer.customer_no"),
    "metering_point.area_no": ("metering_point.area_no", "transformer_area.area_no", "meter_box.area_no"),
    "metering_point.area_name": ("metering_point.area_name", "transformer_area.name"),
    "transformer_area.area_no": ("transformer_area.area_no", "metering_point.area_no", "meter_box.area_no"),
    "transformer_area.feeder_no": ("transformer_area.feeder_no", "feeder.feeder_no", "transformer_area.feeder_name", "feeder.name"),
    "transformer_area.feeder_name": ("transformer_area.feeder_name", "feeder.name"),
    "transformer.area_no": ("transformer.area_no", "transformer_area.area_no"),
    "transformer.capacity_kva": ("transformer.capacity_kva", "transformer_area.capacity_kva"),
    "transformer.run_status": ("transformer.run_status", "transformer_area.run_status"),
    "feeder.feeder_no": ("feeder.feeder_no", "transformer_area.feeder_no"),
    "feeder.name": ("feeder.name", "transformer_area.feeder_name"),
    "feeder.substation_no": ("feeder.substation_no", "substation.substation_no", "feeder.substation_name", "substation.name"),
    "feeder.substation_name": ("feeder.substation_name", "substation.name"),
    "substation.substation_no": ("substation.substation_no", "feeder.substation_no"),
    "substation.name": ("substation.name", "feeder.substation_name"),
}
"""A field that a file may give under another entity's column -> the columns to look in, best first."""


@dataclass(frozen=True)
class Origin:
    """The source of a value; ``row`` 0 and ``file`` "" for what a person typed."""

    file: str
    sheet: str
    row: int
    when: str
    who: str
    raw: str


class Provenance:
    """Looks up origins for the fields of one record; raw rows are read once."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._sheets: dict[int, Any] = {}
        self._rows: dict[tuple[int, int], dict[str, str | None]] = {}

    def of(self, entity: str, record: Mapping[str, Any], field: str) -> Origin | None:
        """The origin of one field of a stored record, None when the value is empty."""
        if record[field] is None:
            return None
        sources = json.loads(record["sources"]) if record["sources"] else {}
        source = sources.get(field, [record["sheet_id"], record["sheet_row"]])
        if len(source) == 1:
            return self._typed(source[0], str(record[field]))
        if source[0] is None:
            return None
        sheet = self._sheet(source[0])
        raw = self._raw(sheet, source[1], f"{entity}.{field}")
        return Origin(sheet.file, sheet.name, source[1], sheet.imported_at, sheet.person, raw)

    def _typed(self, entry: int, value: str) -> Origin:
        row = self._connection.execute(select(journal.c.at, journal.c.person).where(journal.c.id == entry)).one()
        return Origin("", "", 0, row.at, row.person, value)

    def _sheet(self, sheet_id: int) -> Any:
        if sheet_id not in self._sheets:
            query = (
                select(BatchSheet.id, BatchSheet.name, BatchSheet.mapping, Batch.name.label("file"), Batch.imported_at, Batch.person)
                .join(Batch, Batch.id == BatchSheet.batch)
                .where(BatchSheet.id == sheet_id)
            )
            self._sheets[sheet_id] = self._connection.execute(query).one()
        return self._sheets[sheet_id]

    def _raw(self, sheet: Any, row: int, field: str) -> str:
        mapping: dict[str, str] = json.loads(sheet.mapping)
        cells = self._cells(sheet.id, row)
        for wanted in TAKEN_FROM.get(field, (field,)):
            for column, name in mapping.items():
                if name == wanted and cells.get(f"c{column}") is not None:
                    return str(cells[f"c{column}"])
        return ""

    def _cells(self, sheet_id: int, row: int) -> dict[str, str | None]:
        if (sheet_id, row) not in self._rows:
            query = (
                select(BatchCells.first_row, BatchCells.cells)
                .where(BatchCells.sheet == sheet_id, BatchCells.first_row <= row)
                .order_by(BatchCells.first_row.desc())
                .limit(1)
            )
            found = self._connection.execute(query).first()
            frame = unpacked(zstandard.decompress(found.cells)) if found else pl.DataFrame()
            place = row - found.first_row if found else 0
            self._rows[sheet_id, row] = frame.row(place, named=True) if place < frame.height else {}
        return self._rows[sheet_id, row]
