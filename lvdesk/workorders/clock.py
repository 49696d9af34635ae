"""Due times and alert colours, computed from what happened and the calendar, for now or for any past moment."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from lvdesk.workorders.calendar import Calendar
from lvdesk.workorders.model import Action, Event, State
from lvdesk.workorders.types import Limit, OrderBook, OrderType

_DAY_END: Final = time(23, 59, 59)
_AGAIN: Final = frozenset({Action.REJECT, Action.REOPEN, Action.RETURN})
"""What takes back that something was finished."""


@dataclass(frozen=True)
class ClockView:
    """One clock of an order at a moment.

    Attributes:
        due: when it must have stopped, with what was paused so far; None while it has not begun.
        stopped: when it did, None while it runs.
        used: share of the limit that is used, 1 at the due time; ``colour`` green, yellow, orange, red.
        late: stopped after the due time, or running beyond it.
    """

    key: str
    title: str
    limit: str
    started: datetime | None
    due: datetime | None
    stopped: datetime | None
    used: float
    colour: str
    late: bool


def clocks(book: OrderBook, kind: OrderType, zone: str, events: Sequence[Event], calendar: Calendar, now: datetime) -> list[ClockView]:
    """All clocks of an order as they stand at ``now``; what happened later does not count.

    Args:
        book: the colours.
        kind: what limits it has, by the day it was made.
        zone: urban, rural or remote.
        events: in the order they happened, the first one makes the order.
        calendar: working days.
        now: the moment asked for.
    """
    past = [event for event in events if moment(event.at) <= now]
    if not past:
        return []
    pauses = list(_pauses(past, now))
    return [_clock(book, limit, zone, past, pauses, (calendar, now)) for limit in kind.limits_on(events[0].at[:10])]


def moment(text: str) -> datetime:
    """A stored time."""
    return datetime.fromisoformat(text)


def worst(found: Sequence[ClockView]) -> ClockView | None:
    """The running clock that is most used, None when none runs."""
    running = [each for each in found if each.due is not None and each.stopped is None]
    return max(running, key=lambda each: each.used, default=None)


def _clock(
    book: OrderBook, limit: Limit, zone: str, past: Sequence[Event], pauses: Sequence[tuple[datetime, datetime]],
    at: tuple[Calendar, datetime],
) -> ClockView:  # fmt: skip
    calendar, now = at
    started = next((moment(event.at) for event in past if event.action == limit.start), None)
    if started is None:
        return ClockView(limit.key, limit.title, limit.said(zone), None, None, None, 0.0, "green", late=False)
    stopped = _stopped(limit, past)
    due = _due(limit, zone, started, [each for each in pauses if each[1] > started], calendar)
    here = stopped or now
    whole = due - started - _paused(pauses, started, due)
    used = (here - started - _paused(pauses, started, min(here, due))) / whole if whole > timedelta() else 1.0
    late = here > due
    used = max(used, 1.0) if late else min(used, 1.0)
    colour = "green"
    for share, name in book.alerts:
        if used >= share and (name != "red" or late):
            colour = name
    return ClockView(limit.key, limit.title, limit.said(zone), started, due, stopped, float(used), colour, late)


def _stopped(limit: Limit, past: Sequence[Event]) -> datetime | None:
    """When the clock stopped for good: the first time since it was last taken back."""
    found: datetime | None = None
    for event in past:
        if event.action == limit.stop and found is None:
            found = moment(event.at)
        elif event.action in _AGAIN and limit.stop in {Action.FINISH, Action.ARCHIVE}:
            found = None
    closed = next((moment(event.at) for event in past if event.state in {State.CANCELLED, State.MERGED}), None)
    return found or closed


def _due(limit: Limit, zone: str, started: datetime, pauses: Sequence[tuple[datetime, datetime]], calendar: Calendar) -> datetime:
    amount = limit.amount[zone]
    if limit.unit == "workdays":
        return _workdays(started, int(amount), pauses, calendar)
    length = {"minutes": timedelta(minutes=amount), "hours": timedelta(hours=amount), "days": timedelta(days=amount)}[limit.unit]
    due = started + length
    for begin, end in pauses:
        if begin < due:
            due += end - max(begin, started)
    return due


def _paused(pauses: Sequence[tuple[datetime, datetime]], first: datetime, last: datetime) -> timedelta:
    """How much of a span was paused."""
    return sum((min(end, last) - max(begin, first) for begin, end in pauses if end > first and begin < last), timedelta())


def _workdays(started: datetime, count: int, pauses: Sequence[tuple[datetime, datetime]], calendar: Calendar) -> datetime:
    """The end of the ``count``-th working day after the start; a day whose end falls into a pause does not count."""

    def ends(day: date) -> datetime:
        return datetime.combine(day, _DAY_END, started.tzinfo)

    day = started.date()
    while count > 0:
        day = calendar.after(day, 1)
        if not any(begin <= ends(day) < end for begin, end in pauses):
            count -= 1
    return ends(day)


def _pauses(past: Sequence[Event], now: datetime) -> Iterator[tuple[datetime, datetime]]:
    begun: datetime | None = None
    for event in past:
        if event.state == State.SUSPENDED and begun is None:
            begun = moment(event.at)
        elif event.state != State.SUSPENDED and begun is not None:
            yield begun, moment(event.at)
            begun = None
    if begun is not None:
        yield begun, now


def colours() -> Mapping[str, str]:
    """Colour -> what it means."""
    return {"green": "正常", "yellow": "过半", "orange": "将到期", "red": "已超期"}
