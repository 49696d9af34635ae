"""Help for whoever dispatches: who should go and why; open needs of one place as one trip; a person's plan of a day."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import select

from lvdesk.geo.distances import on_plane
from lvdesk.network.tables import Meter, MeterBox, MeteringPoint
from lvdesk.organisation.grids import manager
from lvdesk.organisation.roster import is_here, members, on_shift, standin
from lvdesk.organisation.setup import load_setup
from lvdesk.organisation.state import state as organisation
from lvdesk.organisation.state import today
from lvdesk.organisation.workload import area_work
from lvdesk.workorders.model import State
from lvdesk.workorders.reading import Order, Scope, orders
from lvdesk.workorders.types import load_orders
from lvdesk.workspace import Workspace

_OUT: Final = frozenset({State.PENDING, State.WAITING, State.DISPATCHED, State.TAKEN, State.ARRIVED, State.WORKING})
_SAME_GRID, _SPECIALTY, _PER_ORDER, _OFF_SHIFT, _PER_KM = 40.0, 20.0, 4.0, 30.0, 3.0
_SHOWN: Final = 5
_SLICE: Final = 900


@dataclass(frozen=True)
class Candidate:
    """Somebody who could go: points (more is better) and the reasons in words."""

    name: str
    points: float
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class Stop:
    """One place of a trip: a box, or an area where no box is known; ``orders`` numbers to be done there."""

    entity: str
    key: str
    title: str
    area_no: str
    longitude: float | None
    latitude: float | None
    orders: tuple[str, ...]


@dataclass(frozen=True)
class Trip:
    """What one person does on one way: stops in walking order, metres of the way; ``colour`` of the most pressing order."""

    person: str
    areas: tuple[str, ...]
    stops: tuple[Stop, ...]
    orders: tuple[str, ...]
    metres: float
    colour: str


def candidates(ws: Workspace, order: Order, day: str = "") -> list[Candidate]:
    """The best people for an order, best first: responsibility, specialty, load, distance, shift."""
    now, day = organisation(ws), day or today(ws)
    kind = load_orders(ws.overrides).types[order.kind]
    load = Counter(each.responsible for each in orders(ws, Scope(open_only=True)))
    grid = now.grid_of(day).get(order.area_no, "")
    places = _seats(ws)
    here, held = places.get(order.area_no), {area: manager(now, area, day) for area in now.grid_of(day)}
    found = []
    for member in members(now, day):
        if member.away or not is_here(now, member.name, day):
            continue
        points, reasons = -_PER_ORDER * load[member.name], [f"手上 {load[member.name]} 张"]
        if member.name == order.responsible:
            points, reasons = points + 50, ["第一责任人", *reasons]
        if grid and grid in member.grids:
            points, reasons = points + _SAME_GRID, [*reasons, "本网格"]
        if kind.specialty in member.specialties:
            points, reasons = points + _SPECIALTY, [*reasons, f"专业对口（{kind.specialty}）"]
        if not on_shift(now, member.name, day):
            points, reasons = points - _OFF_SHIFT, [*reasons, "今日休息"]
        far = _far(here, [places[area] for area, who in held.items() if who == member.name and area in places])
        if far is not None:
            points, reasons = points - _PER_KM * far, [*reasons, f"离所管台区 {far:.1f} km"]
        found.append(Candidate(member.name, round(points, 1), tuple(reasons)))
    return sorted(found, key=lambda each: (-each.points, each.name))[:_SHOWN]


def trips(ws: Workspace, scope: Scope | None = None, now: datetime | None = None) -> list[Trip]:
    """All open needs as trips: each place once, one trip per responsible person, stops in the order one walks them."""
    found = [each for each in orders(ws, scope or Scope(open_only=True), now) if each.state in _OUT]
    places = _places(ws, found)
    state, day = organisation(ws), today(ws)
    known = {row["name"] for row in state.rows["staff"]}
    by_person: dict[str, list[Order]] = defaultdict(list)
    for each in found:
        name = each.responsible
        by_person[(standin(state, name, day) or name) if name in known else name].append(each)
    return [_trip(person, held, places) for person, held in sorted(by_person.items())]


def day_plan(ws: Workspace, person: str, now: datetime | None = None) -> Trip | None:
    """One person's trip, None when nothing is open for him."""
    return next((trip for trip in trips(ws, Scope(open_only=True), now) if trip.person == person), None)


def _trip(person: str, held: Sequence[Order], places: Mapping[str, Stop]) -> Trip:
    stops: dict[tuple[str, str], list[Order]] = defaultdict(list)
    for each in held:
        spot = places[each.order_no]
        stops[spot.entity, spot.key].append(each)
    made = []
    for group in stops.values():
        spot = places[group[0].order_no]
        numbers = tuple(each.order_no for each in group)
        made.append(Stop(spot.entity, spot.key, spot.title, spot.area_no, spot.longitude, spot.latitude, numbers))
    walked, metres = _walked(made)
    ranks = ("green", "yellow", "orange", "red")
    colour = max((each.colour for each in held), key=ranks.index)
    areas = tuple(dict.fromkeys(stop.area_no for stop in walked if stop.area_no))
    return Trip(person, areas, tuple(walked), tuple(number for stop in walked for number in stop.orders), metres, colour)


