"""What needs a visit and how packages are made: ``resources/fieldwork.toml``, or the workspace's own."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from lvdesk.kit.errors import KnownError
from lvdesk.kit.sources import single
from lvdesk.workspace import Workspace

FILE: Final = "fieldwork.toml"
NEVER, NO_PLACE, NEWER, NO_BOX, UNCONFIRMED = "never_collected", "no_coordinates", "ledger_newer", "no_box", "unconfirmed"
SENT_BACK: Final = "sent_back"
"""Codes of the reasons that no rule gives."""


@dataclass(frozen=True)
class ReasonKind:
    """One kind of reason; ``rules``: (rule, entity) of the findings that give it, entity "" for any."""

    code: str
    title: str
    rules: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Book:
    """The parsed file.

    Attributes:
        days: from the planned day to the day a package is due.
        people: how many it takes at least.
        messages: how many of one kind of reason are written out.
        severities: of findings that send somebody out.
        again: outcomes after which a thing must be visited again.
        sorts, statuses: of customers whose box nobody looks for.
        per_sheet: how many blocks a sheet holds, by what a form's block is about.
        fields: entity -> attributes whose change in a newer ledger must be seen at site.
        reasons: from the weightiest to the lightest.
    """

    days: int
    people: int
    messages: int
    severities: tuple[str, ...]
    again: tuple[str, ...]
    sorts: tuple[str, ...]
    statuses: tuple[str, ...]
    per_sheet: Mapping[str, float]
    fields: Mapping[str, tuple[str, ...]]
    reasons: tuple[ReasonKind, ...]

    @property
    def titles(self) -> dict[str, str]:
        """Code -> title, in order of weight."""
        return {reason.code: reason.title for reason in self.reasons}


def load_book(ws: Workspace) -> Book:
    """The station's rules of packages.

    Raises:
        KnownError: ``rules.unreadable`` when the file lacks a part or has one of the wrong kind.
    """
    data = single(FILE, ws.overrides)
    try:
        reasons = tuple(_reason(table) for table in data["reasons"])
        lacking = {NEVER, NO_PLACE, NEWER, NO_BOX, UNCONFIRMED, SENT_BACK} - {reason.code for reason in reasons}
        if lacking:
            raise KeyError(min(lacking))
        return Book(
            days=int(data["days"]),
            people=int(data["people"]),
            messages=int(data["messages"]),
            severities=tuple(data["severities"]),
            again=tuple(data["again"]),
            sorts=tuple(data["customers"]["sorts"]),
            statuses=tuple(data["customers"]["statuses"]),
            per_sheet={name: max(float(count), 1.0) for name, count in data["per_sheet"].items()},
            fields={entity: tuple(names) for entity, names in data["ledger"].items()},
            reasons=reasons,
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        hint = "请改正该文件，或把它移出工作区的 resources 文件夹"
        raise KnownError("rules.unreadable", f"规则文件 {FILE} 缺少或写错 {error}", hint) from error


def _reason(table: Mapping[str, Any]) -> ReasonKind:
    rules = [text.partition(" ") for text in table.get("rules", ())]
    return ReasonKind(table["code"], table["title"], tuple((rule, entity.strip()) for rule, _, entity in rules))
