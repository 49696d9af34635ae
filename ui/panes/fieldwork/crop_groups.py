"""The fields that have crops to decide, each with how many are left."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from lvdesk.fieldwork.scan_model import CropGroup
from ui.theme.apply import font
from ui.theme.icons import paint as paint_icon
from ui.theme.tokens import tokens

_WIDE, _HIGH = 208, 38
_TITLE, _LEFT_OVER, _KIND = Qt.ItemDataRole.UserRole + 1, Qt.ItemDataRole.UserRole + 2, Qt.ItemDataRole.UserRole + 3
_ICONS: Final = {"tick": "check", "comb": "keyboard", "cell": "edit"}


class CropGroups(QListWidget):
    """A list of fields; its current row is the one on the wall.

    Attributes:
        groups: what is listed.
    """

    def __init__(self) -> None:
        super().__init__()
        self.groups: Sequence[CropGroup] = ()
        self.setObjectName("cropGroups")
        self.setAccessibleName("待判读的栏目")
        self.setFixedWidth(_WIDE)
        self.setItemDelegate(_Delegate(self))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def show_groups(self, groups: Sequence[CropGroup], key: str) -> None:
        """Lists other fields; the current row is that of ``key`` or the first. Nobody is told."""
        self.groups = groups
        self.blockSignals(True)
        self.clear()
        for group in groups:
            item = QListWidgetItem()
            item.setData(_TITLE, group.title)
            item.setData(_KIND, group.kind)
            self.addItem(item)
        keys = [group.key for group in groups]
        self.setCurrentRow(keys.index(key) if key in keys else 0)
        self.blockSignals(False)
        for row, group in enumerate(groups):
            self._count(row, group.waiting)

    def group(self) -> CropGroup | None:
        """The present field."""
        return self.groups[self.currentRow()] if 0 <= self.currentRow() < len(self.groups) else None

    def count_down(self, left: int) -> None:
        """How many crops of the present field are left."""
        if self.group() is not None:
            self._count(self.currentRow(), left)

    def following(self) -> CropGroup | None:
        """The next field with something left, None when there is no other."""
        row = self._next()
        return self.groups[row] if row is not None else None

    def turn(self, step: int) -> None:
        """To the next or previous field."""
        if self.groups:
            self.setCurrentRow((self.currentRow() + step) % len(self.groups))

    def turn_on(self) -> None:
        """To the next field with something left."""
        row = self._next()
        if row is not None:
            self.setCurrentRow(row)

    def _next(self) -> int | None:
        rows = [(self.currentRow() + offset) % len(self.groups) for offset in range(1, len(self.groups))]
        return next((row for row in rows if self.item(row).data(_LEFT_OVER)), None)

    def _count(self, row: int, left: int) -> None:
        item, title = self.item(row), self.groups[row].title
        item.setData(_LEFT_OVER, left)
        words = f"{title}：{left:,} 格等待判读" if left else f"{title}：判完了"
        item.setToolTip(words)
        item.setData(Qt.ItemDataRole.AccessibleTextRole, words)


class _Delegate(QStyledItemDelegate):
    """Kind, title, count."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)

    def sizeHint(self, _option: QStyleOptionViewItem, _index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(0, _HIGH)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> None:
        look = tokens()
        rect, state = QRectF(option.rect), option.state
        chosen, hovered = bool(state & QStyle.StateFlag.State_Selected), bool(state & QStyle.StateFlag.State_MouseOver)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if chosen or hovered:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(look.brand_soft if chosen else look.hover))
            painter.drawRoundedRect(rect.adjusted(0, 1, 0, -1), 6, 6)
        paint_icon(painter, _ICONS[index.data(_KIND)], QRectF(rect.left() + 9, rect.center().y() - 8, 16, 16), look.text2)
        left = index.data(_LEFT_OVER) or 0
        number = f"{left:,}"
        face = font(12)
        wide = QFontMetricsF(face).horizontalAdvance(number) + 16
        end = QRectF(rect.right() - wide - 6, rect.center().y() - 9, wide, 18)
        if left:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(look.amber_soft))
            painter.drawRoundedRect(end, 9, 9)
            painter.setFont(face)
            painter.setPen(QColor(look.amber))
            painter.drawText(end, Qt.AlignmentFlag.AlignCenter, number)
        else:
            paint_icon(painter, "check", QRectF(rect.right() - 24, rect.center().y() - 7, 14, 14), look.green)
        words = QRectF(rect.left() + 32, rect.top(), end.left() - rect.left() - 38, rect.height())
        bold = font(13, QFont.Weight.DemiBold if chosen else QFont.Weight.Normal)
        painter.setFont(bold)
        painter.setPen(QColor(look.text))
        title = QFontMetricsF(bold).elidedText(str(index.data(_TITLE)), Qt.TextElideMode.ElideMiddle, words.width())
        painter.drawText(words, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, title)
        painter.restore()
