"""Words of the upstream doctor: the way up step by step, suspected links with their evidence."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class StepState(StrEnum):
    """How a step of the way up stands: no source contradicts, sources disagree, nothing is known beyond it.

    A way cannot lead back to itself: every step is of another kind than the one below.
    """

    SOUND = "sound"
    DISPUTED = "disputed"
    BROKEN = "broken"


@dataclass(frozen=True)
class TraceStep:
    """One thing on the way up.

    Attributes:
        entity, key: the record; key "" where the way ends without one.
        said: source -> what it names instead (marketing, field, gis: names with numbers), where the last reconciliation found them unlike.
        why: one sentence where the state is not sound.
    """

    entity: str
    entity_title: str
    key: str
    name: str
    said: Mapping[str, str]
    state: StepState
    why: str


@dataclass(frozen=True)
class Trace:
    """The way of one customer (or box) from itself up to the substation.

    Attributes:
        steps: from the customer up: customer, metering point, meter, box, access point, area, transformer, feeder, substation.
        complete: it reaches a feeder and every step has exactly one parent.
        why: one sentence, "" when all is sound.
    """

    key: str
    title: str
    steps: tuple[TraceStep, ...]
    complete: bool
    why: str


class Link(StrEnum):
    """The relation that is suspected."""

    CUSTOMER_AREA = "customer_area"
    BOX_AREA = "box_area"


LINK_TITLES: Final[Mapping[Link, str]] = {Link.CUSTOMER_AREA: "户变关系", Link.BOX_AREA: "箱变关系"}


class Grade(StrEnum):
    """How sure the doctor is."""

    CERTAIN = "certain"
    LIKELY = "likely"
    POSSIBLE = "possible"


GRADE_TITLES: Final[Mapping[Grade, str]] = {Grade.CERTAIN: "确定", Grade.LIKELY: "很可能", Grade.POSSIBLE: "可能"}


@dataclass(frozen=True)
class Suspect:
    """A link that is probably wrong.

    Attributes:
        link, entity, key, title: whose link.
        area_no, area_name: where it hangs now; ``should_no``, ``should_name``: where the evidence puts it, "" for just "not here".
        score: natural logarithm of the odds that it is wrong; the list is sorted by it.
        sentence: the finding in one sentence; ``evidence``: its independent pieces, one sentence each, strongest first.
    """

    link: Link
    entity: str
    key: str
    title: str
    area_no: str
    area_name: str
    should_no: str
    should_name: str
    score: float
    grade: Grade
    sentence: str
    evidence: tuple[str, ...]
