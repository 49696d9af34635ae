"""Capacities of areas, transformers and customers."""

from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from tests.helpers.checking import StationOf, found, hits_of


def _station(area: float | None, units: Sequence[Mapping[str, Any]], loads: Sequence[float | None] = ()) -> StationOf:
    return StationOf(
        {
            "transformer_area": [{"area_no": "A", "name": "东村", "capacity_kva": area}],
            "transformer": [{"transformer_no": f"T{n}", "area_no": "A", **unit} for n, unit in enumerate(units)],
            "metering_point": [{"mp_no": f"P{n}", "customer_no": f"U{n}", "area_no": "A"} for n in range(len(loads))],
            "customer": [{"customer_no": f"U{n}", "contract_capacity": load} for n, load in enumerate(loads)],
        }
    )


@pytest.mark.parametrize(
    "area, units, expected",
    [
        (400.0, [{"capacity_kva": 400.0}], []),
        (400.0, [{"capacity_kva": 315.0}], [0]),
        (400.0, [{"capacity_kva": 400.2}], []),
        (800.0, [{"capacity_kva": 400.0}, {"capacity_kva": 400.0}], []),
        (400.0, [{"capacity_kva": 400.0}, {"capacity_kva": 400.0, "run_status": "02"}], []),
        (400.0, [{"capacity_kva": 400.0}, {"capacity_kva": 400.0}], [1]),  # each row may repeat the area's capacity
        (400.0, [{"capacity_kva": 200.0}, {"capacity_kva": None}], []),
        (400.0, [{"capacity_kva": 400.0, "run_status": "03"}], []),
        (400.0, [], []),
        (None, [{"capacity_kva": 400.0}], []),
    ],
)
def test_the_area_has_the_capacity_of_its_running_transformers(
    area: float | None, units: list[Mapping[str, Any]], expected: list[int]
) -> None:
    assert hits_of(_station(area, units), "Q42")["milder"].to_list() == expected


def test_the_message_gives_both_capacities() -> None:
    (text,) = hits_of(_station(400.0, [{"capacity_kva": 315.0}]), "Q42")["message"]
    for part in ("A（东村）", "400 kVA", "315 kVA", "1 台"):
        assert part in text


@pytest.mark.parametrize(
    "area, loads, is_told",
    [
        (400.0, [8.0] * 100, False),
        (400.0, [80.0] * 100, True),
        (400.0, [0.1] * 100, True),
        (400.0, [0.1] * 3, False),
        (400.0, [0.1] * 99 + [None], False),
        (400.0, [80.0] * 99 + [None], True),
        (0.0, [80.0] * 100, False),
        (None, [80.0] * 100, False),
    ],
)
def test_contract_capacity_against_the_area(area: float | None, loads: list[float | None], is_told: bool) -> None:
    assert bool(found(_station(area, [], loads), "Q41")) is is_told


def test_without_its_own_the_area_has_the_capacity_of_its_transformers() -> None:
    station = _station(None, [{"capacity_kva": 400.0}], [80.0] * 100)
    assert found(station, "Q41") == [("transformer_area", "A", "capacity_kva")]
    assert found(station, "Q41", highest=30.0) == []
