"""Many items decided at once: asked first, done with progress and a way to stop, told with the way back."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFrame, QProgressBar

from lvdesk.kit.progress import Snapshot
from lvdesk.review.model import ACTION_TITLES, Action, Decided, Request, State
from ui.jobs import Job
from ui.notices import Offer
from ui.panes.base import Context
from ui.panes.review.asking import Asking, Extent, Question
from ui.panes.review.loading import Services
from ui.panes.review.why import Reasons, Why
from ui.panes.review.words import refusals
from ui.parts import button, label, row
from ui.widgets.table_bar import describe

if TYPE_CHECKING:
    from ui.panes.review.desk import ReviewDesk

_NOTES: Final = {
    Action.CONFIRM: "自己录入的、有未处理错误的、别人正在处理的不会通过，处理完会逐条说明。可以整体撤销。",
    Action.RETURN: "再次退回的交网格长处理。可以整体撤销。",
    Action.HOLD: "挂起的事项可以随时恢复。可以整体撤销。",
    Action.RESUME: "恢复后回到原来的阶段。可以整体撤销。",
    Action.REVOKE: "已入账的改动一并收回；已导出的不能撤回。可以整体撤销。",
}


class Working(QFrame):
    """How far a large piece of work is, and the way to stop it; hidden otherwise."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("reviewWorking")
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setFixedWidth(200)
        self.bar.setAccessibleName("进度")
        self.doing = label("", "muted")
        self._job: Job | None = None
        self.cancel = button("取消", self.stop, name="取消批量处理")
        inside = row(self.bar, self.doing, None, self.cancel, parent=self, gap=12)
        inside.setContentsMargins(14, 4, 6, 4)
        self.hide()

    def follow(self, job: Job) -> None:
        """Shows a job until it ends."""
        self._job = job
        self.bar.setRange(0, 0)
        self.doing.setText(job.title)
        self.cancel.setEnabled(True)
        self.show()
        job.progressed.connect(self._progressed)
        job.ended.connect(self._ended)

    def stop(self) -> None:
        """Asks the work to stop."""
        if self._job is not None:
            self.cancel.setEnabled(False)
            self._job.cancel()

    def _progressed(self, snapshot: Snapshot) -> None:
        self.bar.setRange(0, snapshot.total)
        self.bar.setValue(min(snapshot.done, snapshot.total))
        done = f"{snapshot.done:,} / {snapshot.total:,} {snapshot.unit}" if snapshot.total else ""
        left = f"约剩 {snapshot.seconds_left:.0f} 秒" if snapshot.seconds_left is not None else ""
        self.doing.setText("  ·  ".join(part for part in (snapshot.label, done, left) if part))

    def _ended(self) -> None:
        self._job = None
        self.hide()


class Bulk(QObject):
    """Works on what the desk lists. Signals: asked(Asking): a question stands on screen."""

    asked = Signal(object)

    def __init__(self, context: Context, services: Services, desk: "ReviewDesk", reasons: Reasons) -> None:
        super().__init__(desk)
        self._context, self._services, self._desk, self._reasons = context, services, desk, reasons
        self.working = Working()
        self.question: Asking | None = None

    def ask(self, action: Action) -> None:
        """Asks about what is selected, or all that is listed."""
        extents = self._extents()
        if not extents:
            self._context.notices.info("这个清单里没有事项")
            return
        by_rule = action is Action.CONFIRM and self._desk.stage() == State.PREPARING
        verb = "按规则通过" if by_rule else ACTION_TITLES[action]
        note = "这些事项按规则不用班组确认；原因记在每一项上。可以整体撤销。" if by_rule else _NOTES[action]
        made = Asking(self._context, self._desk, Question(action, verb, note, extents), self._reasons, self._said)
        made.agreed.connect(self.decide)
        self.question = made
        made.open()
        self.asked.emit(made)

    def decide(self, action: Action, ids: Sequence[int], why: Why) -> None:
        """Decides in the background."""
        request = Request(tuple(ids), action, {}, why.reason, why.addressee, why.until, session=self._desk.session, how="bulk")
        verb = ACTION_TITLES[action]
        job = self._context.jobs.run(
            f"正在批量{verb} {len(ids):,} 项",
            lambda progress: self._services.decide(request, progress),
            done=lambda decided: self._done(verb, decided),
            failed=lambda error: self._context.notices.show(error, f"没有批量{verb}"),
        )
        job.cancelled.connect(lambda: self._context.notices.info(f"已取消批量{verb}，一项也没有处理"))
        self.working.follow(job)

    def _extents(self) -> list[Extent]:
        table = self._desk.table
        chosen, every, condition = table.selected_ids(), list(table.model.ids), self.condition()
        found = [Extent("chosen", "选中的", chosen, f"{condition}；其中选中的行")] if len(chosen) > 1 else []
        if every and len(every) > len(chosen):
            found.append(Extent("all", "列出的全部", every, condition))
        return found or ([Extent("all", "列出的全部", every, condition)] if every else [])

    def condition(self) -> str:
        """What the list is made of, in words."""
        model = self._desk.table.model
        parts = [describe(each, model.columns) for each in model.query.filters]
        if model.query.words:
            parts.append(f"含有“{model.query.words}”")
        return "；".join([self._desk.stage_words(), *parts])

    def _said(self, ids: Sequence[int]) -> list[str]:
        source = self._desk.table.model.source
        if source is None:
            return []
        places = {column.key: place for place, column in enumerate(source.columns)}

        def line(values: Sequence[str]) -> str:
            kind, title, key, ledger, seen = (values[places[name]] for name in ("kind", "title", "key", "ledger", "field"))
            name = " ".join(dict.fromkeys(part for part in (title, key) if part))
            return f"{kind}　{name}：{ledger or '—'} → {seen or '—'}"

        return [line(each.values) for each in source.rows(ids)]

    def _done(self, verb: str, decided: Decided) -> None:
        undo = Offer("撤销", lambda: self._context.actions.trigger("edit.undo"))
        offers = (undo,) if decided.done else ()
        if decided.refused:
            what = f"已{verb} {len(decided.done):,} 项，{len(decided.refused):,} 项没有{verb}"
            self._context.notices.warning(what, refusals(decided.refused), offers=offers)
        else:
            self._context.notices.success(f"已{verb} {len(decided.done):,} 项", offer=undo)
        self._context.bus.tell(decided.changed)
