"""台区档案: one area on one page, for its manager: customers, boxes, equipment, quality, what is open, his duties."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from lvdesk.kit.errors import KnownError
from lvdesk.network.tables import Customer, MeterBox, MeteringPoint, Pole, Transformer, TransformerArea
from lvdesk.network.verdicts import Finding
from lvdesk.organisation.grids import leader, manager
from lvdesk.organisation.setup import load_setup
from lvdesk.organisation.state import read_state, today
from lvdesk.workspace import Workspace

_GONE = "已销户"
_SHOWN = 12
_BIG = 8


@dataclass(frozen=True)
class AreaFile:
    """Everything on the page; ``matters`` the customers that matter (number, name, why), ``open_items`` (what, at, message)."""

    area_no: str
    name: str
    day: str
    grid: str
    leader: str
    manager: str
    phone: str
    villages: tuple[str, ...]
    facts: tuple[tuple[str, str], ...]
    quality: tuple[tuple[str, str], ...]
    matters: tuple[tuple[str, str, str], ...]
    open_items: tuple[tuple[str, str, str], ...]
    open_more: int
    duties: tuple[tuple[str, tuple[str, ...]], ...]


def area_file(ws: Workspace, area_no: str, day: str = "") -> AreaFile:
    """The file of one area.

    Raises:
        KnownError: ``organisation.unknown_area``.
    """
    setup, day = load_setup(ws.overrides), day or today(ws)
    with ws.store.read() as connection:
        now = read_state(connection)
        area = connection.execute(select(TransformerArea.__table__).where(TransformerArea.area_no == area_no)).first()
        if area is None:
            raise KnownError("organisation.unknown_area", f"没有台区“{area_no}”", "请检查台区编号，或先导入台区台账")
        facts, quality = _facts(connection, area), _quality(connection, area_no)
        matters, found = _matters(connection, area_no), _open(connection, area_no)
    grid_no = now.grid_of(day).get(area_no, "")
    grid = next((row["name"] for row in now.rows["grid"] if row["grid_no"] == grid_no), "")
    first = manager(now, area_no, day)
    phone = next((row["phone"] for row in now.rows["staff"] if row["name"] == first), "")
    villages = tuple(row["name"] for row in now.rows["village"] if area_no in row["areas"].split("、"))
    duties = tuple((str(each["title"]), tuple(map(str, each["tasks"]))) for each in setup.data["area_duties"])
    return AreaFile(
        area_no, area.name or area_no, day, grid, leader(now, grid_no, day), first, phone, villages, facts, quality, matters,
        tuple(found[:_SHOWN]), max(0, len(found) - _SHOWN), duties,
    )  # fmt: skip


def _facts(connection: Connection, area: object) -> tuple[tuple[str, str], ...]:
    number = area.area_no  # type: ignore[attr-defined]
    there = Customer.status.is_(None) | Customer.status.not_like(f"{_GONE}%")
    people = select(func.count(MeteringPoint.customer_no.distinct())).join(Customer, Customer.customer_no == MeteringPoint.customer_no)
    customers = connection.execute(people.where(MeteringPoint.area_no == number, there)).scalar_one()
    boxes = connection.execute(select(func.count()).where(MeterBox.area_no == number)).scalar_one()
    placed = connection.execute(select(func.count()).where(MeterBox.area_no == number, MeterBox.longitude.is_not(None))).scalar_one()
    poles = connection.execute(select(func.count()).where(Pole.area_no == number)).scalar_one()
    machines = connection.execute(
        select(Transformer.name, Transformer.model, Transformer.installed_on).where(Transformer.area_no == number)
    ).all()
    machine = "；".join(" ".join(filter(None, row)) for row in machines[:2])
    capacity = area.capacity_kva  # type: ignore[attr-defined]
    return (
        ("线路", area.feeder_name or area.feeder_no or ""),  # type: ignore[attr-defined]
        ("容量", f"{capacity:g} kVA" if capacity else ""),
        ("户均容量", f"{capacity / customers:.2f} kVA" if capacity and customers else ""),
        ("用户", f"{customers:,} 户"), ("计量箱", f"{boxes:,} 只，有坐标 {placed:,}"), ("杆塔", f"{poles:,} 基"),
        ("变压器", machine), ("地址", area.address or ""), ("台账台区经理", area.manager or ""),  # type: ignore[attr-defined]
    )  # fmt: skip


def _quality(connection: Connection, area_no: str) -> tuple[tuple[str, str], ...]:
    rows = connection.execute(
        select(Finding.severity, func.count()).where(Finding.area_no == area_no, Finding.resolved_at.is_(None)).group_by(Finding.severity)
    ).all()
    counts = {row[0]: row[1] for row in rows}
    return tuple((title, f"{counts.get(key, 0):,} 处") for key, title in (("error", "错误"), ("warning", "警告"), ("info", "提示")))


def _matters(connection: Connection, area_no: str) -> tuple[tuple[str, str, str], ...]:
    """Customers that matter: the greatest by capacity, then by use."""
    query = (
        select(Customer.customer_no, Customer.name, Customer.contract_capacity, Customer.recent_kwh)
        .join(MeteringPoint, MeteringPoint.customer_no == Customer.customer_no)
        .where(MeteringPoint.area_no == area_no, Customer.status.is_(None) | Customer.status.not_like(f"{_GONE}%"))
        .order_by(func.coalesce(Customer.contract_capacity, 0).desc(), func.coalesce(Customer.recent_kwh, 0).desc(), Customer.customer_no)
        .distinct().limit(_BIG)
    )  # fmt: skip
    found = []
    for number, name, capacity, used in connection.execute(query).all():
        why = "，".join(filter(None, (f"合同容量 {capacity:g} kVA" if capacity else "", f"近期 {used:g} kWh" if used else "")))
        found.append((number, name or "", why))
    return tuple(found)


def _open(connection: Connection, area_no: str) -> Sequence[tuple[str, str, str]]:
    query = (
        select(Finding.rule, Finding.key, Finding.message)
        .where(Finding.area_no == area_no, Finding.resolved_at.is_(None), Finding.severity == "error").order_by(Finding.rule, Finding.key)
    )  # fmt: skip
    return [(row[0], row[1], row[2]) for row in connection.execute(query)]
