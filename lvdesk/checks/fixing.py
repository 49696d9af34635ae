"""Puts suggested values in force: checked like typed ones, only where the record still says what was found, in one undoable write."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import Connection, func, select

from lvdesk.checks.browsing import FINDING, joined
from lvdesk.kit.errors import KnownError
from lvdesk.kit.progress import Progress
from lvdesk.network.browsing import shown
from lvdesk.network.changed import Changed
from lvdesk.network.editing import Checked, Edit, check_edits, store_edits
from lvdesk.network.tables import TABLES
from lvdesk.network.verdicts import EXCEPTED, OPEN, RESOLVED, CheckRun, state_of
from lvdesk.store.bulk import among
from lvdesk.store.journal import later_parts, part_ids
from lvdesk.store.payload import unpack
from lvdesk.workspace import Workspace

_SLICE: Final = 5_000
_NOT_OPEN: Final = {EXCEPTED: "已列为例外", RESOLVED: "问题已经解决"}
_CHANGED: Final = "记录在检查之后改动过，请重新检查"


@dataclass(frozen=True)
class Fixed:
    """How many findings had their suggestion applied, and which not and why; ``entry_id`` 0 when nothing was written."""

    applied: int
    refused: tuple[tuple[int, str], ...]
    entry_id: int
    changed: Changed


@dataclass(frozen=True)
class _Proposal:
    """What one finding would set."""

    finding: int
    entity: str
    edits: tuple[Edit, ...]


@dataclass
class _Plan:
    """What may be stored, by entity, from how many findings, and what was refused."""

    edits: dict[str, list[Checked]] = field(default_factory=dict)
    applied: int = 0
    refused: list[tuple[int, str]] = field(default_factory=list)


def alike(ws: Workspace, number: int) -> list[int]:
    """The open findings of the same rule and field that have a suggestion, by number.

    Raises:
        KnownError: ``finding.missing``.
    """
    with ws.store.read() as connection:
        one = connection.execute(select(FINDING.rule, FINDING.entity, FINDING.field).where(FINDING.id == number)).first()
        if one is None:
            raise KnownError("finding.missing", f"没有编号为 {number} 的问题", "请刷新问题列表")
        same = (FINDING.rule == one.rule, FINDING.entity == one.entity, FINDING.field == one.field, FINDING.suggestion.is_not(None))
        is_open = state_of(ws.clock().date()) == OPEN
        return list(connection.execute(joined(FINDING.id).where(*same, is_open).order_by(FINDING.id)).scalars())


def apply(ws: Workspace, ids: Sequence[int], progress: Progress) -> Fixed:
    """Stores what the findings suggest, all entities in one undoable write; the findings themselves are resolved by the next run.

    A finding is refused, with the reason, when a value does not pass the check of typed values, would change the record's own key, or
    when the record no longer says what was found.

    Raises:
        Cancelled: the user stopped it; nothing was saved.
        ConflictError: somebody changed a record at the same moment; nothing was saved.
    """
    progress.start("正在核对建议", len(ids), "处")
    with ws.store.read() as connection:
        plan = _plan(ws, connection, list(dict.fromkeys(ids)), progress)
    if not plan.applied:
        return Fixed(0, tuple(plan.refused), 0, Changed.NOTHING)
    progress.start("正在保存", plan.applied, "处")
    with ws.store.write(f"应用建议修正 {plan.applied} 处") as write:
        for entity, checked in plan.edits.items():
            store_edits(write, entity, checked)
            progress.check()
    return Fixed(plan.applied, tuple(plan.refused), write.entry_id, Changed.NETWORK | Changed.CHECKS | Changed.HISTORY)


def _plan(ws: Workspace, connection: Connection, ids: Sequence[int], progress: Progress) -> _Plan:
    plan, proposals, touched = _Plan(), list[_Proposal](), _Touched(connection)
    for start in range(0, len(ids), _SLICE):
        piece = ids[start : start + _SLICE]
        for number, found in _proposed(ws, connection, piece, touched):
            if isinstance(found, _Proposal):
                proposals.append(found)
            else:
                plan.refused.append((number, found))
        progress.step(len(piece))
    _settle(ws, plan, proposals)
    return plan


def _proposed(ws: Workspace, connection: Connection, ids: Sequence[int], touched: "_Touched") -> Iterator[tuple[int, _Proposal | str]]:
    """For each finding its proposal, or why there is none."""
    columns = [FINDING[name] for name in ("id", "entity", "record", "field", "value", "suggestion")]
    query = joined(*columns, state_of(ws.clock().date()).label("state")).where(among(connection, FINDING.id, ids))
    rows = {row.id: row for row in connection.execute(query)}
    records = _records(connection, rows.values())
    for number in ids:
        row = rows.get(number)
        if row is None:
            yield number, "没有这个问题"
        else:
            record = records.get((row.entity, row.record))
            why = _refused(row, record, touched)
            yield number, why or _proposal(row, record)


def _records(connection: Connection, rows: Any) -> dict[tuple[str, int], Any]:
    wanted: dict[str, set[int]] = {}
    for row in rows:
        if row.record is not None:
            wanted.setdefault(row.entity, set()).add(row.record)
    found = {}
    for entity, ids in wanted.items():
        table = TABLES[entity]
        for record in connection.execute(select(table).where(among(connection, table.c.id, sorted(ids)))).mappings():
            found[entity, record["id"]] = record
    return found


def _refused(row: Any, record: Any, touched: "_Touched") -> str:
    """Why a finding's suggestion cannot be applied, "" when it can, as far as the values themselves are not looked at."""
    if row.state in _NOT_OPEN:
        return _NOT_OPEN[row.state]
    if not row.suggestion:
        return "没有可以直接采用的建议"
    if row.record is None:
        return "这一行没有存入台账，请在原表中改正后重新导入"
    if record is None:
        return "记录已不存在，请重新检查"
    if any(name not in record for name in json.loads(row.suggestion)):
        return "建议涉及的字段不在这条记录中"
    same = row.field in record and _says(record[row.field], row.value)
    return "" if same or not touched.since_check(row.entity, row.record) else _CHANGED


