"""Proposals from today's plan: never worse, locks kept, no grid emptied or torn, every figure equal to an independent count."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lvdesk.kit.progress import Progress
from lvdesk.organisation.division.proposals import Plan, Proposal, figures, proposals
from tests.helpers.grids import scattered


def run(plan: Plan, *ladder: int) -> list[Proposal]:
    return proposals(plan, ladder, Progress())


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10_000), st.integers(8, 40), st.integers(2, 5))
def test_each_step_of_the_ladder_keeps_to_its_moves_and_costs_no_more(seed: int, count: int, grids: int) -> None:
    plan = scattered(count, grids, seed)
    cost = figures(plan, plan.grid).cost
    for most, found in zip((3, 8, 1000), run(plan, 3, 8, 1000), strict=False):
        assert len(found.moves) <= most
        assert int((found.grid != plan.grid).sum()) == len(found.moves)
        assert found.after.balance <= max(found.before.balance, 1.05) + 1e-9
    first = run(plan, 3)[0]
    assert first.after.cost <= cost + 1e-9


def test_figures_are_what_one_counts_oneself() -> None:
    plan = scattered(30, 3, 5)
    found = figures(plan, plan.grid)
    loads = [plan.load[plan.grid == grid].sum() / 2 for grid in range(3)]
    assert found.loads == pytest.approx(loads)
    assert found.balance == pytest.approx(max(loads) / (plan.load.sum() / 6))
    way = sum(np.hypot(*(plan.plane[plan.grid == grid] - plan.plane[plan.grid == grid].mean(axis=0)).T).sum() for grid in range(3))
    assert found.kilometres == pytest.approx(way / 1000 * plan.trips * 2)


def test_locked_areas_stay_and_what_cannot_be_kept_is_named() -> None:
    plan = scattered(30, 3, 7)
    stuck = replace(plan, locked=np.ones(30, dtype=bool), high=1.0)
    found = run(stuck, 10)[0]
    assert not found.moves
    assert any("高于上限 1" in text and "锁定了 30 个台区" in text for text in found.binding)


def test_areas_without_a_grid_come_into_one() -> None:
    plan = scattered(30, 3, 9)
    grid = plan.grid.copy()
    grid[:4] = -1
    found = run(replace(plan, grid=grid), 10)[0]
    assert (found.grid >= 0).all()
    assert {move.key for move in found.moves} >= {"A0", "A1", "A2", "A3"}
    assert all("划入" in move.says for move in found.moves if not move.source)


def test_a_move_is_told_in_one_sentence() -> None:
    move = run(scattered(60, 4, 3), 1)[0].moves[0]
    assert move.says.startswith(f"{move.name} 由{move.source}转{move.target}：{move.source} ")
    assert "→" in move.says
    assert "km/月" in move.says


def test_an_uneven_station_becomes_even() -> None:
    plan = scattered(300, 20, 1)
    found = run(plan, 10_000)[-1]
    assert found.before.balance > 2
    assert found.after.balance <= 1.05
