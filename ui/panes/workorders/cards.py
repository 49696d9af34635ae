"""Orders as cards: in which lane, in which swimlane, what the countdown says now; which action a move to another lane means."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from lvdesk.workorders.model import LANES, STATE_TITLES, Action, State

if TYPE_CHECKING:
    from lvdesk.workorders.reading import Order
    from ui.panes.workorders.loading import Board

SWIMS: Final = (("", "不分泳道"), ("grid", "按网格"), ("person", "按负责人"), ("kind", "按类型"))
_MOVES: Final[Mapping[tuple[State, State], Action]] = {
    (State.PENDING, State.WAITING): Action.ACCEPT, (State.PENDING, State.DISPATCHED): Action.DISPATCH,
    (State.WAITING, State.DISPATCHED): Action.DISPATCH, (State.DISPATCHED, State.TAKEN): Action.TAKE,
    (State.DISPATCHED, State.ARRIVED): Action.ARRIVE, (State.TAKEN, State.ARRIVED): Action.ARRIVE,
    (State.TAKEN, State.WORKING): Action.WORK, (State.ARRIVED, State.WORKING): Action.WORK,
    (State.ARRIVED, State.CHECKING): Action.FINISH, (State.WORKING, State.CHECKING): Action.FINISH,
    (State.CHECKING, State.ARCHIVED): Action.ARCHIVE, (State.CHECKING, State.WORKING): Action.REJECT,
    (State.ARCHIVED, State.WAITING): Action.REOPEN,
    **{(state, State.WAITING): Action.RETURN for state in (State.DISPATCHED, State.TAKEN, State.ARRIVED, State.WORKING)},
}  # fmt: skip


@dataclass(frozen=True)
class Card:
    """One order on the board."""

    order: "Order"
    lane: int
    swim: str

    @property
    def number(self) -> str:
        """Its order's number."""
        return self.order.order_no


def cards_of(board: "Board", orders: "Sequence[Order]", swim: str) -> list[Card]:
    """The cards: most pressing first within their lane and swimlane."""
    named: Mapping[str, Callable[[Order], str]] = {
        "": lambda _order: "",
        "grid": lambda order: board.grids.get(board.grid_of.get(order.area_no, ""), "没有网格"),
        "person": lambda order: order.responsible,
        "kind": lambda order: order.kind_title,
    }
    made = [Card(order, lane, named[swim](order)) for order in orders if (lane := lane_of(order)) >= 0]
    return sorted(made, key=lambda card: (card.swim, card.lane, -_pressing(card.order), card.number))


def lane_of(order: "Order") -> int:
    """Its place from the left, -1 for what is not on the board; what is suspended stays where it was."""
    state = order.held if order.state is State.SUSPENDED else order.state
    return LANES.index(state) if state in LANES else -1


def _pressing(order: "Order") -> float:
    running = order.worst
    return (running.used if running is not None else 0.0) + (10 if order.urgent else 0)


def action_to(order: "Order", lane: int) -> Action | None:
    """What a move into a lane means, None where it is not allowed."""
    if order.state is State.SUSPENDED:
        return Action.RESUME if lane == lane_of(order) else None
    return _MOVES.get((order.state, LANES[lane]))


def next_lane(order: "Order", step: int) -> int | None:
    """The lane Ctrl with an arrow leads to: the nearest on that side that is allowed."""
    lane = lane_of(order) + step
    while 0 <= lane < len(LANES):
        if action_to(order, lane) is not None:
            return lane
        lane += step
    return None


def lane_titles() -> list[str]:
    """The lanes from the left."""
    return [STATE_TITLES[state] for state in LANES]


def countdown(order: "Order", now: datetime) -> tuple[str, str]:
    """What the card says of the time, and its colour: green, yellow, orange, red or grey."""
    if order.state is State.SUSPENDED:
        return f"挂起：{order.events[-1].reason if order.events else ''}", "grey"
    running = order.worst
    if running is None or running.due is None or running.started is None:
        late = any(each.late for each in order.clocks)
        return (
            ("超期办结", "red") if late and order.state is State.ARCHIVED else ("按期办结" if order.state is State.ARCHIVED else "", "grey")
        )
    left = running.due - now
    if left < timedelta():
        return f"{running.title}超期 {_said(-left)}", "red"
    whole = (running.due - running.started).total_seconds() or 1.0
    used = 1 - left.total_seconds() / whole
    colour = "orange" if max(used, running.used) >= 0.8 else "yellow" if max(used, running.used) >= 0.5 else "green"
    return f"{running.title}剩 {_said(left)}", colour


def _said(left: timedelta) -> str:
    seconds = int(left.total_seconds())
    days, hours, minutes = seconds // 86400, seconds % 86400 // 3600, seconds % 3600 // 60
    if days:
        return f"{days} 天 {hours} 小时"
    return f"{hours}:{minutes:02d}:{seconds % 60:02d}" if hours else f"{minutes:02d}:{seconds % 60:02d}"
