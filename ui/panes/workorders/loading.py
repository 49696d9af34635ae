"""What the page asks of the station; heavy modules are loaded with the first question."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from lvdesk.kit.page import Page
from lvdesk.kit.progress import Progress
from lvdesk.network.changed import Changed

if TYPE_CHECKING:
    from lvdesk.workorders.creating import Created, NewOrder
    from lvdesk.workorders.dispatching import Candidate, Trip
    from lvdesk.workorders.model import Request
    from lvdesk.workorders.moving import Acted
    from lvdesk.workorders.reading import Order
    from lvdesk.workorders.slips import SlipsTaken
    from lvdesk.workorders.types import OrderBook
    from lvdesk.workspace import Workspace

CHANGED = Changed.ORDERS | Changed.HISTORY
_ARCHIVED_DAYS = 7


@dataclass(frozen=True)
class Board:
    """What is on the board: orders, which grid each area belongs to, names of grids, who works here, what the person's own grids are."""

    orders: "Sequence[Order]"
    grid_of: dict[str, str]
    grids: dict[str, str]
    staff: tuple[str, ...]
    own_grids: tuple[str, ...]


class Services(Protocol):
    """The page's questions; see the functions of the same names in ``lvdesk.workorders``."""

    def book(self) -> "OrderBook":
        """Types, reasons, evidence."""
        ...

    def board(self) -> Board:
        """Open orders and those archived in the last week."""
        ...

    def act(self, numbers: Sequence[str], request: "Request") -> "Acted":
        """Does one thing to orders."""
        ...

    def create(self, new: "NewOrder") -> "Created":
        """Makes an order."""
        ...

    def create_from(self, origin: str) -> "Created":
        """Makes orders of findings, receipts or cases."""
        ...

    def take_book(self, path: Path, progress: Progress) -> "Created":
        """Takes a workbook of orders in."""
        ...

    def take_slips(self, paths: Sequence[Path], progress: Progress) -> "SlipsTaken":
        """Takes photographed slips in."""
        ...

    def finish_task(self, order_no: str, position: int) -> Changed:
        """Marks a task as done."""
        ...

    def prove(self, order_no: str, kind: str, value: str, path: Path | None) -> Changed:
        """Adds evidence."""
        ...

    def candidates(self, order_no: str) -> "list[Candidate]":
        """Who could go."""
        ...

    def trips(self) -> "list[Trip]":
        """Open needs as trips."""
        ...

    def slips(self, numbers: Sequence[str]) -> Iterable[Page]:
        """Dispatch slips."""
        ...

    def trip_sheets(self, people: Sequence[str]) -> Iterable[Page]:
        """Trip sheets."""
        ...


class StationOrders:
    """The real services of one workspace."""

    def __init__(self, workspace: "Workspace") -> None:
        self._ws = workspace

    def book(self) -> "OrderBook":
        """See ``Services``."""
        from lvdesk.workorders.types import load_orders

        return load_orders(self._ws.overrides)

    def board(self) -> Board:
        """See ``Services``."""
        from datetime import timedelta

        from lvdesk.kit.clock import stamp
        from lvdesk.organisation.state import state, today
        from lvdesk.workorders.reading import Scope, orders

        now, day = state(self._ws), today(self._ws)
        since = stamp(self._ws.clock() - timedelta(days=_ARCHIVED_DAYS))
        found = orders(self._ws, Scope(open_only=True, closed_since=since))
        own = tuple(dict.fromkeys(row["grid_no"] for row in now.on("grid_duty", day) if row["staff"] == self._ws.person))
        grids = {row["grid_no"]: row["name"] for row in now.on("grid", day)}
        return Board(found, now.grid_of(day), grids, tuple(row["name"] for row in now.staff_at(day)), own)

    def act(self, numbers: Sequence[str], request: "Request") -> "Acted":
        """See ``Services``."""
        from lvdesk.workorders.moving import act

        return act(self._ws, numbers, request)

    def create(self, new: "NewOrder") -> "Created":
        """See ``Services``."""
        from lvdesk.workorders.creating import create

        return create(self._ws, [new])

    def create_from(self, origin: str) -> "Created":
        """See ``Services``."""
        from lvdesk.workorders import sourcing

        return {"findings": sourcing.from_findings, "receipts": sourcing.from_receipts, "cases": sourcing.from_cases}[origin](self._ws)

    def take_book(self, path: Path, progress: Progress) -> "Created":
        """See ``Services``."""
        from lvdesk.workorders.sourcing import from_book

        return from_book(self._ws, path, progress)

    def take_slips(self, paths: Sequence[Path], progress: Progress) -> "SlipsTaken":
        """See ``Services``."""
        from lvdesk.workorders.slips import take_slips

        return take_slips(self._ws, paths, progress)

    def finish_task(self, order_no: str, position: int) -> Changed:
        """See ``Services``."""
        from lvdesk.workorders.moving import finish_task

        return finish_task(self._ws, order_no, position)

    def prove(self, order_no: str, kind: str, value: str, path: Path | None) -> Changed:
        """See ``Services``."""
        from lvdesk.workorders.moving import prove

        return prove(self._ws, order_no, kind, value, path)

    def candidates(self, order_no: str) -> "list[Candidate]":
        """See ``Services``."""
        from lvdesk.workorders.dispatching import candidates
        from lvdesk.workorders.reading import order

        return candidates(self._ws, order(self._ws, order_no))

    def trips(self) -> "list[Trip]":
        """See ``Services``."""
        from lvdesk.workorders.dispatching import trips

        return trips(self._ws)

    def slips(self, numbers: Sequence[str]) -> Iterable[Page]:
        """See ``Services``."""
        from lvdesk.workorders.paper import slips
        from lvdesk.workorders.reading import Scope, orders

        return slips(self._ws, orders(self._ws, Scope(numbers=tuple(numbers))))

    def trip_sheets(self, people: Sequence[str]) -> Iterable[Page]:
        """See ``Services``."""
        from lvdesk.workorders.dispatching import trips
        from lvdesk.workorders.paper import trip_sheets
        from lvdesk.workorders.reading import Scope, orders

        wanted = [trip for trip in trips(self._ws) if not people or trip.person in people]
        return trip_sheets(self._ws, wanted, orders(self._ws, Scope(open_only=True)))
