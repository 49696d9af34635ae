"""New orders: one, many from a list, from what the checks and other systems found; each with a responsible person from the start."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, select

from lvdesk.kit.clock import stamp
from lvdesk.kit.errors import RefusedError
from lvdesk.network.changed import Changed
from lvdesk.network.tables import Customer, Feeder, MeterBox, MeteringPoint, TransformerArea
from lvdesk.organisation.grids import responsible
from lvdesk.organisation.state import State as Organisation
from lvdesk.organisation.state import read_state
from lvdesk.store.facts import remember, remembered
from lvdesk.store.model import Change
from lvdesk.store.write import Write
from lvdesk.workorders.model import CLOSED, Action, State
from lvdesk.workorders.reading import EVENT, ORDER, TASK
from lvdesk.workorders.types import ZONES, OrderBook, OrderType, load_orders
from lvdesk.workspace import Workspace

CHANGED: Final = Changed.ORDERS | Changed.HISTORY
_OUTAGE: Final = frozenset({"抢修", "主动抢修"})
_SAME_HOURS: Final = 24
_URBAN, _RURAL = "01", "02"
_ENTITIES: Final = ("customer", "meter_box", "transformer_area", "feeder")


@dataclass(frozen=True)
class NewOrder:
    """What an order is made of; "" where nothing is known.

    Attributes:
        tasks: (kind, what) each; without any the type's own.
        origin: what it was made from; no second open order is made from the same.
        at: when it came in, "" for now.
        where: how a message calls it, e.g. 第 5 行.
    """

    kind: str
    title: str = ""
    entity: str = ""
    key: str = ""
    source: str = "自查"
    source_no: str = ""
    zone: str = ""
    address: str = ""
    contact: str = ""
    phone: str = ""
    note: str = ""
    tasks: tuple[tuple[str, str], ...] = ()
    origin: str = ""
    at: str = ""
    responsible: str = ""
    where: str = ""


@dataclass(frozen=True)
class Created:
    """Numbers of what was made in the order asked for; ``merged`` new number -> the order that took it over; what was there already."""

    numbers: tuple[str, ...]
    merged: Mapping[str, str] = field(default_factory=dict)
    known: tuple[str, ...] = ()
    changed: Changed = Changed.NOTHING


@dataclass(frozen=True)
class _Place:
    """Where a thing is."""

    area_no: str = ""
    feeder_no: str = ""
    address: str = ""
    name: str = ""
    phone: str = ""
    zone: str = ""


def create(ws: Workspace, wanted: Sequence[NewOrder], label: str = "") -> Created:
    """Makes orders in one write, all or none; outages of an area or feeder that has one open are merged into it.

    Raises:
        RefusedError: ``orders.kind``, ``orders.zone``, ``orders.unknown_key``, ``orders.source``, ``orders.time``, ``orders.nothing``.
    """
    if not wanted:
        raise RefusedError("orders.nothing", "没有要建立的工单", "请先选择对象或问题")
    book, now = load_orders(ws.overrides), ws.clock()
    with ws.store.write(label or f"建立工单 {len(wanted)} 张") as write:
        work = _Work(ws, write, book, now)
        found = [work.make(each) for each in wanted]
        work.store()
    numbers = tuple(number for number, _known in found if number)
    known = tuple(number for _number, number in found if number)
    return Created(numbers, work.merged, known, CHANGED if numbers else Changed.NOTHING)


class _Work:
    """One write of new orders."""

    def __init__(self, ws: Workspace, write: Write, book: OrderBook, now: datetime) -> None:
        self._ws, self._write, self._book, self._now = ws, write, book, now
        self._organisation: Organisation = read_state(write.connection)
        self._desk = ws.person
        self._orders: list[dict[str, Any]] = []
        self._tasks: list[dict[str, Any]] = []
        self._events: list[dict[str, Any]] = []
        self.merged: dict[str, str] = {}
        is_open = ORDER.c.state.not_in([str(each) for each in CLOSED])
        columns = (ORDER.c.order_no, ORDER.c.kind, ORDER.c.area_no, ORDER.c.feeder_no, ORDER.c.entity, ORDER.c.created_at, ORDER.c.origin)
        self._open = [dict(row) for row in write.connection.execute(select(*columns).where(is_open)).mappings()]

    def make(self, new: NewOrder) -> tuple[str, str]:
        """The new number and "", or "" and that of the open order made from the same."""
        if new.origin and (known := next((each["order_no"] for each in self._open if each["origin"] == new.origin), "")):
            return "", known
        kind = self._checked(new)
        place = _place(self._write.connection, new, self._book)
        at = new.at or stamp(self._now)
        zone = new.zone or place.zone or "rural"
        number = self._number(at)
        person, why = self._person(new, place, kind, at[:10])
        title = new.title or f"{kind.title} {place.name or new.key}".strip()
        row = {
            "order_no": number, "kind": kind.key, "title": title, "source": new.source, "source_no": new.source_no, "zone": zone,
            "entity": new.entity, "key": new.key, "area_no": place.area_no, "feeder_no": place.feeder_no,
            "address": new.address or place.address, "contact": new.contact or (place.name if new.entity == "customer" else ""),
            "phone": new.phone or place.phone, "note": new.note, "state": str(State.PENDING), "responsible": person, "helpers": "",
            "level": 0, "urgent": 0, "visits": 0, "reopened": 0, "satisfaction": "", "merged_into": "", "origin": new.origin,
            "created_at": at, "created_by": self._desk,
        }  # fmt: skip
        self._event(number, at, Action.CREATE, State.PENDING, person, why)
        twin = self._twin(row, kind)
        self._add_tasks(twin or number, new.tasks or ((kind.task, title),))
        if twin:
            row |= {"state": str(State.MERGED), "merged_into": twin}
            self.merged[number] = twin
            self._event(number, at, Action.MERGE, State.MERGED, twin, "同一台区或线路的停电")
        else:
            self._open.append(row)
        self._orders.append(row)
        return number, ""

    def store(self) -> None:
        """Writes everything that was made."""
        for table, rows in ((ORDER, self._orders), (TASK, self._tasks), (EVENT, self._events)):
            if rows:
                columns = list(rows[0])
                self._write.insert(table, columns, [tuple(row[name] for name in columns) for row in rows], len(rows))

    def _checked(self, new: NewOrder) -> OrderType:
        kind = self._book.type_of(new.kind)
        where = f"{new.where}：" if new.where else ""
        if new.zone and new.zone not in ZONES:
            raise RefusedError("orders.zone", f"{where}没有区域“{new.zone}”", f"可用的有：{'、'.join(ZONES)}")
        if new.source not in self._book.sources:
            raise RefusedError("orders.source", f"{where}没有来源“{new.source}”", f"可用的有：{'、'.join(self._book.sources)}")
        if new.entity and new.entity not in _ENTITIES:
            raise RefusedError("orders.entity", f"{where}工单对象不能是“{new.entity}”", f"可用的有：{'、'.join(_ENTITIES)}")
        if new.at:
            try:
                late = datetime.fromisoformat(new.at) > self._now
            except (ValueError, TypeError) as error:
                raise RefusedError("orders.time", f"{where}受理时间“{new.at}”写错", "写成 2026-11-24T09:30:00+08:00") from error
            if late:
                raise RefusedError("orders.time", f"{where}受理时间 {new.at} 还没有到", "请填写已经过去的时间")
        return kind

    def _number(self, at: str) -> str:
        day = at[2:10].replace("-", "")
        key = f"order_numbers.{day}"
        count = int(remembered(self._write.connection, key) or 0) + 1
        remember(self._write.connection, key, str(count))
        return f"GD{day}-{count:03d}"

    def _person(self, new: NewOrder, place: _Place, kind: OrderType, day: str) -> tuple[str, str]:
        """Who is responsible and why: as the area's grid says, else the head of the inner team, else who is at the desk."""
        if new.responsible:
            return new.responsible, "指定"
        if place.area_no:
            name, why = responsible(self._organisation, place.area_no, day, kind.specialty)
            if name:
                return name, why
        head = inner_head(self._organisation, day)
        return (head, "内勤班（台区没有在岗责任人）") if head else (self._desk, "受理人（没有登记责任人）")

    def _twin(self, row: Mapping[str, Any], kind: OrderType) -> str:
        """An open outage of the same area, or of the same feeder, that began within a day."""
        if kind.group not in _OUTAGE or not (row["area_no"] or row["feeder_no"]):
            return ""
        least = stamp(datetime.fromisoformat(row["created_at"]) - timedelta(hours=_SAME_HOURS))
        for other in self._open:
            same_area = row["area_no"] and other["area_no"] == row["area_no"]
            same_feeder = other["entity"] == "feeder" and row["feeder_no"] and other["feeder_no"] == row["feeder_no"]
            outage = other["kind"] in self._book.types and self._book.types[other["kind"]].group in _OUTAGE
            if outage and (same_area or same_feeder) and other["created_at"] >= least:
                return str(other["order_no"])
        return ""

    def _add_tasks(self, number: str, tasks: Iterable[tuple[str, str]]) -> None:
        there = sum(each["order_no"] == number for each in self._tasks)
        if number in self.merged.values() or all(each["order_no"] != number for each in self._orders):
            there += len(self._write.connection.execute(select(TASK.c.id).where(TASK.c.order_no == number)).all())
        for place, (kind, what) in enumerate(tasks, there + 1):
            empty = {"done_at": "", "done_by": "", "result": ""}
            self._tasks.append({"order_no": number, "position": place, "kind": kind, "what": what, **empty})

    def _event(self, number: str, at: str, action: Action, state: State, target: str, reason: str) -> None:
        self._events.append({
            "order_no": number, "at": at, "action": str(action), "state": str(state), "person": self._desk, "target": target, "level": 0,
            "reason": reason,
        })  # fmt: skip


