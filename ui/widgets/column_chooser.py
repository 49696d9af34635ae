"""Which columns a table shows, and in which order."""

from collections.abc import Sequence

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QFrame, QListWidget, QListWidgetItem, QWidget

from lvdesk.kit.table import Column
from ui.parts import button, column, label, line, row, tool


class ColumnChooser(QFrame):
    """A popup with one line per column: tick to show, drag or buttons to order. ``chosen(keys)`` comes at every change."""

    chosen = Signal(tuple)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setObjectName("filterPopup")
        self._all: tuple[Column, ...] = ()
        self.list = QListWidget()
        self.list.setAccessibleName("显示的列")
        self.list.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self.list.setFixedHeight(320)
        self.up = tool("chevron-up", "上移", lambda: self._move(-1))
        self.down = tool("chevron-down", "下移", lambda: self._move(1))
        inner = QFrame()
        inner.setObjectName("popupCard")
        head = row(label("显示的列", "h2"), None, self.up, self.down)
        foot = row(button("恢复默认", self._restore, "link"), None, button("完成", self.hide, "primary"))
        column(head, self.list, line(), foot, parent=inner, gap=8, margin=14)
        column(inner, parent=self)
        self.setFixedWidth(280)
        self.list.itemChanged.connect(lambda _item: self._tell())
        self.list.model().rowsMoved.connect(self._tell)

    def open_for(self, everything: Sequence[Column], shown: Sequence[str], place: QPoint) -> None:
        """Offers ``everything``, ticks ``shown`` in its order; ``place`` (global) is the popup's top right corner."""
        self._all = tuple(everything)
        self._fill(shown)
        self.adjustSize()
        self.move(place - QPoint(self.width(), 0))
        self.show()
        self.list.setFocus(Qt.FocusReason.PopupFocusReason)
        self.list.setCurrentRow(0)

    def keys(self) -> tuple[str, ...]:
        """Keys of the ticked columns, in order."""
        items = (self.list.item(place) for place in range(self.list.count()))
        return tuple(item.data(Qt.ItemDataRole.UserRole) for item in items if item.checkState() == Qt.CheckState.Checked)

    def _fill(self, shown: Sequence[str]) -> None:
        titles = {each.key: each.title for each in self._all}
        keys = [key for key in shown if key in titles]
        self.list.blockSignals(True)
        self.list.clear()
        for key in [*keys, *(key for key in titles if key not in keys)]:
            item = QListWidgetItem(titles[key])
            item.setData(Qt.ItemDataRole.UserRole, key)
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            item.setCheckState(Qt.CheckState.Checked if key in keys else Qt.CheckState.Unchecked)
            self.list.addItem(item)
        self.list.blockSignals(False)

    def _move(self, step: int) -> None:
        place = self.list.currentRow()
        if 0 <= place + step < self.list.count():
            item = self.list.takeItem(place)
            self.list.insertItem(place + step, item)
            self.list.setCurrentRow(place + step)
            self._tell()

    def _restore(self) -> None:
        self._fill([each.key for each in self._all])
        self._tell()

    def _tell(self) -> None:
        if keys := self.keys():
            self.chosen.emit(keys)
