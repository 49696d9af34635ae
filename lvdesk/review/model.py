"""Words of the review: kinds of matter, states, what may be done in which, and what services take and tell."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from lvdesk.network.changed import Changed


class Kind(StrEnum):
    """What is to be decided. Faults of rows (duplicates, damaged numbers, coordinates) are none: they keep a row from entering."""

    CANCELLED = "cancelled"
    NEW = "new"
    METER_REPLACED = "meter_replaced"
    OTHER_BOX = "other_box"
    OTHER_AREA = "other_area"
    CONNECTION = "connection"
    NAME_CHANGED = "name_changed"
    ADDRESS_CHANGED = "address_changed"
    SLOT_CHANGED = "slot_changed"
    ATTRIBUTE_CHANGED = "attribute_changed"
    MOVED_BOX = "moved_box"
    FILLED = "filled"


KIND_TITLES: Final[Mapping[Kind, str]] = {
    Kind.CANCELLED: "账有实无",
    Kind.NEW: "实有账无",
    Kind.METER_REPLACED: "换表",
    Kind.OTHER_BOX: "箱表不符",
    Kind.OTHER_AREA: "户变不符",
    Kind.CONNECTION: "挂接点",
    Kind.NAME_CHANGED: "名称不符",
    Kind.ADDRESS_CHANGED: "地址不符",
    Kind.SLOT_CHANGED: "表位不符",
    Kind.ATTRIBUTE_CHANGED: "箱属性不符",
    Kind.MOVED_BOX: "箱位移动",
    Kind.FILLED: "补录",
}


class State(StrEnum):
    """How far an item went."""

    PREPARING = "preparing"
    MARKETING = "marketing"
    OPERATIONS = "operations"
    CONFIRMED = "confirmed"
    EXPORTED = "exported"
    RECEIPTED = "receipted"
    AGREED = "agreed"
    ARCHIVED = "archived"
    RETURNED = "returned"
    HELD = "held"


STATE_TITLES: Final[Mapping[State, str]] = {
    State.PREPARING: "待整理",
    State.MARKETING: "待营销确认",
    State.OPERATIONS: "待运检确认",
    State.CONFIRMED: "已确认",
    State.EXPORTED: "已导出",
    State.RECEIPTED: "已回执",
    State.AGREED: "已贯通",
    State.ARCHIVED: "已归档",
    State.RETURNED: "退回",
    State.HELD: "挂起",
}


class Action(StrEnum):
    """What moves an item.

    ENTER and RENEW are done by gathering: the field said something, or says something else now. WAIVE is a stage that the rule does not ask
    for. EXPORT to ARCHIVE are done by the exchange with other systems.
    """

    ENTER = "enter"
    CONFIRM = "confirm"
    CORRECT = "correct"
    WAIVE = "waive"
    RETURN = "return"
    HOLD = "hold"
    RESUME = "resume"
    REVOKE = "revoke"
    RENEW = "renew"
    EXPORT = "export"
    RECEIPT = "receipt"
    AGREE = "agree"
    ARCHIVE = "archive"


ACTION_TITLES: Final[Mapping[Action, str]] = {
    Action.ENTER: "进入复核",
    Action.CONFIRM: "通过",
    Action.CORRECT: "改后通过",
    Action.WAIVE: "按规则通过",
    Action.RETURN: "退回",
    Action.HOLD: "挂起",
    Action.RESUME: "恢复",
    Action.REVOKE: "撤回决定",
    Action.RENEW: "现场结果更新",
    Action.EXPORT: "导出",
    Action.RECEIPT: "回执",
    Action.AGREE: "贯通",
    Action.ARCHIVE: "归档",
}

DONE: Final = (State.CONFIRMED, State.EXPORTED, State.RECEIPTED, State.AGREED, State.ARCHIVED)
"""States of items that are decided to the end: they no longer keep their record in the house."""

DECISIONS: Final = (Action.CONFIRM, Action.CORRECT, Action.RETURN, Action.HOLD, Action.RESUME, Action.REVOKE)
"""What a person may decide."""

FIELD, DESK, GRID_LEADER = "field", "desk", "grid_leader"
ADDRESSEES: Final[Mapping[str, str]] = {FIELD: "外勤采录", DESK: "内勤整理", GRID_LEADER: "网格长"}
"""To whom a returned item goes: the field takes it again, the desk corrects its entry; the second time the grid leader sees to it."""


@dataclass(frozen=True)
class Said:
    """What somebody says with a decision: of CORRECT the values (place, or the field's name alone -> text), and the reason."""

    values: Mapping[str, str] = field(default_factory=dict)
    reason: str = ""


@dataclass(frozen=True)
class Request:
    """A decision about items.

    Attributes:
        ids: of the items; ``versions`` what the person saw of each, empty when decided unseen (in bulk, on the command line).
        action: one of ``DECISIONS``.
        values: of CORRECT: place (``entity.field``, or the field's name alone) -> text, the same for all items.
        reason: of RETURN and HOLD required.
        addressee: of RETURN, one of ``ADDRESSEES``; "" for the usual one.
        until: of HOLD, day ISO, "" for without end.
        session: whose locks do not stand in the way.
        how: desk, bulk or book.
        singly: what counts for single items instead of ``values`` and ``reason``.
    """

    ids: tuple[int, ...]
    action: Action
    values: Mapping[str, str] = field(default_factory=dict)
    reason: str = ""
    addressee: str = ""
    until: str = ""
    versions: Mapping[int, int] = field(default_factory=dict)
    session: str = ""
    how: str = "desk"
    singly: Mapping[int, Said] = field(default_factory=dict)

    def said(self, number: int) -> Said:
        """What is said of one item."""
        return self.singly.get(number) or Said(self.values, self.reason)


@dataclass(frozen=True)
class Refused:
    """An item that was not decided: stable code and why."""

    id: int
    code: str
    why: str


@dataclass(frozen=True)
class Decided:
    """What a decision did.

    Attributes:
        done: ids that moved.
        states: id -> where they are now.
        refused: those that did not move, and why.
        label: of the history entry, "" without one; ``entry_id`` 0.
    """

    done: tuple[int, ...] = ()
    states: Mapping[int, State] = field(default_factory=dict)
    refused: tuple[Refused, ...] = ()
    label: str = ""
    entry_id: int = 0
    changed: Changed = Changed.NOTHING


@dataclass(frozen=True)
class Side:
    """One value of an item in all its readings; texts as people read them, "" for nothing.

    Attributes:
        place: ``entity.field``.
        accepted: what was corrected on the way, else "".
        owner: title of the system whose word counts for it.
        codes: choices (value, title) where it is a coded field.
        decisive: the two sides differ.
    """

    place: str
    title: str
    ledger: str
    field: str
    accepted: str
    owner: str
    codes: tuple[tuple[str, str], ...]
    decisive: bool


@dataclass(frozen=True)
class Step:
    """One decision of the past: ``how`` desk, bulk, book or rule."""

    stage: str
    action: str
    person: str
    at: str
    how: str
    reason: str
    given: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Spot:
    """A point of the map snippet, CGCS2000 degrees; ``role``: ledger, field, area, access_point, neighbour; ``accepted`` new place none."""

    role: str
    title: str
    longitude: float
    latitude: float


@dataclass(frozen=True)
class Crop:
    """A cell of the paper sheet that says something about the item: ``scan_queue.crop(ws, page, place)`` is its picture."""

    page: int
    place: str
    title: str
    sheet_no: str


@dataclass(frozen=True)
class ItemView:
    """One item with everything a person needs for deciding.

    Attributes:
        allowed: decisions that the person at the desk may take now; ``forbidden`` says why CONFIRM is not among them, "" when it is.
        locked_by: who else has it open, "" nobody.
        waiting_days: since it came into its state.
        photos: ids for ``photo_queue.picture``.
        place: 站-线-变-箱 as titles, from the top.
    """

    id: int
    version: int
    kind: Kind
    state: State
    entity: str
    entity_title: str
    key: str
    record: int | None
    title: str
    area_no: str
    area_name: str
    place: tuple[str, ...]
    sides: tuple[Side, ...]
    evidence: tuple[str, ...]
    file: str
    sheet: str
    row: int | None
    package_no: str
    entered_by: tuple[str, ...]
    blocked: str
    marketing: str
    operations: str
    returns: int
    reason: str
    addressee: str
    until: str
    waiting_days: int
    steps: tuple[Step, ...]
    photos: tuple[int, ...]
    crops: tuple[Crop, ...]
    spots: tuple[Spot, ...]
    allowed: tuple[Action, ...]
    forbidden: str
    locked_by: str
    round: int
