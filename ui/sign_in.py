"""Who is at the desk: chosen at the start and whenever another sits down, with the PIN of who has one."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QDialog, QLineEdit, QListWidget, QListWidgetItem, QWidget

from lvdesk.kit.errors import LVDeskError
from ui.parts import button, column, label, row

if TYPE_CHECKING:
    from lvdesk.security.people import Profile

_ROW = 52
_FRAME = 8
"""Border and padding of the list above and below."""


class SignInDialog(QDialog):
    """Non-blocking; calls ``enter(name, pin)`` and is told by ``refuse`` when that was no use."""

    def __init__(self, people: "Sequence[Profile]", last: str, enter: Callable[[str, str], object], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._people, self._enter = [each for each in people if each.active], enter
        self.setWindowTitle("登录")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(420)
        self.names = QListWidget()
        self.names.setAccessibleName("人员")
        self.names.setProperty("people", "true")
        for each in self._people:
            self.names.addItem(self._line(each))
        self.names.setVerticalScrollMode(QListWidget.ScrollMode.ScrollPerPixel)
        self.names.setFixedHeight(_ROW * min(max(len(self._people), 2), 5) + _FRAME)
        self.pin = QLineEdit()
        self.pin.setEchoMode(QLineEdit.EchoMode.Password)
        self.pin.setPlaceholderText("口令")
        self.pin.setAccessibleName("口令")
        self.problem = label("", wrap=True)
        self.problem.setProperty("ink", "error")
        self.problem.hide()
        self.go = button("登录", self._go, "primary")
        self.go.setDefault(True)
        later = button("不登录，只做整理", self.reject, "link")
        later.setAutoDefault(False)
        hint = label("姓名会记在每次操作上；营销确认、运检确认只对有该角色的人开放。", "muted", wrap=True)
        column(
            label("谁在使用？", "h1"),
            hint,
            self.names,
            self.pin,
            self.problem,
            None,
            row(later, None, self.go),
            parent=self,
            gap=12,
            margin=24,
        )
        self.names.currentRowChanged.connect(self._chosen)
        self.names.itemDoubleClicked.connect(lambda _item: self._go())
        known = [each.name for each in self._people]
        self.names.setCurrentRow(known.index(last) if last in known else 0)

    def _line(self, profile: "Profile") -> QListWidgetItem:
        about = " · ".join(part for part in ("、".join(profile.role_titles), profile.team) if part)
        item = QListWidgetItem(f"{profile.name}\n{about}")
        item.setSizeHint(QSize(0, _ROW))
        return item

    def _chosen(self, at: int) -> None:
        asks = 0 <= at < len(self._people) and self._people[at].has_pin
        self.pin.setVisible(asks)
        self.pin.clear()
        self.problem.hide()
        self.go.setEnabled(at >= 0)
        if asks and not self.names.hasFocus():
            self.pin.setFocus()

    def _go(self) -> None:
        at = self.names.currentRow()
        if at >= 0:
            self.go.setEnabled(False)
            self._enter(self._people[at].name, self.pin.text())

    def refuse(self, error: Exception) -> None:
        """Says why nobody was signed in; the PIN is typed again."""
        self.go.setEnabled(True)
        said = f"{error.message}。{error.hint}" if isinstance(error, LVDeskError) else str(error)
        self.problem.setText(said)
        self.problem.show()
        self.pin.clear()
        self.pin.setFocus()
