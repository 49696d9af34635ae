"""What the field says, newest word for each thing and attribute, told in the ledger's numbers."""

from collections.abc import Callable
from functools import cached_property
from typing import Any, Final

import polars as pl

from lvdesk.checks.points import CHINA
from lvdesk.checks.station import Station
from lvdesk.exchange.reconcile.judging import ABSENT, IN_USE
from lvdesk.fieldwork.classing import book as returns_book
from lvdesk.fieldwork.classing.answers import PLACE, Answers
from lvdesk.fieldwork.classing.damage import spoiled
from lvdesk.fieldwork.classing.places import coordinates

SAID: Final[dict[str, Any]] = {"key": pl.String, "value": pl.String, "sheet_id": pl.Int64, "sheet_row": pl.Int64}
"""The newest value of each key and the row that says it."""
_NEWEST: Final = ["sheet_id", "sheet_row"]
_ORDINARY: Final = {"access_point": "access_point_no"}
"""Entities that field rows name by the ledger's own key -> that key."""


class FieldSide:
    """Values of field results; one for a run."""

    def __init__(self, station: Station) -> None:
        self._station = station
        self._answers = Answers(station, returns_book.load_book(station.ws.overrides), station.field_rows)

    def value(self, entity: str, name: str, pattern: str) -> pl.DataFrame:
        """``SAID`` of an attribute (a name of ``resources/reconcile.toml``); no rows where the field says nothing of it."""
        ways: dict[str, Callable[[], pl.DataFrame]] = {
            "customer.area_no": self._customer_areas, "customer.name": self._names, "meter_box.area_no": self._box_areas,
            "meter_box.coordinate": self._places, "meter.box_no": self._boxes, "meter.slot": lambda: self._slots(pattern),
        }  # fmt: skip
        if (way := ways.get(f"{entity}.{name}")) is not None:
            return way()
        return self._ordinary(entity, name) if entity in _ORDINARY else pl.DataFrame(schema=SAID)

    def presence(self) -> pl.DataFrame:
        """``SAID`` of customers, in the ledger or not, and ``collected_on``: whether they were found; nobody knows behind closed doors."""
        rows = self._answers.rows.filter((pl.col("kind") != "closed").fill_null(value=True))
        value = pl.when(pl.col("kind") == "absent").then(pl.lit(ABSENT)).otherwise(pl.lit(IN_USE))
        who = pl.coalesce("c_no", "m_customer_no", "customer_no")
        said = _newest(rows.with_columns(who.alias("key"), value.alias("value")), "name")
        wide = self._answers.wide
        day = pl.col("note.collected_on") if "note.collected_on" in wide.columns else pl.lit(None, pl.String)
        days = wide.select(*_NEWEST, day.cast(pl.String).alias("collected_on")).unique(_NEWEST, keep="first")
        return said.join(days, on=_NEWEST, how="left", maintain_order="left")

    @cached_property
    def _present(self) -> pl.DataFrame:
        """Rows of things that are there; ``who``: the customer; ``subject``: the ledger's meter the row is about."""
        its = pl.when(pl.col("m_id").is_not_null()).then("meter")
        his = pl.when(pl.col("meter").is_null()).then("c_meter")
        return self._answers.present.with_columns(pl.coalesce("c_no", "m_customer_no").alias("who"), pl.coalesce(its, his).alias("subject"))

    def _customer_areas(self) -> pl.DataFrame:
        return _newest(self._present.with_columns(pl.col("who").alias("key"), pl.col("area").alias("value")))

    def _names(self) -> pl.DataFrame:
        return _newest(self._present.with_columns(pl.col("c_no").alias("key"), pl.col("name").alias("value")))

    def _box_areas(self) -> pl.DataFrame:
        known = self._present.filter(pl.col("b_id").is_not_null())
        return _newest(known.with_columns(pl.col("box").alias("key"), pl.col("area").alias("value")))

    def _boxes(self) -> pl.DataFrame:
        sound = self._present.join(spoiled(self._answers, "meter_box"), on=PLACE, how="anti", maintain_order="left")
        return _newest(sound.with_columns(pl.col("subject").alias("key"), pl.col("box").alias("value")))

    def _slots(self, pattern: str) -> pl.DataFrame:
        """Slots within the ledger's own box; a slot in another box is that box's."""
        own = pl.when(pl.col("m_id").is_not_null()).then("m_box_no").otherwise("c_box")
        there = (pl.col("slot_row") > 0) & (pl.col("slot_column") > 0) & (pl.col("box").is_null() | (pl.col("box") == own))
        rows = self._present.filter(there)
        value = joined(pattern, [pl.col("slot_row").cast(pl.String), pl.col("slot_column").cast(pl.String)])
        return _newest(rows.with_columns(pl.col("subject").alias("key"), value.alias("value")))

    def _places(self) -> pl.DataFrame:
        """The middle of a box's coordinates in the newest sheet that has them."""
        sound = coordinates(self._answers).drop_nulls(["x", "y"]).filter(pl.col("b_id").is_not_null())
        boxes = sound.group_by("box", "sheet_id", maintain_order=True).agg(pl.median("x", "y"), pl.first("sheet_row"))
        return _newest(boxes.with_columns(pl.col("box").alias("key"), _lonlat("x", "y").alias("value")))

    def _ordinary(self, entity: str, name: str) -> pl.DataFrame:
        frame = self._station.field(entity).with_columns(pl.col(_ORDINARY[entity]).alias("key"))
        if name == "coordinate":
            return _newest(frame.filter(CHINA.holds()).with_columns(_lonlat("longitude", "latitude").alias("value")))
        if name not in frame.columns:
            return pl.DataFrame(schema=SAID)
        return _newest(frame.with_columns(pl.col(name).cast(pl.String).alias("value")))


def joined(pattern: str, parts: list[pl.Expr]) -> pl.Expr:
    """The parts written as ``pattern`` says, null where one is."""
    pieces = pattern.split("{}")
    between = [part for pair in zip(parts, map(pl.lit, pieces[1:]), strict=True) for part in pair]
    return pl.concat_str(pl.lit(pieces[0]), *between)


def _lonlat(longitude: str, latitude: str) -> pl.Expr:
    """Degrees to a centimetre."""
    return joined("{},{}", [pl.col(name).round(7).cast(pl.String) for name in (longitude, latitude)])


def _newest(rows: pl.DataFrame, *more: str) -> pl.DataFrame:
    """``SAID`` of the newest row of each key that has a value."""
    named = rows.drop_nulls(["key", "value"]).sort(_NEWEST, maintain_order=True)
    return named.unique("key", keep="last", maintain_order=True).select(*SAID, *more)
