"""What the field says besides differences: values the ledger lacks, connection points whether they differ or not, what newcomers are like.

Sides are lines ``SIDE``: one value of one thing, with the ledger's beside it.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import polars as pl

from lvdesk.checks.model import KEYS
from lvdesk.fieldwork.classing.answers import PLACE, Answers
from lvdesk.fieldwork.classing.damage import spoiled
from lvdesk.fieldwork.classing.places import coordinates

SIDE: Final[dict[str, Any]] = {
    "entity": pl.String, "key": pl.String, "place": pl.String, "ledger": pl.String, "field_value": pl.String,
    "sheet_id": pl.Int64, "sheet_row": pl.Int64,
}  # fmt: skip
"""``entity`` and ``key``: the thing; ``place``: ``entity.field`` of the value."""
_ROWS: Final = PLACE[:2]
_NOT_FILLED: Final = frozenset(
    {"asset_no", "bar_code", "longitude", "latitude", "surveyed_at", "note", "submit_status", "marketing_id", "gis_id", "pms_id"}
)
_TOLD: Final = ("customer", "metering_point", "meter", "meter_box")


def connections(answers: Answers, fields: Mapping[str, Sequence[str]]) -> pl.DataFrame:
    """The connection points that rows speak of (``SIDE`` and ``evidence``), equal to the ledger or not.

    Where rows of one thing contradict each other, what most of them say stands, in a tie what was said first; the evidence tells all.

    Args:
        answers: the rows.
        fields: entity -> the fields that together are its connection point; ``area_no`` of a box may also be said by name.
    """
    boxes = _connected_boxes(answers, fields.get("meter_box", ()))
    return pl.concat([boxes, _connected_points(answers, fields.get("access_point", ()))])


def _connected_boxes(answers: Answers, fields: Sequence[str]) -> pl.DataFrame:
    """Of a box whose rows say it is in several areas the area is left open: each customer's own relation says it."""
    rows = _with_wide(answers, answers.present.filter(pl.col("b_id").is_not_null()), [f"meter_box.{name}" for name in fields])
    rows = rows.with_columns(pl.lit(None, pl.String).alias("meter_box.area_no") if "area_no" not in fields else _one_area())
    return _agreed(rows, "meter_box", "box", [(f"meter_box.{name}", f"b_{name}") for name in fields])


def _one_area() -> pl.Expr:
    single = pl.col("area").drop_nulls().n_unique().over("box") == 1
    return pl.when(single).then(pl.col("area").drop_nulls().first().over("box")).alias("meter_box.area_no")


def _connected_points(answers: Answers, fields: Sequence[str]) -> pl.DataFrame:
    number = "access_point.access_point_no"
    if number not in answers.wide.columns:
        return pl.DataFrame(schema={**SIDE, "evidence": pl.List(pl.String)})
    places = [f"access_point.{name}" for name in fields]
    rows = _with_wide(answers, answers.present.select(*PLACE), [number, *places])
    ledger = answers.station.table("access_point").select(
        pl.col("access_point_no").alias(number), *[pl.col(name).alias(f"b_{name}") for name in fields]
    )
    rows = rows.join(ledger.unique(number), on=number, how="inner", maintain_order="left")
    return _agreed(rows, "access_point", number, [(f"access_point.{name}", f"b_{name}") for name in fields])


def _agreed(rows: pl.DataFrame, entity: str, key: str, pairs: Sequence[tuple[str, str]]) -> pl.DataFrame:
    """The values of the statement that most rows of a thing make as a whole."""
    said = pl.concat_str([pl.col(place).fill_null("") for place, _ in pairs], separator=" ").str.strip_chars().alias("_said")
    rows = rows.drop_nulls(key).with_columns(said).filter(pl.col("_said") != "").with_row_index("_at")
    counted = rows.group_by(key, "_said", maintain_order=True).agg(pl.len().alias("_rows"), pl.min("_at"))
    counted = counted.sort("_rows", "_at", descending=[True, False])
    each = pl.format("{}（{} 行）", "_said", "_rows")
    told = counted.group_by(key, maintain_order=True).agg(pl.first("_at"), each.alias("_each"))
    contradiction = pl.format("同一对象的采录行说法不一：{}", pl.col("_each").list.join("、"))
    told = told.with_columns(pl.when(pl.col("_each").list.len() > 1).then(pl.concat_list(contradiction)).alias("evidence"))
    speaking = rows.join(told.select("_at", "evidence"), on="_at", how="inner", maintain_order="left")
    nothing = pl.lit([], pl.List(pl.String))
    lines = _sides(speaking, entity, key, pairs)
    return lines.join(speaking.select(pl.col(key).alias("key"), "evidence"), on="key", how="left", maintain_order="left").with_columns(
        pl.coalesce("evidence", nothing)
    )


