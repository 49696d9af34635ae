"""Even slices from frames of uneven height."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import polars as pl

from lvdesk.tabular.model import Slice, column_names


@dataclass
class Slicer:
    """Collects frames of consecutive rows and gives them out in even slices; blank rows at the end never come out."""

    size: int
    next_row: int = 0
    width: int = 0
    _frames: list[pl.DataFrame] = field(default_factory=list)
    _height: int = 0
    _first: int = 0

    def __post_init__(self) -> None:
        """Goes on where another reader stopped when ``next_row`` is given."""
        self._first = self.next_row

    def add(self, first_row: int, frame: pl.DataFrame) -> Iterator[Slice]:
        """Takes the frame that starts at ``first_row`` and yields the slices that are full now."""
        if not self.next_row:
            self.next_row = self._first = first_row
        self.width = max(self.width, frame.width)
        while (gap := first_row - self.next_row) > 0:
            count = min(gap, self.size - self._height)
            self._take(pl.DataFrame([pl.repeat(None, count, dtype=pl.String, eager=True).alias("c1")]))
            yield from self._full()
        while frame.height:
            count = min(frame.height, self.size - self._height)
            self._take(frame.head(count))
            frame = frame.slice(count)
            yield from self._full()

    def rest(self) -> Iterator[Slice]:
        """What is left at the end."""
        if self._height:
            yield self._slice()

    def _take(self, frame: pl.DataFrame) -> None:
        self._frames.append(frame)
        self._height += frame.height
        self.next_row += frame.height

    def _full(self) -> Iterator[Slice]:
        if self._height >= self.size:
            yield self._slice()

    def _slice(self) -> Slice:
        names = column_names(self.width)
        frame = pl.concat(self._frames, how="diagonal")
        missing = [pl.lit(None, dtype=pl.String).alias(name) for name in names if name not in frame.columns]
        piece = Slice(self._first, frame.with_columns(missing).select(names))
        self._first, self._frames, self._height = self.next_row, [], 0
        return piece
