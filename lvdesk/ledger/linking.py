"""How the entities of one ledger row hang together: keys derived from barcodes, links copied between neighbours."""

from typing import Final

import polars as pl

from lvdesk.network.identifiers import asset_number

DERIVED_KEYS: Final = {"meter": "bar_code", "meter_box": "bar_code"}
"""Entities whose asset number may be missing in a row and follows from the barcode (domain.md 1.7: bar[7:21])."""

LINKS: Final = (
    ("transformer_area.area_no", "metering_point.area_no"),
    ("transformer_area.area_no", "meter_box.area_no"),
    ("metering_point.mp_no", "meter.mp_no"),
    ("metering_point.area_no", "transformer_area.area_no"),
    ("metering_point.area_no", "meter_box.area_no"),
    ("metering_point.area_name", "transformer_area.name"),
    ("metering_point.customer_no", "customer.customer_no"),
    ("meter_box.area_no", "transformer_area.area_no"),
    ("meter_box.area_no", "metering_point.area_no"),
    ("meter_box.access_point_no", "access_point.access_point_no"),
    ("access_point.area_no", "transformer_area.area_no"),
    ("meter.mp_no", "metering_point.mp_no"),
    ("meter.box_no", "meter_box.asset_no"),
    ("transformer.area_no", "transformer_area.area_no"),
    ("transformer.run_status", "transformer_area.run_status"),
    ("transformer.capacity_kva", "transformer_area.capacity_kva"),
    ("transformer_area.feeder_no", "feeder.feeder_no"),
    ("transformer_area.feeder_name", "feeder.name"),
    ("feeder.feeder_no", "transformer_area.feeder_no"),
    ("feeder.name", "transformer_area.feeder_name"),
    ("feeder.substation_no", "substation.substation_no"),
    ("feeder.substation_name", "substation.name"),
    ("substation.substation_no", "feeder.substation_no"),
    ("substation.name", "feeder.substation_name"),
    ("pole.feeder_no", "feeder.feeder_no"),
    ("pole.feeder_name", "feeder.name"),
    ("pole.area_no", "transformer_area.area_no"),
    ("branch_box.area_no", "transformer_area.area_no"),
)
"""(field, the field of a neighbour in the same row it takes its value from when the row has no column of its own)."""

NAMELESS_MP: Final = "@"
"""Prefix of a metering point that the source gives no number for: one per customer until the number is known."""


def link(wide: pl.DataFrame) -> pl.DataFrame:
    """Completes keys and links of wide rows (one column per ``entity.field``, text or typed, plus ``row``)."""
    wide = _name_areas(_number_points(_name_poles(_derive_keys(wide))))
    for target, source in LINKS:
        if source not in wide.columns or source == target:
            continue
        if target in wide.columns:
            wide = wide.with_columns(pl.coalesce(target, source).alias(target))
        elif _worthwhile(target, wide):
            wide = wide.with_columns(pl.col(source).alias(target))
    return wide


def _derive_keys(wide: pl.DataFrame) -> pl.DataFrame:
    for entity, field in DERIVED_KEYS.items():
        bar, key = f"{entity}.{field}", f"{entity}.asset_no"
        if bar in wide.columns:
            derived = asset_number(pl.col(bar))
            wide = wide.with_columns((pl.coalesce(key, derived) if key in wide.columns else derived).alias(key))
    return wide


def _name_poles(wide: pl.DataFrame) -> pl.DataFrame:
    """A pole without a number is known by its feeder and name, as the GIS template lists it (domain.md 1.4 E)."""
    number, name = "pole.pole_no", "pole.name"
    if name not in wide.columns:
        return wide
    parts = [pl.col(column) for column in ("pole.feeder_name", "feeder.name") if column in wide.columns]
    named = pl.concat_str([*parts[:1], pl.col(name)], separator=" ", ignore_nulls=True)
    named = pl.when(pl.col(name).is_not_null()).then(named)
    return wide.with_columns((pl.coalesce(number, named) if number in wide.columns else named).alias(number))


def _name_areas(wide: pl.DataFrame) -> pl.DataFrame:
    """A customer ledger that gives number and name of the area makes the area known before its own ledger comes."""
    target, name, number = "transformer_area.name", "metering_point.area_name", "metering_point.area_no"
    if target in wide.columns or not {name, number} <= set(wide.columns):
        return wide
    return wide.with_columns(pl.col(name).alias(target))


def _number_points(wide: pl.DataFrame) -> pl.DataFrame:
    """A customer with a meter or an area but without a metering point number gets a provisional one."""
    needs = any(name.startswith(("meter.", "metering_point.")) for name in wide.columns)
    if "customer.customer_no" not in wide.columns or not needs:
        return wide
    provisional = pl.lit(NAMELESS_MP) + pl.col("customer.customer_no")
    number = "metering_point.mp_no"
    return wide.with_columns((pl.coalesce(number, provisional) if number in wide.columns else provisional).alias(number))


def _worthwhile(target: str, wide: pl.DataFrame) -> bool:
    """A link is copied only to an entity the row speaks about, and a parent is created only when a column names it."""
    entity = target.split(".", maxsplit=1)[0]
    return any(name.startswith(f"{entity}.") for name in wide.columns)
