"""The station in frames, as imports left it: what counts, what differs, what was healed, where values stand."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from lvdesk.checks.station import Station
from lvdesk.history import undo
from lvdesk.network.editing import Edit, edit
from lvdesk.workspace import Workspace
from tests.helpers.stations import barcode, taken, workbook

pytestmark = pytest.mark.usefixtures("near_reader")

LEDGER = ("用户编号", "用户名称", "用电地址", "用户分类", "台区编号", "台区名称", "电能表条形码", "计量箱条形码")
FIELD = ("用户编号", "用户名称", "台区编号", "电能表条形码", "计量箱条形码", "所在行", "所在列", "经度", "纬度", "采录人", "采录日期")
FIRST = 4209747010


def customer(number: int | str | None, name: str = "张三", meter: int | None = None, area: str = "4231757328") -> Sequence[Any]:
    meter = meter or (int(number) - FIRST + 1 if number else 99)
    return (number and str(number), name, "某村1号", "03", area, "某某村2#公变", barcode("01", meter), barcode("05", 1))


def people(first: int, last: int) -> list[Sequence[Any]]:
    return [customer(FIRST + n) for n in range(first, last + 1)]


def ledger(folder: Path, name: str, rows: Sequence[Sequence[Any]]) -> Path:
    return workbook(folder / name, {"用户": [LEDGER, *rows]})


@contextmanager
def station_of(ws: Workspace) -> Iterator[Station]:
    with ws.store.read() as connection:
        yield Station(ws, connection)


def places(frame: pl.DataFrame, *columns: str) -> list[tuple[Any, ...]]:
    return frame.select(*columns).rows()


def test_an_empty_workspace_has_frames_too(ws: Workspace) -> None:
    with station_of(ws) as station:
        assert [len(frame) for frame in (station.sheets, station.listing, station.differences, station.notes, station.meters)] == [0] * 5
        assert station.field("meter").is_empty()
        assert {"sheet_id", "sheet_row", "item", "key", "digest", "template"} == set(station.listing.columns)
        assert station.origins("customer", pl.DataFrame(schema={"id": pl.Int64, "field": pl.String})).is_empty()


def test_meters_know_their_customer_and_box(ws: Workspace, tmp_path: Path) -> None:
    taken(ws, ledger(tmp_path, "a.xlsx", people(0, 4)))
    with station_of(ws) as station:
        rows = places(station.meters, "bar_code", "customer_no", "customer_name", "point_area", "box_code", "box_area")
    assert rows == [(barcode("01", n + 1), str(FIRST + n), "张三", "4231757328", barcode("05", 1), "4231757328") for n in range(5)]


def test_a_refresh_leaves_one_row_for_each_customer(ws: Workspace, tmp_path: Path) -> None:
    taken(ws, ledger(tmp_path, "一月.xlsx", people(0, 19)))
    second = taken(ws, ledger(tmp_path, "二月.xlsx", people(1, 22)))
    with station_of(ws) as station:
        assert places(station.listing, "sheet_id", "sheet_row", "key") == [(2, n + 1, str(FIRST + n)) for n in range(1, 23)]
        assert station.table("customer")["customer_no"].to_list() == [str(FIRST + n) for n in range(1, 23)]
    undo(ws, second.entry_id)
    with station_of(ws) as station:
        assert places(station.listing, "sheet_id", "key") == [(1, str(FIRST + n)) for n in range(20)]
        assert station.sheets["sheet_id"].to_list() == [1]


@pytest.mark.parametrize("together", [True, False])
def test_a_customer_of_two_feeder_files_is_listed_twice(ws: Workspace, tmp_path: Path, together: bool) -> None:
    files = [ledger(tmp_path, "甲线.xlsx", people(0, 9)), ledger(tmp_path, "乙线.xlsx", [*people(10, 19), customer(FIRST + 3, "李四")])]
    for paths in [files] if together else [[path] for path in files]:
        taken(ws, *paths)
    with station_of(ws) as station:
        twice = station.listing.filter(pl.col("key").is_duplicated())
        assert places(twice, "sheet_id", "sheet_row", "key") == [(1, 5, str(FIRST + 3)), (2, 12, str(FIRST + 3))]
        found = places(station.differences, "key", "field", "current", "other", "sheet_id", "sheet_row", "template", "decided")
    assert found == [(str(FIRST + 3), "name", "李四", "张三", 1, 5, "customer_ledger", False)]


def test_a_contradiction_stays_when_one_of_its_files_comes_again(ws: Workspace, tmp_path: Path) -> None:
    taken(ws, ledger(tmp_path, "甲线.xlsx", people(0, 9)), ledger(tmp_path, "乙线.xlsx", [*people(10, 19), customer(FIRST + 3, "李四")]))
    taken(ws, ledger(tmp_path, "甲线新.xlsx", [*people(0, 8), customer(FIRST + 9, "王改正")]))
    with station_of(ws) as station:
        found = places(station.differences, "key", "field", "current", "other", "sheet_id", "sheet_row")
    assert found == [(str(FIRST + 3), "name", "张三", "李四", 2, 12)]


def test_a_contradiction_ends_when_its_file_comes_corrected(ws: Workspace, tmp_path: Path) -> None:
    rows = [*people(0, 9), customer(FIRST + 3, "李四")]
    taken(ws, ledger(tmp_path, "甲线.xlsx", rows))
    with station_of(ws) as station:
        assert places(station.differences, "key", "other", "sheet_row") == [(str(FIRST + 3), "李四", 12)]
    taken(ws, ledger(tmp_path, "甲线新.xlsx", rows[:-1]))
    with station_of(ws) as station:
        assert station.differences.is_empty()
        assert station.listing.height == 10


def test_a_plain_change_is_no_contradiction(ws: Workspace, tmp_path: Path) -> None:
    taken(ws, ledger(tmp_path, "一月.xlsx", people(0, 9)))
    taken(ws, ledger(tmp_path, "二月.xlsx", [customer(FIRST + n, "改名") for n in range(10)]))
    taken(ws, ledger(tmp_path, "更正.xlsx", [customer(FIRST + 2, "又改名")]))
    with station_of(ws) as station:
        assert station.differences.is_empty()
        assert places(station.listing.filter(pl.col("key") == str(FIRST + 2)), "sheet_id") == [(3,)]


def test_a_typed_value_is_decided(ws: Workspace, tmp_path: Path) -> None:
    taken(ws, ledger(tmp_path, "甲线.xlsx", [*people(0, 9), customer(FIRST + 3, "李四")]))
    with station_of(ws) as station:
        number = station.table("customer").filter(pl.col("customer_no") == str(FIRST + 3))["id"].item()
    edit(ws, "customer", [Edit(number, "name", "张三丰")])
    with station_of(ws) as station:
        assert places(station.differences, "key", "decided") == [(str(FIRST + 3), True)]
        wanted = pl.DataFrame({"id": [number, number], "field": ["name", "address"]})
        assert places(station.origins("customer", wanted), "sheet_id", "sheet_row") == [(None, None), (1, 5)]


def test_values_stand_where_the_newest_file_has_them(ws: Workspace, tmp_path: Path) -> None:
    taken(ws, ledger(tmp_path, "一月.xlsx", people(0, 9)))
    taken(ws, ledger(tmp_path, "二月.xlsx", people(0, 9)[::-1]))
    with station_of(ws) as station:
        ids = station.table("customer").select("id", pl.lit("name").alias("field"))
        assert places(station.origins("customer", ids), "sheet_id", "sheet_row") == [(2, 11 - n) for n in range(10)]
        meters = station.table("meter").select("id", pl.lit("bar_code").alias("field"))
        assert places(station.origins("meter", meters), "sheet_id", "sheet_row") == [(2, 11 - n) for n in range(10)]


def test_field_rows_are_typed(ws: Workspace, tmp_path: Path) -> None:
    rows = [
        (str(FIRST), "张三", "4231757328", barcode("01", 1), barcode("05", 1), "1", "2", "116.4", "39.9", "李四", "2026-05-06"),
        (str(FIRST + 1), "李四", "4231757328", barcode("01", 2), barcode("05", 1), "1", "3", "近", "39.9", "李四", "2026-05-06"),
    ]
    taken(ws, workbook(tmp_path / "现场.xlsx", {"现场采录结果": [FIELD, *rows]}))
    with station_of(ws) as station:
        template = station.sheets["template"].item()
        assert station.templates[template].effect == "evidence"
        boxes = station.field("meter_box")
        assert places(boxes, "sheet_row", "bar_code", "longitude", "latitude") == [
            (2, barcode("05", 1), 116.4, 39.9), (3, barcode("05", 1), None, 39.9),
        ]  # fmt: skip
        assert places(station.field("meter"), "bar_code", "slot_row", "slot_column") == [(barcode("01", 1), 1, 2), (barcode("01", 2), 1, 3)]
        assert station.table("meter").is_empty()
        assert places(station.notes, "sheet_row", "field", "before", "level") == [(3, "meter_box.longitude", "近", "refused")]


def test_notes_of_rows_that_were_not_stored_count_with_their_sheet(ws: Workspace, tmp_path: Path) -> None:
    rows = [*people(0, 9), customer(None), customer(f" {FIRST + 10}", meter=11)]
    taken(ws, ledger(tmp_path, "一月.xlsx", rows))
    with station_of(ws) as station:
        assert sorted(places(station.notes, "sheet_row", "key", "field", "level", "template")) == [
            (12, None, "customer.customer_no", "row", "customer_ledger"),
            (13, str(FIRST + 10), "customer.customer_no", "healed", "customer_ledger"),
        ]
    taken(ws, ledger(tmp_path, "二月.xlsx", people(0, 10)))
    with station_of(ws) as station:
        assert station.notes.is_empty()