def inner_head(now: Organisation, day: str) -> str:
    """Who answers for the inner team: its head who is here, else any of its members; "" when there is none."""
    teams = {row["name"] for row in now.rows["team"] if row["kind"] == "内勤班"}
    away = {row["staff"] for row in now.on("absence", day)}
    rows = [row for row in now.on("membership", day) if row["team"] in teams and row["staff"] not in away]
    return str(next((row["staff"] for row in sorted(rows, key=lambda row: (row["role"] != "班长", row["id"]))), ""))


def merge(ws: Workspace, into: str, numbers: Sequence[str]) -> Changed:
    """Puts open orders into another one, with their tasks.

    Raises:
        RefusedError: ``orders.merge`` for closed ones or an order into itself.
    """
    with ws.store.write(f"合并工单到 {into}") as write:
        rows = write.connection.execute(select(ORDER).where(ORDER.c.order_no.in_([into, *numbers]))).mappings().all()
        found = {row["order_no"]: row for row in rows}
        wrong = [number for number in (into, *numbers) if number not in found or found[number]["state"] in CLOSED]
        if wrong or into in numbers:
            raise RefusedError("orders.merge", f"工单 {wrong[0] if wrong else into} 不能合并", "只能把未关闭的工单合并到另一张未关闭的工单")
        tasks = write.connection.execute(select(TASK).where(TASK.c.order_no.in_([into, *numbers])).order_by(TASK.c.id)).mappings().all()
        place = sum(task["order_no"] == into for task in tasks)
        changes = []
        for task in tasks:
            if task["order_no"] != into:
                place += 1
                changes.append(Change(task["id"], {"order_no": into, "position": place}, task["version"]))
        write.update(TASK, changes)
        state = str(State.MERGED)
        write.update(
            ORDER, [Change(found[number]["id"], {"state": state, "merged_into": into}, found[number]["version"]) for number in numbers]
        )
        at = stamp(ws.clock())
        events = [(number, at, str(Action.MERGE), state, ws.person, into, found[number]["level"], "合并") for number in numbers]
        write.insert(EVENT, ("order_no", "at", "action", "state", "person", "target", "level", "reason"), events, len(events))
    return CHANGED


