"""Orders as they are read: with tasks, events, evidence and clocks; now or as they stood at a past moment."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final, TypeVar

from sqlalchemy import ColumnElement, Connection, Table, select

from lvdesk.kit.errors import KnownError
from lvdesk.network.batches import table_of
from lvdesk.network.orders import OrderEvent, OrderEvidence, OrderTask, WorkOrder
from lvdesk.workorders.calendar import load_calendar
from lvdesk.workorders.clock import ClockView, clocks, moment, worst
from lvdesk.workorders.model import CLOSED, STATE_TITLES, Action, Event, Evidence, State, Task
from lvdesk.workorders.types import OrderBook, load_orders
from lvdesk.workspace import Workspace

ORDER: Final = table_of(WorkOrder)
TASK: Final = table_of(OrderTask)
EVENT: Final = table_of(OrderEvent)
EVIDENCE: Final = table_of(OrderEvidence)
_SLICE: Final = 900
_GIVING: Final = frozenset({Action.CREATE, Action.DISPATCH, Action.TRANSFER, Action.ESCALATE})


@dataclass(frozen=True)
class Order:
    """One order whole; see ``WorkOrder`` for its fields.

    Attributes:
        clocks: at the moment it was read for; ``worst`` the running one that is most used.
        held: the state it was in before it was suspended, else its state.
    """

    id: int
    version: int
    order_no: str
    kind: str
    kind_title: str
    title: str
    source: str
    source_no: str
    zone: str
    entity: str
    key: str
    area_no: str
    feeder_no: str
    address: str
    contact: str
    phone: str
    note: str
    state: State
    responsible: str
    helpers: tuple[str, ...]
    level: int
    urgent: bool
    visits: int
    reopened: int
    satisfaction: str
    merged_into: str
    origin: str
    created_at: str
    created_by: str
    held: State
    tasks: tuple[Task, ...]
    events: tuple[Event, ...]
    evidence: tuple[Evidence, ...]
    clocks: tuple[ClockView, ...]

    @property
    def state_title(self) -> str:
        """What people call its state."""
        return STATE_TITLES[self.state]

    @property
    def worst(self) -> ClockView | None:
        """The running clock that is most used."""
        return None if self.state in CLOSED else worst(self.clocks)

    @property
    def colour(self) -> str:
        """green, yellow, orange or red; a closed order is red when it was late."""
        running = self.worst
        if running is not None:
            return running.colour
        return "red" if any(each.late for each in self.clocks) else "green"

    @property
    def late(self) -> bool:
        """Whether a clock ran out."""
        return any(each.late for each in self.clocks)


@dataclass(frozen=True)
class Scope:
    """Which orders: all conditions hold; "" and empty ask for all.

    Attributes:
        open_only: not archived, cancelled or merged; ``closed_since`` lets those in that were archived from that moment on.
        areas: numbers of transformer areas.
    """

    numbers: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    open_only: bool = False
    closed_since: str = ""
    person: str = ""
    areas: tuple[str, ...] | None = None
    kinds: tuple[str, ...] = ()
    made_from: str = ""
    made_to: str = ""
    words: str = ""


def orders(ws: Workspace, scope: Scope = Scope(), now: datetime | None = None) -> list[Order]:
    """Orders of a scope as they stand now, the oldest first; ``now`` only moves their clocks."""
    book, calendar, at = load_orders(ws.overrides), load_calendar(ws.overrides), now or ws.clock()
    with ws.store.read() as connection:
        rows = connection.execute(select(ORDER).where(*_conditions(scope)).order_by(ORDER.c.id)).mappings().all()
        read = _reader(connection, [row["order_no"] for row in rows], everything=not any(_conditions_text(scope)))
    return [_order(dict(row), read(row["order_no"]), book, lambda *of: clocks(of[0], of[1], of[2], of[3], calendar, at)) for row in rows]


def order(ws: Workspace, order_no: str, now: datetime | None = None) -> Order:
    """One order.

    Raises:
        KnownError: ``orders.unknown``.
    """
    found = orders(ws, Scope(numbers=(order_no.strip(),)), now)
    if not found:
        raise KnownError("orders.unknown", f"没有工单“{order_no}”", "请检查工单编号")
    return found[0]


def at_moment(found: Order, now: datetime, ws: Workspace) -> Order | None:
    """The order as it stood at a past moment, from what had happened by then; None before it was made."""
    past = tuple(event for event in found.events if moment(event.at) <= now)
    if not past:
        return None
    book = load_orders(ws.overrides)
    seen = clocks(book, book.types[found.kind], found.zone, found.events, load_calendar(ws.overrides), now)
    last = past[-1]
    responsible = next(
        (e.target for e in reversed(past) if e.action in {Action.CREATE, Action.DISPATCH, Action.TRANSFER, Action.ESCALATE}), ""
    )
    return replace(
        found, state=State(last.state), held=_held(past), level=last.level, responsible=responsible, events=past, clocks=tuple(seen),
        visits=sum(event.action == Action.ARRIVE for event in past), reopened=sum(event.action == Action.REOPEN for event in past),
        urgent=any(event.action == Action.URGE for event in past), helpers=_helpers(past),
    )  # fmt: skip


def _helpers(events: Iterable[Event]) -> tuple[str, ...]:
    names: list[str] = []
    for event in events:
        if event.action == Action.HELP:
            names += [name for name in event.target.split("、") if name not in names]
    return tuple(names)


def _held(events: Sequence[Event]) -> State:
    return State(next((event.state for event in reversed(events) if event.state != State.SUSPENDED), State.WAITING))


def _conditions(scope: Scope) -> list[ColumnElement[bool]]:
    column = ORDER.c
    found: list[ColumnElement[bool]] = []
    if scope.numbers:
        found.append(column.order_no.in_(scope.numbers))
    if scope.states:
        found.append(column.state.in_(scope.states))
    if scope.open_only:
        is_open = column.state.not_in([str(each) for each in CLOSED])
        recent = select(EVENT.c.order_no).where(EVENT.c.action == str(Action.ARCHIVE), EVENT.c.at >= scope.closed_since)
        archived = (column.state == str(State.ARCHIVED)) & column.order_no.in_(recent)
        found.append(is_open | archived if scope.closed_since else is_open)
    if scope.person:
        found.append((column.responsible == scope.person) | column.helpers.contains(scope.person))
    if scope.areas is not None:
        found.append(column.area_no.in_(scope.areas))
    if scope.kinds:
        found.append(column.kind.in_(scope.kinds))
    if scope.made_from:
        found.append(column.created_at >= scope.made_from)
    if scope.made_to:
        found.append(column.created_at < scope.made_to)
    found += [
        column.order_no.contains(word) | column.title.contains(word) | column.address.contains(word) | (column.key == word)
        for word in scope.words.split()
    ]
    return found


def _conditions_text(scope: Scope) -> list[Any]:
    return [getattr(scope, name) for name in scope.__dataclass_fields__]


Part = TypeVar("Part", Task, Event, Evidence)
Parts = tuple[tuple[Task, ...], tuple[Event, ...], tuple[Evidence, ...]]


def _reader(connection: Connection, numbers: Sequence[str], *, everything: bool) -> Callable[[str], Parts]:
    wanted = None if everything else numbers
    tasks = _grouped(connection, TASK, Task, wanted)
    events = _grouped(connection, EVENT, Event, wanted)
    proofs = _grouped(connection, EVIDENCE, Evidence, wanted)

    def parts(number: str) -> Parts:
        in_order = tuple(sorted(tasks.get(number, ()), key=lambda task: task.position))
        return in_order, tuple(events.get(number, ())), tuple(proofs.get(number, ()))

    return parts


def _grouped(connection: Connection, table: Table, kind: type[Part], numbers: Sequence[str] | None) -> Mapping[str, list[Part]]:
    """The things of each order in the order they came; all orders for None."""
    found: dict[str, list[Part]] = defaultdict(list)
    query = select(table.c.order_no, *(table.c[name] for name in kind.__dataclass_fields__)).order_by(table.c.id)
    pieces = [None] if numbers is None else [numbers[start : start + _SLICE] for start in range(0, len(numbers), _SLICE)]
    for piece in pieces:
        for row in connection.execute(query if piece is None else query.where(table.c.order_no.in_(piece))):
            found[row[0]].append(kind(*row[1:]))
    return found


def _order(row: Mapping[str, Any], parts: Parts, book: OrderBook, clocked: Callable[..., list[ClockView]]) -> Order:
    tasks, events, proofs = parts
    kind = book.types.get(row["kind"])
    seen = tuple(clocked(book, kind, row["zone"], events)) if kind is not None else ()
    values = {name: row[name] for name in row if name not in {"state", "helpers", "urgent"}}
    return Order(
        **values,
        kind_title=kind.title if kind is not None else row["kind"],
        state=State(row["state"]),
        urgent=bool(row["urgent"]),
        helpers=tuple(filter(None, row["helpers"].split("、"))),
        held=_held(events),
        tasks=tasks,
        events=events,
        evidence=proofs,
        clocks=seen,
    )  # fmt: skip
