"""Proposals from today's plan: which few areas should change their grid, why, and what every figure would be then.

Five factors (the practice of the trade), weighted in ``organisation.toml``: geography (kilometres of a month to the grid's middle),
density, workload per head, condition of the equipment, service resources. A step moves one area, or two (a swap, or one
that makes room for another), at the borders of grids; the best step is taken until none helps or the moves are used up.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from lvdesk.kit.progress import Progress
from lvdesk.organisation.division.model import Numbers, Places

_EPSILON: Final = 1e-9
_NEAR: Final = 8
_PAIRED: Final = 120
_EVEN: Final = 1.05
_URGENT: Final = 81.0
FACTORS: Final = ("geography", "density", "workload", "condition", "resources")


@dataclass(frozen=True)
class Plan:
    """What is divided: areas (rows) and the grids they lie in now.

    Attributes:
        plane: metres of each area; ``grid``: number of its grid, -1 none.
        load, customers, errors: of each area; ``feeder``: its feeder as a number, areas of one feeder are neighbours.
        people: heads of each grid, at least 1; ``locked``: areas that stay.
        trips: ways to an area in a month; ``kilometre``: work units of one.
        low, high: least and greatest load per head, 0 and infinite for none.
    """

    keys: tuple[str, ...]
    names: tuple[str, ...]
    grid_names: tuple[str, ...]
    plane: Numbers
    grid: Places
    load: Numbers
    customers: Numbers
    errors: Numbers
    feeder: Places
    people: Numbers
    locked: NDArray[np.bool_]
    weights: Mapping[str, float]
    trips: float = 4.0
    low: float = 0.0
    high: float = np.inf
    islands: bool = False

    @cached_property
    def size(self) -> float:
        """Metres across everything; never 0."""
        return float(np.hypot(*np.ptp(self.plane, axis=0))) or 1.0

    @cached_property
    def variety(self) -> float:
        """How unlike all areas are in customers; never 0."""
        return float(self.customers.std()) or 1.0

    @cached_property
    def means(self) -> tuple[float, float, float]:
        """Load, errors and customers of one head; never 0."""
        heads = self.people.sum()
        return tuple(float(each.sum() / heads) or 1.0 for each in (self.load, self.errors, self.customers))  # type: ignore[return-value]


@dataclass(frozen=True)
class Move:
    """One area that changes its grid: ``says`` the sentence for people."""

    key: str
    name: str
    source: str
    target: str
    says: str


@dataclass(frozen=True)
class Figures:
    """A division in numbers.

    Attributes:
        loads: work per head of each grid; ``balance`` the greatest of them to their mean.
        kilometres: of a month, all grids together; ``factors``: cost of each factor, weighted; ``cost`` their sum.
    """

    loads: tuple[float, ...]
    balance: float
    kilometres: float
    factors: Mapping[str, float]
    cost: float


@dataclass(frozen=True)
class Proposal:
    """A new division: ``grid`` of each area, the moves in the order they help, figures before and after, what could not be kept."""

    grid: Places
    moves: tuple[Move, ...]
    before: Figures
    after: Figures
    binding: tuple[str, ...] = field(default=())


def figures(plan: Plan, grid: Places) -> Figures:
    """Every figure of a division."""
    state = _Standing(plan, grid)
    factors = state.factors()
    heads = plan.people
    loads = state.sums.load / heads
    mean = state.sums.load.sum() / heads.sum()
    balance = float(loads.max() / mean) if mean else 0.0
    kilometres = float(state.sums.way.sum() / 1000 * plan.trips * 2)
    parts = dict(zip(FACTORS, map(float, factors), strict=True))
    return Figures(tuple(float(load) for load in loads), balance, kilometres, parts, float(factors.sum()))


def proposals(plan: Plan, ladder: Sequence[int], progress: Progress) -> list[Proposal]:
    """The best divisions that at most so many moves of areas lead to, one for each number of ``ladder`` that leads further.

    Areas without a grid come into the nearest first; they count as moves.

    Raises:
        Cancelled.
    """
    most = max(ladder)
    progress.start("计算划分方案", most, "步")
    state, start = _Standing(plan, plan.grid.copy()), figures(plan, plan.grid)
    moves: list[tuple[int, int, int]] = []
    for homeless in np.flatnonzero(plan.grid < 0).tolist():
        moves.append((homeless, -1, state.nearest(homeless)))
        state.move(homeless, moves[-1][2])
    found: list[Proposal] = []
    for stop in sorted(set(ladder)):
        before = len(moves)
        while len(moves) < stop:
            progress.check()
            step = state.best_step(stop - len(moves))
            if step is None:
                break
            for area, target in step:
                moves.append((area, int(state.grid[area]), target))
                state.move(area, target)
            progress.step(len(step))
        if len(moves) > before or not found:
            after = figures(plan, state.grid)
            found.append(Proposal(state.grid.copy(), _told(plan, moves), start, after, tuple(_binding(plan, after))))
    return found


def _told(plan: Plan, moves: Sequence[tuple[int, int, int]]) -> tuple[Move, ...]:
    """The moves in words; an area that went and came back is not told."""
    final = {area: target for area, _source, target in moves}
    first = {area: source for area, source, _target in reversed(moves)}
    found, state = [], _Standing(plan, plan.grid.copy())
    for area in dict.fromkeys(area for area, _source, _target in moves):
        source, target = first[area], final[area]
        if source == target:
            continue
        before, way = state.shares(), float(state.sums.way.sum())
        state.move(area, target)
        after, longer = state.shares(), (float(state.sums.way.sum()) - way) / 1000 * plan.trips * 2
        found.append(_sentence(plan, area, (source, target), (before, after), longer))
    return tuple(found)


def _sentence(plan: Plan, area: int, way: tuple[int, int], shares: tuple[Numbers, Numbers], longer: float) -> Move:
    """``way`` source and target, ``shares`` of every grid before and after."""
    names, (source, target), (before, after) = plan.grid_names, way, shares
    far = f"多走 {longer:.1f} km/月" if longer >= 0 else f"少走 {-longer:.1f} km/月"
    new = f"{names[target]} {before[target] - 1:+.0%}→{after[target] - 1:+.0%}"
    if source < 0:
        return Move(plan.keys[area], plan.names[area], "", names[target], f"{plan.names[area]} 划入{names[target]}：{new}，{far}")
    old = f"{names[source]} {before[source] - 1:+.0%}→{after[source] - 1:+.0%}"
    says = f"{plan.names[area]} 由{names[source]}转{names[target]}：{old}，{new}，{far}"
    return Move(plan.keys[area], plan.names[area], names[source], names[target], says)


def _binding(plan: Plan, after: Figures) -> list[str]:
    """Conditions that do not hold, in words."""
    found = []
    locked = int(plan.locked.sum())
    why = f"（锁定了 {locked} 个台区）" if locked else "（相邻网格也已到上限，或没有相邻的台区可移）"
    for name, load in zip(plan.grid_names, after.loads, strict=True):
        if load > plan.high + _EPSILON:
            found.append(f"{name}人均工作量 {load:,.0f} 高于上限 {plan.high:,.0f}{why}")
        if load < plan.low - _EPSILON:
            found.append(f"{name}人均工作量 {load:,.0f} 低于下限 {plan.low:,.0f}{why}")
    if after.balance > _EVEN and not plan.islands:
        found.append(f"最重的网格是人均的 {after.balance:.2f} 倍：再移任何相邻台区都会让网格断成几块或更不均衡，可允许飞地或调整人数")
    heaviest = float(plan.load.max(initial=0.0))
    if heaviest > plan.high:
        found.append(f"{plan.names[int(plan.load.argmax())]}一个台区的工作量 {heaviest:,.0f} 就超过上限，不能再分")
    return found


@dataclass
class _Sums:
    """What the cost of a division is made of, by grid."""

    load: Numbers
    errors: Numbers
    customers: Numbers
    way: Numbers
    spread: Numbers


class _Standing:
    """A division with everything that a step changes."""

    def __init__(self, plan: Plan, grid: Places) -> None:
        self.plan, self.grid, self.count = plan, grid, len(plan.grid_names)
        self._near = _neighbours(plan)
        self._urgency = 1.0
        self._measure()

    def move(self, area: int, target: int) -> None:
        """Puts an area into a grid."""
        self.grid[area] = target
        self._measure()

    def shares(self) -> Numbers:
        """Load per head of each grid to the station's; 1 is even."""
        per_head = self.sums.load / self.plan.people
        mean = self.sums.load.sum() / self.plan.people.sum()
        return per_head / mean if mean else np.ones(self.count)

    def nearest(self, area: int) -> int:
        """The grid whose middle is nearest."""
        return int(np.hypot(*(self.middle - self.plan.plane[area]).T).argmin())

    def factors(self) -> Numbers:
        """Cost of the five factors, weighted, in their order."""
        return _costs(self.plan, self.sums, 1.0)

    def best_step(self, left: int) -> list[tuple[int, int]] | None:
        """The move, or the pair where ``left`` allows two, that saves most; None when nothing saves.

        Where nothing saves and the load is still uneven, evenness becomes more urgent, so that the rest follows.
        """
        while True:
            now = float(_costs(self.plan, self.sums, self._urgency).sum())
            tried = sorted((self._after([each]), each) for each in self._border())
            if tried and tried[0][0] < now - _EPSILON:
                return [tried[0][1]]
            pair = self._best_pair([each for _cost, each in tried[:_PAIRED]], now) if left > 1 else None
            if pair is not None or self._urgency >= _URGENT or self.shares().max() <= _EVEN:
                return pair
            self._urgency *= 3

    def _best_pair(self, singles: Sequence[tuple[int, int]], now: float) -> list[tuple[int, int]] | None:
        """Two areas at once: one comes into a grid, another leaves it, back or further on."""
        best: tuple[float, list[tuple[int, int]]] | None = None
        for area, target in singles:
            for other, onward in singles:
                if self.grid[other] == target and other != area:
                    cost = self._after([(area, target), (other, onward)])
                    if cost < now - _EPSILON and (best is None or cost < best[0]):
                        best = (cost, [(area, target), (other, onward)])
        return best[1] if best else None

    def _border(self) -> list[tuple[int, int]]:
        """Areas that may go, with the grids beside them."""
        found: set[tuple[int, int]] = set()
        for area in np.flatnonzero(~self.plan.locked):
            own = self.grid[area]
            others = {int(self.grid[each]) for each in self._near[area]} - {int(own), -1}
            if others and (self.plan.islands or not self._cuts(int(area))):
                found.update((int(area), each) for each in others)
        return sorted(found)

    def _cuts(self, area: int) -> bool:
        """Whether a grid would fall apart without this area, or be left without any."""
        own = self.grid[area]
        mine = [each for each in self._near[area] if self.grid[each] == own]
        if not mine:
            return bool((self.grid == own).sum() <= 1)
        if len(mine) == 1:
            return False
        seen, stack = {area, mine[0]}, [mine[0]]
        while stack:
            for each in self._near[stack.pop()]:
                if each not in seen and self.grid[each] == own:
                    seen.add(int(each))
                    stack.append(int(each))
        return any(each not in seen for each in mine)

    def _after(self, step: Sequence[tuple[int, int]]) -> float:
        """The cost after a step, worked out from what changes."""
        plan, grid, now = self.plan, self.grid, self.sums
        sums = _Sums(now.load.copy(), now.errors.copy(), now.customers.copy(), now.way.copy(), now.spread.copy())
        old, touched = [(area, int(grid[area])) for area, _target in step], set()
        for area, target in step:
            source = int(grid[area])
            touched |= {source, target}
            for counted, each in ((sums.load, plan.load), (sums.errors, plan.errors), (sums.customers, plan.customers)):
                counted[target] += each[area]
                counted[source] -= each[area]
            grid[area] = target
        for number in touched:
            _middle, sums.way[number], sums.spread[number] = _ground(plan, np.flatnonzero(grid == number))
        for area, source in old:
            grid[area] = source
        return float(_costs(plan, sums, self._urgency).sum())

    def _measure(self) -> None:
        plan, inside = self.plan, self.grid >= 0
        where = self.grid[inside]
        ground = [_ground(plan, np.flatnonzero(self.grid == each)) for each in range(self.count)]
        load, errors, customers = (
            np.bincount(where, each[inside], self.count).astype(np.float64) for each in (plan.load, plan.errors, plan.customers)
        )
        self.middle = np.array([each[0] for each in ground])
        self.sums = _Sums(load, errors, customers, np.array([each[1] for each in ground]), np.array([each[2] for each in ground]))


