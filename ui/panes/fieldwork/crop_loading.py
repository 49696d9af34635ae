"""What the crop wall asks of the station; heavy modules are loaded with the first question."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

from lvdesk.fieldwork.scan_model import Crop, CropGroup

if TYPE_CHECKING:
    from lvdesk.network.changed import Changed
    from lvdesk.workspace import Workspace

Decision = tuple[int, str, str]
"""Page, place, value: "1" or "" for ticks, text for what is written."""


class CropServices(Protocol):
    """All calls may take long and come on worker threads."""

    def groups(self) -> Sequence[CropGroup]:
        """Fields of many sheets that wait."""

    def crops(self, group: str) -> Sequence[Crop]:
        """The places of one field nobody decided yet, the most doubtful first."""

    def picture(self, page: int, place: str) -> bytes:
        """One place as PNG."""

    def decide(self, decisions: Sequence[Decision]) -> "tuple[int, Changed]":
        """Stores what a person says; the number of the journal entry, 0 for none."""

    def take_back(self, entry: int) -> "Changed":
        """Undoes one decision."""


class StationCrops:
    """The real services of one workspace; see ``CropServices``."""

    def __init__(self, workspace: "Workspace") -> None:
        self._workspace = workspace

    def groups(self) -> Sequence[CropGroup]:
        """See ``CropServices``."""
        from lvdesk.fieldwork import scan_queue

        return scan_queue.groups(self._workspace)

    def crops(self, group: str) -> Sequence[Crop]:
        """See ``CropServices``."""
        from lvdesk.fieldwork import scan_queue

        return scan_queue.crops(self._workspace, group)

    def picture(self, page: int, place: str) -> bytes:
        """See ``CropServices``."""
        from lvdesk.fieldwork import scan_queue

        return scan_queue.crop(self._workspace, page, place)

    def decide(self, decisions: Sequence[Decision]) -> "tuple[int, Changed]":
        """See ``CropServices``."""
        from lvdesk import history
        from lvdesk.fieldwork import scan_queue

        before = _newest(self._workspace)
        changed = scan_queue.decide(self._workspace, list(decisions))
        made = [entry for entry in history.entries(self._workspace, limit=1) if entry.id > before]
        return (made[0].id if made else 0), changed

    def take_back(self, entry: int) -> "Changed":
        """See ``CropServices``."""
        from lvdesk import history

        return history.undo(self._workspace, entry)


def _newest(workspace: "Workspace") -> int:
    from lvdesk import history

    return max((entry.id for entry in history.entries(workspace, limit=1)), default=0)