def _walked(stops: Sequence[Stop]) -> tuple[list[Stop], float]:
    """Nearest next, then two stretches turned round as long as that shortens the way; those without a place come last."""
    placed = [stop for stop in stops if stop.longitude is not None and stop.latitude is not None]
    rest = sorted((stop for stop in stops if stop.longitude is None or stop.latitude is None), key=lambda stop: (stop.area_no, stop.key))
    if len(placed) < 2:
        return [*placed, *rest], 0.0
    degrees = np.array([(stop.longitude, stop.latitude) for stop in placed], dtype=np.float64)
    plane = on_plane((degrees[:, 0], degrees[:, 1]), (float(degrees[0, 0]), float(degrees[0, 1])))
    apart = np.hypot(*(plane[:, None, at] - plane[None, :, at] for at in (0, 1)))
    tour = _nearest_next(apart, int(plane.sum(axis=1).argmin()))
    better = True
    while better:
        better = False
        for first in range(len(tour) - 2):
            for last in range(first + 2, len(tour)):
                after = apart[tour[last], tour[last + 1]] if last + 1 < len(tour) else 0.0
                turned = apart[tour[first + 1], tour[last + 1]] if last + 1 < len(tour) else 0.0
                if apart[tour[first], tour[last]] + turned + 1e-6 < apart[tour[first], tour[first + 1]] + after:
                    tour[first + 1 : last + 1] = tour[first + 1 : last + 1][::-1]
                    better = True
    metres = float(sum(apart[one, two] for one, two in pairwise(tour)))
    return [*(placed[at] for at in tour), *rest], metres


def _nearest_next(apart: NDArray[np.float64], start: int) -> list[int]:
    left, tour = set(range(len(apart))) - {start}, [start]
    while left:
        tour.append(min(left, key=lambda each: (apart[tour[-1], each], each)))
        left.discard(tour[-1])
    return tour


def _places(ws: Workspace, found: Sequence[Order]) -> dict[str, Stop]:
    """Where each order is done: the box of its customer or the box itself, else its area, else nowhere."""
    at_home, boxes = _boxes(ws, found)
    work = area_work(ws, load_setup(ws.overrides))
    places = {}
    for each in found:
        box = at_home.get(each.key, "") if each.entity == "customer" else each.key if each.entity == "meter_box" else ""
        area = work.get(each.area_no)
        if box in boxes:
            title, area_no, longitude, latitude = boxes[box]
            places[each.order_no] = Stop("meter_box", box, title, area_no or each.area_no, longitude, latitude, ())
        elif area is not None:
            places[each.order_no] = Stop("transformer_area", area.area_no, area.name, area.area_no, area.longitude, area.latitude, ())
        else:
            key, title = each.key or each.order_no, each.address or each.title
            places[each.order_no] = Stop(each.entity or "order", key, title, each.area_no, None, None, ())
    return places


_Box = tuple[str, str, float | None, float | None]


def _boxes(ws: Workspace, found: Sequence[Order]) -> tuple[dict[str, str], dict[str, _Box]]:
    """Customer -> his box; box -> where it hangs, its area, its place."""
    customers = [each.key for each in found if each.entity == "customer"]
    at_home: dict[str, str] = {}
    boxes: dict[str, _Box] = {}
    with ws.store.read() as connection:
        for start in range(0, len(customers), _SLICE):
            query = (
                select(MeteringPoint.customer_no, Meter.box_no).join(Meter, Meter.mp_no == MeteringPoint.mp_no)
                .where(MeteringPoint.customer_no.in_(customers[start : start + _SLICE]))
            )  # fmt: skip
            at_home |= {str(row[0]): row[1] for row in connection.execute(query) if row[1]}
        wanted = list({*at_home.values(), *(each.key for each in found if each.entity == "meter_box")})
        for start in range(0, len(wanted), _SLICE):
            columns = (MeterBox.asset_no, MeterBox.location, MeterBox.area_no, MeterBox.longitude, MeterBox.latitude)
            for row in connection.execute(select(*columns).where(MeterBox.asset_no.in_(wanted[start : start + _SLICE]))):
                boxes[row[0]] = (row[1] or row[0], row[2] or "", row[3], row[4])
    return at_home, boxes


def _seats(ws: Workspace) -> dict[str, tuple[float, float]]:
    return {
        number: (each.longitude, each.latitude)
        for number, each in area_work(ws, load_setup(ws.overrides)).items() if each.longitude is not None and each.latitude is not None
    }  # fmt: skip


def _far(here: tuple[float, float] | None, seats: Sequence[tuple[float, float]]) -> float | None:
    """Kilometres from a place to the nearest of some."""
    if here is None or not seats:
        return None
    degrees = np.array(seats, dtype=np.float64)
    return float(np.hypot(*on_plane((degrees[:, 0], degrees[:, 1]), here).T).min() / 1000)
