"""The working calendar: weekends, the State Council's holidays and make-up days (``resources/calendars``, one file a year).

A year without a file has Mondays to Fridays as working days; ``known`` tells whether it has one.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, Final

from lvdesk.kit.errors import KnownError
from lvdesk.kit.sources import family

FOLDER: Final = "calendars"
_FRIDAY: Final = 4
_SPAN: Final = (date(2015, 1, 1), date(2045, 12, 31))


@dataclass(frozen=True)
class Calendar:
    """Holidays by day with their names, make-up days, years that have a file."""

    holidays: Mapping[date, str]
    makeup: frozenset[date]
    years: frozenset[int]

    def works(self, day: date) -> bool:
        """Whether people work on a day."""
        return day in self.makeup or (day not in self.holidays and day.weekday() <= _FRIDAY)

    def known(self, day: date) -> bool:
        """Whether the holidays of its year are known."""
        return day.year in self.years

    def says(self, day: date) -> str:
        """What a day is: a holiday's name, 调休上班, 周末 or 工作日."""
        if day in self.makeup:
            return "调休上班"
        return self.holidays.get(day) or ("工作日" if day.weekday() <= _FRIDAY else "周末")

    def after(self, day: date, count: int) -> date:
        """The ``count``-th working day after a day (the day itself does not count); the day itself for 0."""
        if count <= 0:
            return day
        place = bisect_right(self._days, day) + count - 1
        if place >= len(self._days):
            raise KnownError("orders.calendar", f"{day} 之后的工作日超出日历", "请检查日期")
        return self._days[place]

    def between(self, first: date, last: date) -> int:
        """Working days after ``first`` up to ``last``."""
        return max(0, bisect_right(self._days, last) - bisect_right(self._days, first))

    def next_working(self, day: date) -> date:
        """The day itself when people work on it, else the next on which they do."""
        return self._days[bisect_left(self._days, day)]

    @cached_property
    def _days(self) -> list[date]:
        """All working days of the span, ascending."""
        first, last = _SPAN
        return [day for day in (first + timedelta(n) for n in range((last - first).days + 1)) if self.works(day)]


def load_calendar(overrides: Path | None) -> Calendar:
    """The calendar of all years that have a file; the workspace's own files replace ours or add years.

    Raises:
        KnownError: ``rules.unreadable`` for a file with a wrong day.
    """
    return _calendar(_frozen(family(FOLDER, overrides)))


def _frozen(found: Mapping[str, Mapping[str, Any]]) -> tuple[tuple[str, tuple[tuple[str, str], ...], tuple[str, ...]], ...]:
    try:
        return tuple(
            (key, tuple((str(name), str(day)) for name, days in data["holidays"].items() for day in days), tuple(data["makeup"]["days"]))
            for key, data in sorted(found.items())
        )
    except (KeyError, AttributeError, TypeError) as error:
        raise _broken(error) from error


@lru_cache(maxsize=8)
def _calendar(files: tuple[tuple[str, tuple[tuple[str, str], ...], tuple[str, ...]], ...]) -> Calendar:
    try:
        holidays = {date.fromisoformat(day): name for _key, days, _makeup in files for name, day in days}
        makeup = frozenset(date.fromisoformat(day) for _key, _days, days in files for day in days)
        years = frozenset(int(key) for key, _days, _makeup in files)
    except ValueError as error:
        raise _broken(error) from error
    return Calendar(holidays, makeup, years)


def _broken(error: Exception) -> KnownError:
    return KnownError("rules.unreadable", f"节假日文件写错：{error}", "一年一个文件，写法见 resources/calendars/2026.toml")
