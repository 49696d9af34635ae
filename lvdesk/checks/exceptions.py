"""Faults that people accept, with reason, name and expiry: closed on every later run until the value changes or the day has passed."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, Final

from sqlalchemy import Connection, select

from lvdesk.kit.clock import stamp
from lvdesk.kit.errors import RefusedError
from lvdesk.kit.progress import Progress
from lvdesk.network.batches import table_of
from lvdesk.network.changed import Changed
from lvdesk.network.verdicts import Finding, FindingException, same_fault
from lvdesk.store.bulk import among
from lvdesk.store.model import Change
from lvdesk.store.write import Write
from lvdesk.workspace import Workspace

_SLICE: Final = 20_000
_FINDING, _EXCEPTION = table_of(Finding), table_of(FindingException)
_COLUMNS: Final = ("identity", "rule", "value", "reason", "person", "at", "expires_on")


def accept(ws: Workspace, ids: Sequence[int], reason: str, expires_on: str | None, progress: Progress | None = None) -> Changed:
    """Excepts findings, one undoable write; one excepted before gets the new reason and day.

    Args:
        ws: the station.
        ids: numbers of findings; those that are resolved by now are left out.
        reason: why the fault is accepted; must say something.
        expires_on: the last day the exception holds, as YYYY-MM-DD; None for ever.
        progress: counts findings.

    Raises:
        RefusedError: ``exception.reason``, ``exception.expires``, ``exception.none``; nothing was written.
    """
    reason, progress = reason.strip(), progress or Progress()
    if not reason:
        raise RefusedError("exception.reason", "没有写明列为例外的理由", "请填写理由，例如：已现场核实，属实")
    until = _day(ws, expires_on)
    with ws.store.read() as connection:
        label = f"例外：{_said(connection, ids)}"
    with ws.store.write(label) as write:
        progress.start("正在列为例外", len(ids), "处")
        given = (reason, ws.person, stamp(ws.clock()), until)
        for piece in _pieces(ids):
            _accept(write, piece, given)
            progress.step(len(piece))
    return Changed.CHECKS | Changed.HISTORY


def withdraw(ws: Workspace, ids: Sequence[int]) -> Changed:
    """Takes the exceptions of findings back, one undoable write.

    Raises:
        RefusedError: ``exception.none`` when none of them has one; nothing was written.
    """
    with ws.store.read() as connection:
        label = f"撤回例外：{_said(connection, ids, excepted=True)}"
    with ws.store.write(label) as write:
        for piece in _pieces(ids):
            query = select(_EXCEPTION.c.id).join(_FINDING, same_fault()).where(among(write.connection, _FINDING.c.id, piece))
            write.delete(_EXCEPTION, write.connection.execute(query).scalars().all())
    return Changed.CHECKS | Changed.HISTORY


def _day(ws: Workspace, expires_on: str | None) -> str | None:
    if expires_on is None or not expires_on.strip():
        return None
    try:
        day = date.fromisoformat(expires_on.strip())
    except ValueError as error:
        raise RefusedError("exception.expires", f"到期日“{expires_on}”不是日期", "请按 2026-12-31 的格式填写") from error
    if day < ws.clock().date():
        raise RefusedError("exception.expires", f"到期日 {day} 已经过去", "请填写今天或以后的日期，或不填")
    return day.isoformat()


def _pieces(ids: Sequence[int]) -> Iterable[Sequence[int]]:
    return (ids[start : start + _SLICE] for start in range(0, len(ids), _SLICE))


def _said(connection: Connection, ids: Sequence[int], *, excepted: bool = False) -> str:
    """Rule and number of the findings that will be touched, for history."""
    rules: list[str] = []
    query = select(_FINDING.c.rule)
    query = query.join(_EXCEPTION, same_fault()) if excepted else query.where(_FINDING.c.resolved_at.is_(None))
    for piece in _pieces(ids):
        rules += connection.execute(query.where(among(connection, _FINDING.c.id, piece))).scalars()
    if not rules:
        what = "所选问题都没有例外" if excepted else "所选问题都已解决或不存在"
        raise RefusedError("exception.none", what, "请刷新问题列表后重新选择")
    kinds = set(rules)
    return f"{rules[0] if len(kinds) == 1 else f'{len(kinds)} 条规则'} {len(rules)} 处"


def _accept(write: Write, ids: Sequence[int], given: tuple[Any, ...]) -> None:
    query = (
        select(_FINDING.c.identity, _FINDING.c.rule, _FINDING.c.value, _EXCEPTION.c.id)
        .outerjoin(_EXCEPTION, same_fault())
        .where(among(write.connection, _FINDING.c.id, ids), _FINDING.c.resolved_at.is_(None))
        .order_by(_FINDING.c.id)
    )
    rows = write.connection.execute(query).all()
    fresh = [(*row[:3], *given) for row in rows if row[3] is None]
    write.insert(_EXCEPTION, _COLUMNS, fresh, len(fresh))
    names = _COLUMNS[2:]
    write.update(_EXCEPTION, [Change(row[3], dict(zip(names, (row[2], *given), strict=True))) for row in rows if row[3] is not None])
