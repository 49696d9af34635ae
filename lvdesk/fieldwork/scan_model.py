"""Words of scanned sheets: pages, what was read on them, what a person must look at."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from lvdesk.network.changed import Changed


class PageState(StrEnum):
    """Where a scanned page stands."""

    READ = "read"
    UNREAD = "unread"
    DUPLICATE = "duplicate"
    DROPPED = "dropped"


@dataclass(frozen=True)
class ScannedPageView:
    """A page as lists show it; ``doubts`` places nobody decided yet, ``hint`` the next step of an unread one."""

    id: int
    name: str
    page: int
    sheet_no: str
    package_no: str
    form_title: str
    state: PageState
    code: str
    why: str
    hint: str
    doubts: int
    at: str


@dataclass(frozen=True)
class Crop:
    """One place of one page cut out for a person.

    Attributes:
        page: ``ScannedPageView.id``.
        kind: tick, comb, cell.
        ink: share of ink, 0 to 1; ``sure`` 0 for the most doubtful, 1 for the surest.
        title: the field in words; ``about`` the thing it is about.
        ledger: what the ledger says, "" for nothing.
        value: what stands there so far; None while nobody decided. Handwriting is never pre-filled.
    """

    page: int
    sheet_no: str
    place: str
    kind: Literal["tick", "comb", "cell"]
    field: str
    title: str
    about: str
    ledger: str
    ink: float
    sure: float
    count: int
    value: str | None


@dataclass(frozen=True)
class CropGroup:
    """A field of many sheets: one wall of crops; ``waiting`` of them without a decision."""

    key: str
    title: str
    kind: Literal["tick", "comb", "cell"]
    crops: int
    waiting: int


@dataclass(frozen=True)
class RefusedScan:
    """A file that could not be opened, why and what to do."""

    name: str
    code: str
    why: str
    hint: str


@dataclass(frozen=True)
class ScansTaken:
    """What a pile of scans gave; ``pages == read + unread + duplicates + blank``; ``sheet_nos`` of the sheets read now.

    Attributes:
        known: pages taken before, which changed nothing; not among ``pages``.
        blank: backs of sheets, put aside.
        refused: files that could not be opened.
    """

    pages: int
    read: int
    unread: int
    duplicates: int
    known: int
    sheet_nos: tuple[str, ...]
    page_ids: tuple[int, ...]
    changed: Changed
    blank: int = 0
    refused: tuple[RefusedScan, ...] = ()
