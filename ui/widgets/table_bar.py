"""Above a large table: room for the pane's own choices, the search line, the columns button; below them the filters in force."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QWidget

from lvdesk.kit.table import Column, Condition, Filter
from ui.parts import button, clearable, column, row, tool
from ui.theme.icons import icon
from ui.widgets.filter_popup import TITLES
from ui.widgets.filter_values import EMPTY

_PAUSE_MS = 250
_NAMED = 2


def describe(each: Filter, columns: Sequence[Column]) -> str:
    """A filter in words, e.g. ``台区名称：东风 1#、东风 2# 等 5 个``."""
    title = next((column.title for column in columns if column.key == each.column), each.column)
    operands = [text or EMPTY for text in each.operands]
    if each.condition is Condition.ONE_OF:
        more = f" 等 {len(operands)} 个" if len(operands) > _NAMED else ""
        return f"{title}：{'、'.join(operands[:_NAMED]) or '无'}{more}"
    if each.condition is Condition.BETWEEN:
        return f"{title} 介于 {operands[0]} 和 {operands[1]}"
    return f"{title} {TITLES[each.condition]} {' '.join(operands)}".strip()


class TableBar(QWidget):
    """Signals: words_changed(text), columns_asked, filter_dropped(column key), all_dropped."""

    words_changed = Signal(str)
    columns_asked = Signal()
    filter_dropped = Signal(str)
    all_dropped = Signal()
    left = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.words = QLineEdit()
        self.words.setPlaceholderText("查找  Ctrl+F")
        self.words.setAccessibleName("在表中查找")
        clearable(self.words)
        self.words.setMinimumWidth(96)
        self.words.setMaximumWidth(230)
        sign = QAction(icon("search"), "查找", self.words)
        self.words.addAction(sign, QLineEdit.ActionPosition.LeadingPosition)
        self.words.installEventFilter(self)
        self.columns = tool("columns", "选择显示的列", self.columns_asked.emit)
        self.slot = QHBoxLayout()
        self.slot.setContentsMargins(0, 0, 0, 0)
        self.slot.setSpacing(8)
        top = row(self.slot, None, self.words, self.columns)
        top.setStretchFactor(self.words, 100)
        self._line = QWidget()
        self._chips = row(parent=self._line, gap=6)
        self._chips.addStretch(1)
        column(top, self._line, parent=self, gap=8)
        self._line.hide()
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE_MS)
        self._pause.timeout.connect(lambda: self.words_changed.emit(self.words.text().strip()))
        self.words.textChanged.connect(lambda _text: self._pause.start())

    def clear_words(self) -> None:
        """Empties the search line without telling."""
        self.words.blockSignals(True)
        self.words.clear()
        self.words.blockSignals(False)
        self._pause.stop()

    def show_filters(self, filters: Sequence[Filter], columns: Sequence[Column]) -> None:
        """Shows a chip per filter; a click takes it away."""
        while self._chips.count() > 1:
            item = self._chips.takeAt(0)
            if item is not None and (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        made: list[QPushButton] = []
        for each in filters:
            text = describe(each, columns)
            chip = QPushButton(f"{text}  ×")
            chip.setProperty("filterChip", "true")
            chip.setAccessibleName(f"去掉筛选 {text}")
            chip.clicked.connect(lambda _on=False, key=each.column: self.filter_dropped.emit(key))
            made.append(chip)
        if made:
            made.append(button("全部清除", self.all_dropped.emit, "link", name="清除全部筛选"))
        for place, widget in enumerate(made):
            self._chips.insertWidget(place, widget)
        self._line.setVisible(bool(made))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.words and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() == Qt.Key.Key_Escape:
                if self.words.text():
                    self.words.clear()
                self.left.emit()
                return True
            if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Down}:
                self.left.emit()
                return True
        return super().eventFilter(watched, event)
