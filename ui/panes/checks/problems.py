"""The findings: groups, table, inspector."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QSplitter, QStackedWidget, QWidget

from lvdesk.kit.table import Condition, Filter
from lvdesk.network.changed import Changed
from ui.models.table_model import State
from ui.panes.base import Context
from ui.panes.checks.arranged import Arranged
from ui.panes.checks.groups import GroupList
from ui.panes.checks.inspector import FindingInspector
from ui.panes.checks.loading import Services, Wanted
from ui.panes.checks.runner import LEVELS, Runner
from ui.parts import card, column, row
from ui.widgets.data_table import DataTable, EmptyText
from ui.widgets.segmented import Segmented
from ui.widgets.state_view import StateView

if TYPE_CHECKING:
    from lvdesk.checks.checking import CheckState
    from lvdesk.checks.findings import Group

_REST_MS = 90  # a row passed over with a held key is not read
_STATES = (("open", "未处理"), ("excepted", "例外"), ("resolved", "已解决"))
_BY = (("rule", "规则"), ("area", "台区"), ("field", "字段"))
_ALL_LEVELS = frozenset(key for key, _title in LEVELS)
_NOTHING = {
    "open": EmptyText("success", "这一组没有未处理的问题", "在左侧选另一组，或查看例外和已解决的问题"),
    "excepted": EmptyText("list", "没有例外", "确认不必改正的问题可以列为例外，写明原因和期限"),
    "resolved": EmptyText("list", "还没有已解决的问题", "改正数据并重新检查后，不再出现的问题列在这里"),
}


class ProblemsView(QWidget):
    """Signals: runs_asked, import_asked: ways on from an empty page."""

    runs_asked = Signal()
    import_asked = Signal()

    def __init__(self, context: Context, services: Services, runner: Runner) -> None:
        super().__init__()
        self._context, self._services, self._runner = context, services, runner
        self._wanted = Wanted()
        self._shown: Wanted | None = None
        self._asked = 0
        self.by = Segmented(_BY, name="分组方式")
        self.states = Segmented(_STATES, name="处理情况")
        self.groups = GroupList()
        self.table = DataTable("checks", context.jobs, context.workspace.settings, name="问题清单")
        self.table.set_marked_levels(_ALL_LEVELS, by_rows=True)
        self.table.bar.slot.addWidget(self.states)
        self.inspector = FindingInspector(context, services)
        self.state = StateView()
        self._pages = QStackedWidget()
        ground = card()
        column(self.state, parent=ground, gap=0)
        self._pages.addWidget(ground)
        self._pages.addWidget(self._split())
        column(self._pages, parent=self, gap=0)
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(_REST_MS)
        self._rest.timeout.connect(self._show_row)
        self._connect()
        self.state.loading()

    def refresh(self) -> None:
        """Reads groups and rows again and stays where one is."""
        if self._shown is not None:
            self._ask_groups()
            self.table.reload()

    def show_level(self, level: str) -> None:
        """All open findings of one severity, or the exceptions."""
        self._turn_to("excepted" if level == "excepted" else "open")
        self.groups.choose(None)
        title = dict(LEVELS).get(level)
        self.table.set_filter("severity", Filter("severity", Condition.ONE_OF, (title,)) if title else None)

    def show_rule(self, code: str) -> None:
        """The open findings of one rule."""
        self._turn_to("open")
        self.by.select("rule")
        self._choose(Wanted("rule", code, "open"))
        self._ask_groups()
        self.table.clear_filters()

    def show_finding(self, identity: int) -> None:
        """Makes one finding current in the list of all."""
        self._turn_to("open")
        self.table.clear_filters()
        self.groups.choose(None)
        self.table.go_to(identity)

    def group_words(self) -> str:
        """The chosen group in words, for conditions."""
        group = self.groups.current()
        state = dict(_STATES)[self._wanted.state]
        return f"{state}的问题" + (f"，{dict(_BY)[self._wanted.by]}为“{group.title}”" if group else "")

    def focus(self) -> None:
        """Puts the keyboard where work starts."""
        inside = self._pages.currentIndex() == 1
        (self.table.view if inside else self.state).setFocus(Qt.FocusReason.OtherFocusReason)

    def _split(self) -> QWidget:
        left = card()
        head = row(self.by)
        head.setContentsMargins(12, 10, 12, 6)
        column(head, self.groups, parent=left, gap=0, margin=1).setStretch(1, 1)
        split = QSplitter(Qt.Orientation.Horizontal)
        split.setHandleWidth(12)
        split.setChildrenCollapsible(False)
        for part, least in ((left, 200), (self.table, 330), (self.inspector, 264)):
            part.setMinimumWidth(least)
            split.addWidget(part)
        split.setStretchFactor(1, 1)
        split.setSizes([230, 600, 310])
        return split

    def _connect(self) -> None:
        self._runner.arrived.connect(self._follow)
        self._runner.moved.connect(self._follow)
        self._runner.failed.connect(self._failed)
        self.by.chosen.connect(self._group_by)
        self.states.chosen.connect(self._turn_to)
        self.groups.chosen.connect(lambda key: self._choose(Wanted(self._wanted.by, key, self._wanted.state)))
        self.table.current_changed.connect(lambda _identity: self._rest.start())
        self.table.model.state_changed.connect(self._maybe_clear)
        self.table.failed.connect(self._context.notices.show)
        self.table.told.connect(self._context.notices.success)

    def _follow(self) -> None:
        """The whole page says what is to be done when there is nothing to list."""
        state = self._runner.state
        if state is None:
            return
        if not state.at:
            self._never()
        elif not state.rules_run:
            offers = (("导入台账", self.import_asked.emit), ("查看运行情况", self.runs_asked.emit))
            self.state.say("database", "还没有可以检查的数据", "导入台账后再检查", *offers)
        elif not sum(state.counts.values()) + state.excepted + state.resolved:
            self._all_clear(state)
        else:
            self._show_counts(state)
            return
        self._pages.setCurrentIndex(0)

    def _show_counts(self, state: "CheckState") -> None:
        counts = (sum(state.counts.values()), state.excepted, state.resolved)
        for (key, _title), count in zip(_STATES, counts, strict=True):
            self.states.set_count(key, count)
        self._pages.setCurrentIndex(1)
        if self._shown is None:
            self._choose(self._wanted)
            self._ask_groups()

    def _never(self) -> None:
        if self._runner.running:
            self.state.say("shield", "正在检查…", "第一次检查会看遍全部台账；可以继续做别的事")
        else:
            self.state.say(
                "shield", "还没有检查过", "检查会按规则手册把全部台账看一遍，只找问题，不改数据", ("开始检查  F5", self._runner.check)
            )

    def _all_clear(self, state: "CheckState") -> None:
        run, skipped = len(state.rules_run), len(state.rules_skipped)
        more = f"，{skipped} 条因缺少数据或已停用没有运行" if skipped else ""
        self.state.say("success", "没有发现问题", f"{run} 条规则全部通过{more}", ("查看运行情况", self.runs_asked.emit), level="success")

    def _failed(self, error: Exception) -> None:
        hint = getattr(error, "hint", "") or "请重试；若仍失败，请在帮助中导出诊断信息"
        said = getattr(error, "message", "") or "没有读到检查结果"
        self.state.say("error", said, hint, ("重试", self._retry), level="error")
        self._pages.setCurrentIndex(0)

    def _retry(self) -> None:
        self.state.loading()
        self._runner.follow(Changed.CHECKS)
        self.refresh()

    def _turn_to(self, state: str) -> None:
        self.states.select(state)
        self._choose(Wanted(self._wanted.by, None, state))
        self._ask_groups()

    def _group_by(self, by: str) -> None:
        self._choose(Wanted(by, None, self._wanted.state))
        self._ask_groups()

    def _choose(self, wanted: Wanted) -> None:
        self._wanted = wanted
        rows = wanted if wanted.key is not None else Wanted(state=wanted.state)
        if rows == self._shown:
            return
        kept = self.table.model.query.filters if self._shown is not None and self._shown.state == wanted.state else ()
        self._shown = rows
        self.table.set_source(Arranged(self._services.table(rows)), key=f"checks.{wanted.state}", empty=_NOTHING[wanted.state])
        for each in kept:
            self.table.set_filter(each.column, each)

    def _ask_groups(self) -> None:
        self._asked += 1
        asked, wanted = self._asked, self._wanted

        def take(groups: "Sequence[Group]") -> None:
            if asked == self._asked:
                if self._wanted.key not in {None, *(group.key for group in groups)}:  # its last finding is gone
                    self._choose(Wanted(wanted.by, None, wanted.state))
                self.groups.show_groups(groups, self._wanted.key)

        self._context.jobs.read(lambda: self._services.groups(wanted.by, wanted.state), take, self._context.notices.show)

    def _show_row(self) -> None:
        identity = self.table.current_id()
        if identity is not None:
            self.inspector.show_finding(identity)

    def _maybe_clear(self) -> None:
        if self.table.model.state is State.READY and not self.table.model.ids:
            self._rest.stop()
            self.inspector.clear()
        elif self.table.model.state is State.READY:
            self._rest.start()
