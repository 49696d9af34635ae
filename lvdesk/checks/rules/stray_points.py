"""Single coordinates in the system of a web map."""

from collections.abc import Iterator

import polars as pl

from lvdesk.checks.model import Rule, Severity, Values, hits
from lvdesk.checks.points import said
from lvdesk.checks.sheetrows import told_apart
from lvdesk.checks.shifts import SYSTEM_TITLES
from lvdesk.checks.station import Station
from lvdesk.checks.strays import stray_boxes, stray_rows


def _other_system(station: Station, _values: Values) -> Iterator[pl.DataFrame]:
    boxes = stray_boxes(station).drop("sheet_id", "sheet_row")
    to = [pl.col(f"to_{name}").round(7).cast(pl.String).alias(name) for name in ("longitude", "latitude")]
    suggestion = pl.struct(*to).struct.json_encode()
    yield _told(boxes, pl.lit(""), detail="", suggestion=suggestion)
    rows = told_apart(station, stray_rows(station), "key")
    yield _told(rows, pl.lit("现场采录的"), detail=pl.col("nth"), suggestion=None)


def _told(points: pl.DataFrame, before: pl.Expr, *, detail: pl.Expr | str, suggestion: pl.Expr | None) -> pl.DataFrame:
    """A field result has no suggestion: it would be written into the accepted record."""
    whole = [pl.col(name).round(0).cast(pl.Int64) for name in ("was", "left")]
    system = pl.col("system").replace_strict(SYSTEM_TITLES, return_dtype=pl.String)
    to = [pl.col(name).round(7).cast(pl.String) for name in ("to_longitude", "to_latitude")]
    message = pl.format(
        "{}计量箱 {} 的坐标 {} 疑似 {}：距{} {} 米，按该坐标系换算为 {},{} 后只差 {} 米",
        before, "key", "point", system, "basis", whole[0], *to, whole[1],
    )  # fmt: skip
    return hits(said(points), "meter_box.longitude", message, key="key", detail=detail, suggestion=suggestion)


RULES = (
    Rule(
        code="Q55",
        family="spatial",
        title="疑似坐标系不符",
        what="单个计量箱的坐标远离它该在的地方，按高德、腾讯（GCJ-02）或百度（BD-09）坐标换算后正好落回",
        where="计量箱台账的坐标对照现场采录或同台区的计量箱，现场采录的坐标对照台账；整张表都偏的由 Q53 报告",
        fix="确认采集设备的坐标系；台账坐标可应用建议换算，现场采录改正后重新导入",
        severity=Severity.WARNING,
        find=_other_system,
        needs=("meter_box.longitude",),
        certain=False,
        source="GCJ-02、BD-09 公开偏移算法",
    ),
)
