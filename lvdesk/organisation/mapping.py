"""What a map shows: areas, boxes and feeders on a plane of metres, the outlines of the grids."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import select

from lvdesk.geo.distances import on_plane
from lvdesk.network.tables import MeterBox
from lvdesk.organisation.grids import Picture, picture
from lvdesk.organisation.outlines import Outline, outlines
from lvdesk.workspace import Workspace

_LINK_M: Final = 5_000.0


@dataclass(frozen=True)
class MapArea:
    """An area on the map; ``x``, ``y`` metres from the map's origin."""

    area_no: str
    name: str
    grid: str
    manager: str
    x: float
    y: float
    customers: int
    errors: int
    load: float


@dataclass(frozen=True)
class GridMap:
    """All of it.

    Attributes:
        origin: longitude and latitude of 0, 0.
        boxes: metres of each box with a place; ``box_area``: place of its area in ``areas``, -1 where it is none of them.
        lines: pairs of places of ``areas``: feeders as schematic lines between areas that are near.
        unplaced: areas without any coordinate.
    """

    picture: Picture
    origin: tuple[float, float]
    areas: tuple[MapArea, ...]
    boxes: NDArray[np.float64]
    box_area: NDArray[np.int64]
    lines: tuple[tuple[int, int], ...]
    outlines: tuple[Outline, ...]
    unplaced: tuple[str, ...]


def grid_map(ws: Workspace, day: str = "") -> GridMap:
    """The map of a day, today's without one."""
    seen = picture(ws, day)
    placed = [each for each in seen.work.values() if each.longitude is not None and each.latitude is not None]
    unplaced = tuple(number for number, each in seen.work.items() if each.longitude is None or each.latitude is None)
    if not placed:
        empty = np.empty((0, 2))
        return GridMap(seen, (0.0, 0.0), (), empty, np.empty(0, dtype=np.int64), (), (), unplaced)
    places = np.array([(each.longitude, each.latitude) for each in placed], dtype=np.float64)
    middle = np.median(places, axis=0)
    origin = (float(middle[0]), float(middle[1]))
    plane = on_plane((places[:, 0], places[:, 1]), origin)
    areas = tuple(
        MapArea(
            each.area_no, each.name, seen.grid_of.get(each.area_no, ""), seen.managers.get(each.area_no, ""), float(x), float(y),
            each.customers, each.errors, each.load,
        )
        for each, (x, y) in zip(placed, plane, strict=True)
    )  # fmt: skip
    boxes, box_area = _boxes(ws, areas, origin)
    drawn = tuple(outlines(plane, [each.grid for each in areas]))
    feeders = [each.feeder_no for each in placed]
    return GridMap(seen, origin, areas, boxes, box_area, tuple(_lines(plane, feeders)), drawn, unplaced)


def _boxes(ws: Workspace, areas: tuple[MapArea, ...], origin: tuple[float, float]) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    at = {each.area_no: place for place, each in enumerate(areas)}
    query = select(MeterBox.longitude, MeterBox.latitude, MeterBox.area_no).where(
        MeterBox.longitude.is_not(None), MeterBox.latitude.is_not(None)
    )
    with ws.store.read() as connection:
        rows = connection.execute(query).all()
    if not rows:
        return np.empty((0, 2)), np.empty(0, dtype=np.int64)
    places = np.array([(row[0], row[1]) for row in rows], dtype=np.float64)
    return on_plane((places[:, 0], places[:, 1]), origin), np.array([at.get(row[2] or "", -1) for row in rows], dtype=np.int64)


def _lines(plane: NDArray[np.float64], feeders: list[str]) -> list[tuple[int, int]]:
    """The shortest tree through the areas of each feeder, without its overlong links."""
    from scipy.sparse.csgraph import minimum_spanning_tree

    found = []
    for feeder in sorted(set(feeders) - {""}):
        members = np.array([place for place, each in enumerate(feeders) if each == feeder])
        if len(members) < 2:
            continue
        apart = np.hypot(*(plane[members, None, at] - plane[None, members, at] for at in (0, 1)))
        tree = minimum_spanning_tree(np.maximum(apart, 1e-3)).tocoo()
        found += [(int(members[a]), int(members[b])) for a, b, way in zip(tree.row, tree.col, tree.data, strict=True) if way < _LINK_M]
    return found
