"""Words of keying a paper sheet: its fields in the order of the paper, what was typed, what a second person must type again."""

from dataclasses import dataclass
from typing import Literal

from lvdesk.network.changed import Changed

KeyKind = Literal["tick", "digits", "barcode", "number", "date", "text", "choice"]


@dataclass(frozen=True)
class KeyingField:
    """One place of the sheet.

    Attributes:
        place: ``Spot.name``.
        block: index of the block on the sheet, from 0.
        kind: how it is typed; ``length`` digits where fixed, 0 where not; ``choices`` (value, title).
        exclusive: places of which only one can be ticked together with this one.
        ledger: what the ledger says, "" for nothing: taken over by one key.
        value: what counts so far, None while nobody said anything.
        how: tick, person, keyed, "" for nothing yet.
        risky: must be typed a second time, blindly; ``verified`` it was and both agree.
        page: scanned page that shows it, None when there is none.
    """

    place: str
    block: int
    kind: KeyKind
    title: str
    field: str
    slot: tuple[int, int] | None
    length: int
    choices: tuple[tuple[str, str], ...]
    exclusive: tuple[str, ...]
    ledger: str
    value: str | None
    how: str
    risky: bool
    verified: bool
    page: int | None


@dataclass(frozen=True)
class KeyingBlock:
    """One block: the thing it is about and the lines printed on the paper, so that eye and screen agree."""

    index: int
    entity: str
    key: str
    heading: str
    lines: tuple[str, ...]


@dataclass(frozen=True)
class KeyingSheet:
    """A sheet to key.

    Attributes:
        state: ``open``, ``done`` (its results are in), ``second`` (waits for the second keying).
        collected_on, collected_by: as far as known; they belong to every row.
        problems: (place, what is wrong with it and what to do) of what was typed so far.
    """

    sheet_no: str
    package_no: str
    form_key: str
    form_title: str
    state: str
    blocks: tuple[KeyingBlock, ...]
    fields: tuple[KeyingField, ...]
    people: tuple[str, ...]
    collected_on: str
    collected_by: str
    problems: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class KeyingWaiting:
    """A sheet that waits: ``kind`` keying or second; ``fields`` how many places are open, ``first_by`` who keyed it."""

    sheet_no: str
    package_no: str
    form_title: str
    kind: str
    fields: int
    first_by: str
    at: str


@dataclass(frozen=True)
class ErrorRate:
    """How often a person's typing turned out wrong: ``fields`` typed and compared, ``wrong`` of them; ``role`` keyer or verifier."""

    person: str
    role: str
    fields: int
    wrong: int


@dataclass(frozen=True)
class SheetFinished:
    """What finishing a sheet gave: rows taken as field results; ``waiting`` places that must be typed a second time first."""

    sheet_no: str
    rows: int
    waiting: int
    changed: Changed
