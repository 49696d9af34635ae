"""Layers into files through GDAL, batch by batch: progress on the way, a cancel between two batches."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import polars as pl
import pyogrio
from arro3.core import ChunkedArray, DataType, RecordBatch, RecordBatchReader, Table
from pyogrio.errors import DataSourceError, FieldError
from pyproj import CRS

from lvdesk.exchange.formats._gis_layers import GEOMETRY, Layer
from lvdesk.kit.errors import KnownError
from lvdesk.kit.progress import Progress

_BATCH: Final = 20_000


def write_layer(path: Path, driver: str, layer: Layer, frame: pl.DataFrame, crs: CRS, progress: Progress, **options: Any) -> None:
    """Writes a layer's rows (``frame``: attributes under their final names and ``geometry``) as a file or as one more layer of it.

    Raises:
        KnownError: ``file.not_writable``.
        Cancelled: the user stopped it.
    """
    reader, system = _reader(frame, progress), f"EPSG:{crs.to_epsg()}"
    name = path.stem if driver == "ESRI Shapefile" else layer.title
    about = {"layer": name, "geometry_name": GEOMETRY, "geometry_type": layer.geometry, "crs": system}
    try:
        pyogrio.write_arrow(reader, path, driver=driver, **about, **options)
    except (DataSourceError, FieldError, OSError, RuntimeError) as error:
        progress.check()  # a cancel breaks the stream off: GDAL tells it as an error of its own
        raise KnownError("file.not_writable", f"无法写入 {path.name}：{error}", "请检查磁盘空间和文件夹权限") from error
    progress.check()


def _reader(frame: pl.DataFrame, progress: Progress) -> RecordBatchReader:
    pieces = frame.iter_slices(_BATCH) if frame.height else iter([frame])
    first = as_arrow(next(pieces))
    return RecordBatchReader.from_batches(first.schema, _counted(first, pieces, progress))


def _counted(first: Table, pieces: Iterator[pl.DataFrame], progress: Progress) -> Iterator[RecordBatch]:
    yield from first.to_batches()
    progress.step(first.num_rows)
    for piece in pieces:
        table = as_arrow(piece)
        yield from table.to_batches()
        progress.step(table.num_rows)


def as_arrow(frame: pl.DataFrame) -> Table:
    """The frame as GDAL takes it: polars hands out string and binary views, which GDAL does not read yet."""
    return Table.from_pydict({name: _cast(ChunkedArray.from_arrow(frame[name].rechunk())) for name in frame.columns})


def _cast(column: ChunkedArray) -> ChunkedArray:
    wanted = {str(DataType.string_view()): DataType.large_utf8(), str(DataType.binary_view()): DataType.large_binary()}
    kind = wanted.get(str(column.type))
    return column if kind is None else column.cast(kind)
