"""Walks over bare places: every place once, nothing crossing, the same walk again, stopped when asked."""

from itertools import pairwise

import numpy as np
import pytest

from lvdesk.fieldwork.walking_places import on_map
from lvdesk.fieldwork.walking_tour import tour
from lvdesk.geo.distances import Metres


def scattered(count: int) -> Metres:
    return np.random.default_rng(count).random((count, 2)) * 500


def metres(plane: Metres, order: list[int]) -> float:
    return float(np.hypot(*np.diff(plane[order], axis=0).T).sum())


@pytest.mark.parametrize("count", [0, 1, 2, 3, 4, 5, 6, 9, 40, 300, 1200])
@pytest.mark.parametrize("start", [None, (-50.0, 250.0)])
def test_every_place_once_and_the_same_again(count: int, start: tuple[float, float] | None) -> None:
    plane = scattered(count)
    order = tour(plane, start)
    assert sorted(order) == list(range(count))
    assert order == tour(plane, start)
    assert metres(plane, order) <= metres(plane, list(range(count)))


@pytest.mark.parametrize("count", [100, 300, 1200])
def test_scattered_places_come_near_the_length_known_of_such_walks(count: int) -> None:
    # the best walk through many places scattered over a square is 0.7124 * sqrt(count * square), somewhat more through few
    assert metres(scattered(count), tour(scattered(count), None)) < 0.7124 * 500 * count**0.5 * 1.1


def test_no_two_legs_cross() -> None:
    plane = scattered(120)
    legs = list(pairwise(plane[tour(plane, None)]))
    assert not any(_cross(*legs[one], *legs[other]) for one in range(len(legs)) for other in range(one + 2, len(legs)))


def _cross(a: Metres, b: Metres, c: Metres, d: Metres) -> bool:
    def side(p: Metres, q: Metres, r: Metres) -> bool:
        return bool((q[0] - p[0]) * (r[1] - p[1]) > (q[1] - p[1]) * (r[0] - p[0]))

    return side(a, b, c) != side(a, b, d) and side(c, d, a) != side(c, d, b)


def test_a_walk_along_a_line_goes_from_end_to_end() -> None:
    plane = np.column_stack([np.arange(50.0)[::-1] * 30, np.zeros(50)])
    assert tour(plane, (-10.0, 0.0)) == list(range(50))[::-1]
    assert tour(plane, None) in (list(range(50)), list(range(50))[::-1])


def test_it_stops_when_asked() -> None:
    def stop() -> None:
        raise InterruptedError

    with pytest.raises(InterruptedError):
        tour(scattered(60), None, stop)


def test_places_far_from_the_area_and_outside_the_country_are_unknown() -> None:
    good = [(114.3 + step * 1e-4, 33.1) for step in range(7)]
    bad = [(0.0, 0.0), (33.1, 114.3), (114.3, None), (115.3, 33.1), (114.3, 34.0), None]
    plane, start = on_map([*good, *bad], (114.3, 33.1), (114.3, 33.1))
    assert np.isnan(plane).any(axis=1).tolist() == [False] * 7 + [True] * 6
    assert start == (0.0, 0.0)
    assert on_map(good, (110.0, 33.1), (114.3, 33.1))[1] is None


def test_a_second_hamlet_of_the_area_is_not_too_far() -> None:
    hamlets = [(114.3, 33.1)] * 9 + [(114.325, 33.1)] * 4
    assert not np.isnan(on_map(hamlets, None, (114.3, 33.1))[0]).any()
