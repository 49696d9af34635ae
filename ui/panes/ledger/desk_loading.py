"""What the desk check asks of the station; heavy modules are loaded with the first question."""

from array import array
from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

from lvdesk.kit.progress import Progress
from lvdesk.kit.table import Column, Query, Row, Values
from lvdesk.ledger.deskcheck_model import Mark, Marked, State
from ui.models.source import Source

if TYPE_CHECKING:
    from lvdesk.ledger.deskcheck_candidates import Candidates
    from lvdesk.workspace import Workspace


class DeskServices(Protocol):
    """All calls may take long and come on worker threads."""

    def find(self, progress: Progress) -> "Candidates":
        """The candidates for cancellation with their evidence."""

    def refreshed(self, present: "Candidates") -> "Candidates":
        """The same evidence beside the present marks."""

    def mark(self, seen: "Candidates", ids: Sequence[int], given: tuple[str, str], progress: Progress) -> Marked:
        """Marks customers, by the ids of their records; ``given``: verdict and reason."""

    def unmark(self, seen: "Candidates", ids: Sequence[int], progress: Progress) -> Marked:
        """Takes marks away."""

    def mark_of(self, record: int) -> Mark | None:
        """What was decided about one customer."""


class StationDesk:
    """The real services of one workspace."""

    def __init__(self, workspace: "Workspace") -> None:
        self._workspace = workspace

    def find(self, progress: Progress) -> "Candidates":
        """See ``DeskServices``."""
        from lvdesk.ledger import deskcheck

        return _warm(deskcheck.candidates(self._workspace, progress))

    def refreshed(self, present: "Candidates") -> "Candidates":
        """See ``DeskServices``."""
        from lvdesk.ledger import deskcheck

        return _warm(deskcheck.refreshed(self._workspace, present))

    def mark(self, seen: "Candidates", ids: Sequence[int], given: tuple[str, str], progress: Progress) -> Marked:
        """See ``DeskServices``."""
        from lvdesk.ledger import deskcheck

        return deskcheck.mark(self._workspace, seen.numbers(ids), *given, progress, seen)

    def unmark(self, seen: "Candidates", ids: Sequence[int], progress: Progress) -> Marked:
        """See ``DeskServices``."""
        from lvdesk.ledger import deskcheck

        return deskcheck.unmark(self._workspace, seen.numbers(ids), progress)

    def mark_of(self, record: int) -> Mark | None:
        """See ``DeskServices``."""
        from lvdesk.ledger import deskcheck

        return deskcheck.mark_of(self._workspace, record)


def _warm(found: "Candidates") -> "Candidates":
    """Everything worked out here, on the worker thread, so that showing it costs nothing."""
    _ = found.feeders
    return found


class Shown:
    """The rows of one feeder and state; a new search or judgement changes them behind the table's back, filters stay."""

    def __init__(self, found: "Candidates") -> None:
        self.found = found
        self.feeder: str | None = None
        self.state = State.OPEN
        self._table: Source = found.table(None, State.OPEN)

    def turn(self, found: "Candidates", feeder: str | None, state: State) -> None:
        """Shows other rows from now on."""
        self.found, self.feeder, self.state = found, feeder, state
        self._table = found.table(feeder, state)

    @property
    def columns(self) -> tuple[Column, ...]:
        """See ``Source``."""
        return self._table.columns

    def ids(self, query: Query) -> "array[int]":
        """See ``Source``."""
        return self._table.ids(query)

    def rows(self, ids: Sequence[int]) -> list[Row]:
        """See ``Source``."""
        return self._table.rows(ids)

    def values(self, column: str, query: Query, limit: int) -> Values:
        """See ``Source``."""
        return self._table.values(column, query, limit)
