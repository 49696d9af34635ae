"""What a large station exports: 200,000 customers in boxes of four, as frames, without the hours of importing and confirming them."""

from pathlib import Path
from typing import Any, Final

import polars as pl

from lvdesk.exchange.picture import Picture, columns_of
from lvdesk.network.frames import schema_of
from lvdesk.network.tables import TABLES
from lvdesk.workspace import Workspace

PER_BOX: Final = 4
_BOXES_PER_AREA: Final = 60
_AREAS_PER_FEEDER: Final = 25
_PLACE: Final = "商平县三营镇三营村陈路路"


def big_picture(folder: Path, customers: int) -> Picture:
    """The picture of a station with so many customers, every column filled that a station's ledgers fill."""
    ws = Workspace.open(folder)
    boxes = customers // PER_BOX
    areas = boxes // _BOXES_PER_AREA + 1
    frames = {
        "feeder": _frame("feeder", areas // _AREAS_PER_FEEDER + 1, feeder_no=_number(10), name="10kV三营" + _text() + "线"),
        "transformer_area": _areas(areas),
        "transformer": _transformers(areas),
        "access_point": _access_points(areas * 10),
        "meter_box": _boxes(boxes),
        "meter": _meters(customers),
        "metering_point": _points(customers),
        "customer": _customers(customers),
    }
    substation = _frame("substation", 1, substation_no=_number(10), name=pl.lit("110kV三营变电站"))
    return Picture(ws, {"substation": substation, **frames}, "2026-11-24T09:00:00+08:00", "钱内勤")


def _text() -> pl.Expr:
    return pl.col("id").cast(pl.String)


def _number(digits: int, each: pl.Expr | None = None) -> pl.Expr:
    return (pl.col("id") if each is None else each).cast(pl.String).str.zfill(digits)


def _of(per: int) -> pl.Expr:
    """The parent of the n-th, counted from 1."""
    return (pl.col("id") - 1) // per + 1


def _frame(entity: str, count: int, **columns: pl.Expr) -> pl.DataFrame:
    schema: dict[str, Any] = dict(schema_of(TABLES[entity], columns_of(entity)))
    made = pl.DataFrame({"id": pl.int_range(1, count + 1, eager=True)}).with_columns(**columns)
    lacking = [pl.lit(None, kind).alias(name) for name, kind in schema.items() if name not in made.columns]
    return made.with_columns(lacking).select(pl.col(name).cast(kind) for name, kind in schema.items())


def _areas(count: int) -> pl.DataFrame:
    place = pl.col("id") / 500
    return _frame(
        "transformer_area", count, area_no=_number(10), name="三营村" + _text() + "#公变", feeder_no=_number(10, _of(_AREAS_PER_FEEDER)),
        usage=pl.lit("01"), capacity_kva=pl.lit(200.0), run_status=pl.lit("01"), longitude=115.6 + place, latitude=34.4 + place,
    )  # fmt: skip


def _transformers(count: int) -> pl.DataFrame:
    name = "三营村" + _text() + "#配变"
    return _frame("transformer", count, transformer_no=_number(22), name=name, area_no=_number(10), capacity_kva=pl.lit(200.0))


def _access_points(count: int) -> pl.DataFrame:
    place = pl.col("id") / 5000
    return _frame(
        "access_point", count, access_point_no="JRD" + _number(8), name="松畈线" + _text() + "号杆接入点", area_no=_number(10, _of(10)),
        device_type=pl.lit("低压杆塔"), device_name="松畈线" + _text() + "号杆", longitude=115.6 + place, latitude=34.4 + place,
    )  # fmt: skip


def _boxes(count: int) -> pl.DataFrame:
    place = pl.col("id") / 30_000
    return _frame(
        "meter_box", count, asset_no="15" + _number(12), bar_code="41300051" + _number(14), made_no=_number(10), locker_no=_number(8),
        category=pl.lit("合体表箱"), slot_columns=pl.lit(2), slot_rows=pl.lit(2), org_name=pl.lit("城郊供电所"), property=pl.lit("01"),
        location=_PLACE + _text() + "号", material=pl.lit("非金属"), manufacturer=pl.lit("某某电气有限公司"), model=pl.lit("PXS1-04"),
        longitude=(115.6 + place).round(7), latitude=(34.4 + place).round(7), area_no=_number(10, _of(_BOXES_PER_AREA)),
        access_point_no="JRD" + _number(8, _of(6)), device_type=pl.lit("低压杆塔"), device_name="松畈线" + _of(6).cast(pl.String) + "号杆",
        surveyed_at=pl.lit("2024-03-01"),
    )  # fmt: skip


def _meters(count: int) -> pl.DataFrame:
    slot = (pl.col("id") - 1) % PER_BOX
    return _frame(
        "meter", count, asset_no="18" + _number(12), bar_code="41300011" + _number(14), mp_no=_number(10), wiring=pl.lit("1"),
        box_no="15" + _number(12, _of(PER_BOX)), slot_row=slot // 2 + 1, slot_column=slot % 2 + 1, installed_on=pl.lit("2020-01-01"),
        survey_status=pl.lit("已普查"), relation=pl.lit("一致"), operator=pl.lit("张三"), operated_on=pl.lit("2024-03-02"),
        operated_at=pl.lit("10:00:00"),
    )  # fmt: skip


def _points(count: int) -> pl.DataFrame:
    area = _number(10, _of(PER_BOX * _BOXES_PER_AREA))
    return _frame("metering_point", count, mp_no=_number(10), customer_no="41" + _number(8), area_no=area, status=pl.lit("02"))


def _customers(count: int) -> pl.DataFrame:
    return _frame(
        "customer", count, customer_no="41" + _number(8), name="用户" + _text(), address=_PLACE + _text() + "号", sort=pl.lit("03"),
        status=pl.lit("正常用电客户"), voltage=pl.lit("AC02202"), contract_capacity=pl.lit(8.0),
    )  # fmt: skip
