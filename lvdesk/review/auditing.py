"""A random sample of what passed, looked at once more: how good are the confirmations?"""

import secrets
from dataclasses import dataclass
from math import ceil
from typing import Any, Final

from sqlalchemy import select

from lvdesk.kit.clock import stamp
from lvdesk.kit.errors import KnownError, RefusedError
from lvdesk.network.batches import table_of
from lvdesk.network.changed import Changed
from lvdesk.network.reviews import ReviewAudit, ReviewItem
from lvdesk.review.matters import load_book
from lvdesk.review.model import Kind, State
from lvdesk.security.people import require
from lvdesk.store.model import Change
from lvdesk.workspace import Workspace

SOUND, WRONG = "sound", "wrong"
VERDICTS: Final = {SOUND: "属实", WRONG: "有误", "": "未查"}
_ITEM: Final = table_of(ReviewItem)
_AUDIT: Final = table_of(ReviewAudit)
_PASSED: Final = (State.CONFIRMED, State.EXPORTED, State.RECEIPTED, State.AGREED)
_COLUMNS: Final = ("item", "round", "drawn_by", "drawn_at", "verdict", "person", "at", "note")


@dataclass(frozen=True)
class Audit:
    """One drawn item: what it is, who confirmed it, what the audit said."""

    id: int
    item: int
    kind: Kind
    title: str
    key: str
    ledger: str
    field: str
    marketing_by: str
    operations_by: str
    drawn_by: str
    drawn_at: str
    verdict: str
    person: str
    note: str


def draw(ws: Workspace, share: float = 0.0, least: int = 0) -> tuple[int, Changed]:
    """Draws items at random among those that passed and were not drawn before; 0 takes share and least number of the rules.

    Raises:
        RefusedError: ``people.not_allowed``; ``review.nothing`` when nothing is left to draw from.
    """
    require(ws.store, ws.overrides, "review.audit")
    book = load_book(ws.overrides)
    with ws.store.write("抽取复核抽查样本") as write:
        drawn = select(_AUDIT.c.item).where(_AUDIT.c.round == _ITEM.c.round)
        query = select(_ITEM.c.id, _ITEM.c.round).where(_ITEM.c.state.in_(_PASSED), _ITEM.c.id.not_in(drawn))
        passed = write.connection.execute(query.order_by(_ITEM.c.id)).all()
        if not passed:
            raise RefusedError("review.nothing", "没有可抽查的已确认事项", "有事项确认之后再抽查")
        wanted = min(max(ceil(len(passed) * (share or book.audit_share)), least or book.audit_least), len(passed))
        chosen = sorted(secrets.SystemRandom().sample(passed, wanted))
        moment = stamp(ws.clock())
        write.insert(_AUDIT, _COLUMNS, [(row.id, row.round, ws.person, moment, "", "", "", "") for row in chosen], len(chosen))
        write.label = f"抽取复核抽查样本 {len(chosen)} 项"
    return len(chosen), Changed.REVIEW | Changed.HISTORY


def judge(ws: Workspace, audit_id: int, verdict: str, note: str = "") -> Changed:
    """What somebody else than those who confirmed it found: ``sound``, or ``wrong`` with a note.

    Raises:
        RefusedError: ``people.not_allowed``, ``review.own_entry``, ``review.reason``.
        KnownError: ``review.unknown``.
    """
    require(ws.store, ws.overrides, "review.audit")
    if verdict == WRONG and not note.strip():
        raise RefusedError("review.reason", "抽查结论为有误时需要说明", "请写明哪里有误")
    with ws.store.write(f"抽查结论：{VERDICTS[verdict]}") as write:
        query = select(_AUDIT.c.id, _AUDIT.c.version, _ITEM.c.marketing_by, _ITEM.c.operations_by).join(_ITEM, _ITEM.c.id == _AUDIT.c.item)
        row = write.connection.execute(query.where(_AUDIT.c.id == audit_id)).first()
        if row is None:
            raise KnownError("review.unknown", f"没有编号为 {audit_id} 的抽查", "请刷新列表")
        if ws.person in {row.marketing_by, row.operations_by}:
            raise RefusedError("review.own_entry", f"{ws.person} 确认过这一项，不能自己抽查", "请由另一人抽查")
        values = {"verdict": verdict, "person": ws.person, "at": stamp(ws.clock()), "note": note.strip()}
        write.update(_AUDIT, [Change(row.id, values, row.version)])
    return Changed.REVIEW | Changed.HISTORY


def listed(ws: Workspace, *, open_only: bool = False) -> list[Audit]:
    """All drawn items, those nobody looked at first, then the newest."""
    shown = (_ITEM.c[name] for name in ("kind", "title", "key", "ledger_shown", "field_shown", "marketing_by", "operations_by"))
    query = select(_AUDIT, *shown).join(_ITEM, _ITEM.c.id == _AUDIT.c.item).order_by(_AUDIT.c.verdict, _AUDIT.c.id.desc())
    if open_only:
        query = query.where(_AUDIT.c.verdict == "")
    with ws.store.read() as connection:
        return [_audit(row) for row in connection.execute(query)]


def _audit(row: Any) -> Audit:
    return Audit(
        row.id, row.item, Kind(row.kind), row.title, row.key, row.ledger_shown, row.field_shown, row.marketing_by, row.operations_by,
        row.drawn_by, row.drawn_at, row.verdict, row.person, row.note,
    )  # fmt: skip
