"""Vertical merges filled down: a value written once beside many rows belongs to each of them."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

import polars as pl

from lvdesk.tabular.model import Merge, Slice


def filled(slices: Iterable[Slice], merges: Sequence[Merge]) -> Iterator[Slice]:
    """The slices with the top cell of each vertical merge copied into the rows below it, also across slices."""
    by_column: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for first_row, first_column, last_row, _ in merges:
        if last_row > first_row:
            by_column[first_column].append((first_row, last_row))
    for spans in by_column.values():
        spans.sort()
    carried: dict[tuple[int, int], str | None] = {}
    for piece in slices:
        yield _filled_slice(piece, by_column, carried) if by_column else piece


def _filled_slice(piece: Slice, by_column: dict[int, list[tuple[int, int]]], carried: dict[tuple[int, int], str | None]) -> Slice:
    frame, first, last = piece.frame, piece.first_row, piece.first_row + piece.frame.height - 1
    columns = []
    for column, spans in by_column.items():
        inside = [span for span in spans if span[0] <= last and span[1] >= first]
        if inside and column <= frame.width:
            columns.append(_filled_column(frame[f"c{column}"], inside, (first, column), carried))
    return Slice(first, frame.with_columns(columns)) if columns else piece


def _filled_column(
    values: pl.Series, spans: list[tuple[int, int]], corner: tuple[int, int], carried: dict[tuple[int, int], str | None]
) -> pl.Series:
    first, column = corner
    rows: list[int] = []
    texts: list[str | None] = []
    for top, bottom in spans:
        if top >= first:
            carried[column, top] = values[top - first]
        text = carried.get((column, top))
        last = first + len(values) - 1
        # a cell below the first that holds a value of its own (a file patched by hand) keeps it
        below = [row for row in range(max(top + 1, first), min(bottom, last) + 1) if values[row - first] is None]
        rows += [row - first for row in below]
        texts += [text] * len(below)
    return values.scatter(rows, pl.Series(texts, dtype=pl.String)) if rows else values
