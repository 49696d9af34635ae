"""Puts the sides of every attribute beside each other."""

from functools import cached_property
from typing import Final

import polars as pl

from lvdesk.checks.model import KEYS
from lvdesk.checks.station import Station
from lvdesk.exchange.reconcile.book import Book, Compare
from lvdesk.exchange.reconcile.field_side import FieldSide, joined
from lvdesk.exchange.reconcile.gis_side import GisSide
from lvdesk.exchange.reconcile.judging import ABSENT, CANCELLED, IN_USE
from lvdesk.exchange.reconcile.model import SIDES
from lvdesk.exchange.reconcile.told import Told

_NAMED: Final = {"customer": "name", "meter_box": "location", "meter": "bar_code"}
"""Entity -> what people call its records; others by their name."""
_ENDED: Final = "已销户"
"""How the status of a cancelled customer begins (resources/codes/customer_status.toml)."""
_LIST: Final = "、"


class Sides:
    """Frames of ``SIDES`` for one run.

    Attributes:
        gis: what the feedback says.
    """

    def __init__(self, station: Station, book: Book) -> None:
        self._station, self._book = station, book
        self._told, self._field = Told(station), FieldSide(station)
        self.gis = GisSide(station)
        self._things: dict[str, pl.DataFrame] = {}

    def of(self, rule: Compare) -> pl.DataFrame:
        """The sides of an attribute of every accepted record."""
        frame = self._customer_areas(rule) if rule.key == "customer.area_no" else self._own(rule)
        field = self._field.value(rule.entity, rule.field, rule.pattern).rename(
            {"value": "field_value", "sheet_id": "field_sheet", "sheet_row": "field_row"}
        )
        fed = self.gis.value(rule.entity, rule.field).rename({"value": "fed", "sheet_id": "gis_sheet", "sheet_row": "gis_row"})
        for said in (field, fed):
            frame = frame.join(said, on="key", how="left", maintain_order="left")
        return _shaped(frame.with_columns(pl.coalesce("fed", "gis").alias("gis")), rule)

    def things(self, entity: str) -> pl.DataFrame:
        """id, key, title, area_no of the accepted records."""
        if entity not in self._things:
            table = self._station.table(entity)
            name = _NAMED.get(entity, "name")
            named = pl.col(name) if name in table.columns else pl.lit(None, pl.String)
            frame = table.select("id", pl.col(KEYS[entity]).alias("key"), named.alias("title"))
            areas = self._station.areas(entity).unique("id", keep="first")
            if entity == "transformer_area":
                areas = frame.select("id", pl.col("key").alias("area_no"))
            self._things[entity] = frame.join(areas, on="id", how="left", maintain_order="left")
        return self._things[entity]

    def _own(self, rule: Compare) -> pl.DataFrame:
        """id, key, title, area_no, base, marketing, gis of a value that stands in the record itself."""
        entity, names = rule.stored
        parts = [self._told.value(entity, name) for name in names]
        if len(parts) == 1:
            return self.things(rule.entity).join(parts[0], on="id", how="left", maintain_order="left")
        wide = self.things(rule.entity)
        for place, part in enumerate(parts):
            wide = wide.join(part.rename({side: f"{side}{place}" for side in part.columns[1:]}), on="id", how="left", maintain_order="left")
        whole = [joined(rule.pattern, [pl.col(f"{side}{place}") for place in range(len(parts))]) for side in ("base", "marketing", "gis")]
        return wide.select(
            "id", "key", "title", "area_no", *[said.alias(side) for said, side in zip(whole, ("base", "marketing", "gis"), strict=True)]
        )

    def _customer_areas(self, rule: Compare) -> pl.DataFrame:
        """The relation stands on the metering points; several points in several areas are one text, and any of them is right."""
        points = self._station.table("metering_point").select("id", pl.col("customer_no").alias("key"))
        said = self._told.value(*[rule.stored[0], rule.stored[1][0]]).join(points, on="id").drop_nulls("key").sort("id")
        whole = said.group_by("key", maintain_order=True).agg(
            [pl.col(side).drop_nulls().unique(maintain_order=True) for side in ("base", "marketing", "gis")]
        )
        texts = [
            pl.when(pl.col(side).list.len() > 0).then(pl.col(side).list.join(_LIST)).alias(side) for side in ("base", "marketing", "gis")
        ]
        return self.living().join(whole.select("key", *texts), on="key", how="left", maintain_order="left")

    def living(self) -> pl.DataFrame:
        """Customers that are not cancelled: what feeds the others is of no account."""
        living = self._station.table("customer").filter(~pl.col("status").fill_null("").str.starts_with(_ENDED)).select("id")
        return self.things("customer").join(living, on="id", how="semi", maintain_order="left")

    def presence(self) -> pl.DataFrame:
        """The sides of whether a customer is there: every one that any side knows."""
        field, fed = self._field.presence(), self._coverage
        keys = pl.concat(
            [self.things("customer").select("key"), field.select("key"), self.gis.fed.select(pl.col("customer_no").alias("key"))]
        )
        frame = keys.unique(maintain_order=True).join(self.things("customer"), on="key", how="left", maintain_order="left")
        frame = frame.join(self._status, on="id", how="left", maintain_order="left")
        frame = frame.join(
            field.rename({"value": "found", "sheet_id": "field_sheet", "sheet_row": "field_row"}),
            on="key",
            how="left",
            maintain_order="left",
        )
        frame = frame.join(fed, on="key", how="left", maintain_order="left")
        older = pl.col("collected_on").is_not_null() & (pl.col("cancelled_on") >= pl.col("collected_on"))
        ours = (pl.col(side).fill_null(ABSENT).alias(side) for side in ("base", "marketing"))
        living = pl.col("base") == IN_USE
        gis = (
            pl.when(pl.col("gis_row").is_not_null())
            .then(pl.lit(IN_USE))
            .when(living & pl.col("covered").fill_null(value=False))
            .then(pl.lit(ABSENT))
        )
        frame = frame.join(self._covered, on="area_no", how="left", maintain_order="left").with_columns(ours)
        frame = frame.with_columns(gis.alias("gis"), pl.when(~older.fill_null(value=False)).then("found").alias("field_value"))
        return _shaped(
            frame.with_columns(pl.coalesce("title", "name").alias("title"), pl.lit(None, pl.String).alias("note")), self._book.presence
        )

    @cached_property
    def _status(self) -> pl.DataFrame:
        """id, base, marketing, cancelled_on: presence by our records and by marketing's ledgers."""
        said = self._told.value("customer", "status")
        ended = {side: pl.col(side).str.starts_with(_ENDED).fill_null(value=False) for side in ("base", "marketing")}
        word = {side: pl.when(condition).then(pl.lit(CANCELLED)).otherwise(pl.lit(IN_USE)) for side, condition in ended.items()}
        unsaid = pl.col("marketing").is_null() & pl.col("base").is_not_null()
        marketing = pl.when(unsaid).then(word["base"]).otherwise(word["marketing"])
        days = self._station.table("customer").select("id", "cancelled_on")
        return said.select("id", word["base"].alias("base"), marketing.alias("marketing")).join(
            days, on="id", how="left", maintain_order="left"
        )

    @cached_property
    def _coverage(self) -> pl.DataFrame:
        return self.gis.fed.select(
            pl.col("customer_no").alias("key"), pl.col("sheet_id").alias("gis_sheet"), pl.col("sheet_row").alias("gis_row")
        )

    @cached_property
    def _covered(self) -> pl.DataFrame:
        """area_no, covered: whether the feedback speaks of enough of an area's customers for the others to be missing in the GIS."""
        fed = pl.col("customer_no").is_in(self.gis.fed["customer_no"].implode()).alias("fed")
        living = self.living().select(pl.col("key").alias("customer_no"), "area_no").drop_nulls("area_no").with_columns(fed)
        share = living.group_by("area_no").agg(pl.mean("fed").alias("share"))
        return share.select("area_no", (pl.col("share") >= self._book.covered).alias("covered"))


def _shaped(frame: pl.DataFrame, rule: Compare) -> pl.DataFrame:
    """The columns of ``SIDES``; a side that says one of several accepted values says the same as we do."""
    frame = frame.with_columns(pl.lit(rule.entity).alias("entity"), pl.lit(rule.field).alias("field"))
    within = {
        side: pl.col("base").str.contains(_LIST, literal=True) & pl.col("base").str.split(_LIST).list.contains(pl.col(side))
        for side in ("marketing", "field_value", "gis")
    }
    same = [pl.when(held.fill_null(value=False)).then("base").otherwise(side).alias(side) for side, held in within.items()]
    return frame.with_columns(same).select(pl.col(name).cast(kind) for name, kind in SIDES.items())
