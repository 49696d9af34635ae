"""Code values, slots and dates."""

import json
from typing import Any

import pytest

from tests.helpers.checking import StationOf, found, hits_of


@pytest.mark.parametrize(
    "entity, row, field",
    [
        ("customer", {"customer_no": "1", "sort": "77"}, "sort"),
        ("customer", {"customer_no": "1", "sort": "03", "status": "正常用电客户", "voltage": "AC02202"}, ""),
        ("meter_box", {"asset_no": "1", "category": "某省自定类别", "material": "竹"}, ""),
        ("meter_box", {"asset_no": "1", "property": "三"}, "property"),
        ("pole", {"pole_no": "1", "material": "毛竹"}, ""),
    ],
)
def test_a_code_stands_in_its_list(entity: str, row: dict[str, Any], field: str) -> None:
    assert found(StationOf({entity: [row]}), "Q22") == ([(entity, "1", field)] if field else [])


def test_a_field_result_s_codes_are_looked_at() -> None:
    row = {"sheet_id": 5, "sheet_row": 7, "item": 0, "template": "field_return", "meter.wiring": "9", "meter.asset_no": "M1"}
    assert hits_of(StationOf(field_rows=[row]), "Q22").select("key", "field", "sheet_row").rows() == [("M1", "wiring", 7)]


def test_what_a_code_can_only_mean_is_suggested() -> None:
    hit = hits_of(StationOf({"customer": [{"customer_no": "1", "sort": "居民"}]}), "Q22")
    assert json.loads(hit["suggestion"].item()) == {"sort": "03"}


@pytest.mark.parametrize(
    "material, nature, fields",
    [("水泥杆", "直线", []), ("毛竹", "直线", ["material"]), ("木杆", "曲线", ["nature"]), (None, None, [])],
)
def test_poles_are_of_known_material_and_nature(material: str | None, nature: str | None, fields: list[str]) -> None:
    station = StationOf({"pole": [{"pole_no": "1", "material": material, "nature": nature}]})
    assert [field for _, _, field in found(station, "Q28")] == fields


@pytest.mark.parametrize(
    "rows, columns, category, meters, field, suggestion",
    [
        (1, 2, "合体表箱", 2, "", None),
        (1, 1, "单体表箱", 1, "", None),
        (2, 3, "三相表箱", 0, "", None),
        (0, 1, None, 0, "slot_rows", None),
        (1, 35, "合体表箱", 2, "slot_columns", None),
        (1, 2, "单体表箱", 1, "category", {"category": "合体表箱"}),
        (1, 1, "合体表箱", 1, "category", {"category": "单体表箱"}),
        (1, 1, "合体表箱", 2, "category", None),
    ],
)
def test_size_and_category_of_a_box(
    rows: int, columns: int, category: str | None, meters: int, field: str, suggestion: dict[str, str] | None
) -> None:
    box = {"asset_no": "B", "slot_rows": rows, "slot_columns": columns, "category": category}
    hit = hits_of(StationOf({"meter_box": [box], "meter": [{"asset_no": f"M{n}", "box_no": "B"} for n in range(meters)]}), "Q24")
    assert hit["field"].to_list() == ([field] if field else [])
    assert [json.loads(text) for text in hit["suggestion"].drop_nulls()] == ([suggestion] if suggestion else [])


@pytest.mark.parametrize("position, size, wrong", [(1, 2, False), (0, 2, True), (9, 2, False), (35, None, True), (35, 2, False)])
def test_a_position_is_one_of_a_box(position: int, size: int | None, *, wrong: bool) -> None:
    """A position beyond a box whose size is known is another rule's."""
    box = {"asset_no": "B", "slot_rows": size, "slot_columns": 1}
    station = StationOf({"meter_box": [box], "meter": [{"asset_no": "M", "box_no": "B", "slot_row": position, "slot_column": 1}]})
    assert [field for _, _, field in found(station, "Q24")] == (["slot_row"] if wrong else [])


@pytest.mark.parametrize(
    "entity, row, field",
    [
        ("customer", {"customer_no": "1", "opened_on": "2026-06-01"}, ""),
        ("customer", {"customer_no": "1", "opened_on": "2026-06-02"}, "opened_on"),
        ("customer", {"customer_no": "1", "opened_on": "2020-05-01", "cancelled_on": "2019-05-01"}, "cancelled_on"),
        ("customer", {"customer_no": "1", "opened_on": "2020-05-01", "cancelled_on": "2020-05-01"}, ""),
        ("meter", {"asset_no": "1", "installed_on": "2099-01-01"}, "installed_on"),
        ("transformer", {"transformer_no": "1", "installed_on": "2099-01-01"}, "installed_on"),
    ],
)
def test_dates_are_past_and_in_order(entity: str, row: dict[str, Any], field: str) -> None:
    assert found(StationOf({entity: [row]}), "Q27") == ([(entity, "1", field)] if field else [])
