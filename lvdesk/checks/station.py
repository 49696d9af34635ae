"""The whole station in frames, read once per run as far as the rules ask for it."""

import json
from collections.abc import Iterable
from datetime import date
from functools import cached_property
from typing import Any, Final

import polars as pl
import zstandard
from sqlalchemy import Connection, case, select

from lvdesk.checks.currency import current_rows
from lvdesk.checks.kept import all_rows, imported_sheets, kept_rows
from lvdesk.checks.model import KEYS
from lvdesk.network.batches import BatchNotes, Difference, table_of
from lvdesk.network.frames import read_frame, schema_of
from lvdesk.network.tables import TABLES
from lvdesk.tabular.transport import unpacked
from lvdesk.workspace import Workspace

_NEVER_CHECKED: Final = {"version", "initials", "listed", "absent_sheet", "note", "operator", "operated_on", "operated_at", "submit_status"}
_PLACE: Final = ["sheet_id", "sheet_row"]
_NOTES: Final = dict.fromkeys(("column", "field", "before", "after", "why", "level"), pl.String)
_METER: Final = ("id", "asset_no", "bar_code", "mp_no", "box_no", "slot_row", "slot_column", "wiring", "installed_on")
_KINDS: Final = {"integer": pl.Int64, "number": pl.Float64, "longitude": pl.Float64, "latitude": pl.Float64}


