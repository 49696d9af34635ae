"""What the field says differently from the ledger: classes, a table, one difference in full."""

from collections import Counter
from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QSplitter, QStackedWidget, QWidget

from lvdesk.fieldwork.return_model import DifferenceClass, FieldDifferenceView
from lvdesk.kit.table import Row
from ui.panes.base import Context
from ui.panes.fieldwork.listing import Listing
from ui.panes.fieldwork.return_classes import ClassList
from ui.panes.fieldwork.return_inspector import DifferenceInspector
from ui.panes.fieldwork.return_latest import Latest
from ui.panes.fieldwork.return_loading import Compared, ReturnServices
from ui.panes.fieldwork.return_words import DIFFERENCE_COLUMNS, difference_line
from ui.parts import button, card, column, label, picture, row
from ui.theme.tokens import tokens
from ui.widgets.data_table import DataTable, EmptyText
from ui.widgets.segmented import Segmented
from ui.widgets.state_view import StateView

OPEN, THESE, RESOLVED = "open", "these", "resolved"
_REST_MS = 60
Read = tuple[Compared, Sequence[Row]]
_NONE = EmptyText("check", "没有这样的差异", "换一个类别，或在上方换一种范围")


class DifferencesView(QWidget):
    """Signals: counted(open differences, None while unknown), package_asked(number), files_asked(): to hand something in.

    Attributes:
        compared: as last read; None before.
    """

    counted = Signal(object)
    package_asked = Signal(str)
    files_asked = Signal()

    def __init__(self, context: Context, services: ReturnServices) -> None:
        super().__init__()
        self._context, self._services = context, services
        self.compared: Compared | None = None
        self._these: Sequence[FieldDifferenceView] = ()
        self._shown: dict[str, FieldDifferenceView] = {}
        self._capped = False
        self._latest = Latest(context.jobs)
        self._made: Mapping[int, Row] = {}
        self._today = today = context.workspace.clock().date()
        self.scope = Segmented([(OPEN, "未消除"), (RESOLVED, "已消除")], name="范围")
        self.classes = ClassList()
        self.rows = Listing(DIFFERENCE_COLUMNS)
        self.table = DataTable("fieldwork.differences", context.jobs, context.workspace.settings, name="现场与台账的差异")
        self.table.model.editing = False
        self.table.set_marked_levels(frozenset())
        self.copy_all = button("复制  Ctrl+Shift+C", self.copy, icon_name="copy", name="复制到 Excel")
        self.copy_all.setToolTip("连同表头复制选中的行；没有选中就复制列出的全部")
        self.table.bar.slot.addWidget(self.scope)
        self.table.bar.slot.addWidget(self.copy_all)
        self.inspector = DifferenceInspector(today)
        self.state = StateView()
        self.stale = QFrame()
        self.recounting = button("重新比对", self.recount, icon_name="refresh")
        self._pages = QStackedWidget()
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(_REST_MS)
        self._rest.timeout.connect(self._look)
        self._lay_out()
        self._connect()
        self.state.loading()
        self.table.set_source(self.rows, empty=_NONE)

    def refresh(self) -> None:
        """Reads the differences again."""
        resolved = self.scope.current() == RESOLVED
        klass = self.classes.current() if self._capped else None

        def read() -> Read:
            compared = self._services.differences(klass, resolved=resolved)
            return compared, self.rows.rows_of(difference_line(view, self._today) for view in compared.views)

        self._latest.read(read, lambda read: self._take(read, klass), self._failed)

    def show_return(self, views: Sequence[FieldDifferenceView]) -> None:
        """Narrows to what the last return said, where it said anything."""
        self._these = views
        items = [(OPEN, "未消除"), *([(THESE, "本次回收")] if views else []), (RESOLVED, "已消除")]
        self.scope.set_items(items)
        self.scope.set_count(THESE, len(views))
        self.scope.select(THESE if views else OPEN)
        self.classes.choose(None)
        self.refresh()

    def start(self) -> None:
        """Puts the keyboard on the table."""
        if self._pages.currentIndex() == 1:
            self.table.view.setFocus(Qt.FocusReason.OtherFocusReason)

    def wait(self) -> None:
        """Says that results are on their way where there is nothing else to show."""
        if self._pages.currentIndex() == 0:
            self.state.loading()

    def copy(self) -> None:
        """Lays the selected rows with their heads on the clipboard; all that are listed where none is selected."""
        if len(self.table.selected_ids()) <= 1:
            self.table.view.selectAll()
        self.table.copy(titles=True)

    def recount(self) -> None:
        """Compares everything again."""
        self.recounting.setEnabled(False)
        job = self._context.jobs.run(
            "正在重新比对采录结果",
            self._services.recount,
            done=self._context.bus.tell,
            failed=lambda error: self._context.notices.show(error, "没有比对完", retry=self.recount),
        )
        job.ended.connect(lambda: self.recounting.setEnabled(True))
        job.ended.connect(self.refresh)

    def _lay_out(self) -> None:
        self.stale.setObjectName("staleLine")
        text = label("上次比对之后台账或采录结果有变动，下面的差异可能已经过时")
        inside = row(picture("warning", 18, tokens().amber), text, None, self.recounting, parent=self.stale, gap=10)
        inside.setContentsMargins(14, 4, 6, 4)
        self.stale.hide()
        left = card()
        head = label("差异类别", "h2")
        head.setContentsMargins(16, 10, 0, 2)
        column(head, self.classes, parent=left, gap=4, margin=1).setStretch(1, 1)
        split = QSplitter(Qt.Orientation.Horizontal)
        split.setHandleWidth(12)
        split.setChildrenCollapsible(False)
        for part, least in ((left, 172), (self.table, 380), (self.inspector, 250)):
            part.setMinimumWidth(least)
            split.addWidget(part)
        split.setStretchFactor(1, 1)
        split.setSizes([184, 640, 286])
        waiting = card()
        column(self.state, parent=waiting, gap=0, margin=1)
        whole = QWidget()
        column(self.stale, split, parent=whole, gap=8).setStretch(1, 1)
        self._pages.addWidget(waiting)
        self._pages.addWidget(whole)
        column(self._pages, parent=self, gap=0)

    def _connect(self) -> None:
        self.scope.chosen.connect(lambda _key: self.refresh())
        self.classes.chosen.connect(lambda _klass: self.refresh() if self._capped else self._fill())
        self.table.current_changed.connect(lambda _number: self._rest.start())
        self.table.model.state_changed.connect(self._rest.start)
        self.table.opened.connect(lambda _number: self._open_current())
        self.table.failed.connect(self._context.notices.show)
        self.table.told.connect(self._context.notices.success)
        self.inspector.ledger_asked.connect(self._open)
        self.inspector.package_asked.connect(self.package_asked)

    def _take(self, read: Read, klass: DifferenceClass | None) -> None:
        compared, rows = read
        self.compared = compared
        self._made = {view.id: row for view, row in zip(compared.views, rows, strict=True)}
        total = sum(count for _klass, count in compared.counts)
        scope = self.scope.current()
        if klass is None:
            self._capped = scope == OPEN and len(compared.views) < total
        self.stale.setVisible(compared.stale)
        self.counted.emit(total)
        if not total and not compared.views and scope == OPEN:
            self.state.say(
                "check", "现场与台账没有差异", "回收采录结果之后，与台账不同的地方列在这里", ("选择文件…", self.files_asked.emit)
            )
            if not self._these:
                self._pages.setCurrentIndex(0)
                return
        self.scope.set_count(OPEN, total)
        self._pages.setCurrentIndex(1)
        self.classes.show_counts(self._counts(compared, scope))
        self._fill()

    def _failed(self, error: Exception) -> None:
        if self.compared is None:
            what = getattr(error, "message", "") or "读取差异时出错"
            self.state.say("error", what, getattr(error, "hint", "") or "请重试", ("重试", self.refresh), level="error")
            self._pages.setCurrentIndex(0)
        else:
            self._context.notices.show(error, "没有读到差异", retry=self.refresh)

    def _views(self, compared: Compared, scope: str) -> Sequence[FieldDifferenceView]:
        if scope != THESE:
            return compared.views
        still = {view.id for view in compared.views}
        return self._these if self._capped else [view for view in self._these if view.id in still]

    def _counts(self, compared: Compared, scope: str) -> Mapping[DifferenceClass, int]:
        return dict(compared.counts) if scope == OPEN else Counter(view.klass for view in self._views(compared, scope))

    def _fill(self) -> None:
        if self.compared is None:
            return
        klass = self.classes.current()
        views = [view for view in self._views(self.compared, self.scope.current()) if klass is None or view.klass is klass]
        self._shown = {str(view.id): view for view in views}
        self.table.note = f"先列出 {len(views):,} 条，选一个类别看其余" if self._capped and klass is None else ""
        made, today = self._made, self._today
        self.rows.hold(made[view.id] if view.id in made else self.rows.rows_of([difference_line(view, today)])[0] for view in views)
        self.table.reload()

    def _current(self) -> FieldDifferenceView | None:
        return self._shown.get(self.rows.key_of(self.table.current_id())) if self.table.model.ids else None

    def _look(self) -> None:
        self.inspector.show_difference(self._current())

    def _open_current(self) -> None:
        if (view := self._current()) is not None:
            self._open(view)

    def _open(self, view: FieldDifferenceView) -> None:
        if view.record is None:
            self._context.notices.info(f"台账中没有{view.entity_title} {view.key}")
        else:
            self._context.navigate("ledger", (view.entity, view.key))
