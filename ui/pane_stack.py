"""Holds the panes: builds each when first visited, refreshes the visible one, remembers what the hidden ones missed."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QStackedWidget

from lvdesk.network.changed import Changed
from ui.actions import Action
from ui.panes.base import Context, Pane


class PaneStack(QStackedWidget):
    """Emits ``badge_changed(key, count)`` for the rail."""

    badge_changed = Signal(str, int)

    def __init__(self, kinds: Sequence[type[Pane]], context: Context) -> None:
        super().__init__()
        self._kinds = {kind.key: kind for kind in kinds}
        self._context = context
        self._built: dict[str, Pane] = {}
        self._missed: dict[str, Changed] = {}
        self._buttons: dict[str, list[tuple[Action, QAction]]] = {}

    def has(self, key: str) -> bool:
        """Whether there is such a pane."""
        return key in self._kinds

    def kinds(self) -> list[type[Pane]]:
        """All panes, built or not."""
        return list(self._kinds.values())

    def pane(self, key: str) -> Pane:
        """The pane, built now if it never was."""
        if key not in self._built:
            pane = self._kinds[key](self._context)
            self._built[key], self._missed[key] = pane, Changed.ALL
            self.addWidget(pane)
            actions = [(action, self._context.actions.add(action, pane)) for action in pane.toolbar_actions()]
            self._buttons[key] = [pair for pair in actions if pair[0].in_bar]
            pane.badge_changed.connect(lambda: self.badge_changed.emit(key, pane.badge()))
        return self._built[key]

    def buttons(self, key: str) -> list[tuple[Action, QAction]]:
        """The commands of a built pane that want a button."""
        return self._buttons[key]

    def bring(self, key: str) -> Pane:
        """Brings a pane to the front and up to date."""
        pane = self.pane(key)
        self.setCurrentWidget(pane)
        self._catch_up(key)
        return pane

    def changed(self, changed: Changed) -> None:
        """Notes a change for every built pane and lets the visible one act."""
        for key, pane in self._built.items():
            self._missed[key] |= changed & pane.cares
            if pane is self.currentWidget():
                self._catch_up(key)

    def _catch_up(self, key: str) -> None:
        missed, self._missed[key] = self._missed[key], Changed.NOTHING
        if missed:
            pane = self._built[key]
            pane.refresh(missed)
            self.badge_changed.emit(key, pane.badge())
