"""A line across the page: how it went, and the ways on."""

from collections.abc import Callable

from PySide6.QtWidgets import QFrame, QLabel, QPushButton, QWidget

from ui.parts import button, column, label, restyle, row
from ui.theme.icons import pixmap
from ui.theme.tokens import tokens

_ICONS = {"success": "success", "error": "error", "warning": "warning", "info": "info"}


class Banner(QFrame):
    """Hidden until something is said."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("banner")
        self._sign = QLabel()
        self._what, self._more = label("", "h2", wrap=True), label("", "muted", wrap=True)
        said = QWidget()
        column(self._what, self._more, parent=said, gap=2)
        self._buttons = row(gap=8)
        self._made: list[QPushButton] = []
        line = row(self._sign, said, self._buttons, parent=self, gap=12)
        line.setStretch(1, 1)
        line.setContentsMargins(16, 10, 12, 10)
        self.hide()

    def say(self, level: str, what: str, more: str = "", *offers: tuple[str, Callable[[], object]]) -> None:
        """Shows a sentence; the first offer is the main one."""
        self.setProperty("level", level)
        restyle(self)
        self._sign.setPixmap(pixmap(_ICONS[level], tokens().status(level)[0], 22, 2.0))
        self._what.setText(what)
        self._more.setText(more)
        self._more.setVisible(bool(more))
        self.setAccessibleName(f"{what}。{more}")
        for old in self._made:
            self._buttons.removeWidget(old)
            old.hide()
            old.deleteLater()
        self._made = [button(text, run) for text, run in offers]
        for made in self._made:
            self._buttons.addWidget(made)
        self.show()

    def text(self) -> str:
        """The sentence shown; "" while hidden."""
        return "" if self.isHidden() else self._what.text()

    def offers(self) -> list[QPushButton]:
        """The ways on."""
        return list(self._made)
