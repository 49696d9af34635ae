"""A place for files: drop them, or choose them with a button."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent
from PySide6.QtWidgets import QFrame

from ui.parts import button, column, label, picture, restyle, row
from ui.theme.tokens import tokens


class DropZone(QFrame):
    """Signals: dropped(list of paths)."""

    dropped = Signal(list)

    def __init__(self, title: str, hint: str, *offers: tuple[str, Callable[[], object]]) -> None:
        super().__init__()
        self.setObjectName("dropZone")
        self.setAcceptDrops(True)
        sign = picture("import", 52, tokens().brand)
        said = label(title, "h1")
        told = label(hint, "muted")
        buttons = row(*(button(text, run, "primary" if place == 0 else "") for place, (text, run) in enumerate(offers)), gap=10)
        inside = column(None, sign, 8, said, told, 12, buttons, None, parent=self, gap=8, margin=24)
        for part in (sign, said, told):
            inside.setAlignment(part, Qt.AlignmentFlag.AlignHCenter)
        inside.setAlignment(buttons, Qt.AlignmentFlag.AlignHCenter)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()
            self._over(on=True)

    def dragLeaveEvent(self, _event: QDragLeaveEvent) -> None:
        self._over(on=False)

    def dropEvent(self, event: QDropEvent) -> None:
        self._over(on=False)
        event.acceptProposedAction()
        self.dropped.emit([Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()])

    def _over(self, *, on: bool) -> None:
        self.setProperty("over", "true" if on else "false")
        restyle(self)
