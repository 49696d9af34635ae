"""Grids on a day: their areas, people and workload; what is lacking; the steps that change them."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from lvdesk.kit.errors import RefusedError
from lvdesk.organisation.applying import apply
from lvdesk.organisation.model import Applied, Asked
from lvdesk.organisation.roster import ending, is_here, standin
from lvdesk.organisation.setup import Setup, load_setup
from lvdesk.organisation.state import LEADER, MANAGER, State, state, today
from lvdesk.organisation.workload import AreaWork, area_work
from lvdesk.workspace import Workspace


@dataclass(frozen=True)
class GridView:
    """A grid on a day.

    Attributes:
        leader: "" when nobody leads; ``people`` everybody responsible, the leader first.
        load: work units of a month; ``share`` of load per person to that of the whole station, 1.0 is even.
    """

    grid_no: str
    name: str
    leader: str
    people: tuple[str, ...]
    areas: tuple[str, ...]
    villages: tuple[str, ...]
    customers: int
    boxes: int
    errors: int
    load: float
    share: float


@dataclass(frozen=True)
class Lack:
    """Something the division lacks: ``key`` a grid's or area's number, or a person's name."""

    kind: str
    key: str
    message: str


LACKS: Final[Mapping[str, str]] = {
    "no_grid": "台区没有网格", "private": "专变在网格中", "gone": "台区已不在台账", "no_leader": "网格没有网格长",
    "no_manager": "台区没有客户经理", "no_area": "网格没有台区", "left": "责任人已离岗", "overloaded": "工作量过大",
    "underloaded": "工作量过小", "many": "客户过多",
}  # fmt: skip


@dataclass(frozen=True)
class Picture:
    """Everything a page needs to show: state, work of each area, grids and lacks on a day."""

    day: str
    now: State
    work: Mapping[str, AreaWork]
    grids: tuple[GridView, ...]
    lacks: tuple[Lack, ...]
    grid_of: Mapping[str, str]
    managers: Mapping[str, str]


def picture(ws: Workspace, day: str = "") -> Picture:
    """Grids with their work on a day, today without one."""
    setup, now, day = load_setup(ws.overrides), state(ws), day or today(ws)
    work = area_work(ws, setup)
    views = grid_views(now, work, day)
    responsible = {number: manager(now, number, day) for number in work}
    return Picture(day, now, work, views, tuple(_lacks(setup, now, work, views, responsible, day)), now.grid_of(day), responsible)


def grid_views(now: State, work: Mapping[str, AreaWork], day: str) -> tuple[GridView, ...]:
    """The grids that exist on a day, by number."""
    areas: dict[str, list[str]] = defaultdict(list)
    for area, grid in now.grid_of(day).items():
        areas[grid].append(area)
    people: dict[str, list[str]] = defaultdict(list)
    for row in sorted(now.on("grid_duty", day), key=lambda row: row["duty"] != LEADER):
        people[row["grid_no"]].append(row["staff"])
    villages: dict[str, list[str]] = defaultdict(list)
    for row in now.rows["village"]:
        villages[row["grid_no"]].append(row["name"])
    rows = sorted(now.on("grid", day), key=lambda row: str(row["grid_no"]))
    loads = {row["grid_no"]: sum(work[area].load for area in areas[row["grid_no"]] if area in work) for row in rows}
    heads = {row["grid_no"]: max(len(set(people[row["grid_no"]])), 1) for row in rows}
    mean = sum(loads.values()) / max(sum(heads.values()), 1)
    found = []
    for row in rows:
        number = row["grid_no"]
        inside = [work[area] for area in areas[number] if area in work]
        found.append(GridView(
            number, row["name"], leader(now, number, day), tuple(dict.fromkeys(people[number])), tuple(sorted(areas[number])),
            tuple(sorted(villages[number])), sum(each.customers for each in inside), sum(each.boxes for each in inside),
            sum(each.errors for each in inside), loads[number], loads[number] / heads[number] / mean if mean else 0.0,
        ))  # fmt: skip
    return tuple(found)


def leader(now: State, grid_no: str, day: str) -> str:
    """Who leads a grid on a day; "" nobody."""
    rows = (row["staff"] for row in now.on("grid_duty", day) if row["grid_no"] == grid_no and row["duty"] == LEADER)
    return next(rows, "")


def manager(now: State, area_no: str, day: str, specialty: str = "") -> str:
    """Who is first responsible for an area: for the specialty, for the area, for the grid with the specialty, for the grid; "" nobody."""
    grid = now.grid_of(day).get(area_no, "")
    best = ("", -1)
    for row in now.on("grid_duty", day) if grid else ():
        fits = row["grid_no"] == grid and row["duty"] == MANAGER
        if not fits or row["area_no"] not in {"", area_no} or row["specialty"] not in {"", specialty}:
            continue
        rank = 2 * bool(row["area_no"]) + bool(row["specialty"])
        if rank > best[1]:
            best = (row["staff"], rank)
    return best[0]


def responsible(now: State, area_no: str, day: str, specialty: str = "") -> tuple[str, str]:
    """Who does the work of an area on a day, and why it is he: manager, his substitute, leader, his substitute; ("", why) when nobody."""
    first = manager(now, area_no, day, specialty)
    if first and is_here(now, first, day):
        return first, "台区客户经理"
    if first and (other := standin(now, first, day)):
        return other, f"替班（{first}）"
    head = leader(now, now.grid_of(day).get(area_no, ""), day)
    if head and is_here(now, head, day):
        return head, "网格长（客户经理不在岗）" if first else "网格长（台区没有客户经理）"
    if head and (other := standin(now, head, day)):
        return other, f"替网格长班（{head}）"
    return "", "台区没有网格" if area_no not in now.grid_of(day) else "网格没有在岗的人"


