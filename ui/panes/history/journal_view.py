"""The journal: filters and entries at the left, what one entry changed at the right."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QTimer
from PySide6.QtWidgets import QComboBox, QFrame, QLineEdit, QListView, QStackedWidget, QWidget

from ui.panes.base import Context
from ui.panes.history.delegate import EntryDelegate
from ui.panes.history.entry_detail import EntryDetail
from ui.panes.history.loading import Page, Services, Wanted, page
from ui.panes.history.model import EntriesModel
from ui.parts import card, clearable, column, row
from ui.widgets.state_view import StateView

if TYPE_CHECKING:
    from lvdesk.history import Entry

_SPANS = (("全部时间", 0), ("今天", 1), ("最近 7 天", 7), ("最近 30 天", 30))
_PAUSE_MS = 250
_WIDTH = 460


class JournalView(QWidget):
    """Reads pages as one scrolls; a detail as one moves through the list."""

    def __init__(self, context: Context, services: Services) -> None:
        super().__init__()
        self._context, self._services = context, services
        self._serial = 0
        self._reveal: int | None = None
        self.text, self.person, self.span = QLineEdit(), QComboBox(), QComboBox()
        self.model = EntriesModel(self)
        self.list, self.state, self._pages = QListView(), StateView(), QStackedWidget()
        self.detail = EntryDetail(context, services)
        self._prepare()
        whole = row(self._left(), self.detail, parent=self, gap=12)
        whole.setStretch(0, 2)
        whole.setStretch(1, 3)
        pause = QTimer(self, interval=_PAUSE_MS, singleShot=True)
        pause.timeout.connect(self.load)
        self.text.textChanged.connect(lambda _text: pause.start())
        self.person.currentIndexChanged.connect(self.load)
        self.span.currentIndexChanged.connect(self.load)
        self.model.wants_more.connect(self._load_more)
        self.list.selectionModel().currentChanged.connect(self._chosen)

    def _prepare(self) -> None:
        self.text.setPlaceholderText("筛选操作，如 导入、销户")
        clearable(self.text)
        self.person.addItem("所有人员", "")
        for name, days in _SPANS:
            self.span.addItem(name, days)
        self.list.setModel(self.model)
        self.list.setItemDelegate(EntryDelegate(self._context.workspace.clock().date(), self.list))
        self.list.setMouseTracking(True)
        names = ((self.text, "按操作内容筛选"), (self.person, "按人员筛选"), (self.span, "按时间筛选"), (self.list, "操作记录"))
        for part, name in names:
            part.setAccessibleName(name)

    def _left(self) -> QFrame:
        filters = row(self.text, self.person, self.span, gap=8)
        filters.setStretch(0, 1)
        filters.setContentsMargins(12, 12, 12, 10)
        self._pages.addWidget(self.list)
        self._pages.addWidget(self.state)
        left = card()
        left.setMaximumWidth(_WIDTH)
        column(filters, self._pages, parent=left, gap=0, margin=1).setStretch(1, 1)
        return left

    def load(self) -> None:
        """Reads the first page with the filters as they stand."""
        self._serial += 1
        if not self.model.rowCount():
            self.state.loading()
            self._pages.setCurrentIndex(1)
        self._ask(None, self._start)

    def reveal(self, entry_id: int) -> None:
        """Selects an entry, now or when it is read."""
        self._reveal = entry_id
        self._select()

    def current(self) -> "Entry | None":
        """The selected entry."""
        entries, at = self.model.entries(), self.list.currentIndex().row()
        return entries[at] if 0 <= at < len(entries) else None

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
        before = self.current()
        if self._reveal is None and before is not None:
            self._reveal = before.id
        self.model.start(found.entries, found.more)
        self._learn_people(found.entries)
        if found.entries:
            self._pages.setCurrentIndex(0)
            self._select()
            return
        self._reveal = None
        if self.text.text() or self.person.currentData() or self.span.currentData():
            self._say("filter", "没有符合条件的记录", "可以放宽筛选条件。", ("清除筛选", self._clear_filters))
        else:
            self._say("history", "还没有任何操作", "导入台账之后，这里会记下每一步，都能撤销。")

    def _select(self) -> None:
        at = self.model.row_of(self._reveal) if self._reveal is not None else -1
        if self.model.rowCount():
            self._reveal = None
            self.list.setCurrentIndex(self.model.index(max(at, 0), 0))

    def _failed(self, error: Exception) -> None:
        self.model.start((), None)
        self._say("error", "没有读到操作记录", "原因见上方提示。", ("重试", self.load), level="error")
        self._context.notices.show(error, "没有读到操作记录", retry=self.load)

    def _say(self, icon: str, title: str, hint: str, *offers: tuple[str, Callable[[], object]], level: str = "") -> None:
        self.state.say(icon, title, hint, *offers, level=level)
        self._pages.setCurrentIndex(1)
        self.detail.clear()

    def _clear_filters(self) -> None:
        self.person.setCurrentIndex(0)
        self.span.setCurrentIndex(0)
        self.text.clear()

    def _learn_people(self, entries: "Sequence[Entry]") -> None:
        for person in sorted({entry.person for entry in entries}):
            if self.person.findData(person) < 0:
                self.person.addItem(person, person)

    def _chosen(self, _new: QModelIndex, _old: QModelIndex) -> None:
        entry = self.current()
        if entry is None:
            self.detail.clear()
        else:
            self.detail.show_entry(entry)
