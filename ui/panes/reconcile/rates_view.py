"""贯通率: the station's share, day by day, and bars by feeder, area and attribute; each leads to its rows."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QStackedWidget, QWidget

from ui.panes.base import Context
from ui.panes.reconcile.loading import Services
from ui.parts import card, column, label, row, scrolled
from ui.theme.apply import font
from ui.theme.tokens import tokens
from ui.widgets.state_view import StateView

if TYPE_CHECKING:
    from lvdesk.exchange.reconcile.rates import Rate, RateBook

_HIGH: Final = 30
_GOOD: Final = 0.99
_FAIR: Final = 0.95


class RateBars(QWidget):
    """Signals: opened(key), stepped(y of the line at the cursor). One line each: name, bar, share, numbers."""

    opened = Signal(str)
    stepped = Signal(int)

    def __init__(self, name: str, *, leads: bool = False) -> None:
        super().__init__()
        self._rates: Sequence[Rate] = ()
        self._at, self._leads = 0, leads
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        if leads:
            self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            self.setCursor(Qt.CursorShape.PointingHandCursor)

    def show_rates(self, rates: "Sequence[Rate]") -> None:
        """Shows these, in their order."""
        self._rates, self._at = rates, 0
        self.setAccessibleDescription("；".join(f"{each.name} {each.share:.1%}" for each in rates[:20]))
        self.setFixedHeight(max(len(rates), 1) * _HIGH)
        self.update()

    def sizeHint(self) -> QSize:
        """All lines."""
        return QSize(360, max(len(self._rates), 1) * _HIGH)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        look, wide = tokens(), self.width()
        first, last = event.rect().top() // _HIGH, event.rect().bottom() // _HIGH
        for place in range(first, min(last + 1, len(self._rates))):
            self._line(painter, self._rates[place], QRectF(0, place * _HIGH, wide, _HIGH))
            if place == self._at and self.hasFocus():
                painter.setPen(QPen(QColor(look.brand), 1))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawRoundedRect(QRectF(0.5, place * _HIGH + 1.5, wide - 1, _HIGH - 3), 5, 5)
        painter.end()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        place = int(event.position().y()) // _HIGH
        if self._leads and place < len(self._rates):
            self._at = place
            self.opened.emit(self._rates[place].key)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()), 0)
        if step and self._rates:
            self._at = max(0, min(self._at + step, len(self._rates) - 1))
            self.stepped.emit(self._at * _HIGH)
            self.update()
        elif event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and self._leads and self._rates:
            self.opened.emit(self._rates[self._at].key)
        else:
            super().keyPressEvent(event)

    def _line(self, painter: QPainter, rate: "Rate", place: QRectF) -> None:
        look = tokens()
        name, bar = place.width() * 0.36, place.width() * 0.24
        painter.setFont(font(13))
        painter.setPen(QColor(look.text))
        shown = painter.fontMetrics().elidedText(rate.name, Qt.TextElideMode.ElideMiddle, int(name - 12))
        painter.drawText(QRectF(6, place.top(), name - 12, _HIGH), int(Qt.AlignmentFlag.AlignVCenter), shown)
        ground = QRectF(name, place.top() + 11, bar, 8)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(look.grey_soft))
        painter.drawRoundedRect(ground, 4, 4)
        painter.setBrush(QColor(look.green if rate.share >= _GOOD else look.brand if rate.share >= _FAIR else look.badge))
        painter.drawRoundedRect(QRectF(ground.left(), ground.top(), max(bar * rate.share, 4.0), 8), 4, 4)
        painter.setPen(QColor(look.text2))
        text = f"{rate.share:.1%}   {rate.agreed:,} / {rate.compared:,}"
        rest = QRectF(name + bar + 10, place.top(), place.width() - name - bar - 14, _HIGH)
        painter.drawText(rest, int(Qt.AlignmentFlag.AlignVCenter), text)


class DayLine(QWidget):
    """The station's share over the days, from the lowest to 100 %."""

    def __init__(self) -> None:
        super().__init__()
        self._days: Sequence[tuple[str, Rate]] = ()
        self.setAccessibleName("逐日贯通率")
        self.setFixedHeight(96)

    def show_days(self, days: "Sequence[tuple[str, Rate]]") -> None:
        """Shows these days, the oldest first."""
        self._days = days
        self.setAccessibleDescription("；".join(f"{day} {rate.share:.1%}" for day, rate in days[-20:]))
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        look, place = tokens(), QRectF(self.rect()).adjusted(44, 12, -12, -22)
        least = min((rate.share for _day, rate in self._days), default=1.0)
        low = min(int(least * 20) / 20, 0.95)
        painter.setFont(font(12))
        for share in (low, 1.0):
            at = place.bottom() - place.height() * (share - low) / (1 - low)
            painter.setPen(QPen(QColor(look.line), 1))
            painter.drawLine(QPointF(place.left(), at), QPointF(place.right(), at))
            painter.setPen(QColor(look.text3))
            painter.drawText(QRectF(0, at - 8, 38, 16), int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter), f"{share:.0%}")
        gap = place.width() / max(len(self._days) - 1, 1)
        points = [
            QPointF(place.left() + number * gap, place.bottom() - place.height() * (rate.share - low) / (1 - low))
            for number, (_day, rate) in enumerate(self._days)
        ]
        painter.setPen(QPen(QColor(look.brand), 2))
        painter.drawPolyline(points)
        painter.setBrush(QColor(look.brand))
        for point in points:
            painter.drawEllipse(point, 3, 3)
        painter.setPen(QColor(look.text3))
        if self._days:
            painter.drawText(QRectF(place.left(), place.bottom() + 4, 120, 16), int(Qt.AlignmentFlag.AlignLeft), self._days[0][0])
        if len(self._days) > 1:
            painter.drawText(QRectF(place.right() - 120, place.bottom() + 4, 120, 16), int(Qt.AlignmentFlag.AlignRight), self._days[-1][0])
        painter.end()