def _lacks(
    setup: Setup, now: State, work: Mapping[str, AreaWork], views: Sequence[GridView], managers: Mapping[str, str], day: str
) -> Iterator[Lack]:
    if not views:
        return
    placed = now.grid_of(day)
    for number, area in work.items():
        if number not in placed:
            yield Lack("no_grid", number, f"{area.name}（{number}）还没有网格")
        elif not managers[number]:
            yield Lack("no_manager", number, f"{area.name}（{number}）在网格 {placed[number]}，没有客户经理")
    for number in placed:
        if number in now.private:
            yield Lack("private", number, f"台区 {number} 是专变，不应在网格中")
        elif number not in work:
            yield Lack("gone", number, f"台区 {number} 已不在台账中")
    here = {row["name"] for row in now.staff_at(day)}
    for view in views:
        yield from _grid_lacks(view, here)
        yield from _burdens(setup, view)


def _grid_lacks(view: GridView, here: set[str]) -> Iterator[Lack]:
    if not view.leader:
        yield Lack("no_leader", view.grid_no, f"{view.name} 没有网格长")
    if not view.areas:
        yield Lack("no_area", view.grid_no, f"{view.name} 没有台区")
    for name in view.people:
        if name not in here:
            yield Lack("left", name, f"{view.name} 的 {name} 已离岗，请指定接替的人")


def _burdens(setup: Setup, view: GridView) -> Iterator[Lack]:
    high, low = setup.number("workload", "overloaded"), setup.number("workload", "underloaded")
    most = setup.number("workload", "most_per_person")
    if view.areas and view.share > high:
        yield Lack("overloaded", view.grid_no, f"{view.name} 人均工作量是全所人均的 {view.share:.2f} 倍")
    elif view.areas and view.share < low:
        yield Lack("underloaded", view.grid_no, f"{view.name} 人均工作量只有全所人均的 {view.share:.2f} 倍")
    per_head = view.customers / max(len(view.people), 1)
    if per_head > most:
        yield Lack("many", view.grid_no, f"{view.name} 人均 {per_head:,.0f} 户，多于 {most:,.0f} 户")


def create(ws: Workspace, grid_no: str, name: str, since: str = "") -> Applied:
    """Begins a grid.

    Raises:
        RefusedError: ``organisation.known_grid`` and as in ``applying``.
    """
    if grid_no in state(ws).known["grid"]:
        raise RefusedError("organisation.known_grid", f"网格 {grid_no} 已经有了", "请换一个编号")
    values = {"grid_no": grid_no, "name": name, "since": since or today(ws)}
    return apply(ws, [Asked("grid", values)], f"建立网格 {name}")


def assign(ws: Workspace, grid_no: str, areas: Sequence[str], since: str = "") -> Applied:
    """Puts areas into a grid from a day on; where they were before ends the day before. "" as grid takes them out.

    Raises:
        RefusedError: ``organisation.unknown_area`` and others; nothing was changed.
    """
    return rearrange(ws, dict.fromkeys(areas, grid_no), since, f"{len(set(areas))} 个台区划入 {grid_no or '（无网格）'}")


def rearrange(ws: Workspace, wanted: Mapping[str, str], since: str, label: str) -> Applied:
    """Puts each area into its grid from a day on, all or none.

    Raises:
        RefusedError: ``organisation.…``.
    """
    day, now = since or today(ws), state(ws)
    asked: list[Asked] = []
    for area, grid in wanted.items():
        ends = ending(now, "grid_area", {"area_no": area}, day, {"grid_no": grid})
        if ends is None:
            continue
        asked += ends
        asked += [Asked("grid_area", {"area_no": area, "grid_no": grid, "since": day}, f"台区 {area}")] if grid else []
    return apply(ws, asked, label) if asked else Applied()


def set_leader(ws: Workspace, grid_no: str, name: str, since: str = "") -> Applied:
    """Makes somebody the leader from a day on; the one before ends.

    Raises:
        RefusedError: ``organisation.…``.
    """
    return _set_duty(ws, {"grid_no": grid_no, "duty": LEADER}, name, since or today(ws), f"{grid_no} 网格长 {name}")


def set_manager(ws: Workspace, grid_no: str, name: str, areas: Sequence[str] = (), specialty: str = "", since: str = "") -> Applied:
    """Makes somebody the manager of areas of a grid, of the whole grid without areas; those before end.

    Raises:
        RefusedError: ``organisation.…``, ``organisation.other_grid`` for areas that lie elsewhere.
    """
    day, now, asked = since or today(ws), state(ws), []
    placed = now.grid_of(day)
    elsewhere = [area for area in areas if area in now.areas and placed.get(area) != grid_no]
    if elsewhere:
        raise RefusedError("organisation.other_grid", f"台区 {elsewhere[0]} 不在网格 {grid_no} 中", "请先把台区划入这个网格")
    for area in areas or [""]:
        values = {"grid_no": grid_no, "duty": MANAGER, "area_no": area, "specialty": specialty}
        asked += _duty(now, values if area else {**values, "staff": name}, name, day)
    return apply(ws, asked, f"{grid_no} 客户经理 {name}") if asked else Applied()


def _set_duty(ws: Workspace, values: Mapping[str, str], name: str, since: str, label: str) -> Applied:
    asked = _duty(state(ws), values, name, since)
    return apply(ws, asked, label) if asked else Applied()


def _duty(now: State, values: Mapping[str, str], name: str, since: str) -> list[Asked]:
    ends = ending(now, "grid_duty", values, since, {"staff": name})
    return [] if ends is None else [*ends, Asked("grid_duty", {**values, "staff": name, "since": since})]
