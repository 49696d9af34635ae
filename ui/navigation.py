"""The rail on the left: brand, panes in their groups with what waits, the person at the desk."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QButtonGroup, QFrame, QLabel, QToolButton, QVBoxLayout, QWidget

from ui.panes.base import GROUPS, Pane, key_of
from ui.parts import Elided, column, picture, row, scrolled
from ui.theme.icons import icon

WIDTH = 208
_SOFT = "#DCEBEA"


class _NavButton(QToolButton):
    """One pane in the rail with its badge."""

    def __init__(self, pane: type[Pane], shortcut: str) -> None:
        super().__init__()
        self.pane_key, self._title, self._shortcut = pane.key, pane.title, shortcut
        self.setProperty("nav", "true")
        self.setCheckable(True)
        self.setText(f"  {pane.title}")
        self.setIcon(icon(pane.icon, _SOFT, "#FFFFFF"))
        self.setIconSize(QSize(18, 18))
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.setFixedWidth(WIDTH - 20)
        self._badge = QLabel(self)
        self._badge.setObjectName("badge")
        self._badge.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._badge.hide()
        self.set_badge(0)

    def set_badge(self, count: int) -> None:
        """Shows how many things wait; nothing for 0."""
        shown = "99+" if count > 99 else str(count)
        self._badge.setText(shown)
        self._badge.setVisible(count > 0)
        self._badge.setFixedHeight(17)
        self._badge.adjustSize()
        waits = f"，{count} 项待处理" if count else ""
        self.setAccessibleName(f"{self._title}{waits}")
        self.setToolTip(f"{self._title}{waits}（{self._shortcut}）" if self._shortcut else f"{self._title}{waits}")
        self._place()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def _place(self) -> None:
        self._badge.move(self.width() - self._badge.width() - 12, (self.height() - self._badge.height()) // 2)


class Rail(QFrame):
    """Emits ``chosen(pane key)`` and ``user_clicked``; up and down arrows move, Enter opens."""

    chosen = Signal(str)
    user_clicked = Signal()

    def __init__(self, panes: Sequence[type[Pane]], brand_sub: str, person: str) -> None:
        super().__init__()
        self.setObjectName("rail")
        self.setFixedWidth(WIDTH)
        self._buttons: dict[str, _NavButton] = {}
        self._exclusive = QButtonGroup(self)
        self._sub = Elided(brand_sub, role="onrail")
        self._user = _User(person)
        self._user.clicked.connect(self.user_clicked)
        content = column(*self._content(panes), gap=3)
        content.setContentsMargins(10, 0, 10, 8)
        body = QWidget()
        body.setObjectName("railBody")
        body.setLayout(content)
        body.setStyleSheet("QWidget#railBody { background: transparent; }")
        scroll = scrolled(body)
        scroll.viewport().setAutoFillBackground(False)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 12)
        layout.setSpacing(0)
        layout.addWidget(_brand(self._sub))
        layout.addWidget(scroll, 1)
        layout.addWidget(row_of(self._user))

    def _content(self, panes: Sequence[type[Pane]]) -> list[QWidget | None]:
        items: list[QWidget | None] = []
        number = 0
        for group in GROUPS:
            members = [pane for pane in panes if pane.group == group]
            if members and group:
                heading = QLabel(group)
                heading.setObjectName("railGroup")
                items.append(heading)
            for pane in members:
                number += 1
                items.append(self._button(pane, key_of(pane, number)))
        return [*items, None]

    def _button(self, pane: type[Pane], shortcut: str) -> _NavButton:
        made = _NavButton(pane, shortcut)
        made.clicked.connect(lambda _checked=False, key=pane.key: self.chosen.emit(key))
        made.installEventFilter(self)
        self._exclusive.addButton(made)
        self._buttons[pane.key] = made
        return made

    def select(self, key: str) -> None:
        """Marks the pane that is shown."""
        self._buttons[key].setChecked(True)

    def set_badge(self, key: str, count: int) -> None:
        """Tells how many things wait in a pane."""
        self._buttons[key].set_badge(count)

    def set_names(self, brand_sub: str, person: str, role: str = "") -> None:
        """The station and the person after a change in the settings."""
        self._sub.set_text(brand_sub)
        self._user.set_person(person, role)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Arrow keys walk through the panes."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()), 0)
            buttons = list(self._buttons.values())
            if step and isinstance(watched, _NavButton):
                buttons[(buttons.index(watched) + step) % len(buttons)].setFocus(Qt.FocusReason.TabFocusReason)
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and isinstance(watched, _NavButton):
                watched.click()
                return True
        return super().eventFilter(watched, event)


class _User(QToolButton):
    """Who works here and as what; opens the menu of people and settings."""

    def __init__(self, person: str) -> None:
        super().__init__()
        self.setObjectName("user")
        self.setFixedSize(WIDTH - 20, 48)
        self._avatar = QLabel()
        self._avatar.setObjectName("avatar")
        self._avatar.setFixedSize(32, 32)
        self._avatar.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._name, self._role = QLabel(), QLabel()
        self._name.setObjectName("userName")
        self._role.setObjectName("userRole")
        inside = row(self._avatar, column(None, self._name, self._role, None, gap=0), None, parent=self, gap=10)
        inside.setContentsMargins(8, 0, 8, 0)
        for part in (self._avatar, self._name, self._role):
            part.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.set_person(person)

    def set_person(self, person: str, role: str = "") -> None:
        """Another person; ``role`` "" when nobody is signed in."""
        self._avatar.setText(person[:1].upper() or "？")
        self._name.setText(self.fontMetrics().elidedText(person, Qt.TextElideMode.ElideRight, WIDTH - 90))
        self._role.setText(self.fontMetrics().elidedText(role or "人员与设置", Qt.TextElideMode.ElideRight, WIDTH - 90))
        said = f"{person}（{role}）" if role else person
        self.setAccessibleName(f"当前人员 {said}，打开人员与设置")
        self.setToolTip(f"{said}，切换人员、人员与角色、设置")


def row_of(user: QWidget) -> QWidget:
    """The person's place at the foot of the rail."""
    foot = QWidget()
    inside = row(user, parent=foot)
    inside.setContentsMargins(10, 0, 10, 0)
    return foot


def _brand(sub: QWidget) -> QWidget:
    head = QWidget()
    head.setFixedHeight(76)
    mark = QFrame()
    mark.setFixedSize(34, 34)
    mark.setObjectName("brandMark")
    mark.setStyleSheet("QFrame#brandMark { background: #FFFFFF; border-radius: 8px; }")
    row(None, picture("bolt", 20, "#00706B"), None, parent=mark)
    title = QLabel("营配网格工作台")
    title.setObjectName("brandTitle")
    inside = row(mark, column(None, title, sub, None, gap=0), parent=head, gap=10)
    inside.setContentsMargins(18, 6, 12, 0)
    return head
