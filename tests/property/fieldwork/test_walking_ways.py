"""Whatever is known about places: every thing once, the same way every time, never longer than by address."""

from itertools import pairwise
from random import Random

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from lvdesk.fieldwork.model import Need
from lvdesk.fieldwork.walking import walked
from lvdesk.fieldwork.walking_along import ladder
from lvdesk.fieldwork.walking_tour import tour
from lvdesk.geo.distances import distance
from lvdesk.kit.progress import Progress

START = (114.3, 33.1)

offsets = st.integers(-400, 400).map(lambda steps: steps * 1e-5)
near = st.tuples(offsets.map(lambda off: START[0] + off), offsets.map(lambda off: START[1] + off))
odd = st.sampled_from([(None, None), (0.0, 0.0), (33.1, 114.3), (114.3, None), (115.9, 30.2), (float("nan"), 33.1), (1e300, -1e300)])
addresses = st.sampled_from(["", "李街", "王庄三组"]).flatmap(
    lambda street: st.integers(1, 60).map(lambda door: f"{street}{door}号" * bool(street))
)


def needs_of(places: list[tuple[tuple[float | None, float | None], str]], areas: list[str]) -> list[Need]:
    return [
        Need("meter_box" if number % 5 else "access_point", str(number), areas[number % len(areas)], (), address, *place)
        for number, (place, address) in enumerate(places)
    ]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(near | odd, addresses), max_size=40), st.integers(1, 4), st.sampled_from([START, (0.0, 0.0), None]))
def test_every_thing_once_and_the_same_way_again(
    places: list[tuple[tuple[float | None, float | None], str]], areas: int, start: tuple[float, float] | None
) -> None:
    needs = needs_of(places, [f"4{number}" for number in range(areas)])
    starts = {"40": start} if start else {}
    order, metres = walked(needs, starts, Progress())
    assert sorted(order) == list(range(len(needs)))
    assert 0 <= metres < 1e6
    assert (order, metres) == walked(needs, starts, Progress())
    along = [needs[number].area_no for number in order]
    assert sum(one != other for one, other in pairwise(along)) == max(len(set(along)) - 1, 0)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(near | odd, addresses), max_size=40), st.randoms(use_true_random=False))
def test_the_order_things_come_in_does_not_matter(places: list[tuple[tuple[float | None, float | None], str]], chance: Random) -> None:
    needs = needs_of(places, ["40"])
    shuffled = needs.copy()
    chance.shuffle(shuffled)
    order, metres = walked(needs, {"40": START}, Progress())
    again, length = walked(shuffled, {"40": START}, Progress())
    assert [needs[number].key for number in order] == [shuffled[number].key for number in again]
    assert metres == length


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(near, addresses), min_size=1, max_size=40), st.booleans())
def test_never_longer_than_by_address(places: list[tuple[tuple[float | None, float | None], str]], begun: bool) -> None:
    needs = needs_of(places, ["40"])
    _, metres = walked(needs, {"40": START} if begun else {}, Progress())
    plain = [(need.longitude, need.latitude) for need in sorted(needs, key=ladder)]
    way = np.array([START, *plain] if begun else plain, dtype=np.float64)
    natural = float(distance((way[:-1, 0], way[:-1, 1]), (way[1:, 0], way[1:, 1])).sum())
    assert metres <= natural * 1.001 + 0.01


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), unique=True, min_size=1, max_size=9), st.booleans())
def test_short_walks_are_the_shortest(points: list[tuple[int, int]], begun: bool) -> None:
    plane = np.array(points, dtype=np.float64)
    start = (0.0, 0.0) if begun else None
    order = tour(plane, start)
    assert sorted(order) == list(range(len(points)))
    walk = [(0, 0), *(points[number] for number in order)] if begun else [points[number] for number in order]
    metres = sum(float(np.hypot(a[0] - b[0], a[1] - b[1])) for a, b in pairwise(walk))
    assert metres <= _shortest(points, begun=begun) * 1.02 + 1e-6


def _shortest(points: list[tuple[int, int]], *, begun: bool) -> float:
    """Metres of the best walk, every subset by its last point (Held and Karp)."""
    count = len(points)
    apart = [[float(np.hypot(a[0] - b[0], a[1] - b[1])) for b in points] for a in points]
    best = {(1 << last, last): float(np.hypot(*points[last])) if begun else 0.0 for last in range(count)}
    for subset in range(1, 1 << count):
        for last in range(count):
            if (subset, last) in best:
                for onward in range(count):
                    if not subset >> onward & 1:
                        key, metres = (subset | 1 << onward, onward), best[subset, last] + apart[last][onward]
                        best[key] = min(best.get(key, metres), metres)
    return min(best[(1 << count) - 1, last] for last in range(count))
