"""Events the boxes do not show yet. Today is 2026-06-01."""

from typing import Any

import pytest

from tests.helpers.checking import StationOf, found

NORMAL = "正常用电客户"


def _station(customer: dict[str, Any], meter: dict[str, Any] | None) -> StationOf:
    """The customer U beside a neighbour whose meter hangs in a box of the same area."""
    meters = [{"asset_no": "N", "mp_no": "PN", "box_no": "K"}, *([{"asset_no": "M", "mp_no": "P", **meter}] if meter is not None else [])]
    return StationOf(
        {
            "meter_box": [{"asset_no": "K", "area_no": "A"}],
            "meter": meters,
            "metering_point": [{"mp_no": mp, "customer_no": who, "area_no": "A"} for mp, who in (("P", "U"), ("PN", "V"))],
            "customer": [{"customer_no": "U", "status": NORMAL, **customer}, {"customer_no": "V", "status": NORMAL}],
        }
    )


@pytest.mark.parametrize(
    "customer, meter, expected",
    [
        ({"opened_on": "2026-04-01"}, {}, ["opened_on"]),
        ({"opened_on": "2026-04-01"}, None, ["opened_on"]),
        ({"opened_on": "2026-04-01"}, {"box_no": "K"}, []),
        ({"opened_on": "2026-05-20"}, {}, []),
        ({"opened_on": "2020-04-01"}, {}, []),
        ({"opened_on": "2026-04-01", "sort": "01"}, {}, []),
        ({"opened_on": "2026-04-01", "status": "当前新装客户"}, {}, []),
        ({"opened_on": "2026-04-01", "status": "已销户客户"}, {}, []),
        ({"opened_on": "2020-04-01"}, {"installed_on": "2026-04-01"}, ["box_no"]),
        ({"opened_on": "2020-04-01"}, {"installed_on": "2026-04-01", "box_no": "K"}, []),
        ({"opened_on": "2020-04-01"}, {"installed_on": "2026-05-25"}, []),
        ({"status": "已销户客户", "cancelled_on": "2026-04-01"}, {"box_no": "K"}, ["box_no"]),
        ({"status": "已销户客户", "cancelled_on": "2026-04-01"}, {}, []),
        ({"status": "已销户客户", "cancelled_on": "2020-04-01"}, {"box_no": "K"}, []),
        ({"cancelled_on": "2026-04-01"}, {"box_no": "K"}, []),  # its status says otherwise: another rule
    ],
)
def test_events_older_than_a_month_and_younger_than_a_year(
    customer: dict[str, Any], meter: dict[str, Any] | None, expected: list[str]
) -> None:
    assert [field for _, _, field in found(_station(customer, meter), "Q70")] == expected


def test_an_area_without_any_box_waits_for_its_survey() -> None:
    station = StationOf(
        {
            "metering_point": [{"mp_no": "P", "customer_no": "U", "area_no": "A"}],
            "customer": [{"customer_no": "U", "status": NORMAL, "opened_on": "2026-04-01"}],
        }
    )
    assert found(station, "Q70") == []


def test_days_and_window_can_be_set() -> None:
    station = _station({"opened_on": "2026-04-01"}, {})
    assert found(station, "Q70", days=90) == []
    assert found(_station({"opened_on": "2020-04-01"}, {}), "Q70", window=9999) != []
