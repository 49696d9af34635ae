"""The items' columns in the order of this page: what it is, both sides, then the rest."""

from array import array
from collections.abc import Sequence
from dataclasses import replace

from lvdesk.kit.table import Column, Query, Row, Values
from ui.models.source import Source

_ORDER = (
    "kind",
    "title",
    "ledger",
    "field",
    "key",
    "area",
    "entered",
    "waiting",
    "state",
    "returns",
    "reason",
    "decided",
    "feeder",
    "number",
)
_WIDTHS = {"kind": 98, "title": 112, "ledger": 120, "field": 120, "state": 116}


class Arranged:
    """Another source with its columns in order; columns it does not know keep their place at the end."""

    def __init__(self, source: Source) -> None:
        self._source = source
        keys = [column.key for column in source.columns]
        wanted = [key for key in _ORDER if key in keys] + [key for key in keys if key not in _ORDER]
        self._places = [keys.index(key) for key in wanted]
        self._columns = tuple(_dressed(source.columns[place]) for place in self._places)

    @property
    def columns(self) -> tuple[Column, ...]:
        """The columns in this page's order."""
        return self._columns

    def ids(self, query: Query) -> "array[int]":
        """The other's ids."""
        return self._source.ids(query)

    def rows(self, ids: Sequence[int]) -> list[Row]:
        """The other's rows, rearranged; what marks a row as such stands in its first column."""
        return [self._row(row) for row in self._source.rows(ids)]

    def values(self, column: str, query: Query, limit: int) -> Values:
        """The other's values."""
        return self._source.values(column, query, limit)

    def _row(self, row: Row) -> Row:
        marks = dict(row.marks)
        held = marks.pop("number", None)
        if held is not None:
            marks["title"] = held
        return Row(row.id, tuple(row.values[place] for place in self._places), marks)


def _dressed(column: Column) -> Column:
    return replace(column, width=_WIDTHS.get(column.key, column.width))
