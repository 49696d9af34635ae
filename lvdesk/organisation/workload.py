"""How much work an area is: customers, boxes, equipment and its condition, the way there; all weights in ``organisation.toml``."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, func, select

from lvdesk.network.tables import Customer, MeterBox, MeteringPoint, Pole, TransformerArea
from lvdesk.network.verdicts import Finding
from lvdesk.organisation.setup import Setup
from lvdesk.workspace import Workspace

_GONE = "已销户"
_ERROR = "error"


@dataclass(frozen=True)
class AreaWork:
    """One public area with what makes work.

    Attributes:
        longitude, latitude: the area's own place, or the middle of its boxes; None where nothing is known.
        load: work units of a month without the way.
    """

    area_no: str
    name: str
    feeder_no: str
    longitude: float | None
    latitude: float | None
    customers: int
    boxes: int
    poles: int
    errors: int
    load: float


def area_work(ws: Workspace, setup: Setup) -> dict[str, AreaWork]:
    """Every public area by number, in the order of numbers."""
    with ws.store.read() as connection:
        customers = _counted(connection, _customers())
        boxes = _counted(connection, _by_area(MeterBox))
        poles = _counted(connection, _by_area(Pole))
        errors = _errors(connection)
        middle = _middles(connection)
        columns = (
            TransformerArea.area_no,
            TransformerArea.name,
            TransformerArea.feeder_no,
            TransformerArea.longitude,
            TransformerArea.latitude,
        )
        public = TransformerArea.usage.is_(None) | (TransformerArea.usage != "02")
        rows = connection.execute(select(*columns).where(public).order_by(TransformerArea.area_no)).all()
    weight = {name: setup.number("workload", name) for name in ("customer", "box", "pole", "condition")}
    found = {}
    for number, name, feeder, longitude, latitude in rows:
        people, held, posts, wrong = customers.get(number, 0), boxes.get(number, 0), poles.get(number, 0), errors.get(number, 0)
        load = people * weight["customer"] + held * weight["box"] + posts * weight["pole"] + wrong * weight["condition"]
        own = (longitude, latitude) if longitude is not None and latitude is not None else middle.get(number, (None, None))
        found[number] = AreaWork(number, name or number, feeder or "", own[0], own[1], people, held, posts, wrong, load)
    return found


def _counted(connection: Connection, query: Any) -> dict[str, int]:
    rows: list[Any] = list(connection.execute(query).all())
    return {row[0]: row[1] for row in rows if row[0]}


def _customers() -> Any:
    """Customers of each area who are not gone."""
    there = Customer.status.is_(None) | Customer.status.not_like(f"{_GONE}%")
    pairs = select(MeteringPoint.area_no, MeteringPoint.customer_no).distinct().join(
        Customer, Customer.customer_no == MeteringPoint.customer_no
    ).where(there).subquery()  # fmt: skip
    return select(pairs.c.area_no, func.count()).group_by(pairs.c.area_no)


def _by_area(table: type[MeterBox | Pole]) -> Any:
    return select(table.area_no, func.count()).where(table.area_no.is_not(None)).group_by(table.area_no)


def _middles(connection: Connection) -> dict[str, tuple[float, float]]:
    """The middle of the boxes of each area."""
    query = (
        select(MeterBox.area_no, func.avg(MeterBox.longitude), func.avg(MeterBox.latitude))
        .where(MeterBox.longitude.is_not(None), MeterBox.latitude.is_not(None), MeterBox.area_no.is_not(None))
        .group_by(MeterBox.area_no)
    )
    return {row[0]: (float(row[1]), float(row[2])) for row in connection.execute(query)}


def _errors(connection: Connection) -> dict[str, int]:
    """Errors of the checks that stand, by area."""
    query = select(Finding.area_no, func.count()).where(Finding.severity == _ERROR, Finding.resolved_at.is_(None))
    return _counted(connection, query.group_by(Finding.area_no))
