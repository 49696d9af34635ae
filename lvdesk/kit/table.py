"""A question to a table (filters, order, words) and its answer in plain tuples: what panes and services exchange."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum


class Condition(StrEnum):
    """How a filter compares a column with its operands."""

    ONE_OF = "one_of"
    CONTAINS = "contains"
    NOT_CONTAINS = "not_contains"
    STARTS = "starts"
    EQUALS = "equals"
    NOT_EQUALS = "not_equals"
    AT_LEAST = "at_least"
    AT_MOST = "at_most"
    BETWEEN = "between"
    EMPTY = "empty"
    NOT_EMPTY = "not_empty"


@dataclass(frozen=True)
class Filter:
    """One condition on one column; ``operands`` as the condition needs (many for ONE_OF, two for BETWEEN). "" stands for empty."""

    column: str
    condition: Condition
    operands: tuple[str, ...] = ()


@dataclass(frozen=True)
class Query:
    """Which rows, in which order: all filters hold; ``words`` are looked for anywhere in the row; order is (column, descending)."""

    filters: tuple[Filter, ...] = ()
    order: tuple[tuple[str, bool], ...] = ()
    words: str = ""


@dataclass(frozen=True)
class Column:
    """One column as a person sees it. ``kind``: text, identifier, number, date, code, coordinate."""

    key: str
    title: str
    kind: str = "text"
    width: int = 120
    editable: bool = False
    hint: str = ""


@dataclass(frozen=True)
class Cell:
    """A mark on a cell: ``level`` error, warning, info or healed, and the reason shown on hover."""

    level: str
    reason: str


@dataclass(frozen=True)
class Row:
    """One row: its id, the displayed values in column order, marks by column key."""

    id: int
    values: tuple[str, ...]
    marks: dict[str, Cell] = field(default_factory=dict)


Values = Sequence[tuple[str, int]]
