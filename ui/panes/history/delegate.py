"""Draws one journal entry: who, what, when, how much; taken back ones are struck through."""

from datetime import date

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from ui.moments import said
from ui.theme.apply import font
from ui.theme.tokens import tokens

_HEIGHT = 62
_CENTRE = Qt.AlignmentFlag.AlignVCenter


class EntryDelegate(QStyledItemDelegate):
    """Two lines beside the person's initial."""

    def __init__(self, today: date, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._today = today

    def sizeHint(self, _option: QStyleOptionViewItem, _index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(200, _HEIGHT)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> None:
        entry = index.data(Qt.ItemDataRole.UserRole)
        look = tokens()
        place = QRectF(option.rect)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(place, QColor(look.brand_soft))
            painter.fillRect(QRectF(place.left(), place.top(), 3, place.height()), QColor(look.brand))
        elif option.state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(place, QColor(look.alt))
        painter.setPen(QPen(QColor(look.line), 1))
        painter.drawLine(place.bottomLeft(), place.bottomRight())
        self._initial(painter, place, entry.person)
        left, right = place.left() + 58, place.right() - 14
        moment = said(entry.at, self._today)
        painter.setFont(font(12))
        painter.setPen(QColor(look.text3))
        width = painter.fontMetrics().horizontalAdvance(moment)
        painter.drawText(QRectF(right - width, place.top() + 10, width + 2, 20), _CENTRE, moment)
        self._title(painter, QRectF(left, place.top() + 10, right - width - left - 10, 20), entry.label, undone=entry.undone)
        painter.setFont(font(12))
        painter.setPen(QColor(look.text2))
        line = f"{entry.person} · {entry.summary}" + ("　已撤销" if entry.undone else "")
        shown = painter.fontMetrics().elidedText(line, Qt.TextElideMode.ElideRight, round(right - left))
        painter.drawText(QRectF(left, place.top() + 31, right - left, 20), _CENTRE, shown)
        painter.restore()

    def _title(self, painter: QPainter, room: QRectF, title: str, *, undone: bool) -> None:
        face = font(13, QFont.Weight.DemiBold)
        face.setStrikeOut(undone)
        painter.setFont(face)
        painter.setPen(QColor(tokens().text3 if undone else tokens().text))
        painter.drawText(room, _CENTRE, painter.fontMetrics().elidedText(title, Qt.TextElideMode.ElideRight, round(room.width())))

    def _initial(self, painter: QPainter, place: QRectF, person: str) -> None:
        circle = QRectF(place.left() + 14, place.center().y() - 16, 32, 32)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(tokens().brand_soft))
        painter.drawEllipse(circle)
        painter.setPen(QColor(tokens().brand))
        painter.setFont(font(13, QFont.Weight.DemiBold))
        painter.drawText(circle, Qt.AlignmentFlag.AlignCenter, person[:1].upper() or "？")
