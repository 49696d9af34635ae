"""A short open walk over places: 2-opt and Or-opt on neighbour lists, then many small shake-ups of which the better ones stay.

No clock and one fixed seed: the same places give the same walk on every machine.
"""

from collections.abc import Callable
from random import Random
from typing import Final

import numpy as np

from lvdesk.fieldwork.walking_apart import far_of, nearest_of
from lvdesk.geo.distances import Metres

_NEIGHBOURS: Final = 8
_ROUNDS: Final = 500
_ROUNDS_EACH: Final = 5
"""Shake-ups for each walk, at most, and for each place of it: 0.3 s for 300 places."""
_REACH: Final = 30
"""A shake-up swaps two neighbouring stretches of at most this many places each."""
_SEGMENT: Final = 3
_LEAST: Final = 1e-3
"""Metres a change must gain; less is rounding, which differs between machines."""
_SLICE: Final = 50


def tour(
    plane: Metres, start: tuple[float, float] | None, check: Callable[[], None] = lambda: None, *, rounds: int | None = None
) -> list[int]:
    """The rows of ``plane`` in a near-optimal order from ``start`` (None: from any of them), ending anywhere.

    Never longer than the order they are given in. ``check`` is called now and then and may raise. More ``rounds`` than usual find
    walks that are shorter by a few per cent at most.
    """
    if len(plane) < 2:
        return list(range(len(plane)))
    walk = _Walk(plane, start)
    walk.settle(walk.path)
    chance = Random(len(plane))  # noqa: S311 - a fixed seed is the point: the same walk every time
    usual = min(_ROUNDS, _ROUNDS_EACH * len(plane)) if len(plane) > 4 else 0
    for number in range(usual if rounds is None else rounds):
        if number % _SLICE == 0:
            check()
        walk.shake(chance)
    return walk.path[1:-1]


