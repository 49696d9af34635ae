"""Keeps the queue of the review up to date with what the field says and the ledger has; history gets no entry of it."""

import json
from typing import Any, Final

from sqlalchemy import Connection, and_, bindparam, func, select, update

from lvdesk.checks.station import Station
from lvdesk.fieldwork import differences
from lvdesk.fieldwork.classing import book as returns_book
from lvdesk.fieldwork.classing.answers import Answers
from lvdesk.kit.clock import stamp
from lvdesk.kit.progress import Progress
from lvdesk.network.batches import table_of
from lvdesk.network.changed import Changed
from lvdesk.network.returns import FieldSheet
from lvdesk.network.reviews import ReviewDecision, ReviewItem
from lvdesk.network.tables import TABLES
from lvdesk.network.verdicts import CheckRun, FindingException
from lvdesk.review.lines import faults, lines, standing
from lvdesk.review.matters import Book, load_book
from lvdesk.review.model import Action, Kind, State
from lvdesk.review.shaping import DERIVED, packed, shaped
from lvdesk.review.states import first
from lvdesk.store.facts import remember, remembered
from lvdesk.store.tables import journal
from lvdesk.store.write import Write
from lvdesk.workspace import Workspace

_WATCHED: Final = {*TABLES, FieldSheet.__tablename__, FindingException.__tablename__}
"""Tables whose changes may make the queue out of date."""
_KEY: Final = "review_gathered"
_LABEL: Final = "整理复核事项"
_ITEM: Final = table_of(ReviewItem)
_DECISION: Final = table_of(ReviewDecision)
_OPEN: Final = {State.PREPARING, State.MARKETING, State.OPERATIONS, State.RETURNED, State.HELD}
"""States of items that end when field and ledger no longer say it; what was decided to the end stays."""
_UNSEEN: Final = {"heard", "sheet_id", "sheet_row", "package_no"}
"""What may change under a person's eyes without being another matter: the same said again by a newer file."""
CLEAR: Final[dict[str, Any]] = {
    "previous": "", "reason": "", "addressee": "", "until": "", "accepted": "{}", "applied": None, "effect": "",
    **{f"{stage}{part}": "" for stage in ("marketing", "operations") for part in ("", "_by", "_at", "_why")},
}  # fmt: skip
"""An item that nobody decided."""


def stale(ws: Workspace) -> bool:
    """Whether something happened since the queue was last brought up to date that it may follow from."""
    with ws.store.read() as connection:
        return _stale(connection)


def refresh(ws: Workspace, progress: Progress) -> Changed:
    """Brings the queue up to date: new matters enter, answers that changed begin anew, what is no longer so is taken out.

    Raises:
        KnownError: ``rules.unreadable``.
        Cancelled: the user stopped it; the queue is as before.
    """
    with ws.store.read() as connection:
        if not _stale(connection):
            return Changed.NOTHING
    changed = differences.recount(ws, progress) if differences.stale(ws) else Changed.NOTHING
    book = load_book(ws.overrides)
    with ws.store.read() as connection:
        mark = _mark(connection)
        station = Station(ws, connection)
        answers = Answers(station, returns_book.load_book(ws.overrides), station.field_rows)
        progress.start("正在整理复核事项", 0)
        stand = standing(answers)
        items = shaped(answers, lines(answers, stand, book), faults(stand))
    with ws.store.write(_LABEL) as write:
        moved = _Queue(write, book, stamp(ws.clock())).bring(items, progress)
        remember(write.connection, _KEY, mark)
    return changed | (Changed.REVIEW if moved else Changed.NOTHING)


