"""Formats that tell of merges only while they are read: the sheets are held as frames, which are small."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from lvdesk.tabular.formats.calamine import slices_of
from lvdesk.tabular.model import SLICE_ROWS, Merge, SheetInfo, Slice
from lvdesk.tabular.problems import problem
from lvdesk.tabular.slicer import Slicer

MAX_CELLS = 60_000_000
"""Cells such a file may spread out to by repetition or spans."""


@dataclass
class Draft:
    """A sheet while it is read."""

    name: str
    visible: bool = True
    hidden_rows: list[int] = field(default_factory=list)
    hidden_columns: list[int] = field(default_factory=list)
    merges: list[Merge] = field(default_factory=list)
    slices: list[Slice] = field(default_factory=list)

    def fill(self, rows: Iterable[tuple[int, list[Any]]]) -> None:
        """Takes the sheet's rows."""
        self.slices = list(slices_of(_counted(rows), SLICE_ROWS))


class MemorySource:
    """Gives out sheets that were read whole."""

    def __init__(self, kind: str, drafts: list[Draft], encoding: str | None = None) -> None:
        """Takes the sheets as read.

        Raises:
            KnownError: ``file.no_sheets``.
        """
        if not drafts:
            raise problem("file.no_sheets")
        self.kind, self.encoding = kind, encoding
        self.notes: tuple[str, ...] = ()
        self.sheets = tuple(map(_info, drafts))
        self._slices = {draft.name: draft.slices for draft in drafts}

    def slices(self, sheet: SheetInfo, size: int) -> Iterator[Slice]:
        """See ``SheetSource``."""
        slicer = Slicer(size)
        for piece in self._slices[sheet.name]:
            yield from slicer.add(piece.first_row, piece.frame)
        yield from slicer.rest()


def _info(draft: Draft) -> SheetInfo:
    rows = draft.slices[-1].first_row + draft.slices[-1].frame.height - 1 if draft.slices else 0
    return SheetInfo(
        draft.name,
        draft.visible,
        tuple(draft.hidden_rows),
        tuple(draft.hidden_columns),
        tuple(draft.merges),
        inspected=True,
        rows=rows,
    )


def _counted(rows: Iterable[tuple[int, list[Any]]]) -> Iterator[tuple[int, list[Any]]]:
    count = 0
    for number, row in rows:
        count += len(row)
        if count > MAX_CELLS:
            raise problem("file.absurd", "重复填充的单元格过多")
        yield number, row


def unique_names(drafts: list[Draft]) -> list[Draft]:
    """The sheets under names that differ: a second 台账 becomes 台账 (2)."""
    seen: dict[str, int] = {}
    for draft in drafts:
        seen[draft.name] = seen.get(draft.name, 0) + 1
        if seen[draft.name] > 1:
            draft.name = f"{draft.name} ({seen[draft.name]})"
    return drafts
