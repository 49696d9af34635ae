"""One record with everything known of it: values and their origins, owners, its place in 站-线-变-箱-户."""

from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, func, select

from lvdesk.kit.errors import KnownError, RefusedError
from lvdesk.network.batches import Difference
from lvdesk.network.browsing import shown
from lvdesk.network.provenance import Provenance
from lvdesk.network.scoping import inside
from lvdesk.network.tables import TABLES, Meter, MeteringPoint
from lvdesk.templates.dictionary import OWNER_TITLES, Field
from lvdesk.workspace import Workspace

_PARENTS: Final[dict[str, tuple[tuple[str, str], ...]]] = {
    "feeder": (("substation", "substation_no"),),
    "transformer_area": (("feeder", "feeder_no"),),
    "transformer": (("transformer_area", "area_no"),),
    "pole": (("feeder", "feeder_no"),),
    "branch_box": (("transformer_area", "area_no"),),
    "access_point": (("transformer_area", "area_no"),),
    "meter_box": (("transformer_area", "area_no"),),
    "metering_point": (("transformer_area", "area_no"),),
    "meter": (("meter_box", "box_no"), ("metering_point", "mp_no")),
}
"""Entity -> its parents in 站-线-变-箱-户, the preferred one first, with the linking field."""

_CHILDREN: Final = {
    "substation": ("feeder", "transformer_area", "meter_box", "customer"),
    "feeder": ("transformer_area", "meter_box", "customer"),
    "transformer_area": ("transformer", "meter_box", "meter", "customer"),
    "meter_box": ("meter", "customer"),
    "metering_point": (),
    "customer": ("metering_point", "meter", "meter_box"),
}


_NEAREST: Final = 30


@dataclass(frozen=True)
class FieldValue:
    """One attribute: the value as people read it, the raw cell, the owner system, the origin; ``others`` are kept differing values."""

    key: str
    title: str
    value: str
    code: str
    raw: str
    owner: str
    owner_title: str
    file: str
    sheet: str
    row: int
    when: str
    who: str
    kind: str
    editable: bool
    others: tuple[str, ...] = ()


@dataclass(frozen=True)
class Link:
    """A related record."""

    entity: str
    key: str
    title: str


@dataclass(frozen=True)
class Record:
    """One record. ``children`` counts related records by entity title; ``related`` names the nearest ones."""

    entity: str
    entity_title: str
    id: int
    key: str
    title: str
    version: int
    absent: bool
    fields: tuple[FieldValue, ...]
    path: tuple[Link, ...]
    children: tuple[tuple[str, str, int], ...]
    related: tuple[Link, ...]


def show(ws: Workspace, entity: str, key: str | int) -> Record:
    """The record with this key, barcode, name (if only one bears it) or id.

    Raises:
        RefusedError: ``show.entity`` for an unknown kind of record.
        KnownError: ``show.missing`` when there is no such record.
    """
    if entity not in TABLES:
        raise RefusedError("show.entity", f"没有“{entity}”这种记录", f"可用的有：{'、'.join(TABLES)}")
    with ws.store.read() as connection:
        row = _find(ws, connection, entity, key)
        fields = _fields(ws, connection, entity, row)
        links = tuple(_path(ws, connection, entity, row))
        children = tuple(_children(ws, connection, entity, str(row[ws.dictionary.key(entity)])))
        related = tuple(_related(ws, connection, entity, row))
    key_text = str(row[ws.dictionary.key(entity)])
    return Record(
        entity, ws.dictionary.title(entity), row["id"], key_text, _title(ws, entity, row), row["version"], row["absent_sheet"] is not None,
        fields, links, children, related,
    )  # fmt: skip


def path(ws: Workspace, connection: Connection, entity: str, key: str) -> tuple[Link, ...]:
    """A record's place in 站-线-变-箱-户, from the substation down to itself; nothing for one that is not there."""
    table = TABLES[entity]
    row = connection.execute(select(table).where(table.c[ws.dictionary.key(entity)] == key)).mappings().first()
    return tuple(_path(ws, connection, entity, dict(row))) if row is not None else ()


def _find(ws: Workspace, connection: Connection, entity: str, key: str | int) -> dict[str, Any]:
    table = TABLES[entity]
    if isinstance(key, int):
        clauses = [table.c.id == key]
    else:
        columns = [ws.dictionary.key(entity), *(name for name in ("bar_code", "name") if name in table.c)]
        clauses = [table.c[name] == key for name in columns]
    for clause in clauses:
        rows = connection.execute(select(table).where(clause).limit(2)).mappings().all()
        if len(rows) == 1:
            return dict(rows[0])
    title = ws.dictionary.title(entity)
    raise KnownError("show.missing", f"没有找到{title} {key}", "请检查编号，或先导入包含它的台账")


