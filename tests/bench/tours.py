"""Walks over generated areas beside the best walk OR-tools finds with much more time."""

import hashlib
import json
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from statistics import median

import numpy as np

from lvdesk.fieldwork.model import Need
from lvdesk.fieldwork.walking import walked
from lvdesk.fieldwork.walking_tour import tour
from lvdesk.geo.distances import Metres, metres_per_degree
from lvdesk.kit.progress import Progress
from tests.bench.ledgers import CACHE
from tests.bench.peers import ORTOOLS

_MIDDLE = (114.31, 33.12)
_KINDS = ("village", "clusters", "block", "valley")
_SIZES = (30, 45, 60, 75, 90, 105, 120, 135, 150, 165, 180, 195, 210, 225, 240, 250, 260, 275, 290, 300)
_SECONDS = 30
"""OR-tools gets this long for each area."""
_ROUNDS = 20_000
"""Our own search gets forty times its usual rounds, in case OR-tools does not find the best."""


@dataclass(frozen=True)
class Ground:
    """A generated area: the places of its boxes in metres, the transformer at the origin."""

    kind: str
    places: Metres

    def needs(self, area_no: str = "4000000001", away: float = 0.0) -> tuple[list[Need], tuple[float, float]]:
        """Its boxes as things to visit, ``away`` metres to the east of the middle, and the transformer."""
        east, north = (float(metres) for metres in metres_per_degree(np.asarray(_MIDDLE[1])))
        start = (_MIDDLE[0] + away / east, _MIDDLE[1])
        made = [
            Need("meter_box", f"{area_no}{number:05}", area_no, (), longitude=start[0] + x / east, latitude=start[1] + y / north)
            for number, (x, y) in enumerate(self.places.tolist())
        ]
        return made, start

    def length(self, order: list[int]) -> float:
        """Metres from the transformer over all places in that order."""
        return float(np.hypot(*np.diff(np.vstack([np.zeros((1, 2)), self.places[order]]), axis=0).T).sum())


def ground(kind: str, size: int, seed: int) -> Ground:
    """Boxes as they stand: houses along the roads of a village, hamlets, blocks of a town, poles up a winding valley."""
    chance = Random(seed)
    made = [_PLACING[kind](chance, number, size) for number in range(size)]
    return Ground(kind, np.round(np.array(made), 2))


