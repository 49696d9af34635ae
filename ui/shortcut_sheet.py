"""F1: every key that works now, by group, read from the commands themselves."""

from PySide6.QtWidgets import QFrame, QGridLayout, QScrollArea, QWidget

from ui.actions import Action, Actions
from ui.overlay import Overlay
from ui.parts import column, label, row, tool

_FIXED = (
    ("表格", (("Ctrl+F", "在表格中查找"), ("F8 / Shift+F8", "下一处 / 上一处问题"), ("Ctrl+C / Ctrl+V", "与 Excel 互相复制粘贴"))),
    ("移动", (("Tab / Shift+Tab", "下一个 / 上一个控件"), ("↑ ↓", "在左侧栏、列表中移动"), ("Esc", "关闭浮层"))),
)


class ShortcutSheet(Overlay):
    """A card over the window."""

    def __init__(self, parent: QWidget, actions: Actions) -> None:
        self._actions = actions
        frame = QFrame()
        frame.setObjectName("sheetCard")
        super().__init__(parent, frame, 720)
        self._close = tool("close", "关闭快捷键表", self.close_card, shortcut="Esc")
        self._area = QScrollArea()
        self._area.setWidgetResizable(True)
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setMinimumHeight(420)
        self._area.setAccessibleName("快捷键列表")
        inside = column(row(label("快捷键", "h1"), None, self._close), self._area, parent=frame, gap=8)
        inside.setContentsMargins(24, 16, 16, 16)

    def show_sheet(self) -> None:
        """Fills it with what can be done now and opens it."""
        body = QWidget()
        body.setProperty("page", "true")
        grid = QGridLayout(body)
        grid.setContentsMargins(0, 0, 8, 0)
        grid.setHorizontalSpacing(36)
        grid.setVerticalSpacing(14)
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(1, 1)
        for index, (title, keys) in enumerate(groups([action for action, _live in self._actions.available()])):
            lines = column(label(title, "h2"), *(_line(key, text) for key, text in keys), None, gap=6)
            grid.addLayout(lines, index // 2, index % 2)
        grid.setRowStretch(grid.rowCount(), 1)
        self._area.setWidget(body)
        self.open(self._close)


def groups(actions: list[Action]) -> list[tuple[str, list[tuple[str, str]]]]:
    """Keys and what they do, by group, commands first, then what every table can."""
    found: dict[str, list[tuple[str, str]]] = {}
    for action in actions:
        if action.shortcut:
            found.setdefault(action.group, []).append((action.shortcut.replace(", ", " / "), action.title))
    for title, keys in _FIXED:
        found.setdefault(title, []).extend(keys)
    return list(found.items())


def _line(key: str, text: str) -> QWidget:
    made = QWidget()
    row(label(text), None, label(key, "keycap"), parent=made)
    return made