class RatesView(QWidget):
    """Signals: area_asked(number): its disagreements; run_asked."""

    area_asked = Signal(str)
    run_asked = Signal()

    def __init__(self, context: Context, services: Services) -> None:
        super().__init__()
        self._context, self._services = context, services
        self.share, self.told = label("", "kpi"), label("", "muted", wrap=True)
        self.days = DayLine()
        self.feeders, self.areas, self.fields = RateBars("各线路贯通率"), RateBars("各台区贯通率", leads=True), RateBars("各项目一致率")
        self.areas.opened.connect(self.area_asked)
        self.state = StateView()
        self.state.loading()
        head = card()
        inside = row(column(label("贯通率", "h2"), self.share, self.told, None, gap=2), self.days, parent=head, gap=24)
        inside.setContentsMargins(16, 12, 16, 8)
        inside.setStretch(1, 1)
        full = QWidget()
        shown = (("线路", self.feeders), ("台区（点击看差异）", self.areas), ("项目", self.fields))
        lists = row(*(_listed(title, bars) for title, bars in shown), gap=12)
        column(head, lists, parent=full, gap=12).setStretch(1, 1)
        waiting = card()
        column(self.state, parent=waiting, gap=0, margin=1)
        self._pages = QStackedWidget()
        self._pages.addWidget(waiting)
        self._pages.addWidget(full)
        column(self._pages, parent=self, gap=0)

    def refresh(self) -> None:
        """Reads the rates again."""
        self._context.jobs.read(self._services.rates, self.show_book, self._failed)

    def show_book(self, book: "RateBook") -> None:
        """Shows the rates."""
        if not book.day or not book.station.compared:
            hint = "接收电网 GIS 的电源信息回写并对账后，这里显示各线路、台区、逐日的贯通率"
            self.state.say("chart", "还没有贯通率", hint, ("现在对账", self.run_asked.emit))
            self._pages.setCurrentIndex(0)
            return
        whole = book.station
        self.share.setText(f"{whole.share:.2%}")
        self.told.setText(f"GIS 已回写的 {whole.compared:,} 户中 {whole.agreed:,} 户上级电源三方一致\n{book.day} 对账")
        self.days.show_days(book.days)
        for bars, rates in ((self.feeders, book.feeders), (self.areas, book.areas), (self.fields, book.fields)):
            bars.show_rates(rates)
        self._pages.setCurrentIndex(1)

    def _failed(self, error: Exception) -> None:
        what, hint = getattr(error, "message", "") or "读取贯通率时出错", getattr(error, "hint", "") or "请重试"
        self.state.say("error", what, hint, ("重试", self.refresh), level="error")
        self._pages.setCurrentIndex(0)


def _listed(title: str, bars: RateBars) -> QWidget:
    made, inner = card(), QWidget()
    inner.setProperty("page", "true")
    column(bars, None, parent=inner, gap=0)
    area = scrolled(inner)
    bars.stepped.connect(lambda top: area.ensureVisible(0, top + _HIGH // 2, 0, _HIGH))
    inside = column(label(title, "h2"), area, parent=made, gap=6)
    inside.setContentsMargins(12, 10, 8, 8)
    inside.setStretch(1, 1)
    return made
