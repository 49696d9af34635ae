"""Who may decide what: by role, never his own entry, never both stages of one item."""

import json
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any, Final

from lvdesk.review.model import ADDRESSEES, FIELD, GRID_LEADER, STATE_TITLES, Action, State
from lvdesk.security.people import actions, people
from lvdesk.workspace import Workspace

_ROLES: Final = {
    "review.prepare": "内勤", "review.marketing": "营销班组", "review.operations": "运检班组", "review.grid": "网格长",
}  # fmt: skip
_FEW: Final = 4
_STAGES: Final = {State.MARKETING: "review.marketing", State.OPERATIONS: "review.operations", State.PREPARING: "review.prepare"}


def stage_of(row: Any, action: Action) -> State:
    """The stage whose people decide: of a decision taken back the one it was taken in."""
    state = State(row.state)
    if action is not Action.REVOKE:
        return State(row.previous) if state is State.HELD and row.previous else state
    if state is State.OPERATIONS:
        return State.MARKETING
    if state is State.CONFIRMED:
        if row.operations and row.operations != "rule":
            return State.OPERATIONS
        return State.MARKETING if row.marketing and row.marketing != "rule" else State.PREPARING
    return State(row.previous) if row.previous else State.PREPARING


def action_for(row: Any, action: Action) -> str:
    """The permission that the decision needs."""
    stage = stage_of(row, action)
    if stage is State.RETURNED:
        return "review.grid" if row.addressee == GRID_LEADER else "review.prepare"
    return _STAGES.get(stage, "review.prepare")


def objection(row: Any, action: Action, person: str, permitted: frozenset[str], why: Mapping[str, str]) -> tuple[str, str] | None:
    """Why the person may not take this decision: stable code and sentence; None when he may.

    Args:
        row: of the item.
        action: the decision.
        person: his name.
        permitted: what his roles allow.
        why: permission -> who has it, for the sentence.
    """
    needed = action_for(row, action)
    if needed not in permitted:
        return "review.not_allowed", f"{person} 不能处理“{STATE_TITLES[State(row.state)]}”的事项：{why.get(needed, '没有这项权限')}"
    if action not in {Action.CONFIRM, Action.CORRECT}:
        return None
    if State(row.state) is not State.PREPARING and person in json.loads(row.entered_by):
        return "review.own_entry", f"{person} 录入或采录过这一项，不能自己确认"
    if State(row.state) is State.OPERATIONS and row.marketing_by == person:
        return "review.both_stages", f"{person} 已做营销确认，运检确认须由另一人做"
    return None


class Holders(Mapping[str, str]):
    """Permission -> a sentence that says who has it, or how to give it to somebody; people are only looked up when it is asked for."""

    def __init__(self, ws: Workspace) -> None:
        self._ws = ws

    @cached_property
    def _said(self) -> dict[str, str]:
        active = [profile.name for profile in people(self._ws.store, self._ws.overrides) if profile.active]
        allowed = {name: actions(self._ws.store, self._ws.overrides, name) for name in active}
        found = {}
        for permission, role in _ROLES.items():
            names = [name for name in active if permission in allowed[name]]
            shown = "、".join(names[:_FEW]) + (f" 等 {len(names)} 人" if len(names) > _FEW else "")
            found[permission] = f"应由{role}处理（{shown}）" if names else f"还没有登记{role}的人员，请在“人员与角色”中登记"
        return found

    def __getitem__(self, permission: str) -> str:
        return self._said[permission]

    def __iter__(self) -> Iterator[str]:
        return iter(self._said)

    def __len__(self) -> int:
        return len(self._said)


def addressee_of(asked: str, returns: int, limit: int) -> str:
    """To whom an item goes that was returned ``returns`` times before."""
    if returns + 1 >= limit:
        return GRID_LEADER
    return asked if asked in ADDRESSEES else FIELD
