"""The packages: a list by state, the things to visit of the selected one, and everything else about it beside them."""

from collections import Counter
from collections.abc import Sequence

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QSizePolicy, QSplitter, QStackedWidget, QWidget

from lvdesk.fieldwork.model import PACKAGE_STATES, PackageDetail, PackageState, PackageView
from lvdesk.kit.table import Row
from ui.panes.base import Context
from ui.panes.fieldwork.inspector import Inspector
from ui.panes.fieldwork.listing import Listing
from ui.panes.fieldwork.loading import Listed, Services
from ui.panes.fieldwork.words import ITEM_COLUMNS, PACKAGE_COLUMNS, item_line, package_line
from ui.parts import Elided, button, card, column, row
from ui.widgets.data_table import DataTable, EmptyText
from ui.widgets.segmented import Segmented
from ui.widgets.state_view import StateView

_REST_MS = 60
_ALL, _LATE = "all", "overdue"
_NONE = EmptyText("check", "没有这种状态的任务包", "在上方换一种状态")
_NO_ITEMS = EmptyText("list", "没有选中任务包", "在上表选一个任务包，这里按走访顺序列出它的对象")


class PackagesView(QWidget):
    """Signals: new_asked, import_asked, record_asked(entity, key or record id), opened(package number), counted: ``listed`` is another.

    Attributes:
        listed: all packages, None before they were read.
        head: states and search, for the line above the views.
        states: which of them are shown.
    """

    new_asked = Signal()
    import_asked = Signal()
    record_asked = Signal(str, object)
    opened = Signal(str)
    drop_asked = Signal()
    counted = Signal()

    def __init__(self, context: Context, services: Services) -> None:
        super().__init__()
        self._context, self._services = context, services
        self.listed: Listed | None = None
        self._asked = self._looked = 0
        self._start = False
        self._wanted = ""
        settings, today = context.workspace.settings, context.workspace.clock().date()
        titles = [(_ALL, "全部"), *((str(state), title) for state, title in PACKAGE_STATES.items()), (_LATE, "逾期")]
        self.states = Segmented(titles, name="任务包状态")
        self.states.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.rows, self.things = Listing(PACKAGE_COLUMNS), Listing(ITEM_COLUMNS)
        self.table = DataTable("fieldwork.packages", context.jobs, settings, name="任务包", bar_apart=True)
        self.items = DataTable("fieldwork.items", context.jobs, settings, name="任务包中的对象")
        self.of = Elided("", Qt.TextElideMode.ElideMiddle, "strong")
        self.drop = button("移出任务包…", self.drop_asked.emit, "", "minus")
        self.head = QWidget()
        row(self.states, self.table.bar, parent=self.head, gap=8).setStretch(1, 1)
        self.items.bar.slot.addWidget(self.of, 1)
        self.items.bar.slot.addWidget(self.drop)
        for table, levels in ((self.table, frozenset({"error"})), (self.items, frozenset[str]())):
            table.model.editing = False
            table.set_marked_levels(levels, by_rows=True)
        for way, text in ((self.table.foot.previous, "上一个逾期 Shift+F8"), (self.table.foot.following, "下一个逾期 F8")):
            way.setText(text)
            way.setAccessibleName(text)
        self.inspector = Inspector(today)
        self.state = StateView()
        self.state.loading()
        self._pages = QStackedWidget()
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(_REST_MS)
        self._rest.timeout.connect(self._look)
        self._lay_out()
        self._connect()
        self.table.set_source(self.rows, empty=_NONE)
        self.items.set_source(self.things, empty=_NO_ITEMS)

    def refresh(self) -> None:
        """Reads the packages again."""
        self._asked += 1
        asked = self._asked

        def take(listed: Listed) -> None:
            if asked == self._asked:
                self._take(listed)

        def fail(error: Exception) -> None:
            if asked == self._asked:
                self._failed(error)

        self._context.jobs.read(self._services.packages, take, fail)

    def show_package(self, package_no: str) -> None:
        """Goes to a package, now or when it is listed."""
        self._wanted = package_no
        self.states.select(_ALL)
        self._fill()

    def show_state(self, key: str) -> None:
        """Lists one state: its name, "all" or "overdue"."""
        self.states.select(key)
        self._fill()

    def current(self) -> str:
        """Number of the current package; "" when there is none."""
        return self.rows.key_of(self.table.current_id())

    def chosen_items(self) -> list[str]:
        """``entity|key`` of the selected things, or the current one."""
        ids = self.items.selected_ids()
        return [key for each in ids if (key := self.things.key_of(each))]

    def _lay_out(self) -> None:
        left = QSplitter(Qt.Orientation.Vertical)
        side = QSplitter(Qt.Orientation.Horizontal)
        for split, parts in ((left, ((self.table, 200), (self.items, 180))), (side, ((left, 420), (self.inspector, 300)))):
            split.setHandleWidth(12)
            split.setChildrenCollapsible(False)
            for part, least in parts:
                if split is left:
                    part.setMinimumHeight(least)
                else:
                    part.setMinimumWidth(least)
                split.addWidget(part)
        left.setSizes([260, 300])
        side.setStretchFactor(0, 1)
        side.setSizes([760, 330])
        waiting = card()
        column(self.state, parent=waiting, gap=0, margin=1)
        self._pages.addWidget(waiting)
        self._pages.addWidget(side)
        column(self._pages, parent=self, gap=0)

    def _connect(self) -> None:
        self.states.chosen.connect(lambda _key: self._fill())
        self.table.current_changed.connect(lambda _number: self._rest.start())
        self.table.model.state_changed.connect(self._rest.start)
        self.table.opened.connect(lambda number: self.opened.emit(self.rows.key_of(number)))
        self.items.opened.connect(self._open_item)
        self.items.view.selectionModel().selectionChanged.connect(lambda *_parts: self._follow_items())
        for table in (self.table, self.items):
            table.failed.connect(self._context.notices.show)
            table.told.connect(self._context.notices.success)

    def _take(self, listed: Listed) -> None:
        self.listed = listed
        self.counted.emit()
        if not listed.packages:
            self._say_none(ledger=listed.ledger)
            self._show_list(shown=False)
            return
        first = self._pages.currentIndex() == 0
        self._fill()
        self._show_list(shown=True)
        if first and self.isVisible():
            self._start = True

    def _show_list(self, *, shown: bool) -> None:
        """The list with what narrows it, or what is said in its place."""
        self._pages.setCurrentIndex(1 if shown else 0)
        self.states.setVisible(shown)
        self.table.bar.setVisible(shown)

    def _say_none(self, *, ledger: bool) -> None:
        if ledger:
            hint = "按线路或台区挑出需要到现场的计量箱，编好走访顺序，打印表单"
            self.state.say("clipboard", "还没有任务包", hint, ("新建任务包 Ctrl+N", self.new_asked.emit))
        else:
            hint = "先导入台账，再按线路或台区建立任务包、打印现场表单"
            self.state.say("clipboard", "还没有任务包：台账是空的", hint, ("导入台账", self.import_asked.emit))

    def _failed(self, error: Exception) -> None:
        if self.listed is None:
            what = getattr(error, "message", "") or "读取任务包时出错"
            self.state.say("error", what, getattr(error, "hint", "") or "请重试", ("重试", self.refresh), level="error")
            self._show_list(shown=False)
        else:
            self._context.notices.show(error, "没有读到任务包", retry=self.refresh)

    def _fill(self) -> None:
        if self.listed is None:
            return
        packages = self.listed.packages
        counts = Counter(str(view.state) for view in packages)
        counts[_ALL], counts[_LATE] = len(packages), sum(view.overdue > 0 for view in packages)
        for key in (_ALL, *(str(state) for state in PackageState), _LATE):
            self.states.set_count(key, counts[key])
        chosen = self.states.current()
        self.rows.fill(package_line(view) for view in packages if _answers(view, chosen))
        number = self.rows.number_of(self._wanted) if self._wanted else None
        self.table.reload()
        if number is not None:
            self._wanted = ""
            self.table.go_to(number)

    def _look(self) -> None:
        if self._start and self.table.model.rowCount():  # the list is on screen only now
            self._start = False
            self.table.view.setFocus(Qt.FocusReason.OtherFocusReason)
        number = self.current()
        if not number or not self.table.model.ids:
            self.inspector.clear()
            self._show_items(None, ())
            return
        self._looked += 1
        looked = self._looked

        def read() -> tuple[PackageDetail, list[Row]]:
            detail = self._services.show(number)
            return detail, self.things.rows_of(item_line(item) for item in detail.items)

        def take(read: tuple[PackageDetail, list[Row]]) -> None:
            if looked == self._looked and self.listed is not None:
                self.inspector.show_package(read[0], self.listed.allowed)
                self._show_items(*read)

        self._context.jobs.read(read, take, self._context.notices.show)

    def _show_items(self, detail: PackageDetail | None, rows: Sequence[Row]) -> None:
        self.things.hold(rows)
        self.of.set_text(f"走访顺序 · {detail.view.package_no} · {len(rows):,} 个对象" if detail is not None else "走访顺序")
        self.items.reload()
        self._follow_items()

    def _follow_items(self) -> None:
        detail = self.inspector.detail
        allowed = self.listed.allowed.get("drop", frozenset()) if self.listed is not None else frozenset()
        able = detail is not None and detail.view.state in allowed
        self.drop.setVisible(able)
        self.drop.setEnabled(able and bool(self.chosen_items()))

    def _open_item(self, number: int) -> None:
        key = self.things.key_of(number)
        detail = self.inspector.detail
        item = next((each for each in detail.items if f"{each.entity}|{each.key}" == key), None) if detail is not None else None
        if item is not None and item.record is not None:
            self.record_asked.emit(item.entity, item.record)
        elif item is not None:
            self._context.notices.info(f"台账中已没有 {item.entity_title} {item.key}", "可能已在新台账中去掉")


def _answers(view: PackageView, chosen: str) -> bool:
    return chosen == _ALL or (chosen == _LATE and view.overdue > 0) or str(view.state) == chosen
