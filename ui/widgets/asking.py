"""A question before something is done to several: how many, some of them, a reason, a last day."""

from datetime import date

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QLineEdit, QWidget

from ui.parts import button, column, label, row


class Asking(QDialog):
    """Signals: agreed(reason, day or "")."""

    agreed = Signal(str, str)

    def __init__(self, parent: QWidget, title: str, what: str, *, reason: str = "", day: str = "") -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(title)
        self.setMinimumWidth(460)
        self._needed = bool(reason)
        self.reason, self.day = QLineEdit(self), QLineEdit(self)
        self.hint = label("", "muted")
        self.yes = button(title, self.agree, "primary")
        self.yes.setDefault(True)
        parts: list[QWidget | int] = [label(what, wrap=True)]
        for line, name, hint in ((self.reason, reason, "必填"), (self.day, day, "YYYY-MM-DD，不填则一直有效")):
            line.setAccessibleName(name)
            line.setPlaceholderText(hint)
            line.textChanged.connect(lambda _text: self._follow())
            line.setVisible(bool(name))
            if name:
                parts += [label(name, "muted"), line]
        column(*parts, self.hint, 4, row(None, button("取消", self.reject), self.yes), parent=self, gap=8, margin=18)
        self._follow()

    def agree(self) -> None:
        """Says yes where nothing is lacking."""
        if self.yes.isEnabled():
            self.agreed.emit(self.reason.text().strip(), self.day.text().strip())
            self.accept()

    def _follow(self) -> None:
        text = self.day.text().strip()
        wrong = bool(text) and not _is_day(text)
        self.hint.setText("日期写成 2026-12-31 这样" if wrong else "")
        self.yes.setEnabled(not wrong and (not self._needed or bool(self.reason.text().strip())))


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True
