"""A list of short lines with counts: headings, a dot or a tick before the title, the number at the right."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPen, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from ui.theme.apply import font
from ui.theme.icons import paint
from ui.theme.tokens import tokens

Index = QModelIndex | QPersistentModelIndex
LINE = Qt.ItemDataRole.UserRole + 1
_HIGH, _HEAD = 30, 30
_RIGHT = 16


@dataclass(frozen=True)
class Line:
    """A line: ``level`` colours its dot; ``ticked`` True or False draws a box instead; a heading cannot be chosen."""

    key: str
    title: str
    count: int | None = None
    level: str = ""
    ticked: bool | None = None
    heading: bool = False


class LineList(QListView):
    """Shows lines; which one is current stays when they are shown anew."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self._model = QStandardItemModel(self)
        self.setModel(self._model)
        self.setItemDelegate(_Drawing(self))
        self.setMouseTracking(True)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self.setAccessibleName(name)

    def show_lines(self, lines: Sequence[Line]) -> None:
        """Shows others without telling."""
        present = self.key()
        self.selectionModel().blockSignals(True)
        if [line.key for line in lines] == [line.key for line in self.lines()]:
            for place, line in enumerate(lines):
                self._put(self._model.item(place), line)
        else:
            self._model.clear()
            for line in lines:
                item = QStandardItem()
                self._put(item, line)
                self._model.appendRow(item)
            self.stand_at(present)
        self.selectionModel().blockSignals(False)
        self.viewport().update()

    def lines(self) -> list[Line]:
        """What is shown."""
        return [self._model.item(row).data(LINE) for row in range(self._model.rowCount())]

    def key(self) -> str:
        """Key of the current line; "" when there is none."""
        line = self.currentIndex().data(LINE)
        return line.key if isinstance(line, Line) else ""

    def stand_at(self, key: str) -> None:
        """Makes a line current if it is there."""
        for row, line in enumerate(self.lines()):
            if line.key == key and not line.heading:
                self.setCurrentIndex(self._model.index(row, 0))

    def high(self) -> int:
        """Pixels that all lines need."""
        return sum(_HEAD if line.heading else _HIGH for line in self.lines())

    @staticmethod
    def _put(item: QStandardItem, line: Line) -> None:
        item.setData(line, LINE)
        item.setText(line.title)
        item.setFlags(Qt.ItemFlag.NoItemFlags if line.heading else Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable)
        if not line.heading:
            ticked = {True: "，已选", False: "，未选", None: ""}[line.ticked]
            said = f"{line.title}，{line.count:,} 项{ticked}" if line.count is not None else f"{line.title}{ticked}"
            item.setData(said, Qt.ItemDataRole.AccessibleTextRole)
            item.setToolTip(line.title)


class _Drawing(QStyledItemDelegate):
    """Draws a line."""

    def sizeHint(self, _option: QStyleOptionViewItem, index: Index) -> QSize:
        line = index.data(LINE)
        return QSize(100, _HEAD if isinstance(line, Line) and line.heading else _HIGH)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        line = index.data(LINE)
        if not isinstance(line, Line):
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        place = QRectF(option.rect)
        chosen = bool(option.state & QStyle.StateFlag.State_Selected) and line.ticked is None
        if not line.heading:
            self._ground(painter, option, chosen=chosen)
        left = self._sign(painter, place, line)
        self._words(painter, place.adjusted(left, 4 if line.heading else 0, -_RIGHT, 0), line, chosen=chosen)
        painter.restore()

    @staticmethod
    def _ground(painter: QPainter, option: QStyleOptionViewItem, *, chosen: bool) -> None:
        look, place = tokens(), QRectF(option.rect)
        focus = bool(option.state & QStyle.StateFlag.State_HasFocus and option.state & QStyle.StateFlag.State_Selected)
        painter.setPen(Qt.PenStyle.NoPen)
        if chosen or option.state & QStyle.StateFlag.State_MouseOver:
            painter.setBrush(QColor(look.brand_soft if chosen else look.hover))
            painter.drawRoundedRect(place.adjusted(6, 1, -6, -1), 6, 6)
        if focus:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QColor(look.brand))
            painter.drawRoundedRect(place.adjusted(6.5, 1.5, -6.5, -1.5), 6, 6)

    @staticmethod
    def _sign(painter: QPainter, place: QRectF, line: Line) -> float:
        """The dot or the box; how far to the right the words begin."""
        look = tokens()
        if line.heading:
            return 16
        if line.ticked is not None:
            box = QRectF(place.left() + 16, place.center().y() - 7, 14, 14)
            painter.setPen(QPen(QColor(look.brand if line.ticked else look.line_hover), 1))
            painter.setBrush(QColor(look.brand if line.ticked else look.surface))
            painter.drawRoundedRect(box, 4, 4)
            if line.ticked:
                paint(painter, "check", box.adjusted(1, 1, -1, -1), look.on_brand)
            return 38
        painter.setPen(Qt.PenStyle.NoPen)
        ink = look.brand if line.level == "brand" else look.line_hover if line.level == "neutral" else look.status(line.level)[0]
        painter.setBrush(QColor(ink))
        painter.drawEllipse(QRectF(place.left() + 17, place.center().y() - 3.5, 7, 7))
        return 34

    @staticmethod
    def _words(painter: QPainter, place: QRectF, line: Line, *, chosen: bool) -> None:
        look = tokens()
        count = f"{line.count:,}" if line.count is not None else ""
        weight = QFont.Weight.DemiBold if chosen or line.ticked else QFont.Weight.Normal
        painter.setFont(font(12, weight))
        room = place.adjusted(0, 0, -painter.fontMetrics().horizontalAdvance(count) - 8 if count else 0, 0)
        if count:
            painter.setPen(QColor(look.brand if chosen else look.text2 if line.count else look.text3))
            painter.drawText(place, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, count)
        painter.setFont(font(12 if line.heading else 13, weight))
        quiet = line.count == 0 and not chosen
        painter.setPen(QColor(look.text3 if line.heading or quiet else look.brand if chosen else look.text))
        shown = painter.fontMetrics().elidedText(line.title, Qt.TextElideMode.ElideRight, round(room.width()))
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, shown)
