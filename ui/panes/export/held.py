"""The records that stay behind as the rows of a table: hundreds of thousands, of which only those on screen become rows."""

import heapq
from array import array
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from lvdesk.exchange.model import HeldBack
from lvdesk.kit.table import Column, Query, Row, Values
from ui.models.source import ListSource

HELD_COLUMNS: Final = (
    Column("key", "编号", "identifier", 150),
    Column("entity", "对象", "text", 72),
    Column("why", "原因", "text", 360),
)
_SLICE: Final = 4000  # sorting holds the interpreter: slices keep the window alive


class HeldSource(ListSource):
    """See ``Source``; ids count from 1."""

    def __init__(self, records: Sequence[HeldBack], titles: Mapping[str, str]) -> None:
        super().__init__(HELD_COLUMNS, ())
        self._records, self._titles = records, titles

    def record(self, identity: int) -> HeldBack:
        """The record behind a row."""
        return self._records[identity - 1]

    def ids(self, query: Query) -> "array[int]":
        """See ``Source``."""
        found = array("q", range(1, len(self._records) + 1) if _plain(query) else (row.id for row in self._answering(query)))
        for key, descending in reversed(query.order):
            found = self._sorted(found, self._place[key], descending=descending)
        return found

    def rows(self, ids: Sequence[int]) -> list[Row]:
        """See ``Source``."""
        return [self._row(each) for each in ids if 0 < each <= len(self._records)]

    def values(self, column: str, query: Query, limit: int) -> Values:
        """See ``Source``."""
        place = self._place[column]
        return Counter(row.values[place] for row in self._answering(query)).most_common(limit)

    def _row(self, identity: int) -> Row:
        each = self._records[identity - 1]
        return Row(identity, (each.key, self._titles.get(each.entity, each.entity), each.why))

    def _answering(self, query: Query) -> Iterator[Row]:
        rows = (self._row(identity) for identity in range(1, len(self._records) + 1))
        return rows if _plain(query) else (row for row in rows if self._answers(row, query))

    def _sorted(self, ids: "array[int]", place: int, *, descending: bool) -> "array[int]":
        def value(identity: int) -> str:
            return self._row(identity).values[place]

        parts = [sorted(ids[start : start + _SLICE], key=value, reverse=descending) for start in range(0, len(ids), _SLICE)]
        return array("q", heapq.merge(*parts, key=value, reverse=descending))


def _plain(query: Query) -> bool:
    return not query.filters and not query.words
