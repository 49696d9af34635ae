"""Outlines of grids: every area inside its own grid's outline, no two outlines overlapping, for any places."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from lvdesk.organisation.outlines import Outline, outlines

PLACES = st.lists(st.tuples(st.integers(0, 3000), st.integers(0, 3000), st.sampled_from(["甲", "乙", "丙", ""])), min_size=1, max_size=40)


def inside(outline: Outline, x: float, y: float) -> bool:
    """Even-odd over all rings."""
    odd = False
    for ring in outline.rings:
        for (x1, y1), (x2, y2) in zip(ring, np.roll(ring, -1, axis=0), strict=True):
            if (y1 > y) != (y2 > y) and x < x1 + (y - y1) / (y2 - y1) * (x2 - x1):
                odd = not odd
    return odd


@settings(max_examples=60, deadline=None)
@given(PLACES)
def test_areas_lie_in_their_own_outline_and_in_no_other(places: list[tuple[int, int, str]]) -> None:
    plane: NDArray[np.float64] = np.array([(x, y) for x, y, _grid in places], dtype=float)
    grids = [grid for _x, _y, grid in places]
    first: dict[tuple[int, int], str] = {}
    for x, y, grid in places:
        first.setdefault((x, y), grid)
    found = {each.grid: each for each in outlines(plane, grids)}
    assert set(found) == {grid for grid in first.values() if grid}
    for (x, y), grid in first.items():
        assert [name for name, each in found.items() if inside(each, x + 1e-3, y + 1e-3)] == ([grid] if grid else [])


@settings(max_examples=25, deadline=None)
@given(PLACES, st.integers(0, 2**31))
def test_no_spot_lies_in_two_outlines(places: list[tuple[int, int, str]], seed: int) -> None:
    found = outlines(np.array([(x, y) for x, y, _grid in places], dtype=float), [grid for _x, _y, grid in places])
    for x, y in np.random.default_rng(seed).uniform(-500, 3500, (60, 2)):
        assert sum(inside(each, x, y) for each in found) <= 1


def test_a_grid_around_another_leaves_a_hole() -> None:
    ring = [(np.cos(a) * 500, np.sin(a) * 500) for a in np.linspace(0, 2 * np.pi, 12, endpoint=False)]
    found = {each.grid: each for each in outlines(np.array([*ring, (0.0, 0.0)]), ["外"] * 12 + ["内"], reach=300)}
    assert len(found["外"].rings) == 2
    assert inside(found["内"], 0, 0)
    assert not inside(found["外"], 0, 0)


def test_nothing_has_no_outline() -> None:
    assert outlines(np.empty((0, 2)), []) == []
