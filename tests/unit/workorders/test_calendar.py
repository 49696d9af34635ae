"""The working calendar against the notices of the State Council, written down here by hand, day by day."""

from datetime import date, timedelta

import pytest

from lvdesk.workorders.calendar import Calendar, load_calendar

NOTICES = {
    2024: (
        "元旦 01-01；春节 02-10..02-17；清明节 04-04..04-06；劳动节 05-01..05-05；端午节 06-10；中秋节 09-15..09-17；国庆节 10-01..10-07",
        "02-04 02-18 04-07 04-28 05-11 09-14 09-29 10-12",
    ),
    2025: (
        "元旦 01-01；春节 01-28..02-04；清明节 04-04..04-06；劳动节 05-01..05-05；端午节 05-31..06-02；国庆节 10-01..10-08",
        "01-26 02-08 04-27 09-28 10-11",
    ),
    2026: (
        ("元旦 01-01..01-03；春节 02-15..02-23；清明节 04-04..04-06；劳动节 05-01..05-05；端午节 06-19..06-21；中秋节 09-25..09-27；"
        "国庆节 10-01..10-07"),
        "01-04 02-14 02-28 05-09 09-20 10-10",
    ),
}  # fmt: skip
OFF = {2020: 30, 2021: 31, 2022: 32, 2023: 28, 2024: 28, 2025: 28, 2026: 33}
MAKEUP = {2020: 6, 2021: 7, 2022: 7, 2023: 7, 2024: 8, 2025: 5, 2026: 6}


def days(year: int, span: str) -> set[date]:
    first, _dots, last = span.partition("..")
    begin, end = date.fromisoformat(f"{year}-{first}"), date.fromisoformat(f"{year}-{last or first}")
    return {begin + timedelta(n) for n in range((end - begin).days + 1)}


@pytest.fixture(scope="module")
def calendar() -> Calendar:
    return load_calendar(None)


@pytest.mark.parametrize("year", NOTICES)
def test_every_day_of_a_year_is_as_its_notice_says(calendar: Calendar, year: int) -> None:
    free = {day for part in NOTICES[year][0].split("；") for day in days(year, part.split()[1])}
    makeup = {date.fromisoformat(f"{year}-{text}") for text in NOTICES[year][1].split()}
    for number in range(366):
        day = date(year, 1, 1) + timedelta(number)
        if day.year == year:
            assert calendar.works(day) == (day in makeup or (day not in free and day.weekday() < 5)), day


@pytest.mark.parametrize("year", OFF)
def test_each_year_has_its_number_of_days_off_and_made_up(calendar: Calendar, year: int) -> None:
    assert sum(day.year == year for day in calendar.holidays) == OFF[year]
    assert sum(day.year == year for day in calendar.makeup) == MAKEUP[year]
    assert all(day.weekday() >= 5 for day in calendar.makeup if day.year == year)
    assert calendar.known(date(year, 6, 1))


@pytest.mark.parametrize(
    "start, count, end",
    [
        ("2026-09-30", 1, "2026-10-08"), ("2026-09-30", 3, "2026-10-10"), ("2026-02-13", 1, "2026-02-14"), ("2026-02-14", 1, "2026-02-24"),
        ("2026-11-20", 1, "2026-11-23"), ("2026-11-21", 0, "2026-11-21"), ("2025-01-24", 2, "2025-01-27"),
    ],
)  # fmt: skip
def test_working_days_are_counted_over_holidays(calendar: Calendar, start: str, count: int, end: str) -> None:
    assert calendar.after(date.fromisoformat(start), count) == date.fromisoformat(end)
    assert calendar.between(date.fromisoformat(start), date.fromisoformat(end)) == count


def test_a_year_without_a_notice_has_mondays_to_fridays_and_says_so(calendar: Calendar) -> None:
    assert calendar.works(date(2031, 10, 1))
    assert not calendar.known(date(2031, 10, 1))
    assert calendar.says(date(2026, 10, 1)) == "国庆节"
    assert calendar.says(date(2026, 10, 10)) == "调休上班"
