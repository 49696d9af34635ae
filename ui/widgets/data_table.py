"""The large table of every pane: filters, orders, columns, search, marks, copy and paste, all by mouse and keyboard."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from PySide6.QtCore import QItemSelectionModel, QPoint, Qt, Signal
from PySide6.QtGui import QAction, QGuiApplication, QKeySequence
from PySide6.QtWidgets import QMenu, QStackedLayout, QWidget

from lvdesk.kit.progress import Progress
from lvdesk.kit.table import Filter, Query
from ui.jobs import Jobs
from ui.models.marked import PROBLEMS, Search, find
from ui.models.source import Source
from ui.models.table_model import State, TableModel
from ui.parts import card, column
from ui.widgets import table_clipboard
from ui.widgets.column_chooser import ColumnChooser
from ui.widgets.filter_popup import FilterPopup
from ui.widgets.grid_view import GridView
from ui.widgets.header import FilterHeader
from ui.widgets.state_view import StateView
from ui.widgets.table_bar import TableBar
from ui.widgets.table_foot import TableFoot
from ui.widgets.table_memory import Remembering, TableMemory

_LARGE = 5000


@dataclass(frozen=True)
class EmptyText:
    """What an empty table says: picture, sentence, next step, and an offer (text, what it does)."""

    icon: str = "list"
    title: str = "这里还没有记录"
    hint: str = ""
    offer: tuple[str, Callable[[], object]] | None = None


class DataTable(QWidget):
    """Shows a ``Source``. With ``bar_apart`` whoever makes it places ``bar`` elsewhere.

    Attributes:
        note: said after the number of rows.
        opened: id of the row on which Enter or a double click fell.
        current_changed: id of the current row, None when there is none.
        edited: a typed ``CellEdit``; answer with ``model.settle`` or ``reload``.
        pasted: a ``Paste``; nothing has changed yet.
        told: a short sentence for the status line, e.g. how much was copied.
        failed: an exception of copying or searching.
    """

    opened = Signal(int)
    current_changed = Signal(object)
    edited = Signal(object)
    pasted = Signal(object)
    told = Signal(str)
    failed = Signal(object)

    def __init__(self, key: str, jobs: Jobs, settings: Remembering, *, name: str, bar_apart: bool = False) -> None:
        super().__init__()
        self._jobs = jobs
        self._empty = EmptyText()
        self.note = ""
        self._marked_levels, self._by_rows = PROBLEMS, False
        self._wanted_id: int | None = None
        self._wanted_row = 0
        self._seeking = False
        self.memory = TableMemory(settings, key, self)
        self.model = TableModel(jobs, self)
        self.view = GridView()
        self.view.setModel(self.model)
        self.view.setAccessibleName(name)
        self.bar, self.foot, self.state = TableBar(), TableFoot(), StateView()
        self.filter_popup = FilterPopup(jobs, self)
        self.chooser = ColumnChooser(self)
        frame = card()
        self.frame = frame
        shown = QWidget()
        self._stack = QStackedLayout(shown)
        self._stack.addWidget(self.view)
        self._stack.addWidget(self.state)
        inside = column(shown, self.foot, parent=frame, gap=0, margin=1)
        inside.setStretch(0, 1)
        parts = (frame,) if bar_apart else (self.bar, frame)
        column(*parts, parent=self, gap=10).setStretch(len(parts) - 1, 1)
        self._connect()
        self._add_keys()
        self._show_state()

    # what panes ask

    def set_source(self, source: Source | None, *, key: str = "", empty: EmptyText | None = None) -> None:
        """Shows other rows; ``key`` names the memory of columns, ``empty`` what is said without rows."""
        if key:
            self.memory.turn_to(key)
        self._empty = empty or self._empty
        self.bar.clear_words()
        order = self.memory.order()
        known = {each.key for each in source.columns} if source else set()
        self.model.set_source(source, Query(order=tuple(each for each in order if each[0] in known)))
        if source is not None:
            self.model.set_columns(self.memory.shown(source.columns))
        self._fit_columns()
        self._show_query()

    def set_marked_levels(self, levels: frozenset[str], *, by_rows: bool = False) -> None:
        """Which marks F8 stops at, if any; ``by_rows``: a row is one problem, the next one is never in the present row."""
        self._marked_levels, self._by_rows = levels, by_rows
        for way in (self.foot.previous, self.foot.following):
            way.setVisible(bool(levels))

    def reload(self) -> None:
        """Reads again and stays at the current row, or where it was when it is gone."""
        self._wanted_id, self._wanted_row = self.current_id(), max(self.view.currentIndex().row(), 0)
        self.model.reload()

    def current_id(self) -> int | None:
        """Id of the current row."""
        index = self.view.currentIndex()
        return self.model.ids[index.row()] if index.isValid() else None

    def selected_ids(self) -> list[int]:
        """Ids of all rows with a selected cell, in order."""
        rows, _columns = table_clipboard.selected_places(self.view.selectionModel().selection())
        ids = self.model.ids
        return [ids[each] for each in rows]

    def go_to(self, identity: int, key: str = "") -> None:
        """Makes the row with this id current, now or when the rows have come; ``key`` names the column."""
        row = self.model.row_of(identity)
        if row is None or self.model.state is State.LOADING:
            self._wanted_id = identity
            return
        self._go(row, self.model.column_of(key) or 0)

    def set_filter(self, key: str, chosen: Filter | None) -> None:
        """Puts one column's filter in force or takes it away."""
        others = tuple(each for each in self.model.query.filters if each.column != key)
        self._ask(replace(self.model.query, filters=(*others, chosen) if chosen else others))

    def clear_filters(self) -> None:
        """Shows all rows again."""
        self.bar.clear_words()
        self._ask(replace(self.model.query, filters=(), words=""))

    def sort_by(self, key: str, *, descending: bool | None = None, keep: bool = False) -> None:
        """Orders by a column: first up, again down, a third time not; ``keep`` adds it to the present orders."""
        present = dict(self.model.query.order)
        others = tuple(each for each in self.model.query.order if each[0] != key) if keep else ()
        if descending is None and present.get(key) is True:
            order = others
        else:
            order = (*others, (key, descending if descending is not None else key in present))
        self.memory.keep_order(order)
        self._ask(replace(self.model.query, order=order))

    def copy(self, *, titles: bool = False) -> None:
        """Lays the selected cells on the clipboard."""
        source = self.model.source
        rows, columns = table_clipboard.selected_places(self.view.selectionModel().selection())
        if source is None or not rows:
            return
        ids = [self.model.ids[each] for each in rows]
        shown = [self.model.columns[each] for each in columns]
        heads = [each.title for each in shown] if titles else []

        def work(progress: Progress) -> list[tuple[str, ...]]:
            return table_clipboard.collect(source, ids, [each.key for each in shown], progress)

        def done(block: list[tuple[str, ...]]) -> None:
            table_clipboard.put(block, heads)
            self.told.emit(f"已复制 {len(block):,} 行 × {len(shown)} 列")

        self._jobs.run(f"正在复制 {len(ids):,} 行", work, writes=False, quiet=len(ids) < _LARGE, done=done, failed=self.failed.emit)

    def paste(self) -> None:
        """Lays the clipboard onto the table; ``pasted`` tells what would change."""
        rows, columns = table_clipboard.selected_places(self.view.selectionModel().selection())
        text = QGuiApplication.clipboard().text()
        if self.model.editing and rows and text:
            self.pasted.emit(table_clipboard.lay_out(text, self.model, rows, columns))

    def find_marked(self, step: int) -> None:
        """Goes to the next (1) or previous (-1) marked cell."""
        source, ids = self.model.source, self.model.ids
        if source is None or not ids or self._seeking:
            return
        self._seeking = True
        index = self.view.currentIndex()
        start = (index.row(), index.column()) if index.isValid() else (0, -1) if step > 0 else (len(ids) - 1, len(self.model.columns))
        if self._by_rows and index.isValid():
            start = (index.row(), len(self.model.columns) if step > 0 else -1)
        search = Search(*start, step, tuple(each.key for each in self.model.columns), self._marked_levels)

        def done(place: tuple[int, int] | None) -> None:
            self._seeking = False
            if place is None:
                self.told.emit("没有需要处理的单元格")
            else:
                self._go(*place)

        def failed(error: Exception) -> None:
            self._seeking = False
            self.failed.emit(error)

        self._jobs.run(
            "正在查找问题", lambda progress: find(source, ids, search, progress), writes=False, quiet=True, done=done, failed=failed
        )

    # inside

    def _connect(self) -> None:
        self.model.state_changed.connect(self._show_state)
        self.model.edited.connect(self.edited)
        selection = self.view.selectionModel()
        selection.selectionChanged.connect(self._show_counts)
        selection.currentRowChanged.connect(lambda *_rows: self.current_changed.emit(self.current_id()))
        self.view.opened.connect(lambda index: self.opened.emit(self.model.ids[index.row()]))
        self.view.header.sectionResized.connect(self._resized)
        for head in (self.view.header, self.view.frozen_header):
            head.sort_asked.connect(lambda section, keep: self.sort_by(self._key(section), keep=keep))
            head.filter_asked.connect(lambda section, each=head: self._open_filter(section, each))
            head.menu_asked.connect(self._open_menu)
        self.filter_popup.applied.connect(self.set_filter)
        self.filter_popup.sort_asked.connect(lambda key, down: self.sort_by(key, descending=down))
        self.chooser.chosen.connect(self._choose_columns)
        self.bar.words_changed.connect(lambda words: self._ask(replace(self.model.query, words=words)))
        self.bar.columns_asked.connect(self._open_chooser)
        self.bar.filter_dropped.connect(lambda key: self.set_filter(key, None))
        self.bar.all_dropped.connect(self.clear_filters)
        self.bar.left.connect(lambda: self.view.setFocus(Qt.FocusReason.OtherFocusReason))
        self.foot.next_asked.connect(self.find_marked)

    def _add_keys(self) -> None:
        for keys, run, whole in (
            ("Ctrl+F", lambda: self.bar.words.setFocus(Qt.FocusReason.ShortcutFocusReason), True),
            ("F8", lambda: self.find_marked(1), True),
            ("Shift+F8", lambda: self.find_marked(-1), True),
            ("Ctrl+C", self.copy, False),
            ("Ctrl+Shift+C", lambda: self.copy(titles=True), False),
            ("Ctrl+V", self.paste, False),
            ("Alt+Down", lambda: self._open_filter(self.view.currentIndex().column(), self.view.header), False),
            ("Ctrl+Shift+L", self.clear_filters, True),
        ):
            action = QAction(self)
            action.setShortcut(QKeySequence(keys))
            action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            action.triggered.connect(lambda _on=False, each=run: each())
            (self if whole else self.view).addAction(action)

    def _key(self, section: int) -> str:
        return self.model.columns[section].key

    def _ask(self, query: Query) -> None:
        if query != self.model.query:
            self._wanted_id = self.current_id()
            self.model.set_query(query)
            self._show_query()

    def _go(self, row: int, place: int) -> None:
        index = self.model.index(row, place)
        self.view.show_place(index)  # first: Qt itself would scroll by just one row
        self.view.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)

    def _return_to_row(self) -> None:
        wanted, self._wanted_id = self._wanted_id, None
        if not self.model.ids or not self.model.columns:
            return
        row = self.model.row_of(wanted) if wanted is not None else None
        present = self.view.currentIndex()
        if row is not None and not (present.isValid() and present.row() == row):
            self._go(row, 0)
        elif not present.isValid():
            place = min(self._wanted_row, len(self.model.ids) - 1)
            self.view.selectionModel().setCurrentIndex(self.model.index(place, 0), QItemSelectionModel.SelectionFlag.NoUpdate)
        self._wanted_row = 0

    def _show_state(self) -> None:
        state, rows = self.model.state, len(self.model.ids)
        if state is State.FAILED:
            why = getattr(self.model.error, "message", "") or "读取数据时出错"
            hint = getattr(self.model.error, "hint", "") or "请重试；若仍失败，请在帮助中导出诊断信息"
            self.state.say("error", why, hint, ("重试", self.model.reload), level="error")
        elif state is State.LOADING and not rows:
            self.state.loading()
        elif state is State.READY and not rows and (self.model.query.filters or self.model.query.words):
            self.state.say("filter", "没有符合条件的行", "放宽或清除筛选后再看", ("清除筛选", self.clear_filters))
        elif not rows:
            offers = (self._empty.offer,) if self._empty.offer else ()
            self.state.say(self._empty.icon, self._empty.title, self._empty.hint, *offers)
        self._stack.setCurrentIndex(0 if rows and state is not State.FAILED else 1)
        self.foot.setVisible(self._stack.currentIndex() == 0 or bool(self.model.query.filters))
        self._show_counts()
        if state is State.READY:
            self._return_to_row()

    def _show_counts(self) -> None:
        selected = table_clipboard.count_rows(self.view.selectionModel().selection())
        note = "正在读取…" if self.model.state is State.LOADING else self.note
        self.foot.show_counts(selected, len(self.model.ids), self.model.total, note)

    def _show_query(self) -> None:
        query = self.model.query
        orders = {
            section: (rank + 1, down) for rank, (key, down) in enumerate(query.order) if (section := self.model.column_of(key)) is not None
        }
        filtered = {section for each in query.filters if (section := self.model.column_of(each.column)) is not None}
        for head in (self.view.header, self.view.frozen_header):
            head.show_query(orders, filtered)
        self.bar.show_filters(query.filters, self.model.source.columns if self.model.source else ())

    def _fit_columns(self) -> None:
        for place, each in enumerate(self.model.columns):
            self.view.setColumnWidth(place, self.memory.width(each))
        self.view.fit_frozen()

    def _resized(self, section: int, _old: int, width: int) -> None:
        if 0 <= section < len(self.model.columns) - 1 and self.view.isVisible():
            self.memory.keep_width(self._key(section), width)

    def _choose_columns(self, keys: tuple[str, ...]) -> None:
        source = self.model.source
        if source is not None and keys != tuple(each.key for each in self.model.columns):
            self._wanted_id = self.current_id()
            self.memory.keep_shown(keys, source.columns)
            self.model.set_columns(keys)
            self._fit_columns()
            self._show_query()
            self._return_to_row()

    def _open_chooser(self) -> None:
        if self.model.source is not None:
            corner = self.bar.columns.mapToGlobal(QPoint(self.bar.columns.width(), self.bar.columns.height() + 4))
            self.chooser.open_for(self.model.source.columns, [each.key for each in self.model.columns], corner)

    def _open_filter(self, section: int, head: FilterHeader) -> None:
        source = self.model.source
        if source is not None and 0 <= section < len(self.model.columns):
            place = head.mapToGlobal(QPoint(max(head.sectionViewportPosition(section), 0), head.height()))
            self.filter_popup.open_for(source, self.model.columns[section], self.model.query, place)

    def _open_menu(self, section: int, place: QPoint) -> None:
        menu = QMenu(self)
        key = self._key(section)
        menu.addAction("升序", lambda: self.sort_by(key, descending=False))
        menu.addAction("降序", lambda: self.sort_by(key, descending=True))
        menu.addAction("筛选…\tAlt+↓", lambda: self._open_filter(section, self.view.header))
        menu.addSeparator()
        rest = tuple(each.key for each in self.model.columns if each.key != key)
        menu.addAction("隐藏此列", lambda: self._choose_columns(rest)).setEnabled(bool(rest))
        menu.addAction("选择显示的列…", self._open_chooser)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(place)
