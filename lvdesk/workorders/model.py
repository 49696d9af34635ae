"""States of an order and the one table of what may happen in which."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class State(StrEnum):
    """Where an order is."""

    PENDING = "pending"
    WAITING = "waiting"
    DISPATCHED = "dispatched"
    TAKEN = "taken"
    ARRIVED = "arrived"
    WORKING = "working"
    CHECKING = "checking"
    ARCHIVED = "archived"
    SUSPENDED = "suspended"
    CANCELLED = "cancelled"
    MERGED = "merged"


class Action(StrEnum):
    """What happens to an order."""

    CREATE = "create"
    ACCEPT = "accept"
    DISPATCH = "dispatch"
    TAKE = "take"
    CONTACT = "contact"
    ARRIVE = "arrive"
    WORK = "work"
    FINISH = "finish"
    ARCHIVE = "archive"
    RETURN = "return"
    REJECT = "reject"
    SUSPEND = "suspend"
    RESUME = "resume"
    TRANSFER = "transfer"
    HELP = "help"
    ESCALATE = "escalate"
    URGE = "urge"
    REOPEN = "reopen"
    CANCEL = "cancel"
    MERGE = "merge"
    TASK = "task"
    PROVE = "prove"


STATE_TITLES: Final[Mapping[str, str]] = {
    State.PENDING: "待受理", State.WAITING: "待派", State.DISPATCHED: "已派", State.TAKEN: "已接", State.ARRIVED: "到达",
    State.WORKING: "处理中", State.CHECKING: "待审核/回访", State.ARCHIVED: "已归档", State.SUSPENDED: "挂起", State.CANCELLED: "已作废",
    State.MERGED: "已合并",
}  # fmt: skip
ACTION_TITLES: Final[Mapping[str, str]] = {
    Action.CREATE: "受理", Action.ACCEPT: "确认受理", Action.DISPATCH: "派单", Action.TAKE: "接单", Action.CONTACT: "联系客户",
    Action.ARRIVE: "到达现场", Action.WORK: "开始处理", Action.FINISH: "处理完成", Action.ARCHIVE: "归档", Action.RETURN: "退回派单",
    Action.REJECT: "审核不通过", Action.SUSPEND: "挂起", Action.RESUME: "恢复", Action.TRANSFER: "转派", Action.HELP: "协同",
    Action.ESCALATE: "升级", Action.URGE: "督办", Action.REOPEN: "重开", Action.CANCEL: "作废", Action.MERGE: "合并",
    Action.TASK: "完成任务", Action.PROVE: "凭证",
}  # fmt: skip
LANES: Final = (
    State.PENDING, State.WAITING, State.DISPATCHED, State.TAKEN, State.ARRIVED, State.WORKING, State.CHECKING, State.ARCHIVED,
)  # fmt: skip
"""The board from left to right; what is suspended stands where it was, with its mark."""
CLOSED: Final = frozenset({State.ARCHIVED, State.CANCELLED, State.MERGED})
_OPEN: Final = frozenset(State) - CLOSED
_OUT: Final = frozenset({State.DISPATCHED, State.TAKEN, State.ARRIVED, State.WORKING})
_HERE: Final = None
TRANSITIONS: Final[Mapping[Action, tuple[frozenset[State], State | None]]] = {
    Action.ACCEPT: (frozenset({State.PENDING}), State.WAITING),
    Action.DISPATCH: (frozenset({State.PENDING, State.WAITING}), State.DISPATCHED),
    Action.TAKE: (frozenset({State.DISPATCHED}), State.TAKEN),
    Action.CONTACT: (_OPEN, _HERE),
    Action.ARRIVE: (frozenset({State.DISPATCHED, State.TAKEN}), State.ARRIVED),
    Action.WORK: (frozenset({State.TAKEN, State.ARRIVED}), State.WORKING),
    Action.FINISH: (frozenset({State.ARRIVED, State.WORKING}), State.CHECKING),
    Action.ARCHIVE: (frozenset({State.CHECKING}), State.ARCHIVED),
    Action.RETURN: (_OUT, State.WAITING),
    Action.REJECT: (frozenset({State.CHECKING}), State.WORKING),
    Action.SUSPEND: (_OUT | {State.WAITING}, State.SUSPENDED),
    Action.RESUME: (frozenset({State.SUSPENDED}), _HERE),
    Action.TRANSFER: (_OUT, State.DISPATCHED),
    Action.HELP: (_OUT | {State.WAITING, State.SUSPENDED}, _HERE),
    Action.ESCALATE: (_OPEN, _HERE),
    Action.URGE: (_OPEN, _HERE),
    Action.REOPEN: (frozenset({State.ARCHIVED}), State.WAITING),
    Action.CANCEL: (_OPEN, State.CANCELLED),
    Action.MERGE: (_OPEN, State.MERGED),
    Action.TASK: (_OUT | {State.CHECKING}, _HERE),
    Action.PROVE: (_OPEN, _HERE),
}
"""Action -> the states in which it may happen and the state after it, None: where it is (resuming: where it was)."""
REASONED: Final = frozenset(
    {Action.RETURN, Action.REJECT, Action.SUSPEND, Action.TRANSFER, Action.ESCALATE, Action.REOPEN, Action.CANCEL, Action.URGE}
)
"""What needs a reason."""


@dataclass(frozen=True)
class Event:
    """One thing that happened; see ``OrderEvent``."""

    at: str
    action: str
    state: str
    person: str
    target: str
    level: int
    reason: str


@dataclass(frozen=True)
class Task:
    """One thing to do."""

    position: int
    kind: str
    what: str
    done_at: str
    done_by: str
    result: str


@dataclass(frozen=True)
class Evidence:
    """One proof."""

    kind: str
    value: str
    attachment: str
    at: str
    person: str


@dataclass(frozen=True)
class Request:
    """What is asked to happen; ``target`` a name (or several joined by 、) for dispatch, transfer, help; ``at`` "" for now.

    Attributes:
        satisfaction: for archiving: 满意, 一般, 不满意 or 未回访.
    """

    action: Action
    target: str = ""
    reason: str = ""
    at: str = ""
    satisfaction: str = ""
