"""One order: what it is about, its clocks, tasks to tick, evidence, what happened; what may happen next as buttons."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QFrame, QMenu, QWidget

from lvdesk.workorders.model import ACTION_TITLES, TRANSITIONS, Action, State
from ui.panes.workorders.cards import countdown
from ui.parts import button, chip, column, label, row, scrolled

if TYPE_CHECKING:
    from lvdesk.workorders.reading import Order
    from lvdesk.workorders.types import OrderBook

_MAIN: Final = (
    Action.DISPATCH, Action.TAKE, Action.ARRIVE, Action.WORK, Action.FINISH, Action.ARCHIVE, Action.RESUME,
)  # fmt: skip
_MORE: Final = (
    Action.ACCEPT, Action.CONTACT, Action.TRANSFER, Action.HELP, Action.ESCALATE, Action.URGE, Action.SUSPEND, Action.RETURN, Action.REJECT,
    Action.REOPEN, Action.CANCEL,
)  # fmt: skip
_LEVELS: Final = {"red": "error", "orange": "warning", "yellow": "warning", "green": "success", "grey": "neutral"}


class OrderDetail(QFrame):
    """Signals: acted(order number, action), ticked(order number, position), prove_asked(order number), print_asked(order number)."""

    acted = Signal(str, str)
    ticked = Signal(str, int)
    prove_asked = Signal(str)
    print_asked = Signal(str)
    place_asked = Signal(str, str)

    def __init__(self, book: "OrderBook", clock: Callable[[], Any]) -> None:
        super().__init__()
        self.setProperty("card", "true")
        self._book, self._clock = book, clock
        self.order: Order | None = None
        self._inner = QWidget()
        self._inner.setProperty("page", "true")
        self._area = scrolled(self._inner)
        self.main = button("", self._main, "primary")
        self.more = button("更多…", self._open_menu)
        self.menu = QMenu(self)
        foot = row(self.main, self.more, None, button("打印派工单", self._print, icon_name="print"))
        inside = column(self._area, foot, parent=self, gap=8)
        inside.setContentsMargins(14, 12, 12, 10)
        inside.setStretch(0, 1)
        self.show_order(None)

    def show_order(self, order: "Order | None") -> None:
        """Shows an order, None for nothing."""
        self.order = order
        inner = QWidget()
        inner.setProperty("page", "true")
        parts: list[QWidget | int | None] = [label("选择一张工单看详情", "muted"), None]
        if order is not None:
            parts = [*self._head(order), *self._tasks(order), *self._evidence(order), *self._story(order), None]
        column(*parts, parent=inner, gap=4)
        self._area.setWidget(inner)
        able = self._able() if order is not None else []
        first = next((action for action in _MAIN if action in able), None)
        self.main.setVisible(first is not None)
        self.main.setText(ACTION_TITLES[first] if first else "")
        self.main.setAccessibleName(self.main.text() or "下一步")
        self.more.setEnabled(order is not None)

    def _able(self) -> list[Action]:
        order = self.order
        return [action for action, (allowed, _after) in TRANSITIONS.items() if order is not None and order.state in allowed]

    def _main(self) -> None:
        first = next((action for action in _MAIN if action in self._able()), None)
        if self.order is not None and first is not None:
            self.acted.emit(self.order.order_no, str(first))

    def _open_menu(self) -> None:
        self.menu.clear()
        for action in (each for each in _MORE if each in self._able()):
            self.menu.addAction(f"{ACTION_TITLES[action]}…", partial(self._act, action))
        if self.order is not None and self.order.state is not State.ARCHIVED:
            self.menu.addAction("添加凭证…", self._prove)
        self.menu.popup(self.more.mapToGlobal(self.more.rect().topLeft()))

    def _act(self, action: Action) -> None:
        if self.order is not None:
            self.acted.emit(self.order.order_no, str(action))

    def _prove(self) -> None:
        if self.order is not None:
            self.prove_asked.emit(self.order.order_no)

    def _print(self) -> None:
        if self.order is not None:
            self.print_asked.emit(self.order.order_no)

    def _head(self, order: "Order") -> list[QWidget | int | None]:
        told, colour = countdown(order, self._clock())
        chips = QWidget()
        marks = [chip(order.state_title, "info"), chip(told, _LEVELS[colour])] if told else [chip(order.state_title, "info")]
        row(*marks, None, parent=chips, gap=6)
        title = label(order.title, "h2", wrap=True)
        facts = [
            f"{order.order_no}　{order.kind_title}", f"来源　{order.source} {order.source_no}".rstrip(),
            f"负责　{order.responsible}（{self._book.levels[order.level]}）", f"协同　{'、'.join(order.helpers)}" if order.helpers else "",
            f"地址　{order.address}" if order.address else "", f"联系　{order.contact} {order.phone}".rstrip() if order.contact else "",
            f"台区　{order.area_no}" if order.area_no else "", *(self._clock_said(each) for each in order.clocks if each.due is not None),
        ]  # fmt: skip
        texts = [label(text, "muted", wrap=True) for text in facts if text]
        for each in texts:
            each.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        place = [_left(button("在台账中打开", self._open_place, "link"))] if order.key else []
        return [title, chips, 2, *texts, *place]

    def _open_place(self) -> None:
        if self.order is not None:
            self.place_asked.emit(self.order.entity, self.order.key)

    @staticmethod
    def _clock_said(each: Any) -> str:
        end = f"，{each.stopped:%m-%d %H:%M} 完成" if each.stopped else ""
        return f"{each.title}　{each.limit}，{each.due:%m-%d %H:%M} 前{end}{'（超期）' if each.late else ''}"

    def _tasks(self, order: "Order") -> list[QWidget | int | None]:
        found: list[QWidget | int | None] = [6, label("任务", "h2")]
        for task in order.tasks:
            tick = QCheckBox(f"{task.kind}：{task.what}")
            tick.setToolTip(task.what)
            tick.setAccessibleName(tick.text())
            tick.setChecked(bool(task.done_at))
            tick.setEnabled(not task.done_at)
            tick.toggled.connect(lambda _on, place=task.position, number=order.order_no: self.ticked.emit(number, place))
            found.append(tick)
            if task.done_at:
                found.append(label(f"　　{task.done_by} {task.done_at[5:16].replace('T', ' ')} {task.result}", "faint"))
        return found

    def _evidence(self, order: "Order") -> list[QWidget | int | None]:
        kind = self._book.types.get(order.kind)
        there = {proof.kind for proof in order.evidence}
        lacking = [self._book.evidence[name] for name in (kind.evidence if kind else ()) if name not in there]
        found: list[QWidget | int | None] = [6, label("凭证", "h2")]
        for proof in order.evidence:
            at = proof.at[5:16].replace("T", " ")
            said = label(f"{self._book.evidence.get(proof.kind, proof.kind)}　{proof.value}　{at}", "muted", wrap=True)
            found.append(said)
        if lacking and order.state is not State.ARCHIVED:
            found.append(label(f"还缺：{'、'.join(lacking)}", "muted", wrap=True))
        return [*found, _left(button("添加凭证…", self._prove, "link"))]

    @staticmethod
    def _story(order: "Order") -> list[QWidget | int | None]:
        found: list[QWidget | int | None] = [6, label("经过", "h2")]
        for event in reversed(order.events):
            who = "　".join(part for part in (event.person, f"→ {event.target}" if event.target else "", event.reason) if part)
            found.append(label(f"{event.at[5:16].replace('T', ' ')}　{ACTION_TITLES[event.action]}　{who}", "muted", wrap=True))
        return found


def _left(widget: QWidget) -> QWidget:
    """The widget at the left of its line."""
    line = QWidget()
    row(widget, None, parent=line, gap=0)
    return line
