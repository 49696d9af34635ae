"""What is exported, for whom, in which form; what came of it and what stayed behind."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Final

from lvdesk.kit.progress import Progress

if TYPE_CHECKING:
    from lvdesk.exchange.picture import Picture

GEOGRAPHIC: Final = "EPSG:4490"
"""CGCS2000: the coordinates of everything we hold."""


class System(StrEnum):
    """Who receives it."""

    MARKETING = "marketing"
    GIS = "gis"
    CIM = "cim"


SYSTEM_TITLES: Final[Mapping[System, str]] = {System.MARKETING: "营销系统", System.GIS: "电网 GIS", System.CIM: "CIM/XML"}


@dataclass(frozen=True)
class Scope:
    """Which part of the station: these feeders and these areas together; neither for the whole station."""

    feeders: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()


@dataclass(frozen=True)
class Options:
    """What may be chosen of a format beyond the records.

    Attributes:
        template: the receiver's own blank workbook, to be filled instead of ours.
        crs: the coordinate system written, ``EPSG:4490`` or a projected one of CGCS2000.
        purpose: what personal data is needed for; without it no file but the marketing system's own carries any.
    """

    template: Path | None = None
    crs: str = GEOGRAPHIC
    purpose: str = ""


@dataclass(frozen=True)
class ExportRequest:
    """One export.

    Attributes:
        folder: where people want it; the package gets a folder of its own there.
        format: key of a format of the system, "" for its first.
        test: everything in scope, confirmed or not, marked as a test in every file; counts for nothing.
    """

    system: System
    folder: Path
    format: str = ""
    scope: Scope = Scope()
    options: Options = Options()
    test: bool = False


@dataclass(frozen=True)
class Written:
    """A file a format made; ``rows``: records in it, without headers."""

    path: Path
    rows: int


@dataclass(frozen=True)
class Format:
    """One form of export, one file in ``formats``.

    Attributes:
        key: stable; unique within its system.
        title, hint: for people.
        order: place among the formats of its system; the first is taken where nobody chose.
        choices: names of ``Options`` fields that mean something here; the dialog shows only these.
        entities: what the format carries; other records are neither read nor counted.
        write: makes the files in an empty folder of its own; calls ``progress`` and may be cancelled.
    """

    key: str
    system: System
    title: str
    hint: str
    order: int
    entities: tuple[str, ...]
    write: Callable[["Picture", Path, Options, Progress], list[Written]]
    choices: frozenset[str] = field(default=frozenset())


@dataclass(frozen=True)
class ExportedFile:
    """One file of a package; ``rows`` without its header, 0 where it has no records."""

    path: Path
    sha256: str
    rows: int


@dataclass(frozen=True)
class HeldBack:
    """A record that was not exported, and why; ``step``: where that is put right (review, checks, fieldwork, ledger)."""

    entity: str
    key: str
    why: str
    step: str = "ledger"

    @property
    def general(self) -> str:
        """The reason without the numbers of single things: 所在计量箱 0500123：… of many boxes is one reason."""
        return _general(self.why)


def _general(why: str) -> str:
    head, sign, rest = why.partition("：")
    if sign and head.startswith(("所在计量箱 ", "用户 ")):
        return f"{head.partition(' ')[0]}暂缓：{_general(rest)}"
    if not sign or head.startswith(("采录复核", "模板校验")):
        return head
    first = rest.partition("；")[0]
    return head if re.search(r"\d", first) else f"{head}：{first}"


@dataclass(frozen=True)
class Manifest:
    """What was exported, by whom, when, for whom and for what; and what was not.

    Attributes:
        number: of the package, "" for a test export.
        records: how many records left, of all kinds; ``counts`` by kind.
        added, changed, removed: against the last package of this system and scope.
        folder: where it lies, None where nothing was written.
    """

    system: str
    files: tuple[ExportedFile, ...]
    records: int
    held_back: tuple[HeldBack, ...]
    person: str
    at: str
    purpose: str
    number: str = ""
    format: str = ""
    test: bool = False
    counts: Mapping[str, int] = field(default_factory=dict)
    added: int = 0
    changed: int = 0
    removed: int = 0
    scope: Scope = Scope()
    folder: Path | None = None