def _ground(plan: Plan, members: Places) -> tuple[Numbers, float, float]:
    """Middle of a grid, metres of all its areas to it, and how unlike its areas are in customers."""
    if not len(members):
        return plan.plane.mean(axis=0), 0.0, 0.0
    places = plan.plane[members]
    middle = places.mean(axis=0)
    apart = places - middle
    return middle, float(np.hypot(apart[:, 0], apart[:, 1]).sum()), float(plan.customers[members].std())


def _costs(plan: Plan, sums: "_Sums", urgency: float) -> Numbers:
    """Each factor is without unit: 0 is perfect, weights compare them; ``urgency`` raises what the heaviest grid costs."""
    heads, weight = plan.people, plan.weights
    mean, errors_mean, people_mean = plan.means
    per_head = sums.load / heads
    uneven = per_head / mean - 1
    outside = np.clip(per_head - plan.high, 0, None).sum() + np.clip(plan.low - per_head, 0, None).sum()
    condition = sums.errors / heads / errors_mean - 1
    service = sums.customers / heads / people_mean - 1
    return np.array([
        weight["geography"] * sums.way.sum() / (plan.size * max(len(plan.keys), 1)) * 10,
        weight["density"] * sums.spread.mean() / plan.variety,
        weight["workload"] * urgency * ((uneven @ uneven) * 10 + max(uneven.max(), 0.0) * 5) + 100 * outside / mean,
        weight["condition"] * (condition @ condition) / len(heads) if plan.errors.any() else 0.0,
        weight["resources"] * (service @ service) / len(heads),
    ])  # fmt: skip


def _neighbours(plan: Plan) -> list[Places]:
    """Of each area its neighbours: those nearest on the plane, and the nearest of its feeder."""
    from scipy.spatial import cKDTree

    count = len(plan.keys)
    near: list[set[int]] = [set() for _each in range(count)]
    for group in (np.zeros(count, dtype=np.intp), plan.feeder):
        for number in np.unique(group[group >= 0]):
            members = np.flatnonzero(group == number)
            if len(members) < 2:
                continue
            found = cKDTree(plan.plane[members]).query(plan.plane[members], k=min(_NEAR if group is not plan.feeder else 3, len(members)))[
                1
            ]
            for place, others in zip(members, found, strict=True):
                for other in members[others]:
                    if other != place:
                        near[place].add(int(other))
                        near[other].add(int(place))
    return [np.array(sorted(each), dtype=np.intp) for each in near]
