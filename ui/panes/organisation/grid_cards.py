"""The grids as a list: colour, name, leader and people, a bar of the workload of a head beside the station's."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.theme.apply import font
from ui.theme.tokens import tokens

if TYPE_CHECKING:
    from lvdesk.organisation.grids import GridView

_HIGH: Final = 66
_FULL: Final = 1.6
_HEAVY: Final = 1.25
_LIGHT: Final = 0.6


class GridCards(QWidget):
    """Signals: chosen(grid number), opened(grid number)."""

    chosen = Signal(str)
    opened = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._views: Sequence[GridView] = ()
        self._inks: Mapping[str, str] = {}
        self._shares: Mapping[str, float] = {}
        self.at = 0
        self.setAccessibleName("网格")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_grids(self, views: "Sequence[GridView]", inks: Mapping[str, str]) -> None:
        """Shows these."""
        self._views, self._inks, self._shares = views, inks, {}
        self.at = min(self.at, max(len(views) - 1, 0))
        self.setAccessibleDescription("；".join(f"{each.name} {each.leader} 人均工作量 {each.share:.2f}" for each in views))
        self.setFixedHeight(max(len(views), 1) * _HIGH)
        self.update()

    def show_shares(self, shares: Mapping[str, float]) -> None:
        """Workload as it would be (by grid); empty: as it is."""
        self._shares = shares
        self.update()

    def current(self) -> str:
        """The grid at the cursor."""
        return self._views[self.at].grid_no if self._views else ""

    def sizeHint(self) -> QSize:
        """All of them."""
        return QSize(280, max(len(self._views), 1) * _HIGH)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for place, view in enumerate(self._views):
            self._card(painter, view, QRectF(0, place * _HIGH, self.width(), _HIGH), here=place == self.at)
        painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._go(int(event.position().y()) // _HIGH)

    def mouseDoubleClickEvent(self, _event: QMouseEvent) -> None:
        if self._views:
            self.opened.emit(self.current())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()), 0)
        if step:
            self._go(self.at + step)
        elif event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and self._views:
            self.opened.emit(self.current())
        else:
            super().keyPressEvent(event)

    def _go(self, place: int) -> None:
        if 0 <= place < len(self._views):
            self.at = place
            self.update()
            self.chosen.emit(self.current())

    def _card(self, painter: QPainter, view: "GridView", place: QRectF, *, here: bool) -> None:
        look = tokens()
        if here:
            painter.setPen(QPen(QColor(look.brand_line), 1) if self.hasFocus() else Qt.PenStyle.NoPen)
            painter.setBrush(QColor(look.brand_soft))
            painter.drawRoundedRect(place.adjusted(0, 2, -1, -2), 6, 6)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(self._inks.get(view.grid_no, look.text3)))
        painter.drawEllipse(QPointF(place.left() + 14, place.top() + 18), 5, 5)
        inside = place.adjusted(28, 7, -10, 0)
        share = self._shares.get(view.grid_no, view.share)
        ink = look.red if share > _HEAVY else look.amber if share < _LIGHT else look.brand
        painter.setFont(font(13, QFont.Weight.DemiBold))
        _write(painter, inside, view.name, look.text, right=64)
        painter.setFont(font(13, QFont.Weight.DemiBold))
        painter.setPen(QColor(ink))
        painter.drawText(QRectF(inside.right() - 60, inside.top(), 60, 20), int(Qt.AlignmentFlag.AlignRight), f"{share:.2f}")
        painter.setFont(font(12))
        people = f"{view.leader or '缺网格长'} 等 {len(view.people)} 人" if view.people else "没有责任人"
        _write(painter, inside.adjusted(0, 20, 0, 0), f"{people} · {len(view.areas)} 台区 · {view.customers:,} 户", look.text2)
        bar = QRectF(inside.left(), inside.top() + 43, inside.width(), 6)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(look.grey_soft))
        painter.drawRoundedRect(bar, 3, 3)
        painter.setBrush(QColor(ink))
        painter.drawRoundedRect(QRectF(bar.left(), bar.top(), max(6.0, bar.width() * min(share / _FULL, 1.0)), 6), 3, 3)
        even = bar.left() + bar.width() / _FULL
        painter.setPen(QPen(QColor(look.text3), 1))
        painter.drawLine(QPointF(even, bar.top() - 3), QPointF(even, bar.bottom() + 3))


def _write(painter: QPainter, place: QRectF, text: str, ink: str, right: int = 0) -> None:
    line = QRectF(place.left(), place.top(), place.width() - right, 20)
    painter.setPen(QColor(ink))
    painter.drawText(
        line, int(Qt.AlignmentFlag.AlignLeft), painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, int(line.width()))
    )
