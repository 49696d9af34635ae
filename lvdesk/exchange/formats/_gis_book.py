"""Writing a large plain workbook so that it can be cancelled: one call makes the whole file, so it works in a process that can be ended."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

import polars as pl

from lvdesk.kit.progress import Progress
from lvdesk.tabular.guard import Reader
from lvdesk.tabular.transport import packed, unpacked
from lvdesk.tabular.writing import write_sheets

Table = tuple[str, pl.DataFrame]
"""Name of the sheet and its cells, all text; the columns are named by their headers."""

AT_ONCE: Final = 150_000
"""So many cells are written sooner than a process has started (0.2 s; 1.9 million take 2.2 s)."""
_PATIENCE: Final = 600.0
"""Seconds for the whole file: the slowest office computer needs a tenth of it."""


def write_book(target: Path, tables: Sequence[Table], progress: Progress) -> None:
    """Writes the tables as sheets of text.

    Raises:
        KnownError: a text is too long for a cell, the file cannot be written.
        Cancelled: the user stopped it; at most a hidden temporary file stays in the folder.
    """
    cells = sum(frame.height * frame.width for _, frame in tables)
    if cells <= AT_ONCE:
        _write(target, tables)
        return
    with Reader(silence=_PATIENCE) as reader:
        sent = [(name, packed(frame)) for name, frame in tables]
        for _ in reader.stream(f"{__name__}:written", (str(target), sent), progress):
            progress.check()


def written(target: str, sent: Sequence[tuple[str, bytes]]) -> Iterator[str]:
    """The other process's part: writes the file and says its name."""
    _write(Path(target), [(name, unpacked(content)) for name, content in sent])
    yield target


def _write(target: Path, tables: Sequence[Table]) -> None:
    headers = {header for _, frame in tables for header in frame.columns}
    write_sheets(target, [(name, frame.columns, frame) for name, frame in tables], text_columns=headers)
