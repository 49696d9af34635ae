"""The way up of one customer or box as a diagram: a chain of cards, what other systems say instead beside it."""

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.theme.apply import font
from ui.theme.tokens import tokens

if TYPE_CHECKING:
    from lvdesk.exchange.doctor.model import Trace, TraceStep

_HIGH, _GAP, _PAD, _LINE = 40, 12, 10, 17
_SOURCES: Final = {"marketing": "营销", "field": "现场", "gis": "电网 GIS"}
_LEVELS: Final = {"sound": "success", "disputed": "warning", "broken": "error"}


class WayView(QWidget):
    """Shows a ``Trace``."""

    def __init__(self) -> None:
        super().__init__()
        self.trace: Trace | None = None
        self.setAccessibleName("上级电源")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_trace(self, trace: "Trace | None") -> None:
        """Shows a way, None for none."""
        self.trace = trace
        self.setAccessibleDescription("；".join(_said(step) for step in trace.steps) if trace else "")
        self.setFixedHeight(self.sizeHint().height())
        self.update()

    def sizeHint(self) -> QSize:
        """As high as the chain."""
        return QSize(240, sum(_height(step) + _GAP for step in self.trace.steps) if self.trace is not None else 0)

    def paintEvent(self, _event: QPaintEvent) -> None:
        if self.trace is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        top = 1
        for place, step in enumerate(self.trace.steps):
            high = _height(step)
            if place:
                painter.setPen(QPen(QColor(tokens().line_hover), 1.5))
                painter.drawLine(QPointF(22, top - _GAP), QPointF(22, top))
            self._card(painter, step, QRectF(1, top, self.width() - 2, high))
            top += high + _GAP
        painter.end()

    def _card(self, painter: QPainter, step: "TraceStep", place: QRectF) -> None:
        look = tokens()
        ink, ground = look.status(_LEVELS[step.state])
        sound = step.state == "sound"
        painter.setPen(QPen(QColor(look.line if sound else ink), 1))
        painter.setBrush(QColor(look.surface if sound else ground))
        painter.drawRoundedRect(place, 6, 6)
        painter.setBrush(QColor(ink))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.drawEllipse(QPointF(place.left() + 14, place.top() + 13), 3.5, 3.5)
        inside = place.adjusted(26, 4, -_PAD, 0)
        painter.setFont(font(12))
        _write(painter, inside, f"{step.entity_title}  {step.key}", look.text2)
        painter.setFont(font(13, QFont.Weight.DemiBold))
        _write(painter, inside.adjusted(0, _LINE, 0, 0), step.name or step.why or step.key, look.text if sound else ink)
        painter.setFont(font(12))
        for number, (source, text) in enumerate(step.said.items()):
            _write(painter, inside.adjusted(0, _HIGH - 3 + number * _LINE, 0, 0), f"{_SOURCES.get(source, source)}：{text}", ink)


def _height(step: "TraceStep") -> int:
    return _HIGH + (len(step.said) * _LINE + 4 if step.said else 0)


def _said(step: "TraceStep") -> str:
    return " ".join(part for part in (step.entity_title, step.key, step.name, step.why) if part)


def _write(painter: QPainter, place: QRectF, text: str, ink: str) -> None:
    painter.setPen(QColor(ink))
    line = QRectF(place.left(), place.top(), place.width(), _LINE)
    shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideMiddle, int(place.width()))
    painter.drawText(line, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter), shown)
