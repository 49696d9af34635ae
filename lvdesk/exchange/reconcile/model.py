"""Words of the reconciliation: classes, who corrects, states, and what services take and tell."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

import polars as pl

from lvdesk.network.changed import Changed

ACTION: Final = "review.prepare"
"""The permission to decide about disagreements (resources/roles.toml): the work of the inner team."""


class Klass(StrEnum):
    """What kind of disagreement."""

    MISSING = "missing"
    EXTRA = "extra"
    MOVED = "moved"
    CHANGED = "changed"
    CANCELLED = "cancelled"
    ID_BROKEN = "id_broken"
    WRONG_UPSTREAM = "wrong_upstream"


KLASS_TITLES: Final[Mapping[Klass, str]] = {
    Klass.MISSING: "对方缺失", Klass.EXTRA: "对方多出", Klass.MOVED: "位置移动", Klass.CHANGED: "属性不一致",
    Klass.CANCELLED: "销户不一致", Klass.ID_BROKEN: "标识断链", Klass.WRONG_UPSTREAM: "上级电源不一致",
}  # fmt: skip


class Target(StrEnum):
    """Who has to correct."""

    DESK = "desk"
    MARKETING = "marketing"
    GIS = "gis"
    FIELD = "field"


TARGET_TITLES: Final[Mapping[Target, str]] = {
    Target.DESK: "内勤改台账", Target.MARKETING: "营销更正", Target.GIS: "电网 GIS 更正", Target.FIELD: "外勤复核",
}  # fmt: skip


class State(StrEnum):
    """How far it went; an exception or a correction only counts while the sides say what they said when it was decided."""

    OPEN = "open"
    EXCEPTED = "excepted"
    CORRECTED = "corrected"
    RESOLVED = "resolved"


STATE_TITLES: Final[Mapping[State, str]] = {
    State.OPEN: "待处理", State.EXCEPTED: "例外", State.CORRECTED: "已派更正", State.RESOLVED: "已一致",
}  # fmt: skip

_TEXTS: Final = ("entity", "key", "field", "title", "area_no", "marketing", "field_value", "gis", "base")
_PLACES: Final = ("field_sheet", "field_row", "gis_sheet", "gis_row")
SIDES: Final[dict[str, Any]] = {**dict.fromkeys(_TEXTS, pl.String), **dict.fromkeys(_PLACES, pl.Int64), "note": pl.String}
"""One attribute of one thing: what each side says as text, null for nothing; where field and GIS say it; ``note``: a sentence besides."""
JUDGED: Final[dict[str, Any]] = {
    **SIDES, "klass": pl.String, "owner": pl.String, "suggestion": pl.String, "target": pl.String, "told": pl.List(pl.String),
    "why": pl.String,
}  # fmt: skip
"""The same where they disagree; ``told``: all who have to correct, the first is ``target``; ``why``: what the suggestion rests on."""


@dataclass(frozen=True)
class DisagreementView:
    """One disagreement for people.

    Attributes:
        number: its number for ever.
        todo: who has to do what, in one sentence.
        reason, expires_on: of an exception; ``order``: number of the correction that was handed out; ``person``, ``at``: of the decision.
    """

    number: int
    klass: Klass
    klass_title: str
    entity: str
    entity_title: str
    key: str
    field: str
    field_title: str
    title: str
    marketing: str | None
    field_value: str | None
    gis: str | None
    base: str | None
    owner: str
    owner_title: str
    suggestion: str | None
    target: Target
    target_title: str
    todo: str
    evidence: tuple[str, ...]
    area_no: str
    area_name: str
    state: State
    state_title: str
    reason: str
    expires_on: str
    order: str
    person: str
    at: str
    found_at: str
    resolved_at: str


@dataclass(frozen=True)
class Reconciled:
    """What a run found.

    Attributes:
        people: customers whose way up agrees in all systems, and how many were compared (贯通率).
        rate: ``entity.field`` -> share of the compared in which all sides agree; ``compared``: how many had two sides to compare.
        counts: class -> open disagreements, in the order of the classes.
        new, resolved: since the run before.
        changed: NOTHING when all was as before.
    """

    people: tuple[int, int]
    rate: Mapping[str, float]
    compared: Mapping[str, int]
    counts: Mapping[Klass, int]
    new: int
    resolved: int
    changed: Changed


@dataclass(frozen=True)
class NotDone:
    """A disagreement that was left as it is: its number, a stable code, why."""

    number: int
    code: str
    why: str


@dataclass(frozen=True)
class Corrections:
    """What one resolution handed out.

    Attributes:
        done: numbers of the disagreements; ``refused``: those left.
        order: number of the correction, "" when only the desk's own records changed.
        told: who was told -> how many.
        entry_label: name of the step of history.
    """

    done: tuple[int, ...]
    refused: tuple[NotDone, ...]
    order: str
    told: Mapping[Target, int]
    entry_label: str
    changed: Changed
