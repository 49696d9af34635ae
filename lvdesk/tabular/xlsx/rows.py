"""From the XML of a sheet to slices of rows."""

from collections.abc import Iterable, Iterator

import numpy as np
import polars as pl

from lvdesk.tabular.model import MAX_COLUMNS, MAX_ROWS, Slice
from lvdesk.tabular.problems import problem
from lvdesk.tabular.slicer import Slicer
from lvdesk.tabular.xlsx.cells import Cells, Dictionary, parse
from lvdesk.tabular.xlsx.scan import HEAD_LIMIT
from lvdesk.tabular.xlsx.tags import OddXml

_SPARSE_AREA = 20_000_000
"""Cells of a block's rectangle above which it must not be nearly empty."""


def row_slices(blocks: Iterable[bytes], dictionary: Dictionary, size: int) -> Iterator[Slice]:
    """The sheet's rows.

    Raises:
        OddXml: not of the plain form; slices given out before it stay valid.
        KnownError: ``file.absurd`` for cells far away from everything else.
    """
    slicer, row = Slicer(size), 0
    for block in _row_blocks(blocks):
        cells = parse(block, dictionary, row)
        row = cells.last_row
        if len(cells.texts):
            yield from slicer.add(int(cells.rows.min()), _frame(cells))
    yield from slicer.rest()


def _frame(cells: Cells) -> pl.DataFrame:
    """The cells as a frame from their first row to their last."""
    first, last, width = int(cells.rows.min()), int(cells.rows.max()), int(cells.columns.max())
    if width > MAX_COLUMNS or last > MAX_ROWS:
        raise problem("file.absurd", "超出 Excel 的最大行列数")
    height = last - first + 1
    if height * width > max(_SPARSE_AREA, 200 * len(cells.texts)):
        raise problem("file.absurd", f"在第 {last} 行、第 {width} 列附近有孤立的单元格")
    place = np.full((width, height), -1, np.int64)
    place[cells.columns - 1, cells.rows - first] = np.arange(len(cells.texts))
    columns = []
    for index in range(width):
        line = place[index]
        indices = pl.Series(line)
        if bool((line < 0).any()):
            indices = indices.set(indices < 0, None)
        columns.append(cells.texts.gather(indices).alias(f"c{index + 1}"))
    return pl.DataFrame(columns)


def _row_blocks(blocks: Iterable[bytes]) -> Iterator[bytes]:
    """Cuts the stream into blocks of whole rows."""
    stream = iter(blocks)
    rest = b""
    for block in stream:
        rest += block
        at = rest.find(b"<sheetData")
        if at >= 0 and rest.find(b">", at) >= 0:
            rest = rest[rest.find(b">", at) + 1 :]
            break
        if len(rest) > HEAD_LIMIT:
            raise OddXml("no rows found")
    else:
        raise OddXml("no rows found")
    while True:
        end = rest.find(b"</sheetData")
        if end >= 0:
            yield from filter(None, [rest[:end].strip()])
            return
        cut = rest.rfind(b"</row>") + 6
        if cut > 5:
            yield rest[:cut]
            rest = rest[cut:]
        block = next(stream, b"")
        if not block:
            break
        rest += block
    if rest.strip() and rest.lstrip()[:2] == b"<r":
        raise problem("file.damaged")
