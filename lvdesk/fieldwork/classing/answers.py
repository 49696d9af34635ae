"""Each row of field results beside the ledger records it speaks of: what the other modules of this package compare."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import polars as pl

from lvdesk.checks.devices import plain
from lvdesk.checks.shifts import Shift, shifted_sheets
from lvdesk.checks.station import Station
from lvdesk.fieldwork.classing.book import Book
from lvdesk.network.identifiers import asset_number

PLACE: Final = ["sheet_id", "sheet_row", "item"]
"""What tells a row's parts apart: a row of a handheld scanner lists several meters."""
FOUND: Final[dict[str, Any]] = {
    "klass": pl.String, "entity": pl.String, "key": pl.String, "field": pl.String, "ledger": pl.String, "field_value": pl.String,
    "evidence": pl.List(pl.String), "sheet_id": pl.Int64, "sheet_row": pl.Int64, "detail": pl.String,
}  # fmt: skip
"""One difference; ``detail`` tells two of the same class, record and field apart, "" where there can be only one."""
_CELLS: Final = {
    "customer_no": "customer.customer_no", "name": "customer.name", "address": "customer.address",
    "point_area": "metering_point.area_no", "point_area_name": "metering_point.area_name",
    "meter_bar": "meter.bar_code", "meter_asset": "meter.asset_no", "slot_row": "meter.slot_row", "slot_column": "meter.slot_column",
    "box_bar": "meter_box.bar_code", "box_asset": "meter_box.asset_no", "box_area": "meter_box.area_no", "area_name": "note.area_name",
    "longitude": "meter_box.longitude", "latitude": "meter_box.latitude", "verdict": "note.verdict", "remark": "note.remark",
    "package_no": "note.package",
}  # fmt: skip
_DEGREES: Final = ("longitude", "latitude")


@dataclass(frozen=True, eq=False)
class Answers:
    """Rows of field results of one station and how to read them.

    Attributes:
        wide: the rows as ``Station.field_rows`` gives them.
    """

    station: Station
    book: Book
    wide: pl.DataFrame

    @cached_property
    def rows(self) -> pl.DataFrame:
        """Every part of a row: ``PLACE``, template, the cells of ``_CELLS`` and what they name in the ledger.

        kind: what the verdict says (``book.ABSENT`` …), null for nothing. meter, box: asset numbers as the row gives them, whether the
        ledger has them or not. m_*: the ledger's meter of that number. c_*: the ledger's customer of that number and his meter: the
        one the row names if it is his, else his only one. b_*: the ledger's box. area: number of the area the row names.
        """
        frame = self.wide.select(*PLACE, "template", *[self._given(source).alias(name) for name, source in _CELLS.items()])
        frame = frame.with_columns(pl.col(name).cast(pl.Float64, strict=False) for name in _DEGREES)
        frame = frame.with_columns(
            pl.col(name).cast(pl.Float64, strict=False).cast(pl.Int64, strict=False) for name in ("slot_row", "slot_column")
        )
        said = pl.concat_str([pl.col(name).fill_null("") for name in ("verdict", "remark")], separator=" ").str.strip_chars()
        frame = frame.with_columns(pl.when(said != "").then(said).alias("said"))
        frame = frame.with_columns(self.book.verdicts(frame["said"]).alias("kind"))
        frame = _named(_named(frame, self.station.meters, "meter", "m"), self._boxes, "box", "b")
        return self._areas(self._customers(self._packages(frame)))

    @cached_property
    def first(self) -> pl.DataFrame:
        """The first part of every row: what is said of box and customer stands in each part alike."""
        return self.rows.unique(["sheet_id", "sheet_row"], keep="first", maintain_order=True)

    @cached_property
    def present(self) -> pl.DataFrame:
        """``rows`` without those that say that the thing is not there or that nobody came near it."""
        return self.rows.filter(~pl.col("kind").is_in(["absent", "closed"]).fill_null(value=False))

    @cached_property
    def shifts(self) -> dict[int, Shift]:
        """Sheet -> its boxes' coordinates are in another system although it does not say so."""
        sheets = set(self.wide["sheet_id"].unique())
        return {shift.sheet_id: shift for shift in shifted_sheets(self.station) if shift.sheet_id in sheets and shift.entity == "meter_box"}

    @cached_property
    def ledger_meters(self) -> pl.DataFrame:
        """``Station.meters`` of customers that are not cancelled."""
        status = pl.col("customer_status").fill_null("")
        return self.station.meters.filter(~status.str.starts_with("已销户"))

    @cached_property
    def _boxes(self) -> pl.DataFrame:
        return self.station.table("meter_box")

    def _given(self, source: str) -> pl.Expr:
        if source not in self.wide.columns:
            return pl.lit(None, pl.String)
        text = pl.col(source).cast(pl.String).str.strip_chars()
        return pl.when(text != "").then(text)

    def _customers(self, frame: pl.DataFrame) -> pl.DataFrame:
        people = self.station.table("customer").select(
            pl.col("customer_no").alias("c_no"), pl.col("name").alias("c_name"), pl.col("address").alias("c_address"),
            pl.col("status").alias("c_status"),
        )  # fmt: skip
        meters = self.station.meters.drop_nulls("customer_no")
        own = meters.select(
            pl.col("customer_no").alias("c_no"), pl.col("asset_no").alias("c_meter"), pl.col("bar_code").alias("c_meter_bar"),
            pl.col("box_no").alias("c_box"), pl.col("point_area").alias("c_area"), pl.col("slot_row").alias("c_row"),
            pl.col("slot_column").alias("c_column"),
        )  # fmt: skip
        counts = own.group_by("c_no").agg(pl.len().alias("c_meters"), pl.col("c_area").unique().alias("c_areas"))
        several = own.join(counts.filter(pl.col("c_meters") > 1), on="c_no", how="semi")
        single = own.join(counts.filter(pl.col("c_meters") == 1), on="c_no", how="semi")
        frame = frame.join(people, left_on="customer_no", right_on="c_no", how="left", maintain_order="left", coalesce=False)
        frame = frame.join(counts, on="c_no", how="left", maintain_order="left")
        frame = frame.join(single, on="c_no", how="left", maintain_order="left")
        named = several.rename({name: f"{name}_x" for name in several.columns if name != "c_no"})
        frame = frame.join(
            named, left_on=["c_no", "meter"], right_on=["c_no", "c_meter_x"], how="left", maintain_order="left", coalesce=False
        )
        filled = [pl.coalesce(name, f"{name}_x").alias(name) for name in own.columns if name != "c_no"]
        return frame.with_columns(filled).select(pl.exclude("^c_.*_(x|right)$"))

    def _packages(self, frame: pl.DataFrame) -> pl.DataFrame:
        """The package a row names, else the one a person named for its file."""
        named = self.station.sheets.select("sheet_id", pl.col("package_no").alias("_named"))
        frame = frame.join(named, on="sheet_id", how="left", maintain_order="left")
        number = pl.coalesce(pl.col("package_no").str.to_uppercase(), pl.when(pl.col("_named") != "").then("_named"))
        return frame.with_columns(number.alias("package_no")).drop("_named")

    def _areas(self, frame: pl.DataFrame) -> pl.DataFrame:
        """``area`` and ``own_area``: the number written in the row, or the one area that has the written name."""
        known = self.station.table("transformer_area").select(pl.col("area_no").alias("area_of_name"), plain(pl.col("name")).alias("_name"))
        known = known.drop_nulls().unique("_name", keep="none")
        written = plain(pl.coalesce("point_area_name", "area_name")).alias("_name")
        frame = frame.with_columns(written).join(known, on="_name", how="left", maintain_order="left").drop("_name")
        return frame.with_columns(
            pl.coalesce("point_area", "box_area", "area_of_name").alias("area"),
            pl.coalesce("c_area", "m_point_area", "b_area_no").alias("own_area"),
        )


