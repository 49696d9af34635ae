"""A small map of points in metres: where ledger and field have it, its transformer, what is around; a scale, no tiles."""

from collections.abc import Sequence
from math import cos, hypot, radians
from typing import Final

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QHelpEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QToolTip, QWidget

from lvdesk.review.model import Spot
from ui.theme.apply import font
from ui.theme.icons import paint
from ui.theme.tokens import tokens

LEDGER, FIELD, AREA, POINT, NEIGHBOUR = "ledger", "field", "area", "access_point", "neighbour"
_TITLES: Final = {LEDGER: "台账", FIELD: "现场", AREA: "台区变压器", POINT: "接入点", NEIGHBOUR: "周围的箱"}
_DEGREE: Final = 111_320.0
_MARGIN: Final = 34
_LEAST: Final = 24.0
"""Metres across: closer it is not drawn."""
_NEAR: Final = 9.0
_STEPS: Final = (1, 2, 5)


def metres(spots: Sequence[Spot]) -> list[tuple[float, float]]:
    """Metres east and north of the first point; good enough over a few kilometres."""
    if not spots:
        return []
    first = spots[0]
    east = _DEGREE * cos(radians(first.latitude))
    return [((spot.longitude - first.longitude) * east, (spot.latitude - first.latitude) * _DEGREE) for spot in spots]


def round_length(most: float) -> float:
    """The largest of 1, 2, 5, 10, 20, 50 … metres that is not above ``most``."""
    best, power = 1.0, 1.0
    while power <= most:
        best = max([best, *(step * power for step in _STEPS if step * power <= most)])
        power *= 10
    return best


def said_length(length: float) -> str:
    """12 米, 1.4 公里."""
    return f"{length / 1000:.1f} 公里" if length >= 1000 else f"{length:.0f} 米"


def apart(spots: Sequence[Spot]) -> str:
    """How far field and ledger are from each other, and the field from its transformer; "" where one is unknown."""
    places = dict(zip((spot.role for spot in reversed(spots)), reversed(metres(spots)), strict=True))
    said: list[str] = []
    for first, second, words in ((FIELD, LEDGER, "现场与台账相距"), (FIELD, AREA, "现场距台区变压器"), (LEDGER, AREA, "台账距台区变压器")):
        if first in places and second in places and len(said) < 2 and not (first == LEDGER and said):
            (x, y), (u, v) = places[first], places[second]
            said.append(f"{words} {said_length(hypot(x - u, y - v))}")
    return "，".join(said)


