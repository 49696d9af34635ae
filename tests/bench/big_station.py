"""A station of any size in frames, for measuring the rules alone: ledgers, survey, access points and poles, one per mille of it faulty."""

import numpy as np
import polars as pl

from lvdesk.checks.model import KEYS
from tests.helpers.checking import StationOf

_PER_AREA, _AREAS_PER_FEEDER, _FEEDERS_PER_SUBSTATION = 70, 12, 8
_PLACE = (114.2, 33.1)
_FAULTY = 997
"""Every so many records something is wrong; a prime, so that faults do not gather in one area."""


def big_station(customers: int) -> StationOf:
    """Customers, each with point and meter, 2.5 to a box, 70 to an area; coordinates on a grid of areas a kilometre apart."""
    station = StationOf({})
    made = {**_people(customers), **_boxes(-(-customers * 2 // 5)), **_areas(-(-customers // _PER_AREA))}
    for entity, columns in made.items():
        station._tables[entity] = frame = _shaped(entity, columns)
        station._standing[entity] = frame.select(pl.col(KEYS[entity]).alias("key"), pl.lit("listed").alias("standing"))
    return station


def fresh(station: StationOf) -> StationOf:
    """The same frames as nobody has looked at them yet: nothing is kept of what rules have worked out."""
    again = StationOf({})
    again._tables, again._standing = dict(station._tables), dict(station._standing)
    return again


def _shaped(entity: str, given: pl.DataFrame) -> pl.DataFrame:
    """All columns of the entity, the missing ones empty."""
    empty = StationOf({}).table(entity)
    columns = {
        name: given[name].cast(kind) if name in given.columns else pl.repeat(None, given.height, dtype=kind, eager=True)
        for name, kind in empty.schema.items()
    }
    return pl.DataFrame(columns).with_columns(pl.int_range(1, given.height + 1).alias("id"), pl.lit(1).alias("from_sheet"))


def _spoilt(name: str, instead: str | float | None, turn: int) -> pl.Expr:
    """The column, wrong in every 997th row, in other rows for each ``turn``."""
    return pl.when(pl.int_range(pl.len()) % _FAULTY == turn).then(pl.lit(instead)).otherwise(pl.col(name)).alias(name)


def _text(number: pl.Expr, head: str, digits: int) -> pl.Expr:
    return pl.concat_str(pl.lit(head), number.cast(pl.String).str.zfill(digits))


def _barcode(number: pl.Expr, head: str) -> pl.Expr:
    """``head`` of 9 digits, 12 of the number, the check digit."""
    digits = [number // 10**place % 10 * (1 if place % 2 else 3) for place in range(12)]
    fixed = sum(int(digit) * (1 if place % 2 else 3) for place, digit in enumerate(reversed(head), 12))
    check = (10 - (pl.sum_horizontal(digits) + fixed) % 10) % 10
    return pl.concat_str(_text(number, head, 12), check.cast(pl.String))


def _people(count: int) -> dict[str, pl.DataFrame]:
    i = pl.col("i")
    rows = pl.select(pl.int_range(count).alias("i")).with_columns(
        _text(i, "42", 8).alias("customer_no"),
        _text(i, "71", 8).alias("mp_no"),
        _text(i // _PER_AREA, "40", 8).alias("area_no"),
        pl.concat_str(pl.lit("户"), i.cast(pl.String)).alias("name"),
        pl.concat_str(
            pl.lit("青禾县"), (i // _PER_AREA).cast(pl.String), pl.lit("村"), (i % _PER_AREA).cast(pl.String), pl.lit("号")
        ).alias("address"),
        pl.lit("03").alias("sort"),
        pl.lit("201").alias("elec_type"),
        pl.lit("AC02202").alias("voltage"),
        pl.lit(6.0).alias("contract_capacity"),
        pl.lit("正常用电客户").alias("status"),
        pl.lit("2015-03-04").alias("opened_on"),
        pl.lit(None, pl.String).alias("cancelled_on"),
        pl.lit("02").alias("urban_rural"),
        _barcode(i, "413000118").alias("bar_code"),
        _text(i, "18", 12).alias("asset_no"),
        _text(i * 2 // 5, "15", 12).alias("box_no"),
        pl.lit(1).alias("slot_row"),
        pl.when(i % 5 < 3).then(i % 5 + 1).otherwise(i % 5 - 2).alias("slot_column"),
        pl.lit("1").alias("wiring"),
    )
    return {
        "customer": rows.with_columns(
            _spoilt("name", None, 1),
            _spoilt("status", "已销户客户", 2),
            _spoilt("cancelled_on", "2024-01-05", 3),
            _spoilt("sort", "77", 4),
            _spoilt("opened_on", "2031-01-01", 5),
            _spoilt("voltage", "AC03802", 6),
            _spoilt("address", None, 7),
        ),
        "metering_point": rows.drop("status").with_columns(_spoilt("area_no", "4000000000", 8), _spoilt("customer_no", "4299999999", 9)),
        "meter": rows.with_columns(
            _spoilt("bar_code", "4130001000000461595130", 10),
            _spoilt("box_no", None, 11),
            _spoilt("slot_column", 9, 12),
            _spoilt("wiring", "8", 13),
        ),
    }


def _boxes(count: int) -> dict[str, pl.DataFrame]:
    i, area = pl.col("i"), pl.col("i") * 5 // 2 // _PER_AREA
    places = np.random.default_rng(1).uniform(-0.0015, 0.0015, (count, 2))
    rows = pl.DataFrame({"i": np.arange(count), "x": places[:, 0], "y": places[:, 1]}).with_columns(
        _text(i, "15", 12).alias("asset_no"),
        _barcode(i, "413000515").alias("bar_code"),
        _text(area, "40", 8).alias("area_no"),
        (_PLACE[0] + area % 60 * 0.011 + pl.col("x")).round(7).alias("longitude"),
        (_PLACE[1] + area // 60 * 0.011 + pl.col("y")).round(7).alias("latitude"),
        pl.lit(1).alias("slot_rows"),
        pl.lit(3).alias("slot_columns"),
        pl.lit("合体表箱").alias("category"),
        pl.concat_str(pl.lit("青禾县"), area.cast(pl.String), pl.lit("村"), i.cast(pl.String), pl.lit("号")).alias("location"),
        _text(i, "JRD", 8).alias("access_point_no"),
        pl.lit("低压杆塔").alias("device_type"),
        _text(i, "杆", 8).alias("device_name"),
        _text(i, "8", 9).alias("marketing_id"),
        _text(i, "4", 8).alias("gis_id"),
        _text(i, "G", 8).alias("pole_no"),
        _text(i, "杆", 8).alias("name"),
        pl.lit("水泥杆").alias("material"),
        pl.lit("直线").alias("nature"),
        _text(area // _AREAS_PER_FEEDER, "13", 8).alias("feeder_no"),
        (i + 1).alias("sequence"),
    )
    return {
        "meter_box": rows.with_columns(pl.lit("非金属").alias("material")).with_columns(
            _spoilt("longitude", 0.0, 1),
            _spoilt("bar_code", "4130005150000000000000", 2),
            _spoilt("slot_rows", 35, 3),
            _spoilt("area_no", "4000000001", 4),
            _spoilt("location", None, 5),
            _spoilt("gis_id", "400000001", 6),
            _spoilt("latitude", 34.9, 7),
        ),
        "access_point": rows.with_columns(_spoilt("device_name", "无此杆", 8), _spoilt("latitude", 33.0, 9)),
        "pole": rows.with_columns(_spoilt("material", "毛竹", 10)),
    }


def _areas(count: int) -> dict[str, pl.DataFrame]:
    i, feeder = pl.col("i"), pl.col("i") // _AREAS_PER_FEEDER
    rows = pl.select(pl.int_range(count).alias("i")).with_columns(
        _text(i, "40", 8).alias("area_no"),
        pl.concat_str(pl.lit("青禾"), i.cast(pl.String), pl.lit("#公变")).alias("name"),
        _text(feeder, "13", 8).alias("feeder_no"),
        pl.lit("01").alias("usage"),
        pl.lit("01").alias("run_status"),
        pl.lit(630.0).alias("capacity_kva"),
        (_PLACE[0] + i % 60 * 0.011).alias("longitude"),
        (_PLACE[1] + i // 60 * 0.011).alias("latitude"),
        _barcode(i, "413000225").alias("transformer_no"),
    )
    lines = pl.select(pl.int_range(-(-count // _AREAS_PER_FEEDER)).alias("i")).with_columns(
        _text(i, "13", 8).alias("feeder_no"),
        pl.concat_str(pl.lit("10kV线"), i.cast(pl.String)).alias("name"),
        _text(i // _FEEDERS_PER_SUBSTATION, "12", 6).alias("substation_no"),
        pl.lit("AC00101").alias("voltage"),
    )
    stations = (
        lines.select("substation_no")
        .unique(maintain_order=True)
        .with_columns(pl.concat_str(pl.lit("变电站"), "substation_no").alias("name"), pl.lit("AC01101").alias("voltage"))
    )
    return {"transformer_area": rows, "transformer": rows, "feeder": lines, "substation": stations}
