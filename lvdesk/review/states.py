"""The table of transitions: the only way an item moves. No path reaches 已确认 past a stage that the matter needs."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from lvdesk.kit.errors import RefusedError
from lvdesk.review.model import ACTION_TITLES, STATE_TITLES, Action, State


@dataclass(frozen=True)
class Needs:
    """Which stages a matter needs; the rule passes the others."""

    marketing: bool
    operations: bool


@dataclass(frozen=True)
class Standing:
    """What the next state depends on: where the item is, where it came from, what it needs."""

    state: State
    previous: State | None
    needs: Needs


_FIRST: Final = "first"
_AFTER_MARKETING: Final = "after_marketing"
_LAST: Final = "last"
_BACK: Final = "back"

TRANSITIONS: Final[Mapping[tuple[State, Action], State | str]] = {
    (State.PREPARING, Action.ENTER): _FIRST,
    (State.PREPARING, Action.WAIVE): State.CONFIRMED,
    (State.PREPARING, Action.RETURN): State.RETURNED,
    (State.PREPARING, Action.HOLD): State.HELD,
    (State.MARKETING, Action.CONFIRM): _AFTER_MARKETING,
    (State.MARKETING, Action.CORRECT): _AFTER_MARKETING,
    (State.MARKETING, Action.RETURN): State.RETURNED,
    (State.MARKETING, Action.HOLD): State.HELD,
    (State.OPERATIONS, Action.CONFIRM): State.CONFIRMED,
    (State.OPERATIONS, Action.CORRECT): State.CONFIRMED,
    (State.OPERATIONS, Action.RETURN): State.RETURNED,
    (State.OPERATIONS, Action.HOLD): State.HELD,
    (State.OPERATIONS, Action.REVOKE): State.MARKETING,
    (State.CONFIRMED, Action.REVOKE): _LAST,
    (State.CONFIRMED, Action.EXPORT): State.EXPORTED,
    (State.EXPORTED, Action.RECEIPT): State.RECEIPTED,
    (State.RECEIPTED, Action.AGREE): State.AGREED,
    (State.AGREED, Action.ARCHIVE): State.ARCHIVED,
    (State.RETURNED, Action.RESUME): _FIRST,
    (State.RETURNED, Action.REVOKE): _BACK,
    (State.HELD, Action.RESUME): _BACK,
    (State.HELD, Action.REVOKE): _BACK,
    **{(state, Action.RENEW): _FIRST for state in State},
}  # fmt: skip
"""(where it is, what is done) -> where it goes; a word where that depends on what the matter needs."""


def first(needs: Needs) -> State:
    """Where an item stands that nobody decided yet: at the first stage that people must decide; before them all if none must."""
    if needs.marketing:
        return State.MARKETING
    return State.OPERATIONS if needs.operations else State.PREPARING


def last(needs: Needs) -> State:
    """The stage whose decision made an item confirmed."""
    if needs.operations:
        return State.OPERATIONS
    return State.MARKETING if needs.marketing else State.PREPARING


def may(standing: Standing, action: Action) -> bool:
    """Whether the action is in the table, and makes sense for what the matter needs."""
    if (standing.state, action) not in TRANSITIONS:
        return False
    if action is Action.WAIVE:
        return not (standing.needs.marketing or standing.needs.operations)
    if (standing.state, action) == (State.OPERATIONS, Action.REVOKE):
        return standing.needs.marketing  # what the rule passed has nobody to take it back
    return True


def moved(standing: Standing, action: Action) -> State:
    """Where the action leads.

    Raises:
        RefusedError: ``review.transition`` when the table does not have it.
    """
    if not may(standing, action):
        message = f"“{STATE_TITLES[standing.state]}”的项目不能{ACTION_TITLES[action]}"
        raise RefusedError("review.transition", message, "请刷新后查看它现在的状态")
    goal = TRANSITIONS[standing.state, action]
    if goal == _FIRST:
        return first(standing.needs)
    if goal == _AFTER_MARKETING:
        return State.OPERATIONS if standing.needs.operations else State.CONFIRMED
    if goal == _LAST:
        return last(standing.needs)
    if goal == _BACK:
        return standing.previous or first(standing.needs)
    return State(goal)
