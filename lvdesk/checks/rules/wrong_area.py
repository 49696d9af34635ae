"""Boxes that stand in another transformer area than the one they are booked on."""

from collections.abc import Iterator
from typing import Final

import polars as pl

from lvdesk.checks.model import Parameter, Rule, Severity, Values, hits
from lvdesk.checks.neighbours import boxes_in_other_areas
from lvdesk.checks.phrases import with_area_names
from lvdesk.checks.sheetrows import suggested
from lvdesk.checks.station import Station

_AGREE: Final = 2
_TELLING: Final = {
    "address": "同街路（村组）的计量箱都在该台区",
    "numbers": "箱内用户编号与该台区的用户相连",
    "people": "箱内用户登记在该台区",
}
"""Evidence beyond the place itself, and how a message says it."""


def _elsewhere(station: Station, values: Values) -> Iterator[pl.DataFrame]:
    found = boxes_in_other_areas(station, values["least_m"], values["times"])
    if found.is_empty():
        return
    found = with_area_names(station, found, "area_no", "other").with_columns(pl.col(*_TELLING).fill_null(value=False).name.suffix("_for"))
    amid = pl.col("beside") & pl.col("around") & pl.col("nearer_transformer").fill_null(value=False)
    agree = pl.sum_horizontal(pl.col(f"{name}_for").cast(pl.Int64) for name in _TELLING) + amid.cast(pl.Int64)
    against = (pl.col("address").eq_missing(pl.lit(value=False)) | pl.col("numbers").eq_missing(pl.lit(value=False))) & ~pl.col(
        "people_for"
    )
    found = found.with_columns(agree.alias("agree"), (agree - amid.cast(pl.Int64)).alias("told")).filter((pl.col("agree") > 0) & ~against)
    metres = [pl.col(name).round(0).cast(pl.Int64) for name in ("other_metres", "own_metres")]
    near = pl.when("nearer_transformer").then(pl.lit("，离该台区变压器更近")).otherwise(pl.lit(""))
    beside = pl.when("beside").then(pl.lit("，相邻的多数属该台区")).otherwise(pl.lit(""))
    more = [pl.when(f"{name}_for").then(pl.lit(f"，{words}")).otherwise(pl.lit("")) for name, words in _TELLING.items()]
    message = pl.format(
        "计量箱 {} 登记在台区 {}，却靠着台区 {} 的计量箱：最近的 {} 米，本台区最近的箱或变压器在 {} 米外{}{}",
        "key", "area_no_said", "other_said", *metres, beside, pl.concat_str(near, *more),
    )  # fmt: skip
    other = pl.when(pl.col("agree") >= _AGREE).then("other")
    rows = found.drop("sheet_id", "sheet_row")
    yield hits(rows, "meter_box.area_no", message, key="key", suggestion=suggested("area_no", other), milder=pl.col("told") == 0)


RULES = (
    Rule(
        code="Q54",
        family="spatial",
        title="疑似错挂台区",
        what="计量箱处在另一个台区的计量箱之间，远离自己的台区，地址、用户编号或箱内用户也指向那个台区",
        where="计量箱的坐标与台区编号，对照相邻计量箱、变压器位置、安装地址、用户编号；只有位置一项证据的降为提示",
        fix="到现场核实该计量箱由哪个台区供电；几项证据一致的可应用建议",
        severity=Severity.WARNING,
        find=_elsewhere,
        parameters=(
            Parameter("least_m", "距本台区最近的箱或变压器至少", "number", 100.0, "米", 10.0, 5_000.0),
            Parameter("times", "为距另一台区最近的箱的几倍以上", "number", 2.0, "倍", 1.0, 50.0),
        ),
        needs=("meter_box.longitude", "meter_box.area_no"),
        certain=False,
    ),
)
