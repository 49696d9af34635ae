"""Coordinates that came back: faulty ones, whole sheets in another system, boxes that stand elsewhere."""

from typing import Final

import numpy as np
import polars as pl

from lvdesk.checks.memo import once
from lvdesk.checks.points import CHINA, pair
from lvdesk.checks.shifts import SYSTEM_TITLES
from lvdesk.fieldwork.classing.answers import PLACE, Answers, found, row_detail, told
from lvdesk.fieldwork.classing.book import Moved
from lvdesk.geo.distances import distance
from lvdesk.geo.offsets import to_cgcs2000

_ROWS: Final = PLACE[:2]
_MIDDLE: Final = 1.1774
"""Median of errors over their spread per axis (Rayleigh)."""
ASSUMED: Final = "cgcs2000"


@once
def coordinates(answers: Answers) -> pl.DataFrame:
    """Every row of a sheet in which coordinates stand, once.

    The columns of ``Answers.first`` and ``fault`` (missing, zero, swapped, null for a sound one); ``x``, ``y``: CGCS2000 degrees of a sound
    one, converted where the sheet was found to be in another system; ``crs_in``, ``detected`` (see ``ReturnedCoordinate``); ``owner``: box.
    """
    rows = answers.first.filter(~pl.col("kind").is_in(["absent", "closed"]).fill_null(value=False))
    rows = rows.filter((pl.col("longitude").is_not_null() | pl.col("latitude").is_not_null()).any().over("sheet_id"))
    x, y = pl.col("longitude"), pl.col("latitude")
    fault = (
        pl.when(x.is_null() | y.is_null()).then(pl.lit("missing"))
        .when((x == 0) | (y == 0)).then(pl.lit("zero"))
        .when(CHINA.holds()).then(pl.lit(None, pl.String))
        .when(CHINA.holds("latitude", "longitude")).then(pl.lit("swapped"))
        .otherwise(pl.lit("missing"))
    )  # fmt: skip
    rows = rows.with_columns(fault.alias("fault"), pl.coalesce("box", "c_box", "m_box_no").fill_null("").alias("owner"))
    declared = answers.wide.select(*_ROWS, _crs(answers).alias("_row")).unique(_ROWS, keep="first")
    rows = rows.join(declared, on=_ROWS, how="left", maintain_order="left")
    rows = rows.join(
        answers.station.sheets.select("sheet_id", pl.col("crs").alias("_file")), on="sheet_id", how="left", maintain_order="left"
    )
    said = pl.coalesce("_row", pl.when(pl.col("_file") != "").then("_file")).alias("declared")
    return _converted(answers, rows.with_columns(said).drop("_row", "_file"))


def _crs(answers: Answers) -> pl.Expr:
    return pl.col("note.crs") if "note.crs" in answers.wide.columns else pl.lit(None, pl.String)


def _converted(answers: Answers, rows: pl.DataFrame) -> pl.DataFrame:
    systems = {sheet: shift.system or None for sheet, shift in answers.shifts.items()}
    rows = rows.with_columns(pl.col("sheet_id").replace_strict(systems, default=None, return_dtype=pl.String).alias("shift"))
    sound = pl.col("fault").is_null()
    crs = pl.coalesce("shift", pl.col("declared").str.to_lowercase().str.replace_all(r"[^a-z0-9]", ""), pl.lit(ASSUMED))
    said = pl.when(pl.col("shift").is_not_null()).then(pl.lit("detected")).when(pl.col("declared").is_not_null())
    rows = rows.with_columns(
        pl.when(sound).then("longitude").alias("x"), pl.when(sound).then("latitude").alias("y"), crs.alias("crs_in"),
        said.then(pl.lit("declared")).otherwise(pl.lit("assumed")).alias("detected"),
    )  # fmt: skip
    for name in SYSTEM_TITLES:
        x, y = to_cgcs2000(name, *pair(rows, "x", "y"))
        mine = pl.col("shift") == name
        rows = rows.with_columns(pl.Series("_x", x).fill_nan(None), pl.Series("_y", y).fill_nan(None))
        rows = rows.with_columns(
            pl.when(mine).then("_x").otherwise("x").alias("x"), pl.when(mine).then("_y").otherwise("y").alias("y")
        ).drop("_x", "_y")
    return rows


