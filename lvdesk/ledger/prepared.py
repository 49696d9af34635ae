"""What the reading process sends: found files and tables, then pieces of healed records with their raw cells."""

from dataclasses import dataclass, field

import polars as pl

from lvdesk.ledger.doubts import Doubt
from lvdesk.ledger.model import ColumnMatch, Finding, Healed, Refused, SampleRow, SheetChoice
from lvdesk.templates.matching import Remembered


@dataclass(frozen=True)
class Order:
    """What the reading process is asked for: one file, the rule book's overriding folder, decisions and remembered headers.

    ``answers``: it follows the templates of answers.
    """

    path: str
    overrides: str
    choices: dict[str, SheetChoice]
    remembered: dict[str, Remembered]
    crs: str | None
    answers: bool = False


@dataclass(frozen=True)
class FileFound:
    """The file could be opened; ``rows`` of all sheets together, 0 while unknown; ``copy_of``: SHA-256 of a marked copy's original."""

    kind: str
    encoding: str | None
    rows: int
    copy_of: str = ""


@dataclass(frozen=True)
class TableFound:
    """A table with its template ("" when none fits; ``notes`` then says what is nearest)."""

    index: int
    name: str
    visible: bool
    template: str
    score: float
    header_rows: tuple[int, ...]
    fingerprint: str
    columns: tuple[ColumnMatch, ...]
    notes: tuple[str, ...]
    sample: tuple[SampleRow, ...] = ()


@dataclass(frozen=True)
class Damage:
    """A value that lost digits: what is still known of it.

    Attributes:
        item: the part of the row it stands in (``cleaning.ITEM``), None when it belongs to all parts of the row.
        kind: scientific, truncated or short.
    """

    row: int
    item: int | None
    field: str
    column: str
    value: str
    kind: str
    known: str


@dataclass(frozen=True)
class Piece:
    """A slice of one table.

    Attributes:
        cells: raw cells, zstd Arrow (``batch_cells``).
        records: entity -> its records (``splitting.split``); ``conflicts`` (``splitting.CONFLICT``): what other rows say against them.
        rows: which record each row lists (``listing.Lister``), but for those in ``pending``; zstd Arrow (``batch_rows``).
        pending: wide rows with damaged values; they are decided when everything else is stored.
        rows_in: data rows; of these ``refused`` with ``whole_row`` are not stored.
    """

    index: int
    first_row: int
    row_count: int
    cells: bytes
    records: dict[str, pl.DataFrame]
    conflicts: pl.DataFrame
    rows: bytes
    pending: pl.DataFrame
    damages: list[Damage]
    rows_in: int
    skipped: dict[str, int]
    healed: list[Healed] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    sample: list[SampleRow] = field(default_factory=list)
    doubts: set[Doubt] = field(default_factory=set)


Message = FileFound | TableFound | Piece
