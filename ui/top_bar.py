"""The bar above a pane: where one is, undo and redo by name, search, help, the pane's own buttons."""

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QSizePolicy

from ui.actions import Action, tooltip
from ui.parts import column, row, tool
from ui.theme.icons import icon
from ui.theme.tokens import tokens

_UNDO_WIDTH = 190
_SEARCH_WIDTH = 264


class TopBar(QFrame):
    """Shows what the window tells it; its buttons run the window's actions."""

    def __init__(self, undo: QAction, redo: QAction, search: QAction, help_: QAction) -> None:
        super().__init__()
        self.setObjectName("topbar")
        self.setFixedHeight(64)
        self._crumb, self._title = QLabel(), QLabel()
        self._crumb.setObjectName("crumb")
        self._title.setObjectName("pageTitle")
        self._undo_action, self._redo_action = undo, redo
        self._undo = QPushButton()
        self._undo.setObjectName("undo")
        self._undo.setIcon(icon("undo"))
        self._undo.setIconSize(QSize(18, 18))
        self._undo.clicked.connect(undo.trigger)
        self._redo = tool("redo", redo.text(), redo.trigger)
        self._search = QPushButton("  搜索户号、条码、名称   Ctrl+K")
        self._search.setObjectName("searchField")
        self._search.setIcon(icon("search", tokens().text3))
        self._search.setAccessibleName("全局搜索，Ctrl+K")
        self._search.setToolTip("全局搜索（Ctrl+K）")
        self._search.setMinimumWidth(_SEARCH_WIDTH // 2)
        self._search.setMaximumWidth(_SEARCH_WIDTH)
        self._search.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._search.clicked.connect(search.trigger)
        self._help = tool("help", "快捷键与帮助", help_.trigger, shortcut="F1")
        self._own = QHBoxLayout()
        self._own.setSpacing(8)
        inside = row(
            column(None, self._crumb, self._title, None, gap=0), None, self._undo, self._redo, 4, self._search, self._help, 4, self._own,
            parent=self, gap=4,
        )  # fmt: skip
        inside.setContentsMargins(20, 0, 16, 0)
        for action in (undo, redo):
            action.changed.connect(self._follow)
        self._follow()

    def set_page(self, group: str, title: str, station: str) -> None:
        """Names the page: station / group above, title below."""
        self._crumb.setText(" / ".join(part for part in (station, group) if part))
        self._title.setText(title)

    def set_buttons(self, actions: Sequence[tuple[Action, QAction]]) -> None:
        """The pane's own commands, main one last (it stands at the right edge)."""
        while (item := self._own.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for action, live in sorted(actions, key=lambda pair: pair[0].primary):
            self._own.addWidget(_Command(action, live))

    def _follow(self) -> None:
        text = self._undo_action.text()
        self._undo.setText(self._undo.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, _UNDO_WIDTH))
        self._undo.setEnabled(self._undo_action.isEnabled())
        for part, action, key in ((self._undo, self._undo_action, "Ctrl+Z"), (self._redo, self._redo_action, "Ctrl+Y")):
            part.setToolTip(f"{action.text()}（{key}）")
            part.setAccessibleName(action.text())
        self._redo.setEnabled(self._redo_action.isEnabled())


class _Command(QPushButton):
    """A button that looks and behaves as its live action says."""

    def __init__(self, action: Action, live: QAction) -> None:
        super().__init__()
        self._live = live
        look = tokens()
        if action.primary:
            self.setProperty("kind", "primary")
        if action.icon:
            self.setIcon(icon(action.icon, look.on_brand if action.primary else look.text2))
            self.setIconSize(QSize(16, 16))
        self.setToolTip(tooltip(action))
        self.clicked.connect(live.trigger)
        live.changed.connect(self._follow)
        self._follow()

    def _follow(self) -> None:
        self.setText(self._live.text())
        self.setAccessibleName(self._live.text())
        self.setEnabled(self._live.isEnabled())
