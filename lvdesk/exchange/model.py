"""What an export answers: its manifest."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class ExportedFile:
    """One written file; ``rows`` without its header."""

    path: Path
    sha256: str
    rows: int


@dataclass(frozen=True)
class HeldBack:
    """A record that was not exported, and why."""

    entity: str
    key: str
    why: str


@dataclass(frozen=True)
class Manifest:
    """What was exported, by whom, when, for what; and what was not."""

    system: str
    files: tuple[ExportedFile, ...]
    records: int
    held_back: tuple[HeldBack, ...]
    person: str
    at: str
    purpose: str
