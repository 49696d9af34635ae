"""What the export page asks of the station; heavy modules are loaded with the first question."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Final, Protocol

from lvdesk.exchange.model import ExportRequest, HeldBack, Manifest, System
from lvdesk.kit.errors import RefusedError
from lvdesk.kit.progress import Progress

if TYPE_CHECKING:
    from lvdesk.exchange.packages import PackageView
    from lvdesk.exchange.preflight import Preflight
    from lvdesk.workspace import Workspace

Reason = tuple[str, int]
"""A reason without the numbers of single things, and how many records it keeps."""
_SLICE: Final = 2000
_REST: Final = 0.004  # seconds; see ``held``


@dataclass(frozen=True)
class FormatChoice:
    """A form of export to choose; ``choices``: which options mean something in it."""

    key: str
    title: str
    hint: str
    choices: frozenset[str]


@dataclass(frozen=True)
class AreaChoice:
    """A transformer area to choose."""

    area_no: str
    name: str
    feeder_no: str
    feeder_name: str


@dataclass(frozen=True)
class Choices:
    """What an export can be made of.

    Attributes:
        areas: feeder by feeder.
        longitude: of the station's middle, degrees; None where no area has a place.
        forbidden: why the person at the desk may not hand packages out; "" for who may.
        ledger: whether there is anything at all.
    """

    formats: Mapping[System, Sequence[FormatChoice]]
    areas: Sequence[AreaChoice]
    longitude: float | None = None
    forbidden: str = ""
    ledger: bool = True


@dataclass(frozen=True)
class Ahead:
    """The look ahead.

    Attributes:
        titles: entity -> its name for people.
        groups: reason as in ``seen.reasons`` -> the records it keeps.
    """

    seen: "Preflight"
    titles: Mapping[str, str]
    groups: Mapping[str, Sequence[HeldBack]] = field(default_factory=dict)


@dataclass(frozen=True)
class Archive:
    """The packages that left, newest first.

    Attributes:
        titles: kind of record -> its name for people.
        reasons: number of a package -> why records stayed behind, the most frequent first.
    """

    packages: "Sequence[PackageView]"
    titles: Mapping[str, str]
    reasons: Mapping[str, Sequence[Reason]] = field(default_factory=dict)


@dataclass(frozen=True)
class Issued:
    """What came of an export; ``reasons``: why records stayed behind, the most frequent first."""

    manifest: Manifest
    reasons: Sequence[Reason] = ()


class Services(Protocol):
    """All calls may take long and come on worker threads."""

    def choices(self) -> Choices:
        """What an export can be made of."""

    def look(self, request: ExportRequest, progress: Progress) -> Ahead:
        """What an export would do now."""

    def draft(self, ahead: Ahead, path: Path) -> None:
        """Writes the list of what is missing as a workbook."""

    def export(self, request: ExportRequest, progress: Progress) -> Issued:
        """Makes a package, or says why nothing leaves."""

    def archive(self) -> Archive:
        """The packages that left."""

    def hand_out(self, number: str, folder: Path, progress: Progress) -> Path:
        """A copy of a package for the folder; where it lies."""


class StationExport:
    """The real services of one workspace."""

    def __init__(self, workspace: "Workspace") -> None:
        self._workspace = workspace

    def choices(self) -> Choices:
        """See ``Services``."""
        from lvdesk.exchange.registry import discover
        from lvdesk.fieldwork import choosing
        from lvdesk.network import counting

        formats = {
            system: [FormatChoice(each.key, each.title, each.hint, each.choices) for each in known.values()]
            for system, known in discover().items()
        }
        with self._workspace.store.read() as connection:
            areas = choosing.all_areas(connection)
        middle = median(places) if (places := [area.longitude for area in areas if area.longitude is not None]) else None
        shown = [AreaChoice(each.area_no, each.name, each.feeder_no, each.feeder_name) for each in areas]
        counts = counting.counts(self._workspace)
        return Choices(formats, shown, middle, self._forbidden(), ledger=any(counts.get(kind) for kind in ("meter_box", "customer")))

    def look(self, request: ExportRequest, progress: Progress) -> Ahead:
        """See ``Services``."""
        from lvdesk.exchange import preflight

        seen = preflight.look(self._workspace, request, progress)
        groups = _grouped(seen.held)
        progress.check()
        title = self._workspace.dictionary.title
        named = {*seen.counts, *(each.entity for each in seen.held), *(each.entity for each in seen.rejects)}
        return Ahead(seen, {entity: title(entity) for entity in named}, groups)

    def draft(self, ahead: Ahead, path: Path) -> None:
        """See ``Services``."""
        from lvdesk.exchange import preflight

        preflight.draft(self._workspace, ahead.seen, path)

    def export(self, request: ExportRequest, progress: Progress) -> Issued:
        """See ``Services``."""
        from lvdesk.exchange import exports

        manifest = exports.export(self._workspace, request, progress)
        return Issued(manifest, _frequent({why: len(records) for why, records in _grouped(manifest.held_back).items()}))

    def archive(self) -> Archive:
        """See ``Services``."""
        from lvdesk.exchange import packages

        found = packages.packages(self._workspace)
        title = self._workspace.dictionary.title
        titles = {kind: title(kind) for kind in {kind for view in found for kind in view.counts}}
        return Archive(found, titles, {view.number: _frequent(view.held) for view in found})

    def hand_out(self, number: str, folder: Path, progress: Progress) -> Path:
        """See ``Services``."""
        from lvdesk.exchange import packages

        return packages.hand_out(self._workspace, number, folder, progress)

    def _forbidden(self) -> str:
        from lvdesk.security import people

        try:
            people.require(self._workspace.store, self._workspace.overrides, "export.issue")
        except RefusedError as refused:
            return f"{refused.message}。{refused.hint}"
        return ""


def _grouped(held: Sequence[HeldBack]) -> dict[str, list[HeldBack]]:
    """The records by their reason as the look ahead counts it."""
    groups: dict[str, list[HeldBack]] = {}
    for start in range(0, len(held), _SLICE):
        for each in held[start : start + _SLICE]:
            groups.setdefault(each.general, []).append(each)
        time.sleep(_REST)
    return groups


def _frequent(counts: Mapping[str, int]) -> Sequence[Reason]:
    return sorted(counts.items(), key=lambda pair: -pair[1])