def _place(connection: Connection, new: NewOrder, book: OrderBook) -> _Place:  # noqa: ARG001 - zones of other stations come with the book
    """Where the thing is; refuses what nobody knows."""
    if not new.entity:
        return _Place()
    query = {
        "customer": select(MeteringPoint.area_no, Customer.address, Customer.name, Customer.phone, Customer.urban_rural)
        .outerjoin(MeteringPoint, MeteringPoint.customer_no == Customer.customer_no).where(Customer.customer_no == new.key),
        "meter_box": select(MeterBox.area_no, MeterBox.location, MeterBox.location, MeterBox.note, MeterBox.note)
        .where(MeterBox.asset_no == new.key),
        "transformer_area": select(
            TransformerArea.area_no, TransformerArea.address, TransformerArea.name, TransformerArea.manager, TransformerArea.manager
        ).where(TransformerArea.area_no == new.key),
        "feeder": select(Feeder.feeder_no, Feeder.name, Feeder.name, Feeder.usage, Feeder.usage).where(Feeder.feeder_no == new.key),
    }[new.entity]  # fmt: skip
    row = connection.execute(query.limit(1)).first()
    if row is None:
        where = f"{new.where}：" if new.where else ""
        raise RefusedError("orders.unknown_key", f"{where}台账中没有编号为 {new.key} 的对象", "请检查编号，或先导入台账")
    if new.entity == "feeder":
        return _Place("", new.key, "", row[2] or "")
    feeder = connection.execute(select(TransformerArea.feeder_no).where(TransformerArea.area_no == (row[0] or ""))).scalar() or ""
    customer = new.entity == "customer"
    zone = {_URBAN: "urban", _RURAL: "rural"}.get(row[4] or "", "") if customer else ""
    return _Place(row[0] or "", feeder, row[1] or "", row[2] or "", (row[3] or "") if customer else "", zone)
