"""The journal: filters and entries at the left, what one entry changed at the right."""

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QModelIndex, QTimer
from PySide6.QtWidgets import QComboBox, QLineEdit, QListView, QWidget

from lvdesk.network.changed import Changed
from ui.moments import said
from ui.panes.base import Context
from ui.panes.history.confirm import Confirm
from ui.panes.history.delegate import EntryDelegate
from ui.panes.history.loading import ChangeLine, Page, Services, Wanted, page, summary_words
from ui.panes.history.model import EntriesModel, TextTable
from ui.panes.history.tables import table
from ui.parts import button, card, chip, column, label, restyle, row

_SPANS = (("全部时间", 0), ("今天", 1), ("最近 7 天", 7), ("最近 30 天", 30))
_KINDS = {"insert": "新增", "update": "修改", "delete": "删除"}
_DETAIL = 200
_PAUSE_MS = 250


class JournalView(QWidget):
    """Reads pages as one scrolls; a detail as one moves through the list."""

    def __init__(self, context: Context, services: Services) -> None:
        super().__init__()
        self._context, self._services = context, services
        self._today = context.workspace.clock().date()
        self._serial = 0
        self._reveal: int | None = None
        self.text = QLineEdit()
        self.text.setPlaceholderText("筛选操作，如 导入、销户")
        self.text.setAccessibleName("按操作内容筛选")
        self.text.setClearButtonEnabled(True)
        self.person, self.span = QComboBox(), QComboBox()
        self.person.addItem("所有人员", "")
        self.person.setAccessibleName("按人员筛选")
        self.span.setAccessibleName("按时间筛选")
        for name, days in _SPANS:
            self.span.addItem(name, days)
        self.model = EntriesModel(self)
        self.list = QListView()
        self.list.setModel(self.model)
        self.list.setItemDelegate(EntryDelegate(self._today, self.list))
        self.list.setMouseTracking(True)
        self.list.setAccessibleName("操作记录")
        self._said = label("", "muted", wrap=True)
        self.changes = TextTable(
            (
                ("对象", lambda line: line.entity),
                ("编号", lambda line: line.record),
                ("字段", lambda line: line.field),
                ("之前", lambda line: line.before or "—"),
                ("之后", lambda line: line.after or "—"),
            ),
            self,
        )
        self._build()
        self._connect()

    def _build(self) -> None:
        filters = row(self.text, self.person, self.span, gap=8)
        filters.setStretch(0, 1)
        filters.setContentsMargins(12, 12, 12, 10)
        self._said.setContentsMargins(16, 8, 16, 12)
        left = card()
        left.setFixedWidth(460)
        inside = column(filters, self.list, self._said, parent=left, gap=0)
        inside.setStretch(1, 1)
        inside.setContentsMargins(1, 1, 1, 1)
        right = card()
        self._title, self._state, self._line = label("", "h1", wrap=True), chip(""), label("", "muted", wrap=True)
        self.undo_button = button("撤销此操作", self.ask_undo, "danger", "undo")
        self._confirm = Confirm()
        self._note = label("", "muted")
        head = row(column(self._title, self._line, gap=2), self._state, self.undo_button, gap=12)
        head.setStretch(0, 1)
        head.setContentsMargins(20, 16, 16, 0)
        asked = row(self._confirm)
        asked.setContentsMargins(16, 0, 16, 0)
        self._table = table(self.changes, "这次操作改动的内容", (90, 190, 130, 170))
        self._note.setContentsMargins(20, 0, 16, 12)
        detail = column(head, asked, self._table, self._note, parent=right, gap=12)
        detail.setStretch(2, 1)
        detail.setContentsMargins(1, 1, 1, 1)
        whole = row(left, right, parent=self, gap=12)
        whole.setStretch(1, 1)
        self._clear_detail()

    def _connect(self) -> None:
        pause = QTimer(self, interval=_PAUSE_MS, singleShot=True)
        pause.timeout.connect(self.load)
        self.text.textChanged.connect(lambda _text: pause.start())
        self.person.currentIndexChanged.connect(self.load)
        self.span.currentIndexChanged.connect(self.load)
        self.model.wants_more.connect(self._load_more)
        self.list.selectionModel().currentChanged.connect(self._chosen)

    # --- entries -------------------------------------------------------------

    def load(self) -> None:
        """Reads the first page with the filters as they stand."""
        self._serial += 1
        self._say("正在读取…")
        self._ask(None, self._start)

    def reveal(self, entry_id: int) -> None:
        """Selects an entry, now or when it is read."""
        self._reveal = entry_id
        self._select()

    def _load_more(self, before: int) -> None:
        self._ask(before, lambda found: self.model.extend(found.entries, found.more))

    def _ask(self, before: int | None, take: Callable[[Page], object]) -> None:
        wanted = Wanted(self.text.text().strip(), str(self.person.currentData() or ""), int(self.span.currentData() or 0))
        serial, ask, today = self._serial, self._services.entries, self._context.workspace.clock().date()

        def done(found: Page) -> None:
            if serial == self._serial:
                take(found)

        self._context.jobs.read(lambda: page(ask, wanted, before, today), done, self._failed)

    def _start(self, found: Page) -> None:
        self.model.start(found.entries, found.more)
        self._learn_people(found.entries)
        if not found.entries:
            filtered = bool(self.text.text() or self.person.currentData() or self.span.currentData())
            self._say("没有符合条件的记录，可放宽筛选。" if filtered else "还没有任何操作。导入台账后，这里会记下每一步。")
            self._clear_detail()
            return
        self._say("")
        self._select()

    def _select(self) -> None:
        at = self.model.row_of(self._reveal) if self._reveal is not None else 0
        if at >= 0 and self.model.rowCount():
            self._reveal = None
            self.list.setCurrentIndex(self.model.index(at, 0))

    def _failed(self, error: Exception) -> None:
        self.model.start((), None)
        self._say("没有读到操作记录，原因见上方提示。")
        self._clear_detail()
        self._context.notices.show(error, "没有读到操作记录", retry=self.load)

    def _say(self, text: str) -> None:
        self._said.setText(text)
        self._said.setVisible(bool(text))

    def _learn_people(self, entries: Sequence[Any]) -> None:
        for person in sorted({entry.person for entry in entries}):
            if self.person.findData(person) < 0:
                self.person.addItem(person, person)

    # --- one entry -------------------------------------------------------------

    def current(self) -> Any:
        """The selected entry or None."""
        entries, at = self.model.entries(), self.list.currentIndex().row()
        return entries[at] if 0 <= at < len(entries) else None

    def _chosen(self, _new: QModelIndex, _old: QModelIndex) -> None:
        entry = self.current()
        self._confirm.hide()
        if entry is None:
            self._clear_detail()
            return
        self._title.setText(entry.label)
        self._line.setText(f"{entry.person} · {said(entry.at, self._today)} · {summary_words(entry)} · 记录号 {entry.id}")
        self._show_state(entry)
        self.changes.show(())
        self._note.setText("正在读取改动…")
        self._context.jobs.read(
            lambda: self._services.detail(entry.id, 0, _DETAIL), lambda lines: self._show_detail(entry.id, lines), self._detail_failed
        )

    def _show_state(self, entry: Any) -> None:
        undone, back = entry.undone_by is not None, entry.undoes is not None
        self._state.setVisible(undone or back)
        self._state.setText("已撤销" if undone else "撤销操作")
        self._state.setProperty("chip", "warning" if undone else "info")
        restyle(self._state)
        self.undo_button.setVisible(True)
        self.undo_button.setEnabled(not undone)

    def _show_detail(self, entry_id: int, lines: Sequence[ChangeLine]) -> None:
        entry = self.current()
        if entry is None or entry.id != entry_id:
            return
        self.changes.show(lines)
        kinds = "、".join(_KINDS.get(kind, kind) for kind in dict.fromkeys(line.kind for line in lines))
        full = len(lines) >= _DETAIL
        self._note.setText(
            f"列出前 {len(lines)} 项改动（{kinds}）" if full else f"共 {len(lines)} 项改动" if lines else "没有逐项记录的改动"
        )

    def _detail_failed(self, error: Exception) -> None:
        self._note.setText("没有读到改动")
        self._context.notices.show(error, "没有读到这次操作的改动")

    def _clear_detail(self) -> None:
        self._title.setText("选一条记录，看它改了什么")
        self._line.setText("")
        self._state.hide()
        self.undo_button.hide()
        self._confirm.hide()
        self.changes.show(())
        self._note.setText("")

    def ask_undo(self) -> None:
        """Asks before taking the selected entry back."""
        entry = self.current()
        if entry is None or entry.undone_by is not None:
            return
        why = f"{summary_words(entry)}，将恢复为操作之前的样子。如果其中有行后来又被改过，会拒绝撤销并说明是哪些。撤销之后可以重做。"
        self._confirm.ask(f"撤销「{entry.label}」？", why, "撤销此操作", lambda: self._undo(entry))

    def _undo(self, entry: Any) -> None:
        self._context.jobs.run(
            f"正在撤销：{entry.label}",
            lambda _progress: self._services.undo(entry.id),
            done=lambda _result: self._undone(entry),
            failed=lambda error: self._context.notices.show(error, f"没有撤销「{entry.label}」"),
        )

    def _undone(self, entry: Any) -> None:
        self._context.notices.success(f"已撤销：{entry.label}")
        self._context.bus.tell(Changed.ALL)
