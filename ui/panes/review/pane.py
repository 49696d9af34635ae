"""The review: what the field says is decided here, in two stages, by those who may."""

from collections.abc import Callable, Mapping, Sequence
from typing import ClassVar, Final

from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QStackedWidget

from lvdesk.network.changed import Changed
from lvdesk.review.model import Action as Decision
from ui.actions import Action
from ui.panes.base import Context, Pane
from ui.panes.review.desk import ReviewDesk
from ui.panes.review.loading import Services, StationReview
from ui.panes.review.words import AUDIT, MINE, STAGES
from ui.parts import card, column
from ui.widgets.state_view import StateView

_FIELD: Final = Changed.RETURNS | Changed.BATCHES | Changed.NETWORK | Changed.CHECKS | Changed.PACKAGES
_KEYS: Final = (
    (Decision.CONFIRM, "通过", "F9", "check"), (Decision.CORRECT, "改后通过", "F10", "edit"), (Decision.RETURN, "退回", "F11", "undo"),
    (Decision.HOLD, "挂起", "Ctrl+H", "clock"), (Decision.RESUME, "恢复处理", "Ctrl+R", "refresh"),
    (Decision.REVOKE, "撤回决定", "Ctrl+Shift+R", "undo"),
)  # fmt: skip


class ReviewPane(Pane):
    """The desk, or why there is nothing on it."""

    key: ClassVar[str] = "review"
    title: ClassVar[str] = "采录复核"
    group: ClassVar[str] = "数据"
    icon: ClassVar[str] = "review"
    order: ClassVar[int] = 40
    cares: ClassVar[Changed] = _FIELD | Changed.REVIEW | Changed.PEOPLE

    def __init__(self, context: Context, services: Services | None = None) -> None:
        super().__init__(context)
        self._services = made = services or StationReview(context.workspace)
        self.counts: Mapping[str, int] | None = None
        self._gathering = False
        self.desk = ReviewDesk(context, made)
        self.state = StateView()
        ground = card()
        column(self.state, parent=ground, gap=0, margin=1)
        self.pages = QStackedWidget()
        self.pages.addWidget(ground)
        self.pages.addWidget(self.desk)
        column(self.pages, parent=self, gap=0).setContentsMargins(20, 12, 16, 14)
        self.state.loading()
        self.desk.opened.connect(lambda entity, key: context.navigate("ledger", (entity, key)))
        self.desk.package_asked.connect(lambda number: context.navigate("fieldwork", ("package", number)))
        context.jobs.read(made.habits, self.desk.show_habits, lambda _error: None)

    def refresh(self, changed: Changed) -> None:
        """Brings the queue up to date with the field where something came in, and reads it again."""
        self._steady_keys()
        own = self.desk.hands.decisions.telling
        if changed & _FIELD and not own:
            self.context.jobs.read(self._services.stale, self._maybe_gather, lambda _error: None)
        self._read_counts()
        if self.counts is not None:
            self.desk.refresh(own=own)

    def badge(self) -> int:
        """What the person at the desk may decide."""
        return self.counts.get(MINE, 0) if self.counts is not None else 0

    def toolbar_actions(self) -> Sequence[Action]:
        """The keys of an item, the lists, decisions in bulk."""
        group, desk = "采录复核", self.desk
        return (
            *(
                Action(f"review.{action}", title, self._decider(action), key, icon, group, in_bar=False)
                for action, title, key, icon in _KEYS
            ),
            Action("review.next", "跳过，下一项", lambda: desk.skip(1), "Ctrl+Down", "chevron-down", group, in_bar=False),
            Action("review.previous", "上一项", lambda: desk.skip(-1), "Ctrl+Up", "chevron-up", group, in_bar=False),
            Action("review.bulk", "批量通过…", lambda: desk.bulk.ask(Decision.CONFIRM), "Ctrl+Shift+F9", "check", group, primary=True),
            Action(
                "review.bulk_return", "批量退回…", lambda: desk.bulk.ask(Decision.RETURN), "Ctrl+Shift+F11", "undo", group, in_bar=False
            ),
            Action("review.book_out", "导出清单给同事…", desk.book.ask_write, "Ctrl+Shift+E", "export", group, in_bar=False),
            Action("review.book_in", "取回填好的清单…", desk.book.ask_read, "Ctrl+Shift+I", "import", group, in_bar=False),
            Action("review.gather", "更新复核队列", self.gather, "Ctrl+Shift+U", "refresh", group, in_bar=False),
            *(
                Action(f"review.stage_{stage}", f"查看{title}", self._opener(stage), f"Alt+{place}", "list", group, in_bar=False)
                for place, (stage, title) in enumerate(STAGES[:7], 1)
            ),
        )

    def reveal(self, target: object) -> None:
        """A list's key; ("item", number)."""
        match target:
            case str() as stage if stage in dict(STAGES):
                self.desk.show_stage(stage)
            case ("item", int() as number):
                self.desk.show_stage("all")
                self.desk.reveal_item(number)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.desk.hands.release()

    def gather(self) -> None:
        """Brings the queue up to date with the field."""
        if self._gathering:
            return
        self._gathering = True
        job = self.context.jobs.run(
            "正在更新复核队列",
            self._services.gather,
            done=self.context.bus.tell,
            failed=lambda error: self.context.notices.show(error, "复核队列没有更新", retry=self.gather),
        )
        job.ended.connect(self._gathered)

    def _steady_keys(self) -> None:
        """A key that is held down decides once."""
        for action, *_rest in _KEYS:
            if (live := self.context.actions.qaction(f"review.{action}")) is not None:
                live.setAutoRepeat(False)

    def _maybe_gather(self, stale: bool) -> None:
        if stale:
            self.gather()

    def _gathered(self) -> None:
        self._gathering = False
        self._read_counts()

    def _read_counts(self) -> None:
        self.context.jobs.read(self._services.counts, self._take_counts, self._failed)

    def _take_counts(self, counts: Mapping[str, int]) -> None:
        first = self.counts is None
        self.counts = counts
        self.badge_changed.emit()
        self.desk.show_counts(counts)
        if not any(counts.values()) and self.desk.stage() != AUDIT:
            self._nothing()
            return
        self.pages.setCurrentIndex(1)
        if first or not self.desk.stage():
            self.desk.show_stage(next((str(key) for key, _title in STAGES if counts.get(str(key))), MINE))
            self.desk.start()

    def _nothing(self) -> None:
        if self._gathering:
            self.state.say("review", "正在整理现场结果…", "整理完后，需要确认的事项列在这里")
        else:
            self.state.say(
                "review", "没有要复核的事项", "现场结果回收之后，与台账不同的、挂接点、新增和缺失的都在这里由营销、运检两级确认",
                ("去回收采录结果", lambda: self.context.navigate("fieldwork", "returns")),
            )  # fmt: skip
        self.pages.setCurrentIndex(0)

    def _failed(self, error: Exception) -> None:
        if self.counts is not None:
            self.context.notices.show(error, "没有读到复核清单", retry=self._read_counts)
            return
        what, hint = getattr(error, "message", "") or "读取复核清单时出错", getattr(error, "hint", "") or "请重试"
        self.state.say("error", what, hint, ("重试", self._retry), level="error")
        self.pages.setCurrentIndex(0)

    def _retry(self) -> None:
        self.state.loading()
        self.refresh(Changed.ALL)

    def _decider(self, action: Decision) -> Callable[[], object]:
        return lambda: self.desk.press(action)

    def _opener(self, stage: str) -> Callable[[], object]:
        return lambda: self.desk.show_stage(stage)
