"""A window with something unsaved in it closes as soon as that is stored."""

from collections.abc import Callable
from typing import Protocol

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QWidget


class Storing(Protocol):
    """What stores in the background."""

    broken: bool

    def waiting(self) -> int:
        """How much is not stored yet."""


class Closing(QObject):
    """Watches the window a view stands in.

    Attributes:
        wanted: the window shall close when everything is stored.
    """

    def __init__(self, view: QWidget, store: Storing, leave: Callable[[], object]) -> None:
        super().__init__(view)
        self._view, self._store, self._leave = view, store, leave
        self._window: QWidget | None = None
        self.wanted = False

    def watch(self) -> None:
        """Watches the window the view stands in now."""
        window = self._view.window()
        if window is not self._window:
            if self._window is not None:
                self._window.removeEventFilter(self)
            self._window = window
            window.installEventFilter(self)

    def stored(self) -> None:
        """Something was stored: closes the window when that was the last."""
        if self.wanted and not self._store.waiting() and self._window is not None:
            self.wanted = False
            self._window.close()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Close and watched is self._window:
            self._leave()
            if self._store.waiting() and not self._store.broken:
                self.wanted = True
                event.ignore()
                return True
        return super().eventFilter(watched, event)
