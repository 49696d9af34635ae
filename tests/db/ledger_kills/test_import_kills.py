"""A short run of the import kills (``python dev.py soak`` runs 200): every acknowledged step stays, nothing is half done."""

import pytest

from tests.soak.import_kills import FAULTS, run


@pytest.mark.slow
@pytest.mark.timeout(400)
def test_a_program_killed_while_importing_leaves_everything_whole_and_careless_importing_does_not() -> None:
    found = run(4, customers=100)
    assert {name: found[name] for name in FAULTS} == dict.fromkeys(FAULTS, 0)
    assert found["died"]
    assert not str(found["control"]).startswith("0")
