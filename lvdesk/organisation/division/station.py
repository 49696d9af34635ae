"""The station's own areas as what is divided: from today's grids, or from scratch; and a proposal taken over."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from lvdesk.geo.distances import on_plane
from lvdesk.kit.errors import RefusedError
from lvdesk.kit.progress import Progress
from lvdesk.organisation.applying import apply
from lvdesk.organisation.division.dividing import divide
from lvdesk.organisation.division.model import Numbers, Places, Points
from lvdesk.organisation.division.proposals import FACTORS, Figures, Plan, Proposal, figures, proposals
from lvdesk.organisation.grids import Picture, picture, rearrange
from lvdesk.organisation.model import Applied, Asked
from lvdesk.organisation.setup import Setup, load_setup
from lvdesk.organisation.state import today
from lvdesk.organisation.workload import AreaWork
from lvdesk.workspace import Workspace

_ROOM: Final = 1.05
_SCRATCH_S: Final = 6.0
LADDER: Final = (5, 10, 20, 40, 10_000)


@dataclass(frozen=True)
class Wish:
    """How areas shall be divided.

    Attributes:
        grids: as many new grids from scratch; 0 keeps today's.
        most: at most so many areas move; 0 proposes several steps.
        locked: areas, or grids, that stay as they are.
        low, high: load of a head; 0 for no limit.
        weights: of factors that differ from ``organisation.toml``.
    """

    grids: int = 0
    most: int = 0
    locked: Collection[str] = ()
    low: float = 0.0
    high: float = 0.0
    islands: bool = False
    weights: Mapping[str, float] | None = None


@dataclass(frozen=True)
class Proposed:
    """What came out: the plan it was worked out on and the proposals, the one with fewest moves first."""

    plan: Plan
    grid_nos: tuple[str, ...]
    proposals: tuple[Proposal, ...]

    def wanted(self, place: int) -> dict[str, str]:
        """Area -> grid of one proposal, only what changes."""
        new = self.proposals[place].grid
        return {key: self.grid_nos[grid] for key, old, grid in zip(self.plan.keys, self.plan.grid, new, strict=True) if old != grid}


def propose(ws: Workspace, wish: Wish, progress: Progress) -> Proposed:
    """Proposals for the station.

    Raises:
        RefusedError: ``grids.none`` without grids, ``grids.no_places`` where no area has a place, ``grids.weights``.
        Cancelled.
    """
    seen, setup = picture(ws), load_setup(ws.overrides)
    areas = _placed(seen.work)
    if not areas:
        raise RefusedError("grids.no_places", "公变台区都没有坐标，算不出划分方案", "请先导入带坐标的台区或计量箱")
    if wish.grids:
        return _from_scratch(areas, setup, wish, progress)
    if not seen.grids:
        raise RefusedError("grids.none", "还没有网格，不能从现状调整", "请先建立网格，或给出网格数从头划分（--grids N）")
    plan = plan_of(seen, areas, setup, wish)
    ladder = (wish.most,) if wish.most else LADDER
    return Proposed(plan, tuple(view.grid_no for view in seen.grids), tuple(proposals(plan, ladder, progress)))


def plan_of(seen: Picture, areas: Sequence[AreaWork], setup: Setup, wish: Wish) -> Plan:
    """Today's division as what is divided."""
    places = {view.grid_no: place for place, view in enumerate(seen.grids)}
    grid = np.array([places.get(seen.grid_of.get(each.area_no, ""), -1) for each in areas], dtype=np.intp)
    locked = np.array([each.area_no in wish.locked or seen.grid_of.get(each.area_no, "") in wish.locked for each in areas])
    people = np.array([max(len(view.people), 1) for view in seen.grids], dtype=float)
    return _plan(areas, setup, wish, _Start(grid, people, tuple(view.name for view in seen.grids), locked))


def what_if(ws: Workspace, moved: Mapping[str, str]) -> tuple[tuple[str, ...], Figures, Figures]:
    """Names of the grids, their figures today, and those when areas came into other grids: what a page shows while somebody drags."""
    seen = picture(ws)
    plan = plan_of(seen, _placed(seen.work), load_setup(ws.overrides), Wish())
    places = {view.grid_no: place for place, view in enumerate(seen.grids)}
    at, grid = {key: place for place, key in enumerate(plan.keys)}, plan.grid.copy()
    for key, target in moved.items():
        if key in at and target in places:
            grid[at[key]] = places[target]
    return plan.grid_names, figures(plan, plan.grid), figures(plan, grid)


