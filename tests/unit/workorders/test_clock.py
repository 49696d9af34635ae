"""Clocks of orders: limits by zone and day, pauses, reopening; a year of orders equals another recomputation at any moment."""

import random
from datetime import datetime, timedelta

import pytest

from lvdesk.workorders.calendar import load_calendar
from lvdesk.workorders.clock import clocks
from lvdesk.workorders.model import Action, Event, State
from lvdesk.workorders.types import load_orders
from tests.helpers.ordering import CHINA, recomputed, story

BOOK, CALENDAR = load_orders(None), load_calendar(None)


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}+08:00")


def happened(*steps: tuple[str, Action, State]) -> list[Event]:
    return [Event(at(text).isoformat(), str(action), str(state), "", "", 0, "") for text, action, state in steps]


@pytest.mark.parametrize("zone, minutes, hours", [("urban", 45, 3), ("rural", 90, 4), ("remote", 120, 4)])
def test_arrival_and_restoration_are_two_limits_by_zone(zone: str, minutes: int, hours: int) -> None:
    events = happened(("2026-11-24T08:00:00", Action.CREATE, State.PENDING), ("2026-11-24T08:30:00", Action.ARRIVE, State.ARRIVED))
    arrive, restore = clocks(BOOK, BOOK.types["repair"], zone, events, CALENDAR, at("2026-11-24T09:00:00"))
    assert (arrive.due, arrive.stopped, arrive.late) == (
        at("2026-11-24T08:00:00") + timedelta(minutes=minutes),
        at("2026-11-24T08:30:00"),
        False,
    )
    assert restore.due == at("2026-11-24T08:30:00") + timedelta(hours=hours)
    assert restore.stopped is None


@pytest.mark.parametrize(
    "now, colour", [("08:10", "green"), ("08:23", "yellow"), ("08:37", "orange"), ("08:45", "orange"), ("08:46", "red")]
)
def test_colours_tell_how_much_is_used(now: str, colour: str) -> None:
    events = happened(("2026-11-24T08:00:00", Action.CREATE, State.PENDING))
    assert clocks(BOOK, BOOK.types["repair"], "urban", events, CALENDAR, at(f"2026-11-24T{now}:00"))[0].colour == colour


def test_the_edition_of_the_day_counts() -> None:
    for year, days in (("2020", 7), ("2026", 5)):
        start = f"{year}-03-02T10:00:00"
        clock = clocks(BOOK, BOOK.types["meter_data"], "urban", happened((start, Action.CREATE, State.PENDING)), CALENDAR, at(start))[0]
        assert clock.limit == f"{days} 工作日"
        assert clock.due is not None
        assert CALENDAR.between(at(start).date(), clock.due.date()) == days


def test_working_days_pass_over_the_spring_festival() -> None:
    events = happened(("2026-02-13T16:00:00", Action.CREATE, State.PENDING))
    clock = clocks(BOOK, BOOK.types["new_supply"], "rural", events, CALENDAR, at("2026-02-13T17:00:00"))[0]
    assert clock.due == at("2026-02-27T23:59:59")


def test_a_pause_moves_the_due_time_and_a_rejection_starts_it_again() -> None:
    events = happened(
        ("2026-11-24T08:00:00", Action.CREATE, State.PENDING), ("2026-11-24T09:00:00", Action.SUSPEND, State.SUSPENDED),
        ("2026-11-24T11:00:00", Action.RESUME, State.TAKEN), ("2026-11-24T20:00:00", Action.FINISH, State.CHECKING),
        ("2026-11-24T21:00:00", Action.REJECT, State.WORKING),
    )  # fmt: skip
    kind = BOOK.types["reconnect"]
    assert clocks(BOOK, kind, "urban", events, CALENDAR, at("2026-11-24T10:00:00"))[0].due == at("2026-11-25T09:00:00")
    assert clocks(BOOK, kind, "urban", events, CALENDAR, at("2026-11-24T20:30:00"))[0].stopped == at("2026-11-24T20:00:00")
    later = clocks(BOOK, kind, "urban", events, CALENDAR, at("2026-11-24T22:00:00"))[0]
    assert (later.due, later.stopped) == (at("2026-11-25T10:00:00"), None)


def test_a_year_of_orders_equals_another_recomputation_at_any_moment() -> None:
    dice = random.Random(20261124)
    kinds = list(BOOK.types)
    begin = datetime(2026, 1, 1, tzinfo=CHINA)
    compared = 0
    for _number in range(20_000):
        kind, zone = dice.choice(kinds), dice.choice(("urban", "rural", "remote"))
        events = story(dice, begin + timedelta(minutes=dice.randint(0, 525_000)))
        now = datetime.fromisoformat(dice.choice(events).at) + timedelta(minutes=dice.choice((-1, 0, 1, 50, 5000, 20_000)))
        mine = [(each.key, each.due, each.stopped, each.late) for each in clocks(BOOK, BOOK.types[kind], zone, events, CALENDAR, now)]
        other = [(each.key, each.due, each.stopped, each.late) for each in recomputed(BOOK, kind, zone, events, CALENDAR, now)]
        assert mine == other, (kind, zone, now, events)
        compared += len(mine)
    assert compared > 20_000