class _Queue:
    """The stored items on the way to what was found."""

    def __init__(self, write: Write, book: Book, moment: str) -> None:
        self._write, self._book, self._moment = write, book, moment
        decided = select(_DECISION.c.item).join(ReviewItem, and_(_ITEM.c.id == _DECISION.c.item, _ITEM.c.round == _DECISION.c.round))
        self._decided = set(write.connection.execute(decided).scalars())

    def bring(self, items: list[dict[str, Any]], progress: Progress) -> int:
        """Stores the differences; returns how many items are new, changed or gone."""
        rows = {row.identity: row for row in self._write.connection.execute(select(_ITEM))}
        fresh = [item for item in items if item["identity"] not in rows]
        changes = [change for item in items if (row := rows.get(item["identity"])) is not None and (change := self._change(row, item))]
        named = {item["identity"] for item in items}
        gone = [row for row in rows.values() if row.identity not in named and row.resolved_at is None and row.state in _OPEN]
        progress.start("正在整理复核事项", len(fresh) + len(changes) + len(gone), "项")
        self._insert(fresh, progress)
        self._update(changes, progress)
        self._update([{"b_id": row.id, "version": row.version + 1, "resolved_at": self._moment} for row in gone], progress)
        return len(fresh) + len(changes) + len(gone)

    def _state(self, item: dict[str, Any]) -> State:
        return State.PREPARING if item["blocked"] else first(self._book.matters[Kind(item["kind"])].needs)

    def _insert(self, items: list[dict[str, Any]], progress: Progress) -> None:
        columns = [*DERIVED, "round", "moves", "found_at", "resolved_at", "state", "returns", "at", *CLEAR]
        values = (
            (*(item[name] for name in DERIVED), 1, 0, self._moment, None, str(self._state(item)), 0, self._moment, *CLEAR.values())
            for item in items
        )
        self._write.insert(_ITEM, columns, values, len(items), derived=True)
        progress.step(len(items))

    def _change(self, row: Any, item: dict[str, Any]) -> dict[str, Any]:
        """New values of a stored item, nothing when it is as before."""
        answered = row.digest != item["digest"] and row.heard != item["heard"]
        begun = bool(row.marketing or row.operations) or row.state not in {State.PREPARING, State.MARKETING, State.OPERATIONS}
        if row.state not in _OPEN and not answered:
            return {}  # decided to the end on this very answer
        if not answered and row.resolved_at is None:
            item = {**item, "entered_by": _together(row, item["entered_by"])}
        new = {name: item[name] for name in DERIVED if item[name] != getattr(row, name)}
        if row.resolved_at is not None:
            new["resolved_at"] = None
        if answered:
            new["moves"] = row.moves + 1
        if answered and (begun or row.id in self._decided):
            new |= {**CLEAR, "round": row.round + 1, "state": str(self._state(item)), "at": self._moment}
            self._log(row)
        elif not begun and row.state != (state := str(self._state(item))):
            new |= {"state": state, "at": self._moment}
        seen = row.version + (not _UNSEEN.issuperset(new))
        return {"b_id": row.id, "version": seen, **new} if new else {}

    def _log(self, row: Any) -> None:
        """The answer it was decided on is no longer the field's."""
        columns = ("item", "round", "stage", "decision", "person", "at", "how", "reason", "given")
        why = "现场结果有更新，重新复核"
        line = (row.id, row.round, row.state, str(Action.RENEW), "", self._moment, "rule", why, "{}")
        self._write.insert(_DECISION, columns, [line], 1, derived=True)

    def _update(self, changes: list[dict[str, Any]], progress: Progress) -> None:
        alike: dict[tuple[str, ...], list[dict[str, Any]]] = {}
        for change in changes:
            alike.setdefault(tuple(change), []).append(change)
        for names, rows in alike.items():
            given: dict[str, Any] = {name: bindparam(name) for name in names if name != "b_id"}
            self._write.connection.execute(update(_ITEM).where(_ITEM.c.id == bindparam("b_id")).values(given), rows)
            progress.step(len(rows))


def _together(row: Any, now: str) -> str:
    """Whoever said the same earlier has entered it too; whoever said it only after he had confirmed it, confirmed what others entered."""
    if row.entered_by == now:
        return now
    before = json.loads(row.entered_by)
    later = [name for name in json.loads(now) if name not in {*before, row.marketing_by, row.operations_by}]
    return packed([*before, *later])


def _mark(connection: Connection) -> str:
    entry = connection.execute(select(func.max(journal.c.id))).scalar() or 0
    run = connection.execute(select(func.max(table_of(CheckRun).c.id))).scalar() or 0
    return f"{entry}:{run}"


def _stale(connection: Connection) -> bool:
    """Decisions of the review change records too, but leave what is to be reviewed as it is."""
    said = remembered(connection, _KEY)
    if said is None:
        return True
    entry, run = said.split(":")
    if str(connection.execute(select(func.max(table_of(CheckRun).c.id))).scalar() or 0) != run:
        return True
    summaries = connection.execute(select(journal.c.summary).where(journal.c.id > int(entry))).scalars()
    return any(not _WATCHED.isdisjoint(summary) and ReviewItem.__tablename__ not in summary for summary in summaries)
