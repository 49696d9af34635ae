"""GeoJSON: one file per interchange layer in degrees of CGCS2000 (within centimetres of WGS 84, which RFC 7946 asks for)."""

from pathlib import Path
from typing import Final

import polars as pl

from lvdesk.exchange.formats._gis_layers import GEOMETRY, layers
from lvdesk.exchange.formats._gis_project import write_project
from lvdesk.exchange.formats._gis_writing import write_layer
from lvdesk.exchange.formats.gis_geopackage import ENTITIES
from lvdesk.exchange.model import GEOGRAPHIC, Format, Options, System, Written
from lvdesk.exchange.picture import Picture
from lvdesk.kit.progress import Progress

_DECIMALS: Final = {"COORDINATE_PRECISION": "7", "WRITE_NAME": "YES"}


def write(picture: Picture, folder: Path, options: Options, progress: Progress) -> list[Written]:
    """Makes a file for each layer and a QGIS project.

    Raises:
        KnownError: the settings are damaged, a file cannot be written.
        Cancelled: the user stopped it.
    """
    progress.start("正在整理图层")
    crs, found = layers(picture, Options(crs=GEOGRAPHIC, purpose=options.purpose))
    progress.start("正在写出 GeoJSON", sum(layer.rows.height for layer in found), "个要素")
    made = []
    for layer in found:
        path = folder / f"{layer.title}.geojson"
        frame = layer.rows.select(*[pl.col(each.field).alias(each.title) for each in layer.fields], GEOMETRY)
        write_layer(path, "GeoJSON", layer, frame, crs, progress, **_DECIMALS)
        made.append(Written(path, layer.rows.height))
    project = write_project(picture, folder / "营配图层.qgs", found, crs, lambda layer: f"./{layer.title}.geojson")
    return [*made, Written(project, 0)]


FORMAT = Format(
    key="geojson",
    system=System.GIS,
    title="GeoJSON 图层",
    hint="每个图层一个文件，CGCS2000 经纬度，7 位小数；附 QGIS 工程",
    order=40,
    entities=ENTITIES,
    write=write,
    choices=frozenset({"purpose"}),
)
