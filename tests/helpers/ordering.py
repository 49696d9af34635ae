"""Orders of generated years, and another way to work out their clocks: minute by minute or day by day, straight from the rules."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from itertools import pairwise
from typing import Final

from lvdesk.workorders.calendar import Calendar
from lvdesk.workorders.model import Action, Event, State
from lvdesk.workorders.types import Limit, OrderBook

CHINA: Final = timezone(timedelta(hours=8))
_STEPS: Final = (
    (Action.CREATE, State.PENDING), (Action.DISPATCH, State.DISPATCHED), (Action.TAKE, State.TAKEN), (Action.ARRIVE, State.ARRIVED),
    (Action.FINISH, State.CHECKING), (Action.ARCHIVE, State.ARCHIVED),
)  # fmt: skip


@dataclass(frozen=True)
class Told:
    """What another recomputation says of one clock."""

    key: str
    due: datetime | None
    stopped: datetime | None
    late: bool


def story(dice: random.Random, begin: datetime) -> list[Event]:
    """What happened to one order: pauses, returns, sometimes unfinished, sometimes opened again."""
    at, events = begin, []

    def add(action: Action, state: State) -> None:
        events.append(Event(at.isoformat(timespec="seconds"), str(action), str(state), "钱内勤", "", 0, ""))

    for action, state in _STEPS[: dice.randint(1, len(_STEPS))]:
        add(action, state)
        at += timedelta(minutes=dice.choice((3, 20, 90, 600, 2000, 6000)), seconds=dice.randint(0, 59))
        if action in {Action.TAKE, Action.ARRIVE} and dice.random() < 0.25:
            add(Action.SUSPEND, State.SUSPENDED)
            at += timedelta(minutes=dice.choice((30, 700, 3000, 9000)))
            add(Action.RESUME, state)
            at += timedelta(minutes=dice.choice((5, 200)))
    if events[-1].action == Action.FINISH and dice.random() < 0.2:
        add(Action.REJECT, State.WORKING)
        at += timedelta(hours=5)
        add(Action.FINISH, State.CHECKING)
    if events[-1].action == Action.ARCHIVE and dice.random() < 0.2:
        add(Action.REOPEN, State.WAITING)
    return events


def recomputed(book: OrderBook, kind: str, zone: str, events: Sequence[Event], calendar: Calendar, now: datetime) -> list[Told]:
    """All clocks of an order at a moment, worked out another way: time is walked through piece by piece."""
    past = [event for event in events if datetime.fromisoformat(event.at) <= now]
    if not past:
        return []
    day = events[0].at[:10]
    newest: dict[str, Limit] = {}
    for limit in book.types[kind].limits:
        if limit.since <= day and (limit.key not in newest or newest[limit.key].since <= limit.since):
            newest[limit.key] = limit
    return [_told(limit, zone, past, calendar, now) for limit in newest.values()]


def _told(limit: Limit, zone: str, past: Sequence[Event], calendar: Calendar, now: datetime) -> Told:
    begun = [datetime.fromisoformat(event.at) for event in past if event.action == limit.start]
    if not begun:
        return Told(limit.key, None, None, late=False)
    stop: datetime | None = None
    for event in past:
        if event.action == limit.stop and stop is None:
            stop = datetime.fromisoformat(event.at)
        if limit.stop == "finish" and event.action in {"reject", "reopen", "return"}:
            stop = None
    due = _due(limit, limit.amount[zone], begun[0], past, calendar, now)
    return Told(limit.key, due, stop, late=(stop or now) > due)


def _due(limit: Limit, amount: float, start: datetime, past: Sequence[Event], calendar: Calendar, now: datetime) -> datetime:
    spans = [(datetime.fromisoformat(one.at), datetime.fromisoformat(two.at), one.state == State.SUSPENDED)
             for one, two in pairwise(past)]  # fmt: skip
    spans.append((datetime.fromisoformat(past[-1].at), max(now, datetime.fromisoformat(past[-1].at)), past[-1].state == State.SUSPENDED))
    if limit.unit == "workdays":
        day, left = start.date(), int(amount)
        while left:
            day += timedelta(days=1)
            end = datetime(day.year, day.month, day.day, 23, 59, 59, tzinfo=start.tzinfo)
            paused = any(held and begin <= end < last for begin, last, held in spans)
            left -= calendar.works(day) and not paused
        return datetime(day.year, day.month, day.day, 23, 59, 59, tzinfo=start.tzinfo)
    need = timedelta(**{limit.unit: amount})
    at = start
    for begin, end, held in spans:
        begin_, end_ = max(begin, start), end
        if end_ <= start:
            continue
        if held:
            at = end_
            continue
        if end_ - begin_ >= need:
            return begin_ + need
        need -= end_ - begin_
        at = end_
    return at + need
