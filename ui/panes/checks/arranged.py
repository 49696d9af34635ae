"""The findings' columns in the order of this page: how bad and what first, where it stands after that."""

from array import array
from collections.abc import Sequence
from dataclasses import replace

from lvdesk.kit.table import Column, Query, Row, Values
from ui.models.source import Source

_ORDER = ("severity", "message", "key", "value", "field", "entity", "area", "file", "sheet", "row", "rule", "title", "state", "number")
_WIDTHS = {"severity": 78, "message": 380, "key": 176, "value": 170, "row": 64}


class Arranged:
    """Another source with its columns in order, the severity as a chip; columns it does not know keep their place at the end."""

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
        """The other's rows, their values in order."""
        return [Row(row.id, tuple(row.values[place] for place in self._places), row.marks) for row in self._source.rows(ids)]

    def values(self, column: str, query: Query, limit: int) -> Values:
        """The other's values."""
        return self._source.values(column, query, limit)


def _dressed(column: Column) -> Column:
    kind = "level" if column.key == "severity" else column.kind
    return replace(column, kind=kind, width=_WIDTHS.get(column.key, column.width), editable=False)
