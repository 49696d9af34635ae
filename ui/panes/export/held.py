"""The records that stay behind as the rows of a table: hundreds of thousands, of which only those on screen become rows."""

import time
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
_SLICE: Final = 1500
_REST: Final = 0.004
"""Seconds between slices: a worker that never rests takes the interpreter from the window at each of its calls."""


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
        found = [identity for part in self._answering(query) for identity in part]
        for key, descending in reversed(query.order):
            found = _sorted(found, self._texts(self._place[key]), descending=descending)
        return array("q", found)

    def rows(self, ids: Sequence[int]) -> list[Row]:
        """See ``Source``."""
        rows: list[Row] = []
        for start in range(0, len(ids), _SLICE):
            rows += [self._row(each) for each in ids[start : start + _SLICE] if 0 < each <= len(self._records)]
            if len(ids) > _SLICE:
                time.sleep(_REST)
        return rows

    def values(self, column: str, query: Query, limit: int) -> Values:
        """See ``Source``."""
        texts = self._texts(self._place[column])
        counted: Counter[str] = Counter()
        for part in self._answering(query):
            counted.update(texts[identity - 1] for identity in part)
        return counted.most_common(limit)

    def _row(self, identity: int) -> Row:
        each = self._records[identity - 1]
        return Row(identity, (each.key, self._titles.get(each.entity, each.entity), each.why))

    def _texts(self, place: int) -> list[str]:
        """What all rows show in a column."""
        match self.columns[place].key:
            case "key":
                return [each.key for each in self._records]
            case "entity":
                return [self._titles.get(each.entity, each.entity) for each in self._records]
            case _:
                return [each.why for each in self._records]

    def _answering(self, query: Query) -> Iterator[Sequence[int]]:
        """The ids of the rows that answer, slice by slice."""
        whole = range(1, len(self._records) + 1)
        if not query.filters and not query.words:
            yield whole
            return
        for start in range(0, len(whole), _SLICE):
            yield [identity for identity in whole[start : start + _SLICE] if self._answers(self._row(identity), query)]
            time.sleep(_REST)


def _sorted(ids: list[int], texts: list[str], *, descending: bool) -> list[int]:
    """The ids by what they show: slices in order, then two and two together, so that no step holds the window up."""

    def text(identity: int) -> str:
        return texts[identity - 1]

    runs = [ids[start : start + _SLICE] for start in range(0, len(ids), _SLICE)]
    while True:
        for run in runs:
            run.sort(key=text, reverse=descending)
            if len(runs) > 1:
                time.sleep(_REST)
        if len(runs) <= 1:
            return runs[0] if runs else []
        runs = [[each for run in runs[place : place + 2] for each in run] for place in range(0, len(runs), 2)]
