"""A package on its way: out, back, closed, called off, opened again; things left out of it. Each move is one undoable write."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, select

from lvdesk.fieldwork.book import load_book
from lvdesk.fieldwork.model import PACKAGE_STATES, PackageState, SheetState
from lvdesk.fieldwork.planning import held_by
from lvdesk.fieldwork.reading import ITEM, PACKAGE, SHEET, package_row
from lvdesk.fieldwork.views import people_in, state_of
from lvdesk.kit.clock import stamp
from lvdesk.kit.errors import ConflictError, RefusedError
from lvdesk.network.changed import Changed
from lvdesk.store.model import Change
from lvdesk.store.write import Write
from lvdesk.workspace import Workspace

_CHANGED: Final = Changed.PACKAGES | Changed.HISTORY
_CARRIED: Final = {SheetState.PRINTED, SheetState.OUT, SheetState.BACK}
_NAMED: Final = 5


@dataclass(frozen=True)
class Move:
    """What people do with a package and in which states they can."""

    title: str
    states: frozenset[PackageState]


_OUTSIDE: Final = frozenset({PackageState.OUT, PackageState.PARTLY_BACK, PackageState.BACK})
MOVES: Final[Mapping[str, Move]] = {
    "send": Move("发出", frozenset({PackageState.PREPARED})),
    "take_back": Move("收回", _OUTSIDE),
    "close": Move("结束", _OUTSIDE),
    "cancel": Move("作废", frozenset({PackageState.PREPARED, PackageState.OUT})),
    "reopen": Move("重新打开", frozenset({PackageState.CLOSED, PackageState.CANCELLED})),
    "drop": Move("移出对象", frozenset({PackageState.PREPARED, PackageState.OUT, PackageState.PARTLY_BACK})),
}
"""The transition table: the state a move leads to follows from what happened (see ``views.state_of``)."""


def send(ws: Workspace, package_no: str) -> Changed:
    """The team takes the package along; its printed sheets are out with it.

    Raises:
        KnownError: ``package.missing``.
        RefusedError: ``package.state``; ``package.people`` with fewer people than it takes; ``package.sheets`` with nothing to write on.
    """
    least = load_book(ws).people
    with _moving(ws, package_no, "send") as (write, package):
        people = people_in(package.row)
        if len(people) < least:
            message = f"任务包 {package.number} 只有 {len(people)} 名采录人，现场采录至少要 {least} 人"
            raise RefusedError("package.people", message, "请在任务包中填写采录人后再发出")
        sheets = package.sheets()
        if not any(sheet.state in _CARRIED for sheet in sheets):
            message = f"任务包 {package.number} 还没有打印表单，也没有生成电子表单"
            raise RefusedError("package.sheets", message, "请先打印表单，或生成电子表单")
        write.update(PACKAGE, [Change(package.row.id, {"out_at": stamp(ws.clock())})])
        out = [Change(sheet.id, {"state": str(SheetState.OUT)}) for sheet in sheets if sheet.state == SheetState.PRINTED]
        write.update(SHEET, out)
        write.label = f"发出任务包 {package.number}（{len(package.items):,} 个对象、{len(out)} 张表单，{'、'.join(people)}）"
    return _CHANGED


def take_back(ws: Workspace, package_no: str, items: Sequence[tuple[str, str]], outcome: str = "") -> Changed:
    """Things are back with their result; of things that are back already only the outcome changes.

    Args:
        ws: the station.
        package_no: of the package.
        items: (entity, key) of each; none for everything still out.
        outcome: what came of it in words, as the code list ``verdict`` names it where it does; "" for collected.

    Raises:
        KnownError: ``package.missing``.
        RefusedError: ``package.state``; ``package.item`` for a thing that is not in the package.
    """
    said = ws.codes["verdict"].canonical(outcome.strip())[0] or outcome.strip()
    with _moving(ws, package_no, "take_back") as (write, package):
        chosen = package.named(items) if items else [item for item in package.items if item.back_at is None]
        moment = stamp(ws.clock())
        fresh = [Change(item.id, {"back_at": moment, "outcome": said}) for item in chosen if item.back_at is None]
        again = [Change(item.id, {"outcome": said}) for item in chosen if item.back_at is not None]
        write.update(ITEM, [*fresh, *again])
        left = sum(item.back_at is None for item in package.items) - len(fresh)
        told = f"收回 {len(fresh):,} 个对象" if fresh else f"改写 {len(again):,} 个对象的结果"
        write.label = f"{told}：任务包 {package.number}（{'已全部收回' if not left else f'在外 {left:,} 个'}）"
        changed = write.changed
    return _CHANGED if changed else Changed.NOTHING


def close(ws: Workspace, package_no: str, reason: str = "") -> Changed:
    """Ends a package; things that did not come back are free for another one, the history says how many.

    Raises:
        KnownError: ``package.missing``.
        RefusedError: ``package.state``.
    """
    with _moving(ws, package_no, "close") as (write, package):
        missing = sum(item.back_at is None for item in package.items)
        left = f"，{missing:,} 个对象未采录，可重新安排" if missing else ""
        _end(ws, write, package, {"note": _noted(package.row.note, "结束", reason)})
        write.label = f"结束任务包 {package.number}{left}"
    return _CHANGED


def cancel(ws: Workspace, package_no: str, reason: str) -> Changed:
    """Calls a package off before anything came back; all its things are free again.

    Raises:
        KnownError: ``package.missing``.
        RefusedError: ``package.state``; ``package.reason`` without one.
    """
    if not reason.strip():
        raise RefusedError("package.reason", "没有写明作废的原因", "请填写原因")
    with _moving(ws, package_no, "cancel") as (write, package):
        _end(ws, write, package, {"note": _noted(package.row.note, "作废", reason), "cancelled": 1})
        write.label = f"作废任务包 {package.number}（{reason.strip()}）"
    return _CHANGED


def reopen(ws: Workspace, package_no: str) -> Changed:
    """Takes an ended package up again where it stood.

    Raises:
        KnownError: ``package.missing``.
        RefusedError: ``package.state``.
        ConflictError: ``package.held`` when one of its things is in another open package by now.
    """
    with _moving(ws, package_no, "reopen") as (write, package):
        held = held_by(write.connection)
        holds = {item.id: f"{item.entity}|{item.key}" for item in package.items}
        taken = [(item.key, held[holds[item.id]]) for item in package.items if holds[item.id] in held]
        if taken:
            more = f" 等 {len(taken)} 个对象" if len(taken) > 1 else ""
            message = f"{taken[0][0]}{more}已在任务包 {taken[0][1]} 中，任务包 {package.number} 不能重新打开"
            raise ConflictError("package.held", message, "请先结束那个任务包")
        write.update(ITEM, [Change(number, {"held": hold}) for number, hold in holds.items()])
        write.update(PACKAGE, [Change(package.row.id, {"closed_at": None, "cancelled": 0})])
    return _CHANGED


def drop(ws: Workspace, package_no: str, items: Sequence[tuple[str, str]]) -> Changed:
    """Leaves things out of a package; before it went out the others are counted anew.

    Raises:
        KnownError: ``package.missing``.
        RefusedError: ``package.state``; ``package.item`` for things that are not in it or are back already, and for all of them.
    """
    with _moving(ws, package_no, "drop") as (write, package):
        chosen = package.named(items)
        back = [item.key for item in chosen if item.back_at is not None]
        if back:
            raise RefusedError("package.item", f"{_listed(back)} 已收回，不能移出任务包 {package.number}", "请只选尚未收回的对象")
        if not chosen or len(chosen) == len(package.items):
            message = "没有选中要移出的对象" if not chosen else f"不能把任务包 {package.number} 的全部对象移出"
            raise RefusedError("package.item", message, "请选择要移出的对象；整包不做时请作废任务包")
        gone = {item.id for item in chosen}
        write.delete(ITEM, sorted(gone))
        if package.state is PackageState.PREPARED:
            stay = [item for item in package.items if item.id not in gone]
            write.update(ITEM, [Change(item.id, {"position": place}) for place, item in enumerate(stay, 1)])
        write.label = f"从任务包 {package.number} 移出 {len(gone):,} 个对象"
    return _CHANGED


class _Package:
    """A package as the transaction sees it, its items in walking order."""

    def __init__(self, connection: Connection, package_no: str) -> None:
        self._connection = connection
        self.row = package_row(connection, package_no)
        self.number: str = self.row.package_no
        mine = select(ITEM).where(ITEM.c.package == self.row.id).order_by(ITEM.c.position, ITEM.c.id)
        self.items = connection.execute(mine).all()
        self.state = state_of(self.row, len(self.items), sum(item.back_at is not None for item in self.items))

    def sheets(self) -> Sequence[Any]:
        """Its sheets."""
        return self._connection.execute(select(SHEET).where(SHEET.c.package == self.row.id)).all()

    def named(self, wanted: Sequence[tuple[str, str]]) -> list[Any]:
        """The items with these names; refuses others."""
        found = {(item.entity, item.key): item for item in self.items}
        strange = [key for entity, key in wanted if (entity, key) not in found]
        if strange:
            raise RefusedError("package.item", f"{_listed(strange)} 不在任务包 {self.number} 中", "请刷新后重新选择")
        return [found[entity, key] for entity, key in dict.fromkeys(wanted)]


@contextmanager
def _moving(ws: Workspace, package_no: str, move: str) -> Iterator[tuple[Write, _Package]]:
    allowed = MOVES[move]
    with ws.store.write(f"{allowed.title}任务包 {package_no}") as write:
        package = _Package(write.connection, package_no)
        if package.state not in allowed.states:
            words = "、".join(PACKAGE_STATES[state] for state in PackageState if state in allowed.states)
            message = f"任务包 {package.number}{PACKAGE_STATES[package.state]}，不能{allowed.title}"
            raise RefusedError("package.state", message, f"只有这些状态的任务包可以{allowed.title}：{words}")
        yield write, package


def _end(ws: Workspace, write: Write, package: _Package, values: Mapping[str, Any]) -> None:
    write.update(ITEM, [Change(item.id, {"held": None}) for item in package.items])
    write.update(PACKAGE, [Change(package.row.id, {**values, "closed_at": stamp(ws.clock())})])


def _noted(note: str, word: str, reason: str) -> str:
    said = f"{word}：{reason.strip()}" if reason.strip() else ""
    return "\n".join(part for part in (note, said) if part)


def _listed(keys: Sequence[str]) -> str:
    more = f" 等 {len(keys)} 个对象" if len(keys) > _NAMED else ""
    return f"{'、'.join(keys[:_NAMED])}{more}"
