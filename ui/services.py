"""What the window's frame itself asks of the station: undo and redo, the last backup, search. Loaded when first used."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lvdesk.network.searching import Hit
    from lvdesk.workspace import Workspace


class StationServices:
    """The real services of one workspace; tests give another with the same methods."""

    def __init__(self, workspace: "Workspace") -> None:
        self._workspace = workspace

    def labels(self) -> tuple[str, str]:
        """What undo and redo would do now; "" where there is nothing."""
        from lvdesk import history

        return history.undo_label(self._workspace) or "", history.redo_label(self._workspace) or ""

    def undo(self) -> Any:
        """Takes the last operation back."""
        from lvdesk import history

        return history.undo(self._workspace, None)

    def redo(self) -> Any:
        """Does the last undone operation again."""
        from lvdesk import history

        return history.redo(self._workspace)

    def backup(self) -> Any:
        """Makes a verified backup in the workspace's own folder."""
        from lvdesk import history

        return history.backup(self._workspace, None)

    def last_backup(self) -> str:
        """When the newest backup was made, ISO 8601; "" if there is none."""
        from lvdesk import history

        return max((str(backup.at) for backup in history.backups(self._workspace)), default="")

    def search(self, words: str, limit: int) -> "Sequence[Hit]":
        """Records by number, name, address, initials."""
        from lvdesk.network import searching

        return searching.search(self._workspace, words, limit)
