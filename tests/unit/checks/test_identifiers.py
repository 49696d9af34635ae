"""Barcodes and customer numbers."""

import json

import pytest

from lvdesk.network.identifiers import check_digit
from tests.helpers.checking import StationOf, found, hits_of

METER, BOX = "4130001180546654915074", "4130005152698467069774"
OTHER_BOX = "4130005155355715227559"
ZEROS, LEVEL = (body + check_digit(body) for body in ("413090118054665491507", "419000118054665491507"))


def _meter(code: str, number: str = "18054665491507") -> StationOf:
    return StationOf({"meter": [{"asset_no": number, "bar_code": code}]})


@pytest.mark.parametrize(
    "code, words",
    [
        (METER, ""),
        ("4130001180546654915075", "校验码不符，末位应为 4，现为 5"),
        (ZEROS, "第 4、5 位应为 00"),
        (LEVEL, "单位层级"),
    ],
)
def test_a_barcode_has_its_digits_in_place(code: str, words: str) -> None:
    messages = hits_of(_meter(code), "Q20")["message"].to_list()
    assert bool(messages) == bool(words)
    assert all(words in message and "18054665491507" in message for message in messages)


@pytest.mark.parametrize("odd", ["413000118054665491507", "41300011805466549150X4"])
def test_a_barcode_unlike_most_others_is_told(odd: str) -> None:
    rows = [{"asset_no": f"M{n}", "bar_code": METER} for n in range(9)]
    station = StationOf({"meter": [*rows, {"asset_no": "ODD", "bar_code": odd}]})
    assert found(station, "Q20") == [("meter", "ODD", "bar_code")]


def test_barcodes_of_another_length_are_right_where_the_station_has_them() -> None:
    rows = [{"asset_no": f"B{n}", "bar_code": f"LOCAL{n:05d}"} for n in range(9)]
    assert found(StationOf({"meter_box": rows}), "Q20") == []


def test_a_box_is_judged_milder_and_a_transformer_not_at_all() -> None:
    wrong = BOX[:-1] + "9"
    station = StationOf(
        {
            "meter_box": [{"asset_no": "15269846706977", "bar_code": wrong}],
            "transformer": [{"transformer_no": "4198887253002269499930"}],
        }
    )
    hit = hits_of(station, "Q20")
    assert (hit["entity"].to_list(), hit["milder"].to_list()) == (["meter_box"], [1])


def test_the_box_s_own_asset_number_gives_the_barcode() -> None:
    boxes = [
        {"asset_no": "15269846706977", "bar_code": BOX},
        {"asset_no": "15535571522755", "bar_code": OTHER_BOX[:10] + "0" + OTHER_BOX[11:]},
        {"asset_no": "15111111111111", "bar_code": "4130005151111111111110"},
    ]
    hit = hits_of(StationOf({"meter_box": boxes}), "Q20").filter(key="15535571522755")
    assert json.loads(hit["suggestion"].item()) == {"bar_code": OTHER_BOX}
    derived = hits_of(StationOf({"meter_box": boxes}), "Q20").filter(key="15111111111111")
    assert derived["suggestion"].to_list() == [None]


def test_field_results_are_judged_too_but_not_what_a_record_already_has() -> None:
    wrong = METER[:-1] + "9"
    rows = [{"sheet_id": 5, "sheet_row": n, "item": 0, "template": "field_return", "meter.bar_code": wrong} for n in (2, 3)]
    hit = hits_of(StationOf(field_rows=rows), "Q20")
    assert (hit["key"].to_list(), hit["sheet_row"].to_list()) == (["18054665491507"], [2])
    known = StationOf({"meter": [{"asset_no": "18054665491507", "bar_code": wrong}]}, field_rows=rows)
    assert hits_of(known, "Q20")["sheet_row"].to_list() == [None]


@pytest.mark.parametrize(
    "entity, code, wrong", [("meter", METER, False), ("meter", BOX, True), ("meter_box", BOX, False), ("meter_box", METER, True)]
)
def test_the_asset_type_is_that_of_the_asset(entity: str, code: str, *, wrong: bool) -> None:
    station = StationOf({entity: [{"asset_no": "A", "bar_code": code}]})
    assert found(station, "Q21") == ([(entity, "A", "bar_code")] if wrong else [])
    assert found(station, "Q21", meter_types=["01", "05"], meter_box_types=["01", "05"]) == []


@pytest.mark.parametrize(
    "numbers, wrong",
    [
        (["4137271273", "0000804828", "4137271273001"], []),
        (["4137271273", "41372712737", "413727127"], ["413727127", "41372712737"]),
        (["4137271273", "41372712A3"], ["41372712A3"]),
        ([f"4137271{n:05d}" for n in range(40)], []),
    ],
)
def test_customer_numbers_have_a_usual_length(numbers: list[str], wrong: list[str]) -> None:
    station = StationOf({"customer": [{"customer_no": number} for number in numbers]})
    assert sorted(key for _, key, _ in found(station, "Q23")) == wrong
