"""Whole sheets in the coordinates of a web map."""

from collections.abc import Iterator

import polars as pl

from lvdesk.checks.model import Rule, Severity, Values, hits
from lvdesk.checks.sheetrows import sheet_marks
from lvdesk.checks.shifts import SYSTEM_TITLES, Shift, shifted_sheets
from lvdesk.checks.station import Station


def _shifted(station: Station, _values: Values) -> Iterator[pl.DataFrame]:
    marks = dict(sheet_marks(station).iter_rows())
    for shift in shifted_sheets(station):
        place = pl.DataFrame({"sheet_id": [shift.sheet_id], "sheet_row": [0]}, schema={"sheet_id": pl.Int64, "sheet_row": pl.Int64})
        message = f"本表{station.dictionary.title(shift.entity)}的坐标{_words(shift)}"
        yield hits(place, f"{shift.entity}.longitude", message, detail=marks.get(shift.sheet_id, ""), value=None)


def _words(shift: Shift) -> str:
    ways = ("东" if shift.east >= 0 else "西", "北" if shift.north >= 0 else "南")
    moved = f"整批偏{ways[0]} {abs(shift.east):.0f} 米、偏{ways[1]} {abs(shift.north):.0f} 米（对照 {shift.basis}）"
    if not shift.system:
        return f"{moved}，恰为换算量的反方向：原来就是 CGCS2000，导入时多换算了一次"
    system = SYSTEM_TITLES[shift.system]
    return f"疑似 {system}：{moved}；按该坐标系换算后，相差的中位数由 {shift.before:.0f} 米降为 {shift.after:.0f} 米"


RULES = (
    Rule(
        code="Q53",
        family="spatial",
        title="整批坐标系不符",
        what="一张表的坐标对已知坐标有固定偏移，与高德、腾讯（GCJ-02）或百度（BD-09）地图的偏移一致",
        where="每张给出坐标的表：现场采录对照同一计量箱的台账坐标，台账对照台区变压器坐标",
        fix="撤销该文件的导入，选定它的坐标系（命令行 --crs gcj02 或 bd09）后重新导入",
        severity=Severity.ERROR,
        find=_shifted,
        certain=False,
        source="GCJ-02、BD-09 公开偏移算法",
    ),
)
