"""What the keys of an item do: decide, ask why, bring back what was not done, keep others away meanwhile."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QTimer

from lvdesk.kit.table import Cell
from lvdesk.review.model import ACTION_TITLES, Action, Decided, ItemView, Request, State
from ui.models.source import CellEdit
from ui.notices import Offer
from ui.panes.base import Context
from ui.panes.review.decisions import Decisions
from ui.panes.review.loading import Services
from ui.panes.review.why import Why
from ui.panes.review.words import refusals

if TYPE_CHECKING:
    from ui.panes.review.desk import ReviewDesk

_LOCK_MS: Final = 400  # an item that is passed over in less is not locked
_WAITING: Final = frozenset({State.PREPARING, State.MARKETING, State.OPERATIONS})
_DONE: Final[Mapping[Action, str]] = {
    Action.CONFIRM: "已通过", Action.CORRECT: "已改后通过", Action.RETURN: "已退回", Action.HOLD: "已挂起", Action.RESUME: "已恢复",
    Action.REVOKE: "已撤回",
}  # fmt: skip
SWITCH: Final = ("person.switch", "people.switch", "window.switch_person")
"""What the window may call the way to another person at the desk."""


class Hands(QObject):
    """Works on the item that its desk shows.

    Attributes:
        last: the item decided last; when it is in the list again, a decision was taken back.
    """

    def __init__(self, context: Context, services: Services, desk: "ReviewDesk") -> None:
        super().__init__(desk)
        self._context, self._services, self._desk = context, services, desk
        self.last: int | None = None
        self.decisions = Decisions(context, services, self)
        self._lock = QTimer(self)
        self._lock.setSingleShot(True)
        self._lock.setInterval(_LOCK_MS)
        self._lock.timeout.connect(self._take_lock)
        self.decisions.refused.connect(self._refused)
        self.decisions.failed.connect(self._failed)
        desk.item.asked.connect(self.decide)
        desk.form.agreed.connect(self._agreed)

    def decide(self, action: Action) -> None:
        """One of the keys."""
        desk, item = self._desk, self._desk.item
        view = item.view
        if view is None or view.id != desk.current or view.id in desk.walk.done:
            return
        if item.asking():
            if action is desk.form.action:
                desk.form.agree()
        elif action not in view.allowed or view.locked_by:
            why = f"{view.locked_by} 正在处理这一项" if view.locked_by else view.forbidden or "这一项现在不能这样处理"
            self._context.notices.warning(f"不能{ACTION_TITLES[action]}", why, offers=self.ways())
        elif action in {Action.RETURN, Action.HOLD}:
            item.ask_why(action, limit=desk.habits.return_limit)
        elif action is Action.CONFIRM and item.sides.given():
            self._context.notices.info("已改了采用的值，还没有通过", "按 F10 改后通过；不改了就在该栏按 Esc 还原")
        elif action is Action.CORRECT and not item.sides.given():
            item.sides.start()
        else:
            self._send(view, action, item.sides.given() if action is Action.CORRECT else {}, Why(""))

    def ways(self) -> tuple[Offer, ...]:
        """The way to another person at the desk, where the window knows one and it would help."""
        view = self._desk.item.view
        if view is None or view.state not in _WAITING or Action.CONFIRM in view.allowed or view.blocked or view.locked_by:
            return ()
        known = next((key for key in SWITCH if self._context.actions.qaction(key) is not None), "")
        return (Offer("切换人员…", lambda: self._context.actions.trigger(known)),) if known else ()

    def opened(self) -> None:
        """Another item is open; after a moment it is ours."""
        self._lock.start()

    def release(self) -> None:
        """Gives up what is open."""
        self._lock.stop()
        session = self._desk.session
        self._context.jobs.run("", lambda _progress: self._services.close(session), quiet=True, failed=lambda _error: None)

    def _send(self, view: ItemView, action: Action, values: Mapping[str, str], why: Why) -> None:
        desk = self._desk
        versions, session = {view.id: view.version}, desk.session
        request = Request((view.id,), action, values, why.reason, why.addressee, why.until, versions=versions, session=session)
        desk.walk.done.add(view.id)
        self.last = view.id
        self._lock.stop()
        desk.table.model.settle(CellEdit(view.id, "kind", ""), Cell("healed", _DONE[action]))
        desk.store.forget(view.id)
        self.decisions.send(request)
        if desk.item.working():
            desk.item.start()
        desk.go_on()

    def _agreed(self, action: Action, why: Why) -> None:
        view = self._desk.item.view
        if view is not None and view.id not in self._desk.walk.done:
            self._desk.item.close_form()
            self._send(view, action, {}, why)

    def _refused(self, decided: Decided) -> None:
        self._bring_back([each.id for each in decided.refused], "没有处理", refusals(decided.refused))

    def _failed(self, ids: Sequence[int], error: Exception) -> None:
        message, hint = getattr(error, "message", ""), getattr(error, "hint", "")
        if not message:
            self._context.notices.show(error)
        self._bring_back(ids, "没有保存", "。".join(part for part in (message, hint) if part))

    def _bring_back(self, ids: Sequence[int], what: str, why: str) -> None:
        """An item that was not decided after all comes back, at once unless something is being filled in."""
        desk, first = self._desk, ids[0]
        desk.walk.done.difference_update(ids)
        desk.store.forget(*ids)
        for each in ids:
            desk.table.model.settle(CellEdit(each, "kind", ""), Cell("warning", f"{what}：{why}"))
        busy = desk.item.asking() or bool(desk.item.sides.given())
        offers = (Offer("查看", lambda: desk.go(first)),) if busy else ()
        self._context.notices.warning(f"有 {len(ids):,} 项{what}" if len(ids) > 1 else f"上一项{what}", why, offers=offers)
        if not busy and desk.table.model.row_of(first) is not None:
            desk.go(first)

    def _take_lock(self) -> None:
        desk = self._desk
        identity = desk.current
        if identity is None or desk.item.view is None or identity in desk.walk.done:
            return

        def done(holder: str) -> None:
            view = desk.item.view
            if view is not None and view.id == identity == desk.current and view.locked_by != holder and not desk.item.sides.given():
                desk.show_view(replace(view, locked_by=holder))

        session = desk.session
        self._context.jobs.run(
            "", lambda _progress: self._services.open_item(identity, session), quiet=True, done=done, failed=lambda _error: None
        )
