"""The desk check's words: evidence against a customer, verdicts, what was marked."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from lvdesk.network.changed import Changed

CONFIRMED: Final = "确认销户"
SUSPECTED: Final = "疑似销户"
NORMAL: Final = "正常"


class Strength(StrEnum):
    """How much all evidence against a customer weighs; ``MANUAL``: none does, a person marked it all the same."""

    CERTAIN = "certain"
    LIKELY = "likely"
    WEAK = "weak"
    MANUAL = "manual"


STRENGTHS: Final = {Strength.CERTAIN: "确定", Strength.LIKELY: "很可能", Strength.WEAK: "线索", Strength.MANUAL: "人工"}
"""Strength -> its Chinese name."""

STRENGTH_LEVELS: Final = {Strength.CERTAIN: "error", Strength.LIKELY: "warning", Strength.WEAK: "neutral", Strength.MANUAL: "info"}
"""Strength -> the level it is shown with."""
LEVELS: Final = {CONFIRMED: "error", SUSPECTED: "warning", NORMAL: "success"}
"""Verdict -> the level it is shown with; others are neutral."""


class State(StrEnum):
    """Which candidates a list shows."""

    OPEN = "open"
    MARKED = "marked"
    ALL = "all"


STATES: Final = {State.OPEN: "待核实", State.MARKED: "已标注", State.ALL: "全部"}
"""State -> its Chinese name."""


@dataclass(frozen=True)
class Evidence:
    """One reason to think that a customer is cancelled (or is not: ``weight`` below 0), with the row that says so.

    Attributes:
        row: 0 where no single row says it.
        typed: it rests on a value typed at the desk.
    """

    kind: str
    text: str
    weight: int
    file: str = ""
    sheet: str = ""
    row: int = 0
    typed: bool = False


@dataclass(frozen=True)
class Mark:
    """What a person decided about a customer; ``evidence`` are the sentences that stood against it at that moment."""

    customer_no: str
    verdict: str
    reason: str
    evidence: tuple[str, ...]
    person: str
    at: str


@dataclass(frozen=True)
class Candidate:
    """A customer that may be cancelled. ``suggested`` and ``reason`` are what the evidence proposes; ``id`` is the customer record's."""

    id: int
    customer_no: str
    name: str
    address: str
    area_no: str
    area_name: str
    feeder_no: str
    feeder_name: str
    status: str
    meter: str
    box: str
    evidence: tuple[Evidence, ...]
    strength: Strength
    suggested: str
    reason: str
    mark: Mark | None


@dataclass(frozen=True)
class FeederProgress:
    """How far the desk check of one feeder is; ``feeder_no`` "" holds customers without one.

    Attributes:
        candidates: customers with evidence against them; ``open``: those of them nobody has judged.
        marked: customers with any verdict; ``confirmed``: those confirmed as cancelled.
    """

    feeder_no: str
    name: str
    customers: int
    candidates: int
    marked: int
    confirmed: int
    open: int


@dataclass(frozen=True)
class Marked:
    """What a marking did: customers newly marked, judged anew, judged so already (or, for unmarking, not marked at all)."""

    marked: int
    changed_verdicts: int
    unchanged: int
    label: str
    changed: Changed
