"""The filter under a column's head, as in Excel: order, condition, tick list with search."""

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QCheckBox, QComboBox, QFrame, QLineEdit, QListView, QWidget

from lvdesk.kit.table import Column, Condition, Filter, Query, Values
from ui.jobs import Jobs
from ui.models.source import Source
from ui.parts import button, clearable, column, label, line, row
from ui.widgets.filter_values import ValueDelegate, ValuesModel

_LIMIT = 500
_PAUSE_MS = 180
TITLES = {
    Condition.ONE_OF: "勾选的值", Condition.CONTAINS: "包含", Condition.NOT_CONTAINS: "不包含", Condition.STARTS: "开头是",
    Condition.EQUALS: "等于", Condition.NOT_EQUALS: "不等于", Condition.AT_LEAST: "大于等于", Condition.AT_MOST: "小于等于",
    Condition.BETWEEN: "介于", Condition.EMPTY: "为空", Condition.NOT_EMPTY: "不为空",
}  # fmt: skip
_OPERANDS = {Condition.ONE_OF: 0, Condition.EMPTY: 0, Condition.NOT_EMPTY: 0, Condition.BETWEEN: 2}


class FilterPopup(QFrame):
    """One popup serves all columns of a table.

    Attributes:
        applied: (column key, Filter or None).
        sort_asked: (column key, descending).
    """

    applied = Signal(str, object)
    sort_asked = Signal(str, bool)

    def __init__(self, jobs: Jobs, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setObjectName("filterPopup")
        self._jobs = jobs
        self._column = Column("", "")
        self._source: Source | None = None
        self._query = Query()
        self._ticked: set[str] | None = None
        self._asked = 0
        self.title = label("", "h2")
        self.condition = QComboBox()
        self.condition.setAccessibleName("筛选条件")
        for each, title in TITLES.items():
            self.condition.addItem(title, each.value)
        self.condition.currentIndexChanged.connect(self._show_condition)
        self.operands = (QLineEdit(), QLineEdit())
        for place, each_line in enumerate(self.operands):
            each_line.setAccessibleName(("条件值", "上限")[place])
            each_line.setPlaceholderText(("值", "到")[place])
        self.words = QLineEdit()
        self.words.setPlaceholderText("搜索值")
        self.words.setAccessibleName("搜索值")
        clearable(self.words)
        self.everything = QCheckBox("全选")
        self.everything.setAccessibleName("全选")
        self.values = ValuesModel(self)
        self.list = QListView()
        self.list.setModel(self.values)
        self.list.setItemDelegate(ValueDelegate(self.list))
        self.list.setUniformItemSizes(True)
        self.list.setAccessibleName("可勾选的值")
        self.list.setFixedHeight(216)
        self.hint = label("", "faint", wrap=True)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE_MS)
        self._pause.timeout.connect(self._ask_values)
        self._lay_out()
        self._connect()

    def open_for(self, source: Source, asked: Column, query: Query, place: QPoint) -> None:
        """Shows the filter of column ``asked`` at ``place`` (global) under the question in force."""
        self._source, self._column = source, asked
        present = next((each for each in query.filters if each.column == asked.key), None)
        self._query = Query(tuple(each for each in query.filters if each.column != asked.key), (), query.words)
        self.title.setText(asked.title)
        condition = present.condition if present else Condition.ONE_OF
        self._ticked = set(present.operands) if present and condition is Condition.ONE_OF else None
        self.condition.setCurrentIndex(list(TITLES).index(condition))
        given = present.operands if present and condition is not Condition.ONE_OF else ()
        for number, each_line in enumerate(self.operands):
            each_line.setText(given[number] if number < len(given) else "")
        self.words.blockSignals(True)
        self.words.clear()
        self.words.blockSignals(False)
        self.clear.setEnabled(present is not None)
        self._show_condition()
        self.adjustSize()
        self.move(self._inside(place))
        self.show()
        (self.words if condition is Condition.ONE_OF else self.operands[0]).setFocus(Qt.FocusReason.PopupFocusReason)
        self._ask_values()

    def chosen(self) -> Filter | None:
        """The filter as it stands now; None lets everything through."""
        condition = Condition(self.condition.currentData())
        if condition is Condition.ONE_OF:
            if self.values.everything() and not self.words.text().strip():
                return None
            return Filter(self._column.key, condition, self.values.ticked())
        given = tuple(each.text().strip() for each in self.operands[: _OPERANDS.get(condition, 1)])
        if given and not all(given):
            return None
        return Filter(self._column.key, condition, given)

    def apply(self) -> None:
        """Takes the filter and closes."""
        if self._pause.isActive():  # typed and Enter at once: what is ticked is not yet what was typed
            text = self.words.text().strip()
            self._pause.stop()
            chosen = Filter(self._column.key, Condition.CONTAINS, (text,)) if text else None
        else:
            chosen = self.chosen()
        self.hide()
        self.applied.emit(self._column.key, chosen)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
                self.apply()
                return True
            if watched is self.words and event.key() == Qt.Key.Key_Down and self.values.rowCount():
                self.list.setFocus()
                self.list.setCurrentIndex(self.values.index(0))
                return True
            if watched is self.list and event.key() == Qt.Key.Key_Space:
                self.values.toggle(self.list.currentIndex())
                return True
        return super().eventFilter(watched, event)

    def _lay_out(self) -> None:
        self.up = button("升序", lambda: self._sort(descending=False), icon_name="sort-up", name="按此列升序")
        self.down = button("降序", lambda: self._sort(descending=True), icon_name="sort-down", name="按此列降序")
        self.clear = button("清除筛选", self._clear, "link")
        take = button("应用", self.apply, "primary")
        inner = QFrame()
        inner.setObjectName("popupCard")
        column(
            self.title, row(self.up, self.down), self.condition, row(*self.operands), self.words, self.everything, self.list, self.hint,
            line(), row(self.clear, None, take), parent=inner, gap=8, margin=14,
        )  # fmt: skip
        column(inner, parent=self)
        self.setFixedWidth(300)

    def _connect(self) -> None:
        self.words.textChanged.connect(lambda _text: self._pause.start())
        self.everything.clicked.connect(lambda on: self.values.tick_all(on=on))
        self.values.ticked_changed.connect(self._show_ticks)
        self.list.clicked.connect(self.values.toggle)
        for each in (self.words, *self.operands, self.list):
            each.installEventFilter(self)

    def _show_condition(self) -> None:
        condition = Condition(self.condition.currentData())
        ticks = condition is Condition.ONE_OF
        for each in (self.words, self.everything, self.list, self.hint):
            each.setVisible(ticks)
        for place, each_line in enumerate(self.operands):
            each_line.setVisible(place < _OPERANDS.get(condition, 1))
        self.adjustSize()

    def _ask_values(self) -> None:
        source, text = self._source, self.words.text().strip()
        if source is None:
            return
        self._asked += 1
        asked, key, query = self._asked, self._column.key, self._query
        if text:
            query = Query((*query.filters, Filter(key, Condition.CONTAINS, (text,))), (), query.words)
        self.hint.setText("正在统计各值的行数…")

        def take(values: Values) -> None:
            if asked == self._asked:
                self._take(values, searched=bool(text))

        self._jobs.read(lambda: source.values(key, query, _LIMIT), take, self._fail)

    def _take(self, values: Values, *, searched: bool) -> None:
        self.values.show_values(values, None if searched else self._ticked)
        cut = f"只列出最多的 {_LIMIT} 个值，其余请搜索或用条件" if len(values) >= _LIMIT else ""
        self.hint.setText(cut or ("" if values else "没有匹配的值"))

    def _fail(self, _error: Exception) -> None:
        self.hint.setText("无法读取此列的值，可改用条件筛选")

    def _show_ticks(self) -> None:
        state = Qt.CheckState.Checked if self.values.everything() else Qt.CheckState.PartiallyChecked
        self.everything.setCheckState(state if self.values.ticked() else Qt.CheckState.Unchecked)
        self.everything.setTristate(False)

    def _sort(self, *, descending: bool) -> None:
        self.hide()
        self.sort_asked.emit(self._column.key, descending)

    def _clear(self) -> None:
        self.hide()
        self.applied.emit(self._column.key, None)

    def _inside(self, place: QPoint) -> QPoint:
        screen = self.screen().availableGeometry()
        left = min(place.x(), screen.right() - self.width())
        top = min(place.y(), screen.bottom() - self.height())
        return QPoint(max(left, screen.left()), max(top, screen.top()))
