"""What the page asks of the station; heavy modules are loaded with the first question."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from lvdesk.kit.page import Page
from lvdesk.kit.progress import Progress
from lvdesk.network.changed import Changed

if TYPE_CHECKING:
    from lvdesk.geo.backdrop import Backdrop
    from lvdesk.organisation.division.proposals import Figures
    from lvdesk.organisation.division.station import Proposed, Wish
    from lvdesk.organisation.former import Proposed as FormerProposed
    from lvdesk.organisation.liaison import VillageView
    from lvdesk.organisation.mapping import GridMap
    from lvdesk.organisation.model import Asked
    from lvdesk.organisation.roster import Member
    from lvdesk.organisation.setup import Setup
    from lvdesk.organisation.state import State
    from lvdesk.organisation.workbook import Taken
    from lvdesk.workspace import Workspace

CHANGED = Changed.ORGANISATION | Changed.HISTORY


class Services(Protocol):
    """The page's questions; see the functions of the same names in ``lvdesk.organisation``."""

    def map(self) -> "GridMap":
        """Areas, boxes, outlines, grids of today."""
        ...

    def members(self) -> "list[Member]":
        """Everybody who works here today."""
        ...

    def villages(self) -> "list[VillageView]":
        """Villages and what is due there."""
        ...

    def state(self) -> "State":
        """All rows."""
        ...

    def setup(self) -> "Setup":
        """Sheets and words to choose from."""
        ...

    def apply(self, asked: "Sequence[Asked]", label: str) -> Changed:
        """Stores rows, all or none."""
        ...

    def assign(self, grid_no: str, areas: Sequence[str]) -> int:
        """Puts areas into a grid from today on; how many rows that changed."""
        ...

    def take(self, path: Path, progress: Progress) -> "Taken":
        """Takes a workbook in."""
        ...

    def write(self, path: Path) -> int:
        """Writes the workbook."""
        ...

    def former(self, path: Path, progress: Progress) -> "list[FormerProposed]":
        """New teams for a list of the former ones."""
        ...

    def adopt_former(self, proposals: "Sequence[FormerProposed]") -> int:
        """Takes them over."""
        ...

    def propose(self, wish: "Wish", progress: Progress) -> "Proposed":
        """Proposals for the division."""
        ...

    def adopt(self, proposed: "Proposed", place: int) -> int:
        """Takes one over."""
        ...

    def what_if(self, moved: Mapping[str, str]) -> "tuple[tuple[str, ...], Figures, Figures]":
        """Names of the grids, figures today, figures when areas came into other grids."""
        ...

    def attach(self, sheet: str, name: str, path: Path) -> Changed:
        """A photo or a scan."""
        ...

    def pages(self, kind: str, names: Sequence[str]) -> Iterable[Page]:
        """What is printed: area, handover, map, cards, boards."""
        ...

    def backdrop(self, path: Path, origin: tuple[float, float], progress: Progress) -> "Backdrop":
        """A file to draw under the map."""
        ...


class StationOrganisation:
    """The real services of one workspace."""

    def __init__(self, workspace: "Workspace") -> None:
        self._ws = workspace

    def map(self) -> "GridMap":
        """See ``Services``."""
        from lvdesk.organisation.mapping import grid_map

        return grid_map(self._ws)

    def members(self) -> "list[Member]":
        """See ``Services``."""
        from lvdesk.organisation.roster import members
        from lvdesk.organisation.state import state, today

        return members(state(self._ws), today(self._ws))

    def villages(self) -> "list[VillageView]":
        """See ``Services``."""
        from lvdesk.organisation.liaison import villages

        return villages(self._ws)

    def state(self) -> "State":
        """See ``Services``."""
        from lvdesk.organisation.state import state

        return state(self._ws)

    def setup(self) -> "Setup":
        """See ``Services``."""
        from lvdesk.organisation.setup import load_setup

        return load_setup(self._ws.overrides)

    def apply(self, asked: "Sequence[Asked]", label: str) -> Changed:
        """See ``Services``."""
        from lvdesk.organisation.applying import apply

        return CHANGED if apply(self._ws, asked, label).rows else Changed.NOTHING

    def assign(self, grid_no: str, areas: Sequence[str]) -> int:
        """See ``Services``."""
        from lvdesk.organisation.grids import assign

        return assign(self._ws, grid_no, areas).rows

    def take(self, path: Path, progress: Progress) -> "Taken":
        """See ``Services``."""
        from lvdesk.organisation.workbook import take_book

        return take_book(self._ws, path, progress)

    def write(self, path: Path) -> int:
        """See ``Services``."""
        from lvdesk.organisation.workbook import write_book

        return write_book(self._ws, path)

    def former(self, path: Path, progress: Progress) -> "list[FormerProposed]":
        """See ``Services``."""
        from lvdesk.organisation.former import propose

        return propose(self._ws, path, progress)

    def adopt_former(self, proposals: "Sequence[FormerProposed]") -> int:
        """See ``Services``."""
        from lvdesk.organisation.former import adopt
        from lvdesk.organisation.state import today

        return adopt(self._ws, proposals, today(self._ws)).rows

    def propose(self, wish: "Wish", progress: Progress) -> "Proposed":
        """See ``Services``."""
        from lvdesk.organisation.division.station import propose

        return propose(self._ws, wish, progress)

    def adopt(self, proposed: "Proposed", place: int) -> int:
        """See ``Services``."""
        from lvdesk.organisation.division.station import adopt

        return adopt(self._ws, proposed, place).rows

    def what_if(self, moved: Mapping[str, str]) -> "tuple[tuple[str, ...], Figures, Figures]":
        """See ``Services``."""
        from lvdesk.organisation.division.station import what_if

        return what_if(self._ws, moved)

    def attach(self, sheet: str, name: str, path: Path) -> Changed:
        """See ``Services``."""
        from lvdesk.organisation.liaison import attach

        return attach(self._ws, sheet, name, path)

    def pages(self, kind: str, names: Sequence[str]) -> Iterable[Page]:
        """See ``Services``."""
        from lvdesk.organisation.paper.areas import area_files
        from lvdesk.organisation.paper.cards import boards, cards
        from lvdesk.organisation.paper.handover import handover
        from lvdesk.organisation.paper.map import map_page

        if kind == "map":
            return map_page(self._ws)
        if kind == "handover":
            return handover(self._ws, names[0], names[1] if len(names) > 1 else "")
        if kind == "area":
            return area_files(self._ws, names)
        return cards(self._ws, names) if kind == "cards" else boards(self._ws, names)

    def backdrop(self, path: Path, origin: tuple[float, float], progress: Progress) -> "Backdrop":
        """See ``Services``."""
        from lvdesk.geo.backdrop import read_backdrop

        return read_backdrop(path, origin, progress)
