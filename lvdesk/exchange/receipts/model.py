"""Words of the receipts: what a line may say, what waits for somebody, what taking one in did."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from lvdesk.ledger.model import FileReport
from lvdesk.network.changed import Changed

ACTION: Final = "review.prepare"
"""The permission to take in and settle (resources/roles.toml): the work of the inner team."""


class Outcome(StrEnum):
    """What a line comes to: refused by the receiver, contradicting another pair, about nothing we know."""

    REJECTED = "rejected"
    CONFLICT = "conflict"
    UNKNOWN = "unknown"


OUTCOME_TITLES: Final[Mapping[Outcome, str]] = {
    Outcome.REJECTED: "被退回", Outcome.CONFLICT: "标识冲突", Outcome.UNKNOWN: "找不到对象",
}  # fmt: skip


@dataclass(frozen=True)
class LineView:
    """A line that a person has to do something about, or had to.

    Attributes:
        number: its number for ever.
        todo: who has to do what, in one sentence; ``reason``: the receiver's own words.
        package_no: the export package it answers, "" where nobody could tell.
        settled_how: "" while it waits.
        file, sheet, row: where the receipt says it.
    """

    number: int
    system: str
    system_title: str
    package_no: str
    entity: str
    entity_title: str
    key: str
    title: str
    outcome: Outcome
    outcome_title: str
    value: str
    reason: str
    todo: str
    desk: str
    desk_title: str
    at: str
    settled_at: str
    settled_by: str
    settled_how: str
    file: str
    sheet: str
    row: int


@dataclass(frozen=True)
class Received:
    """What taking receipts in did.

    Attributes:
        files: the files as imported.
        rows: rows read; ``accepted``: said to be taken; ``paired``: identifiers newly or otherwise given; ``unchanged``: known before.
        rejects: the lines that now wait.
        settled: waiting lines that this receipt settled.
        items: review items that went on to 已回执.
        packages: numbers of the packages answered.
        learned: reasons seen for the first time that pre-flight could check, waiting for a person's word.
    """

    files: tuple[FileReport, ...]
    rows: int
    accepted: int
    paired: int
    unchanged: int
    rejects: tuple[LineView, ...]
    settled: int
    items: int
    packages: tuple[str, ...]
    learned: tuple[str, ...]
    entry_label: str
    changed: Changed
