"""Facts that several rules need: found once per run."""

from collections.abc import Callable
from functools import wraps
from typing import TypeVar
from weakref import WeakKeyDictionary

K = TypeVar("K")
T = TypeVar("T")


def once(work: Callable[[K], T]) -> Callable[[K], T]:
    """Keeps what ``work`` answers about a station, or another thing that does not change, as long as that lives."""
    kept: WeakKeyDictionary[K, T] = WeakKeyDictionary()

    @wraps(work)
    def remembered(about: K) -> T:
        if about not in kept:
            kept[about] = work(about)
        return kept[about]

    return remembered