def _village(chance: Random, number: int, size: int) -> tuple[float, float]:
    """Both sides of a few crossing roads."""
    road, side = number % 5, chance.choice((-1, 1)) * (8 + 3 * chance.random())
    along = (chance.random() - 0.5) * 900
    across = (road // 2 - 1) * 160 + side
    return (along, across + 0.08 * along) if road % 2 == 0 else (across + 0.05 * along, along)


def _clusters(chance: Random, number: int, size: int) -> tuple[float, float]:
    """Hamlets some hundred metres apart."""
    hamlet = number % 7
    east, north = 420 * np.cos(hamlet * 2.4) * (0.3 + hamlet / 7), 420 * np.sin(hamlet * 2.4) * (0.3 + hamlet / 7)
    return chance.gauss(float(east), 45), chance.gauss(float(north), 45)


def _block(chance: Random, number: int, size: int) -> tuple[float, float]:
    """Rows of dense buildings, stairway by stairway."""
    columns = round(size**0.5 * 1.4)
    return number % columns * 14 + chance.random() * 4 - 120, number // columns * 38 + chance.random() * 6 - 150


def _valley(chance: Random, number: int, size: int) -> tuple[float, float]:
    """A line of poles with short branches."""
    along = number // 3 / size * 6000
    off = number % 3 * (25 + 20 * chance.random())
    return float(along + chance.gauss(0, 6)), float(140 * np.sin(along / 300) + off * (-1) ** (number // 3))


_PLACING = {"village": _village, "clusters": _clusters, "block": _block, "valley": _valley}


def grounds() -> list[Ground]:
    """The twenty areas, 30 to 300 boxes."""
    return [ground(_KINDS[number % len(_KINDS)], size, number + 1) for number, size in enumerate(_SIZES)]


Told = tuple[str, str, str, bool | None]
"""Name, value, goal, whether it is met."""


def compared() -> Iterator[Told]:
    """Length beside the best known, seconds, a whole feeder."""
    ratios, seconds, kinds = [], [], []
    for area in grounds():
        needs, start = area.needs()
        began = time.perf_counter()
        order, _ = walked(needs, {needs[0].area_no: start}, Progress())
        seconds.append(time.perf_counter() - began)
        length = area.length(order)
        ratios.append(length / min(_best(area), length))
        kinds.append(f"{area.kind} of {len(needs)}")
    worst = kinds[ratios.index(max(ratios))]
    value = f"{max(ratios):.3f} ({worst}), median {median(ratios):.3f}"
    name = f"walk : best known (OR-tools {_SECONDS} s, own search with 40 times the rounds), longest of 20 areas of 30–300 boxes"
    yield name, value, "≤ 1.10", max(ratios) <= 1.10
    value = f"{max(seconds):.2f} s ({kinds[seconds.index(max(seconds))]}), median {median(seconds):.2f} s"
    yield "walk: slowest of 20 areas of 30–300 boxes", value, "< 1 s", max(seconds) < 1
    yield _feeder()


def _feeder() -> Told:
    needs: list[Need] = []
    starts = {}
    for number in range(40):
        area_no = f"40{number:08}"
        boxes, starts[area_no] = ground(_KINDS[number % len(_KINDS)], 75, number).needs(area_no, number * 800.0)
        needs += boxes
    began = time.perf_counter()
    order, _ = walked(needs, starts, Progress())
    took = time.perf_counter() - began
    assert sorted(order) == list(range(len(needs)))
    return "walk: a feeder of 3,000 boxes in 40 areas", f"{took:.1f} s", "", None


def _best(area: Ground) -> float:
    """Metres of the best walk that OR-tools or a long search finds; kept between runs, since it takes its time whatever we do."""
    path = CACHE / "tours.json"
    known = json.loads(path.read_text("utf-8")) if path.is_file() else {}
    digest = hashlib.sha256(area.places.tobytes()).hexdigest()[:16]
    searches = {f"own-{_ROUNDS}": _long, **({f"{_SECONDS}": _searched} if ORTOOLS.is_dir() else {})}
    for how, search in searches.items():
        if (name := f"{digest}-{how}") in known:
            continue
        known[name] = area.length(search(area))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(known, indent=1), "utf-8")
    return min(float(known[f"{digest}-{how}"]) for how in searches)


def _long(area: Ground) -> list[int]:
    """What our own search comes to when it may go on; OR-tools alone is beaten on winding roads."""
    return tour(area.places, (0.0, 0.0), rounds=_ROUNDS)


def _searched(area: Ground) -> list[int]:
    """The order OR-tools comes to in ``_SECONDS``; centimetres, from the transformer, the way back costs nothing."""
    sys.path.append(str(ORTOOLS))
    from ortools.constraint_solver import pywrapcp, routing_enums_pb2

    points = np.vstack([np.zeros((1, 2)), area.places])
    apart = np.round(np.hypot(*(points[:, None] - points[None]).transpose(2, 0, 1)) * 100).astype(int)
    apart[:, 0] = 0
    manager = pywrapcp.RoutingIndexManager(len(points), 1, 0)
    routing = pywrapcp.RoutingModel(manager)
    routing.SetArcCostEvaluatorOfAllVehicles(routing.RegisterTransitMatrix(apart.tolist()))
    options = pywrapcp.DefaultRoutingSearchParameters()
    options.first_solution_strategy = routing_enums_pb2.FirstSolutionStrategy.PATH_CHEAPEST_ARC
    options.local_search_metaheuristic = routing_enums_pb2.LocalSearchMetaheuristic.GUIDED_LOCAL_SEARCH
    options.time_limit.FromSeconds(_SECONDS)
    found = routing.SolveWithParameters(options)
    order, index = [], found.Value(routing.NextVar(routing.Start(0)))
    while not routing.IsEnd(index):
        order.append(manager.IndexToNode(index) - 1)
        index = found.Value(routing.NextVar(index))
    return order
