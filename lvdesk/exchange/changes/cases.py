"""Cases of network change for people: listed, begun, carried, closed or cancelled by hand."""

import json
from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import select

from lvdesk.exchange.changes.model import SIDES, STATE_TITLES, CaseState, CaseView, Kind, Opening, kinds
from lvdesk.exchange.changes.refreshing import CASE, insert_cases, record_of, refuse_unknown
from lvdesk.exchange.model import SYSTEM_TITLES, System
from lvdesk.kit.clock import stamp
from lvdesk.kit.errors import RefusedError
from lvdesk.network.changed import Changed
from lvdesk.store.model import Change
from lvdesk.workspace import Workspace

_LIVE: Final = (CaseState.OPEN, CaseState.CARRIED)


def cases(ws: Workspace, *, everything: bool = False, overdue: bool = False) -> list[CaseView]:
    """Cases that are under way, the most urgent first; ``everything``: also closed ones, ``overdue``: only those past their day."""
    known, today = kinds(ws.overrides), ws.clock().date().isoformat()
    query = select(CASE).order_by(CASE.c.due_on, CASE.c.id)
    if not everything:
        query = query.where(CASE.c.state.in_([str(state) for state in _LIVE]))
    with ws.store.read() as connection:
        found = [_view(ws, row, known, today) for row in connection.execute(query)]
    return [view for view in found if view.overdue] if overdue else found


def open_case(ws: Workspace, opening: Opening) -> str:
    """Begins a case; returns its number.

    Raises:
        RefusedError: ``changes.kind``, ``changes.side``, ``changes.twice`` when the same is under way.
        KnownError: ``show.missing`` when there is no such record.
    """
    known = kinds(ws.overrides)
    kind = known.get(opening.kind)
    if kind is None:
        raise RefusedError("changes.kind", f"没有异动类型 {opening.kind}", f"可用的有：{'、'.join(known)}")
    if opening.side not in SIDES:
        raise RefusedError("changes.side", f"没有发起方 {opening.side}", f"可用的有：{'、'.join(SIDES)}")
    with ws.store.read() as connection:
        record = record_of(connection, kind, opening.key)
        same = (CASE.c.kind == kind.key, CASE.c.key == opening.key, CASE.c.state.in_([str(state) for state in _LIVE]))
        twin = connection.execute(select(CASE.c.case_no).where(*same)).scalar()
    if twin is not None:
        raise RefusedError("changes.twice", f"{opening.key} 已有在办的{kind.title}：{twin}", "请在那一件上继续")
    title = next((str(value) for name in ("name", "location") if (value := getattr(record, name, None))), opening.key)
    said = {"title": title, "area_no": getattr(record, "area_no", None), "evidence": [opening.reason] if opening.reason else []}
    with ws.store.write(f"登记异动：{kind.title} {opening.key}") as write:
        return insert_cases(ws, write, [(kind, opening, said)])[0]


def carry(ws: Workspace, case_nos: Sequence[str], number: str) -> Changed:
    """The other side was told by other means than a package: by a letter, a telephone call.

    Raises:
        RefusedError: ``changes.unknown``, ``changes.state``.
    """
    return _move(ws, case_nos, (CaseState.OPEN,), "传递异动", {"state": str(CaseState.CARRIED), "number": number}, "carried_at")


def close(ws: Workspace, case_nos: Sequence[str], how: str) -> Changed:
    """Closes cases that nobody answers any more, with the reason.

    Raises:
        RefusedError: ``changes.unknown``, ``changes.state``, ``changes.reason``.
    """
    _refuse_without(how)
    return _move(ws, case_nos, _LIVE, "办结异动", {"state": str(CaseState.CLOSED), "closed_how": how}, "closed_at")


def cancel(ws: Workspace, case_nos: Sequence[str], reason: str) -> Changed:
    """Cases that were none.

    Raises:
        RefusedError: ``changes.unknown``, ``changes.state``, ``changes.reason``.
    """
    _refuse_without(reason)
    return _move(ws, case_nos, _LIVE, "作废异动", {"state": str(CaseState.CANCELLED), "closed_how": reason}, "closed_at")


def _refuse_without(reason: str) -> None:
    if not reason.strip():
        raise RefusedError("changes.reason", "需要写明理由", "请写一句理由后再提交")


def _move(ws: Workspace, case_nos: Sequence[str], allowed: Sequence[CaseState], label: str, values: dict[str, Any], moment: str) -> Changed:
    rows = refuse_unknown(ws, case_nos, allowed)
    what = case_nos[0] if len(case_nos) == 1 else f"{len(case_nos)} 件"
    with ws.store.write(f"{label} {what}") as write:
        write.update(CASE, [Change(row.id, values | {moment: stamp(ws.clock())}, row.version) for row in rows])
    return Changed.RECONCILING | Changed.HISTORY


def _view(ws: Workspace, row: Any, known: dict[str, Kind], today: str) -> CaseView:
    kind, state = known.get(row.kind), CaseState(row.state)
    live = state in _LIVE
    return CaseView(
        row.id, row.case_no, row.kind, kind.title if kind else row.kind, row.entity, row.key, row.title, SIDES.get(row.side, row.side),
        state, STATE_TITLES[state], row.area_no or "", _titled(ws, row.entity, row.before), _titled(ws, row.entity, row.after),
        tuple(json.loads(row.evidence)), row.number, row.opened_at, row.opened_by, row.due_on, live and row.due_on < today,
        _next(kind, state),
    )  # fmt: skip


def _titled(ws: Workspace, entity: str, packed: str) -> dict[str, str]:
    fields = ws.dictionary.entities[entity].fields
    return {fields[name].title if name in fields else name: str(value) for name, value in json.loads(packed).items()}


def _next(kind: Kind | None, state: CaseState) -> str:
    """Who has to do what."""
    if kind is None or state not in _LIVE:
        return ""
    told = "、".join(SYSTEM_TITLES[System(system)] for system in kind.tell)
    if state is CaseState.OPEN:
        return f"内勤：导出给{told}"
    return f"等待{told}的回执和电源信息回写"
