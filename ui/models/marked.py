"""Looks for cells that carry a mark, through rows that were never on screen: the next one, or all their rows."""

from array import array
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lvdesk.kit.progress import Progress
from lvdesk.kit.table import Column, Query, Row, Values
from ui.models.source import Source

PROBLEMS = frozenset({"error", "warning"})
_CHUNK = 400
_LOOKED_AT = 2000  # rows of one question when all are gone through


@dataclass(frozen=True)
class Search:
    """From which cell, in which direction (1 or -1), over which columns in shown order, for which levels of mark."""

    row: int
    column: int
    step: int
    columns: tuple[str, ...]
    levels: frozenset[str] = PROBLEMS


def find(source: Source, ids: Sequence[int], search: Search, progress: Progress) -> tuple[int, int] | None:
    """The next marked cell as (row index, column index), around the end back to the start; None when there is none."""
    if not ids:
        return None
    count = len(ids)
    for start in range(0, count + 1, _CHUNK):
        progress.check()
        offsets = range(start, min(start + _CHUNK, count + 1))
        indexes = [(search.row + search.step * offset) % count for offset in offsets]
        rows = {row.id: row for row in source.rows([ids[index] for index in indexes])}
        for offset, index in zip(offsets, indexes, strict=True):
            row = rows.get(ids[index])
            column = _column(row, search, only_beyond=offset == 0) if row else None
            if column is not None:
                return index, column
    return None


def _column(row: Row, search: Search, *, only_beyond: bool) -> int | None:
    places = [place for place, key in enumerate(search.columns) if key in row.marks and row.marks[key].level in search.levels]
    if only_beyond:
        places = [place for place in places if (place - search.column) * search.step > 0]
    if not places:
        return None
    return places[0] if search.step > 0 else places[-1]


class OnlyMarked:
    """The rows of another source with at least one mark of a level; every row is looked at for each question."""

    def __init__(self, source: Source, level: str) -> None:
        self._source, self._level = source, level

    @property
    def columns(self) -> tuple[Column, ...]:
        """The other's columns."""
        return self._source.columns

    def ids(self, query: Query) -> "array[int]":
        """The ids of the marked rows that answer, in order."""
        return array("q", (row.id for row in self._marked(query)))

    def rows(self, ids: Sequence[int]) -> list[Row]:
        """The other's rows."""
        return self._source.rows(ids)

    def values(self, column: str, query: Query, limit: int) -> Values:
        """The column's values among the marked rows, most frequent first."""
        place = next(number for number, each in enumerate(self.columns) if each.key == column)
        return Counter(row.values[place] for row in self._marked(query)).most_common(limit)

    def _marked(self, query: Query) -> Iterator[Row]:
        ids = self._source.ids(query)
        for start in range(0, len(ids), _LOOKED_AT):
            for row in self._source.rows(ids[start : start + _LOOKED_AT]):
                if any(mark.level == self._level for mark in row.marks.values()):
                    yield row
