"""Which records of any entity lie below a substation, feeder, area, box or customer."""

from typing import Any

from sqlalchemy import ColumnElement, Select, select, true

from lvdesk.network.tables import (
    TABLES,
    AccessPoint,
    BranchBox,
    Customer,
    Feeder,
    Meter,
    MeterBox,
    MeteringPoint,
    Pole,
    Substation,
    Transformer,
    TransformerArea,
)

UNPLACED = ""
"""The key of the made-up parent of records whose parent is not known."""

_CLASSES: dict[str, Any] = {
    "substation": Substation, "feeder": Feeder, "transformer_area": TransformerArea, "transformer": Transformer, "pole": Pole,
    "branch_box": BranchBox, "access_point": AccessPoint, "meter_box": MeterBox, "meter": Meter,
    "metering_point": MeteringPoint, "customer": Customer,
}  # fmt: skip


def inside(entity: str, parent: str, key: str) -> ColumnElement[bool]:
    """A clause on ``entity``'s table: the record lies in the record ``key`` of entity ``parent``; everything for an unknown pair."""
    if entity == parent:
        return _own_key(entity) == key
    if parent == "substation":
        return (
            _in_feeders(entity, select(Feeder.feeder_no).where(Feeder.substation_no == key))
            if entity != "feeder"
            else (Feeder.substation_no == key)
        )
    if parent == "feeder":
        return _in_feeders(entity, select(Feeder.feeder_no).where(Feeder.feeder_no == key))
    if parent == "transformer_area":
        return _in_areas(entity, select(TransformerArea.area_no).where(TransformerArea.area_no == key))
    if parent == "meter_box":
        return _in_boxes(entity, key)
    if parent == "customer":
        return _of_customer(entity, key)
    return true()


def _own_key(entity: str) -> ColumnElement[Any]:
    return next(column for column in TABLES[entity].c if column.unique)


def _in_feeders(entity: str, feeders: Select[Any]) -> ColumnElement[bool]:
    if entity == "substation":
        return Substation.substation_no.in_(select(Feeder.substation_no).where(Feeder.feeder_no.in_(feeders)))
    if entity == "pole":
        return Pole.feeder_no.in_(feeders)
    if entity == "transformer_area":
        return TransformerArea.feeder_no.in_(feeders)
    return _in_areas(entity, select(TransformerArea.area_no).where(TransformerArea.feeder_no.in_(feeders)))


def _in_areas(entity: str, areas: Select[Any]) -> ColumnElement[bool]:
    points = select(MeteringPoint.mp_no).where(MeteringPoint.area_no.in_(areas))
    match entity:
        case "substation" | "feeder":
            feeders = select(TransformerArea.feeder_no).where(TransformerArea.area_no.in_(areas))
            return Feeder.feeder_no.in_(feeders) if entity == "feeder" else _in_feeders("substation", feeders)
        case "customer":
            return Customer.customer_no.in_(select(MeteringPoint.customer_no).where(MeteringPoint.area_no.in_(areas)))
        case "meter":
            return Meter.mp_no.in_(points)
        case _:
            return _CLASSES[entity].area_no.in_(areas)  # type: ignore[no-any-return]


def _in_boxes(entity: str, box: str) -> ColumnElement[bool]:
    points = select(Meter.mp_no).where(Meter.box_no == box)
    match entity:
        case "meter":
            return Meter.box_no == box
        case "metering_point":
            return MeteringPoint.mp_no.in_(points)
        case "customer":
            return Customer.customer_no.in_(select(MeteringPoint.customer_no).where(MeteringPoint.mp_no.in_(points)))
        case "access_point":
            return AccessPoint.access_point_no.in_(select(MeterBox.access_point_no).where(MeterBox.asset_no == box))
        case _:
            return _in_areas(entity, select(MeterBox.area_no).where(MeterBox.asset_no == box))


def _of_customer(entity: str, customer: str) -> ColumnElement[bool]:
    points = select(MeteringPoint.mp_no).where(MeteringPoint.customer_no == customer)
    match entity:
        case "metering_point":
            return MeteringPoint.customer_no == customer
        case "meter":
            return Meter.mp_no.in_(points)
        case "meter_box":
            return MeterBox.asset_no.in_(select(Meter.box_no).where(Meter.mp_no.in_(points)))
        case _:
            return _in_areas(entity, select(MeteringPoint.area_no).where(MeteringPoint.customer_no == customer))
