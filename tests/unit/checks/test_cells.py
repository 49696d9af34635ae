"""Cells that were put right or could not be read."""

from typing import Any

import pytest

from tests.helpers.checking import StationOf, found, hits_of

SHEET = {
    "sheet_id": 5,
    "batch": 1,
    "file": "台账.xlsx",
    "name": "用户",
    "template": "customer_ledger",
    "system": "marketing",
    "header_row": 1,
}


def _note(field: str, level: str = "refused", row: int = 2, key: str | None = "4137271273", **more: Any) -> dict[str, Any]:
    return {
        "sheet_id": 5, "sheet_row": row, "template": "customer_ledger", "key": key, "column": "C", "field": field, "before": "？",
        "after": None if level != "healed" else "1", "why": "看不懂", "level": level, **more,
    }  # fmt: skip


def _station(*notes: dict[str, Any]) -> StationOf:
    tables = {
        "customer": [{"customer_no": "4137271273", "name": "张三"}],
        "metering_point": [{"mp_no": "P1", "customer_no": "4137271273"}],
        "meter": [{"asset_no": "M1", "mp_no": "P1"}],
    }
    return StationOf(tables, sheets=[SHEET], notes=list(notes))


@pytest.mark.parametrize(
    "field, code, key",
    [
        ("customer.sort", "Q22", "4137271273"),
        ("meter.bar_code", "Q20", "M1"),
        ("customer.customer_no", "Q23", "4137271273"),
        ("metering_point.area_no", "Q26", "P1"),
        ("customer.opened_on", "Q27", "4137271273"),
        ("meter.slot_row", "Q24", "M1"),
        ("customer.contract_capacity", "Q29", "4137271273"),
        ("note.collected_on", "Q29", "4137271273"),
    ],
)
def test_a_refused_cell_is_told_by_the_rule_of_its_kind(field: str, code: str, key: str) -> None:
    station = _station(_note(field))
    for rule in ("Q20", "Q22", "Q23", "Q24", "Q26", "Q27", "Q29"):
        hit = hits_of(station, rule)
        assert hit["key"].to_list() == ([key] if rule == code else [])
        assert all("未采用（C 列）：看不懂" in message for message in hit["message"])


def test_a_row_that_was_refused_whole_is_told_once() -> None:
    station = _station(_note("customer.customer_no", key=None), _note("customer.customer_no", "row", key=None))
    hit = hits_of(station, "Q23")
    assert (hit["key"].to_list(), hit["sheet_row"].to_list()) == ([""], [2])


def test_healed_numbers_are_told_mildly_and_healed_names_not() -> None:
    station = _station(_note("customer.customer_no", "healed"), _note("customer.name", "healed"))
    hit = hits_of(station, "Q26")
    assert (hit["field"].to_list(), hit["milder"].to_list()) == (["customer_no"], [2])


def test_a_column_wrong_throughout_is_told_once() -> None:
    station = _station(*[_note("meter.bar_code", "healed", row, f"C{row}") for row in range(2, 12)])
    assert len(found(station, "Q26")) == 10
    hit = hits_of(station, "Q26", most=9)
    assert (hit["sheet_row"].to_list(), hit["value"].to_list()) == ([0], ["10 处"])


@pytest.mark.parametrize("text, right", [("00 12", "0012"), ("１２", "12"), ("12.0", "12")])
def test_accepted_numbers_have_no_foreign_characters(text: str, right: str) -> None:
    station = StationOf({"metering_point": [{"mp_no": "P1", "area_no": text}, {"mp_no": "P2", "area_no": "26DKX-526"}]})
    hit = hits_of(station, "Q26")
    assert hit["key"].to_list() == ["P1"]
    assert f'"{right}"' in hit["suggestion"].item()
