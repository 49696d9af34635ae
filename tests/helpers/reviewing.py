"""The small station of ``visiting`` with people of every role and field results that give matters of every kind."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from lvdesk.kit.progress import Progress
from lvdesk.kit.table import Query
from lvdesk.network.tables import TABLES
from lvdesk.review import browsing, deciding, gathering, items
from lvdesk.review.model import Action, Decided, ItemView, Kind, Request, State
from lvdesk.security import people
from lvdesk.workspace import Workspace
from tests.helpers import visiting
from tests.helpers.returning import results, returned
from tests.helpers.stations import barcode
from tests.helpers.visiting import EAST, NORTH, box, customer, meter, point

CLERK, ADMIN, LEADER = "钱内勤", "赵管理", "周网格"
MARKETING, MARKETING_2 = "孙营销", "吴营销"
OPERATIONS, OPERATIONS_2 = "李运检", "郑运检"
BOTH = "王全能"
_ROLES: Final = {
    ADMIN: ["admin"], CLERK: ["clerk"], LEADER: ["grid_leader"], MARKETING: ["marketing"], MARKETING_2: ["marketing"],
    OPERATIONS: ["operations"], OPERATIONS_2: ["operations"], BOTH: ["marketing", "operations"],
}  # fmt: skip

_PER_BOX: Final = 4


def morning() -> datetime:
    """The clock of these tests."""
    return datetime.fromisoformat("2026-11-23T09:00:00+08:00")


def row(number: int, home: int, **more: str) -> dict[str, str]:
    """A row of field results of a customer in a box, agreeing with the ledger."""
    cells = {
        "用户编号": customer(number), "用户名称": f"用户{number}", "计量箱条码": barcode("05", 500 + home),
        "电能表条码": barcode("01", number), "经度": str(round(115.68 + home / 2000, 6)), "纬度": "34.441",
    }  # fmt: skip
    return {**cells, **more}


def team(folder: Path, name: str = "一班.xlsx") -> Path:
    """Customer 1 has another meter, 2 another name, 3 is gone, 5 is in another area; a stranger; boxes hang on poles."""
    rows = [
        row(1, 1, 电能表条码=barcode("01", 901), 挂接设备类型="低压杆塔", 挂接设备名称="银岗线1号杆"),
        row(2, 1, 用户名称="赵六", 挂接设备类型="低压杆塔", 挂接设备名称="银岗线1号杆"),
        row(3, 2, 核对结论="现场无表"),
        row(5, 4, 台区编号=EAST),
        row(8, 5, 电能表条码=barcode("01", 908), 核对结论="实有账无", 台区编号=EAST, 挂接设备类型="墙支架", 挂接设备名称="东村3号"),
    ]
    return results(folder / name, rows)


def staffed(ws: Workspace) -> Workspace:
    """The station with its people, the clerk at the desk."""
    ws.clock = morning
    visiting.laid(ws)
    enrolled(ws)
    return ws


def enrolled(ws: Workspace) -> None:
    """Registers people of every role, without PINs; the clerk sits at the desk."""
    for name, roles in _ROLES.items():
        ws.store.person = ADMIN
        people.register(ws.store, ws.overrides, name, roles)
    ws.store.person = CLERK


def queued(ws: Workspace, folder: Path) -> Workspace:
    """The same with ``team`` returned by the clerk and the queue up to date."""
    returned(staffed(ws), team(folder))
    gathering.refresh(ws, Progress())
    return ws


def all_items(ws: Workspace, stage: str = browsing.ALL) -> dict[str, ItemView]:
    """Kind and key -> item."""
    scope = browsing.Scope(stage, own=True)
    return {f"{view.kind} {view.key}": view for view in items.views(ws, list(browsing.table(ws, scope).ids(Query())))}


def item(ws: Workspace, kind: Kind, key: str = "") -> ItemView:
    """The one item of a kind, or of a kind and key."""
    (found,) = [view for view in all_items(ws).values() if view.kind is kind and key in {"", view.key}]
    return found


def decide(ws: Workspace, who: str, action: Action, *views: ItemView, **more: Any) -> Decided:
    """A decision of somebody; the clerk is back at the desk afterwards."""
    ws.store.person = who
    try:
        return deciding.decide(ws, Request(tuple(view.id for view in views), action, **more), Progress())
    finally:
        ws.store.person = CLERK


def confirm_all(ws: Workspace) -> None:
    """Everything that may be confirmed is, stage after stage."""
    for who, stage in ((MARKETING, State.MARKETING), (OPERATIONS, State.OPERATIONS), (CLERK, State.PREPARING)):
        if views := list(all_items(ws, stage).values()):
            decide(ws, who, Action.CONFIRM, *views)


def states(views: Iterable[ItemView]) -> Mapping[str, State]:
    """Kind and key -> state."""
    return {f"{view.kind} {view.key}": view.state for view in views}


def crowd(ws: Workspace, folder: Path, count: int, **more: str) -> None:
    """So many customers in one area, all with another name at site and ``more``, returned by the clerk; people of every role."""
    area, homes = NORTH, {number: number // _PER_BOX + 1 for number in range(1, count + 1)}
    rows: dict[str, tuple[tuple[str, ...], list[tuple[Any, ...]]]] = {
        "feeder": (("feeder_no", "name"), [("1336422701", "10kV银岗线")]),
        "transformer_area": (
            ("area_no", "name", "feeder_no", "longitude", "latitude"),
            [(area, "北村2#公变", "1336422701", 115.68, 34.44)],
        ),
        "meter_box": (
            ("asset_no", "bar_code", "location", "longitude", "latitude", "area_no"),
            [(box(n), barcode("05", 500 + n), f"某村{n}号", _east(n), 34.441, area) for n in sorted(set(homes.values()))],
        ),
        "meter": (
            ("asset_no", "bar_code", "mp_no", "box_no"),
            [(meter(n), barcode("01", n), point(n), box(home)) for n, home in homes.items()],
        ),
        "metering_point": (("mp_no", "customer_no", "area_no"), [(point(n), customer(n), area) for n in homes]),
        "customer": (
            ("customer_no", "name", "address", "sort", "status"),
            [(customer(n), f"用户{n}", f"某村{n}号", "03", "正常用电客户") for n in homes],
        ),
    }
    with ws.store.write("台账") as write:
        for entity, (columns, values) in rows.items():
            listed = [(*each, 1) for each in values]
            write.insert(TABLES[entity], [*columns, "listed"], listed, len(listed))
    enrolled(ws)
    told = [row(n, home, 用户名称=f"住户{n}", 经度=str(_east(home)), **more) for n, home in homes.items()]
    returned(ws, results(folder / "一班.xlsx", told))
    gathering.refresh(ws, Progress())


def _east(home: int) -> float:
    return round(115.68 + home / 20000, 6)