def _proposal(row: Any, record: Any) -> _Proposal:
    given: dict[str, Any] = json.loads(row.suggestion)
    edits = tuple(Edit(row.record, name, "" if text is None else str(text), record["version"]) for name, text in given.items())
    return _Proposal(row.id, row.entity, edits)


def _says(present: Any, value: str | None) -> bool:
    """Whether the stored value is the one a rule told of, however it wrote a number."""
    if present is None or value is None:
        return present is None and not value
    if isinstance(present, float | int):
        try:
            return float(value) == present
        except ValueError:
            return False
    return shown(present) == value


def _settle(ws: Workspace, plan: _Plan, proposals: Sequence[_Proposal]) -> None:
    """Checks all values and takes what passes; of two that want different things of one field the first is taken."""
    checked: dict[str, Iterator[Checked]] = {}
    for entity in dict.fromkeys(proposal.entity for proposal in proposals):
        edits = [edit for proposal in proposals if proposal.entity == entity for edit in proposal.edits]
        checked[entity] = iter(check_edits(ws, entity, edits))
    taken: dict[tuple[str, int, str], Any] = {}
    for proposal in proposals:
        mine = [next(checked[proposal.entity]) for _ in proposal.edits]
        why = next((item.reason for item in mine if item.reason), "")
        places = {(proposal.entity, item.edit.id, item.edit.field): item.value for item in mine}
        if not why and any(taken.get(place, value) != value for place, value in places.items()):
            why = "同一字段另有不同的建议，请先处理其中一个"
        if why:
            plan.refused.append((proposal.finding, why))
            continue
        taken |= places
        plan.edits.setdefault(proposal.entity, []).extend(mine)
        plan.applied += 1


class _Touched:
    """Records that changed since the last check; looked up only where a rule's value cannot be compared with one field."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._entry = connection.execute(select(func.max(CheckRun.entry))).scalar() or 0
        self._ids: dict[str, set[int]] = {}

    def since_check(self, entity: str, record: int) -> bool:
        if entity not in self._ids:
            parts = later_parts(self._connection, entity, 0, 2**62, self._entry)
            self._ids[entity] = {number for part in parts for number in part_ids(part.kind, unpack(part.payload))}
        return record in self._ids[entity]
