"""Words of network changes: kinds, states, cases."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

from lvdesk.kit.errors import KnownError
from lvdesk.kit.sources import single
from lvdesk.network.changed import Changed

_FILE: Final = "changes.toml"


class CaseState(StrEnum):
    """How far a case went."""

    OPEN = "open"
    CARRIED = "carried"
    CLOSED = "closed"
    CANCELLED = "cancelled"


STATE_TITLES: Final[Mapping[CaseState, str]] = {
    CaseState.OPEN: "待传递", CaseState.CARRIED: "待对方完成", CaseState.CLOSED: "已办结", CaseState.CANCELLED: "已作废",
}  # fmt: skip
SIDES: Final[Mapping[str, str]] = {"field": "现场", "marketing": "营销", "gis": "GIS", "desk": "内勤"}


@dataclass(frozen=True)
class Kind:
    """A kind of change.

    Attributes:
        entity: what it is about.
        review: kinds of review items that begin one once they are confirmed.
        days: until it should be closed.
        tell: systems that must learn of it.
        gone: at the end no system has the thing any more.
    """

    key: str
    title: str
    entity: str
    review: tuple[str, ...]
    days: int
    tell: tuple[str, ...]
    gone: bool = False


@dataclass(frozen=True)
class CaseView:
    """A case as people see it; ``overdue`` as of today; ``before`` and ``after``: field title -> text."""

    id: int
    case_no: str
    kind: str
    kind_title: str
    entity: str
    key: str
    title: str
    side_title: str
    state: CaseState
    state_title: str
    area_no: str
    before: Mapping[str, str]
    after: Mapping[str, str]
    evidence: tuple[str, ...]
    number: str
    opened_at: str
    opened_by: str
    due_on: str
    overdue: bool
    next_step: str


@dataclass(frozen=True)
class Refreshed:
    """What bringing the cases up to date did: numbers of the cases begun, carried and closed."""

    opened: tuple[str, ...] = ()
    carried: tuple[str, ...] = ()
    closed: tuple[str, ...] = ()
    changed: Changed = Changed.NOTHING


@dataclass(frozen=True)
class Opening:
    """A case a person begins: what happens to what, on which side it began, what it will be."""

    kind: str
    key: str
    side: str = "desk"
    after: Mapping[str, str] = field(default_factory=dict)
    reason: str = ""


def kinds(overrides: Path | None) -> dict[str, Kind]:
    """All kinds by key.

    Raises:
        KnownError: ``rules.unreadable``.
    """
    try:
        return {key: _kind(key, each) for key, each in single(_FILE, overrides)["kinds"].items()}
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise KnownError("rules.unreadable", f"{_FILE} 格式不对：{error}", "请改正工作区 resources 中的这个文件") from error


def _kind(key: str, said: Mapping[str, Any]) -> Kind:
    reviewed, told = tuple(said["review"]), tuple(said["tell"])
    return Kind(key, said["title"], said["entity"], reviewed, int(said["days"]), told, said.get("gone", False))
