"""The values of one record: field, value, owner."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHeaderView, QTableView

from lvdesk.kit.table import Cell
from ui.delegates.cell import CellDelegate
from ui.models.table_model import TableRole
from ui.widgets.header import FilterHeader

if TYPE_CHECKING:
    from lvdesk.network.records import FieldValue

Index = QModelIndex | QPersistentModelIndex
_NOTHING = QModelIndex()
_TITLES = ("字段", "值", "归属")


class FieldModel(QAbstractTableModel):
    """Filled fields first come in the dictionary's order, empty ones after them."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.fields: tuple[FieldValue, ...] = ()

    def show_fields(self, fields: "Sequence[FieldValue]") -> None:
        """Shows a record's fields."""
        self.beginResetModel()
        self.fields = (
            *(each for each in fields if each.value or each.others),
            *(each for each in fields if not each.value and not each.others),
        )
        self.endResetModel()

    def rowCount(self, parent: Index = _NOTHING) -> int:
        return 0 if parent.isValid() else len(self.fields)

    def columnCount(self, parent: Index = _NOTHING) -> int:
        return 0 if parent.isValid() else len(_TITLES)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole and 0 <= section < len(_TITLES):
            return _TITLES[section]
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        each, place = self.fields[index.row()], index.column()
        if role in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole}:
            return (each.title, each.value or "—", each.owner_title.removesuffix("系统"))[place]
        if role == Qt.ItemDataRole.ToolTipRole:
            return each.value if place == 1 else None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        if role == TableRole.KIND:
            return "code" if each.kind == "code" and place == 1 else "text"
        if role == TableRole.LOADING:
            return place != 1 or not each.value
        if role == TableRole.MARK and place == 1 and each.others:
            return Cell("warning", f"另有来源给出：{'、'.join(each.others)}")
        return None


class FieldTable(QTableView):
    """Signals: chosen(FieldValue or None)."""

    chosen = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.setHorizontalHeader(FilterHeader(self))
        self.fields = FieldModel(self)
        self.setModel(self.fields)
        self.setItemDelegate(CellDelegate(self))
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(30)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTabKeyNavigation(False)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName("字段的值和归属")
        head = self.horizontalHeader()
        head.setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        self.setColumnWidth(0, 104)
        self.setColumnWidth(2, 60)
        self.selectionModel().currentRowChanged.connect(self._tell)

    def show_fields(self, fields: "Sequence[FieldValue]") -> None:
        """Shows a record's fields and stays at the field that was current."""
        present = self.fields.fields[self.currentIndex().row()].key if self.currentIndex().isValid() else ""
        self.fields.show_fields(fields)
        places = [place for place, each in enumerate(self.fields.fields) if each.key == present] or [0]
        if self.fields.fields:
            self.setCurrentIndex(self.fields.index(places[0], 1))
        self._tell()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy) and self.currentIndex().isValid():
            QGuiApplication.clipboard().setText(self.fields.fields[self.currentIndex().row()].value)
        else:
            super().keyPressEvent(event)

    def _tell(self) -> None:
        index = self.currentIndex()
        self.viewport().update()
        self.chosen.emit(self.fields.fields[index.row()] if index.isValid() else None)
