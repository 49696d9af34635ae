"""The way through a list; the little map in metres."""

import pytest

from lvdesk.review.model import Spot
from ui.panes.review.snippet import apart, metres, round_length
from ui.panes.review.walk import Walk


def walked(ids: list[int], done: set[int]) -> Walk:
    walk = Walk()
    walk.read(ids)
    walk.done = done
    return walk


@pytest.mark.parametrize(
    "here, step, done, following",
    [
        (1, 1, set(), 2),
        (1, 1, {2, 3}, 4),
        (4, 1, set(), 1),
        (1, -1, set(), 4),
        (1, 1, {2, 3, 4}, None),
        (None, 1, {1}, 2),
        (9, 1, set(), 1),
    ],
)
def test_decided_items_are_passed_over(here: int | None, step: int, done: set[int], following: int | None) -> None:
    assert walked([1, 2, 3, 4], done).next(here, step) == following


def test_what_comes_up_is_known_before() -> None:
    assert walked([1, 2, 3, 4, 5], {2}).ahead(1, 2) == [1, 3, 4]


def test_only_what_was_answered_before_the_list_was_asked_for_is_forgotten() -> None:
    walk = walked([1, 2, 3, 4], {1, 2})
    walk.reading(under_way={2})
    walk.done.add(3)
    walk.read([2, 3, 4])
    assert walk.done == {2, 3}


def test_the_map_is_true_to_a_metre_in_a_hundred() -> None:
    here, north, east = Spot("ledger", "", 120.0, 30.0), Spot("field", "", 120.0, 30.0009), Spot("area", "", 120.001, 30.0)
    (_, (x, y), (u, v)) = metres([here, north, east])
    assert (round(x), round(y), round(u), round(v)) == (0, 100, 96, 0)
    assert apart([here, north, east]) == "现场与台账相距 100 米，现场距台区变压器 139 米"
    assert apart([here, east]) == "台账距台区变压器 96 米"
    assert apart([here]) == apart([]) == ""


@pytest.mark.parametrize("most, length", [(0.4, 1), (3, 2), (49, 20), (50, 50), (999, 500), (1200, 1000)])
def test_the_scale_is_a_round_length(most: float, length: float) -> None:
    assert round_length(most) == length
