"""How the review goes: what waits, who decided how much, what was returned and why."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from statistics import median
from typing import Final

from sqlalchemy import Connection, func, select

from lvdesk.network.batches import table_of
from lvdesk.network.reviews import ReviewAudit, ReviewDecision, ReviewItem
from lvdesk.review.auditing import WRONG
from lvdesk.review.book_taking import BOOK, own_words
from lvdesk.review.browsing import counts
from lvdesk.review.model import KIND_TITLES, STATE_TITLES, Action, Kind, State
from lvdesk.workspace import Workspace

_ITEM: Final = table_of(ReviewItem).c
_DECISION: Final = table_of(ReviewDecision).c
_AUDIT: Final = table_of(ReviewAudit).c
_HOURS: Final = 3600.0
_REASONS: Final = 20


@dataclass(frozen=True)
class PersonStats:
    """What one person decided in one stage."""

    person: str
    stage: str
    confirmed: int
    corrected: int
    returned: int
    held: int


@dataclass(frozen=True)
class ReviewStats:
    """The review in numbers.

    Attributes:
        stages: items per list (``browsing.STAGES``); ``kinds`` open ones per kind title.
        waiting: stage -> median hours that its items wait now.
        reasons: reasons of returns with counts, the most frequent first.
        audited, wrong: audits with a verdict, and how many of them found the confirmation wrong.
    """

    stages: dict[str, int]
    kinds: dict[str, int]
    waiting: dict[str, float]
    people: tuple[PersonStats, ...]
    reasons: tuple[tuple[str, int], ...]
    audited: int
    wrong: int


def stats(ws: Workspace) -> ReviewStats:
    """The numbers as of now."""
    now = ws.clock()
    with ws.store.read() as connection:
        open_now = [_ITEM.resolved_at.is_(None), _ITEM.state.in_((State.PREPARING, State.MARKETING, State.OPERATIONS))]
        kinds = connection.execute(select(_ITEM.kind, func.count()).where(*open_now).group_by(_ITEM.kind)).all()
        since: dict[str, list[float]] = {}
        for state, at in connection.execute(select(_ITEM.state, _ITEM.at).where(*open_now)):
            since.setdefault(state, []).append((now - datetime.fromisoformat(at)).total_seconds() / _HOURS)
        by_person = select(_DECISION.person, _DECISION.stage, _DECISION.decision, func.count()).where(_DECISION.person != "")
        decided = connection.execute(by_person.group_by(_DECISION.person, _DECISION.stage, _DECISION.decision)).all()
        reasons = _reasons(connection)
        judged = connection.execute(select(_AUDIT.verdict, func.count()).group_by(_AUDIT.verdict)).all()
    verdicts = {row[0]: row[1] for row in judged}
    people: dict[tuple[str, str], dict[str, int]] = {}
    for person, stage, decision, count in decided:
        people.setdefault((person, stage), {})[decision] = count
    return ReviewStats(
        {key: count for key, count in counts(ws).items() if key != "mine"},
        {KIND_TITLES[Kind(kind)]: count for kind, count in kinds},
        {state: round(median(hours), 1) for state, hours in since.items()},
        tuple(_person(person, stage, done) for (person, stage), done in sorted(people.items())),
        reasons,
        sum(count for verdict, count in verdicts.items() if verdict),
        verdicts.get(WRONG, 0),
    )


def _person(person: str, stage: str, done: dict[str, int]) -> PersonStats:
    confirmed = done.get(Action.CONFIRM, 0) + done.get(Action.WAIVE, 0)
    title = STATE_TITLES[State(stage)]
    return PersonStats(person, title, confirmed, done.get(Action.CORRECT, 0), done.get(Action.RETURN, 0), done.get(Action.HOLD, 0))


def _reasons(connection: Connection) -> tuple[tuple[str, int], ...]:
    """The most frequent reasons of returns; one from a workbook without the row it stood in."""
    columns = (_DECISION.reason, _DECISION.how)
    returned = select(*columns, func.count()).where(_DECISION.decision == Action.RETURN).group_by(*columns)
    counts: Counter[str] = Counter()
    for reason, how, count in connection.execute(returned):
        counts[own_words(reason) if how == BOOK else reason] += count
    return tuple(sorted(counts.items(), key=lambda each: (-each[1], each[0]))[:_REASONS])
