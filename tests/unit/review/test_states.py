"""The table of transitions: which ways there are, and that none goes past a stage."""

import pytest

from lvdesk.kit.errors import RefusedError
from lvdesk.review.matters import load_book
from lvdesk.review.model import Action, Kind, State
from lvdesk.review.states import Needs, Standing, first, last, may, moved

BOTH, MARKETING, OPERATIONS, NONE = Needs(True, True), Needs(True, False), Needs(False, True), Needs(False, False)
DONE = {State.CONFIRMED, State.EXPORTED, State.RECEIPTED, State.AGREED, State.ARCHIVED}


def standing(state: State, needs: Needs, previous: State | None = None) -> Standing:
    return Standing(state, previous, needs)


@pytest.mark.parametrize(
    "needs, begins, ends",
    [
        (BOTH, State.MARKETING, State.OPERATIONS),
        (MARKETING, State.MARKETING, State.MARKETING),
        (OPERATIONS, State.OPERATIONS, State.OPERATIONS),
        (NONE, State.PREPARING, State.PREPARING),
    ],
)
def test_an_item_begins_and_ends_at_the_stages_it_needs(needs: Needs, begins: State, ends: State) -> None:
    assert (first(needs), last(needs)) == (begins, ends)


@pytest.mark.parametrize(
    "state, action, needs, goal",
    [
        (State.MARKETING, Action.CONFIRM, BOTH, State.OPERATIONS),
        (State.MARKETING, Action.CORRECT, BOTH, State.OPERATIONS),
        (State.MARKETING, Action.CONFIRM, MARKETING, State.CONFIRMED),
        (State.OPERATIONS, Action.CONFIRM, BOTH, State.CONFIRMED),
        (State.OPERATIONS, Action.REVOKE, BOTH, State.MARKETING),
        (State.CONFIRMED, Action.REVOKE, BOTH, State.OPERATIONS),
        (State.CONFIRMED, Action.REVOKE, MARKETING, State.MARKETING),
        (State.CONFIRMED, Action.REVOKE, NONE, State.PREPARING),
        (State.PREPARING, Action.WAIVE, NONE, State.CONFIRMED),
        (State.RETURNED, Action.RENEW, BOTH, State.MARKETING),
        (State.CONFIRMED, Action.RENEW, OPERATIONS, State.OPERATIONS),
        (State.CONFIRMED, Action.EXPORT, BOTH, State.EXPORTED),
        (State.AGREED, Action.ARCHIVE, BOTH, State.ARCHIVED),
    ],
)
def test_where_an_action_leads(state: State, action: Action, needs: Needs, goal: State) -> None:
    assert moved(standing(state, needs), action) is goal


@pytest.mark.parametrize("action", [Action.RESUME, Action.REVOKE])
@pytest.mark.parametrize("previous", [State.MARKETING, State.OPERATIONS])
def test_what_was_held_goes_on_where_it_was(previous: State, action: Action) -> None:
    assert moved(standing(State.HELD, BOTH, previous), action) is previous


@pytest.mark.parametrize(
    "state, action, needs",
    [
        (State.PREPARING, Action.CONFIRM, BOTH),
        (State.PREPARING, Action.WAIVE, BOTH),
        (State.PREPARING, Action.WAIVE, MARKETING),
        (State.PREPARING, Action.WAIVE, OPERATIONS),
        (State.MARKETING, Action.EXPORT, BOTH),
        (State.OPERATIONS, Action.EXPORT, BOTH),
        (State.OPERATIONS, Action.REVOKE, OPERATIONS),
        (State.EXPORTED, Action.REVOKE, BOTH),
        (State.RETURNED, Action.CONFIRM, BOTH),
        (State.HELD, Action.CONFIRM, BOTH),
        (State.CONFIRMED, Action.RETURN, BOTH),
    ],
)
def test_what_the_table_does_not_have_is_refused(state: State, action: Action, needs: Needs) -> None:
    assert not may(standing(state, needs), action)
    with pytest.raises(RefusedError) as refused:
        moved(standing(state, needs), action)
    assert refused.value.code == "review.transition"


@pytest.mark.parametrize("needs", [BOTH, MARKETING, OPERATIONS, NONE])
def test_every_way_to_confirmed_passes_all_stages_that_are_needed(needs: Needs) -> None:
    """All ways of up to nine steps, not only the straight one."""
    wanted = {state for state, needed in ((State.MARKETING, needs.marketing), (State.OPERATIONS, needs.operations)) if needed}
    ways: set[tuple[State, State | None, frozenset[State]]] = {(first(needs), None, frozenset())}
    seen = set(ways)
    for _ in range(9):
        ways = {step for way in ways for step in _steps(*way, needs)} - seen
        seen |= ways
    arrived = {confirmed for state, _, confirmed in seen if state in DONE}
    assert arrived
    assert all(wanted <= confirmed for confirmed in arrived)


def _steps(
    state: State, previous: State | None, confirmed: frozenset[State], needs: Needs
) -> list[tuple[State, State | None, frozenset[State]]]:
    """What every action makes of an item and of the confirmations that still count."""
    found = []
    for action in Action:
        now = Standing(state, previous, needs)
        if not may(now, action):
            continue
        goal = moved(now, action)
        count = confirmed | {state} if action in {Action.CONFIRM, Action.CORRECT} else confirmed
        if action in {Action.RENEW, Action.ENTER} or (state is State.RETURNED and action is Action.RESUME):
            count = frozenset()
        elif action is Action.REVOKE and state in {State.OPERATIONS, State.CONFIRMED}:
            count -= {goal, State.OPERATIONS}
        found.append((goal, state if goal in {State.RETURNED, State.HELD} else None, frozenset(count)))
    return found


def test_every_kind_says_what_it_needs_and_why_not_the_rest() -> None:
    book = load_book(None)
    for kind in Kind:
        matter = book.matters[kind]
        assert bool(matter.waived["marketing"]) is not matter.needs.marketing
        assert bool(matter.waived["operations"]) is not matter.needs.operations
    assert book.matters[Kind.CANCELLED].needs.marketing
    assert book.matters[Kind.NEW].needs == BOTH
    assert book.matters[Kind.CONNECTION].needs.operations
    assert book.matters[Kind.OTHER_AREA].needs.operations
