"""贯通对账: the disagreements of the three sides, the rates, answers of other systems, suspected links, network changes."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QFileDialog, QSizePolicy, QStackedWidget

from lvdesk.network.changed import Changed
from ui.actions import Action
from ui.notices import Offer
from ui.panes.base import Context, Pane
from ui.panes.reconcile import listings
from ui.panes.reconcile.differences import DifferencesView
from ui.panes.reconcile.listings import CASES, RECEIPTS, SUSPECTS, SYNC
from ui.panes.reconcile.loading import Services, StationReconcile
from ui.panes.reconcile.rates_view import RatesView
from ui.parts import button, column, row
from ui.widgets.asking import Asking
from ui.widgets.list_view import ListView
from ui.widgets.segmented import Segmented
from ui.widgets.working import Working

if TYPE_CHECKING:
    from lvdesk.exchange.feedback import Fed
    from lvdesk.exchange.receipts.model import Received
    from lvdesk.exchange.reconcile.model import Reconciled
    from lvdesk.exchange.sync.deciding import Adopted

DIFFERENCES, RATES = "differences", "rates"
_VIEWS: Final = (
    (DIFFERENCES, "差异"),
    (RATES, "贯通率"),
    (RECEIPTS, "回执待办"),
    (SUSPECTS, "疑似错挂"),
    (SYNC, "站线变"),
    (CASES, "异动"),
)
_FILES: Final = "回执和回写 (*.xlsx *.xls *.csv *.et);;所有文件 (*)"


class ReconcilePane(Pane):
    """Six views over one answer: do all systems agree, and who has to do what."""

    key: ClassVar[str] = "reconcile"
    title: ClassVar[str] = "贯通对账"
    group: ClassVar[str] = "数据"
    icon: ClassVar[str] = "compare"
    order: ClassVar[int] = 50
    cares: ClassVar[Changed] = Changed.RECONCILING | Changed.ANSWERS | Changed.NETWORK | Changed.EXPORTS | Changed.REVIEW
    files: ClassVar[bool] = True

    def __init__(self, context: Context, services: Services | None = None) -> None:
        super().__init__(context)
        self._services: Services = services or StationReconcile(context.workspace)
        self._waiting = 0
        self.differences = DifferencesView(context, self._services)
        self.rates = RatesView(context, self._services)
        self.receipts = ListView(context, listings.receipts(self._services), [("办结…", self._ask_settle), ("打开台账", self._open_line)])
        self.suspects = ListView(context, listings.suspects(lambda: ()), [("打开台账", self._open_suspect)])
        deeds = [("采用编号", self._adopt), ("不属本所", lambda: self._decide("other")), ("新建", lambda: self._decide("new"))]
        self.sync = ListView(context, listings.sync(lambda: ()), deeds)
        self.cases = ListView(context, listings.cases(self._services), [("办结…", self._ask_close)])
        self.working = Working("取消")
        self.switch = Segmented(_VIEWS, name="视图")
        self.switch.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.views = QStackedWidget()
        for view in (self.differences, self.rates, self.receipts, self.suspects, self.sync, self.cases):
            self.views.addWidget(view)
        self._done: set[str] = set()
        self._lay_out()
        self._connect()

    def refresh(self, _changed: Changed) -> None:
        """Reads what is on screen and what is counted anew."""
        self.differences.refresh()
        self.rates.refresh()
        self.receipts.refresh()
        self.cases.refresh()
        self._done.clear()
        self._work_out(self.switch.current())

    def badge(self) -> int:
        """Disagreements that stand."""
        return self._waiting

    def toolbar_actions(self) -> Sequence[Action]:
        """Reconcile, take answers in, resolve, the views."""
        group = "贯通对账"
        turns = [
            Action(f"reconcile.view_{key}", f"查看{title}", partial(self.show_view, key), f"Alt+{place}", "list", group, in_bar=False)
            for place, (key, title) in enumerate(_VIEWS, 1)
        ]
        return (
            Action("reconcile.run", "重新对账", self.run, "F9", "refresh", group, in_bar=False),
            Action("reconcile.take", "接收回执和回写…", self.ask_files, "Ctrl+Shift+O", "import", group, in_bar=False),
            Action("reconcile.correct", "派更正…", self._correct, "Ctrl+Return, Ctrl+Enter", "check", group, in_bar=False),
            Action("reconcile.except", "列为例外…", self._except, "Ctrl+Shift+X", "shield", group, in_bar=False),
            *turns,
        )

    def reveal(self, target: object) -> None:
        """A view's key."""
        if isinstance(target, str) and target in dict(_VIEWS):
            self.show_view(target)

    def accept_files(self, paths: Sequence[Path]) -> None:
        """Takes receipts and feedback in."""
        self.take(paths)

    def show_view(self, key: str) -> None:
        """Turns to a view."""
        self.switch.select(key)
        self.views.setCurrentIndex([name for name, _title in _VIEWS].index(key))
        self._work_out(key)
        if key == DIFFERENCES:
            self.differences.start()

    def run(self) -> None:
        """Compares the three sides anew."""
        self._begin("正在三方对账", self._services.run, self._ran)

    def ask_files(self) -> None:
        """Asks for the files of the other systems."""
        dialog = QFileDialog(self, "接收回执和电源信息回写", str(self.context.workspace.settings.get("reconcile.answers", "")), _FILES)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        dialog.filesSelected.connect(lambda names: self.take([Path(name) for name in names]))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def take(self, paths: Sequence[Path]) -> None:
        """Takes answers of other systems in; their kind is told by their columns."""
        self.context.workspace.settings.set("reconcile.answers", str(paths[0].parent))
        self._begin("正在接收回执和回写", lambda progress: self._services.take(paths, progress), self._taken)

    def _lay_out(self) -> None:
        tools = row(
            self.switch, None, button("接收回执和回写…", self.ask_files, icon_name="import", name="接收回执和回写"),
            button("重新对账  F9", self.run, "primary", name="重新对账"), gap=8,
        )  # fmt: skip
        inside = column(tools, self.working, self.views, parent=self, gap=10)
        inside.setContentsMargins(20, 12, 16, 14)
        inside.setStretch(2, 1)

    def _connect(self) -> None:
        self.switch.chosen.connect(self.show_view)
        self.differences.run_asked.connect(self.run)
        self.rates.run_asked.connect(self.run)
        self.rates.area_asked.connect(self._show_area)
        self.differences.counted.connect(self._counted)
        self.receipts.counted.connect(lambda count: self.switch.set_count(RECEIPTS, count))
        self.cases.counted.connect(lambda count: self.switch.set_count(CASES, count))
        self.suspects.counted.connect(lambda count: self.switch.set_count(SUSPECTS, count))
        self.sync.counted.connect(lambda count: self.switch.set_count(SYNC, count))
        stop = QShortcut(QKeySequence(Qt.Key.Key_Escape), self, context=Qt.ShortcutContext.WidgetWithChildrenShortcut)
        stop.activated.connect(self.working.stop)

    def _begin(self, title: str, work: Callable[..., Any], done: Callable[[Any], object]) -> None:
        job = self.context.jobs.run(title, work, done=done, failed=self.context.notices.show)
        self.working.follow(job, title)

    def _ran(self, done: "Reconciled") -> None:
        agreed, compared = done.people
        share = f"贯通率 {agreed / compared:.2%}（{compared:,} 户中 {agreed:,} 户）" if compared else "还没有电源信息回写，算不出贯通率"
        self.context.notices.success("对账完成", f"{share}；新发现 {done.new:,} 处，已一致 {done.resolved:,} 处")
        self.context.bus.tell(done.changed | Changed.RECONCILING)

    def _taken(self, found: "tuple[Received, Fed | None]") -> None:
        received, fed = found
        refused = [each for each in received.files if each.status == "refused" and each.code != "receipt.other"]
        parts = [f"新编号 {received.paired:,} 个，待办 {len(received.rejects):,} 条，已回执 {received.items:,} 项"] if received.rows else []
        parts += [f"电源信息 {fed.customers:,} 户，与台账不一致 {fed.differing:,} 户"] if fed is not None else []
        if refused:
            self.context.notices.warning(f"{len(refused)} 个文件没有接收", refused[0].reason, refused[0].hint)
        if parts:
            offer = Offer("重新对账", self.run)
            self.context.notices.success("已接收", "；".join(parts), offer=offer)
        changed = received.changed | (fed.changed if fed is not None else Changed.NOTHING)
        self.context.bus.tell(changed)
        if received.rejects:
            self.show_view(RECEIPTS)

    def _work_out(self, key: str) -> None:
        """What takes a while is worked out when somebody looks at it."""
        work = {
            SUSPECTS: (self.suspects, "正在诊断上级电源", self._services.suspects),
            SYNC: (self.sync, "正在比较站线变", self._services.compare),
        }
        if key not in work or key in self._done:
            return
        self._done.add(key)
        view, title, ask = work[key]
        view.state.loading()
        job = self.context.jobs.run(title, ask, writes=False, done=view.show_things, failed=view.failed)
        self.working.follow(job, title)

    def _adopt(self) -> None:
        lines = self.sync.picked()

        def done(made: "Adopted") -> None:
            undo = Offer("撤销", lambda: self.context.actions.trigger("edit.undo"))
            self.context.notices.success(f"已采用 {made.done:,} 个编号", "；".join(made.refused[:3]), offer=undo)
            self.context.bus.tell(made.changed)

        work = partial(self._services.adopt, lines)
        self.context.jobs.run("正在采用编号", lambda _progress: work(), done=done, failed=self.context.notices.show)

    def _decide(self, decision: str) -> None:
        lines = self.sync.picked()

        def work() -> Changed:
            changed = Changed.NOTHING
            for line in lines:
                changed |= self._services.decide(line, decision)
            return changed

        self.context.jobs.run("正在保存认定", lambda _progress: work(), done=self.context.bus.tell, failed=self.context.notices.show)

    def _show_area(self, number: str) -> None:
        self.show_view(DIFFERENCES)
        self.differences.show_area(number)

    def _counted(self, count: int) -> None:
        self._waiting = count
        self.switch.set_count(DIFFERENCES, count)
        self.badge_changed.emit()

    def _correct(self) -> None:
        if self.switch.current() == DIFFERENCES:
            self.differences.ask_correct()

    def _except(self) -> None:
        if self.switch.current() == DIFFERENCES:
            self.differences.ask_except()

    def _ask_settle(self) -> None:
        numbers = [each.number for each in self.receipts.picked()]
        self._ask(f"办结 {len(numbers)} 条回执待办", lambda how: self._services.settle(numbers, how))

    def _ask_close(self) -> None:
        numbers = [each.case_no for each in self.cases.picked()]
        self._ask(f"办结 {len(numbers)} 件异动", lambda how: self._services.close(numbers, how))

    def _ask(self, what: str, work: Callable[[str], Changed]) -> None:
        dialog = Asking(self, "办结", what, reason="怎么办结的")

        def agreed(how: str, _day: str) -> None:
            undo = Offer("撤销", lambda: self.context.actions.trigger("edit.undo"))

            def done(changed: Changed) -> None:
                self.context.notices.success(f"已{what}", offer=undo)
                self.context.bus.tell(changed)

            self.context.jobs.run("正在办结", lambda _progress: work(how), done=done, failed=self.context.notices.show)

        dialog.agreed.connect(agreed)
        dialog.open()

    def _open_line(self) -> None:
        for each in self.receipts.picked()[:1]:
            self.context.navigate("ledger", (each.entity, each.key))

    def _open_suspect(self) -> None:
        for each in self.suspects.picked()[:1]:
            self.context.navigate("ledger", (each.entity, each.key))