class Snippet(QWidget):
    """Shows points; hovering names them."""

    def __init__(self) -> None:
        super().__init__()
        self.setMinimumHeight(216)
        self.setAccessibleName("位置示意图")
        self.spots: Sequence[Spot] = ()
        self._metres: list[tuple[float, float]] = []
        self._drawn: list[tuple[QPointF, Spot]] = []

    def show_spots(self, spots: Sequence[Spot]) -> None:
        """Shows others; what matters is drawn last, on top."""
        order = (NEIGHBOUR, AREA, POINT, LEDGER, FIELD)
        self.spots = sorted(spots, key=lambda spot: order.index(spot.role) if spot.role in order else 0)
        self._metres = metres(self.spots)
        self.setAccessibleDescription(apart(self.spots) or "，".join(spot.title for spot in self.spots if spot.role != NEIGHBOUR))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(320, 216)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            near = [spot for place, spot in self._drawn if (place - QPointF(event.pos())).manhattanLength() <= _NEAR]
            names = dict.fromkeys(f"{_TITLES.get(spot.role, '')}　{spot.title}" for spot in reversed(near))
            QToolTip.showText(event.globalPos(), "\n".join(names), self)
            return True
        return super().event(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        look = tokens()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QColor(look.line))
        painter.setBrush(QColor(look.alt))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 8, 8)
        if self.spots:
            painter.setClipRect(self.rect().adjusted(1, 1, -1, -1))
            scale = self._place_spots()
            self._grid(painter, scale)
            self._link(painter)
            for place, spot in self._drawn:
                self._spot(painter, place, spot)
            self._names(painter)
            self._scale_bar(painter, scale)
        painter.end()

    def _place_spots(self) -> float:
        """Where each point is drawn; pixels of a metre. The neighbours do not widen the view."""
        meant = [place for place, spot in zip(self._metres, self.spots, strict=True) if spot.role != NEIGHBOUR] or self._metres
        xs, ys = [x for x, _ in meant], [y for _, y in meant]
        wide, high = max(max(xs) - min(xs), _LEAST * 1.6), max(max(ys) - min(ys), _LEAST)
        scale = min((self.width() - 2 * _MARGIN) / wide, (self.height() - 2 * _MARGIN - 18) / high)
        middle = (max(xs) + min(xs)) / 2, (max(ys) + min(ys)) / 2
        centre = QPointF(self.width() / 2, (self.height() - 18) / 2)
        self._drawn = [
            (QPointF(centre.x() + (x - middle[0]) * scale, centre.y() - (y - middle[1]) * scale), spot)
            for (x, y), spot in zip(self._metres, self.spots, strict=True)
        ]
        return scale

    def _grid(self, painter: QPainter, scale: float) -> None:
        step = round_length(self.width() / scale / 4) * scale
        painter.setPen(QPen(QColor(tokens().line), 1, Qt.PenStyle.DotLine))
        centre = QPointF(self.width() / 2, (self.height() - 18) / 2)
        for count in range(-8, 9):
            painter.drawLine(QPointF(centre.x() + count * step, 0), QPointF(centre.x() + count * step, self.height()))
            painter.drawLine(QPointF(0, centre.y() + count * step), QPointF(self.width(), centre.y() + count * step))

    def _link(self, painter: QPainter) -> None:
        """A line from where the ledger has it to where the field has it, and from it to its transformer."""
        places = {spot.role: place for place, spot in reversed(self._drawn)}
        look = tokens()
        start = places.get(FIELD) or places.get(LEDGER)
        for first, second, ink in ((places.get(LEDGER), places.get(FIELD), look.red), (start, places.get(AREA), look.line_hover)):
            if first is not None and second is not None:
                painter.setPen(QPen(QColor(ink), 1.4, Qt.PenStyle.DashLine))
                painter.drawLine(first, second)

    def _spot(self, painter: QPainter, place: QPointF, spot: Spot) -> None:
        look = tokens()
        painter.setPen(QPen(QColor(look.surface), 1.5))
        if spot.role == NEIGHBOUR:
            painter.setBrush(QColor(look.line_hover))
            painter.drawEllipse(place, 3.2, 3.2)
        elif spot.role in {AREA, POINT}:
            painter.setBrush(QColor(look.blue))
            painter.drawRoundedRect(QRectF(place.x() - 9, place.y() - 9, 18, 18), 5, 5)
            sign = "transformer" if spot.role == AREA else "pole"
            paint(painter, sign, QRectF(place.x() - 7, place.y() - 7, 14, 14), look.surface)
        else:
            ink = look.green if spot.role == FIELD else look.red
            painter.setBrush(QColor(ink))
            painter.drawEllipse(place, 6.5, 6.5)
            painter.setBrush(QColor(look.surface))
            painter.setPen(Qt.PenStyle.NoPen)
            painter.drawEllipse(place, 2.2, 2.2)

    def _names(self, painter: QPainter) -> None:
        """Names beside what matters, each where no other is."""
        look = tokens()
        taken: list[QRectF] = []
        painter.setFont(font(12, QFont.Weight.DemiBold))
        metrics = painter.fontMetrics()
        for place, spot in reversed(self._drawn):
            if spot.role == NEIGHBOUR:
                continue
            text = metrics.elidedText("现场" if spot.role == FIELD else spot.title, Qt.TextElideMode.ElideMiddle, 150)
            width = metrics.horizontalAdvance(text) + 6
            tries = [(12, -9), (-12 - width, -9), (-width / 2, -28), (-width / 2, 11)]
            boxes = [QRectF(place.x() + x, place.y() + y, width, 18) for x, y in tries]
            free = [box for box in boxes if QRectF(self.rect()).contains(box) and not any(box.intersects(other) for other in taken)]
            if not free:
                continue
            taken.append(free[0])
            ground = QColor(look.surface)
            ground.setAlpha(205)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(ground)
            painter.drawRoundedRect(free[0], 4, 4)
            painter.setPen(QColor({FIELD: look.green, LEDGER: look.red}.get(spot.role, look.blue)))
            painter.drawText(free[0], Qt.AlignmentFlag.AlignCenter, text)

    def _scale_bar(self, painter: QPainter, scale: float) -> None:
        look = tokens()
        length = round_length(90 / scale)
        right, bottom = self.width() - 12.0, self.height() - 12.0
        left = right - length * scale
        painter.setPen(QPen(QColor(look.text2), 1.5))
        painter.drawLine(QPointF(left, bottom), QPointF(right, bottom))
        for end in (left, right):
            painter.drawLine(QPointF(end, bottom - 4), QPointF(end, bottom))
        painter.setFont(font(11))
        painter.drawText(QRectF(left - 40, bottom - 20, right - left + 40, 16), Qt.AlignmentFlag.AlignRight, said_length(length))
