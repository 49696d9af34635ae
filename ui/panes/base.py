"""What a pane is and what it is given."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from lvdesk.network.changed import Changed
from ui.actions import Action, Actions
from ui.bus import Bus
from ui.jobs import Jobs
from ui.notices import Notices

if TYPE_CHECKING:
    from lvdesk.workspace import Workspace

GROUPS = ("", "数据", "作业", "成果")


@dataclass(frozen=True)
class Context:
    """All a pane may touch of the window. ``navigate(pane key, target)`` leads to another pane; no pane imports another."""

    workspace: "Workspace"
    jobs: Jobs
    notices: Notices
    bus: Bus
    actions: Actions
    navigate: Callable[..., None]


class Pane(QWidget):
    """One page of the window; built when first visited.

    Attributes:
        key: stable name, the folder's.
        title: Chinese, in rail and top bar.
        group: one of ``GROUPS``; "" stands above the groups.
        icon: name in ``resources/icons``.
        order: place in the group.
        shortcut: its key where it is always the same; else Ctrl with its number.
        cares: kinds of change that make this pane refresh.
        files: whether files dropped on the window come here.
        pictures: whether they come here when scans or photos are among them.
        badge_changed: ``badge()`` has another answer.
    """

    key: ClassVar[str] = ""
    title: ClassVar[str] = ""
    group: ClassVar[str] = ""
    icon: ClassVar[str] = ""
    order: ClassVar[int] = 0
    shortcut: ClassVar[str] = ""
    cares: ClassVar[Changed] = Changed.ALL
    files: ClassVar[bool] = False
    pictures: ClassVar[bool] = False

    badge_changed = Signal()

    def __init__(self, context: Context) -> None:
        super().__init__()
        self.context = context

    def refresh(self, _changed: Changed) -> None:
        """Reloads what ``changed`` touches; called with ``Changed.ALL`` at the first showing, later only while visible."""

    def badge(self) -> int:
        """How many things wait here; 0 shows nothing."""
        return 0

    def toolbar_actions(self) -> Sequence[Action]:
        """The pane's commands; registered once, keys work while the pane is visible."""
        return ()

    def reveal(self, target: object) -> None:
        """Shows what another pane pointed at; ``target`` is as the caller and this pane agree, e.g. ("customer", "4209747019")."""

    def accept_files(self, paths: Sequence[Path]) -> None:
        """Takes files dropped on the window or chosen in its dialog; only called when ``files`` or ``pictures`` is true."""


def key_of(pane: type[Pane], number: int) -> str:
    """The key that opens a page, "" for none; ``number`` its place from 1."""
    return pane.shortcut or (f"Ctrl+{number % 10}" if number <= 10 else "")
