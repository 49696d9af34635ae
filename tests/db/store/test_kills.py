"""A short run of the kill test (``python dev.py soak`` runs 200): nothing acknowledged is lost, nothing is half done."""

from tests.soak.kills import run


def test_a_killed_program_leaves_everything_whole_and_careless_work_does_not() -> None:
    found = run(10)
    assert {name: found[name] for name in ("lost", "half_done", "corrupt", "chain_broken")} == dict.fromkeys(
        ("lost", "half_done", "corrupt", "chain_broken"), 0
    )
    controls = found["controls"]
    assert isinstance(controls, dict)
    assert [name for name, result in controls.items() if result.startswith("0")] == []
