"""Small makers of labelled, named widgets, so that panes read as what they show."""

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAction, QColor, QFont, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLayout,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from ui.theme.apply import font
from ui.theme.icons import icon, pixmap
from ui.theme.tokens import tokens

_LEFT = Qt.AlignmentFlag.AlignLeft
_ON_RAIL = "#B9D3D1"  # secondary text on the dark green rail


def label(text: str = "", role: str = "", *, wrap: bool = False) -> QLabel:
    """A text; ``role``: h1, h2, kpi, muted, faint, keycap or nothing."""
    made = QLabel(text)
    made.setTextFormat(Qt.TextFormat.PlainText)
    if role:
        made.setProperty(role, "true")
    made.setWordWrap(wrap)
    return made


def chip(text: str, level: str = "neutral") -> QLabel:
    """A rounded status word: neutral, success, warning, error, info."""
    made = label(text)
    made.setProperty("chip", level)
    made.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Maximum)
    return made


def restyle(widget: QWidget) -> None:
    """Makes the style sheet look again after a property it selects on has changed."""
    widget.style().unpolish(widget)
    widget.style().polish(widget)


def picture(name: str, side: int = 18, colour: str = "") -> QLabel:
    """An icon that is not a control."""
    made = QLabel()
    made.setPixmap(pixmap(name, colour or tokens().text2, side, 2.0))
    made.setFixedSize(side, side)
    made.setScaledContents(True)
    return made


def button(text: str, on_click: Callable[[], object], kind: str = "", icon_name: str = "", *, name: str = "") -> QPushButton:
    """A push button; ``kind``: primary, danger, link or nothing; ``name`` for the screen reader where the text is not enough."""
    made = QPushButton(text)
    if kind:
        made.setProperty("kind", kind)
    if icon_name:
        look = tokens()
        made.setIcon(icon(icon_name, {"primary": look.on_brand, "danger": look.red, "link": look.brand}.get(kind, look.text2)))
        made.setIconSize(QSize(16, 16))
    made.setAccessibleName(name or text)
    made.clicked.connect(lambda _checked=False: on_click())
    return made


def tool(icon_name: str, title: str, on_click: Callable[[], object] | None = None, *, shortcut: str = "", side: int = 18) -> QToolButton:
    """A flat icon button with a tooltip that tells its key."""
    made = QToolButton()
    made.setProperty("flat", "true")
    made.setIcon(icon(icon_name))
    made.setIconSize(QSize(side, side))
    made.setToolTip(f"{title}（{shortcut}）" if shortcut else title)
    made.setAccessibleName(title)
    made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    if on_click is not None:
        made.clicked.connect(lambda _checked=False: on_click())
    return made


def clearable(made: QLineEdit) -> QLineEdit:
    """The line with a cross that empties it; Qt gives the cross no name."""
    made.setClearButtonEnabled(True)
    for cross in made.findChildren(QAction, "_q_qlineeditclearaction"):
        cross.setText("清空")
    return made


def card() -> QFrame:
    """A white panel with a fine border."""
    made = QFrame()
    made.setProperty("card", "true")
    return made


def line() -> QFrame:
    """A fine horizontal rule."""
    made = QFrame()
    made.setProperty("line", "true")
    return made


def _fill(layout: QBoxLayout, items: tuple[QWidget | QLayout | int | None, ...]) -> None:
    for item in items:
        if item is None:
            layout.addStretch(1)
        elif isinstance(item, int):
            layout.addSpacing(item)
        elif isinstance(item, QWidget):
            layout.addWidget(item)
        else:
            layout.addLayout(item)


def row(*items: QWidget | QLayout | int | None, parent: QWidget | None = None, gap: int = 8, margin: int = 0) -> QHBoxLayout:
    """Widgets side by side; None stretches, a number is extra space in pixels."""
    made = QHBoxLayout(parent) if parent is not None else QHBoxLayout()
    made.setContentsMargins(margin, margin, margin, margin)
    made.setSpacing(gap)
    _fill(made, items)
    return made


def column(*items: QWidget | QLayout | int | None, parent: QWidget | None = None, gap: int = 8, margin: int = 0) -> QVBoxLayout:
    """Widgets one under another; None stretches, a number is extra space in pixels."""
    made = QVBoxLayout(parent) if parent is not None else QVBoxLayout()
    made.setContentsMargins(margin, margin, margin, margin)
    made.setSpacing(gap)
    _fill(made, items)
    return made


def scrolled(inner: QWidget) -> QScrollArea:
    """A widget that is scrolled up and down where it is too high; no stop on the way of the Tab key."""
    scroll = QScrollArea()
    scroll.setWidget(inner)
    scroll.setWidgetResizable(True)
    scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    scroll.setFrameShape(QFrame.Shape.NoFrame)
    scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    return scroll


class Elided(QWidget):
    """One line of text that gives way when there is no room; the whole text is in the tooltip."""

    def __init__(
        self, text: str = "", mode: Qt.TextElideMode = Qt.TextElideMode.ElideRight, role: str = "", *, align: Qt.AlignmentFlag = _LEFT
    ) -> None:
        super().__init__()
        self._align = align
        self._text, self._mode = text, mode
        self._role = role
        if role in ("muted", "onrail"):
            self.setFont(font(12))
        if role == "strong":
            self.setFont(font(13, QFont.Weight.DemiBold))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.set_text(text)

    def text(self) -> str:
        """The whole text."""
        return self._text

    def set_text(self, text: str) -> None:
        """Shows another text."""
        self._text = text
        self.setToolTip(text)
        self.setAccessibleDescription(text)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        metrics = self.fontMetrics()
        return QSize(metrics.horizontalAdvance(self._text) + 2, metrics.height() + 4)

    def minimumSizeHint(self) -> QSize:
        return QSize(24, self.fontMetrics().height() + 4)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        shown = self.fontMetrics().elidedText(self._text, self._mode, self.width())
        look = tokens()
        inks = {"muted": look.text2, "onrail": _ON_RAIL}
        painter.setPen(QColor(inks.get(self._role, look.text) if self.isEnabled() else look.text3))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignVCenter | self._align, shown)
        painter.end()
