"""Devices that boxes and access points hang on: who names which, and which ones the ledgers know."""

from collections.abc import Collection
from typing import Final

import polars as pl

from lvdesk.checks.evidence import field_links, standing
from lvdesk.checks.model import KEYS
from lvdesk.checks.station import Station

KINDS: Final = {
    "低压杆塔": "pole",
    "分支箱": "branch_box",
    "低压电缆分支箱": "branch_box",
    "低压用户接入点": "access_point",
    "配电变压器": "transformer",
}
"""Device type -> the entity whose ledger lists such devices; others (wall brackets …) stand in no ledger."""

_NAMES: Final = {"entity": pl.String, "id": pl.Int64, "key": pl.String, "area_no": pl.String, "device_type": pl.String}
_HANGING: Final = {**_NAMES, "device_name": pl.String, "sheet_id": pl.Int64, "sheet_row": pl.Int64}


def plain(name: pl.Expr) -> pl.Expr:
    """A device's name without what people write differently: width, spaces, # for 号, leading zeros."""
    text = name.str.normalize("NFKC").str.replace_all(r"\s+", "").str.replace_all("#", "号").str.to_uppercase()
    return text.str.replace_all(r"(^|\D)0+(\d)", "${1}${2}")


def hanging(station: Station, entity: str) -> pl.DataFrame:
    """The device of every accepted box or access point: entity, id, key, area_no, device_type, device_name; sheet_id, sheet_row null."""
    nowhere = pl.lit(None, pl.Int64)
    frame = station.table(entity).with_columns(
        pl.lit(entity).alias("entity"), pl.col(KEYS[entity]).alias("key"), nowhere.alias("sheet_id"), nowhere.alias("sheet_row")
    )
    return frame.select(*_HANGING)


def hanging_rows(station: Station) -> pl.DataFrame:
    """The device of every row of field results about a box that stands, of sheets that give devices; as ``hanging``."""
    rows = station.field("meter_box")
    if rows.is_empty():
        return pl.DataFrame(schema=_HANGING)
    place = ["sheet_id", "sheet_row"]
    rows = rows.filter(pl.col("device_name").is_not_null().any().over("sheet_id")).sort(*place, "item")
    rows = rows.unique(place, keep="first", maintain_order=True)
    links = field_links(station).unique(place, keep="first", maintain_order=True)
    known = station.table("meter_box").select(pl.col("asset_no").alias("key"), "id", "area_no")
    frame = rows.select(*place, "device_type", "device_name").join(links, on=place, maintain_order="left")
    frame = frame.drop_nulls("box_no").rename({"box_no": "key"}).join(known, on="key", how="left", maintain_order="left")
    area = pl.coalesce("area_no", "field_box_area", "field_point_area").alias("area_no")
    return standing(station, frame.with_columns(pl.lit("meter_box").alias("entity"), area)).select(*_HANGING)


def known_devices(station: Station, kinds: Collection[str]) -> pl.DataFrame:
    """What the ledgers of some kinds of devices list: kind, area_no, name. A device without an area is one of every area of its feeder."""
    areas = station.table("transformer_area").select("area_no", "feeder_no").drop_nulls()
    frames = [pl.DataFrame(schema={"kind": pl.String, "area_no": pl.String, "name": pl.String})]
    for kind in sorted(kinds):
        table = station.table(kind)
        if "feeder_no" in table.columns:
            loose = table.filter(pl.col("area_no").is_null()).drop("area_no").join(areas, on="feeder_no", maintain_order="left")
            table = pl.concat([table, loose.select(table.columns)])
        listed = pl.lit(kind).alias("kind")
        frames += [table.select(listed, "area_no", pl.col(name).alias("name")).drop_nulls() for name in (KEYS[kind], "name")]
    return pl.concat(frames)
