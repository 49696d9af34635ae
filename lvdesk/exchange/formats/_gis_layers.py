"""Interchange layers: areas, boxes, access points, what hangs on what, customers; as frames with their geometry ready for GDAL.

What a layer holds is data (``resources/layers.toml``). An area lies where its ledger says; without that in the middle (median) of its
boxes, and 位置来源 says which. A customer lies at the box of his first meter. Links are there where both ends have a place.
"""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import polars as pl
from pyproj import CRS

from lvdesk.exchange.exports import TEST
from lvdesk.exchange.model import Options
from lvdesk.exchange.picture import Picture
from lvdesk.geo.zones import checked, projected, refuse_far
from lvdesk.kit.errors import KnownError
from lvdesk.kit.sources import single

SETTINGS: Final = "layers.toml"
GEOMETRY: Final = "geometry"
_PLACE: Final = ["longitude", "latitude"]
_ENDS: Final = ["to_longitude", "to_latitude"]
_KEY: Final = {"access_point": "access_point_no", "transformer_area": "area_no"}
SLICE: Final = 20_000


@dataclass(frozen=True)
class Field:
    """An attribute: its column, what people call it, its name in a Shapefile."""

    field: str
    title: str
    short: str


@dataclass(frozen=True)
class Layer:
    """A layer ready to be written.

    Attributes:
        key, title: ASCII and Chinese name; ``geometry``: Point or LineString.
        fields: attributes, in order; ``rows`` has their columns and ``geometry`` (WKB, null where there is no place).
    """

    key: str
    title: str
    geometry: str
    fields: tuple[Field, ...]
    rows: pl.DataFrame


def book(picture: Picture) -> dict[str, Any]:
    """The settings.

    Raises:
        KnownError: ``rules.unreadable``.
    """
    found = single(SETTINGS, picture.ws.overrides)
    shorts = [each.get("short", "") for layer in found.get("layers", []) for each in layer.get("fields", [])]
    if "file" not in found or not shorts or not all(short.isascii() and 0 < len(short) <= 10 for short in shorts):
        what = f"{SETTINGS} 需要 file 和 layers，字段的 short 为 1 到 10 个 ASCII 字符"
        raise KnownError("rules.unreadable", what, "请改正工作区 resources 中的这个文件")
    return found


def layers(picture: Picture, options: Options) -> tuple[CRS, list[Layer]]:
    """The layers in a coordinate system.

    Raises:
        RefusedError: ``export.crs``, ``export.crs_far``.
        KnownError: the settings are damaged.
    """
    crs = checked(options.crs)
    sources = _sources(picture)
    refuse_far(crs, sources["meter_box"]["longitude"].fill_null(float("nan")).to_numpy())
    return crs, [_layer(picture, sources, spec, crs, personal=bool(options.purpose)) for spec in book(picture)["layers"]]


def _sources(picture: Picture) -> dict[str, pl.DataFrame]:
    """Entity -> its records with everything a layer may show of them."""
    meters = picture.of("meter")
    counts = meters.drop_nulls("box_no").group_by(pl.col("box_no").alias("asset_no")).len("meters")
    boxes = picture.of("meter_box").join(counts, on="asset_no", how="left", maintain_order="left")
    found = {"meter_box": boxes, "access_point": picture.of("access_point"), "transformer_area": _areas(picture, boxes)}
    return found | {"customer": _customers(picture, boxes, meters)}


def _areas(picture: Picture, boxes: pl.DataFrame) -> pl.DataFrame:
    middle = boxes.drop_nulls([*_PLACE, "area_no"]).group_by("area_no").agg(pl.median(name).alias(f"of_{name}") for name in _PLACE)
    areas = picture.of("transformer_area").join(middle, on="area_no", how="left", maintain_order="left")
    own = pl.all_horizontal(pl.col(_PLACE).is_not_null())
    source = pl.when(own).then(pl.lit("台账")).when(pl.col("of_longitude").is_not_null()).then(pl.lit("计量箱中位"))
    places = [pl.when(own).then(pl.col(name)).otherwise(pl.col(f"of_{name}")).alias(name) for name in _PLACE]
    return areas.with_columns(source.alias("place_source"), *places)


