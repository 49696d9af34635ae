"""Which column of the sheet is which field: recognised, and open to correction."""

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import QAbstractItemModel, QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QCompleter,
    QFrame,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from lvdesk.ledger.model import ColumnMatch
from ui.delegates.cell import CellDelegate
from ui.models.table_model import TableRole
from ui.panes.ledger.report_tables import HOW
from ui.theme.icons import paint
from ui.theme.tokens import tokens
from ui.widgets.header import FilterHeader

Index = QModelIndex | QPersistentModelIndex
_NOTHING = QModelIndex()
_TITLES = ("列", "表头", "对应字段", "把握")
_FIELD, _TRUST = 2, 3
UNUSED = "（不使用此列）"
_SURE = 0.9


class MappingModel(QAbstractTableModel):
    """Signals: mapped({column index: field}) after a person changed one."""

    mapped = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._columns: tuple[ColumnMatch, ...] = ()
        self.fields: tuple[tuple[str, str], ...] = ()
        self.editing = True

    def show_mapping(self, columns: Sequence[ColumnMatch], fields: Sequence[tuple[str, str]]) -> None:
        """Shows a recognition; ``fields`` are those to choose from."""
        self.beginResetModel()
        self._columns, self.fields = tuple(columns), tuple(fields)
        self.endResetModel()

    def mapping(self) -> Mapping[int, str]:
        """The columns in use: index -> field."""
        return {each.index: each.field for each in self._columns if each.field}

    def rowCount(self, parent: Index = _NOTHING) -> int:
        return 0 if parent.isValid() else len(self._columns)

    def columnCount(self, parent: Index = _NOTHING) -> int:
        return 0 if parent.isValid() else len(_TITLES)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole and 0 <= section < len(_TITLES):
            return _TITLES[section]
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        found = super().flags(index)
        return found | Qt.ItemFlag.ItemIsEditable if self.editing and index.column() == _FIELD else found

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        match = self._columns[index.row()]
        if role in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole}:
            trust = f"{match.score:.0%}  {HOW.get(match.how, match.how)}" if match.field else HOW[""]
            return (match.letter, match.header, match.field_title if match.field else UNUSED, trust)[index.column()]
        if role == Qt.ItemDataRole.EditRole:
            return match.field if index.column() == _FIELD else None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        if role == TableRole.LOADING:
            return not match.field and index.column() >= _FIELD
        if role == TableRole.KIND:
            return "text"
        return match.score if role == Qt.ItemDataRole.UserRole else None

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        if role != Qt.ItemDataRole.EditRole or index.column() != _FIELD or not index.isValid():
            return False
        match = self._columns[index.row()]
        if value == match.field:
            return False
        mapping = {column: field for column, field in self.mapping().items() if field != value and column != match.index}
        if value:
            mapping[match.index] = str(value)
        self.mapped.emit(mapping)
        return True


class MappingTable(QTableView):
    """One line per column; Enter, F2 or a click on a field opens the choice, typing searches in it."""

    def __init__(self) -> None:
        super().__init__()
        self.setHorizontalHeader(FilterHeader(self))
        self.setShowGrid(False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(34)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setTabKeyNavigation(False)
        self.setEditTriggers(
            QAbstractItemView.EditTrigger.CurrentChanged
            | QAbstractItemView.EditTrigger.EditKeyPressed
            | QAbstractItemView.EditTrigger.AnyKeyPressed
            | QAbstractItemView.EditTrigger.SelectedClicked
            | QAbstractItemView.EditTrigger.DoubleClicked
        )
        self.mapping = MappingModel(self)
        self.setModel(self.mapping)
        self.setItemDelegate(_FieldDelegate(self))
        self.horizontalHeader().setStretchLastSection(True)
        self.setAccessibleName("列与字段的对应")
        for place, width in enumerate((52, 200, 280, 160)):
            self.setColumnWidth(place, width)


class _FieldDelegate(CellDelegate):
    """Paints as a table cell, with a chevron on the field and a bar for how sure the match is."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        super().paint(painter, option, index)
        look = tokens()
        if index.column() == _FIELD and index.flags() & Qt.ItemFlag.ItemIsEditable:
            place = QRectF(option.rect.right() - 24, option.rect.center().y() - 6, 13, 13)
            paint(painter, "chevron-down", place, look.text3)
        elif index.column() == _TRUST and not index.data(TableRole.LOADING):
            score = float(index.data(Qt.ItemDataRole.UserRole) or 0)
            painter.save()
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            width = 72
            place = QRectF(option.rect.right() - 12 - width, option.rect.center().y() - 2, width, 5)
            if place.left() > option.rect.left() + 130:
                painter.setBrush(QColor(look.pressed))
                painter.drawRoundedRect(place, 2.5, 2.5)
                place.setWidth(width * score)
                painter.setBrush(QColor(look.brand if score >= _SURE else look.badge))
                painter.drawRoundedRect(place, 2.5, 2.5)
            painter.restore()

    def createEditor(self, parent: QWidget, _option: QStyleOptionViewItem, index: Index) -> QWidget:
        combo = QComboBox(parent)
        combo.setEditable(True)
        combo.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        combo.setAccessibleName(f"列 {index.sibling(index.row(), 0).data()} 对应的字段")
        model = index.model()
        combo.addItem(UNUSED, "")
        for key, title in model.fields if isinstance(model, MappingModel) else ():
            combo.addItem(title, key)
        finder = combo.completer()
        if finder is not None:
            finder.setFilterMode(Qt.MatchFlag.MatchContains)
            finder.setCompletionMode(QCompleter.CompletionMode.PopupCompletion)
        combo.activated.connect(lambda _place: self._finish(combo))
        return combo

    def setEditorData(self, editor: QWidget, index: Index) -> None:
        if isinstance(editor, QComboBox):
            editor.setCurrentIndex(max(editor.findData(index.data(Qt.ItemDataRole.EditRole)), 0))
            line = editor.lineEdit()
            if line is not None:
                line.selectAll()

    def setModelData(self, editor: QWidget, model: QAbstractItemModel, index: Index) -> None:
        if isinstance(editor, QComboBox):
            place = editor.findText(editor.currentText())
            if place >= 0:
                model.setData(index, editor.itemData(place), Qt.ItemDataRole.EditRole)

    def _finish(self, combo: QComboBox) -> None:
        self.commitData.emit(combo)
        self.closeEditor.emit(combo, QStyledItemDelegate.EndEditHint.NoHint)
