"""What a ledger no longer lists, judged only inside the part of the network that the imported files cover."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import polars as pl
from sqlalchemy import Connection, Select, func, null, select

from lvdesk.ledger.doubts import Doubt
from lvdesk.network.tables import Customer, Feeder, Meter, MeterBox, MeteringPoint, TransformerArea


@dataclass
class Scope:
    """Parents whose children the imported files list completely."""

    substations: set[str] = field(default_factory=set)
    feeders: set[str] = field(default_factory=set)
    areas: set[str] = field(default_factory=set)
    surveyed_areas: set[str] = field(default_factory=set)
    area_names: set[str] = field(default_factory=set)
    doubts: set[Doubt] = field(default_factory=set)

    def learn(self, template_entity: str, records: dict[str, pl.DataFrame]) -> None:
        """Widens the scope by what a piece of a table covers."""
        for entity, column, covered in _COVERS.get(template_entity, ()):
            frame = records.get(entity)
            if frame is not None and column in frame.columns:
                getattr(self, covered).update(frame[column].drop_nulls().unique().to_list())

    def place(self, connection: Connection) -> None:
        """Areas that the files only name, by their numbers, as far as one area bears the name."""
        names = sorted(self.area_names)
        for start in range(0, len(names), _PARENTS):
            part = TransformerArea.name.in_(names[start : start + _PARENTS])
            single = select(func.max(TransformerArea.area_no)).where(part).group_by(TransformerArea.name).having(func.count() == 1)
            self.areas.update(connection.execute(single).scalars())

    def merge(self, other: "Scope") -> None:
        """Takes over what another file covers."""
        for name in ("substations", "feeders", "areas", "surveyed_areas", "doubts"):
            getattr(self, name).update(getattr(other, name))


_PARENTS: Final = 5_000

_COVERS: Final[dict[str, tuple[tuple[str, str, str], ...]]] = {
    "feeder": (("feeder", "substation_no", "substations"),),
    "transformer_area": (("transformer_area", "feeder_no", "feeders"), ("transformer_area", "area_no", "areas")),
    "customer": (("metering_point", "area_no", "areas"), ("metering_point", "area_name", "area_names")),
    "meter_box": (("meter_box", "area_no", "surveyed_areas"),),
}
"""Template entity -> (entity, column, scope set). An area ledger also covers its areas' customers: an area that lists none has none."""


@dataclass(frozen=True)
class Seen:
    """What an import has listed of one entity: ids in pieces, and the highest id there was before it."""

    ids: Sequence[pl.Series]
    before: int


def gone(connection: Connection, scope: Scope, template_entity: str, entity: str, seen: Seen) -> list[tuple[int, str]]:
    """Id and key of records of ``entity`` that were listed before, lie in the scope and were not listed this time.

    A record that a row with unreadable numbers may have listed is not gone.
    """
    rule = _RULES.get((template_entity, entity))
    if rule is None or not seen.before:
        return []
    covered, query, parent = rule
    ids = set(pl.concat(seen.ids).to_list()) if seen.ids else set()
    doubts = [doubt for doubt in scope.doubts if doubt.entity == entity]
    parents = sorted(getattr(scope, covered))
    found: dict[int, str] = {}
    for start in range(0, len(parents), _PARENTS):
        for row in connection.execute(query.where(parent.in_(parents[start : start + _PARENTS]))):
            if row[0] <= seen.before and row[0] not in ids and not any(doubt.covers(row[2], row[3]) for doubt in doubts):
                found[row[0]] = row[1]
    return list(found.items())


_NONE: Final = null()


def _listed(record: Any, key: Any, customer_no: Any = _NONE, area_no: Any = _NONE) -> Select[Any]:
    return select(record.id, key, customer_no, area_no).where(record.listed == 1, record.absent_sheet.is_(None))


_OWNER: Final = (MeteringPoint.customer_no, MeteringPoint.area_no)
_RULES: Final[dict[tuple[str, str], tuple[str, Select[Any], Any]]] = {
    ("feeder", "feeder"): ("substations", _listed(Feeder, Feeder.feeder_no), Feeder.substation_no),
    ("transformer_area", "transformer_area"): (
        "feeders",
        _listed(TransformerArea, TransformerArea.area_no, _NONE, TransformerArea.area_no),
        TransformerArea.feeder_no,
    ),
    ("meter_box", "meter_box"): ("surveyed_areas", _listed(MeterBox, MeterBox.asset_no, _NONE, MeterBox.area_no), MeterBox.area_no),
    ("customer", "metering_point"): ("areas", _listed(MeteringPoint, MeteringPoint.mp_no, *_OWNER), MeteringPoint.area_no),
    ("customer", "meter"): (
        "areas",
        _listed(Meter, Meter.asset_no, *_OWNER).join(MeteringPoint, MeteringPoint.mp_no == Meter.mp_no),
        MeteringPoint.area_no,
    ),
    ("customer", "customer"): (
        "areas",
        _listed(Customer, Customer.customer_no, *_OWNER).join(MeteringPoint, MeteringPoint.customer_no == Customer.customer_no),
        MeteringPoint.area_no,
    ),
}
"""(template entity, entity) -> scope set, listed records with customer and area, the column that places them."""
