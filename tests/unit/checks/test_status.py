"""Cancelled customers, their meters and dates."""

import json
from typing import Any

import pytest

from tests.helpers.checking import StationOf, found, hits_of

GONE, NORMAL = "已销户客户", "正常用电客户"


@pytest.mark.parametrize(
    "status, box, field_box, verdict, expected",
    [
        (NORMAL, "K", None, None, []),
        (None, "K", None, None, []),
        (GONE, "K", None, None, [("box_no", 0)]),
        (GONE, None, None, None, [("mp_no", 1)]),
        (GONE, None, "K", None, [("box_no", 0)]),
        (GONE, None, "K", "正常", [("box_no", 0)]),
        (GONE, None, "K", "缺失", [("mp_no", 1)]),  # the form listed it, the field says it is not there
        (GONE, "K", "K", None, [("box_no", 0)]),
    ],
)
def test_a_cancelled_customer_with_a_meter(
    status: str | None, box: str | None, field_box: str | None, verdict: str | None, expected: list[tuple[str, int]]
) -> None:
    said = {"sheet_id": 9, "sheet_row": 5, "item": 0, "meter.bar_code": "CM", "meter_box.asset_no": field_box, "note.verdict": verdict}
    rows = [said] if field_box else []
    station = StationOf(
        {
            "meter_box": [{"asset_no": "K"}],
            "meter": [{"asset_no": "M", "bar_code": "CM", "mp_no": "P", "box_no": box}],
            "metering_point": [{"mp_no": "P", "customer_no": "U"}],
            "customer": [{"customer_no": "U", "name": "张三", "status": status}],
        },
        field_rows=rows,
    )
    assert list(hits_of(station, "Q38").select("field", "milder").iter_rows()) == expected


def test_a_meter_that_went_to_the_next_customer_is_his() -> None:
    station = StationOf(
        {
            "meter": [{"asset_no": "M", "mp_no": "P", "box_no": "K"}],
            "metering_point": [{"mp_no": "P", "customer_no": "V"}, {"mp_no": "Q", "customer_no": "U"}],
            "customer": [{"customer_no": "U", "status": GONE}, {"customer_no": "V", "status": NORMAL}],
        }
    )
    assert found(station, "Q38") == []


@pytest.mark.parametrize(
    "customer, expected",
    [
        ({"status": NORMAL}, []),
        ({"status": GONE, "cancelled_on": "2024-01-01"}, []),
        ({"status": NORMAL, "cancelled_on": "2024-01-01"}, [("status", 0)]),
        ({"status": "当前变更客户", "cancelled_on": "2024-01-01"}, [("status", 0)]),
        ({"status": NORMAL, "cancelled_on": "2999-12-31"}, []),  # how some systems write "never"
        ({"status": None, "cancelled_on": "2024-01-01"}, []),
        ({"status": GONE}, [("cancelled_on", 1)]),
        ({"status": GONE, "from_sheet": 2}, []),  # this ledger gives no cancel dates at all
    ],
)
def test_status_against_cancel_date(customer: dict[str, Any], expected: list[tuple[str, int]]) -> None:
    other = {"customer_no": "V", "status": GONE, "cancelled_on": "2023-01-01"}
    station = StationOf({"customer": [{"customer_no": "U", **customer}, other]})
    assert list(hits_of(station, "Q39").select("field", "milder").iter_rows()) == expected


@pytest.mark.parametrize(
    "customer, has_meter, is_certain",
    [
        ({}, False, True),
        ({}, True, False),
        ({"recent_kwh": 12.0}, False, False),
        ({"recent_kwh": 0.0}, False, True),
        ({"status": "当前变更客户"}, False, False),
        ({"opened_on": "2025-01-01"}, False, False),
    ],
)
def test_the_status_is_suggested_only_when_nothing_speaks_against_it(customer: dict[str, Any], has_meter: bool, is_certain: bool) -> None:
    station = StationOf(
        {
            "meter": [{"asset_no": "M", "mp_no": "P"}] if has_meter else [],
            "metering_point": [{"mp_no": "P", "customer_no": "U"}],
            "customer": [{"customer_no": "U", "status": NORMAL, "cancelled_on": "2024-01-01", **customer}],
        }
    )
    (suggestion,) = hits_of(station, "Q39")["suggestion"]
    assert (json.loads(suggestion) if suggestion else None) == ({"status": GONE} if is_certain else None)