def filled(answers: Answers, connection: Sequence[str]) -> pl.DataFrame:
    """Values of boxes and meters that the ledger does not have and the field brings (``SIDE``); those of ``connection`` are left out."""
    return pl.concat([_filled_boxes(answers, connection), _filled_places(answers), _filled_meters(answers)])


def _filled_boxes(answers: Answers, connection: Sequence[str]) -> pl.DataFrame:
    names = [name for name in answers.station.dictionary.entities["meter_box"].fields if name not in {*_NOT_FILLED, *connection, "area_no"}]
    rows = _with_wide(answers, answers.present.filter(pl.col("b_id").is_not_null()), [f"meter_box.{name}" for name in names])
    lines = _sides(rows, "meter_box", "box", [(f"meter_box.{name}", f"b_{name}") for name in names if f"b_{name}" in rows.columns])
    return lines.filter(pl.col("ledger").is_null())


def _filled_places(answers: Answers) -> pl.DataFrame:
    rows = coordinates(answers).drop_nulls(["x", "y"]).filter(pl.col("b_id").is_not_null() & pl.col("b_longitude").is_null())
    rows = rows.with_columns(pl.col(name).round(7).cast(pl.String).alias(f"meter_box.{half}") for name, half in _HALVES)
    return _sides(rows, "meter_box", "box", [(f"meter_box.{half}", f"b_{half}") for _, half in _HALVES])


_HALVES: Final = (("x", "longitude"), ("y", "latitude"))


def _filled_meters(answers: Answers) -> pl.DataFrame:
    """The box and the slot of a ledger meter that the ledger puts nowhere."""
    rows = answers.present.filter(pl.col("m_id").is_not_null())
    rows = rows.join(spoiled(answers, "meter_box"), on=PLACE, how="anti", maintain_order="left")
    homeless = rows.filter(pl.col("m_box_no").is_null() & pl.col("b_id").is_not_null())
    homeless = homeless.with_columns(pl.col("box").alias("meter.box_no"))
    placeless = rows.filter((pl.col("m_slot_row").is_null() | pl.col("m_slot_column").is_null()) & (pl.col("slot_row") > 0))
    placeless = placeless.filter(pl.col("m_box_no").is_null() | pl.col("box").is_null() | (pl.col("m_box_no") == pl.col("box")))
    placeless = placeless.with_columns(pl.col(name).cast(pl.String).alias(f"meter.{name}") for name in ("slot_row", "slot_column"))
    slots = [(f"meter.{name}", f"m_{name}") for name in ("slot_row", "slot_column")]
    return pl.concat([_sides(homeless, "meter", "meter", [("meter.box_no", "m_box_no")]), _sides(placeless, "meter", "meter", slots)])


