"""Rows whose numbers could not be read: what they may have listed must not be called gone."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import polars as pl

from lvdesk.ledger.model import Refused
from lvdesk.ledger.rows import ROW

_IDENTITY: Final = {
    "feeder.feeder_no": "feeder",
    "transformer_area.area_no": "transformer_area",
    "meter_box.bar_code": "meter_box",
    "meter_box.asset_no": "meter_box",
    "meter.bar_code": "meter",
    "meter.asset_no": "meter",
    "metering_point.mp_no": "metering_point",
    "customer.customer_no": "customer",
}
"""Field -> the entity it identifies. Who cannot be read as a customer cannot be read as a point or meter either."""

_WITH: Final = {"customer": ("customer", "metering_point", "meter")}
_AREAS: Final = ("metering_point.area_no", "transformer_area.area_no", "meter_box.area_no")


@dataclass(frozen=True)
class Doubt:
    """A row that lists some record of ``entity``, unreadable; the customer or at least the area it stands in, if known."""

    entity: str
    customer_no: str | None
    area_no: str | None

    def covers(self, customer_no: str | None, area_no: str | None) -> bool:
        """Whether the unreadable record may be the one of this customer or area."""
        if self.customer_no is not None:
            return self.customer_no == customer_no
        return self.area_no is None or self.area_no == area_no


def doubts(rows: Iterable[Mapping[str, Any]], refused: Iterable[Refused]) -> set[Doubt]:
    """The doubts that refused values leave; ``rows`` are the wide rows they stand in."""
    entities: dict[int, set[str]] = {}
    for refusal in refused:
        entity = _IDENTITY.get(refusal.field)
        if entity is not None:
            entities.setdefault(refusal.row, set()).update(_WITH.get(entity, (entity,)))
    found: set[Doubt] = set()
    for row in rows if entities else ():
        area = next((row[name] for name in _AREAS if row.get(name)), None)
        for entity in entities.get(row[ROW], ()):
            found.add(Doubt(entity, row.get("customer.customer_no"), area))
    return found


def doubts_of(wide: pl.DataFrame, refused: list[Refused]) -> set[Doubt]:
    """The same for a frame of wide rows."""
    if not refused:
        return set()
    rows = sorted({refusal.row for refusal in refused})
    return doubts(wide.filter(pl.col(ROW).is_in(rows)).iter_rows(named=True), refused)
