"""A short run of the kills of ``review decide`` (``python dev.py soak`` runs 100): a decision is there wholly or not at all."""

import pytest

from tests.soak.review_kills import FAULTS, run


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_a_program_killed_while_deciding_leaves_everything_whole_and_careless_deciding_does_not() -> None:
    found = run(4, items=400)
    assert {name: found[name] for name in FAULTS} == dict.fromkeys(FAULTS, 0)
    assert found["died"]
    assert not str(found["control"]).startswith("0")
