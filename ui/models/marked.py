"""Looks for the next cell that carries a mark, through rows that were never on screen."""

from collections.abc import Sequence
from dataclasses import dataclass

from lvdesk.kit.progress import Progress
from lvdesk.kit.table import Row
from ui.models.source import Source

PROBLEMS = frozenset({"error", "warning"})
_CHUNK = 400


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
