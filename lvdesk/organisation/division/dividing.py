"""Divides points into groups around centres with the least way: exactly when few, else by solving neighbourhoods exactly in turn.

The search starts from the centres of the Lagrangian bound, assigns under the load limit, moves centres to the middle of their groups,
then takes a few neighbouring groups out of the whole again and again and solves them to optimality (POPMUSIC, Taillard and Voss 2002).
"""

import time
from dataclasses import dataclass
from typing import Final

import numpy as np

from lvdesk.kit.errors import KnownError
from lvdesk.kit.progress import Progress
from lvdesk.organisation.division import exact
from lvdesk.organisation.division.bounding import bound
from lvdesk.organisation.division.model import Division, Places, Points, objective

_FEW: Final = 40
"""Points up to which the whole is solved at once."""
_MOST: Final = 4000
_PART: Final = 110
"""Points a neighbourhood may have."""
_PART_S: Final = 4.0
_NEAR: Final = 8
_EASED: Final = 1.02
_CLOSE: Final = 1e-6
_STARTS: Final = 8


def divide(points: Points, groups: int, limit: float, progress: Progress | None = None, *, seconds: float = 30.0) -> Division:
    """The best division found; when none keeps all conditions, the load limit is eased and named as binding.

    Raises:
        KnownError: ``division.empty``, ``division.groups``, ``division.too_many``, ``division.load``: the question itself is wrong.
    """
    _refuse(points, groups, limit)
    progress = progress or Progress()
    end = time.monotonic() + seconds
    eased = max(limit, float(points.load.max()), float(points.load.sum()) / groups)
    while True:
        try:
            found = _Search(points, groups, eased, progress, end).run()
        except exact.NoRoomError:
            eased *= _EASED
            continue
        return found if eased <= limit else Division(found.centre, found.objective, found.bound, eased, _said(points, groups, limit, eased))


def _refuse(points: Points, groups: int, limit: float) -> None:
    if not len(points):
        raise KnownError("division.empty", "没有可以划分的点", "请检查文件是否有数据行")
    if not 1 <= groups <= len(points):
        raise KnownError("division.groups", f"{len(points)} 个点不能划成 {groups} 个网格", f"网格数请取 1 到 {len(points)}")
    if len(points) > _MOST:
        raise KnownError("division.too_many", f"一次最多划分 {_MOST:,} 个点，这里有 {len(points):,} 个", "请按线路或乡镇分批划分")
    if not (np.isfinite(points.load).all() and (points.load >= 0).all() and np.isfinite(limit) and limit > 0):
        raise KnownError("division.load", "负荷必须是不小于 0 的数，上限必须大于 0", "请改正后重试")


def _said(points: Points, groups: int, limit: float, eased: float) -> str:
    total, most = float(points.load.sum()), int(points.load.argmax())
    if points.load[most] > limit:
        why = f"{points.keys[most]} 一处的负荷 {points.load[most]:g} 已超过上限 {limit:g}"
    elif total > groups * limit:
        why = f"总负荷 {total:g} 超过 {groups} 个网格乘上限 {limit:g}"
    else:
        why = f"各点负荷拼不进 {groups} 个上限 {limit:g} 的网格"
    return f"{why}，上限放宽到 {eased:g}"


@dataclass
class _Search:
    points: Points
    groups: int
    limit: float
    progress: Progress
    end: float

    def run(self) -> Division:
        if len(self.points) <= _FEW:
            solved = exact.best(self.points, self.groups, self.limit, max(self._left(), 1.0))
            if solved is not None:
                centre, proven = solved
                way = objective(self.points, centre)
                return Division(centre, way, way if proven else 0.0, self.limit)
        known = float(np.sort(self.points.apart, axis=1)[:, : max(2, len(self.points) // self.groups)].mean() * len(self.points))
        lower = bound(self.points, self.groups, self.limit, known, self.progress)
        centre = self._begin(lower.centres)
        better = bound(self.points, self.groups, self.limit, objective(self.points, centre), self.progress)
        floor = max(lower.value, better.value, 0.0)
        centre = self._improve(min(centre, self._begin(better.centres), key=self._way), floor)
        return Division(centre, self._way(centre), min(floor, self._way(centre)), self.limit)

    def _way(self, centre: Places) -> float:
        return objective(self.points, centre)

    def _left(self) -> float:
        return self.end - time.monotonic()

    def _begin(self, centres: Places) -> Places:
        """A first division within the limit; other centres are tried when these leave no room."""
        dice = np.random.default_rng(len(self.points))
        for start in range(_STARTS):
            for nearest in (_NEAR, len(centres)):
                self.progress.check()
                centre = exact.assigned(self.points, centres, self.limit, _PART_S * (1 + start), nearest)
                if centre is not None:
                    return self._centred(centre)
            centres = dice.choice(len(self.points), self.groups, replace=False)
        raise exact.NoRoomError

    def _centred(self, centre: Places) -> Places:
        """Centres go to the middle of their groups and points to their best centre, as long as that saves anything."""
        while True:
            moved = centre.copy()
            for each in np.unique(centre):
                group = np.flatnonzero(centre == each)
                moved[group] = group[self.points.apart[np.ix_(group, group)].sum(axis=0).argmin()]
            again = exact.assigned(self.points, np.unique(moved), self.limit, _PART_S, _NEAR)
            best = moved if again is None else min(moved, again, key=self._way)
            if self._way(best) >= self._way(centre) - _CLOSE or self._left() <= 0:
                return min(best, centre, key=self._way)
            centre = best

    def _improve(self, centre: Places, floor: float) -> Places:
        """Neighbourhoods of 3, 4, 5 … groups are solved until none of them gets better."""
        self.progress.start("改进网格划分", 0, "次")
        for size in range(3, self.groups + 1):
            if size > 3 and size * len(self.points) / self.groups > _PART:
                break
            waiting = set(np.unique(centre).tolist())
            while waiting:
                if self._left() <= 0 or self._way(centre) - floor <= _CLOSE:
                    return centre
                self.progress.step()
                seed = min(waiting)
                waiting.discard(seed)
                around = self._around(centre, seed, size)
                better = self._solved(centre, around)
                if better is not None:
                    changed = np.unique(better[np.isin(centre, around)])
                    centre = better
                    present = np.unique(centre).tolist()
                    waiting &= set(present)
                    waiting |= {each for each in present if np.isin(self._around(centre, each, size), changed).any()}
        return centre

    def _around(self, centre: Places, seed: int, size: int) -> Places:
        """The groups nearest to a group, itself first."""
        centres = np.unique(centre)
        return centres[np.argsort(self.points.apart[seed, centres], kind="stable")[:size]]

    def _solved(self, centre: Places, around: Places) -> Places | None:
        members = np.flatnonzero(np.isin(centre, around))
        part = self.points.part(members)
        nearest = None if len(members) <= _FEW else max(_FEW, 2 * len(members) // len(around))
        try:
            solved = exact.best(part, len(around), self.limit, min(_PART_S, self._left()), nearest)
        except exact.NoRoomError:
            return None
        if solved is None:
            return None
        candidate = centre.copy()
        candidate[members] = members[solved[0]]
        return candidate if self._way(candidate) < self._way(centre) - _CLOSE else None
