"""Rows of the GIS collection workbook: one frame per sheet with columns named by field, and how a value is written into its cell.

Access points are the GIS's own records and are taken where there are any, and only those that leave. Where the station has none at all,
the boxes tell them: in the collection app a box inherits type and name of its connecting device from its access point, so each distinct
device the leaving boxes of an area name is one access point (domain.md 1.4 B: 接入点标识 has 挂接设备名称, 挂接设备类型 and the place).
Such a row has the number its boxes name, else none, and no name: both are the GIS's to give, and an invented number would come back as a
record of its own. Its place is that of the one leaving pole or branch box of that name in that area or on its feeder; else it is left
empty, never guessed.
"""

from typing import Final

import polars as pl
from sqlalchemy import exists, select

from lvdesk.checks.devices import KINDS, plain
from lvdesk.exchange.picture import Picture
from lvdesk.network.tables import AccessPoint
from lvdesk.templates.definition import Column
from lvdesk.workspace import Workspace

SYSTEM: Final = "gis"
DECIMALS: Final = 7
"""Of coordinates in degrees: 1e-7 is a centimetre (domain.md 6: store 7–8, at least 6)."""
_DEGREES: Final = pl.Decimal(12, DECIMALS)
_DEVICE: Final = ("device_type", "device_name")
_ONE: Final = ("area_no", "device_type", "plain")
"""What tells one device from another."""
_BOX: Final = "meter_box.asset_no"


def named(entity: str, frame: pl.DataFrame) -> pl.DataFrame:
    """The records with their columns named ``entity.field``."""
    return frame.rename({name: f"{entity}.{name}" for name in frame.columns})


def text(ws: Workspace, column: Column) -> pl.Expr:
    """A column of a frame named by field as the GIS takes it: text throughout, codes in its list, degrees with all decimals."""
    value = pl.col(column.field)
    field = column.attribute(ws.dictionary)
    if field.kind in {"longitude", "latitude"}:
        return value.cast(pl.Float64).cast(_DEGREES).cast(pl.String)
    if field.kind == "number":
        return value.cast(pl.Float64).cast(pl.String).str.strip_suffix(".0")
    if field.codes:
        known = ws.codes[field.codes]
        codes = {item.code: known.system_code(item.code, SYSTEM) for item in known.items}
        return value.cast(pl.String).replace(codes)
    return value.cast(pl.String)


def poles(picture: Picture) -> pl.DataFrame:
    """One row per pole."""
    return named("pole", picture.of("pole"))


def branch_boxes(picture: Picture) -> pl.DataFrame:
    """One row per branch box."""
    return named("branch_box", picture.of("branch_box"))


def boxes(picture: Picture) -> pl.DataFrame:
    """One row per box, area by area; the business system's ID is the one the marketing system gave it.

    A box that names its access point but no device inherits the device from it.
    """
    points = picture.of("access_point").select("access_point_no", *(pl.col(name).alias(f"point_{name}") for name in _DEVICE))
    frame = picture.of("meter_box").sort("area_no", "id", nulls_last=True, maintain_order=True)
    frame = frame.join(points, on="access_point_no", how="left", maintain_order="left")
    bare = pl.all_horizontal(pl.col(_DEVICE).is_null())
    frame = frame.with_columns(pl.when(bare).then(f"point_{name}").otherwise(name).alias(name) for name in _DEVICE)
    return named("meter_box", frame).with_columns(pl.col("meter_box.marketing_id").alias("note.business_id"))


def relations(picture: Picture) -> pl.DataFrame:
    """One row per meter in a box that leaves, box by box in the order of its slots; a meter without a box relates to nothing."""
    homes = boxes(picture).select(pl.col(_BOX, "meter_box.bar_code"))
    meters = named("meter", picture.of("meter")).sort("meter.slot_row", "meter.slot_column", "meter.id", nulls_last=True)
    return homes.join(meters, left_on=_BOX, right_on="meter.box_no", how="inner", maintain_order="left_right")


def access_points(picture: Picture) -> pl.DataFrame:
    """The access points that leave; those the boxes tell where the station keeps none."""
    kept = picture.of("access_point")
    if kept.is_empty() and not _any_known(picture.ws):
        return named("access_point", _told(picture))
    return named("access_point", kept)


def _any_known(ws: Workspace) -> bool:
    with ws.store.read() as connection:
        return bool(connection.execute(select(exists().where(AccessPoint.absent_sheet.is_(None)))).scalar())


def _told(picture: Picture) -> pl.DataFrame:
    """Each distinct device of the boxes once, with the place of its record."""
    rows = picture.of("meter_box").filter(pl.col("device_name").fill_null("") != "")
    rows = rows.with_columns(plain(pl.col("device_name")).alias("plain"))
    number = pl.col("access_point_no")
    # a box that does not say the number hangs on the access point that others of its device name
    rows = rows.filter(number.is_not_null() | number.is_null().all().over(_ONE))
    devices = rows.unique([*_ONE, "access_point_no"], keep="first", maintain_order=True).select(*_ONE, "device_name", "access_point_no")
    devices = devices.sort("area_no", maintain_order=True, nulls_last=True)
    kind = pl.col("device_type").replace_strict(KINDS, default=None, return_dtype=pl.String)
    return devices.with_columns(kind.alias("kind")).join(
        _places(picture), on=["kind", "area_no", "plain"], how="left", maintain_order="left"
    )


def _places(picture: Picture) -> pl.DataFrame:
    """Where the devices stand that one area has only one of: kind, area_no, plain; longitude, latitude."""
    areas = picture.of("transformer_area").select("area_no", "feeder_no").drop_nulls()
    found = []
    for kind in ("pole", "branch_box"):
        frame = picture.of(kind).filter(pl.all_horizontal(pl.col("name", "longitude", "latitude").is_not_null()))
        if kind == "pole":
            # a pole that serves no area in particular may carry the lines of every area on its feeder
            loose = frame.filter(pl.col("area_no").is_null()).drop("area_no").join(areas, on="feeder_no", maintain_order="left")
            frame = pl.concat([frame, loose.select(frame.columns)])
        named_ = frame.select(pl.lit(kind).alias("kind"), "area_no", plain(pl.col("name")).alias("plain"), "longitude", "latitude")
        found.append(named_.drop_nulls("area_no"))
    return pl.concat(found).unique(["kind", "area_no", "plain"], keep="none", maintain_order=True)
