"""The order in which a team visits things: area after area, within an area a short walk from the transformer."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from lvdesk.fieldwork.model import Need
from lvdesk.fieldwork.walking_along import inserted, ladder
from lvdesk.fieldwork.walking_areas import chained
from lvdesk.fieldwork.walking_places import believable, on_map
from lvdesk.fieldwork.walking_tour import tour
from lvdesk.geo.distances import Metres
from lvdesk.kit.progress import Progress

Point = tuple[float, float]


def walked(needs: Sequence[Need], starts: Mapping[str, Point], progress: Progress) -> tuple[list[int], float]:
    """The numbers of ``needs`` in walking order, and the metres that takes in straight lines.

    Every need once. An area is begun at its transformer (``starts``: longitude and latitude by area number), where that is unknown
    at the end of the area before. Things without coordinates that can be believed stand beside their neighbours by address or
    number and count no metres. The same needs in another order are walked alike; only the areas follow their first appearance.
    """
    groups: dict[str, list[int]] = {}
    for number, need in enumerate(needs):
        groups.setdefault(need.area_no, []).append(number)
    origin = _origin(needs, starts)
    progress.start("安排行走顺序", len(needs), "个对象")
    areas = {area: _Area([needs[number] for number in numbers], starts.get(area), origin) for area, numbers in groups.items()}
    order: list[int] = []
    metres, here = 0.0, None
    for area in chained({area: place.middle for area, place in areas.items()}):
        walk, length, here = areas[area].walked(here, progress.check)
        order += [groups[area][number] for number in walk]
        metres += length
        progress.step(len(walk))
    return order, metres


class _Area:
    """The things of one area, by their natural order."""

    def __init__(self, needs: Sequence[Need], start: Point | None, origin: Point) -> None:
        self._ranks = sorted(range(len(needs)), key=lambda number: ladder(needs[number]))
        self._needs = [needs[number] for number in self._ranks]
        self._plane, self._start = on_map([(need.longitude, need.latitude) for need in self._needs], start, origin)

    @property
    def middle(self) -> Point | None:
        """Where the area is: its start, else the middle of its things; None when nobody knows."""
        known = self._plane[~np.isnan(self._plane).any(axis=1)]
        if self._start is not None or not len(known):
            return self._start
        east, north = np.median(known, axis=0)
        return float(east), float(north)

    def walked(self, here: Point | None, check: Callable[[], None]) -> tuple[list[int], float, Point | None]:
        """The things in walking order, the metres from ``here`` to the last of them, and where that is."""
        spots, members = self._spots()
        begin = self._start or here
        stops = tour(spots, begin, check)
        walk = inserted(self._needs, [number for stop in stops for number in members[stop]])
        way = [*(point for point in (here, self._start) if point is not None), *(tuple(spots[stop]) for stop in stops)]
        metres = float(np.hypot(*np.diff(np.array(way), axis=0).T).sum()) if len(way) > 1 else 0.0
        end = way[-1] if way else None
        return [self._ranks[number] for number in walk], metres, None if end is None else (float(end[0]), float(end[1]))

    def _spots(self) -> tuple[Metres, list[list[int]]]:
        """The places of the area, each once, and the things at each."""
        spots: dict[tuple[float, float], list[int]] = {}
        for number, (east, north) in enumerate(self._plane.tolist()):
            if east == east:  # noqa: PLR0124 - not NaN
                spots.setdefault((east, north), []).append(number)
        return np.array(list(spots), dtype=np.float64).reshape(-1, 2), list(spots.values())


def _origin(needs: Sequence[Need], starts: Mapping[str, Point]) -> Point:
    """The middle of everything whose place is believable; metres are counted from it."""
    places = [place for place in [*((need.longitude, need.latitude) for need in needs), *starts.values()] if believable(place)]
    if not places:
        return 0.0, 0.0
    longitude, latitude = np.median(np.array(places, dtype=np.float64), axis=0)
    return float(longitude), float(latitude)
