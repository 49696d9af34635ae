"""Shapefiles: one per interchange layer, short ASCII field names with a legend; texts a Shapefile cannot hold stand in a file beside."""

from pathlib import Path
from typing import Final

import polars as pl

from lvdesk.exchange.formats._gis_layers import GEOMETRY, Layer, layers
from lvdesk.exchange.formats._gis_project import write_project
from lvdesk.exchange.formats._gis_writing import write_layer
from lvdesk.exchange.formats.gis_geopackage import ENTITIES
from lvdesk.exchange.model import Format, Options, System, Written
from lvdesk.exchange.picture import Picture
from lvdesk.kit.progress import Progress
from lvdesk.tabular.writing import write_csv

LEGEND, LONG = "字段说明.csv", "超长文字.csv"
_BYTES: Final = 254
"""Of a text in a DBF table."""


def write(picture: Picture, folder: Path, options: Options, progress: Progress) -> list[Written]:
    """Makes the files of each layer, the legend and a QGIS project.

    Raises:
        RefusedError: ``export.crs``, ``export.crs_far``.
        KnownError: the settings are damaged, a file cannot be written.
        Cancelled: the user stopped it.
    """
    progress.start("正在整理图层")
    crs, found = layers(picture, options)
    progress.start("正在写出 Shapefile", sum(layer.rows.height for layer in found), "个要素")
    made, long = [], []
    for layer in found:
        path = folder / f"{layer.key}.shp"
        frame, too_long = _fitting(layer)
        long.append(too_long)
        write_layer(path, "ESRI Shapefile", layer, frame, crs, progress, ENCODING="UTF-8")
        parts = sorted(each for each in folder.glob(f"{layer.key}.*") if each != path)
        made += [Written(path, layer.rows.height), *[Written(each, 0) for each in parts]]
    legend = [(f"{layer.key}.shp", layer.title, field.short, field.title) for layer in found for field in layer.fields]
    write_csv(folder / LEGEND, ["文件", "图层", "字段", "含义"], legend)
    made.append(Written(folder / LEGEND, len(legend)))
    cut = pl.concat(long)
    if cut.height:
        write_csv(folder / LONG, ["文件", "行", "字段", "全文"], cut)
        made.append(Written(folder / LONG, cut.height))
    project = write_project(picture, folder / "营配图层.qgs", found, crs, lambda layer: f"./{layer.key}.shp", short=True)
    return [*made, Written(project, 0)]


def _fitting(layer: Layer) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The layer under its short names, no text longer than the table takes; and the whole texts of those that were."""
    frame = layer.rows.select(*[pl.col(each.field).alias(each.short) for each in layer.fields], GEOMETRY)
    found = [pl.DataFrame(schema={"file": pl.String, "row": pl.Int64, "field": pl.String, "text": pl.String})]
    for name in [each.short for each in layer.fields if frame.schema[each.short] == pl.String]:
        over = pl.col(name).str.len_bytes() > _BYTES
        where = frame.with_row_index("row", offset=1).filter(over)
        if where.height:
            about = [pl.lit(f"{layer.key}.shp").alias("file"), pl.col("row").cast(pl.Int64), pl.lit(name).alias("field")]
            found.append(where.select(*about, pl.col(name).alias("text")))
            # three bytes are the most a character of ours takes, four the most there is
            frame = frame.with_columns(pl.when(over).then(pl.col(name).str.head(_BYTES // 4)).otherwise(pl.col(name)).alias(name))
    return frame, pl.concat(found)


FORMAT = Format(
    key="shp",
    system=System.GIS,
    title="Shapefile 图层",
    hint="每个图层一组文件，ASCII 字段名附说明，UTF-8；附 QGIS 工程",
    order=30,
    entities=ENTITIES,
    write=write,
    choices=frozenset({"crs", "purpose"}),
)
