"""What a read file is made of: sheets with their oddities, slices of rows."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Protocol

import polars as pl

MAX_COLUMNS = 16_384
"""Columns an Excel sheet can have; wider text files are no ledgers."""

MAX_ROWS = 1_048_576
"""Rows an Excel sheet can have."""

SLICE_ROWS = 50_000

Merge = tuple[int, int, int, int]
"""First row, first column, last row, last column, counted from 1."""


@dataclass(frozen=True)
class SheetInfo:
    """One sheet as the file describes it; rows and columns count from 1.

    Attributes:
        name: as on its tab.
        visible: False for hidden and very hidden sheets.
        hidden_rows: rows the clerk does not see (hidden or filtered away); they are read all the same.
        hidden_columns: the same for columns.
        merges: merged ranges.
        inspected: False where the format does not tell about hiding and merging (xlsb) or has none (csv).
        rows: number of the last row, 0 while unknown.
    """

    name: str
    visible: bool = True
    hidden_rows: tuple[int, ...] = ()
    hidden_columns: tuple[int, ...] = ()
    merges: tuple[Merge, ...] = ()
    inspected: bool = False
    rows: int = 0


@dataclass(frozen=True)
class Slice:
    """Some consecutive rows of a sheet, blank ones included.

    Attributes:
        first_row: number in the file of the frame's first row, from 1.
        frame: text columns ``c1`` … ``cn``, the file's columns 1 … n; blank cells are null. A later slice may have more columns.
    """

    first_row: int
    frame: pl.DataFrame


class SheetSource(Protocol):
    """A format: knows its sheets and gives their rows in slices."""

    kind: str
    encoding: str | None
    sheets: tuple[SheetInfo, ...]
    notes: tuple[str, ...]

    def slices(self, sheet: SheetInfo, size: int, /) -> Iterator[Slice]:
        """Rows of ``sheet`` from the first that is not blank to the last, in pieces of ``size`` rows."""
        ...


@dataclass
class Workbook:
    """An opened file.

    Attributes:
        kind: xlsx, xlsm, xlsb, xls, ods, csv, tsv, html or spreadsheetml.
        encoding: of text files, None for workbooks.
        sheets: in the order of their tabs, hidden ones too.
        notes: what a reader should be told about the whole file, Chinese, e.g. unreadable bytes.
    """

    kind: str
    encoding: str | None
    sheets: tuple[SheetInfo, ...]
    notes: tuple[str, ...] = ()
    source: SheetSource | None = field(default=None, repr=False)

    def slices(self, sheet: str, size: int = SLICE_ROWS) -> Iterator[Slice]:
        """The rows of the sheet named ``sheet`` in slices of ``size`` rows; vertical merges are filled down.

        Raises:
            KnownError: the sheet cannot be read (damaged, absurdly wide, too large).
            KeyError: no sheet has that name.
        """
        from lvdesk.tabular.merges import filled

        info = next((item for item in self.sheets if item.name == sheet), None)
        if info is None or self.source is None:
            raise KeyError(sheet)
        return filled(self.source.slices(info, size), info.merges)


def column_names(count: int) -> list[str]:
    """``c1`` … ``cn``."""
    return [f"c{number}" for number in range(1, count + 1)]
