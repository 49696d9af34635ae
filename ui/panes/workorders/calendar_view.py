"""Two weeks of due times: each day with its orders, holidays named."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from ui.panes.workorders.board_view import INKS
from ui.theme.apply import font
from ui.theme.tokens import tokens

if TYPE_CHECKING:
    from lvdesk.workorders.calendar import Calendar
    from lvdesk.workorders.reading import Order

_DAYS: Final = 14
_ACROSS: Final = 7
_NAMES: Final = "一二三四五六日"


class DueCalendar(QWidget):
    """Signals: chosen(order number)."""

    chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._calendar: Calendar | None = None
        self._first = date.min
        self._orders: dict[date, list[Order]] = {}
        self._spots: list[tuple[QRectF, str]] = []
        self.setAccessibleName("到期日历")
        self.setMinimumSize(QSize(500, 320))

    def show_orders(self, orders: "Sequence[Order]", calendar: "Calendar", today: date) -> None:
        """Shows when orders are due; what is late stands on the first day."""
        self._calendar, self._first, self._orders = calendar, today - timedelta(days=today.weekday()), {}
        for order in orders:
            running = order.worst
            if running is not None and running.due is not None:
                self._orders.setdefault(max(running.due.date(), today), []).append(order)
        self.setAccessibleDescription("；".join(f"{day:%m-%d} 到期 {len(found)} 张" for day, found in sorted(self._orders.items())[:7]))
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._spots = []
        wide, high = self.width() / _ACROSS, (self.height() - 4) / (_DAYS / _ACROSS)
        for number in range(_DAYS if self._calendar else 0):
            day = self._first + timedelta(days=number)
            rank, column = divmod(number, _ACROSS)
            self._day(painter, day, QRectF(column * wide + 3, rank * high + 3, wide - 6, high - 6))
        painter.end()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        number = next((number for place, number in self._spots if place.contains(event.position())), "")
        if number:
            self.chosen.emit(number)

    def _day(self, painter: QPainter, day: date, place: QRectF) -> None:
        assert self._calendar is not None  # noqa: S101 - painted only with one
        look, works = tokens(), self._calendar.works(day)
        painter.setPen(QPen(QColor(look.line), 1))
        painter.setBrush(QColor(look.surface if works else look.alt))
        painter.drawRoundedRect(place, 6, 6)
        painter.setFont(font(12, QFont.Weight.DemiBold))
        painter.setPen(QColor(look.text if works else look.text3))
        painter.drawText(place.adjusted(10, 6, -6, 0), int(Qt.AlignmentFlag.AlignLeft), f"{day:%m-%d} 周{_NAMES[day.weekday()]}")
        painter.setFont(font(12))
        painter.setPen(QColor(look.text3 if works else look.amber))
        said = self._calendar.says(day)
        painter.drawText(place.adjusted(0, 6, -10, 0), int(Qt.AlignmentFlag.AlignRight), "" if said == "工作日" else said)
        top = place.top() + 28
        found = self._orders.get(day, [])
        for shown, order in enumerate(found):
            line = QRectF(place.left() + 8, top, place.width() - 16, 20)
            if line.bottom() > place.bottom() - 18:
                painter.setPen(QColor(look.text2))
                painter.drawText(line, int(Qt.AlignmentFlag.AlignLeft), f"还有 {len(found) - shown} 张")
                break
            self._line(painter, order, line)
            top += 22

    def _line(self, painter: QPainter, order: "Order", line: QRectF) -> None:
        look = tokens()
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(INKS[order.colour]))
        painter.drawRoundedRect(QRectF(line.left(), line.top() + 4, 4, 12), 2, 2)
        painter.setPen(QColor(look.text))
        text = painter.fontMetrics().elidedText(order.title, Qt.TextElideMode.ElideRight, int(line.width() - 12))
        painter.drawText(line.adjusted(10, 0, 0, 0), int(Qt.AlignmentFlag.AlignVCenter), text)
        self._spots.append((line, order.order_no))
