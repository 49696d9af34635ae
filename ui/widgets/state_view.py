"""What a page or table shows when it has nothing to show: loading, empty, failed; each says the next step."""

from collections.abc import Callable

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QPushButton, QStackedLayout, QWidget

from ui.parts import button, column, label, row
from ui.theme.icons import pixmap
from ui.theme.tokens import tokens

_ROW = 34
_WIDTHS = (0.10, 0.18, 0.24, 0.14, 0.20)


class Skeleton(QWidget):
    """Grey bars where rows will be."""

    def paintEvent(self, _event: QPaintEvent) -> None:
        look = tokens()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(look.grey_soft))
        for line in range(self.height() // _ROW):
            left = 16.0
            for place, share in enumerate(_WIDTHS):
                width = share * self.width() * (0.6 + 0.35 * ((line * 7 + place * 3) % 5) / 4)
                painter.drawRoundedRect(QRectF(left, line * _ROW + 12, width, 10), 5, 5)
                left += share * self.width() + 18
        painter.end()


class StateView(QWidget):
    """A picture, a sentence, the next step, at most two buttons; or the loading bars."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._picture = label()
        self._title = label("", "h2")
        self._hint = label("", "muted", wrap=True)
        self._hint.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._offers: list[tuple[QPushButton, Callable[[], object]]] = []
        self._buttons = row(gap=10)
        self._said = QWidget()
        centred = column(None, self._picture, 4, self._title, self._hint, 6, self._buttons, None, parent=self._said, gap=6, margin=24)
        for part in (self._picture, self._title):
            centred.setAlignment(part, Qt.AlignmentFlag.AlignHCenter)
        centred.setAlignment(self._buttons, Qt.AlignmentFlag.AlignHCenter)
        self._stack = QStackedLayout(self)
        self._stack.addWidget(Skeleton())
        self._stack.addWidget(self._said)

    def loading(self) -> None:
        """Shows the bars."""
        self._stack.setCurrentIndex(0)
        self.setAccessibleName("正在读取")

    def say(self, icon_name: str, title: str, hint: str = "", *offers: tuple[str, Callable[[], object]], level: str = "") -> None:
        """Shows a state; the first offer is the main one."""
        look = tokens()
        self._picture.setPixmap(pixmap(icon_name, look.status(level)[0] if level else look.line_hover, 44, 2.0))
        self._title.setText(title)
        self._hint.setText(hint)
        self._hint.setVisible(bool(hint))
        for old, _callback in self._offers:
            self._buttons.removeWidget(old)
            old.deleteLater()
        self._offers = [(button(text, run, "primary" if place == 0 else ""), run) for place, (text, run) in enumerate(offers)]
        for made, _callback in self._offers:
            self._buttons.addWidget(made)
        self.setAccessibleName(f"{title}。{hint}" if hint else title)
        self._stack.setCurrentIndex(1)

    def title(self) -> str:
        """The sentence shown; "" while loading."""
        return self._title.text() if self._stack.currentIndex() == 1 else ""
