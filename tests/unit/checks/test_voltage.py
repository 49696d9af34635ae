"""Voltage, wiring and kinds of areas."""

from collections.abc import Sequence

import pytest

from tests.helpers.checking import StationOf, found, hits_of

LOW, THREE, HIGH = "AC02202", "AC03802", "AC00101"


@pytest.mark.parametrize(
    "voltage, wirings, expected",
    [
        (LOW, ["1"], 0),
        (LOW, ["3"], 1),
        (LOW, ["2"], 1),
        (THREE, ["3"], 0),
        (THREE, ["1"], 1),
        (THREE, ["2"], 1),
        (THREE, ["1", "1", "1"], 0),  # three single-phase meters on one three-phase point
        (THREE, ["1", "1"], 2),
        (HIGH, ["2"], 0),
        (HIGH, ["1"], 0),
        (None, ["3"], 0),
        (LOW, [None], 0),
        ("别的", ["3"], 0),
    ],
)
def test_wiring_against_voltage(voltage: str | None, wirings: Sequence[str | None], expected: int) -> None:
    station = StationOf(
        {
            "meter": [{"asset_no": f"M{n}", "mp_no": "P", "wiring": wiring} for n, wiring in enumerate(wirings)],
            "metering_point": [{"mp_no": "P", "customer_no": "U"}],
            "customer": [{"customer_no": "U", "voltage": voltage}],
        }
    )
    assert len(found(station, "Q37")) == expected


def test_a_customer_with_several_points_may_have_both() -> None:
    station = StationOf(
        {
            "meter": [{"asset_no": "M1", "mp_no": "P1", "wiring": "3"}, {"asset_no": "M2", "mp_no": "P2", "wiring": "1"}],
            "metering_point": [{"mp_no": mp, "customer_no": "U"} for mp in ("P1", "P2")],
            "customer": [{"customer_no": "U", "voltage": THREE}],
        }
    )
    assert list(hits_of(station, "Q37").select("key", "milder").iter_rows()) == [("M2", 1)]


@pytest.mark.parametrize(
    "usage, sorts, expected",
    [
        ("01", ["03", "02"], []),
        ("01", ["03", "01"], [("customer", "U1", "sort")]),
        ("02", ["01"], []),
        ("02", ["02"], []),  # a private area with its own account
        ("02", ["01", "03"], [("metering_point", "P1", "area_no")]),
        ("02", ["03", "02"], [("transformer_area", "A", "usage")]),
        ("02", ["01", "03", "03"], [("transformer_area", "A", "usage")]),
        ("02", [None, None], []),
        (None, ["01", "03"], []),
    ],
)
def test_kind_of_customer_against_kind_of_area(
    usage: str | None, sorts: Sequence[str | None], expected: list[tuple[str, str, str]]
) -> None:
    station = StationOf(
        {
            "transformer_area": [{"area_no": "A", "name": "某厂专变", "usage": usage}],
            "metering_point": [{"mp_no": f"P{n}", "customer_no": f"U{n}", "area_no": "A"} for n in range(len(sorts))],
            "customer": [{"customer_no": f"U{n}", "sort": sort} for n, sort in enumerate(sorts)],
        }
    )
    assert found(station, "Q40") == expected


def test_cancelled_customers_do_not_count() -> None:
    station = StationOf(
        {
            "transformer_area": [{"area_no": "A", "usage": "01"}],
            "meter": [{"asset_no": "M", "mp_no": "P", "wiring": "3"}],
            "metering_point": [{"mp_no": "P", "customer_no": "U", "area_no": "A"}],
            "customer": [{"customer_no": "U", "sort": "01", "voltage": LOW, "status": "已销户客户"}],
        }
    )
    assert found(station, "Q40") == found(station, "Q37") == []
