"""What an import is asked and what it answers: plain values for the window and the command line."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from lvdesk.kit.table import Cell
from lvdesk.network.changed import Changed


@dataclass(frozen=True)
class SheetChoice:
    """What a person decided for one sheet; None leaves it to recognition.

    Attributes:
        template: template key.
        header_row: 1-based row of the (last) header line.
        mapping: spreadsheet column (1-based) -> field; replaces the recognised mapping.
        skip: leave the sheet out.
    """

    template: str | None = None
    header_row: int | None = None
    mapping: Mapping[int, str] | None = None
    skip: bool = False


@dataclass(frozen=True)
class ImportRequest:
    """Files to take together, in one transaction.

    Attributes:
        choices: (path, sheet name) -> decision; sheet name "" applies to every sheet of the file.
        crs: coordinate system of the files: wgs84, cgcs2000, gcj02 or bd09.
        package_no: the collection package whose results these are, "" where the rows say it or nobody.
        results_only: only tables of field results are taken; others among them are left out.
        answers: the files are what another system answers; they follow the templates of answers, not those of ledgers.
    """

    paths: tuple[Path, ...]
    choices: Mapping[tuple[str, str], SheetChoice] = field(default_factory=dict)
    crs: str | None = None
    package_no: str = ""
    results_only: bool = False
    answers: bool = False


@dataclass(frozen=True)
class ColumnMatch:
    """One spreadsheet column and the field it was recognised as ("" when not used); ``score`` 0..1."""

    index: int
    letter: str
    header: str
    field: str
    field_title: str
    how: str
    score: float


@dataclass(frozen=True)
class Healed:
    """One cell that was put right, with the reason or evidence."""

    row: int
    field: str
    column: str
    before: str
    after: str
    why: str


@dataclass(frozen=True)
class Refused:
    """One value (or, with ``whole_row``, one row) that was not taken, and why."""

    row: int
    field: str
    column: str
    value: str
    reason: str
    whole_row: bool = False


@dataclass(frozen=True)
class Finding:
    """Something a person should look at; ``level`` error, warning or info."""

    level: str
    row: int
    field: str
    message: str


@dataclass(frozen=True)
class Counts:
    """Records of one entity against what was stored before; ``completed`` of the changed only filled empty values."""

    new: int = 0
    changed: int = 0
    completed: int = 0
    unchanged: int = 0
    gone: int = 0
    kept: int = 0


@dataclass(frozen=True)
class SampleRow:
    """One row as the preview shows it: healed text per spreadsheet column, marks by column number."""

    row: int
    values: tuple[str, ...]
    marks: dict[int, Cell]


@dataclass(frozen=True)
class SheetReport:
    """What happened (or would happen) to one table of a file. Row numbers are the file's own, 1-based.

    An ``evidence`` table is kept beside the accepted state: its counts say what would be new or different, nothing is stored as such.

    Always ``rows_in == rows_stored + rows_refused``; blank rows, repeated headers and subtotals are in ``skipped``.
    """

    name: str
    visible: bool = True
    template: str = ""
    template_title: str = ""
    entity: str = ""
    evidence: bool = False
    score: float = 0.0
    header_row: int = 0
    header_rows: tuple[int, ...] = ()
    fingerprint: str = ""
    mapping: tuple[ColumnMatch, ...] = ()
    rows_in: int = 0
    rows_stored: int = 0
    rows_refused: int = 0
    skipped: tuple[tuple[str, int], ...] = ()
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    gone: int = 0
    entities: dict[str, Counts] = field(default_factory=dict)
    healed: tuple[Healed, ...] = ()
    refused: tuple[Refused, ...] = ()
    findings: tuple[Finding, ...] = ()
    notes: tuple[str, ...] = ()
    samples: dict[str, tuple[str, ...]] = field(default_factory=dict)
    sample: tuple[SampleRow, ...] = ()


@dataclass(frozen=True)
class FileReport:
    """One file: ``status`` ready, imported, unchanged or refused; a refused file says why and what to do."""

    path: Path
    sha256: str = ""
    size: int = 0
    status: str = "ready"
    code: str = ""
    reason: str = ""
    hint: str = ""
    kind: str = ""
    encoding: str | None = None
    sheets: tuple[SheetReport, ...] = ()


@dataclass(frozen=True)
class Preview:
    """What taking the files would do; nothing is stored yet. ``key`` names the spooled work for ``load``."""

    key: str
    request: ImportRequest
    files: tuple[FileReport, ...]


@dataclass(frozen=True)
class ImportResult:
    """What was stored, under which label; ``entry_id`` can be undone (0 when nothing changed)."""

    files: tuple[FileReport, ...]
    label: str
    entry_id: int
    changed: Changed
