"""The desk: lists and facets, the table of the chosen list, the item; deciding one leads to the next at once."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final
from uuid import uuid4

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QMenu, QSplitter, QStackedWidget, QWidget

from lvdesk.review.model import ACTION_TITLES, Action, ItemView, State
from ui.models.source import Source
from ui.models.table_model import State as Reading
from ui.panes.base import Context
from ui.panes.review.arranged import Arranged
from ui.panes.review.audit import AuditView
from ui.panes.review.book_exchange import BookExchange
from ui.panes.review.bulk import Bulk
from ui.panes.review.foot import Foot
from ui.panes.review.hands import Hands
from ui.panes.review.item import ItemCard
from ui.panes.review.loading import Facets, Habits, Services, Wanted
from ui.panes.review.pictures import Enlarged, Pictures
from ui.panes.review.stages import Side
from ui.panes.review.store import AHEAD, ItemStore
from ui.panes.review.walk import Walk
from ui.panes.review.why import Reasons, WhyForm
from ui.panes.review.words import ALL, AUDIT, BLOCKED, MINE, stage_title
from ui.parts import button, column, row
from ui.widgets.data_table import DataTable, EmptyText

_REST_MS: Final = 70
_SIZES: Final = (500, 420)
_WIDE: Final = (310, 810)
_BULK: Final = (Action.CONFIRM, Action.RETURN, Action.HOLD, Action.RESUME, Action.REVOKE)


class ReviewDesk(QWidget):
    """Signals: opened(entity, key), package_asked(number), counted(): ``counts`` are others; chosen(stage)."""

    opened = Signal(str, str)
    package_asked = Signal(str)
    chosen = Signal(str)

    def __init__(self, context: Context, services: Services) -> None:
        super().__init__()
        self._context, self._services = context, services
        self.session = uuid4().hex
        self.habits = Habits()
        self.walk = Walk()
        self.current: int | None = None
        self._back: int | None = None
        self._person = context.workspace.person
        self._audit: AuditView | None = None
        self._wide = False
        self._views = QStackedWidget()
        self._sought: Wanted | None = None
        self._asked = 0
        self.side = Side()
        self.table = DataTable("review", context.jobs, context.workspace.settings, name="复核事项")
        self.table.set_marked_levels(frozenset())
        self.store = ItemStore(context.jobs, lambda ids: services.views(ids, self.session), self)
        self.reasons = Reasons(context.workspace.settings)
        self.pictures = Pictures(context.jobs, services)
        today = context.workspace.clock().date()
        self.foot, self.form = Foot(), WhyForm(self.reasons, today)
        self.item = ItemCard(self.pictures, self.foot, today, self.form)
        self.bulk = Bulk(context, services, self, self.reasons)
        self.enlarged: Enlarged | None = None
        self.by_rule = button("", lambda: self.bulk.ask(Action.CONFIRM), "primary", "check")
        self.many = button("批量", lambda: None, icon_name="list", name="批量处理、导出与取回清单")
        self.book = BookExchange(context, services, self)
        self.hands = Hands(context, services, self)
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(_REST_MS)
        self._rest.timeout.connect(self._look)
        self._lay_out()
        self._connect()

    # what is shown

    def stage(self) -> str:
        """The chosen list."""
        return self.side.facets.wanted().stage

    def stage_words(self) -> str:
        """The chosen list as narrowed, in words."""
        return "；".join([f"“{stage_title(self.stage())}”清单", *self.side.facets.words()])

    def show_stage(self, stage: str) -> None:
        """Turns to a list."""
        self.side.stages.stand_at(stage)
        self._turn_to(stage)

    def show_counts(self, counts: Mapping[str, int]) -> None:
        """How many each list has."""
        self.side.stages.show_counts(counts)

    def show_habits(self, habits: Habits) -> None:
        """What the rules say."""
        self.habits = habits
        self.reasons.given = habits.reasons
        if self._audit is not None:
            self._audit.show_habits(habits)

    def refresh(self, *, own: bool) -> None:
        """Reads again; what is known of items counts no more unless the change was our own."""
        self._read_facets()
        if self._context.workspace.person != self._person:  # what is offered depends on who asks
            self._ask_rows()
            return
        self._back = None if own or self.stage() == ALL else self.hands.last
        self.walk.reading(self.hands.decisions.under_way)
        self.table.reload()
        if self._audit is not None:
            self._audit.refresh()
        if not own:
            self.store.forget()

    def reveal_item(self, identity: int) -> None:
        """Makes one item current in the list of all."""
        self.table.clear_filters()
        self.table.go_to(identity)

    def start(self) -> None:
        """Puts the keyboard where work begins."""
        if self.stage() == AUDIT:
            self.audit.start()
        elif self._wide:
            self.item.start()
        else:
            self.table.view.setFocus(Qt.FocusReason.OtherFocusReason)

    @property
    def audit(self) -> AuditView:
        """The audit, made when first looked at."""
        if self._audit is None:
            self._audit = AuditView(self._context, self._services, self.session)
            self._views.addWidget(self._audit)
            self._audit.show_habits(self.habits)
            self._audit.item.opened.connect(self.opened)
            self._audit.item.package_asked.connect(self.package_asked)
            self._audit.item.pictures.enlarged.connect(self._enlarge)
            self._audit.refresh()
        return self._audit

    def press(self, action: Action) -> None:
        """One of the keys, wherever the keyboard is."""
        (self.audit.press if self.stage() == AUDIT else self.hands.decide)(action)

    # an item

    def open(self, identity: int) -> None:
        """Shows an item and has the next ones read."""
        again = self.current == identity and self.item.view is not None
        self.current = identity
        view = self.store.get(identity)
        if view is None and not again:
            self.item.wait()
        elif view is not None:
            self.show_view(view)
        self.store.want(self.walk.ahead(identity, AHEAD))
        self.hands.opened()

    def skip(self, step: int) -> None:
        """The next item, or the one before, undecided."""
        if self.stage() == AUDIT:
            self.audit.skip(step)
        elif (following := self.walk.next(self.current, step)) is not None:
            self.go(following)

    def widen(self, *, wide: bool) -> None:
        """Gives the item most of the room, or shares it."""
        self._wide = wide
        self.side.setVisible(not wide)
        self._split.setSizes(list(_WIDE if wide else _SIZES))
        (self.item.start if wide else self.table.view.setFocus)()

    def go_on(self) -> None:
        """The next item after a decision, or that the list is done."""
        following = self.walk.next(self.current)
        if following is None:
            self._finished()
        else:
            self.go(following)

    def go(self, identity: int) -> None:
        """Turns to an item at once, even while the list is read again."""
        self.table.go_to(identity)
        self._rest.stop()
        self.open(identity)

    def _finished(self) -> None:
        self.current = None
        title = stage_title(self.stage())
        self.item.say("success", f"“{title}”处理完了", "左侧换一个清单接着处理；需要时可以撤销", level="success")

    def show_view(self, view: ItemView) -> None:
        """Shows what is known of the current item."""
        self.item.show_view(view)
        if ways := self.hands.ways():
            self.item.show_offers(*((way.text, way.callback) for way in ways))

    def _arrived(self, identity: int) -> None:
        view = self.store.get(identity)
        if view is not None:
            self.pictures.ready(view)
            shown = self.item.view
            if identity == self.current and not (shown is not None and shown.id == identity and self._filling_in()):
                self.show_view(view)

    def _filling_in(self) -> bool:
        return self.item.asking() or bool(self.item.sides.given())

    def _gone(self, identity: int) -> None:
        if identity == self.current:
            self.item.say("info", "这一项已不在", "现场与台账不再有这处不同，或已被他人处理", ("刷新清单", lambda: self.refresh(own=False)))

    def _not_read(self, _identity: int, error: Exception) -> None:
        if self.current is not None and self.store.get(self.current) is None:
            what = getattr(error, "message", "") or "没有读到这一项"
            hint = getattr(error, "hint", "") or "请重试"
            again = self.current
            self.item.say("error", what, hint, ("重试", lambda: self.open(again)), level="error")

    # lists

    def _turn_to(self, stage: str) -> None:
        if stage == self.stage():
            return
        self.side.facets.turn_to(stage)
        self.side.follow()
        self.chosen.emit(stage)
        if stage == AUDIT:
            self._views.setCurrentWidget(self.audit)
            return
        self._views.setCurrentIndex(0)
        self._ask_rows()
        self._read_facets()

    def _ask_rows(self) -> None:
        self.walk, self.current, self._person = Walk(), None, self._context.workspace.person
        self.store.forget()
        self.item.say("info", "没有选中事项", "在表中选一行，按 Enter 放大；F9 通过，F10 改后通过，F11 退回")
        wanted = self.side.facets.wanted()
        self._sought = wanted

        def take(source: Source) -> None:
            if self._sought is wanted:
                self.table.set_source(Arranged(source), key=f"review.{wanted.stage}", empty=self._nothing(wanted.stage))

        self._context.jobs.read(lambda: self._services.table(wanted), take, self._context.notices.show)

    def _nothing(self, stage: str) -> EmptyText:
        if stage == MINE:
            return EmptyText("success", "没有轮到您处理的事项", "左侧可以查看各阶段的清单")
        if stage == BLOCKED:
            return EmptyText("success", "没有进不来的行", "有未处理错误的采录行会列在这里")
        return EmptyText("check", f"“{stage_title(stage)}”没有事项", "左侧换一个清单，或清除筛选条件")

    def _read_facets(self) -> None:
        wanted = replace(self.side.facets.wanted(), kinds=frozenset(), areas=frozenset(), people=frozenset(), age="")
        self._asked += 1
        asked = self._asked

        def take(facets: Facets) -> None:
            if asked == self._asked:
                self.side.facets.show_facets(facets)

        self._context.jobs.read(lambda: self._services.facets(wanted), take, lambda _error: None)

    def _listed(self) -> None:
        """The table has its rows."""
        model = self.table.model
        count = len(model.ids)
        self.by_rule.setVisible(self.stage() == State.PREPARING and bool(count))
        self.by_rule.setText(f"按规则通过 {count:,} 条")
        self.by_rule.setAccessibleName(self.by_rule.text())
        if model.state is not Reading.READY:
            return
        self.walk.read(model.ids)
        back, self._back = self._back, None
        if back is not None and back not in self.walk.done and model.row_of(back) is not None:
            self.go(back)  # a decision was taken back: there it is again
        elif not count:
            self.current = None
            self._rest.stop()
            self.item.say("info", "没有事项", "左侧换一个清单，或放宽筛选")
        else:
            self._rest.start()

    def _look(self) -> None:
        identity = self.table.current_id()
        if identity is not None and (identity != self.current or self.item.view is None or self.store.get(identity) is None):
            self.open(identity)

    def _count_saved(self) -> None:
        self.table.note = f"本次已处理 {self.hands.decisions.saved:,} 项"

    def _enlarge(self, shown: object) -> None:
        pictures = self.audit.item.pictures if self.stage() == AUDIT else self.pictures
        if self.enlarged is None:
            self.enlarged = Enlarged(self, self._context.jobs)
        self.enlarged.show_picture(shown, pictures)  # type: ignore[arg-type]

    def _left(self) -> None:
        if self._wide:
            self.widen(wide=False)
        else:
            self.table.view.setFocus(Qt.FocusReason.OtherFocusReason)

    def _open_row(self) -> None:
        self.widen(wide=True)

    def _bulk_asker(self, action: Action) -> Callable[[], None]:
        return lambda: self.bulk.ask(action)

    def _lay_out(self) -> None:
        menu = QMenu(self.many)
        for action in _BULK:
            menu.addAction(f"批量{ACTION_TITLES[action]}…", self._bulk_asker(action))
        menu.addSeparator()
        menu.addAction("导出清单给同事…", self.book.ask_write)
        menu.addAction("取回填好的清单…", self.book.ask_read)
        self.many.setMenu(menu)
        self.by_rule.hide()
        self.table.bar.slot.addWidget(self.by_rule)
        self.table.bar.slot.addWidget(self.many)
        middle = QWidget()
        column(self.bulk.working, self.table, parent=middle, gap=8).setStretch(1, 1)
        self._split = QSplitter(Qt.Orientation.Horizontal)
        self._split.setHandleWidth(12)
        self._split.setChildrenCollapsible(False)
        for part, least in ((middle, 300), (self.item, 392)):
            part.setMinimumWidth(least)
            self._split.addWidget(part)
        self._split.setSizes(list(_SIZES))
        self._views.addWidget(self._split)
        self.side.setFixedWidth(188)
        row(self.side, self._views, parent=self, gap=12).setStretch(1, 1)

    def _connect(self) -> None:
        self.side.stages.chosen.connect(self._turn_to)
        self.side.facets.chosen.connect(self._ask_rows)
        self.table.current_changed.connect(lambda _identity: self._rest.start())
        self.table.model.state_changed.connect(self._listed)
        self.table.opened.connect(lambda _identity: self._open_row())
        self.table.failed.connect(self._context.notices.show)
        self.table.told.connect(self._context.notices.success)
        self.store.arrived.connect(self._arrived)
        self.store.gone.connect(self._gone)
        self.store.failed.connect(self._not_read)
        self.hands.decisions.counted.connect(self._count_saved)
        self.item.left.connect(self._left)
        self.foot.skipped.connect(self.skip)
        self.item.opened.connect(self.opened)
        self.item.package_asked.connect(self.package_asked)
        self.pictures.enlarged.connect(self._enlarge)
