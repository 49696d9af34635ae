"""Two processes on one server decide the same items: none lost, none twice. A long run of it: ``python dev.py soak``."""

import pytest

from tests.soak.review_race import run


@pytest.mark.parametrize("at_once", [10, 1])
def test_two_processes_decide_each_item_once(postgres_url: str, at_once: int) -> None:
    found = run(postgres_url, 60, at_once)
    assert min(found.told) > 0, "one was done before the other began"
    assert (found.items, found.lost, found.double) == (60, 0, 0)
    assert sum(found.told) == 60
    assert found.refused == 60


def test_the_control_decides_everything_twice(postgres_url: str) -> None:
    assert run(postgres_url, 20, careless=True).double == 20