def _customers(picture: Picture, boxes: pl.DataFrame, meters: pl.DataFrame) -> pl.DataFrame:
    points = picture.of("metering_point").select("mp_no", "customer_no", "area_no").unique("mp_no", keep="first", maintain_order=True)
    places = boxes.select(pl.col("asset_no").alias("box_no"), *_PLACE).unique("box_no", keep="first", maintain_order=True)
    homes = (
        points.join(meters.select("mp_no", pl.col("asset_no").alias("meter_no"), "box_no"), on="mp_no", how="left", maintain_order="left")
        .join(places, on="box_no", how="left", maintain_order="left")
        .unique("customer_no", keep="first", maintain_order=True)
    )
    return picture.of("customer").join(homes.drop("mp_no"), on="customer_no", how="left", maintain_order="left")


def _layer(picture: Picture, sources: dict[str, pl.DataFrame], spec: dict[str, Any], crs: CRS, *, personal: bool) -> Layer:
    rows = sources[spec["entity"]]
    if spec.get("link"):
        key = _KEY[spec["link"]]
        ends = sources[spec["link"]].select(key, *[pl.col(name).alias(f"to_{name}") for name in _PLACE])
        rows = rows.join(ends.unique(key, keep="first", maintain_order=True), on=key, how="inner", maintain_order="left")
        rows = rows.drop_nulls([*_PLACE, *_ENDS])
    fields = [Field(each["field"], each["title"], each["short"]) for each in spec["fields"] if personal or not each.get("personal")]
    shown = rows.select(_shown(picture, spec["entity"], each.field, rows) for each in fields)
    if picture.test:
        fields.append(Field("said", TEST, "TEST"))
        shown = shown.with_columns(pl.lit(TEST).alias("said"))
    shape = _lines(rows, crs) if spec.get("link") else _points(rows, crs)
    return Layer(spec["key"], spec["title"], spec["geometry"], tuple(fields), shown.with_columns(shape.alias(GEOMETRY)))


def _shown(picture: Picture, entity: str, name: str, rows: pl.DataFrame) -> pl.Expr:
    """A value as people read it: names instead of codes, numbers as numbers."""
    attribute = picture.ws.dictionary.entities[entity].fields.get(name)
    value = pl.col(name)
    if attribute is not None and attribute.codes:
        return value.replace({item.code: item.name for item in picture.ws.codes[attribute.codes].items})
    return value if rows.schema[name].is_numeric() else value.cast(pl.String)


def _numbers(rows: pl.DataFrame, names: list[str]) -> list[np.ndarray[Any, np.dtype[np.float64]]]:
    return [rows[name].fill_null(float("nan")).to_numpy().astype(np.float64) for name in names]


def _points(rows: pl.DataFrame, crs: CRS) -> pl.Series:
    """Well-known binary of points, little-endian: byte order, type 1, x, y."""
    x, y = projected(crs, *_numbers(rows, _PLACE))
    packed = np.zeros((rows.height, 21), np.uint8)
    packed[:, 0] = packed[:, 1] = 1
    packed[:, 5:] = np.stack([x, y], axis=1).view(np.uint8).reshape(rows.height, 16)
    return _binary(packed, np.isnan(x) | np.isnan(y))


def _lines(rows: pl.DataFrame, crs: CRS) -> pl.Series:
    """Well-known binary of lines of two points: byte order, type 2, count, x, y, x, y."""
    x, y = projected(crs, *_numbers(rows, _PLACE))
    to_x, to_y = projected(crs, *_numbers(rows, _ENDS))
    packed = np.zeros((rows.height, 41), np.uint8)
    packed[:, 0], packed[:, 1], packed[:, 5] = 1, 2, 2
    packed[:, 9:] = np.stack([x, y, to_x, to_y], axis=1).view(np.uint8).reshape(rows.height, 32)
    return _binary(packed, np.isnan(x) | np.isnan(to_x))


def _binary(packed: np.ndarray[Any, np.dtype[np.uint8]], lost: np.ndarray[Any, np.dtype[np.bool_]]) -> pl.Series:
    data, width = packed.tobytes(), packed.shape[1]
    shapes = pl.Series([data[start : start + width] for start in range(0, len(data), width)], dtype=pl.Binary)
    return shapes.set(pl.Series(lost), None) if lost.any() else shapes