def _named(frame: pl.DataFrame, table: pl.DataFrame, short: str, prefix: str) -> pl.DataFrame:
    """Adds the number the row gives and the ledger's record: its barcode decides when exactly one record carries it."""
    bars = table.select(pl.col("bar_code").alias("_bar"), pl.col("asset_no").alias("_no")).drop_nulls().unique("_bar", keep="none")
    frame = frame.join(bars, left_on=f"{short}_bar", right_on="_bar", how="left", maintain_order="left")
    frame = frame.with_columns(pl.coalesce("_no", asset_number(pl.col(f"{short}_bar")), f"{short}_asset").alias(short)).drop("_no")
    records = table.unique("asset_no", keep="first", maintain_order=True)
    records = records.select(pl.col("asset_no").alias(f"{prefix}_no"), pl.exclude("asset_no").name.prefix(f"{prefix}_"))
    return frame.join(records, left_on=short, right_on=f"{prefix}_no", how="left", maintain_order="left", coalesce=False)


def found(frame: pl.DataFrame, klass: str, **columns: pl.Expr | str) -> pl.DataFrame:
    """The rows of ``frame`` as differences of one class (``FOUND``).

    Args:
        frame: with sheet_id, sheet_row and what ``columns`` read.
        klass: the class.
        columns: entity, key, field, ledger, field_value, detail, evidence (list of texts); a text stands for itself.
    """
    nothing: dict[str, pl.Expr] = {name: pl.lit(None) for name in ("ledger", "field_value")}
    defaults = {"klass": pl.lit(klass), "field": pl.lit(""), "detail": pl.lit(""), "evidence": pl.lit([], pl.List(pl.String)), **nothing}
    given = {name: pl.lit(value) if isinstance(value, str) else value for name, value in columns.items()}
    values = {"sheet_id": pl.col("sheet_id"), "sheet_row": pl.col("sheet_row"), **defaults, **given}
    return frame.select(values[name].cast(kind).alias(name) for name, kind in FOUND.items())


def told(*sentences: pl.Expr) -> pl.Expr:
    """A list of the sentences that are not null."""
    return pl.concat_list([sentence.cast(pl.String) for sentence in sentences]).list.drop_nulls()


def row_detail() -> pl.Expr:
    """Tells differences of the same record apart by the row that says them."""
    return pl.format("{}:{}", "sheet_id", "sheet_row")
