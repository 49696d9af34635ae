"""Facts about a station that several rules need: found once per run."""

from collections.abc import Callable
from functools import wraps
from typing import TypeVar
from weakref import WeakKeyDictionary

from lvdesk.checks.station import Station

T = TypeVar("T")


def once_per_station(work: Callable[[Station], T]) -> Callable[[Station], T]:
    """Keeps what ``work`` answers as long as the station of the run lives."""
    kept: WeakKeyDictionary[Station, T] = WeakKeyDictionary()

    @wraps(work)
    def remembered(station: Station) -> T:
        if station not in kept:
            kept[station] = work(station)
        return kept[station]

    return remembered