def newcomers(answers: Answers, wanted: pl.DataFrame) -> pl.DataFrame:
    """Everything that the rows of new things say (``SIDE``, without ledger values).

    Args:
        answers: the rows.
        wanted: entity, key, sheet_id, sheet_row of the differences of class new.
    """
    fields = [
        place
        for place in answers.wide.columns
        if place.partition(".")[0] in _TOLD and place.partition(".")[2] not in {"mp_no", "surveyed_at"}
    ]
    points = coordinates(answers).select(*_ROWS, "x", "y")
    rows = wanted.join(answers.wide.unique(_ROWS, keep="first").select(*_ROWS, *fields), on=_ROWS, how="inner", maintain_order="left")
    rows = rows.join(answers.first.select(*_ROWS, "meter", "box", "area"), on=_ROWS, how="left", maintain_order="left")
    rows = rows.join(points.unique(_ROWS), on=_ROWS, how="left", maintain_order="left")
    rows = rows.with_columns(
        pl.col("x").round(7).cast(pl.String).alias("meter_box.longitude"), pl.col("y").round(7).cast(pl.String).alias("meter_box.latitude"),
        pl.col("meter").alias("meter.asset_no"), pl.col("box").alias("meter.box_no"), pl.col("area").alias("metering_point.area_no"),
        pl.col("area").alias("meter_box.area_no"), pl.col("box").alias("meter_box.asset_no"),
    )  # fmt: skip
    frames = [pl.DataFrame(schema=SIDE)]
    for entity, about in (("customer", ("customer", "metering_point", "meter")), ("meter", ("meter",)), ("meter_box", ("meter_box",))):
        places = [name for name in rows.columns if "." in name and name.partition(".")[0] in about]
        mine = rows.filter(pl.col("entity") == entity)
        frames += [
            mine.drop_nulls(place).select(
                "entity", "key", pl.lit(place).alias("place"), pl.lit(None, pl.String).alias("ledger"),
                pl.col(place).cast(pl.String).alias("field_value"), *_ROWS,
            ) for place in places
        ]  # fmt: skip
    return pl.concat(frames)


def _with_wide(answers: Answers, rows: pl.DataFrame, places: Sequence[str]) -> pl.DataFrame:
    """The rows with their cells of these places, null where no sheet has such a column."""
    present = [place for place in places if place in answers.wide.columns]
    cells = answers.wide.select(*PLACE, *[pl.col(place).str.strip_chars().replace("", None) for place in present])
    joined = rows.join(cells.unique(PLACE, keep="first"), on=PLACE, how="left", maintain_order="left")
    return joined.with_columns(pl.lit(None, pl.String).alias(place) for place in places if place not in present)


def _sides(rows: pl.DataFrame, entity: str, key: str, pairs: Sequence[tuple[str, str]]) -> pl.DataFrame:
    """One line for each value that a row gives; a thing's first answer for a place counts."""
    frames = [pl.DataFrame(schema=SIDE)]
    for place, ledger in pairs:
        given = rows.drop_nulls([key, place]).unique(key, keep="first", maintain_order=True)
        frames.append(
            given.select(
                pl.lit(entity).alias("entity"), pl.col(key).alias("key"), pl.lit(place).alias("place"),
                pl.col(ledger).cast(pl.String).alias("ledger"), pl.col(place).cast(pl.String).alias("field_value"), *_ROWS,
            )
        )  # fmt: skip
    return pl.concat(frames)


def heard(answers: Answers) -> pl.DataFrame:
    """entity, key, heard: the newest sheet of field results that speaks of a thing at all, whatever it says."""
    ways = (("meter_box", "box"), ("meter", "meter"), ("meter", "c_meter"), ("customer", "customer_no"), ("customer", "m_customer_no"))
    frames = [
        answers.rows.drop_nulls(column).select(pl.lit(entity).alias("entity"), pl.col(column).alias("key"), "sheet_id")
        for entity, column in ways
    ]
    number = "access_point.access_point_no"
    if number in answers.wide.columns:
        points = answers.wide.drop_nulls(number)
        frames.append(points.select(pl.lit("access_point").alias("entity"), pl.col(number).alias("key"), "sheet_id"))
    return pl.concat(frames).group_by("entity", "key").agg(pl.max("sheet_id").alias("heard"))


def titles(answers: Answers) -> pl.DataFrame:
    """entity, key, title, area_no: what people call the things of the ledger that are reviewed."""
    station = answers.station
    called = {"customer": "name", "meter_box": "location", "access_point": "name", "meter": "bar_code"}
    frames = [
        station.table(entity)
        .select("id", pl.lit(entity).alias("entity"), pl.col(KEYS[entity]).alias("key"), pl.col(name).alias("title"))
        .join(station.areas(entity).unique("id"), on="id", how="left", maintain_order="left")
        .select("entity", "key", "title", "area_no", "id")
        for entity, name in called.items()
    ]
    return pl.concat(frames)
