"""The time, from one place, so that tests and reports of past moments can set it."""

from collections.abc import Callable
from datetime import datetime

Clock = Callable[[], datetime]


def local_clock() -> datetime:
    """Now, in local time with its offset, to the second."""
    return datetime.now().astimezone().replace(microsecond=0)


def stamp(moment: datetime) -> str:
    """ISO 8601 with offset: how moments are stored; sorts as text within one offset."""
    return moment.isoformat(timespec="seconds")
