"""The tick list of a header filter: values with their counts."""

from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionButton, QStyleOptionViewItem

from lvdesk.kit.table import Values
from ui.theme.tokens import tokens

Index = QModelIndex | QPersistentModelIndex
EMPTY = "（空白）"
_NOTHING = QModelIndex()
_COUNT = Qt.ItemDataRole.UserRole + 1


class ValuesModel(QAbstractListModel):
    """Values one can tick. ``ticked_changed`` comes after every change of ticks."""

    ticked_changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._values: list[tuple[str, int]] = []
        self._ticked: set[str] = set()

    def show_values(self, values: Values, ticked: set[str] | None) -> None:
        """Shows values; ``ticked`` None ticks all of them."""
        self.beginResetModel()
        self._values = list(values)
        self._ticked = {value for value, _count in values} if ticked is None else set(ticked)
        self.endResetModel()
        self.ticked_changed.emit()

    def ticked(self) -> tuple[str, ...]:
        """The ticked values, in shown order."""
        return tuple(value for value, _count in self._values if value in self._ticked)

    def everything(self) -> bool:
        """Whether all values shown are ticked."""
        return all(value in self._ticked for value, _count in self._values)

    def tick_all(self, *, on: bool) -> None:
        """Ticks or clears all."""
        self.show_values(self._values, None if on else set())

    def toggle(self, index: Index) -> None:
        """Turns one tick over."""
        if index.isValid():
            self.setData(index, not self.data(index, Qt.ItemDataRole.CheckStateRole).value, Qt.ItemDataRole.CheckStateRole)

    def rowCount(self, parent: Index = _NOTHING) -> int:
        return 0 if parent.isValid() else len(self._values)

    def flags(self, index: Index) -> Qt.ItemFlag:
        found = super().flags(index)
        return found | Qt.ItemFlag.ItemIsUserCheckable if index.isValid() else found

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        value, count = self._values[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return value or EMPTY
        if role == Qt.ItemDataRole.CheckStateRole:
            return Qt.CheckState.Checked if value in self._ticked else Qt.CheckState.Unchecked
        if role == _COUNT:
            return count
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{value or EMPTY}，{count} 行"
        return None

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        if not index.isValid() or role != Qt.ItemDataRole.CheckStateRole:
            return False
        on = value not in (Qt.CheckState.Unchecked, 0, False)
        text = self._values[index.row()][0]
        (self._ticked.add if on else self._ticked.discard)(text)
        self.dataChanged.emit(index, index, [int(Qt.ItemDataRole.CheckStateRole)])
        self.ticked_changed.emit()
        return True


class ValueDelegate(QStyledItemDelegate):
    """A tick box, the value, its count at the right."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        look = tokens()
        painter.save()
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(option.rect, QColor(look.brand_soft))
        box = QStyleOptionButton()
        box.rect = QRect(option.rect.left() + 6, option.rect.center().y() - 8, 18, 18)
        checked = index.data(Qt.ItemDataRole.CheckStateRole) == Qt.CheckState.Checked
        box.state = QStyle.StateFlag.State_Enabled | (QStyle.StateFlag.State_On if checked else QStyle.StateFlag.State_Off)
        option.widget.style().drawPrimitive(QStyle.PrimitiveElement.PE_IndicatorCheckBox, box, painter, option.widget)
        count = f"{index.data(_COUNT):,}"
        width = option.fontMetrics.horizontalAdvance(count)
        room = option.rect.adjusted(32, 0, -width - 18, 0)
        text = str(index.data(Qt.ItemDataRole.DisplayRole))
        painter.setPen(QColor(look.text))
        painter.drawText(
            room, int(Qt.AlignmentFlag.AlignVCenter), option.fontMetrics.elidedText(text, Qt.TextElideMode.ElideMiddle, room.width())
        )
        painter.setPen(QColor(look.text3))
        painter.drawText(option.rect.adjusted(0, 0, -8, 0), int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight), count)
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(super().sizeHint(option, index).width(), 28)
