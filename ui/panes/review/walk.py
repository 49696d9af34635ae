"""The way through a list: what comes next, what is decided already, what to have ready."""

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from itertools import islice


class Walk:
    """Goes through the ids of a list.

    Attributes:
        done: decided since the list was read; passed over.
    """

    def __init__(self) -> None:
        self._ids: Sequence[int] = ()
        self.done: set[int] = set()
        self._before: set[int] = set()

    def reading(self, under_way: AbstractSet[int]) -> None:
        """The list is asked for again: what is decided by now, and not only under way, will not be in it."""
        self._before = self.done - under_way

    def read(self, ids: Sequence[int]) -> None:
        """The list has come."""
        self._ids = ids
        self.done -= self._before
        self._before = set()

    def next(self, identity: int | None, step: int = 1) -> int | None:
        """The next undecided item after one; the list is gone round once. None when nothing is left."""
        return next(self._from(identity, step), None)

    def ahead(self, identity: int, count: int) -> list[int]:
        """An item and those that will come up after it."""
        return [identity, *islice(self._from(identity, 1), count)]

    def _from(self, identity: int | None, step: int) -> Iterator[int]:
        total = len(self._ids)
        try:
            place = self._ids.index(identity) if identity is not None else -1
        except ValueError:
            place = -1
        for way in range(1, total + (place < 0)):
            found = self._ids[(place + step * way) % total]
            if found not in self.done:
                yield found
