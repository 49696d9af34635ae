"""Outlines of grids from their areas: hulls that follow the areas closely and never overlap.

Every area gets the ground nearer to it than to any other (Voronoi cells), up to a reach around it; a grid's outline is the border of
its areas' ground. Grounds do not overlap, so neither do outlines.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

Ring = NDArray[np.float64]
_FEW: Final = 2
_AROUND: Final = 12
_SAME_M: Final = 0.5
_LEAST_REACH_M: Final = 60.0


@dataclass(frozen=True)
class Outline:
    """A grid's ground as closed rings of metres on the plane: ``rings`` with inner ones where another grid lies inside."""

    grid: str
    rings: tuple[Ring, ...]
    centre: tuple[float, float]


def outlines(plane: NDArray[np.float64], grids: Sequence[str], reach: float = 0.0) -> list[Outline]:
    """One outline per grid named; places with grid "" keep the ground free.

    Args:
        plane: metres of each place, two columns.
        grids: of each place its grid.
        reach: how far from a place its ground goes, metres; 0 takes 1.1 times the usual distance between neighbours.
    """
    from scipy.spatial import Voronoi

    if not len(plane):
        return []
    names, places = _distinct(plane, grids)
    reach = reach or _reach(places)
    angles = np.linspace(0, 2 * np.pi, _AROUND, endpoint=False)
    ring = reach * 2 * np.column_stack([np.cos(angles), np.sin(angles)])
    around = (places[:, None, :] + ring[None, :, :]).reshape(-1, 2)
    kept = _far(around, places, reach * 1.99)
    cells = Voronoi(np.vstack([places, around[kept], _frame(places, reach)]))
    edges: dict[str, list[tuple[int, int]]] = defaultdict(list)
    owner = [*names, *[""] * (len(cells.points) - len(names))]
    for (first, second), line in zip(cells.ridge_points, cells.ridge_vertices, strict=True):
        if owner[first] != owner[second] and -1 not in line:
            for each in {owner[first], owner[second]} - {""}:
                edges[each].append((line[0], line[1]))
    found = []
    for grid in sorted(set(names) - {""}):
        rings = tuple(cells.vertices[ring] for ring in _rings(edges[grid]))
        middle = places[[place for place, name in enumerate(names) if name == grid]].mean(axis=0)
        found.append(Outline(grid, rings, (float(middle[0]), float(middle[1]))))
    return found


def _distinct(plane: NDArray[np.float64], grids: Sequence[str]) -> tuple[list[str], NDArray[np.float64]]:
    """One place per spot: of several areas on one pole the first decides."""
    spots = np.round(plane / _SAME_M).astype(np.int64)
    _unique, first = np.unique(spots, axis=0, return_index=True)
    first.sort()
    return [grids[place] for place in first], plane[first]


def _reach(places: NDArray[np.float64]) -> float:
    from scipy.spatial import cKDTree

    if len(places) < _FEW:
        return _LEAST_REACH_M
    distance = cKDTree(places).query(places, k=min(4, len(places)))[0][:, 1:]
    return max(_LEAST_REACH_M, float(np.median(distance.max(axis=1))) * 1.1)


def _far(points: NDArray[np.float64], places: NDArray[np.float64], least: float) -> NDArray[np.bool_]:
    from scipy.spatial import cKDTree

    return np.asarray(cKDTree(places).query(points)[0] >= least)


def _frame(places: NDArray[np.float64], reach: float) -> NDArray[np.float64]:
    """Four points far outside, so that every cell in use is closed."""
    low, high = places.min(axis=0) - reach * 50, places.max(axis=0) + reach * 50
    return np.array([low, high, [low[0], high[1]], [high[0], low[1]]])


def _rings(edges: Sequence[tuple[int, int]]) -> list[list[int]]:
    """Edges joined into closed rings of vertices."""
    ways: dict[int, list[int]] = defaultdict(list)
    for first, second in edges:
        ways[first].append(second)
        ways[second].append(first)
    rings = []
    while ways:
        start = next(iter(ways))
        ring, here = [start], start
        while True:
            there = ways[here].pop()
            ways[there].remove(here)
            for each in (here, there):
                if each in ways and not ways[each]:
                    del ways[each]
            if there == start:
                break
            ring.append(there)
            here = there
        rings.append(ring)
    return rings
