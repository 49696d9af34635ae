"""What the return desk asks of the station; heavy modules are loaded with the first question."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from lvdesk.fieldwork.photo_model import PhotoView
from lvdesk.fieldwork.return_model import DifferenceClass, FieldDifferenceView, Returned, ReturnRequest
from lvdesk.fieldwork.scan_model import CropGroup, PageState, ScannedPageView
from lvdesk.kit.progress import Progress
from ui.panes.fieldwork.crop_loading import CropServices, StationCrops
from ui.panes.fieldwork.keying_loading import KeyingServices, StationKeying

if TYPE_CHECKING:
    from lvdesk.network.changed import Changed
    from lvdesk.workspace import Workspace


@dataclass(frozen=True)
class Compared:
    """What the field says differently.

    Attributes:
        counts: open differences by class; all of them, however many are listed.
        views: those listed; of one class where it was asked for.
        stale: records or results changed since they were compared.
    """

    counts: Sequence[tuple[DifferenceClass, int]]
    views: Sequence[FieldDifferenceView]
    stale: bool


@dataclass(frozen=True)
class PackageChoice:
    """A package that something may come back for."""

    package_no: str
    title: str


@dataclass(frozen=True)
class Incoming:
    """Everything the views of what comes back ask of the station."""

    returns: "ReturnServices"
    keying: KeyingServices
    crops: CropServices

    @classmethod
    def of(cls, workspace: "Workspace") -> "Incoming":
        """The real services of one workspace."""
        return cls(StationReturns(workspace), StationKeying(workspace), StationCrops(workspace))


class ReturnServices(Protocol):
    """All calls may take long and come on worker threads."""

    def packages(self) -> Sequence[PackageChoice]:
        """Packages that are not over, newest first."""

    def take_back(self, request: ReturnRequest, progress: Progress) -> Returned:
        """Takes files in and says how they differ."""

    def undo(self, steps: Sequence[int]) -> "Changed":
        """Takes a return back, step by step from the last."""

    def differences(self, klass: DifferenceClass | None, *, resolved: bool) -> Compared:
        """Differences that stand, or those that no longer are."""

    def recount(self, progress: Progress) -> "Changed":
        """Holds all results against the ledger again."""

    def pages(self) -> Sequence[ScannedPageView]:
        """Scanned pages whose sheet is not known."""

    def page_picture(self, page: int) -> bytes:
        """A scanned page as PNG."""

    def sheet_no(self, text: str) -> str:
        """The number in a typed or scanned text."""

    def name_page(self, page: int, sheet_no: str, progress: Progress) -> "Changed":
        """Says which sheet a page is and reads it."""

    def drop_page(self, page: int, reason: str) -> "Changed":
        """Says that a page is none of ours."""

    def crop_groups(self) -> Sequence[CropGroup]:
        """Fields of sheets with places nobody decided yet."""

    def photos(self, *, waiting: bool) -> Sequence[PhotoView]:
        """Photos that wait for their box, or those that have one."""

    def photo_picture(self, photo: int, longest: int) -> bytes:
        """A photo, upright, as JPEG."""

    def bind_photos(self, photos: Sequence[int], box_no: str) -> "Changed":
        """Files photos to a box."""

    def unbind_photos(self, photos: Sequence[int], reason: str) -> "Changed":
        """Takes photos away from their box."""


class StationReturns:
    """The real services of one workspace; see ``ReturnServices``."""

    def __init__(self, workspace: "Workspace") -> None:
        self._workspace = workspace

    def packages(self) -> Sequence[PackageChoice]:
        """See ``ReturnServices``."""
        from lvdesk.fieldwork import packages
        from lvdesk.fieldwork.model import PackageState

        over = {PackageState.CLOSED, PackageState.CANCELLED}
        return [PackageChoice(view.package_no, view.title) for view in packages.packages(self._workspace) if view.state not in over]

    def take_back(self, request: ReturnRequest, progress: Progress) -> Returned:
        """See ``ReturnServices``."""
        from lvdesk.fieldwork import returns

        return returns.take_back(self._workspace, request, progress)

    def undo(self, steps: Sequence[int]) -> "Changed":
        """See ``ReturnServices``."""
        from lvdesk.fieldwork import returns

        return returns.undo(self._workspace, steps)

    def differences(self, klass: DifferenceClass | None, *, resolved: bool) -> Compared:
        """See ``ReturnServices``."""
        from lvdesk.fieldwork import differences

        ws = self._workspace
        return Compared(differences.groups(ws), differences.listed(ws, klass, resolved=resolved), differences.stale(ws))

    def recount(self, progress: Progress) -> "Changed":
        """See ``ReturnServices``."""
        from lvdesk.fieldwork import differences

        return differences.recount(self._workspace, progress)

    def pages(self) -> Sequence[ScannedPageView]:
        """See ``ReturnServices``."""
        from lvdesk.fieldwork import scan_queue

        return scan_queue.pages(self._workspace, PageState.UNREAD)

    def page_picture(self, page: int) -> bytes:
        """See ``ReturnServices``."""
        from lvdesk.fieldwork import scan_queue

        return scan_queue.picture(self._workspace, page)

    def sheet_no(self, text: str) -> str:
        """See ``ReturnServices``."""
        from lvdesk.fieldwork.forms import payload

        said = text.strip()
        return payload.decode(said).sheet_no if ":" in said else said.upper()

    def name_page(self, page: int, sheet_no: str, progress: Progress) -> "Changed":
        """See ``ReturnServices``."""
        from lvdesk.fieldwork import scan_queue

        return scan_queue.name_page(self._workspace, page, sheet_no, progress)

    def drop_page(self, page: int, reason: str) -> "Changed":
        """See ``ReturnServices``."""
        from lvdesk.fieldwork import scan_queue

        return scan_queue.drop_page(self._workspace, page, reason)

    def crop_groups(self) -> Sequence[CropGroup]:
        """See ``ReturnServices``."""
        from lvdesk.fieldwork import scan_queue

        return scan_queue.groups(self._workspace)

    def photos(self, *, waiting: bool) -> Sequence[PhotoView]:
        """See ``ReturnServices``."""
        from lvdesk.fieldwork import photo_queue

        found = photo_queue.photos(self._workspace, waiting_only=waiting)
        return found if waiting else [photo for photo in found if photo.box_no]

    def photo_picture(self, photo: int, longest: int) -> bytes:
        """See ``ReturnServices``."""
        from lvdesk.fieldwork import photo_queue

        return photo_queue.picture(self._workspace, photo, longest)

    def bind_photos(self, photos: Sequence[int], box_no: str) -> "Changed":
        """See ``ReturnServices``."""
        from lvdesk.fieldwork import photo_queue

        return photo_queue.bind(self._workspace, list(photos), box_no)

    def unbind_photos(self, photos: Sequence[int], reason: str) -> "Changed":
        """See ``ReturnServices``."""
        from lvdesk.fieldwork import photo_queue

        return photo_queue.unbind(self._workspace, list(photos), reason)
