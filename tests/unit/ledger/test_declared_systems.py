"""Coordinates declared as GCJ-02: pairs are converted, half a pair is refused and said, never silently dropped or stored unconverted."""

from pathlib import Path

import pytest

from lvdesk.ledger.model import Refused
from tests.helpers.stations import Read, barcode, only, workbook

HEAD = ("计量箱资产号", "计量箱条形码", "计量箱列数和", "计量箱行数和", "安装位置", "电能表资产号", "所在行", "所在列")


def survey(folder: Path, head: tuple[str, ...], *cells: tuple[str | None, ...], crs: str | None = "gcj02") -> Read:
    rows = [
        (barcode("05", n)[7:21], barcode("05", n), "2", "2", "某村", barcode("01", n)[7:21], "1", "1", *more)
        for n, more in enumerate(cells, 1)
    ]
    return only(workbook(folder / "a.xlsx", {"计量箱": [(*HEAD, *head), *rows]}), crs=crs)


def test_half_a_pair_is_refused(tmp_path: Path) -> None:
    read = survey(
        tmp_path, ("GPS经度坐标", "GPS纬度坐标"), ("116.41024450", "39.91640429"), ("116.41", None), (None, "39.91"), (None, None)
    )
    (box, *others) = [(box["longitude"], box["latitude"]) for box in read.records["meter_box"]]
    assert box == (pytest.approx(116.404, abs=1e-6), pytest.approx(39.915, abs=1e-6))
    assert others == [(None, None)] * 3
    assert [(r.row, r.field, r.column, r.value) for r in read.refused] == [
        (3, "meter_box.longitude", "I", "116.41"),
        (4, "meter_box.latitude", "J", "39.91"),
    ]
    assert [r.reason for r in read.refused] == [
        "只有半个坐标（缺纬度），不能由 gcj02 换算，未采用",
        "只有半个坐标（缺经度），不能由 gcj02 换算，未采用",
    ]
    assert [f.message for f in read.findings if f.field == "meter_box.longitude"] == ["1 个坐标由 gcj02 换算为 CGCS2000"]


def test_a_lone_column_is_refused(tmp_path: Path) -> None:
    read = survey(tmp_path, ("GPS经度坐标",), ("116.41",), (None,))
    assert read.column("meter_box.longitude") == [None, None]
    assert [type(refusal) for refusal in read.refused] == [Refused]


def test_without_a_declaration_half_a_pair_stays(tmp_path: Path) -> None:
    read = survey(tmp_path, ("GPS经度坐标", "GPS纬度坐标"), ("116.41", None), crs=None)
    assert (read.column("meter_box.longitude"), read.refused) == ([116.41], [])


def test_each_row_is_believed_about_its_system(tmp_path: Path) -> None:
    head = ("计量箱条形码编号", "用户编号", "电能表条码", "经度", "纬度", "坐标系", "核对结论", "采录日期", "采录人")
    point = ("116.41024450", "39.91640429")
    cells = [
        (barcode("05", n), f"41000000{n:02}", barcode("01", n), *point, system, "正常", "2026-11-01", "甲")
        for n, system in enumerate(("高德", "2000国家大地坐标系", None), 1)
    ]
    for crs, last in ((None, float(point[0])), ("gcj02", 116.404)):
        read = only(workbook(tmp_path / "b.xlsx", {"采录结果": [head, *cells]}), crs=crs)
        assert [float(value) for value in read.column("meter_box.longitude")] == pytest.approx([116.404, float(point[0]), last], abs=1e-6)
