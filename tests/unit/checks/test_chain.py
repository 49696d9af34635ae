"""The chain from substation to customer."""

from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from tests.helpers.checking import StationOf, found, hits_of

WHOLE: dict[str, Sequence[Mapping[str, Any]]] = {
    "substation": [{"substation_no": "S", "name": "东站"}],
    "feeder": [{"feeder_no": "F", "name": "东线", "substation_no": "S"}],
    "transformer_area": [{"area_no": "A", "name": "东村", "feeder_no": "F"}],
    "transformer": [{"transformer_no": "T", "area_no": "A"}],
    "meter_box": [{"asset_no": "K", "area_no": "A"}],
    "meter": [{"asset_no": "M", "mp_no": "P", "box_no": "K"}],
    "metering_point": [{"mp_no": "P", "area_no": "A", "customer_no": "U"}],
    "customer": [{"customer_no": "U", "name": "张三"}],
}


def _with(entity: str, **values: Any) -> StationOf:
    """The whole chain with one record changed."""
    return StationOf({**WHOLE, entity: [{**WHOLE[entity][0], **values}]})


@pytest.mark.parametrize(
    "entity, values, field",
    [
        ("feeder", {"substation_no": "S9"}, "substation_no"),
        ("feeder", {"substation_no": None}, "substation_no"),
        ("feeder", {"substation_no": None, "substation_name": "西站"}, "substation_no"),
        ("transformer_area", {"feeder_no": "F9"}, "feeder_no"),
        ("transformer_area", {"feeder_no": None}, "feeder_no"),
        ("transformer", {"area_no": "A9"}, "area_no"),
        ("transformer", {"area_no": None}, "area_no"),
        ("meter_box", {"area_no": "A9"}, "area_no"),
        ("metering_point", {"area_no": "A9"}, "area_no"),
        ("metering_point", {"customer_no": "U9"}, "customer_no"),
        ("metering_point", {"customer_no": None}, "customer_no"),
        ("meter", {"mp_no": "P9"}, "mp_no"),
        ("meter", {"mp_no": None}, "mp_no"),
        ("meter", {"box_no": "K9"}, "box_no"),
    ],
)
def test_a_link_that_leads_nowhere(entity: str, values: dict[str, Any], field: str) -> None:
    hits = hits_of(_with(entity, **values), "Q32")
    assert list(hits.select("entity", "field", "milder").iter_rows()) == [(entity, field, False)]


@pytest.mark.parametrize(
    "entity, values",
    [
        ("feeder", {"substation_no": None, "substation_name": "东站"}),
        ("transformer_area", {"feeder_no": None, "feeder_name": "东线"}),
        ("metering_point", {"area_no": None}),  # told by the rules of what is required
        ("meter_box", {"area_no": None}),
        ("meter", {"box_no": None}),
        ("meter_box", {"standing": "mentioned"}),
        ("customer", {"standing": "mentioned"}),
        ("transformer", {"standing": "mentioned", "area_no": "A9"}),
        ("customer", {"status": None}),
    ],
)
def test_a_sound_link(entity: str, values: dict[str, Any]) -> None:
    assert found(_with(entity, **values), "Q32") == []


def test_the_area_that_only_customers_name_is_missing() -> None:
    areas = [*WHOLE["transformer_area"], {"area_no": "A9", "standing": "mentioned"}]
    points = [*WHOLE["metering_point"], {"mp_no": "P9", "area_no": "A9", "customer_no": "U"}]
    assert found(StationOf({**WHOLE, "transformer_area": areas, "metering_point": points}), "Q32") == [("metering_point", "P9", "area_no")]


def test_a_missing_area_with_many_customers_is_said_once() -> None:
    points = [{"mp_no": f"P{n}", "area_no": "A9", "customer_no": "U", "from_sheet": 4, "from_row": n} for n in range(10)]
    station = StationOf({**WHOLE, "metering_point": [*WHOLE["metering_point"], *points]})
    (row,) = hits_of(station, "Q32").iter_rows(named=True)
    assert (row["entity"], row["key"], row["sheet_id"], row["sheet_row"]) == ("transformer_area", "A9", 4, 0)
    assert "10 个计量点" in row["message"]


@pytest.mark.parametrize("times", [1, 10])
def test_a_record_no_longer_listed_is_milder(times: int) -> None:
    areas = [*WHOLE["transformer_area"], {"area_no": "A9", "standing": "gone"}]
    points = [{"mp_no": f"P{n}", "area_no": "A9", "customer_no": "U"} for n in range(times)]
    station = StationOf({**WHOLE, "transformer_area": areas, "metering_point": points})
    (row,) = [row for row in hits_of(station, "Q32").iter_rows(named=True) if row["entity"] != "meter"]
    assert row["milder"] == 1
    assert "最新台账中已没有" in row["message"]


@pytest.mark.parametrize(
    "missing, said",
    [(["substation"], ["变电站"]), (["feeder", "substation"], ["线路"]), (["transformer_area"], ["台区"]), (["meter_box"], [])],
)
def test_a_ledger_that_was_never_imported_is_no_fault(missing: list[str], said: list[str]) -> None:
    kept = {entity: rows for entity, rows in WHOLE.items() if entity not in missing}
    if "meter_box" in missing:
        kept["meter"] = [{"asset_no": "M", "mp_no": "P"}]
    hits = hits_of(StationOf(kept), "Q32")
    assert hits["milder"].to_list() == [2] * len(said)
    assert all(word in text for word, text in zip(said, hits["message"], strict=True))


def test_no_data_no_word() -> None:
    assert found(StationOf(), "Q32") == []
