"""Required fields, and what should be there but is not."""

from typing import Any

import pytest

from tests.helpers.checking import StationOf, found, hits_of

FULL: dict[str, Any] = {
    "bar_code": "4130005152698467069774", "slot_rows": 1, "slot_columns": 2, "longitude": 115.1, "latitude": 34.1, "location": "村口",
    "device_type": "低压杆塔", "device_name": "1号杆", "area_no": "A1",
}  # fmt: skip


def _sheet(number: int, template: str) -> dict[str, Any]:
    return {"sheet_id": number, "batch": number, "file": f"{number}.xlsx", "template": template, "header_row": 1}


@pytest.mark.parametrize("name", FULL)
def test_each_required_field_of_a_box_is_asked_for(name: str) -> None:
    boxes = [{"asset_no": "B1", **FULL}, {"asset_no": "B2", **FULL, name: None}]
    assert found(StationOf({"meter_box": boxes}), "Q01") == [("meter_box", "B2", name)]


def test_a_column_that_no_box_has_is_told_once() -> None:
    boxes: list[dict[str, Any]] = [{"asset_no": f"B{n}", **FULL, "device_type": None} for n in range(3)]
    hit = hits_of(StationOf({"meter_box": boxes}), "Q01")
    assert hit.select("key", "field", "milder").rows() == [("", "device_type", 2)]


def test_a_box_hangs_on_the_device_of_its_access_point() -> None:
    boxes: list[dict[str, Any]] = [
        {"asset_no": "B1", **FULL},
        {"asset_no": "B2", **FULL, "device_type": None, "device_name": None, "access_point_no": "J"},
    ]
    points: list[dict[str, Any]] = [{"access_point_no": "J", "device_type": "墙支架", "device_name": "东墙"}]
    assert found(StationOf({"meter_box": boxes, "access_point": points}), "Q01") == []


def test_a_box_that_is_only_mentioned_is_asked_for_nothing() -> None:
    boxes = [{"asset_no": "B1", **FULL}, {"asset_no": "B2", "standing": "mentioned"}]
    assert found(StationOf({"meter_box": boxes}), "Q01") == []


def _people(*customers: dict[str, Any], areas: tuple[str | None, ...]) -> StationOf:
    points = [
        {"mp_no": f"@{row['customer_no']}", "customer_no": row["customer_no"], "area_no": a}
        for row, a in zip(customers, areas, strict=True)
    ]
    return StationOf({"customer": customers, "metering_point": points})


def test_a_customer_has_name_address_and_area() -> None:
    full = {"customer_no": "C1", "name": "张三", "address": "村口"}
    bare = {"customer_no": "C2"}
    gone = {"customer_no": "C3", "name": "李四", "address": "村口", "status": "已销户客户"}
    hit = hits_of(_people(full, bare, gone, areas=("A1", None, None)), "Q01")
    told = [("C2", "name", 0), ("C2", "address", 0), ("C2", "area_no", 0), ("C3", "area_no", 1)]
    assert hit.select("key", "field", "milder").rows() == told


def test_a_metering_point_of_no_customer_is_asked_for_nothing() -> None:
    assert found(StationOf({"metering_point": [{"mp_no": "P1", "kind": "02"}, {"mp_no": "P2", "area_no": "A"}]}), "Q01") == []


def test_a_meter_in_a_box_stands_in_a_slot() -> None:
    meters: list[dict[str, Any]] = [
        {"asset_no": "M1", "bar_code": "1", "box_no": "B1", "slot_row": 1, "slot_column": 1},
        {"asset_no": "M2", "bar_code": "2", "box_no": "B1", "slot_row": 1},
        {"asset_no": "M3", "bar_code": "3"},
    ]
    assert found(StationOf({"meter_box": [{"asset_no": "B1", **FULL}], "meter": meters}), "Q01") == [("meter", "M2", "slot_column")]


def test_a_cell_that_could_not_be_read_is_no_blank() -> None:
    boxes = [{"asset_no": "B1", **FULL}, {"asset_no": "B2", **FULL, "latitude": None, "from_sheet": 1, "sources": '{"location":[5,7]}'}]
    note = {"sheet_id": 5, "sheet_row": 7, "template": "box_survey", "field": "meter_box.latitude", "before": "N", "level": "refused"}
    assert found(StationOf({"meter_box": boxes}, notes=[note]), "Q01") == []
    assert len(found(StationOf({"meter_box": boxes}, notes=[note | {"sheet_row": 8}]), "Q01")) == 1


def _cells(row: int, template: str, **cells: str) -> dict[str, Any]:
    given = {name.replace("__", "."): value for name, value in cells.items()}
    return {"sheet_id": 5, "sheet_row": row, "item": row * 1000, "template": template, "key": cells.get("key"), **given}


def test_rows_of_field_results_are_filled() -> None:
    full = {f"meter_box__{name}": str(value) for name, value in FULL.items()}
    rows = [_cells(2, "box_collection", **full), _cells(3, "box_collection", **{**full, "meter_box__location": ""})]
    rows = [{name: value or None for name, value in row.items()} for row in rows]
    hit = hits_of(StationOf(field_rows=rows, sheets=[_sheet(5, "box_collection")]), "Q01")
    assert hit.select("field", "sheet_row").rows() == [("location", 3)]


def test_a_newly_found_account_has_no_name_yet() -> None:
    row = {"customer__name": "张三", "customer__address": "村口", "metering_point__area_no": "A"}
    known = _cells(2, "field_return", customer__customer_no="C1", **row)
    new = _cells(3, "field_return", meter__bar_code="M9")
    blank = _cells(4, "field_return", customer__customer_no="C2", customer__address="村口", metering_point__area_no="A")
    hit = hits_of(StationOf(field_rows=[known, new, blank], sheets=[_sheet(5, "field_return")]), "Q01")
    assert hit.select("field", "sheet_row", "milder").rows() == [("name", 4, 1)]


