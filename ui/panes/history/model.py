"""Models over plain lines: the list of entries, which loads on as one scrolls, and tables of texts."""

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QAbstractListModel, QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

Index = QModelIndex | QPersistentModelIndex


class EntriesModel(QAbstractListModel):
    """Journal entries; ``wants_more`` is emitted when the view reaches the end of what is loaded."""

    wants_more = Signal(int)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._entries: list[Any] = []
        self._more: int | None = None

    def start(self, entries: Sequence[Any], more: int | None) -> None:
        """Replaces everything."""
        self.beginResetModel()
        self._entries, self._more = list(entries), more
        self.endResetModel()

    def extend(self, entries: Sequence[Any], more: int | None) -> None:
        """Adds the next page."""
        if entries:
            self.beginInsertRows(QModelIndex(), len(self._entries), len(self._entries) + len(entries) - 1)
            self._entries.extend(entries)
            self.endInsertRows()
        self._more = more

    def entries(self) -> Sequence[Any]:
        """What is loaded."""
        return self._entries

    def row_of(self, entry_id: int) -> int:
        """The row of an entry, -1 when it is not loaded."""
        return next((row for row, entry in enumerate(self._entries) if entry.id == entry_id), -1)

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._entries)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        entry = self._entries[index.row()]
        if role == Qt.ItemDataRole.UserRole:
            return entry
        if role == Qt.ItemDataRole.DisplayRole:
            return entry.label
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{entry.label}，{entry.person}，{entry.at}，{entry.summary}"
        return None

    def canFetchMore(self, parent: Index) -> bool:
        return not parent.isValid() and self._more is not None

    def fetchMore(self, _parent: Index) -> None:
        if self._more is not None:
            start, self._more = self._more, None
            self.wants_more.emit(start)


class TextTable(QAbstractTableModel):
    """Rows of objects with named texts as a table; the whole text is the tooltip."""

    def __init__(self, columns: Sequence[tuple[str, Callable[[Any], str]]], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._columns = columns
        self._rows: Sequence[Any] = ()

    def show(self, rows: Sequence[Any]) -> None:
        """Replaces all rows."""
        self.beginResetModel()
        self._rows = rows
        self.endResetModel()

    def at(self, row: int) -> Any:
        """The object in a row, None outside."""
        return self._rows[row] if 0 <= row < len(self._rows) else None

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if index.isValid() and role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return self._columns[index.column()][1](self._rows[index.row()])
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self._columns[section][0]
        return None
