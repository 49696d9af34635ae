"""The model under every large table: ids of all rows, pages of those on screen."""

from array import array
from enum import Enum, IntEnum
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from lvdesk.kit.table import Cell, Column, Query, Row
from ui.jobs import Jobs
from ui.models.pages import Pages
from ui.models.source import CellEdit, Source

Index = QModelIndex | QPersistentModelIndex
LOADING_TEXT = "…"
_NOTHING = QModelIndex()
_RIGHT = frozenset({"number", "integer", "coordinate", "longitude", "latitude"})
_LEVELS = {"error": "错误", "warning": "提醒", "healed": "已治愈", "info": "说明"}


class TableRole(IntEnum):
    """What delegates ask besides the text."""

    MARK = Qt.ItemDataRole.UserRole + 1
    KIND = Qt.ItemDataRole.UserRole + 2
    ID = Qt.ItemDataRole.UserRole + 3
    LOADING = Qt.ItemDataRole.UserRole + 4


class State(Enum):
    """What the table can show."""

    NO_SOURCE = "no_source"
    LOADING = "loading"
    READY = "ready"
    FAILED = "failed"


class TableModel(QAbstractTableModel):
    """Rows of a ``Source`` under a ``Query``, in the columns chosen.

    Attributes:
        state_changed: ``state``, ``error`` or the number of rows is another.
        edited: someone typed into a cell (``CellEdit``); the text stays shown until ``settle`` or the next reload.
    """

    state_changed = Signal()
    edited = Signal(object)

    def __init__(self, jobs: Jobs, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._jobs = jobs
        self._source: Source | None = None
        self._columns: tuple[Column, ...] = ()
        self._places: tuple[int, ...] = ()
        self._ids: array[int] = array("q")
        self._query = Query()
        self._asked = 0
        self._typed: dict[tuple[int, str], str] = {}
        self._judged: dict[tuple[int, str], Cell] = {}
        self.state = State.NO_SOURCE
        self.error: Exception | None = None
        self.total: int | None = None
        self.editing = True
        self._pages = Pages(jobs, self)
        self._pages.arrived.connect(self._arrived)
        self._pages.failed.connect(self._failed)

    # what it shows

    @property
    def source(self) -> Source | None:
        """Where the rows come from."""
        return self._source

    @property
    def query(self) -> Query:
        """The question in force."""
        return self._query

    @property
    def ids(self) -> "array[int]":
        """Ids of all rows, in order; not to be changed."""
        return self._ids

    @property
    def columns(self) -> tuple[Column, ...]:
        """The columns shown, in order."""
        return self._columns

    def set_source(self, source: Source | None, query: Query | None = None) -> None:
        """Shows other rows; columns are all of the source's until ``set_columns``."""
        self._source, self._query = source, query or Query()
        self.total = None
        self.beginResetModel()
        self._ids = array("q")
        self._pages.reset(None, self._ids)
        self._typed.clear()
        self._judged.clear()
        self._choose(tuple(column.key for column in source.columns) if source else ())
        self.endResetModel()
        self.reload()

    def set_columns(self, keys: tuple[str, ...]) -> None:
        """Shows these columns, in this order; unknown keys are passed over."""
        self.beginResetModel()
        self._choose(keys)
        self.endResetModel()

    def set_query(self, query: Query) -> None:
        """Asks for other rows; the present ones stay until the answer comes."""
        self._query = query
        self.reload()

    def reload(self) -> None:
        """Reads the ids again, e.g. after a change."""
        self._asked += 1
        source, query, asked = self._source, self._query, self._asked
        if source is None:
            self._set_state(State.NO_SOURCE)
            return

        def take(ids: "array[int]") -> None:
            if asked == self._asked:
                self._take(ids)

        def fail(error: Exception) -> None:
            if asked == self._asked:
                self._failed(error)

        self._set_state(State.LOADING)
        self._jobs.read(lambda: source.ids(query), take, fail)

    def row(self, index: int) -> Row | None:
        """The row at ``index`` if it is here; orders it otherwise."""
        return self._pages.row(index) if 0 <= index < len(self._ids) else None

    def text(self, row: Row, column: int) -> str:
        """The stored text of a cell in shown column ``column``."""
        return row.values[self._places[column]]

    def row_of(self, identity: int) -> int | None:
        """Where the row with this id stands."""
        try:
            return self._ids.index(identity)
        except ValueError:
            return None

    def column_of(self, key: str) -> int | None:
        """Where the column with this key stands among those shown."""
        return next((place for place, column in enumerate(self._columns) if column.key == key), None)

    def settle(self, edit: CellEdit, problem: Cell | None = None) -> None:
        """Ends the wait for an edit: with a ``problem`` its text stays, marked; without, the next reload shows what is stored."""
        key = edit.id, edit.column
        if problem is not None:
            self._judged[key] = problem
        else:
            self._judged.pop(key, None)
        row, column = self.row_of(edit.id), self.column_of(edit.column)
        if row is not None and column is not None:
            place = self.index(row, column)
            self.dataChanged.emit(place, place)

    # Qt's questions

    def rowCount(self, parent: Index = _NOTHING) -> int:
        return 0 if parent.isValid() else len(self._ids)

    def columnCount(self, parent: Index = _NOTHING) -> int:
        return 0 if parent.isValid() else len(self._columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        column = self._columns[index.column()]
        if role == TableRole.KIND:
            return column.kind
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if column.kind in _RIGHT else Qt.AlignmentFlag.AlignLeft
            return side | Qt.AlignmentFlag.AlignVCenter
        if role == TableRole.ID:
            return self._ids[index.row()]
        if role in _ASKS_ROW:
            return self._cell(index.row(), index.column(), role)
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation == Qt.Orientation.Vertical:
            return str(section + 1) if role == Qt.ItemDataRole.DisplayRole else None
        if not 0 <= section < len(self._columns):
            return None
        column = self._columns[section]
        if role in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole}:
            return column.title
        if role == Qt.ItemDataRole.ToolTipRole:
            return column.hint or column.title
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        found = super().flags(index)
        if index.isValid() and self.editing and self._columns[index.column()].editable:
            found |= Qt.ItemFlag.ItemIsEditable
        return found

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        row = self.row(index.row()) if index.isValid() else None
        if role != Qt.ItemDataRole.EditRole or row is None or not self.flags(index) & Qt.ItemFlag.ItemIsEditable:
            return False
        key = self._columns[index.column()].key
        before, text = row.values[self._places[index.column()]], str(value).strip()
        self._judged.pop((row.id, key), None)
        self._typed.pop((row.id, key), None)
        if text != before:
            self._typed[row.id, key] = text
            self.edited.emit(CellEdit(row.id, key, text, before))
        self.dataChanged.emit(index, index)
        return True

    # inside

    def _cell(self, row_index: int, place: int, role: int) -> Any:
        row = self._pages.row(row_index)
        if role == TableRole.LOADING:
            return row is None and not self._pages.gone(row_index)
        if row is None:
            return LOADING_TEXT if role == Qt.ItemDataRole.DisplayRole and not self._pages.gone(row_index) else None
        key = self._columns[place].key
        text = self._typed.get((row.id, key)) if self._typed else None
        if text is None:
            text = row.values[self._places[place]]
        if role in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole}:
            return text
        mark = self._judged.get((row.id, key)) or row.marks.get(key)
        if role == TableRole.MARK:
            return mark
        if mark is None:
            return text or None
        said = f"{_LEVELS[mark.level]}：{mark.reason}" if mark.level in _LEVELS else mark.reason
        return f"{text}\n{said}".strip() if role == Qt.ItemDataRole.ToolTipRole else f"{text}（{said}）"

    def _choose(self, keys: tuple[str, ...]) -> None:
        known = {column.key: place for place, column in enumerate(self._source.columns)} if self._source else {}
        self._places = tuple(known[key] for key in keys if key in known)
        self._columns = tuple(self._source.columns[place] for place in self._places) if self._source else ()

    def _take(self, ids: "array[int]") -> None:
        self._typed.clear()
        self._judged.clear()
        if not self._query.filters and not self._query.words:
            self.total = len(ids)
        if ids == self._ids:
            self._pages.reset(self._source, self._ids)
            if ids and self._columns:
                self.dataChanged.emit(self.index(0, 0), self.index(len(ids) - 1, len(self._columns) - 1))
        else:
            self.beginResetModel()
            self._ids = ids
            self._pages.reset(self._source, ids)
            self.endResetModel()
        self._set_state(State.READY)

    def _arrived(self, first: int, last: int) -> None:
        if self._columns and last >= first:
            self.dataChanged.emit(self.index(first, 0), self.index(last, len(self._columns) - 1))

    def _failed(self, error: Exception) -> None:
        self.error = error
        self._set_state(State.FAILED)

    def _set_state(self, state: State) -> None:
        self.state = state
        if state is not State.FAILED:
            self.error = None
        self.state_changed.emit()


_ASKS_ROW = frozenset(
    {
        int(Qt.ItemDataRole.DisplayRole),
        int(Qt.ItemDataRole.EditRole),
        int(Qt.ItemDataRole.ToolTipRole),
        int(Qt.ItemDataRole.AccessibleTextRole),
        int(TableRole.MARK),
        int(TableRole.LOADING),
    }
)