class _Walk:
    """A path from a node before all places to one behind all; those two cost nothing to reach, except that a given start does."""

    def __init__(self, plane: Metres, start: tuple[float, float] | None) -> None:
        self._last, self._first = len(plane), len(plane) + 1
        self._start = start
        self._far = far_of(plane, start)
        numbers = nearest_of(plane, min(_NEIGHBOURS + 1, len(plane)))
        self._near = [[other for other in row if other != node][:_NEIGHBOURS] for node, row in enumerate(numbers.tolist())]
        self._place = [0] * (len(plane) + 2)
        given, greedy = [self._first, *range(len(plane)), self._last], self._greedy(plane)
        self.path = given if self._length(given) <= self._length(greedy) else greedy
        self._index()

    def settle(self, queue: list[int]) -> float:
        """Improves the path around the nodes of the queue until nothing near them gets better; metres gained."""
        waiting = list(dict.fromkeys(node for node in reversed(queue) if node < self._last))
        known, gained = set(waiting), 0.0
        while waiting:
            node = waiting.pop()
            known.discard(node)
            while found := self._turn(node) or self._move(node):
                gain, touched = found
                gained += gain
                for other in touched:
                    if other < self._last and other not in known:
                        known.add(other)
                        waiting.append(other)
        return gained

    def shake(self, chance: Random) -> None:
        """Swaps two short neighbouring stretches somewhere, settles, and goes back unless that made the walk shorter."""
        before, places, path = self.path, self._place, self.path
        count = len(path) - 2
        first = 1 + int(chance.random() * (count - 1))
        middle = first + 1 + int(chance.random() * min(_REACH, count - first))
        behind = middle + 1 + int(chance.random() * min(_REACH, max(count - middle, 1)))
        if behind > count + 1:
            return
        cuts = [path[first - 1], path[first], path[middle - 1], path[middle], path[behind - 1], path[behind]]
        cost = sum(self._far(a, b) for a, b in zip(cuts[::2], cuts[1::2], strict=True))
        self.path = [*path[:first], *path[middle:behind], *path[first:middle], *path[behind:]]
        self._place = places.copy()
        self._index(first, behind)
        joined = ((cuts[0], cuts[3]), (cuts[4], cuts[1]), (cuts[2], cuts[5]))
        cost -= sum(self._far(a, b) for a, b in joined)
        if cost + self.settle(cuts) <= _LEAST:
            self.path, self._place = before, places

    def _turn(self, node: int) -> tuple[float, tuple[int, ...]] | None:
        """Walks a stretch the other way round so that ``node`` gets a nearer neighbour."""
        path, place, far = self.path, self._place, self._far
        here = place[node]
        for step in (1, -1):
            after = path[here + step]
            now = far(node, after)
            for other in self._near[node]:
                less = now - far(node, other)
                if less <= _LEAST:
                    break
                there = place[other]
                beyond = path[there + step]
                gain = less + far(other, beyond) - far(after, beyond)
                if gain > _LEAST:
                    low, high = (here, there) if here < there else (there, here)
                    low, high = (low + 1, high) if step == 1 else (low, high - 1)
                    self._reverse(low, high)
                    return gain, (node, after, other, beyond)
        return None

    def _move(self, node: int) -> tuple[float, tuple[int, ...]] | None:
        """Takes a stretch of up to three places that ends with ``node`` elsewhere, next to a place near ``node``."""
        path, place, far = self.path, self._place, self._far
        here = place[node]
        for step in (1, -1):
            for length in range(_SEGMENT):
                end = here + step * length
                if not 0 < end < len(path) - 1:
                    break
                tail, before, after = path[end], path[here - step], path[end + step]
                freed = far(before, node) + far(tail, after) - far(before, after)
                if freed <= _LEAST:
                    continue
                low, high = min(here, end), max(here, end)
                for other in self._near[node]:
                    to = far(node, other)
                    if to >= freed:
                        break
                    if low <= place[other] <= high:
                        continue
                    found = self._fit((low, high), (node, tail, other), freed - to)
                    if found:
                        return found[0], (node, tail, before, after, *found[1])
        return None

    def _fit(self, stretch: tuple[int, int], nodes: tuple[int, int, int], left: float) -> tuple[float, tuple[int, int]] | None:
        """Puts the stretch between ``other`` and one of its neighbours, ``node`` next to ``other``; ``left`` is what may still be spent."""
        (low, high), (node, tail, other) = stretch, nodes
        path, far = self.path, self._far
        there = self._place[other]
        for side in (1, -1):
            beyond_at = there + side
            if not 0 <= beyond_at < len(path) or low <= beyond_at <= high:
                continue
            beyond = path[beyond_at]
            gain = left + far(other, beyond) - far(tail, beyond)
            if gain > _LEAST:
                piece = path[low : high + 1]
                if (piece[0] == node) != (side == 1):
                    piece.reverse()
                behind = max(there, beyond_at)
                self._insert(piece, low, behind)
                return gain, (other, beyond)
        return None

    def _insert(self, piece: list[int], low: int, behind: int) -> None:
        """Moves the stretch from ``low`` to before the place that now stands at ``behind``."""
        path, high = self.path, low + len(piece)
        if behind >= high:
            path[low:behind] = [*path[high:behind], *piece]
            self._index(low, behind)
        else:
            path[behind:high] = [*piece, *path[behind:low]]
            self._index(behind, high)

    def _reverse(self, low: int, high: int) -> None:
        self.path[low : high + 1] = self.path[low : high + 1][::-1]
        self._index(low, high + 1)

    def _index(self, low: int = 0, high: int | None = None) -> None:
        place = self._place
        for number, node in enumerate(self.path[low:high], low):
            place[node] = number

    def _length(self, path: list[int]) -> float:
        return sum(map(self._far, path, path[1:]))

    def _greedy(self, plane: Metres) -> list[int]:
        """Always on to the nearest place not yet visited."""
        here = plane[0] if self._start is None else np.array(self._start)
        left, path = np.arange(len(plane)), [self._first]
        while len(left):
            index = int(np.argmin(np.hypot(*(plane[left] - here).T)))
            here = plane[left[index]]
            path.append(int(left[index]))
            left = np.delete(left, index)
        return [*path, self._last]
