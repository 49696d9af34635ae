"""How each indicator is counted: (workspace, scope, month) to lines. Areas are counted once and put together for feeders and grids."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any, Final

from sqlalchemy import case, func, select

from lvdesk.checks.registry import discover
from lvdesk.network.answers import IdPair, ReceiptLine
from lvdesk.network.reconciling import ConsistencyRate
from lvdesk.network.reviews import ReviewDecision
from lvdesk.network.tables import Customer, Feeder, Meter, MeterBox, MeteringPoint, TransformerArea
from lvdesk.network.verdicts import Finding
from lvdesk.organisation.grids import picture
from lvdesk.organisation.state import read_state, today
from lvdesk.statistics.model import Line
from lvdesk.workorders.model import Action, State
from lvdesk.workorders.reading import Order, Scope, orders
from lvdesk.workspace import Workspace

Measure = Callable[[Workspace, str, str], list[Line]]
_GONE: Final = "已销户"
_RETURNED: Final = "return"
_OPEN: Final = Finding.resolved_at.is_(None)
_REPAIRS: Final = frozenset({"repair", "active_repair"})


def _by_place(ws: Workspace, scope: str, counts: Mapping[str, tuple[float, float | None]]) -> list[Line]:
    """Counts of areas as lines of areas, feeders or grids."""
    with ws.store.read() as connection:
        areas = {row[0]: (row[1] or row[0], row[2] or "") for row in connection.execute(
            select(TransformerArea.area_no, TransformerArea.name, TransformerArea.feeder_no))}  # fmt: skip
        feeders = {row[0]: row[1] or row[0] for row in connection.execute(select(Feeder.feeder_no, Feeder.name))}
        now = read_state(connection)
    if scope == "area":
        named = {number: (number, name) for number, (name, _feeder) in areas.items()}
    elif scope == "feeder":
        named = {number: (feeder, feeders.get(feeder, feeder or "没有线路")) for number, (_name, feeder) in areas.items()}
    else:
        grids = {row["grid_no"]: row["name"] for row in now.rows["grid"]}
        placed = now.grid_of(today(ws))
        named = {number: (placed.get(number, ""), grids.get(placed.get(number, ""), "没有网格")) for number in areas}
    sums: dict[tuple[str, str], list[float | None]] = {}
    for number, (part, whole) in counts.items():
        place = named.get(number, ("", "没有台区"))
        held = sums.setdefault(place, [0.0, None if whole is None else 0.0])
        held[0] = (held[0] or 0.0) + part
        held[1] = None if whole is None or held[1] is None else held[1] + whole
    return [Line(key, name, part or 0.0, whole) for (key, name), (part, whole) in sums.items()]


def _boxes(ws: Workspace, scope: str, done: Any) -> list[Line]:
    query = select(MeterBox.area_no, func.sum(case((done, 1), else_=0)), func.count()).group_by(MeterBox.area_no)
    with ws.store.read() as connection:
        counts = {row[0] or "": (float(row[1]), float(row[2])) for row in connection.execute(query)}
    return _by_place(ws, scope, counts)


def collection(ws: Workspace, scope: str, _period: str) -> list[Line]:
    """Boxes that were surveyed."""
    return _boxes(ws, scope, MeterBox.surveyed_at.is_not(None))


def placed(ws: Workspace, scope: str, _period: str) -> list[Line]:
    """Boxes with a place."""
    return _boxes(ws, scope, MeterBox.longitude.is_not(None) & MeterBox.latitude.is_not(None))


def accuracy(ws: Workspace, scope: str, _period: str) -> list[Line]:
    """Boxes, meters and customers without an open error."""
    wrong = {
        entity: select(Finding.key).where(_OPEN, Finding.severity == "error", Finding.entity == entity)
        for entity in ("meter_box", "customer", "meter")
    }
    boxes = select(MeterBox.area_no, func.count(), func.sum(case((MeterBox.asset_no.in_(wrong["meter_box"]), 1), else_=0)))
    people = select(
        MeteringPoint.area_no, func.count(), func.sum(case((MeteringPoint.customer_no.in_(wrong["customer"]), 1), else_=0))
    ).where(MeteringPoint.customer_no.is_not(None))
    meters = select(MeteringPoint.area_no, func.count(), func.sum(case((Meter.asset_no.in_(wrong["meter"]), 1), else_=0))).join(
        Meter, Meter.mp_no == MeteringPoint.mp_no
    )
    queries = (boxes.group_by(MeterBox.area_no), people.group_by(MeteringPoint.area_no), meters.group_by(MeteringPoint.area_no))
    counts: dict[str, tuple[float, float]] = defaultdict(lambda: (0.0, 0.0))
    with ws.store.read() as connection:
        for query in queries:
            for area, all_of, bad in connection.execute(query).all():
                good, whole = counts[area or ""]
                counts[area or ""] = (good + all_of - bad, whole + all_of)
    return _by_place(ws, scope, counts)


def pareto(ws: Workspace, _scope: str, _period: str) -> list[Line]:
    """Open errors by rule."""
    query = select(Finding.rule, func.count()).where(_OPEN, Finding.severity == "error").group_by(Finding.rule)
    titles = {code: rule.title for code, rule in discover().items()}
    with ws.store.read() as connection:
        return [Line(row[0], f"{row[0]} {titles.get(row[0], '')}".strip(), float(row[1])) for row in connection.execute(query)]


def consistency(ws: Workspace, scope: str, _period: str) -> list[Line]:
    """Customers that agree in all systems, of the last day that was reconciled."""
    last = select(func.max(ConsistencyRate.day)).scalar_subquery()
    query = select(ConsistencyRate.key, ConsistencyRate.agreed, ConsistencyRate.compared).where(
        ConsistencyRate.day == last, ConsistencyRate.scope == "area", ConsistencyRate.field == ""
    )
    with ws.store.read() as connection:
        counts = {row[0]: (float(row[1]), float(row[2])) for row in connection.execute(query)}
    return _by_place(ws, scope, counts)


def review(ws: Workspace, _scope: str, period: str) -> list[Line]:
    """Decisions that returned something, by person."""
    returned = func.sum(case((ReviewDecision.decision == _RETURNED, 1), else_=0))
    query = select(ReviewDecision.person, returned, func.count()).group_by(ReviewDecision.person)
    with ws.store.read() as connection:
        rows = connection.execute(query.where(ReviewDecision.at.startswith(period)) if period else query)
        return [Line(row[0], row[0], float(row[1]), float(row[2])) for row in rows]


def receipts(ws: Workspace, _scope: str, period: str) -> list[Line]:
    """What receipts took over beside what they refused or contradicted, by system."""
    titles = {"marketing": "营销系统", "gis": "电网 GIS"}
    taken = select(IdPair.system, func.count()).where(IdPair.since.startswith(period)).group_by(IdPair.system)
    refused = select(ReceiptLine.system, func.count()).where(ReceiptLine.at.startswith(period)).group_by(ReceiptLine.system)
    with ws.store.read() as connection:
        good, bad = ({row[0]: float(row[1]) for row in connection.execute(query)} for query in (taken, refused))
    return [Line(key, titles.get(key, key), good.get(key, 0.0), good.get(key, 0.0) + bad.get(key, 0.0)) for key in sorted({*good, *bad})]


def _orders(ws: Workspace, period: str) -> list[Order]:
    """Orders that came in within a month, without those that came to nothing."""
    scope = Scope(made_from=f"{period}-01", made_to=f"{period}-32") if period else Scope()
    return [each for each in orders(ws, scope) if each.state not in {State.CANCELLED, State.MERGED}]


def _grouped(ws: Workspace, scope: str, found: Iterable[tuple[Order, float, float | None]]) -> list[Line]:
    with ws.store.read() as connection:
        now = read_state(connection)
    grids, place = {row["grid_no"]: row["name"] for row in now.rows["grid"]}, now.grid_of(today(ws))
    sums: dict[tuple[str, str], tuple[float, float | None]] = {}
    for each, part, whole in found:
        grid = place.get(each.area_no, "")
        key = {"kind": (each.kind, each.kind_title), "person": (each.responsible,) * 2, "grid": (grid, grids.get(grid, "没有网格"))}[scope]
        held = sums.get(key, (0.0, None if whole is None else 0.0))
        sums[key] = (held[0] + part, None if whole is None else (held[1] or 0.0) + whole)
    return [Line(key, name, part, whole) for (key, name), (part, whole) in sums.items()]


def count_orders(ws: Workspace, scope: str, period: str) -> list[Line]:
    """How many came in."""
    return _grouped(ws, scope, ((each, 1.0, None) for each in _orders(ws, period)))


def timely(ws: Workspace, scope: str, period: str) -> list[Line]:
    """Archived ones of which no clock ran out."""
    return _grouped(ws, scope, ((each, float(not each.late), 1.0) for each in _orders(ws, period) if each.state is State.ARCHIVED))


def first_visit(ws: Workspace, scope: str, period: str) -> list[Line]:
    """Archived ones with one visit that did not come back."""
    done = (each for each in _orders(ws, period) if each.state is State.ARCHIVED)
    return _grouped(ws, scope, ((each, float(each.visits <= 1 and not each.reopened), 1.0) for each in done))


def _between(ws: Workspace, scope: str, period: str, first: Action, last: Action) -> list[Line]:
    found: list[tuple[Order, float, float | None]] = []
    for each in _orders(ws, period):
        times = {event.action: event.at for event in reversed(each.events)}
        if each.kind in _REPAIRS and first in times and last in times:
            minutes = (datetime.fromisoformat(times[last]) - datetime.fromisoformat(times[first])).total_seconds() / 60
            found.append((each, minutes, 1.0))
    return _grouped(ws, scope, found)


def arrival(ws: Workspace, scope: str, period: str) -> list[Line]:
    """Minutes from coming in to arriving."""
    return _between(ws, scope, period, Action.CREATE, Action.ARRIVE)


def restoration(ws: Workspace, scope: str, period: str) -> list[Line]:
    """Minutes from arriving to being done."""
    return _between(ws, scope, period, Action.ARRIVE, Action.FINISH)


def customers(ws: Workspace, scope: str, _period: str) -> list[Line]:
    """Customers who are not gone."""
    there = Customer.status.is_(None) | Customer.status.not_like(f"{_GONE}%")
    query = (
        select(MeteringPoint.area_no, func.count(MeteringPoint.customer_no.distinct()))
        .join(Customer, Customer.customer_no == MeteringPoint.customer_no).where(there).group_by(MeteringPoint.area_no)
    )  # fmt: skip
    with ws.store.read() as connection:
        counts: dict[str, tuple[float, float | None]] = {row[0] or "": (float(row[1]), None) for row in connection.execute(query)}
    return _by_place(ws, scope, counts)


def workload(ws: Workspace, _scope: str, _period: str) -> list[Line]:
    """Work units of a month for each person of a grid."""
    return [Line(each.grid_no, each.name, each.load, float(max(len(each.people), 1))) for each in picture(ws).grids]


MEASURES: Final[Mapping[str, Measure]] = {
    "collection": collection, "placed": placed, "accuracy": accuracy, "pareto": pareto, "consistency": consistency, "review": review,
    "receipts": receipts, "orders": count_orders, "timely": timely, "first_visit": first_visit, "arrival": arrival,
    "restoration": restoration, "customers": customers, "workload": workload,
}  # fmt: skip
"""Key of an indicator -> how it is counted."""
