"""Where a table's rows come from: the shape services give, and one kept in memory for small lists."""

from array import array
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from lvdesk.kit.table import Column, Condition, Filter, Query, Row, Values


class Source(Protocol):
    """Rows asked by id, so that a table of any size costs only what is on screen. All methods run on reader threads."""

    @property
    def columns(self) -> tuple[Column, ...]:
        """All columns, in the order of ``Row.values``."""
        ...

    def ids(self, query: Query) -> "array[int]":
        """The ids of all rows that answer, in order."""
        ...

    def rows(self, ids: Sequence[int]) -> list[Row]:
        """The rows of these ids, in the order given; an id that is gone is left out."""
        ...

    def values(self, column: str, query: Query, limit: int) -> Values:
        """The column's values with their counts, most frequent first, under ``query``."""
        ...


@dataclass(frozen=True)
class CellEdit:
    """A cell someone wants changed: row id, column key, new text, and the text it had."""

    id: int
    column: str
    text: str
    before: str = ""


@dataclass(frozen=True)
class Paste:
    """A pasted block laid onto the table; ``ignored`` says in words what did not fit."""

    edits: tuple[CellEdit, ...]
    ignored: tuple[str, ...] = ()


def _number(text: str) -> float | None:
    try:
        return float(text.replace(",", ""))
    except ValueError:
        return None


def _less_or_equal(left: str, right: str) -> bool:
    numbers = _number(left), _number(right)
    if numbers[0] is not None and numbers[1] is not None:
        return numbers[0] <= numbers[1]
    return left <= right


_HOLDS: dict[Condition, Callable[[str, tuple[str, ...]], bool]] = {
    Condition.ONE_OF: lambda value, operands: value in operands,
    Condition.CONTAINS: lambda value, operands: operands[0].casefold() in value.casefold(),
    Condition.NOT_CONTAINS: lambda value, operands: operands[0].casefold() not in value.casefold(),
    Condition.STARTS: lambda value, operands: value.casefold().startswith(operands[0].casefold()),
    Condition.EQUALS: lambda value, operands: value == operands[0],
    Condition.NOT_EQUALS: lambda value, operands: value != operands[0],
    Condition.AT_LEAST: lambda value, operands: value != "" and _less_or_equal(operands[0], value),
    Condition.AT_MOST: lambda value, operands: value != "" and _less_or_equal(value, operands[0]),
    Condition.BETWEEN: lambda value, operands: value != "" and _less_or_equal(operands[0], value) and _less_or_equal(value, operands[1]),
    Condition.EMPTY: lambda value, _operands: not value,
    Condition.NOT_EMPTY: lambda value, _operands: bool(value),
}


def _order_key(text: str) -> tuple[bool, float, str]:
    number = _number(text)
    return (number is None, number if number is not None else 0.0, text)


class ListSource:
    """Rows held in memory, for previews and short lists (up to some ten thousand rows)."""

    def __init__(self, columns: Sequence[Column], rows: Sequence[Row]) -> None:
        self.columns = tuple(columns)
        self._rows = {row.id: row for row in rows}
        self._place = {column.key: place for place, column in enumerate(self.columns)}

    def ids(self, query: Query) -> "array[int]":
        """See ``Source``."""
        found = [row for row in self._rows.values() if self._answers(row, query)]
        for key, descending in reversed(query.order):
            place = self._place[key]
            found.sort(key=lambda row: _order_key(row.values[place]), reverse=descending)
        return array("q", [row.id for row in found])

    def rows(self, ids: Sequence[int]) -> list[Row]:
        """See ``Source``."""
        return [self._rows[each] for each in ids if each in self._rows]

    def values(self, column: str, query: Query, limit: int) -> Values:
        """See ``Source``."""
        place = self._place[column]
        counted = Counter(row.values[place] for row in self._rows.values() if self._answers(row, query))
        return counted.most_common(limit)

    def _answers(self, row: Row, query: Query) -> bool:
        if query.words:
            everything = " ".join(row.values).casefold()
            if not all(word in everything for word in query.words.casefold().split()):
                return False
        return all(self._holds(row, each) for each in query.filters)

    def _holds(self, row: Row, condition: Filter) -> bool:
        return _HOLDS[condition.condition](row.values[self._place[condition.column]], condition.operands)
