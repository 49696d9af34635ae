"""One field of many sheets at once: crops side by side, the doubtful first; one key decides one."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from ui.panes.base import Context
from ui.panes.fieldwork.crop_loading import CropServices
from ui.parts import column
from ui.widgets.state_view import StateView


class CropWall(QWidget):
    """Signals: decided(): something was decided and stored."""

    decided = Signal()

    def __init__(self, context: Context, services: CropServices) -> None:
        super().__init__()
        self._context, self._services = context, services
        self.state = StateView()
        self.state.loading()
        column(self.state, parent=self, gap=0)

    def start(self, group_key: str = "") -> None:
        """Shows the crops of a field, of the first that waits where none is named."""
        self._wanted = group_key
        self._context.jobs.read(self._services.groups, self._take, self._context.notices.show)

    def _take(self, groups: Sequence[object]) -> None:
        self.state.say("check", "没有要看的格子" if not groups else f"{len(groups)} 组等待判读")
