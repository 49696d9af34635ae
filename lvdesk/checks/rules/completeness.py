"""Required fields: what a box, a meter in a box and a customer must have."""

from collections.abc import Iterator
from typing import Final

import polars as pl

from lvdesk.checks.blanks import blank_cells, blank_records
from lvdesk.checks.model import KEYS, Rule, Severity, Values, hits
from lvdesk.checks.phrases import CANCELLED, named
from lvdesk.checks.sheetrows import told_apart
from lvdesk.checks.station import Station

_BOX: Final = (
    "bar_code", "slot_rows", "slot_columns", "longitude", "latitude", "location", "device_type", "device_name", "area_no",
)  # fmt: skip
_CUSTOMER: Final = ("name", "address")
_BREAKS: Final = "pole"
"""A sheet in which a blank row means a break in the line."""

_CELLS: Final = {
    "box_collection": tuple(f"meter_box.{name}" for name in _BOX),
    "box_meter_relation": ("meter.bar_code", "meter_box.bar_code", "meter.slot_row", "meter.slot_column"),
    "handheld_scan": ("meter_box.bar_code", "meter_box.longitude", "meter_box.latitude"),
    "field_return": ("customer.name", "customer.address", "metering_point.area_no"),
}
"""Template -> cells each of its rows must fill."""
_OF_KNOWN: Final = "field_return"
"""Asked only of rows that name a customer number: a newly found account has nothing yet."""


def _required(station: Station, _values: Values) -> Iterator[pl.DataFrame]:
    yield from _boxes(station)
    yield from _meters(station)
    yield from _customers(station)
    for template, fields in _CELLS.items():
        known = template == _OF_KNOWN
        asked = (
            pl.col("customer.customer_no").is_not_null()
            if known and "customer.customer_no" in station.field_rows.columns
            else pl.lit(not known)
        )
        for field in fields:
            yield from blank_cells(station, template, field, asked, milder=int(known))
    yield from _nameless(station)


def _boxes(station: Station) -> Iterator[pl.DataFrame]:
    """A box hangs on the device of its access point where it names none itself; a record that is only mentioned is asked for nothing."""
    points = station.table("access_point").select("access_point_no", pl.col("device_type", "device_name").name.prefix("point_"))
    boxes = station.listed("meter_box").join(points, on="access_point_no", how="left", maintain_order="left")
    boxes = boxes.with_columns(pl.coalesce(name, f"point_{name}").alias(name) for name in ("device_type", "device_name"))
    who = pl.format("计量箱 {}", named("asset_no", "location"))
    for name in _BOX:
        yield from blank_records(station, boxes, f"meter_box.{name}", who)


def _meters(station: Station) -> Iterator[pl.DataFrame]:
    meters = station.listed("meter")
    yield from blank_records(station, meters, "meter.bar_code", pl.format("电能表 {}", "asset_no"))
    boxes = station.listed("meter_box").select(pl.col("asset_no").alias("box_no"))
    inside = station.table("meter").join(boxes, on="box_no", how="semi", maintain_order="left")
    who = pl.format("计量箱 {} 中的电能表 {}", "box_no", "asset_no")
    for name in ("slot_row", "slot_column"):
        yield from blank_records(station, inside, f"meter.{name}", who)


def _customers(station: Station) -> Iterator[pl.DataFrame]:
    people = station.listed("customer")
    who = pl.format("用户 {}", named("customer_no", "name"))
    for name in _CUSTOMER:
        yield from blank_records(station, people, f"customer.{name}", who)
    points = station.table("metering_point").drop("name", "address", "status")
    people = people.select("customer_no", "name", "status")
    points = people.join(points, on="customer_no", how="left", maintain_order="left").with_columns(
        pl.coalesce("mp_no", pl.concat_str(pl.lit("@"), "customer_no")).alias("mp_no")
    )
    gone = (pl.col("status") == CANCELLED).fill_null(value=False)
    yield from blank_records(station, points, "metering_point.area_no", who, milder=gone)


def _nameless(station: Station) -> Iterator[pl.DataFrame]:
    """Rows that could not be stored since they name no record, unless a cell of theirs could not be read."""
    told = station.notes.filter(pl.col("level") != "healed").select("sheet_id", "sheet_row")
    rows = station.listing.filter(pl.col("key").is_null() & (pl.col("template") != _BREAKS))
    rows = rows.join(told, on=["sheet_id", "sheet_row"], how="anti", maintain_order="left")
    rows = told_apart(station, rows.unique(["sheet_id", "sheet_row"], maintain_order=True), "key")
    for (template,), part in rows.group_by("template", maintain_order=True):
        kind = station.templates[str(template)]
        names = (station.dictionary.field(*name.split(".")).title for name in kind.row_key)
        message = f"本行没有{'或'.join(names)}，未存入"
        yield hits(part, f"{kind.entity}.{KEYS[kind.entity]}", message, key="key", value=None, detail=pl.col("nth"))


RULES = (
    Rule(
        code="Q01",
        family="completeness",
        title="必填项为空",
        what="必填的格子没有内容；整列都没有时只提示一次",
        where="计量箱的条形码、行数、列数、经度、纬度、安装位置、挂接设备、台区；电能表的条形码和表位；用户的户名、地址、台区；现场采录的同类列",
        fix="补填该项",
        severity=Severity.ERROR,
        find=_required,
        source="营配采录模板的必填项",
    ),
)
