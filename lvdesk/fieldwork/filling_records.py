"""What a package's sheets speak about, read at once: a handful of statements however many boxes there are."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import inf
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Select, Table, func, or_, select

from lvdesk.checks.phrases import CANCELLED
from lvdesk.fieldwork.filling_text import Row, clean
from lvdesk.fieldwork.reading import ITEM, SHEET, package_row
from lvdesk.ledger.deskcheck_model import CONFIRMED, NORMAL
from lvdesk.network.tables import TABLES, Customer, Meter, MeteringPoint
from lvdesk.network.verdicts import DeskCheckMark
from lvdesk.workspace import Workspace

_METER: Final = ("asset_no", "bar_code", "box_no", "slot_row", "slot_column")


@dataclass(frozen=True)
class Hung:
    """A meter in a box with the customer behind it; ``gone``: the customer is cancelled by the desk check or the ledger."""

    meter_no: str
    bar_code: str
    box_no: str
    row: int
    column: int
    customer_no: str
    customer_name: str
    gone: bool


class Records:
    """The records of one package; each kind is read when a form first asks for it.

    Attributes:
        package: its row.
        items: its things to visit in walking order.
    """

    def __init__(self, ws: Workspace, connection: Connection, package_no: str) -> None:
        """Raises KnownError ``package.missing`` when there is no such package."""
        self.ws, self.connection = ws, connection
        self.package: Row = package_row(connection, package_no)._asdict()
        mine = select(ITEM).where(ITEM.c.package == self.package["id"])
        self.items: list[Row] = self._rows(mine.order_by(ITEM.c.position, ITEM.c.id))

    @cached_property
    def scope(self) -> Mapping[str, Any]:
        """What the package was made for."""
        return dict(json.loads(self.package["scope"] or "{}"))

    @cached_property
    def people(self) -> list[str]:
        """Who goes."""
        return [str(name) for name in json.loads(self.package["people"] or "[]")]

    @cached_property
    def area_nos(self) -> list[str]:
        """The areas of the things to visit in the order they are walked, "" where none is known; those of the scope when it is empty."""
        walked = [item["area_no"] or "" for item in self.items]
        return list(dict.fromkeys(walked or map(str, self.scope.get("areas") or ())))

    @cached_property
    def areas(self) -> dict[str, Row]:
        """Area number -> record."""
        return self._by_key("transformer_area", TABLES["transformer_area"].c.area_no.in_(self.area_nos))

    @cached_property
    def boxes(self) -> dict[str, Row]:
        """Box number -> record, of all boxes to visit and all others of the areas."""
        table = TABLES["meter_box"]
        found = self._by_key("meter_box", or_(table.c.asset_no.in_(self._keys("meter_box")), self._in_areas(table)))
        return self._with_gone("meter_box", found)

    @cached_property
    def box_items(self) -> dict[str, Row]:
        """Box number -> item, in walking order."""
        return self.items_of("meter_box")

    def items_of(self, entity: str) -> dict[str, Row]:
        """Key -> item of one kind of things to visit, in walking order."""
        return self._items_of.get(entity, {})

    @cached_property
    def _items_of(self) -> dict[str, dict[str, Row]]:
        found: dict[str, dict[str, Row]] = {}
        for item in self.items:
            found.setdefault(item["entity"], {})[item["key"]] = item
        return found

    @cached_property
    def meters(self) -> dict[str, list[Hung]]:
        """Box number -> its meters by slot, of all boxes of the areas."""
        table, box = TABLES["meter"], TABLES["meter_box"]
        in_areas = select(box.c.asset_no).where(self._in_areas(box))
        found = self._hung(or_(table.c.box_no.in_(self._keys("meter_box")), table.c.box_no.in_(in_areas)))
        hung: dict[str, list[Hung]] = {}
        for meter in sorted(found, key=lambda meter: (meter.row, meter.column, meter.meter_no)):
            hung.setdefault(meter.box_no, []).append(meter)
        return hung

    @cached_property
    def access_points(self) -> dict[str, Row]:
        """Access point number -> record, of those in the areas, those to visit and those the boxes of the areas hang on."""
        table, box = TABLES["access_point"], TABLES["meter_box"]
        named = select(box.c.access_point_no).where(self._in_areas(box))
        key = table.c.access_point_no
        found = self._by_key("access_point", or_(self._in_areas(table), key.in_(self._keys("access_point")), key.in_(named)))
        return self._with_gone("access_point", found)

    @cached_property
    def customers(self) -> dict[str, Row]:
        """Customer number -> record, of customers to visit without a known box."""
        return self._by_key("customer", TABLES["customer"].c.customer_no.in_(self._keys("customer")))

    @cached_property
    def points(self) -> dict[str, list[Row]]:
        """Customer number -> its metering points with their meters, of customers to visit without a known box."""
        columns = [column.label(f"{entity}.{column.name}") for entity in ("metering_point", "meter") for column in TABLES[entity].c]
        joined = select(*columns).outerjoin(TABLES["meter"], Meter.mp_no == MeteringPoint.mp_no)
        query = joined.where(MeteringPoint.customer_no.in_(self._keys("customer"))).order_by(MeteringPoint.mp_no, Meter.id)
        found: dict[str, list[Row]] = {}
        for row in self._rows(query):
            found.setdefault(row["metering_point.customer_no"], []).append(row)
        return found

    @cached_property
    def devices(self) -> dict[str, list[Row]]:
        """Poles and branch boxes of the areas, by number."""
        return {entity: list(self._by_key(entity, self._in_areas(TABLES[entity])).values()) for entity in ("pole", "branch_box")}

    @cached_property
    def hanging(self) -> dict[str, list[Row]]:
        """Access point number -> boxes on it, "" those on none: boxes to visit first in walking order, then the others by number."""
        ranks = {key: item["position"] for key, item in self.box_items.items()}
        found: dict[str, list[Row]] = {}
        for box in sorted(self.boxes.values(), key=lambda box: (ranks.get(box["asset_no"], inf), box["asset_no"])):
            found.setdefault(box["access_point_no"] or "", []).append(box)
        return found

    @cached_property
    def feeders(self) -> list[Row]:
        """The feeders of the areas, by number."""
        numbers = {area["feeder_no"] for area in self.areas.values() if area["feeder_no"]}
        return list(self._by_key("feeder", TABLES["feeder"].c.feeder_no.in_(numbers)).values())

    @property
    def feeder_nos(self) -> set[str]:
        """Numbers of the feeders that are known."""
        return {feeder["feeder_no"] for feeder in self.feeders}

    @cached_property
    def sheets(self) -> list[Row]:
        """The package's sheets of paper that were not replaced, in order."""
        live = (SHEET.c.package == self.package["id"]) & SHEET.c.replaced_by.is_(None) & (SHEET.c.page > 0)
        return self._rows(select(SHEET).where(live).order_by(SHEET.c.page, SHEET.c.sheet_no))

    @cached_property
    def capacities(self) -> dict[str, float]:
        """Area number -> capacity of its transformers together, for areas whose own record has none."""
        table = TABLES["transformer"]
        query = select(table.c.area_no, func.sum(table.c.capacity_kva)).where(self._in_areas(table), table.c.capacity_kva > 0)
        rows = self.connection.execute(query.group_by(table.c.area_no))
        return {str(area_no): float(total) for area_no, total in rows}

    def area_name(self, area_no: str | None) -> str:
        """What people call the area, its number where it has no name."""
        area = self.areas.get(area_no or "")
        return clean(str((area and area["name"]) or area_no or ""))

    def _in_areas(self, table: Table) -> ColumnElement[bool]:
        return table.c.area_no.in_([number for number in self.area_nos if number])

    def _keys(self, entity: str) -> Select[Any]:
        return select(ITEM.c.key).where(ITEM.c.package == self.package["id"], ITEM.c.entity == entity)

    def _by_key(self, entity: str, where: ColumnElement[bool]) -> dict[str, Row]:
        table, key = TABLES[entity], self.ws.dictionary.key(entity)
        return {row[key]: row for row in self._rows(select(table).where(where).order_by(table.c[key]))}

    def _with_gone(self, entity: str, found: dict[str, Row]) -> dict[str, Row]:
        """Also things to visit whose record was deleted since: their sheets say what is left of them."""
        nothing = dict.fromkeys(TABLES[entity].c.keys())
        key = self.ws.dictionary.key(entity)
        gone = {number: item for number, item in self.items_of(entity).items() if number not in found}
        return found | {number: {**nothing, key: number, "area_no": item["area_no"]} for number, item in gone.items()}

    def _rows(self, query: Select[Any]) -> list[Row]:
        return [dict(row) for row in self.connection.execute(query).mappings()]

    def _hung(self, where: ColumnElement[bool]) -> Iterable[Hung]:
        columns: Sequence[ColumnElement[Any]] = [TABLES["meter"].c[name] for name in _METER]
        people = [MeteringPoint.customer_no, Customer.name, Customer.status, DeskCheckMark.verdict]
        query = (
            select(*columns, *people)
            .select_from(TABLES["meter"])
            .outerjoin(MeteringPoint, MeteringPoint.mp_no == Meter.mp_no)
            .outerjoin(Customer, Customer.customer_no == MeteringPoint.customer_no)
            .outerjoin(DeskCheckMark, DeskCheckMark.customer_no == MeteringPoint.customer_no)
            .where(where)
        )
        for number, bar_code, box_no, row, column, customer_no, name, status, verdict in self.connection.execute(query):
            gone = verdict == CONFIRMED or (status == CANCELLED and verdict != NORMAL)
            yield Hung(number, bar_code or "", box_no, row or 0, column or 0, customer_no or "", name or "", gone)