class Station:
    """What the rules look at. Frames are made on first use and kept for the run; use it inside one ``store.read()``.

    Attributes:
        ws: the workspace; ``connection`` the one reading it is read with.
        today: the day of the run.
    """

    def __init__(self, ws: Workspace, connection: Connection) -> None:
        self.ws, self.connection = ws, connection
        self.dictionary, self.codes, self.templates = ws.dictionary, ws.codes, ws.templates
        self.today: date = ws.clock().date()
        self._tables: dict[str, pl.DataFrame] = {}
        self._field: dict[str, pl.DataFrame] = {}
        self._standing: dict[str, pl.DataFrame] = {}

    def table(self, entity: str) -> pl.DataFrame:
        """The accepted records that their newest ledger still lists: ``id``, the fields of the dictionary, sheet_id, sheet_row, sources."""
        if entity not in self._tables:
            table = TABLES[entity]
            names = [column.name for column in table.c if column.name not in _NEVER_CHECKED]
            statement = select(*(table.c[name] for name in names)).where(table.c.absent_sheet.is_(None)).order_by(table.c.id)
            frame = read_frame(self.connection, statement, schema_of(table, names))
            self._tables[entity] = frame.rename({"sheet_id": "from_sheet", "sheet_row": "from_row"})
        return self._tables[entity]

    def standing(self, entity: str) -> pl.DataFrame:
        """``key`` and ``standing`` of every stored record: listed, mentioned (only others name it), gone (its newest ledger dropped it)."""
        if entity not in self._standing:
            table = TABLES[entity]
            gone, named = table.c.absent_sheet.is_not(None), (table.c.listed == 0) & table.c.sheet_id.is_not(None)
            said = case((gone, "gone"), else_="mentioned").label("standing")
            others = select(table.c[KEYS[entity]].label("key"), said).where(gone | named)
            unlike = read_frame(self.connection, others, {"key": pl.String, "standing": pl.String})
            keys = self.table(entity).select(pl.col(KEYS[entity]).alias("key")).join(unlike, on="key", how="anti", maintain_order="left")
            self._standing[entity] = pl.concat([keys.with_columns(pl.lit("listed").alias("standing")), unlike])
        return self._standing[entity]

    def listed(self, entity: str) -> pl.DataFrame:
        """As ``table``, without records that others merely mention: what an own ledger lists."""
        mentioned = self.standing(entity).filter(pl.col("standing") == "mentioned").select(pl.col("key").alias(KEYS[entity]))
        table = self.table(entity)
        return table if mentioned.is_empty() else table.join(mentioned, on=KEYS[entity], how="anti", maintain_order="left")

    @cached_property
    def sheets(self) -> pl.DataFrame:
        """Every imported sheet whose import was not undone: sheet_id, batch, replaces, file, sha256, name, template, system, header_row.

        ``package_no``, ``crs``: what a person said of a table of field results; "" for nothing, null for other tables.
        """
        return imported_sheets(self.connection)

    @cached_property
    def _read_rows(self) -> dict[int, pl.DataFrame]:
        """Sheet -> its kept rows, as stored."""
        return kept_rows(self.connection, self.sheets["sheet_id"].to_list())

    @cached_property
    def _all_rows(self) -> pl.DataFrame:
        """sheet_id, sheet_row, item, key, digest of every row of every sheet."""
        return all_rows(self._read_rows)

    @cached_property
    def listing(self) -> pl.DataFrame:
        """The rows that still count: sheet_id, sheet_row, item, key, digest, template; the key is null where no record could be told.

        A row whose record a newer sheet lists is out.
        """
        return current_rows(self._all_rows, self.sheets)

    def field(self, entity: str) -> pl.DataFrame:
        """What rows of field results say about an entity, as far as they still count: sheet_id, sheet_row, item and its fields, typed."""
        if entity not in self._field:
            self._field[entity] = self._typed(entity)
        return self._field[entity]

    @cached_property
    def field_rows(self) -> pl.DataFrame:
        """All rows of field results that still count, wide: sheet_id, sheet_row, item, key, template, ``entity.field`` as text."""
        evidence = {key for key, template in self.templates.items() if template.effect == "evidence"}
        wide = self.results(self.sheets.filter(pl.col("template").is_in(evidence))["sheet_id"].to_list())
        counting = self.listing.select("sheet_id", "sheet_row").unique()
        return wide.join(counting, on=["sheet_id", "sheet_row"], how="inner", maintain_order="left")

    def results(self, sheets: Iterable[int]) -> pl.DataFrame:
        """All rows of these sheets of field results, also those that no longer count; columns as ``field_rows``."""
        frames = [
            self._read_rows[sheet].rename({"row": "sheet_row"}).with_columns(pl.lit(sheet, pl.Int64).alias("sheet_id"))
            for sheet in sheets
            if sheet in self._read_rows
        ]
        if not frames:
            return pl.DataFrame(
                schema={"sheet_id": pl.Int64, "sheet_row": pl.Int64, "item": pl.Int64, "key": pl.String, "template": pl.String}
            )
        wide = pl.concat(frames, how="diagonal").drop("digest")
        return wide.join(self.sheets.select("sheet_id", "template"), on="sheet_id", how="left", maintain_order="left")

    def _typed(self, entity: str) -> pl.DataFrame:
        fields = self.dictionary.entities[entity].fields
        present = [name for name in fields if f"{entity}.{name}" in self.field_rows.columns]
        casts = []
        for name in fields:
            if name not in present:
                casts.append(pl.lit(None, _KINDS.get(fields[name].kind, pl.String)).alias(name))
                continue
            column = pl.col(f"{entity}.{name}").alias(name)
            kind = _KINDS.get(fields[name].kind)
            casts.append(column.cast(pl.Float64, strict=False).cast(kind, strict=False) if kind is not None else column)
        frame = self.field_rows.select("sheet_id", "sheet_row", "item", "template", *casts)
        return frame.filter(pl.any_horizontal(pl.col(name).is_not_null() for name in present)) if present else frame.clear()

    @cached_property
    def differences(self) -> pl.DataFrame:
        """Values kept beside the accepted ones that still count.

        entity, id, key, field, current, other, system, template, sheet_id, sheet_row, and ``decided``: a person has typed the value since.
        """
        table = table_of(Difference)
        names = ["entity", "record", "key", "field", "current", "other", "system", "sheet_id", "sheet_row"]
        frame = read_frame(self.connection, select(*(table.c[name] for name in names)).order_by(table.c.id), schema_of(table, names))
        counting = self.listing.select("sheet_id", "sheet_row", "template").unique()
        frame = frame.rename({"record": "id"}).join(counting, on=["sheet_id", "sheet_row"], how="inner", maintain_order="left")
        typed = self._typed_fields(sorted(set(frame["entity"].to_list())))
        return frame.join(typed, on=["entity", "id", "field"], how="left", maintain_order="left").with_columns(
            pl.col("decided").fill_null(value=False)
        )

    def _typed_fields(self, entities: list[str]) -> pl.DataFrame:
        """entity, id, field of every value typed at the desk."""
        found: list[tuple[str, int, str]] = []
        for entity in entities:
            frame = self.table(entity).select("id", "sources").drop_nulls()
            for number, sources in frame.filter(pl.col("sources").str.contains(r":\[\d+\]")).iter_rows():
                found += [(entity, number, name) for name, source in json.loads(sources).items() if len(source) == 1]
        schema = {"entity": pl.String, "id": pl.Int64, "field": pl.String}
        return pl.DataFrame(found, schema=schema, orient="row").with_columns(pl.lit(value=True).alias("decided"))

    @cached_property
    def notes(self) -> pl.DataFrame:
        """Healed and refused cells of rows that still count: sheet_id, sheet_row, template, key, column, field, before, after, why, level.

        ``field`` is ``entity.field``; a note of a row that could not be stored at all has the key null.
        """
        frames = []
        live = set(self.sheets["sheet_id"].to_list())
        for sheet, packed in self.connection.execute(select(BatchNotes.sheet, BatchNotes.notes).order_by(BatchNotes.id)):
            if sheet in live:
                frames.append(unpacked(zstandard.decompress(packed)).with_columns(pl.lit(sheet, pl.Int64).alias("sheet_id")))
        keys = self.listing.group_by("sheet_id", "sheet_row", maintain_order=True).agg(pl.col("template").first(), pl.col("key").first())
        if not frames:
            return pl.DataFrame(schema={"sheet_id": pl.Int64, "sheet_row": pl.Int64, **_NOTES}).join(keys, on=["sheet_id", "sheet_row"])
        notes = pl.concat(frames).rename({"row": "sheet_row"}).cast({"sheet_row": pl.Int64})
        return notes.join(keys, on=["sheet_id", "sheet_row"], how="inner", maintain_order="left")

    @cached_property
    def meters(self) -> pl.DataFrame:
        """Each accepted meter with its point, customer and box, as far as the links lead.

        id, asset_no, bar_code, mp_no, box_no, slot_row, slot_column, wiring, installed_on; point_id, customer_no, point_area; customer_id,
        customer_name, customer_address, customer_status, customer_sort, customer_voltage, cancelled_on; box_id, box_code, box_area,
        slot_rows, slot_columns, longitude, latitude (of the box).
        """
        points = self.table("metering_point").select(
            "mp_no", pl.col("id").alias("point_id"), "customer_no", pl.col("area_no").alias("point_area")
        )
        people = self.table("customer").select(
            "customer_no", "cancelled_on", pl.col("id").alias("customer_id"),
            *[pl.col(name).alias(f"customer_{name}") for name in ("name", "address", "status", "sort", "voltage")],
        )  # fmt: skip
        boxes = self.table("meter_box").select(
            pl.col("asset_no").alias("box_no"), pl.col("id").alias("box_id"), pl.col("bar_code").alias("box_code"),
            pl.col("area_no").alias("box_area"), "slot_rows", "slot_columns", "longitude", "latitude",
        )  # fmt: skip
        return (
            self.table("meter")
            .select(_METER)
            .join(points, on="mp_no", how="left", maintain_order="left")
            .join(people, on="customer_no", how="left", maintain_order="left")
            .join(boxes, on="box_no", how="left", maintain_order="left")
        )

    def areas(self, entity: str) -> pl.DataFrame:
        """``id`` and ``area_no`` of the accepted records of an entity, as far as they lie in one area."""
        frame = self.table(entity)
        if entity == "meter":
            return self.meters.select("id", pl.coalesce("point_area", "box_area").alias("area_no")).drop_nulls()
        if entity == "customer":
            points = self.table("metering_point").select("customer_no", "area_no").drop_nulls()
            points = points.group_by("customer_no").agg(pl.min("area_no"))
            return frame.select("id", "customer_no").join(points, on="customer_no", maintain_order="left").select("id", "area_no")
        if "area_no" not in frame.columns:
            return pl.DataFrame(schema={"id": pl.Int64, "area_no": pl.String})
        return frame.select("id", "area_no").drop_nulls()

    def origins(self, entity: str, wanted: pl.DataFrame) -> pl.DataFrame:
        """Where values of accepted records come from.

        Args:
            entity: of the records.
            wanted: id and field, each pair once.

        Returns:
            id, field, sheet_id, sheet_row; both null for a value typed at the desk or a record that no sheet gave. Where a newer sheet
            lists the row's record again, the place is there: it is the file in people's hands.
        """
        frame = wanted.join(
            self.table(entity).select("id", "from_sheet", "from_row", "sources"), on="id", how="left", maintain_order="left"
        )
        rows: list[tuple[int, str, int | None, int | None]] = []
        for number, field, sheet, row, sources in frame.select("id", "field", "from_sheet", "from_row", "sources").iter_rows():
            source: list[Any] = json.loads(sources).get(field, [sheet, row]) if sources else [sheet, row]
            rows.append((number, field, *(source if len(source) == 2 else (None, None))))
        schema = {"id": pl.Int64, "field": pl.String, "sheet_id": pl.Int64, "sheet_row": pl.Int64}
        found = pl.DataFrame(rows, schema=schema, orient="row").join(self._places, on=_PLACE, how="left", maintain_order="left")
        newest = [pl.coalesce(f"new_{name}", name).alias(name) for name in _PLACE]
        return found.with_columns(newest).select(*schema)

    @cached_property
    def _places(self) -> pl.DataFrame:
        """sheet_id, sheet_row of rows that no longer count, new_sheet_id, new_sheet_row of the newest that lists the same record."""
        counting = self.listing.drop_nulls("key").sort("sheet_id", descending=True, maintain_order=True)
        newest = counting.unique(["template", "key"], keep="first", maintain_order=True)
        newest = newest.select("template", "key", *[pl.col(name).alias(f"new_{name}") for name in _PLACE])
        older = self._all_rows.join(self.listing, on=_PLACE, how="anti").join(self.sheets.select("sheet_id", "template"), on="sheet_id")
        return older.join(newest, on=["template", "key"]).select(*_PLACE, *[f"new_{name}" for name in _PLACE]).unique(_PLACE, keep="first")