def _fields(ws: Workspace, connection: Connection, entity: str, row: dict[str, Any]) -> tuple[FieldValue, ...]:
    origins = Provenance(connection)
    others: dict[str, list[str]] = {}
    query = select(Difference.field, Difference.other).where(Difference.entity == entity, Difference.record == row["id"])
    for field, other in connection.execute(query):
        others.setdefault(field, []).append(other)
    return tuple(
        _field(ws, field, row[field.name], origins.of(entity, row, field.name), tuple(others.get(field.name, ())))
        for field in ws.dictionary.entities[entity].fields.values()
    )


def _field(ws: Workspace, field: Field, value: Any, origin: Any, others: tuple[str, ...]) -> FieldValue:
    text = shown(value)
    name = ws.codes[field.codes].name(text) if field.codes and text else text
    editable = field.name != ws.dictionary.key(field.entity)
    found = (origin.raw, origin.file, origin.sheet, origin.row, origin.when, origin.who) if origin else ("", "", "", 0, "", "")
    raw, file, sheet, row, when, who = found
    return FieldValue(
        field.name,
        field.title,
        name,
        text,
        raw,
        field.owner,
        OWNER_TITLES[field.owner],
        file,
        sheet,
        row,
        when,
        who,
        field.kind,
        editable,
        others,
    )


def _title(ws: Workspace, entity: str, row: dict[str, Any]) -> str:
    if entity == "meter_box":
        return str(row["bar_code"] or row["asset_no"])
    return str(row.get("name") or row[ws.dictionary.key(entity)])


def _path(ws: Workspace, connection: Connection, entity: str, row: dict[str, Any]) -> list[Link]:
    """From the substation down to the record itself."""
    links = [Link(entity, str(row[ws.dictionary.key(entity)]), _title(ws, entity, row))]
    current: tuple[str, dict[str, Any]] | None = (entity, row)
    while current is not None:
        current = _parent(ws, connection, *current)
        if current is not None:
            links.append(Link(current[0], str(current[1][ws.dictionary.key(current[0])]), _title(ws, *current)))
    return links[::-1]


def _parent(ws: Workspace, connection: Connection, entity: str, row: dict[str, Any]) -> tuple[str, dict[str, Any]] | None:
    if entity == "customer":
        return _meter_of(connection, row)
    for parent, link in _PARENTS.get(entity, ()):
        if row[link] is None:
            continue
        table = TABLES[parent]
        found = connection.execute(select(table).where(table.c[ws.dictionary.key(parent)] == row[link])).mappings().first()
        if found is not None:
            return parent, dict(found)
    return None


def _meter_of(connection: Connection, row: dict[str, Any]) -> tuple[str, dict[str, Any]] | None:
    """A customer hangs on its meter, else on its metering point."""
    number = row["customer_no"]
    query = select(Meter.__table__).join(MeteringPoint, MeteringPoint.mp_no == Meter.mp_no).where(MeteringPoint.customer_no == number)
    meter = connection.execute(query.order_by(Meter.absent_sheet.is_not(None), Meter.id).limit(1)).mappings().first()
    if meter is not None:
        return "meter", dict(meter)
    point = connection.execute(select(MeteringPoint.__table__).where(MeteringPoint.customer_no == number).limit(1)).mappings().first()
    return ("metering_point", dict(point)) if point is not None else None


def _children(ws: Workspace, connection: Connection, entity: str, key: str) -> list[tuple[str, str, int]]:
    result = []
    for child in _CHILDREN.get(entity, ()):
        count = connection.execute(select(func.count()).select_from(TABLES[child]).where(inside(child, entity, key))).scalar_one()
        result.append((child, ws.dictionary.title(child), count))
    return result


def _related(ws: Workspace, connection: Connection, entity: str, row: dict[str, Any]) -> list[Link]:
    """The nearest records: meters and customers of a box, points and meters of a customer."""
    key = str(row[ws.dictionary.key(entity)])
    wanted = {
        "meter_box": ("meter", "customer"),
        "customer": ("metering_point", "meter", "meter_box"),
        "meter": ("metering_point", "customer"),
    }
    links = []
    for child in wanted.get(entity, ()):
        clause = inside(child, entity, key) if entity != "meter" else _around_meter(child, row)
        rows = connection.execute(select(TABLES[child]).where(clause).limit(_NEAREST)).mappings()
        links += [Link(child, str(found[ws.dictionary.key(child)]), _title(ws, child, dict(found))) for found in rows]
    return links


def _around_meter(child: str, row: dict[str, Any]) -> Any:
    if child == "metering_point":
        return MeteringPoint.mp_no == row["mp_no"]
    customers = select(MeteringPoint.customer_no).where(MeteringPoint.mp_no == row["mp_no"])
    return TABLES["customer"].c.customer_no.in_(customers)
