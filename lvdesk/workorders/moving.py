"""What happens to orders: one table of transitions, permissions, reasons, evidence; the ladder of who is asked next."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from sqlalchemy import select

from lvdesk.kit.clock import stamp
from lvdesk.kit.errors import ConflictError, LVDeskError, RefusedError
from lvdesk.network.changed import Changed
from lvdesk.organisation.attachments import keep_file
from lvdesk.organisation.grids import leader
from lvdesk.organisation.roster import standin
from lvdesk.organisation.state import State as Organisation
from lvdesk.organisation.state import read_state
from lvdesk.security import people
from lvdesk.store.model import Change
from lvdesk.store.write import Write
from lvdesk.workorders.creating import CHANGED, inner_head
from lvdesk.workorders.model import ACTION_TITLES, REASONED, TRANSITIONS, Action, Request, State
from lvdesk.workorders.reading import EVENT, EVIDENCE, ORDER, TASK, Order, Scope, orders
from lvdesk.workorders.types import OrderBook, load_orders
from lvdesk.workspace import Workspace

_DISPATCH, _CROSS, _ARCHIVE = "orders.dispatch", "orders.cross", "orders.archive"
_NEEDS: Final[Mapping[Action, str]] = {
    Action.ACCEPT: _DISPATCH, Action.DISPATCH: _DISPATCH, Action.TRANSFER: _DISPATCH, Action.ARCHIVE: _ARCHIVE, Action.REJECT: _ARCHIVE,
    Action.REOPEN: _ARCHIVE, Action.CANCEL: _DISPATCH, Action.URGE: _DISPATCH,
}  # fmt: skip
_OWN: Final = frozenset({
    Action.TAKE, Action.CONTACT, Action.ARRIVE, Action.WORK, Action.FINISH, Action.RETURN, Action.SUSPEND, Action.RESUME, Action.ESCALATE,
    Action.TASK, Action.PROVE,
})  # fmt: skip
"""Done by whoever is responsible or helps, or may dispatch."""
_MOST_LEVEL: Final = 3
_HEAD: Final = "所长"
SATISFACTIONS: Final = ("满意", "一般", "不满意", "未回访")


@dataclass(frozen=True)
class Acted:
    """Orders that moved; those refused with the reason."""

    done: tuple[str, ...]
    refused: Mapping[str, str] = field(default_factory=dict)
    changed: Changed = Changed.NOTHING


def act(ws: Workspace, numbers: Sequence[str], request: Request) -> Acted:
    """Does one thing to orders, in one write; what may not is told, the others go.

    Raises:
        RefusedError: when nothing may happen to any of them, with the reason of the first; ``people.not_allowed``.
    """
    if request.action in _NEEDS:
        people.require(ws.store, ws.overrides, _NEEDS[request.action])
    found = {each.order_no: each for each in orders(ws, Scope(numbers=tuple(dict.fromkeys(numbers))))}
    refused: dict[str, str] = {number: f"没有工单 {number}" for number in numbers if number not in found}
    title = ACTION_TITLES[request.action]
    first: LVDeskError | None = None
    with ws.store.write(f"{title} {numbers[0] if len(numbers) == 1 else f'{len(numbers)} 张工单'}") as write:
        mover = _Mover(ws, write)
        done = []
        for number, each in found.items():
            try:
                mover.move(each, request)
                done.append(number)
            except (RefusedError, ConflictError) as error:
                refused[number] = error.message
                first = first or error
    if not done:
        raise first or RefusedError("orders.unknown", next(iter(refused.values()), "没有选择工单"), "请刷新后重试")
    return Acted(tuple(done), refused, CHANGED)


def finish_task(ws: Workspace, order_no: str, position: int, result: str = "完成") -> Changed:
    """Marks a task as done.

    Raises:
        RefusedError: ``orders.task``, ``orders.state``.
    """
    with ws.store.write(f"完成任务 {order_no}-{position}") as write:
        _Mover(ws, write).finish_task(_one(ws, order_no), position, result)
    return CHANGED


def prove(ws: Workspace, order_no: str, kind: str, value: str = "", path: Path | None = None) -> Changed:
    """Adds evidence: a text, a file, or both.

    Raises:
        RefusedError: ``orders.evidence``, ``orders.state``.
        KnownError: ``file.unreadable``, ``file.too_large``.
    """
    with ws.store.write(f"凭证 {order_no}") as write:
        _Mover(ws, write).prove(_one(ws, order_no), kind, value, path)
    return CHANGED


def missing(book: OrderBook, each: Order) -> list[str]:
    """What finishing still needs: tasks and evidence, in words."""
    open_tasks = [f"任务“{task.what}”" for task in each.tasks if not task.done_at]
    kinds = {proof.kind for proof in each.evidence}
    kind = book.types.get(each.kind)
    return open_tasks + [book.evidence[name] for name in (kind.evidence if kind else ()) if name not in kinds]


def _one(ws: Workspace, order_no: str) -> Order:
    found = orders(ws, Scope(numbers=(order_no,)))
    if not found:
        raise RefusedError("orders.unknown", f"没有工单“{order_no}”", "请检查工单编号")
    return found[0]


class _Mover:
    """Moves orders within one write."""

    def __init__(self, ws: Workspace, write: Write) -> None:
        self._ws, self._write = ws, write
        self._book = load_orders(ws.overrides)
        self._organisation: Organisation = read_state(write.connection)
        self._now = ws.clock()
        self._dispatches = people.may(ws.store, ws.overrides, _DISPATCH)

    def move(self, each: Order, request: Request) -> None:
        """Does it, or raises with the reason."""
        state = self._state_after(each, request)
        values: dict[str, Any] = {"state": str(state)}
        target, level = request.target, each.level
        match request.action:
            case Action.DISPATCH | Action.TRANSFER:
                target = self._somebody(request.target or (each.responsible if request.action is Action.DISPATCH else ""))
                values["responsible"] = target
            case Action.HELP:
                values["helpers"] = "、".join(dict.fromkeys((*each.helpers, *self._helpers(each, request.target))))
            case Action.ESCALATE:
                level, target = self._next_above(each)
                values |= {"level": level, "responsible": target}
            case Action.URGE:
                values["urgent"] = 1
            case Action.ARRIVE:
                values["visits"] = each.visits + 1
            case Action.FINISH:
                self._need_all(each)
            case Action.ARCHIVE:
                values["satisfaction"] = self._asked(each, request.satisfaction)
                target = values["satisfaction"]
            case Action.REOPEN:
                values |= {"reopened": each.reopened + 1, "satisfaction": ""}
        self._event(each, request, state, target, level)
        self._write.update(ORDER, [Change(each.id, values, each.version)])

    def finish_task(self, each: Order, position: int, result: str) -> None:
        """Marks a task as done."""
        self._state_after(each, Request(Action.TASK))
        row = self._write.connection.execute(
            select(TASK.c.id, TASK.c.version, TASK.c.done_at).where(TASK.c.order_no == each.order_no, TASK.c.position == position)
        ).first()
        if row is None:
            raise RefusedError("orders.task", f"工单 {each.order_no} 没有第 {position} 项任务", "请刷新后重试")
        values = {"done_at": stamp(self._now), "done_by": self._ws.person, "result": result or "完成"}
        self._write.update(TASK, [Change(row.id, values, row.version)])
        self._event(each, Request(Action.TASK, reason=result), each.state, str(position), each.level)

    def prove(self, each: Order, kind: str, value: str, path: Path | None) -> None:
        """Adds evidence."""
        key = next((key for key, title in self._book.evidence.items() if kind in {key, title}), "")
        if not key or not (value.strip() or path):
            raise RefusedError(
                "orders.evidence", f"凭证“{kind}”没有内容或没有这一种", f"可用的有：{'、'.join(self._book.evidence.values())}"
            )
        self._state_after(each, Request(Action.PROVE))
        digest = keep_file(self._write, path) if path else ""
        columns = ("order_no", "kind", "value", "attachment", "at", "person")
        self._write.insert(EVIDENCE, columns, [(each.order_no, key, value.strip(), digest, stamp(self._now), self._ws.person)], 1)
        self._event(each, Request(Action.PROVE, reason=value.strip()[:80]), each.state, key, each.level)

    def _state_after(self, each: Order, request: Request) -> State:
        allowed, after = TRANSITIONS[request.action]
        title = ACTION_TITLES[request.action]
        if each.state not in allowed:
            raise RefusedError("orders.state", f"{each.order_no} 是“{each.state_title}”，不能{title}", f"可以的有：{_may(each.state)}")
        if request.action in _OWN and not self._dispatches and self._ws.person not in {each.responsible, *each.helpers}:
            raise RefusedError(
                "orders.not_yours", f"{each.order_no} 由 {each.responsible} 负责，不能由 {self._ws.person} {title}", "请由负责人操作"
            )
        if request.action in REASONED and not request.reason.strip():
            raise RefusedError("orders.reason", f"{title}要写明原因", "请填写原因")
        if request.action is Action.SUSPEND and request.reason not in self._book.pause_reasons:
            raise RefusedError("orders.reason", f"“{request.reason}”不是可以挂起的原因", f"可用的有：{'、'.join(self._book.pause_reasons)}")
        if request.action is Action.TRANSFER and not request.target:
            raise RefusedError("orders.target", "转派要指定接手的人", "请选择人员")
        return each.held if request.action is Action.RESUME else (after or each.state)

    def _somebody(self, name: str) -> str:
        known = {row["name"] for row in self._organisation.rows["staff"]}
        if known and name not in known:
            raise RefusedError("orders.target", f"没有员工“{name}”", "请从人员与班组中选择")
        day = self._now.date().isoformat()
        away = any(row["staff"] == name for row in self._organisation.on("absence", day))
        if away and not (other := standin(self._organisation, name, day)):
            raise RefusedError("orders.target", f"{name} 不在岗，也没有替班人", "请另选一个人")
        return other if away else name

    def _helpers(self, each: Order, names: str) -> list[str]:
        """Members of the same grid may be added by whoever dispatches; others and support units by the inner team."""
        wanted = [name for name in names.split("、") if name]
        if not wanted:
            raise RefusedError("orders.target", "没有选择协同的人", "请选择同网格的人员")
        units = {row["name"] for row in self._organisation.rows["support_unit"]}
        staff = {row["name"] for row in self._organisation.rows["staff"]}
        unknown = [name for name in wanted if name not in units | staff]
        if unknown and staff:
            raise RefusedError("orders.target", f"没有员工或支撑单位“{unknown[0]}”", "请从人员与班组中选择")
        same = self._same_grid(each)
        foreign = [name for name in wanted if name not in same]
        people.require(self._ws.store, self._ws.overrides, _CROSS if foreign else _DISPATCH)
        return wanted

    def _same_grid(self, each: Order) -> set[str]:
        day = self._now.date().isoformat()
        grid = self._organisation.grid_of(day).get(each.area_no, "")
        return {row["staff"] for row in self._organisation.on("grid_duty", day) if row["grid_no"] == grid}

    def _next_above(self, each: Order) -> tuple[int, str]:
        """The next step of the ladder that somebody holds: leader, inner team, head of the station."""
        now, day = self._organisation, self._now.date().isoformat()
        for level in range(each.level + 1, _MOST_LEVEL + 1):
            name = {
                1: lambda: leader(now, now.grid_of(day).get(each.area_no, ""), day), 2: lambda: inner_head(now, day),
                3: lambda: next((str(row["name"]) for row in now.staff_at(day) if row["post"] == _HEAD), ""),
            }[level]()  # fmt: skip
            name = name and (standin(now, name, day) or name)
            if name:
                return level, name
        raise RefusedError(
            "orders.ladder", f"{each.order_no} 已在“{self._book.levels[each.level]}”，上面没有人可以升级", "请登记网格长、内勤班、所长"
        )

    def _need_all(self, each: Order) -> None:
        lacking = missing(self._book, each)
        if lacking:
            raise RefusedError("orders.lacking", f"{each.order_no} 还缺{'、'.join(lacking)}，不能完成", "请完成任务并补上凭证")

    def _asked(self, each: Order, satisfaction: str) -> str:
        if self._book.types[each.kind].callback and satisfaction not in SATISFACTIONS:
            raise RefusedError("orders.callback", f"{each.order_no} 归档前要回访", f"满意度：{'、'.join(SATISFACTIONS)}")
        return satisfaction

    def _event(self, each: Order, request: Request, state: State, target: str, level: int) -> None:
        when = self._when(each, request.at)
        columns = ("order_no", "at", "action", "state", "person", "target", "level", "reason")
        values = (each.order_no, when, str(request.action), str(state), self._ws.person, target, level, request.reason.strip())
        self._write.insert(EVENT, columns, [values], 1)

    def _when(self, each: Order, at: str) -> str:
        """Now, or an earlier moment that paper tells: not before what happened last."""
        if not at:
            return stamp(max(self._now, datetime.fromisoformat(each.events[-1].at)))
        try:
            told, last = datetime.fromisoformat(at), datetime.fromisoformat(each.events[-1].at)
            fits = last <= told <= self._now
        except (ValueError, TypeError) as error:
            raise RefusedError("orders.time", f"时间“{at}”写错", "写成 2026-11-24T09:30:00+08:00") from error
        if not fits:
            raise RefusedError("orders.time", f"时间 {at} 早于上一步或晚于现在", f"上一步是 {each.events[-1].at}")
        return stamp(told)


def _may(state: State) -> str:
    return "、".join(ACTION_TITLES[action] for action, (allowed, _after) in TRANSITIONS.items() if state in allowed)