def adopt(ws: Workspace, proposed: Proposed, place: int, since: str = "") -> Applied:
    """Takes a proposal over from a day on: one step that can be undone. A division from scratch makes its grids as well.

    Raises:
        RefusedError: ``organisation.…``.
    """
    wanted, day = proposed.wanted(place), since or today(ws)
    known = {view.grid_no for view in picture(ws).grids}
    fresh = [number for number in proposed.grid_nos if number not in known]
    if fresh:
        names = dict(zip(proposed.grid_nos, proposed.plan.grid_names, strict=True))
        apply(
            ws, [Asked("grid", {"grid_no": number, "name": names[number], "since": day}) for number in fresh], f"建立 {len(fresh)} 个网格"
        )
    return rearrange(ws, wanted, day, f"采用划分方案，{len(wanted)} 个台区换网格")


def _placed(work: Mapping[str, AreaWork]) -> list[AreaWork]:
    return [each for each in work.values() if each.longitude is not None and each.latitude is not None]


@dataclass(frozen=True)
class _Start:
    """A division to begin with: grid of each area, heads and names of the grids, areas that stay."""

    grid: Places
    people: Numbers
    names: tuple[str, ...]
    locked: NDArray[np.bool_]


def _plan(areas: Sequence[AreaWork], setup: Setup, wish: Wish, start: _Start) -> Plan:
    feeders = {feeder: place for place, feeder in enumerate(sorted({each.feeder_no for each in areas} - {""}))}
    return Plan(
        tuple(each.area_no for each in areas), tuple(each.name for each in areas), start.names, _plane(areas), start.grid,
        np.array([each.load for each in areas]), np.array([float(each.customers) for each in areas]),
        np.array([float(each.errors) for each in areas]), np.array([feeders.get(each.feeder_no, -1) for each in areas], dtype=np.intp),
        start.people, start.locked, _weights(setup, wish), setup.number("workload", "trips"), wish.low, wish.high or np.inf, wish.islands,
    )  # fmt: skip


def _plane(areas: Sequence[AreaWork]) -> Numbers:
    places = np.array([(each.longitude, each.latitude) for each in areas], dtype=np.float64)
    middle = places.mean(axis=0)
    return on_plane((places[:, 0], places[:, 1]), (float(middle[0]), float(middle[1])))


def _weights(setup: Setup, wish: Wish) -> dict[str, float]:
    given = wish.weights or {}
    wrong = [name for name, weight in given.items() if name not in FACTORS or weight < 0]
    if wrong:
        raise RefusedError("grids.weights", f"划分因素“{wrong[0]}”没有或是负数", f"可用的有：{'、'.join(FACTORS)}，权重不小于 0")
    return {name: float(given.get(name, setup.number("factors", name))) for name in FACTORS}


def _from_scratch(areas: Sequence[AreaWork], setup: Setup, wish: Wish, progress: Progress) -> Proposed:
    """Groups around areas with the least way, then evened by the same five factors."""
    plane = _plane(areas)
    apart = np.hypot(*(plane[:, None, at] - plane[None, :, at] for at in (0, 1)))
    load = np.array([each.load for each in areas])
    if wish.grids > len(areas):
        raise RefusedError("grids.many", f"{len(areas)} 个台区不能划成 {wish.grids} 个网格", "请减少网格数")
    limit = max(wish.high, float(load.sum()) / wish.grids * _ROOM)
    found = divide(Points(tuple(each.area_no for each in areas), apart, load), wish.grids, limit, progress, seconds=_SCRATCH_S)
    order = {int(centre): place for place, centre in enumerate(found.centres)}
    grid = np.array([order[int(centre)] for centre in found.centre], dtype=np.intp)
    numbers = tuple(f"WG{place:02d}" for place in range(1, wish.grids + 1))
    names = tuple(f"第{place}网格" for place in range(1, wish.grids + 1))
    free, ones = np.zeros(len(areas), dtype=np.bool_), np.ones(wish.grids)
    start = _plan(areas, setup, wish, _Start(grid, ones, names, free))
    evened = proposals(start, (LADDER[-1],), progress)[-1]
    empty = _plan(areas, setup, wish, _Start(np.full(len(areas), -1, dtype=np.intp), ones, names, free))
    binding = ((found.binding,) if found.binding else ()) + evened.binding
    return Proposed(empty, numbers, (Proposal(evened.grid, (), evened.before, evened.after, binding),))
