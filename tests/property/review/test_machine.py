"""Whatever people do in whatever order: nothing gets past a stage, nobody confirms what is his, no decision is lost."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis.stateful import run_state_machine_as_test

from lvdesk.review import deciding, permits
from lvdesk.review.model import Action, State
from lvdesk.review.states import Standing, moved
from tests.helpers.review_machine import REACHED, Machine, settled

_SHORT = settled(examples=8, steps=25)


def _run() -> None:
    run_state_machine_as_test(Machine, settings=_SHORT)  # type: ignore[no-untyped-call]


def test_nothing_gets_past_a_stage_and_nothing_is_lost() -> None:
    REACHED.clear()
    _run()
    wanted = ["confirmed by two", "undo", "redo", "undo of an older one", "marketing confirm", "operations confirm"]
    assert [what for what in wanted if not REACHED[what]] == []


def _nobody_objects(*_given: Any) -> None:
    return None


def _straight(standing: Standing, action: Action) -> State:
    return State.CONFIRMED if action is Action.CONFIRM else moved(standing, action)


@pytest.mark.parametrize(
    "place, name, instead, found",
    [
        (permits, "objection", _nobody_objects, "may not confirm|own entry|twice"),
        (deciding, "moved", _straight, "was not decided"),
    ],
    ids=["who may decide", "the table of transitions"],
)
def test_control_without_the_rule_the_machine_finds_it(
    place: Any, name: str, instead: Callable[..., Any], found: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(place, name, instead)
    with pytest.raises(AssertionError, match=found):
        _run()
