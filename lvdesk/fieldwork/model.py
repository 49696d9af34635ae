"""Words of collection packages: what may need a visit and why, a package as people see it, its sheets."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from lvdesk.network.changed import Changed


class PackageState(StrEnum):
    """Where a package stands; derived from what happened."""

    PREPARED = "prepared"
    OUT = "out"
    PARTLY_BACK = "partly_back"
    BACK = "back"
    CLOSED = "closed"
    CANCELLED = "cancelled"


class SheetState(StrEnum):
    """Where a printed sheet is."""

    PREPARED = "prepared"
    PRINTED = "printed"
    OUT = "out"
    BACK = "back"
    REPLACED = "replaced"
    MISSING = "missing"


PACKAGE_STATES: Final = {
    PackageState.PREPARED: "待发出",
    PackageState.OUT: "已发出",
    PackageState.PARTLY_BACK: "部分收回",
    PackageState.BACK: "已收回",
    PackageState.CLOSED: "已结束",
    PackageState.CANCELLED: "已作废",
}
SHEET_STATES: Final = {
    SheetState.PREPARED: "待打印",
    SheetState.PRINTED: "已打印",
    SheetState.OUT: "在外",
    SheetState.BACK: "已收回",
    SheetState.REPLACED: "已换新",
    SheetState.MISSING: "遗失",
}


@dataclass(frozen=True)
class Reason:
    """Why a thing needs a visit: ``code`` of ``resources/fieldwork.toml``, ``text`` in words."""

    code: str
    text: str


@dataclass(frozen=True)
class Need:
    """A thing that needs a visit.

    Attributes:
        entity, key: meter_box by asset_no, access_point by its number, customer by customer_no where no box is known.
        longitude, latitude: CGCS2000 degrees; None where unknown.
        customers: how many customers of it are not cancelled.
    """

    entity: str
    key: str
    area_no: str
    reasons: tuple[Reason, ...]
    address: str = ""
    longitude: float | None = None
    latitude: float | None = None
    customers: int = 0


@dataclass(frozen=True)
class Request:
    """What a package is made of.

    Attributes:
        feeder: number or name; with ``areas`` empty all its areas.
        areas: numbers or names.
        reasons: codes of ``resources/fieldwork.toml`` that count; empty for all.
        people: at least two before it goes out.
        planned_on, due_on: ISO days; ``due_on`` "" takes the usual days after ``planned_on``.
        forms: keys of paper forms; empty for the usual ones.
        blank_sheets: sheets for new accounts per area.
        split: a package for each area instead of one.
    """

    feeder: str = ""
    areas: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()
    title: str = ""
    team: str = ""
    people: tuple[str, ...] = ()
    planned_on: str = ""
    due_on: str = ""
    forms: tuple[str, ...] = ()
    blank_sheets: int = 1
    note: str = ""
    split: bool = False


@dataclass(frozen=True)
class AreaNeed:
    """What one area of a request needs: its boxes, those to visit, those in open packages, those whose place is unknown."""

    area_no: str
    area_name: str
    feeder_no: str
    feeder_name: str
    boxes: int
    needed: int
    held: int
    without_place: int


@dataclass(frozen=True)
class Plan:
    """What ``create`` would make, before it is made; ``reasons`` counts needs by code, ``left_out`` says who is not visited and why."""

    needs: tuple[Need, ...]
    areas: tuple[AreaNeed, ...]
    reasons: dict[str, int]
    left_out: tuple[tuple[str, int], ...]
    sheets: int
    metres: float


@dataclass(frozen=True)
class Created:
    """The packages made, in the order of their areas."""

    package_nos: tuple[str, ...]
    items: int
    sheets: int
    label: str
    changed: Changed = Changed.NOTHING


@dataclass(frozen=True)
class PackageView:
    """A package as lists show it; sheets counted by state; ``overdue`` days beyond ``due_on`` today, 0 when not."""

    package_no: str
    title: str
    state: PackageState
    team: str
    people: tuple[str, ...]
    planned_on: str
    due_on: str
    items: int
    items_back: int
    areas: tuple[str, ...]
    feeder_name: str
    sheets: dict[SheetState, int]
    overdue: int
    note: str
    person: str
    created_at: str
    out_at: str = ""
    closed_at: str = ""


@dataclass(frozen=True)
class ItemView:
    """One thing to visit, in walking order."""

    position: int
    entity: str
    entity_title: str
    record: int | None
    key: str
    area_no: str
    area_name: str
    address: str
    reasons: tuple[Reason, ...]
    state: str
    sheet_nos: tuple[str, ...] = ()


@dataclass(frozen=True)
class SheetView:
    """One sheet of the register."""

    sheet_no: str
    package_no: str
    form: str
    form_title: str
    page: int
    pages: int
    items: int
    state: SheetState
    copies: int
    printed_at: str
    printed_by: str
    back_at: str
    replaced_by: str
    reason: str
    changed_since: bool = False


@dataclass(frozen=True)
class PackageDetail:
    """A package with everything in it."""

    view: PackageView
    items: tuple[ItemView, ...]
    sheets: tuple[SheetView, ...]
    forms: tuple[str, ...] = field(default=())
