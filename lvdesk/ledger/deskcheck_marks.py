"""Verdicts of the desk check: kept in bulk, taken back in bulk, one undoable write each."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from sqlalchemy import Connection, select

from lvdesk.kit.clock import stamp
from lvdesk.kit.errors import RefusedError
from lvdesk.kit.progress import Progress
from lvdesk.ledger.deskcheck_model import CONFIRMED, SUSPECTED, Mark, Marked
from lvdesk.network.batches import table_of
from lvdesk.network.changed import Changed
from lvdesk.network.tables import Customer
from lvdesk.network.verdicts import DeskCheckMark
from lvdesk.store.model import Change
from lvdesk.workspace import Workspace

_TABLE: Final = table_of(DeskCheckMark)
_COLUMNS: Final = ("customer_no", "verdict", "reason", "evidence", "person", "at")
_CHANGED: Final = Changed.MARKS | Changed.HISTORY
_NAMED: Final = 20
_SLICE: Final = 500


def read_marks(connection: Connection, customer_nos: Sequence[str] | None = None) -> dict[str, Mark]:
    """What was decided, by customer number; of some customers only with ``customer_nos``."""
    query = select(*(_TABLE.c[name] for name in _COLUMNS)).order_by(_TABLE.c.id)
    queries = [query] if customer_nos is None else [query.where(_TABLE.c.customer_no.in_(part)) for part in _parts(customer_nos)]
    rows = [row for each in queries for row in connection.execute(each)]
    return {
        row.customer_no: Mark(row.customer_no, row.verdict, row.reason, tuple(json.loads(row.evidence)), row.person, row.at) for row in rows
    }


def verdict_of(ws: Workspace, verdict: str) -> str:
    """The verdict as the code list names it.

    Raises:
        RefusedError: ``deskcheck.verdict`` when it is none of them.
    """
    codes = ws.codes["verdict"]
    code, _why = codes.canonical(verdict)
    known = [item.code for item in codes.items]
    if code not in known:
        raise RefusedError("deskcheck.verdict", f"没有核实结论“{verdict}”", f"可用的有：{'、'.join(known)}")
    return str(code)


def refuse_unknown(connection: Connection, customer_nos: Sequence[str]) -> None:
    """Refuses numbers that no customer has, by name.

    Raises:
        RefusedError: ``deskcheck.none`` without numbers, ``deskcheck.unknown``.
    """
    if not customer_nos:
        raise RefusedError("deskcheck.none", "没有给出户号", "请先选中用户，或给出户号")
    known: set[str] = set()
    for part in _parts(customer_nos):
        known.update(connection.execute(select(Customer.customer_no).where(Customer.customer_no.in_(part))).scalars())
    unknown = [number for number in customer_nos if number not in known]
    if unknown:
        more = f" 等 {len(unknown)} 个" if len(unknown) > _NAMED else ""
        raise RefusedError(
            "deskcheck.unknown",
            f"台账中没有户号 {'、'.join(unknown[:_NAMED])}{more}，本次没有标注任何用户",
            "请核对户号（注意开头的 0）后重试",
        )


def store_marks(
    ws: Workspace, customer_nos: Sequence[str], given: Mapping[str, str], said: Mapping[str, Sequence[str]], progress: Progress
) -> Marked:
    """Keeps one verdict for many customers; ``given``: verdict and reason, ``said``: the evidence of each."""
    title = "销户标注" if given["verdict"] in {CONFIRMED, SUSPECTED} else f"核实标注（{given['verdict']}）"
    label = f"{title} {len(customer_nos):,} 户"
    fresh: list[tuple[str, ...]] = []
    changes: list[Change] = []
    progress.start("正在保存标注", len(customer_nos), "户")
    with ws.store.write(label) as write:
        refuse_unknown(write.connection, customer_nos)
        present = _stored(write.connection, customer_nos)
        moment = {"person": ws.person, "at": stamp(ws.clock())}
        for part in _parts(customer_nos):
            for number in part:
                values = {**given, "evidence": json.dumps(list(said.get(number, ())), ensure_ascii=False), **moment}
                row = present.get(number)
                if row is None:
                    fresh.append((number, *(values[name] for name in _COLUMNS[1:])))
                elif (row.verdict, row.reason) != (given["verdict"], given["reason"]):
                    changes.append(Change(row.id, values))
            progress.step(len(part))
        write.insert(_TABLE, _COLUMNS, fresh, len(fresh))
        write.update(_TABLE, changes)
    done = len(fresh) + len(changes)
    return Marked(len(fresh), len(changes), len(customer_nos) - done, label if done else "", _CHANGED if done else Changed.NOTHING)


def remove_marks(ws: Workspace, customer_nos: Sequence[str], progress: Progress) -> Marked:
    """Takes verdicts away again."""
    progress.start("正在撤销标注", len(customer_nos), "户")
    with ws.store.read() as connection:
        count = len(_stored(connection, customer_nos))
    label = f"取消核实标注 {count:,} 户"
    with ws.store.write(label) as write:
        refuse_unknown(write.connection, customer_nos)
        present = _stored(write.connection, customer_nos)
        write.delete(_TABLE, [row.id for row in present.values()])
    progress.step(len(customer_nos))
    return Marked(len(present), 0, len(customer_nos) - len(present), label if present else "", _CHANGED if present else Changed.NOTHING)


def _stored(connection: Connection, customer_nos: Sequence[str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    query = select(_TABLE.c.id, _TABLE.c.customer_no, _TABLE.c.verdict, _TABLE.c.reason)
    for part in _parts(customer_nos):
        found.update({row.customer_no: row for row in connection.execute(query.where(_TABLE.c.customer_no.in_(part)))})
    return found


def _parts(numbers: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(numbers), _SLICE):
        yield numbers[start : start + _SLICE]
