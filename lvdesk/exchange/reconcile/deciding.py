"""What people decide about disagreements: let them stand for a while with a reason, or hand out the correction with one key."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, Final

import polars as pl
from sqlalchemy import Connection, select, update

from lvdesk.exchange.reconcile.book import Book, Compare, load_book
from lvdesk.exchange.reconcile.desk import Desk
from lvdesk.exchange.reconcile.judging import judged
from lvdesk.exchange.reconcile.model import ACTION, SIDES, Corrections, Klass, NotDone, Target
from lvdesk.exchange.reconcile.standing import CORRECT, DECISION, DISAGREEMENT, EXCEPT, joined_on, sides_of
from lvdesk.exchange.reconcile.telling import waiting
from lvdesk.kit.clock import Clock, stamp
from lvdesk.kit.errors import RefusedError
from lvdesk.kit.progress import Progress
from lvdesk.network.changed import Changed
from lvdesk.security.people import require
from lvdesk.store.bulk import among
from lvdesk.store.facts import remember, remembered
from lvdesk.store.model import Change
from lvdesk.store.write import Write
from lvdesk.workspace import Workspace

_NUMBERS: Final = "correction_numbers."
_COLUMNS: Final = ("identity", "entity", "key", "decision", "value", "target", "number", "reason", "expires_on", "person", "at")
_CHANGED: Final = Changed.RECONCILING | Changed.HISTORY

Row = Mapping[str, Any]


def except_(ws: Workspace, ids: Sequence[int], reason: str, expires_on: str | None = None) -> Changed:
    """Lets disagreements stand, one undoable write; it holds until the sides say something else, or the day has passed.

    Args:
        ws: the station.
        ids: numbers of disagreements; those resolved by now are left out.
        reason: why; must say something.
        expires_on: the last day, YYYY-MM-DD; None for ever.

    Raises:
        RefusedError: ``people.not_allowed``, ``reconcile.reason``, ``reconcile.expires``, ``reconcile.none``; nothing was written.
    """
    require(ws.store, ws.overrides, ACTION)
    if not (reason := reason.strip()):
        raise RefusedError("reconcile.reason", "没有写明列为例外的理由", "请填写理由，例如：对方系统月底统一更正")
    until = _day(ws, expires_on)
    with ws.store.read() as connection:
        rows = [row for row in _rows(connection, ids) if row["resolved_at"] is None]
    if not rows:
        raise _none()
    with ws.store.write(f"对账例外：{_said(rows)}") as write:
        given = [(row, sides_of(row), "", "") for row in rows]
        _decide(ws, write, EXCEPT, given, reason, until)
    return _CHANGED


def withdraw(ws: Workspace, ids: Sequence[int]) -> Changed:
    """Takes exceptions and handed-out corrections back, one undoable write; what the desk changed in the records stays.

    Raises:
        RefusedError: ``people.not_allowed``, ``reconcile.none`` when nothing was decided about them.
    """
    require(ws.store, ws.overrides, ACTION)
    with ws.store.read() as connection:
        rows = _rows(connection, ids)
        decided = list(_decisions(connection, rows).values())
    if not decided:
        raise RefusedError("reconcile.none", "所选差异都没有例外或更正", "请刷新列表后重新选择")
    with ws.store.write(f"撤回对账处理：{len(decided)} 处") as write:
        write.delete(DECISION, [row["id"] for row in decided])
    return _CHANGED


def correct(ws: Workspace, ids: Sequence[int], progress: Progress | None = None) -> Corrections:
    """Hands out the right correction of each disagreement, one undoable write.

    Who maintains the value is told to put it right (marketing, GIS: by ``corrections.write_corrections``), the field to look again; where
    the accepted record itself is wrong it is changed here. All sides that are wrong are told at once.

    Raises:
        RefusedError: ``people.not_allowed``; ``reconcile.none`` when none of them stands; ``reconcile.refused`` when none can be corrected.
        ConflictError: somebody changed a record in the meantime; nothing was written.
        KnownError: ``rules.unreadable``.
    """
    require(ws.store, ws.overrides, ACTION)
    progress = progress or Progress()
    book = load_book(ws.overrides, ws.dictionary)
    with ws.store.read() as connection:
        rows = [row for row in _rows(connection, ids) if row["resolved_at"] is None]
        waits = set(waiting(connection).iter_rows())
    if not rows:
        raise _none()
    progress.start("正在生成更正", len(rows), "处")
    told = addressees(book, rows)
    able, refused = _divided(rows, told, waits)
    desk = Desk(ws, book)
    ready, stuck = desk.prepare([row for row in able if Target.DESK in told[row["id"]]])
    refused += stuck
    kept = [row for row in able if row["id"] not in {each.number for each in stuck}]
    if not kept:
        raise RefusedError("reconcile.refused", f"没有可以更正的差异：{refused[0].why}", "请在列表中查看每一处的说明")
    others = {target for row in kept for target in told[row["id"]]} - {Target.DESK}
    with ws.store.write(f"对账更正：{_said(kept)}") as write:
        desk.store(write, ready)
        order = _next(write.connection, ws.clock) if others else ""
        given = [(row, sides_of(_after(row, told)), ",".join(told[row["id"]]), order) for row in kept]
        _decide(ws, write, CORRECT, given, "", None)
        _follow(write, [row for row in kept if Target.DESK in told[row["id"]]])
        write.label = f"对账更正{f' {order}' if order else ''}：{_said(kept)}"
    progress.step(len(rows))
    counts = Counter(target for row in kept for target in told[row["id"]])
    changed = _CHANGED | (Changed.NETWORK if ready else Changed.NOTHING)
    numbers = tuple(row["id"] for row in kept)
    return Corrections(numbers, tuple(refused), order, {each: counts[each] for each in Target if each in counts}, write.label, changed)


def addressees(book: Book, rows: Iterable[Row]) -> dict[int, tuple[Target, ...]]:
    """Number -> all who have to correct, the first is the one the list names."""
    found: dict[int, tuple[Target, ...]] = {}
    by_rule: dict[str, list[Row]] = {}
    for row in rows:
        if row["klass"] == Klass.ID_BROKEN:
            found[row["id"]] = (Target(row["target"]),)
        else:
            by_rule.setdefault(f"{row['entity']}.{row['field']}", []).append(row)
    rules = {rule.key: rule for rule in (*book.compare, book.presence)}
    for key, mine in by_rule.items():
        if key in rules:
            found |= _addressees(rules[key], mine)
    return {row["id"]: found.get(row["id"], (Target(row["target"]),)) for row in rows}


def _addressees(rule: Compare, rows: list[Row]) -> dict[int, tuple[Target, ...]]:
    # the row's number stands in a place that judging only carries along
    lines = [{**{name: row.get(name) for name in SIDES}, "field_row": row["id"]} for row in rows]
    found, _ = judged(pl.DataFrame(lines, schema=SIDES), rule)
    return {number: tuple(map(Target, told)) for number, told in found.select("field_row", "told").iter_rows()}


def _divided(rows: list[Row], told: Mapping[int, tuple[Target, ...]], waits: set[tuple[str, str]]) -> tuple[list[Row], list[NotDone]]:
    """What can be corrected, and what must be done elsewhere first."""
    able, refused = [], []
    for row in rows:
        own = row["field_value"] is not None and row["field_value"] != row["base"] and row["klass"] != Klass.ID_BROKEN
        if own and (row["entity"], row["key"]) in waits:
            refused.append(NotDone(row["id"], "reconcile.waiting", f"{row['title']}：采录复核中有待办的事项，先办理复核"))
        elif row["suggestion"] is None and Target.DESK in told[row["id"]]:
            refused.append(NotDone(row["id"], "reconcile.unknown", f"{row['title']}：看不出应为什么值"))
        else:
            able.append(row)
    return able, refused


def _after(row: Row, told: Mapping[int, tuple[Target, ...]]) -> dict[str, Any]:
    """The sides once the desk has changed the record: the decision holds on."""
    return {**row, "base": row["suggestion"]} if Target.DESK in told[row["id"]] else dict(row)


def _follow(write: Write, rows: list[Row]) -> None:
    """The list shows the new accepted values at once; the next run says what remains."""
    for row in rows:
        write.connection.execute(update(DISAGREEMENT).where(DISAGREEMENT.c.id == row["id"]).values(base=row["suggestion"]))


def _decide(ws: Workspace, write: Write, decision: str, given: list[tuple[Row, str, str, str]], reason: str, until: str | None) -> None:
    """Stores a decision for each (row, sides, target, number), instead of an earlier one."""
    known = _decisions(write.connection, [row for row, *_ in given])
    by = (ws.person, stamp(ws.clock()))
    lines = [
        (row["identity"], row["entity"], row["key"], decision, value, target, number, reason, until, *by)
        for row, value, target, number in given
    ]
    fresh = [line for line in lines if line[0] not in known]
    write.insert(DECISION, _COLUMNS, fresh, len(fresh))
    old = [Change(known[line[0]]["id"], dict(zip(_COLUMNS[3:], line[3:], strict=True))) for line in lines if line[0] in known]
    write.update(DECISION, old)


def _decisions(connection: Connection, rows: Sequence[Row]) -> dict[str, Row]:
    """Identity -> its decision."""
    query = select(DECISION).join(DISAGREEMENT, joined_on()).where(among(connection, DISAGREEMENT.c.id, [row["id"] for row in rows]))
    return {row["identity"]: dict(row) for row in connection.execute(query).mappings()}


def _rows(connection: Connection, ids: Sequence[int]) -> list[Row]:
    query = select(DISAGREEMENT).where(among(connection, DISAGREEMENT.c.id, list(ids))).order_by(DISAGREEMENT.c.id)
    return [dict(row) for row in connection.execute(query).mappings()]


def _said(rows: Sequence[Row]) -> str:
    """The disagreements in a few words, for history."""
    return f"{rows[0]['title']}" if len(rows) == 1 else f"{len(rows)} 处差异"


def _none() -> RefusedError:
    return RefusedError("reconcile.none", "所选差异都已一致或不存在", "请重新对账、刷新列表后再选")


def _next(connection: Connection, clock: Clock) -> str:
    """``GZyymmdd-nn``, never given twice, also when its correction was undone."""
    day = f"{clock():%y%m%d}"
    number = int(remembered(connection, f"{_NUMBERS}{day}") or 0) + 1
    remember(connection, f"{_NUMBERS}{day}", str(number))
    return f"GZ{day}-{number:02d}"


def _day(ws: Workspace, expires_on: str | None) -> str | None:
    if expires_on is None or not expires_on.strip():
        return None
    try:
        day = date.fromisoformat(expires_on.strip())
    except ValueError as error:
        raise RefusedError("reconcile.expires", f"到期日“{expires_on}”不是日期", "请按 2026-12-31 的格式填写") from error
    if day < ws.clock().date():
        raise RefusedError("reconcile.expires", f"到期日 {day} 已经过去", "请填写今天或以后的日期，或不填")
    return day.isoformat()
