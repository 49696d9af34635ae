"""The table view itself: fixed row height, a frozen first column, the keys of a spreadsheet."""

from PySide6.QtCore import QAbstractItemModel, QEvent, QItemSelectionModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QTableView, QWidget

from ui.delegates.cell import CellDelegate
from ui.widgets.header import FilterHeader, RowHeader

Index = QModelIndex | QPersistentModelIndex
ROW_HEIGHT = 34
_VISIBLE = QAbstractItemView.ScrollHint.EnsureVisible
_EDIT = (
    QAbstractItemView.EditTrigger.DoubleClicked | QAbstractItemView.EditTrigger.EditKeyPressed | QAbstractItemView.EditTrigger.AnyKeyPressed
)


def _dress(view: QTableView) -> None:
    view.setShowGrid(False)
    view.setWordWrap(False)
    view.setFrameShape(QFrame.Shape.NoFrame)
    view.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
    view.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
    view.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
    view.setCornerButtonEnabled(False)
    view.setTabKeyNavigation(False)
    view.setItemDelegate(CellDelegate(view))
    view.setHorizontalHeader(FilterHeader(view))


class GridView(QTableView):
    """Attributes: opened: Enter or double click on a cell that is not edited (the index)."""

    opened = Signal(QModelIndex)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._freeze = True
        self.frozen = QTableView(self)
        _dress(self)
        self.horizontalHeader().setStretchLastSection(True)
        self.setVerticalHeader(RowHeader(self))
        self.verticalHeader().setDefaultSectionSize(ROW_HEIGHT)
        self.setEditTriggers(_EDIT)
        self.frozen.setObjectName("frozen")
        _dress(self.frozen)
        self.frozen.verticalHeader().hide()
        self.frozen.verticalHeader().setDefaultSectionSize(ROW_HEIGHT)
        self.frozen.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.frozen.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.frozen.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.frozen.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.frozen.setAccessibleName("冻结的首列")
        self.frozen.horizontalHeader().setStretchLastSection(True)
        self.verticalScrollBar().valueChanged.connect(self.frozen.verticalScrollBar().setValue)
        self.frozen.verticalScrollBar().valueChanged.connect(self.verticalScrollBar().setValue)
        self.horizontalHeader().sectionResized.connect(self._resized)
        self.doubleClicked.connect(self._maybe_open)
        self.frozen.doubleClicked.connect(self._maybe_open)

    @property
    def header(self) -> FilterHeader:
        """The columns' heads."""
        head = self.horizontalHeader()
        assert isinstance(head, FilterHeader)  # noqa: S101 - set in the constructor
        return head

    @property
    def frozen_header(self) -> FilterHeader:
        """The head above the frozen column."""
        head = self.frozen.horizontalHeader()
        assert isinstance(head, FilterHeader)  # noqa: S101 - set in the constructor
        return head

    def set_frozen(self, *, frozen: bool) -> None:
        """Keeps the first column in sight, or lets it scroll."""
        self._freeze = frozen
        self.fit_frozen()

    def setModel(self, model: QAbstractItemModel | None) -> None:
        super().setModel(model)
        self.frozen.setModel(model)
        self.frozen.setSelectionModel(self.selectionModel())
        self.selectionModel().currentChanged.connect(self._current_changed)
        if model is not None:
            model.modelReset.connect(self.fit_frozen)

    def fit_frozen(self) -> None:
        """Lays the frozen column where it belongs."""
        count = self.horizontalHeader().count()
        for place in range(count):
            self.frozen.setColumnHidden(place, place > 0)
        wanted = self._freeze and count > 1 and self.columnWidth(0) < self.viewport().width() * 0.6
        self.frozen.setVisible(wanted)
        if wanted:
            left = self.verticalHeader().width() if self.verticalHeader().isVisible() else 0
            height = min(self.viewport().height(), self.verticalHeader().length()) + self.horizontalHeader().height()
            self.frozen.setGeometry(left + self.frameWidth(), self.frameWidth(), self.columnWidth(0), height)
            self.frozen.setColumnWidth(0, self.columnWidth(0))
            self.frozen.raise_()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.fit_frozen()

    def updateGeometries(self) -> None:
        super().updateGeometries()
        self.fit_frozen()

    def scrollTo(self, index: Index, hint: QAbstractItemView.ScrollHint = _VISIBLE) -> None:
        if self.frozen.isVisible() and index.column() == 0:
            bar = self.horizontalScrollBar().value()
            super().scrollTo(index, hint)
            self.horizontalScrollBar().setValue(bar)
            return
        super().scrollTo(index, hint)
        covered = self.columnWidth(0) if self.frozen.isVisible() else 0
        left = self.visualRect(index).left()
        if index.column() > 0 and left < covered:
            self.horizontalScrollBar().setValue(self.horizontalScrollBar().value() - (covered - left))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and self.state() != QAbstractItemView.State.EditingState:
            self._maybe_open(self.currentIndex())
        elif event.key() == Qt.Key.Key_Space and event.modifiers() == Qt.KeyboardModifier.ShiftModifier:
            rows = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
            self.selectionModel().select(self.currentIndex(), rows)
        else:
            super().keyPressEvent(event)

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() in {QEvent.Type.FocusIn, QEvent.Type.FocusOut}:
            self.frozen.viewport().update()
        return super().viewportEvent(event)

    def _maybe_open(self, index: QModelIndex) -> None:
        if not index.isValid():
            return
        if index.flags() & Qt.ItemFlag.ItemIsEditable:
            self.edit(index)
        else:
            self.opened.emit(index)

    def show_place(self, index: QModelIndex) -> None:
        """Brings a cell into view; from outside to the other end, so that going on row by row does not scroll, and paint all, each time."""
        top, below = self.rowViewportPosition(index.row()), self.viewport().height() - self.rowHeight(index.row())
        hint = self.ScrollHint.EnsureVisible
        if top > below:
            hint = self.ScrollHint.PositionAtTop
        elif top < 0:
            hint = self.ScrollHint.PositionAtBottom
        self.scrollTo(index, hint)

    def _current_changed(self, current: QModelIndex, previous: QModelIndex) -> None:
        """Only the two rows are painted again: whoever works by key goes through thousands."""
        for index in (current, previous):
            if index.isValid():
                top, height = self.rowViewportPosition(index.row()), self.rowHeight(index.row())
                for part in (self.viewport(), self.frozen.viewport(), self.verticalHeader().viewport()):
                    part.update(0, top, part.width(), height)

    def _resized(self, section: int, _old: int, _new: int) -> None:
        if section == 0:
            self.fit_frozen()
