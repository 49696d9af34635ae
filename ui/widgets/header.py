"""The head of a large table: title, order with its number, filter sign; the row numbers at the left."""

from PySide6.QtCore import QEvent, QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QContextMenuEvent, QFont, QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import QHeaderView, QTableView, QWidget

from ui.theme.apply import font
from ui.theme.icons import paint
from ui.theme.tokens import tokens

HEIGHT = 36
_PAD = 10
_SIGN = 16
_GRIP = 5


class FilterHeader(QHeaderView):
    """Columns' heads.

    Attributes:
        sort_asked: (section, keep the other orders).
        filter_asked: section.
        menu_asked: (section, global position).
    """

    sort_asked = Signal(int, bool)
    filter_asked = Signal(int)
    menu_asked = Signal(int, QPoint)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.setSectionsClickable(False)
        self.setHighlightSections(False)
        self.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.setMinimumSectionSize(48)
        self.setResizeContentsPrecision(0)
        self.setMouseTracking(True)
        self.setAccessibleName("表头")
        self._orders: dict[int, tuple[int, bool]] = {}
        self._filtered: set[int] = set()
        self._hovered = -1
        self._pressed: tuple[int, bool] | None = None

    def show_query(self, orders: dict[int, tuple[int, bool]], filtered: set[int]) -> None:
        """Marks sorted sections (section -> (rank from 1, descending)) and filtered ones."""
        self._orders, self._filtered = orders, filtered
        self.viewport().update()

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), HEIGHT)

    def filter_rect(self, section: int) -> QRect:
        """Where the filter sign of a section is, in the header's own coordinates."""
        right = self.sectionViewportPosition(section) + self.sectionSize(section)
        return QRect(right - _SIGN - 8, (self.height() - _SIGN) // 2, _SIGN, _SIGN)

    def paintSection(self, painter: QPainter, rect: QRect, logicalIndex: int) -> None:
        look = tokens()
        painter.save()
        painter.fillRect(rect, QColor(look.hover if logicalIndex == self._hovered else look.header))
        painter.setPen(QPen(QColor(look.line), 1))
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())
        painter.drawLine(rect.right(), rect.top() + 10, rect.right(), rect.bottom() - 10)
        room = rect.adjusted(_PAD, 0, -6, 0)
        if logicalIndex in self._filtered or logicalIndex == self._hovered:
            active = logicalIndex in self._filtered
            place = QRectF(rect.right() - _SIGN - 7, rect.center().y() - _SIGN / 2 + 0.5, _SIGN, _SIGN)
            paint(painter, "filter", place, look.brand if active else look.text3)
            room.setRight(int(place.left()) - 4)
        if logicalIndex in self._orders:
            self._paint_order(painter, room, *self._orders[logicalIndex])
        painter.setFont(font(12, QFont.Weight.DemiBold))
        marked = logicalIndex in self._filtered or logicalIndex in self._orders
        painter.setPen(QColor(look.brand if marked else look.text2))
        title = str(self.model().headerData(logicalIndex, Qt.Orientation.Horizontal) or "")
        shown = painter.fontMetrics().elidedText(title, Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), shown)
        painter.restore()

    def _paint_order(self, painter: QPainter, room: QRect, rank: int, descending: bool) -> None:
        look = tokens()
        if len(self._orders) > 1:
            painter.setFont(font(11))
            painter.setPen(QColor(look.brand))
            painter.drawText(room, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight), str(rank))
            room.setRight(room.right() - 9)
        place = QRectF(room.right() - 14, room.center().y() - 7, 14, 14)
        paint(painter, "sort-down" if descending else "sort-up", place, look.brand)
        room.setRight(int(place.left()) - 3)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        section = self.logicalIndexAt(event.position().toPoint())
        if event.button() != Qt.MouseButton.LeftButton or section < 0 or self._on_grip(event.position().toPoint()):
            self._pressed = None
            super().mousePressEvent(event)
            return
        self._pressed = (section, bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        pressed, self._pressed = self._pressed, None
        place = event.position().toPoint()
        if pressed is None:
            super().mouseReleaseEvent(event)
        elif self.logicalIndexAt(place) == pressed[0]:
            if self.filter_rect(pressed[0]).adjusted(-4, -8, 6, 8).contains(place):
                self.filter_asked.emit(pressed[0])
            else:
                self.sort_asked.emit(*pressed)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._hover(self.logicalIndexAt(event.position().toPoint()))
        if self._pressed is None:
            super().mouseMoveEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        self._hover(-1)
        super().leaveEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        section = self.logicalIndexAt(event.pos())
        if section >= 0:
            self.menu_asked.emit(section, event.globalPos())

    def _hover(self, section: int) -> None:
        if section != self._hovered:
            self._hovered = section
            self.viewport().update()

    def _on_grip(self, place: QPoint) -> bool:
        section = self.logicalIndexAt(place)
        left = self.sectionViewportPosition(section)
        right = left + self.sectionSize(section)
        return right - place.x() <= _GRIP or (self.visualIndex(section) > 0 and place.x() - left <= _GRIP - 2)


class RowHeader(QHeaderView):
    """Row numbers; the current row carries a bar in the brand colour."""

    def __init__(self, parent: QTableView) -> None:
        super().__init__(Qt.Orientation.Vertical, parent)
        self.setSectionsClickable(True)
        self.setHighlightSections(False)
        self.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.setAccessibleName("行号")
        self._table = parent

    def sizeHint(self) -> QSize:
        digits = max(3, len(str(self.count())))
        return QSize(self.fontMetrics().horizontalAdvance("0") * digits + 22, super().sizeHint().height())

    def paintSection(self, painter: QPainter, rect: QRect, logicalIndex: int) -> None:
        look = tokens()
        current = self._table.currentIndex()
        here = current.isValid() and current.row() == logicalIndex
        painter.save()
        painter.fillRect(rect, QColor(look.brand_soft if here else look.alt if logicalIndex % 2 else look.surface))
        painter.setPen(QPen(QColor(look.line), 1))
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())
        if here:
            painter.fillRect(QRect(rect.left(), rect.top(), 3, rect.height()), QColor(look.brand))
        painter.setFont(font(12))
        painter.setPen(QColor(look.brand if here else look.text3))
        side = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight)
        painter.drawText(rect.adjusted(6, 0, -10, 0), side, str(logicalIndex + 1))
        painter.restore()