@pytest.mark.parametrize("template, count", [("customer_ledger", 1), ("pole", 0)])
def test_a_row_without_a_number_is_told(template: str, count: int) -> None:
    row = {"sheet_id": 5, "sheet_row": 4, "item": 4000, "key": None, "digest": 1, "template": template}
    assert len(found(StationOf(listing=[row], sheets=[_sheet(5, template)]), "Q01")) == count


def test_a_box_without_meters_is_empty_where_boxes_have_meters() -> None:
    boxes = [{"asset_no": "B1", "area_no": "A1"}, {"asset_no": "B2", "area_no": "A1"}, {"asset_no": "B3", "area_no": "A2"}]
    assert found(StationOf({"meter_box": boxes, "meter": [{"asset_no": "M1", "box_no": "B1"}]}), "Q02") == [("meter_box", "B2", "asset_no")]


def _network(**second: Any) -> dict[str, list[dict[str, Any]]]:
    """Two customers in one area; the first has a box, the second is as given."""
    return {
        "customer": [{"customer_no": "C1"}, {"customer_no": "C2", **{k: v for k, v in second.items() if k in {"status", "sort"}}}],
        "metering_point": [{"mp_no": f"P{n}", "customer_no": f"C{n}", "area_no": second.get(f"area{n}", "A1")} for n in (1, 2)],
        "meter": [{"asset_no": "M1", "mp_no": "P1", "box_no": "B1"}, {"asset_no": "M2", "mp_no": "P2", "box_no": second.get("box")}],
        "meter_box": [{"asset_no": "B1", "area_no": "A1"}],
    }


@pytest.mark.parametrize(
    "second, told",
    [
        ({}, ["M2"]),
        ({"box": "B1"}, []),
        ({"status": "已销户客户"}, []),
        ({"status": "当前新装客户"}, []),
        ({"sort": "01"}, []),
        ({"area2": "A9"}, []),  # no box of that area is known
    ],
)
def test_a_running_customer_s_meter_hangs_in_a_box(second: dict[str, Any], told: list[str]) -> None:
    assert [key for _, key, _ in found(StationOf(_network(**second)), "Q03")] == told


@pytest.mark.parametrize(
    "rows, told",
    [
        ([("M1", None), ("M2", None)], []),
        ([("M1", None)], ["M2"]),
        ([("M1", None), (None, "C2")], []),
        ([("M1", None), ("M7", "C2")], ["M2"]),
    ],
)
def test_a_meter_of_a_visited_box_is_written_down(rows: list[tuple[str | None, str | None]], told: list[str]) -> None:
    base = {"sheet_id": 5, "item": 0, "template": "field_return", "meter_box.asset_no": "B1"}
    cells = [base | {"sheet_row": n, "meter.asset_no": m, "customer.customer_no": c} for n, (m, c) in enumerate(rows)]
    assert [key for _, key, _ in found(StationOf(_network(box="B1"), field_rows=cells), "Q03")] == told


@pytest.mark.parametrize("area, told", [("A1", ["M3"]), ("A2", [])])
def test_a_surveyed_meter_stands_in_the_ledger(area: str, told: list[str]) -> None:
    """In an area whose customers are not imported yet nothing is known."""
    tables = _network(box="B1")
    tables["meter"].append({"asset_no": "M3", "mp_no": "P3", "box_no": "B1", "standing": "mentioned"})
    tables["metering_point"].append({"mp_no": "P3", "area_no": area})
    assert [key for _, key, _ in found(StationOf(tables), "Q04")] == told


def test_a_meter_found_in_the_field_stands_in_the_ledger() -> None:
    row = {"sheet_id": 5, "sheet_row": 2, "item": 0, "template": "field_return", "meter_box.asset_no": "B1"}
    rows = [row | {"meter.asset_no": "M1"}, row | {"sheet_row": 3, "meter.asset_no": "M9", "customer.customer_no": "C1"}]
    hit = hits_of(StationOf(_network(box="B1"), field_rows=rows), "Q04")
    assert hit["key"].to_list() == ["M9"]
    assert "M1，可能换过表" in hit["message"].item()


@pytest.mark.parametrize(
    "area, told",
    [
        ({"usage": "01", "run_status": "01", "feeder_no": "F1"}, ["A2"]),
        ({"usage": "01", "run_status": "02", "feeder_no": "F1"}, []),
        ({"usage": "02", "run_status": "01", "feeder_no": "F1"}, []),
        ({"usage": "01", "run_status": "01", "feeder_no": "F2"}, []),  # no customer of that feeder is known
    ],
)
def test_a_running_area_has_customers(area: dict[str, str], told: list[str]) -> None:
    areas = [{"area_no": "A1", "usage": "01", "run_status": "01", "feeder_no": "F1"}, {"area_no": "A2", **area}]
    station = StationOf({"transformer_area": areas, "metering_point": [{"mp_no": "@C1", "customer_no": "C1", "area_no": "A1"}]})
    assert [key for _, key, _ in found(station, "Q05")] == told


def test_private_areas_are_looked_at_where_most_have_customers() -> None:
    areas = [{"area_no": f"A{n}", "usage": "02", "run_status": "01"} for n in range(4)]
    points = [{"mp_no": f"P{n}", "customer_no": f"C{n}", "area_no": f"A{n}"} for n in range(3)]
    assert [key for _, key, _ in found(StationOf({"transformer_area": areas, "metering_point": points}), "Q05")] == ["A3"]
