"""Careful likeness of headers: typing slips and added words, never another attribute or another thing."""

from functools import lru_cache
from typing import Final

from rapidfuzz import fuzz

from lvdesk.templates.definition import Column
from lvdesk.templates.headers import fold, modifiers, subjects, tail
from lvdesk.templates.index import SUBJECTS

LEAST: Final = 78.0
LEAST_WITHOUT_TAIL: Final = 90.0
_SHORTEST: Final = 3
_CLEAR: Final = 4.0


def likeness(header: str, spelling: str, column: Column) -> float:
    """How much two folded headers resemble each other, 0..100; 0 when they must not be taken for each other."""
    if min(len(header), len(spelling)) < _SHORTEST:
        return 0.0
    # The cheap comparison first: hardly any pair gets past it.
    value = fuzz.ratio(header, spelling, score_cutoff=LEAST)
    if not value or modifiers(header) != modifiers(spelling):
        return 0.0
    ending = tail(header)
    if ending != tail(spelling) or not _same_subject(header, spelling, column):
        return 0.0
    return value if ending or value >= LEAST_WITHOUT_TAIL else 0.0


def quality(value: float) -> float:
    """Likeness 0..100 as the quality of a match, always below any known spelling."""
    return round(0.55 + 0.25 * value / 100, 3)


def most_like(header: str, columns: list[tuple[int, Column]]) -> tuple[int, float] | None:
    """The one column (position, likeness) a header clearly resembles; None when none or when two are near each other."""
    values = sorted(((_best(header, column), position) for position, column in columns), reverse=True)
    values = [value for value in values if value[0] > 0]
    if not values or (len(values) > 1 and values[0][0] - values[1][0] < _CLEAR):
        return None
    return values[0][1], values[0][0]


def _best(header: str, column: Column) -> float:
    return max((likeness(header, text, column) for text in _spellings(column)), default=0.0)


@lru_cache(maxsize=4_000)
def _spellings(column: Column) -> tuple[str, ...]:
    return tuple({fold(text): None for text in (column.header, *column.aliases, *column.shared)})


def _same_subject(header: str, spelling: str, column: Column) -> bool:
    mine, theirs = subjects(header), subjects(spelling)
    if mine == theirs:
        return True
    return not theirs and bool(mine) and mine <= SUBJECTS.get(column.entity, frozenset())
