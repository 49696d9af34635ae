"""工单看板: the board, a table, a calendar of due times, trips; one order beside it."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QSizePolicy, QSplitter, QStackedWidget, QWidget

from lvdesk.kit.errors import LVDeskError
from lvdesk.network.changed import Changed
from lvdesk.workorders.model import ACTION_TITLES, Action, Request, State
from ui.actions import Action as Command
from ui.notices import Offer
from ui.panes.base import Context, Pane
from ui.panes.workorders import listings
from ui.panes.workorders.asking import AskWord, NewOrderForm, ProveForm
from ui.panes.workorders.board_view import BoardView
from ui.panes.workorders.calendar_view import DueCalendar
from ui.panes.workorders.cards import action_to, cards_of, lane_titles
from ui.panes.workorders.detail import OrderDetail
from ui.panes.workorders.filters import FilterBar
from ui.panes.workorders.loading import CHANGED, Board, Services, StationOrders
from ui.parts import button, card, column, row
from ui.printing.asking import PdfAsking
from ui.widgets.list_view import ListView
from ui.widgets.segmented import Segmented
from ui.widgets.state_view import StateView
from ui.widgets.working import Working

if TYPE_CHECKING:
    from lvdesk.workorders.creating import Created
    from lvdesk.workorders.moving import Acted
    from lvdesk.workorders.reading import Order
    from lvdesk.workorders.slips import SlipsTaken

BOARD, TABLE, CALENDAR, TRIPS = "board", "table", "calendar", "trips"
_VIEWS: Final = ((BOARD, "看板"), (TABLE, "表格"), (CALENDAR, "日历"), (TRIPS, "行程"))
_PICTURES: Final = frozenset({".jpg", ".jpeg", ".png", ".bmp", ".tif", ".tiff", ".webp"})
_ASKED: Final[Mapping[Action, str]] = {
    Action.RETURN: "退回的原因", Action.REJECT: "不通过的原因", Action.ESCALATE: "为什么要升级", Action.URGE: "督办的原因",
    Action.CANCEL: "作废的原因", Action.REOPEN: "重开的原因",
}  # fmt: skip


class WorkOrdersPane(Pane):
    """One order, one platform, one face, one visit."""

    key: ClassVar[str] = "workorders"
    title: ClassVar[str] = "工单看板"
    group: ClassVar[str] = "作业"
    icon: ClassVar[str] = "board"
    order: ClassVar[int] = 20
    cares: ClassVar[Changed] = Changed.ORDERS | Changed.ORGANISATION
    files: ClassVar[bool] = True

    def __init__(self, context: Context, services: Services | None = None) -> None:
        super().__init__(context)
        self._services: Services = services or StationOrders(context.workspace)
        self._book = self._services.book()
        self._late = 0
        self.seen: Board | None = None
        self.shown: list[Order] = []
        self.board, self.detail = BoardView(context.workspace.clock), OrderDetail(self._book, context.workspace.clock)
        self.table = ListView(context, listings.orders(context.workspace.clock), [("打开", self._open_current)])
        self.calendar = DueCalendar()
        self.trips = ListView(context, listings.trips(self._services), [("打印行程单…", self._print_trips)])
        self.state, self.working = StateView(), Working("取消")
        self.state.loading()
        self.printing = PdfAsking(context, self, "workorders")
        self.switch = Segmented(_VIEWS, name="视图")
        self.switch.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.filters = FilterBar(context.workspace.settings)
        self.pages, self.views = QStackedWidget(), QStackedWidget()
        self._lay_out()
        self._connect()

    def refresh(self, _changed: Changed) -> None:
        """Reads the board again."""
        self.context.jobs.read(self._services.board, self.show_board, self._failed)
        if self.switch.current() == TRIPS:
            self.trips.refresh()

    def badge(self) -> int:
        """What is late."""
        return self._late

    def toolbar_actions(self) -> Sequence[Command]:
        """New, import, moves, views."""
        group = "工单看板"
        turns = [
            Command(f"workorders.view_{key}", f"查看{title}", partial(self.show_view, key), f"Alt+{place}", "list", group, in_bar=False)
            for place, (key, title) in enumerate(_VIEWS, 1)
        ]
        return (
            Command("workorders.new", "新建工单…", self.ask_new, "Ctrl+N", "plus", group, in_bar=False),
            Command("workorders.take", "导入工单或回单照片…", self.ask_files, "Ctrl+Shift+O", "import", group, in_bar=False),
            Command("workorders.findings", "检查错误转工单", lambda: self._create_from("findings"), "", "warning", group, in_bar=False),
            Command("workorders.receipts", "退回待办转工单", lambda: self._create_from("receipts"), "", "inbox", group, in_bar=False),
            Command("workorders.cases", "异动转工单", lambda: self._create_from("cases"), "", "compare", group, in_bar=False),
            Command("workorders.print", "打印派工单…", self._print_chosen, "Ctrl+P", "print", group, in_bar=False),
            Command("workorders.right", "移到下一列", lambda: self.board.move_chosen(1), "Ctrl+Right", "arrow-right", group, in_bar=False),
            Command("workorders.left", "移到上一列", lambda: self.board.move_chosen(-1), "Ctrl+Left", "chevron-left", group, in_bar=False),
            *turns,
        )

    def reveal(self, target: object) -> None:
        """A view's key, or an order's number."""
        if isinstance(target, str) and target in dict(_VIEWS):
            self.show_view(target)
        elif isinstance(target, str):
            self.board.choose(target)

    def accept_files(self, paths: Sequence[Path]) -> None:
        """Takes photographed slips and workbooks of orders in."""
        pictures = [path for path in paths if path.suffix.lower() in _PICTURES]
        if pictures:
            self._run("正在读取工单回单", lambda progress: self._services.take_slips(pictures, progress), self._slips_taken)
        for path in paths:
            if path not in pictures:
                self._run(f"正在导入 {path.name}", partial(self._services.take_book, path), self._made)

    def show_view(self, key: str) -> None:
        """Turns to a view."""
        self.switch.select(key)
        self.views.setCurrentIndex([name for name, _title in _VIEWS].index(key))
        if key == TRIPS:
            self.trips.refresh()

    def show_board(self, seen: Board) -> None:
        """Shows what is on the board."""
        self.seen = seen
        self.filters.offer(seen)
        self._late = sum(each.late and each.state is not State.ARCHIVED for each in seen.orders)
        self.badge_changed.emit()
        if not seen.orders:
            hint = "新建工单，导入 95598 等渠道的工单表，或把检查错误转成工单"
            offers = (("新建工单…", self.ask_new), ("检查错误转工单", partial(self._create_from, "findings")))
            self.state.say("board", "没有在办的工单", hint, *offers)
            self.pages.setCurrentIndex(0)
            return
        self.pages.setCurrentIndex(1)
        self.apply_filters()

    def apply_filters(self) -> None:
        """Shows what the filters let through."""
        if self.seen is None:
            return
        self.shown = self.filters.through(self.seen)
        self.board.show_cards(cards_of(self.seen, self.shown, self.filters.swimlane()))
        self.table.show_things(self.shown)
        self.calendar.show_orders(self.shown, self._calendar(), self.context.workspace.clock().date())
        self.switch.set_count(BOARD, len(self.shown))

    def ask_new(self) -> None:
        """Asks for a new order."""
        form = NewOrderForm(self, self._book)
        form.agreed.connect(partial(self._create, form))
        form.open()

    def ask_files(self) -> None:
        """Asks for workbooks or pictures."""
        dialog = QFileDialog(
            self, "导入工单或回单照片", str(self.context.workspace.settings.get("workorders.files", "")), "工单表和照片 (*)"
        )
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        dialog.filesSelected.connect(lambda names: self.accept_files([Path(name) for name in names]))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def ask_action(self, numbers: Sequence[str], action: Action) -> None:
        """Does something to orders, asking first for what it needs."""
        held = self._order(numbers[0])
        if action in _ASKED:
            self._ask(action, _ASKED[action], [], lambda word: self._act(numbers, Request(action, reason=word)))
        elif action is Action.SUSPEND:
            self._ask(
                action, "挂起的原因", self._book.pause_reasons, lambda word: self._act(numbers, Request(action, reason=word)), free=False
            )
        elif action is Action.ARCHIVE and held is not None and self._book.types[held.kind].callback:
            words = ("满意", "一般", "不满意", "未回访")
            self._ask(action, "回访结果", words, lambda word: self._act(numbers, Request(action, satisfaction=word)), free=False)
        elif action in {Action.DISPATCH, Action.TRANSFER, Action.HELP}:
            self._ask_person(numbers, action)
        else:
            self._act(numbers, Request(action))

    def _lay_out(self) -> None:
        tools = row(self.switch, None, button("导入…", self.ask_files, icon_name="import", name="导入工单或回单照片"),
                    button("新建工单…", self.ask_new, "primary", name="新建工单"), gap=8)  # fmt: skip
        calendar = card()
        column(self.calendar, parent=calendar, gap=0, margin=8)
        for view in (self.board, self.table, calendar, self.trips):
            self.views.addWidget(view)
        split = QSplitter(Qt.Orientation.Horizontal)
        split.addWidget(self.views)
        split.addWidget(self.detail)
        split.setStretchFactor(0, 1)
        split.setSizes([820, 300])
        split.setChildrenCollapsible(False)
        self.detail.setMinimumWidth(270)
        full = QWidget()
        column(self.filters, split, parent=full, gap=10).setStretch(1, 1)
        waiting = card()
        column(self.state, parent=waiting, gap=0, margin=1)
        self.pages.addWidget(waiting)
        self.pages.addWidget(full)
        inside = column(tools, self.working, self.pages, parent=self, gap=10)
        inside.setContentsMargins(20, 12, 16, 14)
        inside.setStretch(2, 1)

    def _connect(self) -> None:
        self.switch.chosen.connect(self.show_view)
        self.filters.changed.connect(self.apply_filters)
        self.board.current_changed.connect(lambda number: self.detail.show_order(self._order(number)))
        self.board.moved.connect(self._moved)
        self.board.refused.connect(self._refused)
        self.table.chosen.connect(self._show_from_table)
        self.calendar.chosen.connect(lambda number: self.detail.show_order(self._order(number)))
        self.detail.acted.connect(lambda number, action: self.ask_action([number], Action(action)))
        self.detail.ticked.connect(self._tick)
        self.detail.prove_asked.connect(self._ask_prove)
        self.detail.print_asked.connect(lambda number: self._print([number]))
        self.detail.place_asked.connect(lambda entity, key: self.context.navigate("ledger", (entity, key)))

    def _calendar(self) -> Any:
        from lvdesk.workorders.calendar import load_calendar

        return load_calendar(self.context.workspace.overrides)

    def _order(self, number: str) -> "Order | None":
        return next((each for each in (self.seen.orders if self.seen else ()) if each.order_no == number), None)

    def _show_from_table(self, order: "Order | None") -> None:
        if order is not None and self.switch.current() == TABLE:
            self.detail.show_order(order)

    def _open_current(self) -> None:
        for each in self.table.picked()[:1]:
            self.detail.show_order(each)

    def _moved(self, numbers: list[str], lane: int) -> None:
        groups: dict[Action, list[str]] = {}
        for number in numbers:
            order = self._order(number)
            action = action_to(order, lane) if order is not None else None
            if action is not None:
                groups.setdefault(action, []).append(number)
        for action, members in groups.items():
            if action is Action.DISPATCH:
                self._act(members, Request(action))
            else:
                self.ask_action(members, action)

    def _refused(self, number: str, lane: int) -> None:
        order = self._order(number)
        if order is not None:
            what = f"{order.order_no} 是“{order.state_title}”，不能移到“{lane_titles()[lane]}”"
            able = [title for place, title in enumerate(lane_titles()) if action_to(order, place) is not None]
            self.context.notices.warning(what, f"可以移到：{'、'.join(able)}" if able else "先恢复或重开")

    def _ask(self, action: Action, what: str, words: Sequence[str], then: Callable[[str], object], *, free: bool = True) -> None:
        dialog = AskWord(self, ACTION_TITLES[action], what, words, free=free)
        dialog.agreed.connect(then)
        dialog.open()

    def _ask_person(self, numbers: Sequence[str], action: Action) -> None:
        def ask(found: Sequence[Any]) -> None:
            names = [each.name for each in found]
            said = "；".join(f"{each.name}（{'，'.join(each.reasons[:3])}）" for each in found[:3])
            others = [name for name in (self.seen.staff if self.seen else ()) if name not in names]
            what = f"建议：{said}" if said else "选择人员"
            self._ask(action, what, [*names, *others], self._then_person(numbers, action))

        self.context.jobs.read(lambda: self._services.candidates(numbers[0]), ask, self.context.notices.show)

    def _then_person(self, numbers: Sequence[str], action: Action) -> Callable[[str], object]:
        reason = "转派" if action is Action.TRANSFER else ""
        return lambda word: self._act(numbers, Request(action, word, reason))

    def _act(self, numbers: Sequence[str], request: Request) -> None:
        def done(acted: "Acted") -> None:
            undo = Offer("撤销", lambda: self.context.actions.trigger("edit.undo"))
            refused = "；".join(list(acted.refused.values())[:3])
            what = f"{ACTION_TITLES[request.action]}：{acted.done[0] if len(acted.done) == 1 else f'{len(acted.done)} 张工单'}"
            self.context.notices.success(what, refused, offer=undo)
            self.context.bus.tell(CHANGED)

        self._run(f"正在{ACTION_TITLES[request.action]}", lambda _progress: self._services.act(numbers, request), done)

    def _tick(self, number: str, position: int) -> None:
        self._run(
            "正在保存", lambda _progress: self._services.finish_task(number, position), lambda _changed: self.context.bus.tell(CHANGED)
        )

    def _ask_prove(self, number: str) -> None:
        form = ProveForm(self, number, list(self._book.evidence.items()))

        def agreed(kind: str, value: str, path: str) -> None:
            file = Path(path) if path else None
            self._run(
                "正在添加凭证", lambda _progress: self._services.prove(number, kind, value, file), lambda _c: self.context.bus.tell(CHANGED)
            )

        form.agreed.connect(agreed)
        form.open()

    def _create(self, form: NewOrderForm, values: dict[str, Any]) -> None:
        from lvdesk.workorders.creating import NewOrder

        def done(created: "Created") -> None:
            form.accept()
            self._made(created)

        def failed(error: Exception) -> None:
            form.refuse(error.message if isinstance(error, LVDeskError) else str(error))

        self.context.jobs.run("正在建立工单", lambda _progress: self._services.create(NewOrder(**values)), done=done, failed=failed)

    def _create_from(self, origin: str) -> None:
        self._run("正在建立工单", lambda _progress: self._services.create_from(origin), self._made)

    def _made(self, created: "Created") -> None:
        undo = Offer("撤销", lambda: self.context.actions.trigger("edit.undo"))
        merged = f"；{len(created.merged)} 张并入同一停电的工单" if created.merged else ""
        known = f"；{len(created.known)} 个对象已有未关闭的工单" if created.known else ""
        if created.numbers:
            self.context.notices.success(f"已建立 {len(created.numbers)} 张工单", f"{merged}{known}".lstrip("；"), offer=undo)
        else:
            self.context.notices.info("没有建立新的工单", known.lstrip("；"))
        self.context.bus.tell(CHANGED)

    def _slips_taken(self, found: "SlipsTaken") -> None:
        wrong = [each for each in found.slips if each.why]
        for each in wrong[:1]:
            self.context.notices.warning(f"{len(wrong)} 张照片没有认出工单", each.why)
        good = [each for each in found.slips if not each.why]
        if good:
            self.context.notices.success(
                f"{len(good)} 张回单已归到工单", "；".join(f"{each.order_no} {'、'.join(each.done) or '没有新的内容'}" for each in good[:3])
            )
        self.context.bus.tell(CHANGED)

    def _print_chosen(self) -> None:
        self._print(self.board.chosen())

    def _print(self, numbers: Sequence[str]) -> None:
        if numbers:
            self.printing.read(numbers[0] if len(numbers) == 1 else "派工单", "打印派工单", lambda: self._services.slips(numbers))

    def _print_trips(self) -> None:
        people = [trip.person for trip in self.trips.picked()]
        self.printing.read("行程单", "打印行程单", lambda: self._services.trip_sheets(people))

    def _run(self, title: str, work: Callable[..., Any], done: Callable[[Any], object]) -> None:
        job = self.context.jobs.run(title, work, done=done, failed=self.context.notices.show)
        self.working.follow(job, title)

    def _failed(self, error: Exception) -> None:
        what, hint = getattr(error, "message", "") or "读取工单时出错", getattr(error, "hint", "") or "请重试"
        self.state.say("error", what, hint, ("重试", lambda: self.refresh(Changed.ALL)), level="error")
        self.pages.setCurrentIndex(0)
