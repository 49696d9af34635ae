"""What keying asks of the station; heavy modules are loaded with the first question."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from lvdesk.fieldwork.keying_model import ErrorRate, KeyingField, KeyingSheet, KeyingWaiting, SheetFinished
from lvdesk.kit.progress import Progress

if TYPE_CHECKING:
    from lvdesk.workspace import Workspace


@dataclass(frozen=True)
class Typed:
    """What a person typed on one sheet, in one go.

    Attributes:
        values: place -> text, "" for left empty.
        second: typed blindly by a second person.
        collected_on, collected_by: as written on the paper; "" says nothing new.
        settled: places where the second person stands by a value that differs from the first one's.
    """

    sheet_no: str
    values: Mapping[str, str]
    second: bool = False
    collected_on: str = ""
    collected_by: str = ""
    settled: tuple[str, ...] = ()


class KeyingServices(Protocol):
    """``problem`` is pure and quick and called on the UI thread; all others may take long and come on worker threads."""

    def sheet_no(self, text: str) -> str:
        """The number of the sheet that a typed number or a scanned code names."""

    def sheet(self, sheet_no: str, *, second: bool) -> KeyingSheet:
        """A sheet to key; ``second`` without what the first person typed."""

    def enter(self, typed: Typed) -> KeyingSheet:
        """Stores what was typed."""

    def problem(self, field: KeyingField, text: str) -> str:
        """What is wrong with one value, "" when nothing is."""

    def waiting(self) -> Sequence[KeyingWaiting]:
        """Sheets that wait for a person."""

    def error_rates(self) -> Sequence[ErrorRate]:
        """How often whose typing was wrong."""

    def finish(self, sheet_no: str, progress: Progress) -> SheetFinished:
        """Takes the results of a sheet in."""

    def crop(self, page: int, place: str) -> bytes:
        """One place of a scanned page as PNG."""


class StationKeying:
    """The real services of one workspace; see ``KeyingServices``."""

    def __init__(self, workspace: "Workspace") -> None:
        self._workspace = workspace

    def sheet_no(self, text: str) -> str:
        """See ``KeyingServices``."""
        from lvdesk.fieldwork.forms import payload

        said = text.strip().upper()  # codes have no small letters; Caps Lock turns a gun's letters round
        return payload.decode(said).sheet_no if ":" in said else said

    def sheet(self, sheet_no: str, *, second: bool) -> KeyingSheet:
        """See ``KeyingServices``."""
        from lvdesk.fieldwork import keying
        from lvdesk.network import identifiers

        _ = identifiers.BARCODE_LENGTH  # ready before the first barcode is typed
        return keying.sheet(self._workspace, sheet_no, self._workspace.person if second else "")

    def enter(self, typed: Typed) -> KeyingSheet:
        """See ``KeyingServices``."""
        from lvdesk.fieldwork import keying

        sheet: KeyingSheet | None = None
        values = {place: value for place, value in typed.values.items() if place not in typed.settled}
        if values or typed.collected_on or typed.collected_by:
            sheet = keying.enter(
                self._workspace,
                typed.sheet_no,
                values,
                second=typed.second,
                collected_on=typed.collected_on,
                collected_by=typed.collected_by,
            )
        for place in typed.settled:
            keying.settle(self._workspace, typed.sheet_no, place, typed.values[place])
        return sheet if sheet is not None and not typed.settled else self.sheet(typed.sheet_no, second=typed.second)

    def problem(self, field: KeyingField, text: str) -> str:
        """See ``KeyingServices``."""
        from lvdesk.fieldwork.keying_values import wrong

        return wrong(field, text)

    def waiting(self) -> Sequence[KeyingWaiting]:
        """See ``KeyingServices``."""
        from lvdesk.fieldwork import keying

        return keying.waiting(self._workspace)

    def error_rates(self) -> Sequence[ErrorRate]:
        """See ``KeyingServices``."""
        from lvdesk.fieldwork import keying

        return keying.error_rates(self._workspace)

    def finish(self, sheet_no: str, progress: Progress) -> SheetFinished:
        """See ``KeyingServices``."""
        from lvdesk.fieldwork import keying

        return keying.finish(self._workspace, sheet_no, progress)

    def crop(self, page: int, place: str) -> bytes:
        """See ``KeyingServices``."""
        from lvdesk.fieldwork import scan_queue

        return scan_queue.crop(self._workspace, page, place)
