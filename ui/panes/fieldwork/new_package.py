"""The page for a new package: where, why, who and when on the left, what it comes to on the right."""

from functools import partial

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QSplitter, QStackedWidget, QWidget

from lvdesk.fieldwork.model import Created, Request
from lvdesk.kit.errors import LVDeskError
from lvdesk.kit.progress import Progress
from ui.jobs import Job
from ui.notices import Offer
from ui.panes.base import Context
from ui.panes.fieldwork.area_picks import AreaPicks
from ui.panes.fieldwork.loading import Choices, Scope, Services
from ui.panes.fieldwork.plan_card import PlanCard
from ui.panes.fieldwork.preview import Preview, preview_of, reasons_in
from ui.panes.fieldwork.request_card import RequestCard
from ui.parts import card, column
from ui.widgets.state_view import StateView

_PAUSE_MS = 350
_KEY = "fieldwork.new"


class NewView(QWidget):
    """Signals: created(Created), left: back to the list, import_asked: the ledger is empty, packages_asked.

    Attributes:
        scope: what there is to visit in the whole station; None before it was counted.
    """

    created = Signal(object)
    left = Signal()
    import_asked = Signal()
    packages_asked = Signal()

    def __init__(self, context: Context, services: Services) -> None:
        super().__init__()
        self._context, self._services = context, services
        self.scope: Scope | None = None
        self._choices: Choices | None = None
        self._counting: Job | None = None
        self._planning: Job | None = None
        self._creating: Job | None = None
        self._asked = 0
        self._stale = False
        self._wanted = False  # asked for while it was still being worked out
        settings = context.workspace.settings
        self._kept = dict(settings.get(_KEY, {}))
        self.picks = AreaPicks()
        self.form = RequestCard(context.workspace.clock().date(), self._kept)
        self.plan = PlanCard()
        self.state = StateView()
        self.state.loading()
        self._pages = QStackedWidget()
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE_MS)
        self._pause.timeout.connect(self._ask_plan)
        self._lay_out()
        self.picks.changed.connect(self._follow)
        self.picks.feeder_changed.connect(lambda number: self._keep({"feeder": number}))
        self.form.changed.connect(self._follow)
        self.form.said.connect(self._allow)
        self.plan.create_asked.connect(self.make)
        self.plan.packages_asked.connect(self.packages_asked)
        self.plan.stop_asked.connect(self._stop)
        self._follow()

    def refresh(self) -> None:
        """Reads choices and counts again, at once when it is on screen."""
        self._stale = not self.isVisible() and self._choices is not None
        if self._stale:
            return
        self._asked += 1
        asked = self._asked

        def take(choices: Choices) -> None:
            if asked == self._asked:
                self._take(choices)

        def fail(error: Exception) -> None:
            if asked == self._asked:
                self._failed(error)

        self._context.jobs.read(self._services.choices, take, fail)

    def start(self) -> None:
        """Comes to the front: what changed meanwhile is read, the keyboard is where the choice begins."""
        if self._stale:
            self.refresh()
        self.picks.list.setFocus(Qt.FocusReason.OtherFocusReason)
        if not self.picks.list.currentIndex().isValid() and self.picks.areas.rowCount():
            self.picks.list.setCurrentIndex(self.picks.areas.index(0))

    def make(self) -> None:
        """Makes the packages; asked while the plan is being worked out, as soon as it is there."""
        self._wanted = self._pause.isActive() or self._planning is not None
        if self._wanted:
            self.plan.show_doing("正在计算，算好后就建立…")
        if not self.plan.make.isEnabled() or self._creating is not None:
            return
        request = self._request()
        self._keep(self.form.kept())
        self.plan.make.setEnabled(False)
        job = self._context.jobs.run(
            "正在建立任务包",
            lambda progress: self._services.create(request, progress),
            done=self._done,
            failed=lambda error: self._context.notices.show(error, "" if isinstance(error, LVDeskError) else "任务包没有建立"),
        )
        self._creating = job
        job.ended.connect(self._created_ended)

    def _lay_out(self) -> None:
        split = QSplitter(Qt.Orientation.Horizontal)
        split.setHandleWidth(12)
        split.setChildrenCollapsible(False)
        for part, least in ((self.picks, 250), (self.form, 400), (self.plan, 260)):
            part.setMinimumWidth(least)
            split.addWidget(part)
        split.setStretchFactor(1, 1)
        split.setSizes([300, 510, 300])
        waiting = card()
        column(self.state, parent=waiting, gap=0, margin=1)
        self._pages.addWidget(waiting)
        self._pages.addWidget(split)
        column(self._pages, parent=self, gap=0)

    def _take(self, choices: Choices) -> None:
        self._choices = choices
        if not choices.areas:
            hint = "导入有台区和计量箱的台账后，在这里挑选要到现场采录的对象"
            self.state.say("inbox", "台账是空的", hint, ("导入台账", self.import_asked.emit))
            self._pages.setCurrentIndex(0)
            return
        first = self._pages.currentIndex() == 0
        self.form.set_choices(choices)
        usual = self._kept.get("feeder", choices.areas[0].feeder_no)
        self.picks.set_areas(choices.areas, str(usual))
        self._pages.setCurrentIndex(1)
        if first and self.isVisible():
            self.start()
        self._count()
        self._follow()

    def _failed(self, error: Exception) -> None:
        if self._choices is None:
            what = getattr(error, "message", "") or "读取台区时出错"
            self.state.say("error", what, getattr(error, "hint", "") or "请重试", ("重试", self.refresh), level="error")
            self._pages.setCurrentIndex(0)
        else:
            self._context.notices.show(error, retry=self.refresh)

    def _count(self) -> None:
        """Counts the whole station; every area tells what it has as soon as that is there."""
        if self._counting is not None:
            self._counting.cancel()
        job = self._context.jobs.run(
            "正在统计各台区需采录的对象",
            self._services.scope,
            writes=False,
            done=self._counted,
            failed=lambda error: self._context.notices.show(error, "没有统计出各台区需采录的对象", retry=self.refresh),
        )
        self._counting = job
        job.ended.connect(partial(self._count_ended, job))

    def _counted(self, scope: Scope) -> None:
        self.scope = scope
        self.picks.set_needs(scope.areas)
        self._show_reasons()

    def _count_ended(self, job: Job) -> None:
        if job is self._counting:
            self._counting = None

    def _follow(self) -> None:
        """Something that changes the package was chosen."""
        self._show_reasons()
        self._wanted = False
        if self._planning is not None:
            self._planning.cancel()
            self._planning = None
        areas, lacking = self.picks.chosen(), self.form.lacking()
        if not areas:
            self._pause.stop()
            self.plan.say("area", "先选台区", "在左边勾选要去的台区，这里显示去多少、走多远、用多少纸")
            self.form.show_blocks({})
        elif lacking:
            self._pause.stop()
            self.plan.say("info", lacking, "")
        else:
            self.plan.make.setEnabled(False)
            self.plan.show_doing("正在计算…")
            self._pause.start()
            return
        self.plan.show_doing("")

    def _ask_plan(self) -> None:
        request = self._request()

        def work(progress: Progress) -> Preview:
            return preview_of(self._services.plan(request, progress), request.blank_sheets, split=request.split)

        job = self._context.jobs.run("正在计算任务包", work, writes=False, quiet=True, failed=self._plan_failed)
        job.succeeded.connect(lambda preview: self._show(job, preview))
        job.ended.connect(lambda: self._plan_ended(job))
        self._planning = job

    def _show(self, job: Job, preview: Preview) -> None:
        if job is self._planning and self._choices is not None:
            packages = len({need.area_no for need in preview.plan.needs}) if self.form.split.isChecked() else 1
            self.plan.show_preview(preview, self._choices.reasons, packages)
            self.form.show_blocks(preview.blocks)

    def _plan_failed(self, error: Exception) -> None:
        what = getattr(error, "message", "") or "计算任务包时出错"
        self.plan.say("error", what, getattr(error, "hint", ""), ("重试", self._follow), level="error")
        if not isinstance(error, LVDeskError):
            self._context.notices.show(error)

    def _plan_ended(self, job: Job) -> None:
        if job is self._planning:
            self._planning = None
            self.plan.show_doing("")
            self._allow()
            if self._wanted:
                self.make()

    def _stop(self) -> None:
        self._wanted = False
        self._pause.stop()
        if self._planning is not None:
            self._planning.cancel()
        self.plan.show_doing("")
        self.plan.say("stop", "已取消计算", "没有改动任何数据", ("重新计算", self._follow))

    def _allow(self) -> None:
        """Who and when do not change the plan, but may forbid making it."""
        lacking = self.form.lacking()
        self.plan.make.setEnabled(not lacking and self.plan.preview is not None and self._planning is None and self._creating is None)
        self.plan.make.setToolTip(lacking)

    def _show_reasons(self) -> None:
        self.form.show_reasons(reasons_in(self.scope, [area.area_no for area in self.picks.chosen()]))

    def _request(self) -> Request:
        return self.form.request(tuple(area.area_no for area in self.picks.chosen()))

    def _keep(self, values: dict[str, str]) -> None:
        self._kept |= values
        self._context.workspace.settings.set(_KEY, self._kept)

    def _done(self, created: Created) -> None:
        undo = Offer("撤销", lambda: self._context.actions.trigger("edit.undo"))
        numbers = created.package_nos
        named = numbers[0] if len(numbers) == 1 else f"{numbers[0]} 等 {len(numbers)} 个任务包"
        self._context.notices.success(f"已建立 {named}", f"{created.items:,} 个对象，约 {created.sheets:,} 张表单", offer=undo)
        self.picks.areas.tick([area.area_no for area in self.picks.chosen()], on=False)
        self.form.renew()
        self.created.emit(created)  # turns away from this page first: it need not count again now
        self._context.bus.tell(created.changed)

    def _created_ended(self) -> None:
        self._creating = None
        self._allow()
