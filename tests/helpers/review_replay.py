"""What a row of review decisions leads to by the table of transitions alone: written anew, so that the services are held against it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from lvdesk.review.model import Action, State
from lvdesk.review.states import Needs, Standing, first, may, moved

BEGINNING: Final = {State.PREPARING, State.MARKETING, State.OPERATIONS}
"""Where an item may stand that nobody decided: gathering moves it in and out as errors come and go."""
_STAGES: Final = {State.MARKETING: "marketing", State.OPERATIONS: "operations"}


@dataclass
class Replayed:
    """Where the steps lead.

    Attributes:
        confirmed: stage -> (person, decision) that counts.
        untouched: nobody's decision counts: gathering alone says where the item stands.
    """

    state: State
    previous: State | None = None
    confirmed: dict[str, tuple[str, int]] = field(default_factory=dict)
    passed: bool = False

    @property
    def untouched(self) -> bool:
        """Whether the item stands as if nobody had decided."""
        return not self.confirmed and not self.passed and self.state in BEGINNING


def replayed(steps: Sequence[Any], needs: Needs) -> Replayed:
    """Goes the steps (rows of ``review_decision``) from the beginning.

    Raises:
        AssertionError: a step begins elsewhere than the one before it ended, or is not in the table.
    """
    found = Replayed(first(needs))
    for step in steps:
        if found.untouched and step.stage in BEGINNING:
            found.state = State(step.stage)
        assert found.state == step.stage, f"item {step.item} was {found.state} when {step.decision} was decided in {step.stage}"
        _go(found, step, needs)
    return found


def _go(found: Replayed, step: Any, needs: Needs) -> None:
    action, standing = Action(step.decision), Standing(found.state, found.previous, needs)
    assert may(standing, action), f"item {step.item}: {action} is not in the table for {found.state}"
    goal = moved(standing, action)
    if action in {Action.CONFIRM, Action.CORRECT}:
        found.confirmed[_STAGES[found.state]] = (step.person, step.id)
    if action is Action.RENEW or (action is Action.RESUME and found.state is State.RETURNED):
        found.confirmed, found.passed = {}, False
    if action is Action.WAIVE:
        found.passed = True
    if action is Action.REVOKE and found.state in {State.OPERATIONS, State.CONFIRMED}:
        found.confirmed.pop(_STAGES.get(goal, ""), None)
        found.passed = False
    found.previous = found.state if action in {Action.RETURN, Action.HOLD} else None
    found.state = goal
