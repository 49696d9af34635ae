"""The board: lanes from left to right, swimlanes from top to bottom, cards to drag, to choose several of, to move by key."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QFont, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractScrollArea, QFrame

from ui.panes.workorders.cards import Card, action_to, countdown, lane_titles, next_lane
from ui.theme.apply import font
from ui.theme.tokens import tokens

_WIDE: Final = 186
_CARD: Final = 88
_GAP: Final = 8
_HEAD: Final = 40
_SWIM: Final = 30
_DRAG_PX: Final = 8
INKS: Final = {"green": "#2C7A4B", "yellow": "#B98900", "orange": "#C8620B", "red": "#C9352B", "grey": "#8A999F"}


class BoardView(QAbstractScrollArea):
    """Signals: current_changed(order number or ""), moved(numbers, lane), refused(order number, lane), opened(order number)."""

    current_changed = Signal(str)
    moved = Signal(list, int)
    refused = Signal(str, int)
    opened = Signal(str)

    def __init__(self, clock: Any) -> None:
        super().__init__()
        self._clock = clock
        self.cards: Sequence[Card] = ()
        self.selection: set[str] = set()
        self.current = ""
        self._places: dict[str, QRect] = {}
        self._swims: list[tuple[str, int, int]] = []
        self._counts: list[int] = [0] * len(lane_titles())
        self._press: QPoint | None = None
        self._drag_at: QPoint | None = None
        self._wide, self._high = _WIDE, 0
        self.setAccessibleName("工单看板")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.viewport().setMouseTracking(True)
        self._tick = QTimer(self)
        self._tick.setInterval(1000)
        self._tick.timeout.connect(self.viewport().update)
        self._tick.start()

    def show_cards(self, cards: Sequence[Card]) -> None:
        """Shows these; what was chosen stays chosen as far as it is still there."""
        self.cards = cards
        there = {card.number for card in cards}
        self.selection &= there
        if self.current not in there:
            self.current = cards[0].number if cards else ""
            self.selection = {self.current} - {""}
        self._lay_out()
        self._tell()

    def chosen(self) -> list[str]:
        """Numbers of the chosen cards in the order of the board."""
        return [card.number for card in self.cards if card.number in self.selection]

    def card(self, number: str) -> Card | None:
        """One of the cards."""
        return next((card for card in self.cards if card.number == number), None)

    def choose(self, number: str, *, add: bool = False) -> None:
        """Makes a card the current one."""
        self.current = number
        self.selection = self.selection ^ {number} if add else {number}
        place = self._places.get(number)
        if place is not None:
            self._reveal(place)
        self._tell()

    def move_chosen(self, step: int) -> None:
        """Moves the chosen cards to the next lane on a side."""
        card = self.card(self.current)
        lane = next_lane(card.order, step) if card is not None else None
        if card is not None and lane is not None:
            self._ask(lane)
        elif card is not None:
            self.refused.emit(card.number, min(max(card.lane + step, 0), len(self._counts) - 1))

    def sizeHint(self) -> QSize:
        """Wide."""
        return QSize(900, 560)

    def resizeEvent(self, _event: object) -> None:
        self._lay_out()

    def scrollContentsBy(self, _right: int, _down: int) -> None:
        self.viewport().update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        look, shift = tokens(), self._shift()
        whole = self.viewport().rect()
        for lane in range(len(self._counts)):
            ground = QRectF(lane * self._wide - shift.x() + 4, 0, self._wide - 8, max(whole.height(), self._high))
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(look.brand_soft if lane == self._lane_under_drag() else look.grey_soft))
            painter.drawRoundedRect(ground, 8, 8)
        for title, top, count in self._swims:
            self._paint_swim(painter, title, count, top - shift.y())
        now: datetime = self._clock()
        for card in self.cards:
            place = self._places[card.number].translated(-shift)
            if place.intersects(whole):
                self._paint_card(painter, card, QRectF(place), now)
        self._paint_heads(painter, shift)
        if self._drag_at is not None and (card_dragged := self.card(self.current)) is not None:
            painter.setOpacity(0.85)
            ghost = QRectF(QPointF(self._drag_at) - QPointF(60, 20), QSize(self._wide - 20, _CARD - 6))
            self._paint_card(painter, card_dragged, ghost, now)
        painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        number = self._at(event.position().toPoint())
        self._press = event.position().toPoint() if number else None
        if number and (number not in self.selection or event.modifiers() & Qt.KeyboardModifier.ControlModifier):
            self.choose(number, add=bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier))
        elif number:
            self.current = number
            self._tell()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._press is None or not event.buttons() & Qt.MouseButton.LeftButton:
            return
        here = event.position().toPoint()
        if self._drag_at is not None or (here - self._press).manhattanLength() > _DRAG_PX:
            self._drag_at = here
            self.viewport().update()

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:
        lane, dragged = self._lane_under_drag(), self._drag_at is not None
        self._press = self._drag_at = None
        self.viewport().update()
        card = self.card(self.current)
        if dragged and card is not None and 0 <= lane != card.lane:
            self._ask(lane)

    def mouseDoubleClickEvent(self, _event: QMouseEvent) -> None:
        if self.current:
            self.opened.emit(self.current)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0), Qt.Key.Key_Up: (0, -1), Qt.Key.Key_Down: (0, 1)}
        key = Qt.Key(event.key())
        if key in steps and event.modifiers() & Qt.KeyboardModifier.ControlModifier and steps[key][0]:
            self.move_chosen(steps[key][0])
        elif key in steps:
            self._step(*steps[key], add=bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier))
        elif key in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and self.current:
            self.opened.emit(self.current)
        else:
            super().keyPressEvent(event)

    def _ask(self, lane: int) -> None:
        able = [card.number for card in self.cards if card.number in self.selection and action_to(card.order, lane) is not None]
        if able:
            self.moved.emit(able, lane)
        else:
            self.refused.emit(self.current, lane)

    def _step(self, right: int, down: int, *, add: bool) -> None:
        card = self.card(self.current)
        if card is None:
            return
        here = self._places[card.number]
        others = [
            (abs(place.x() - here.x()) * (3 if down else 1) + abs(place.y() - here.y()) * (1 if down else 3), number)
            for number, place in self._places.items()
            if (place.x() - here.x()) * right > 0 or (place.x() == here.x() and (place.y() - here.y()) * down > 0)
        ]
        if others:
            number = min(others)[1]
            if add:
                self.selection.add(number)
                self.current = number
                self._tell()
            else:
                self.choose(number)

    def _lay_out(self) -> None:
        lanes = len(self._counts)
        self._wide = max(_WIDE, self.viewport().width() // lanes)
        self._counts = [sum(card.lane == lane for card in self.cards) for lane in range(lanes)]
        self._places, self._swims, top = {}, [], _HEAD
        for swim in dict.fromkeys(card.swim for card in self.cards):
            inside = [card for card in self.cards if card.swim == swim]
            if swim:
                self._swims.append((swim, top, len(inside)))
                top += _SWIM
            depth = [0] * lanes
            for card in inside:
                self._places[card.number] = QRect(
                    card.lane * self._wide + 10, top + depth[card.lane] * (_CARD + _GAP), self._wide - 20, _CARD
                )
                depth[card.lane] += 1
            top += max(depth) * (_CARD + _GAP)
        self._high = top + _GAP
        self.horizontalScrollBar().setRange(0, max(0, lanes * self._wide - self.viewport().width()))
        self.horizontalScrollBar().setPageStep(self.viewport().width())
        self.verticalScrollBar().setRange(0, max(0, self._high - self.viewport().height()))
        self.verticalScrollBar().setPageStep(self.viewport().height())
        self.verticalScrollBar().setSingleStep(_CARD // 2)
        self.viewport().update()

    def _tell(self) -> None:
        card = self.card(self.current)
        if card is not None:
            told, _colour = countdown(card.order, self._clock())
            self.setAccessibleDescription(f"{card.order.state_title}：{card.order.title}，{card.order.responsible}，{told}")
        self.viewport().update()
        self.current_changed.emit(self.current)

    def _reveal(self, place: QRect) -> None:
        shift, view = self._shift(), self.viewport()
        if place.right() - shift.x() > view.width() or place.left() < shift.x():
            self.horizontalScrollBar().setValue(place.center().x() - view.width() // 2)
        if place.bottom() - shift.y() > view.height() or place.top() - _HEAD < shift.y():
            self.verticalScrollBar().setValue(place.center().y() - view.height() // 2)

    def _shift(self) -> QPoint:
        return QPoint(self.horizontalScrollBar().value(), self.verticalScrollBar().value())

    def _at(self, pixel: QPoint) -> str:
        spot = pixel + self._shift()
        return next((number for number, place in self._places.items() if place.contains(spot)), "") if pixel.y() > _HEAD else ""

    def _lane_under_drag(self) -> int:
        if self._drag_at is None:
            return -1
        lane = (self._drag_at.x() + self._shift().x()) // self._wide
        return lane if 0 <= lane < len(self._counts) else -1

    def _paint_heads(self, painter: QPainter, shift: QPoint) -> None:
        look = tokens()
        painter.fillRect(QRectF(0, 0, self.viewport().width(), _HEAD - 4), QColor(look.bg))
        for lane, title in enumerate(lane_titles()):
            left = lane * self._wide - shift.x() + 14
            painter.setFont(font(13, QFont.Weight.DemiBold))
            painter.setPen(QColor(look.text))
            painter.drawText(QRectF(left, 4, self._wide - 30, 28), int(Qt.AlignmentFlag.AlignVCenter), title)
            wide = painter.fontMetrics().horizontalAdvance(title)
            painter.setFont(font(12))
            painter.setPen(QColor(look.text2))
            painter.drawText(QRectF(left + wide + 8, 4, 60, 28), int(Qt.AlignmentFlag.AlignVCenter), f"{self._counts[lane]:,}")

    def _paint_swim(self, painter: QPainter, title: str, count: int, top: int) -> None:
        look = tokens()
        painter.setPen(QPen(QColor(look.line2), 1))
        painter.drawLine(QPointF(8, top + 1), QPointF(self.viewport().width() - 8, top + 1))
        painter.setFont(font(12, QFont.Weight.DemiBold))
        painter.setPen(QColor(look.brand))
        painter.drawText(QRectF(14, top + 2, 400, _SWIM - 4), int(Qt.AlignmentFlag.AlignVCenter), f"{title}  {count:,}")

    def _paint_card(self, painter: QPainter, card: Card, place: QRectF, now: datetime) -> None:
        look, order = tokens(), card.order
        chosen = card.number in self.selection
        told, colour = countdown(order, now)
        painter.setPen(QPen(QColor(look.brand if chosen else look.line), 1.6 if chosen else 1.0))
        painter.setBrush(QColor(look.surface))
        painter.drawRoundedRect(place, 6, 6)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(INKS[colour]))
        painter.drawRoundedRect(QRectF(place.left() + 8, place.top() + 10, 4, 17), 2, 2)
        inside = place.adjusted(18, 6, -8, 0)
        painter.setFont(font(13, QFont.Weight.DemiBold))
        _write(painter, inside, f"{'督 ' if order.urgent else ''}{order.title}", look.red if order.urgent else look.text)
        painter.setFont(font(12))
        _write(painter, inside.adjusted(0, 21, 0, 0), f"{order.order_no} · {order.kind_title}", look.text2)
        done = sum(bool(task.done_at) for task in order.tasks)
        _write(
            painter,
            inside.adjusted(0, 41, 0, 0),
            f"{order.responsible}{' 等' if order.helpers else ''}　任务 {done}/{len(order.tasks)}",
            look.text2,
        )
        _write(painter, inside.adjusted(0, 60, 0, 0), told, INKS[colour] if colour != "grey" else look.text3)


def _write(painter: QPainter, place: QRectF, text: str, ink: str) -> None:
    painter.setPen(QColor(ink))
    line = QRectF(place.left(), place.top(), place.width(), 20)
    shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, int(place.width()))
    painter.drawText(line, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter), shown)
