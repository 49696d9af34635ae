"""What a ledger no longer lists, judged only inside the part of the network that the imported files cover."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import polars as pl
from sqlalchemy import Connection, Select, func, null, select

from lvdesk.ledger.doubts import Doubt
from lvdesk.network.tables import Customer, Feeder, Meter, MeterBox, MeteringPoint, TransformerArea

_PARENTS: Final = 5_000
_FEW: Final = 3


@dataclass
class Scope:
    """Parents whose children the imported files list completely.

    Attributes:
        areas: areas whose customers a customer ledger lists; ``area_names`` those it only names.
        area_feeders: areas of the area ledger in the same file, with their feeders.
        complete: areas whose file lists the area itself too: a whole export, not an excerpt.
    """

    substations: set[str] = field(default_factory=set)
    feeders: set[str] = field(default_factory=set)
    areas: set[str] = field(default_factory=set)
    surveyed_areas: set[str] = field(default_factory=set)
    area_names: set[str] = field(default_factory=set)
    area_feeders: dict[str, str] = field(default_factory=dict)
    complete: set[str] = field(default_factory=set)
    doubts: set[Doubt] = field(default_factory=set)

    def learn(self, template_entity: str, records: dict[str, pl.DataFrame]) -> None:
        """Widens the scope by what a piece of a table covers."""
        for entity, column, covered in _COVERS.get(template_entity, ()):
            frame = records.get(entity)
            if frame is not None and column in frame.columns:
                getattr(self, covered).update(frame[column].drop_nulls().unique().to_list())
        areas = records.get("transformer_area")
        if template_entity == "transformer_area" and areas is not None and "feeder_no" in areas.columns:
            self.area_feeders.update(areas.select("area_no", "feeder_no").drop_nulls().iter_rows())

    def place(self, connection: Connection) -> None:
        """Completes the areas: by their names, and those of the same feeders that the file lists without any customer."""
        names = sorted(self.area_names)
        for start in range(0, len(names), _PARENTS):
            part = TransformerArea.name.in_(names[start : start + _PARENTS])
            single = select(func.max(TransformerArea.area_no)).where(part).group_by(TransformerArea.name).having(func.count() == 1)
            self.areas.update(connection.execute(single).scalars())
        feeders = {self.area_feeders[area] for area in self.areas if area in self.area_feeders}
        self.complete.update(area for area, feeder in self.area_feeders.items() if feeder in feeders)
        self.areas |= self.complete

    def merge(self, other: "Scope") -> None:
        """Takes over what another file covers."""
        for name in ("substations", "feeders", "areas", "surveyed_areas", "complete", "doubts"):
            getattr(self, name).update(getattr(other, name))


_COVERS: Final[dict[str, tuple[tuple[str, str, str], ...]]] = {
    "feeder": (("feeder", "substation_no", "substations"),),
    "transformer_area": (("transformer_area", "feeder_no", "feeders"),),
    "customer": (("metering_point", "area_no", "areas"), ("metering_point", "area_name", "area_names")),
    "meter_box": (("meter_box", "area_no", "surveyed_areas"),),
}
"""Template entity -> (entity, column, scope set)."""


@dataclass(frozen=True)
class Seen:
    """What an import has listed of one entity: ids in pieces, and the highest id there was before it."""

    ids: Sequence[pl.Series]
    before: int


@dataclass(frozen=True)
class Partial:
    """A parent of which most children are missing: rather a partial file than the truth."""

    parent: str
    missing: int
    listed: int


def gone(
    connection: Connection, scope: Scope, template_entity: str, entity: str, seen: Seen
) -> tuple[list[tuple[int, str]], list[Partial]]:
    """Id and key of records of ``entity`` that were listed before, lie in the scope and were not listed this time.

    A record that a row with unreadable numbers may have listed is not gone. Where an excerpt would make more than half of a parent's
    records (and more than three) go, nothing is concluded: a file of one month's new accounts says nothing about the others.
    """
    rule = _RULES.get((template_entity, entity))
    if rule is None or not seen.before:
        return [], []
    covered, query, parent = rule
    ids = set(pl.concat(seen.ids).to_list()) if seen.ids else set()
    doubts = [doubt for doubt in scope.doubts if doubt.entity == entity]
    parents = sorted(getattr(scope, covered))
    missing: dict[str, dict[int, str]] = {}
    listed: dict[str, set[int]] = {}
    for start in range(0, len(parents), _PARENTS):
        found = connection.execute(query.add_columns(parent).where(parent.in_(parents[start : start + _PARENTS])))
        for number, key, customer, area, place in found:
            if number > seen.before:
                continue
            listed.setdefault(place, set()).add(number)
            if number not in ids and not any(doubt.covers(customer, area) for doubt in doubts):
                missing.setdefault(place, {})[number] = key
    whole = scope.complete if covered == "areas" else set()
    most = {p: m for p, m in missing.items() if p not in whole and len(m) > _FEW and 2 * len(m) > len(listed[p])}
    partial = [Partial(p, len(m), len(listed[p])) for p, m in most.items()]
    doubtful = {part.parent for part in partial}
    sure = {number: key for place, records in missing.items() if place not in doubtful for number, key in records.items()}
    return list(sure.items()), partial


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