def faulty(answers: Answers) -> pl.DataFrame:
    """Rows whose coordinate is missing, zero, or has its halves exchanged."""
    rows = coordinates(answers)
    point = pl.format("{},{}", pl.col("longitude").cast(pl.String).fill_null("空"), pl.col("latitude").cast(pl.String).fill_null("空"))
    half = pl.when((pl.col("fault") == "missing") & pl.col("longitude").is_not_null() & pl.col("latitude").is_not_null())
    evidence = told(half.then(pl.format("坐标 {} 不在中国范围内，不能用", point)))
    frames = [
        found(
            rows.filter(pl.col("fault") == fault), f"coordinate_{fault}", entity="meter_box", key=pl.col("owner"), field="coordinate",
            field_value=point, evidence=evidence, detail=row_detail(),
        )
        for fault in ("missing", "zero", "swapped")
    ]  # fmt: skip
    return pl.concat(frames)


def other_system(answers: Answers) -> pl.DataFrame:
    """Sheets in another system that they do not name."""
    sheets = answers.station.sheets.select("sheet_id", "file", "name")
    lines = [
        {
            "sheet_id": shift.sheet_id, "sheet_row": None, "system": SYSTEM_TITLES.get(shift.system, "多换算了一次"),
            "why": f"与{shift.basis}相比，中位偏差 {shift.before:.0f} 米，换算后 {shift.after:.1f} 米",
        }
        for shift in answers.shifts.values()
    ]  # fmt: skip
    schema = {"sheet_id": pl.Int64, "sheet_row": pl.Int64, "system": pl.String, "why": pl.String}
    frame = pl.DataFrame(lines, schema=schema, orient="row").join(sheets, on="sheet_id", how="left", maintain_order="left")
    return found(
        frame, "coordinate_system", entity="", key=pl.col("file"), field="coordinate", ledger="CGCS2000", field_value=pl.col("system"),
        evidence=told(pl.col("why")), detail=pl.col("name"),
    )  # fmt: skip


def moved(answers: Answers) -> pl.DataFrame:
    """Boxes that stand farther from their ledger coordinate than this batch's measuring can be wrong."""
    sound = coordinates(answers).drop_nulls(["x", "y"]).filter(pl.col("b_id").is_not_null())
    compared = sound.filter(CHINA.holds("b_longitude", "b_latitude"))
    boxes = compared.group_by("sheet_id", "box", maintain_order=True).agg(
        pl.median("x", "y"), pl.first("b_longitude", "b_latitude", "sheet_row"), pl.len().alias("rows")
    )
    apart = pl.Series("apart", distance(pair(boxes, "x", "y"), pair(boxes, "b_longitude", "b_latitude")))
    boxes = boxes.with_columns(apart)
    reach = {int(str(sheet)): _reach(part["apart"], answers.book.moved) for (sheet,), part in boxes.group_by("sheet_id")}
    limit = pl.col("sheet_id").replace_strict(reach, return_dtype=pl.Float64, default=None)
    boxes = boxes.with_columns(limit.alias("limit")).filter(pl.col("apart") > pl.col("limit"))
    evidence = told(
        pl.format(
            "相距 {} 米，这批采录的误差在 {} 米以内", pl.col("apart").round(0).cast(pl.Int64), pl.col("limit").round(0).cast(pl.Int64)
        )
    )
    return found(
        boxes, "moved_box", entity="meter_box", key=pl.col("box"), field="coordinate", evidence=evidence,
        ledger=pl.format("{},{}", pl.col("b_longitude").round(7), pl.col("b_latitude").round(7)),
        field_value=pl.format("{},{}", pl.col("x").round(7), pl.col("y").round(7)),
    )  # fmt: skip


def _reach(apart: pl.Series, rule: Moved) -> float:
    """Metres a box of this batch may be off without having moved."""
    if apart.len() < rule.fewest:
        return rule.usual
    error = float(np.median(apart.to_numpy())) / _MIDDLE
    return float(min(max(rule.noise * error, rule.least), rule.most))
