"""Words of the station-line-transformer sync: what each object of the other system is with us, and on what that rests."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class SyncClass(StrEnum):
    """How an object of the other system stands to ours."""

    SAME = "same"
    RENAMED = "renamed"
    RECUT = "recut"
    REPLACED = "replaced"
    CAPACITY = "capacity"
    NEW = "new"
    MISSING = "missing"
    SUGGESTED = "suggested"
    UNMATCHED = "unmatched"
    OTHER = "other"


SYNC_TITLES: Final[Mapping[SyncClass, str]] = {
    SyncClass.SAME: "一致", SyncClass.RENAMED: "改名", SyncClass.RECUT: "割接", SyncClass.REPLACED: "更换", SyncClass.CAPACITY: "容量变更",
    SyncClass.NEW: "新建", SyncClass.MISSING: "对方没有", SyncClass.SUGGESTED: "疑似同一", SyncClass.UNMATCHED: "未匹配",
    SyncClass.OTHER: "非本所",
}  # fmt: skip


@dataclass(frozen=True)
class SyncLine:
    """One object of the other system beside ours, or one of ours that the other does not list.

    Attributes:
        system: gis or pms; ``entity``: substation, feeder, transformer.
        source_key, source_name: its identifier and name there, "" for one of ours that is missing there.
        key, name: ours, "" where none fits.
        classes: all that hold, the one to act on first.
        likeness: 0 to 1, of a suggestion; 1 where an identifier or a person's word says it.
        differences: field title -> (theirs, ours, owner's title).
        evidence: sentences, strongest first.
        todo: who has to do what, in one sentence; "" where nothing is to do.
    """

    system: str
    entity: str
    entity_title: str
    source_key: str
    source_name: str
    key: str
    name: str
    classes: tuple[SyncClass, ...]
    likeness: float
    differences: Mapping[str, tuple[str, str, str]]
    evidence: tuple[str, ...]
    todo: str
