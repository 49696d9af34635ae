"""GeoPackage: all interchange layers in one file with Chinese names, and a QGIS project that opens it ready to look at."""

from pathlib import Path

import polars as pl

from lvdesk.exchange.formats._gis_layers import GEOMETRY, book, layers
from lvdesk.exchange.formats._gis_project import write_project
from lvdesk.exchange.formats._gis_writing import write_layer
from lvdesk.exchange.model import Format, Options, System, Written
from lvdesk.exchange.picture import Picture
from lvdesk.kit.progress import Progress

_VERSION = "1.2"
"""Of GeoPackage: what GDAL and QGIS of the last ten years read and write."""
ENTITIES = ("feeder", "transformer_area", "access_point", "meter_box", "meter", "metering_point", "customer")
"""What the layers are made of."""


def write(picture: Picture, folder: Path, options: Options, progress: Progress) -> list[Written]:
    """Makes the file and the project.

    Raises:
        RefusedError: ``export.crs``, ``export.crs_far``.
        KnownError: the settings are damaged, a file cannot be written.
        Cancelled: the user stopped it.
    """
    progress.start("正在整理图层")
    crs, found = layers(picture, options)
    path = folder / f"{book(picture)['file']}.gpkg"
    progress.start(f"正在写出 {path.name}", sum(layer.rows.height for layer in found), "个要素")
    for layer in found:
        frame = layer.rows.select(*[pl.col(each.field).alias(each.title) for each in layer.fields], GEOMETRY)
        write_layer(path, "GPKG", layer, frame, crs, progress, VERSION=_VERSION)
    project = write_project(picture, folder / f"{path.stem}.qgs", found, crs, lambda layer: f"./{path.name}|layername={layer.title}")
    return [Written(path, sum(layer.rows.height for layer in found)), Written(project, 0)]


FORMAT = Format(
    key="gpkg",
    system=System.GIS,
    title="GeoPackage 图层",
    hint="台区、计量箱、接入点、箱与接入点和台区的连线、客户；附 QGIS 工程，双击即可查看",
    order=20,
    entities=ENTITIES,
    write=write,
    choices=frozenset({"crs", "purpose"}),
)
