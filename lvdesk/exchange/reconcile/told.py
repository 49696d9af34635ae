"""What marketing and the GIS say of an accepted value: the newest ledgers, also where the accepted value is another one by now."""

import json
from functools import cached_property
from typing import Any, Final

import polars as pl
from sqlalchemy import select

from lvdesk.checks.station import Station
from lvdesk.network.reviews import ReviewItem
from lvdesk.review.model import State

_MARKETING: Final = "marketing"
_THEIRS: Final = ("gis", "pms")
_BEFORE: Final = {"entity": pl.String, "id": pl.Int64, "field": pl.String, "before": pl.String, "now": pl.String, "said_in": pl.Int64}
_UNTOLD: Final = (State.CONFIRMED, State.EXPORTED)
"""Items that changed our records while the marketing system has not said yet that it took the change."""


class Told:
    """Sides of accepted values; one for a run.

    A value is marketing's when its sheet is, or when no sheet gave it and marketing maintains it; a value kept beside the accepted one
    is what its system says; what a confirmed field result replaced is what marketing says until its receipt came.
    """

    def __init__(self, station: Station) -> None:
        self._station = station

    @cached_property
    def _systems(self) -> pl.DataFrame:
        return self._station.sheets.select(pl.col("sheet_id").alias("said_in"), "system")

    def value(self, entity: str, name: str) -> pl.DataFrame:
        """id, base, marketing, gis of every accepted record, as text."""
        frame = self._placed(entity, name).join(
            self._beside(entity, name, (_MARKETING,), "ours"), on="id", how="left", maintain_order="left"
        )
        frame = frame.join(self._beside(entity, name, _THEIRS, "theirs"), on="id", how="left", maintain_order="left")
        frame = frame.join(self._replaced(entity, name), on="id", how="left", maintain_order="left")
        owned = self._station.dictionary.field(entity, name).owner == _MARKETING
        unsaid = pl.col("said_in").is_null() & ~pl.col("typed") & owned
        given = (pl.col("system") == _MARKETING).fill_null(value=False) | unsaid
        before = pl.when(pl.col("now").eq_missing(pl.col("base"))).then("before")
        ours = pl.when(given).then("base").otherwise(pl.coalesce("ours", before))
        theirs = pl.when(pl.col("system").is_in(_THEIRS).fill_null(value=False)).then("base").otherwise("theirs")
        return frame.select("id", "base", ours.alias("marketing"), theirs.alias("gis"))

    def _placed(self, entity: str, name: str) -> pl.DataFrame:
        """id, base, typed, said_in, system: the accepted value and the sheet it comes from."""
        table = self._station.table(entity)
        source = rf'"{name}":\s*\[(\d+)'
        typed = pl.col("sources").str.contains(rf'"{name}":\s*\[\d+\]').fill_null(value=False)
        named = pl.col("sources").str.extract(source, 1).cast(pl.Int64)
        sheet = pl.when(~typed).then(pl.coalesce(named, "from_sheet"))
        placed = table.select("id", pl.col(name).cast(pl.String).alias("base"), typed.alias("typed"), sheet.alias("said_in"))
        return placed.join(self._systems, on="said_in", how="left", maintain_order="left")

    def _beside(self, entity: str, name: str, systems: tuple[str, ...], called: str) -> pl.DataFrame:
        """Id and what one of these systems says beside the accepted value, its newest word."""
        mine = self._station.differences.filter((pl.col("entity") == entity) & (pl.col("field") == name) & pl.col("system").is_in(systems))
        return mine.sort("sheet_id", maintain_order=True).unique("id", keep="last").select("id", pl.col("other").alias(called))

    def _replaced(self, entity: str, name: str) -> pl.DataFrame:
        mine = self._reviewed.filter((pl.col("entity") == entity) & (pl.col("field") == name))
        own = self._station.table(entity).select("id", "from_sheet")
        mine = mine.join(own, on="id", how="inner", maintain_order="left").with_columns(
            pl.coalesce("said_in", "from_sheet").alias("said_in")
        )
        mine = mine.join(self._systems, on="said_in", how="left", maintain_order="left")
        mine = mine.filter(pl.col("said_in").is_null() | (pl.col("system") == _MARKETING))
        return mine.unique("id", keep="last", maintain_order=True).select("id", "before", "now")

    @cached_property
    def _reviewed(self) -> pl.DataFrame:
        """Values that confirmed items replaced, with the sheet they came from; null where it is the record's own."""
        query = select(ReviewItem.effect).where(ReviewItem.applied.is_not(None), ReviewItem.state.in_([str(state) for state in _UNTOLD]))
        lines: list[tuple[Any, ...]] = []
        for effect in self._station.connection.execute(query.order_by(ReviewItem.id)).scalars():
            for kind, entity, number, *values in json.loads(effect or "[]"):
                if kind == "update":
                    lines += _replacements(entity, number, *values)
        return pl.DataFrame(lines, schema=_BEFORE, orient="row")


def _replacements(entity: str, number: int, before: dict[str, Any], after: dict[str, Any]) -> list[tuple[Any, ...]]:
    sources = json.loads(before.get("sources") or "{}")
    found = []
    for name, value in before.items():
        source = sources.get(name, [None, None])
        if name != "sources" and value is not None and len(source) != 1:
            now = after.get(name)
            found.append((entity, number, name, str(value), None if now is None else str(now), source[0]))
    return found
