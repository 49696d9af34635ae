"""Commands as data: one list feeds buttons, shortcuts, the palette and the shortcut sheet."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget

from ui.theme.icons import icon


@dataclass(frozen=True)
class Action:
    """One command.

    Attributes:
        id: stable, ``area.verb``, e.g. ``ledger.import``.
        title: Chinese, as on a button.
        callback: what it does, on the UI thread.
        shortcut: portable text such as ``Ctrl+K``, several separated by ``, ``; empty if none.
        icon: name in ``resources/icons``.
        group: heading in the shortcut sheet.
        primary: drawn as the main button of its pane.
        in_bar: shown as a button in the top bar when the action is one of a pane's; otherwise only by key and palette.
        hint: tooltip, one line.
    """

    id: str
    title: str
    callback: Callable[[], object]
    shortcut: str = ""
    icon: str = ""
    group: str = "通用"
    primary: bool = False
    in_bar: bool = True
    hint: str = ""


class Actions(QObject):
    """All commands of the window, each with its live ``QAction``.

    A command belongs to a widget: its key works and the palette offers it only while that widget is on screen.
    """

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._actions: dict[str, tuple[Action, QAction, QWidget]] = {}

    def add(self, action: Action, owner: QWidget) -> QAction:
        """Registers ``action`` for ``owner``.

        Raises:
            ValueError: the id or one of the keys is taken by a command that could be active at the same time.
        """
        if action.id in self._actions:
            raise ValueError(f"action {action.id} is registered twice")
        live = QAction(action.title, owner)
        live.setObjectName(action.id)
        if action.icon:
            live.setIcon(icon(action.icon))
        live.setShortcuts([QKeySequence(key) for key in action.shortcut.split(", ") if key])
        live.setToolTip(tooltip(action))
        live.triggered.connect(lambda _checked=False: action.callback())
        owner.addAction(live)
        self._actions[action.id] = (action, live, owner)
        live.changed.connect(self.changed)
        self.changed.emit()
        return live

    def qaction(self, action_id: str) -> QAction | None:
        """The live action, to enable, retitle or trigger; None when there is none."""
        entry = self._actions.get(action_id)
        return entry[1] if entry else None

    def trigger(self, action_id: str) -> bool:
        """Runs a command by id; False when it does not exist or is disabled now."""
        live = self.qaction(action_id)
        if live is None or not live.isEnabled():
            return False
        live.trigger()
        return True

    def all(self) -> list[Action]:
        """Every command, in order of registration."""
        return [action for action, _live, _owner in self._actions.values()]

    def available(self) -> list[tuple[Action, QAction]]:
        """The commands that can run now."""
        return [(action, live) for action, live, owner in self._actions.values() if live.isEnabled() and owner.isVisible()]


def tooltip(action: Action) -> str:
    """Title or hint with the key behind it."""
    text = action.hint or action.title
    return f"{text}（{action.shortcut.replace(', ', ' / ')}）" if action.shortcut else text
