"""What ticks and digits on a box sheet say, as rows: each meter at most once, nothing said of what nobody marked."""

from types import SimpleNamespace
from typing import Any

import pytest

from lvdesk.fieldwork.filling_records import Hung
from lvdesk.fieldwork.forms.loading import load_forms
from lvdesk.fieldwork.forms.model import Content, Slot
from lvdesk.fieldwork.scanning.places import places
from lvdesk.fieldwork.sheet_paper import Paper
from lvdesk.fieldwork.sheet_rows import rows_of

FORM = load_forms()["box_collection"]
_NUMBERS = {1: "18000000100001", 2: "18000000100002", 3: "18000000100003"}
_ELSEWHERE = "18000000200009"
_TWINS = ("18000001300007", "18000002300007")
SLOTS = tuple(Slot(1, place, number, customer_no=f"420974701{place}", customer_name=f"用户{place}") for place, number in _NUMBERS.items())
BOX = Content(
    "meter_box", "15000000000501", {"meter_box.bar_code": "4130005150000000005019", "transformer_area.name": "北村2#公变"}, SLOTS
)  # fmt: skip


def paper() -> Paper:
    """A box of two rows and three columns whose first row is taken; the area has meters in other boxes."""
    numbers = (*_NUMBERS.values(), _ELSEWHERE, *_TWINS)
    meters = {"any": [Hung(number, "", "any", 0, 0, "", "", gone=False) for number in numbers]}
    on: Any = {place.spot.name: place for place in places(FORM, ["2X3"])}
    row = SimpleNamespace(sheet_no="CL261123-01-007", package_no="CL261123-01")
    return Paper(row, FORM, on, (BOX,), SimpleNamespace(meters=meters))  # type: ignore[arg-type]


def told(**said: str) -> dict[str, list[tuple[str, ...]]]:
    """Template -> what its rows say; ``slot_1_2_same`` stands for the place ``0.slot.1.2.same``."""
    marks = {f"0.{name.replace('__', '|').replace('_', '.').replace('|', '_')}": text for name, text in said.items()}
    wanted = ("meter.asset_no", "customer.customer_no", "meter.slot_column", "note.verdict", "note.remark")
    found = rows_of(paper(), marks, {"note.form_no": "CL261123-01-007"})
    return {key: [tuple(row.get(name, "") for name in wanted) for row in rows] for key, rows in found.items() if rows}


ONE, TWO, THREE = (_NUMBERS[place] for place in (1, 2, 3))


@pytest.mark.parametrize(
    "said, meters",
    [
        ({"slot_1_1_same": "1"}, [(ONE, "4209747011", "1", "正常", "")]),
        ({"tick_same": "1"}, [(meter, f"420974701{n}", str(n), "正常", "") for n, meter in enumerate((ONE, TWO, THREE), 1)]),
        ({"slot_1_2_differs": "1"}, [(TWO, "4209747012", "", "缺失", "现场无表")]),
        ({"tick_cancelled": "1", "slot_1_2_differs": "1"}, [(TWO, "4209747012", "", "确认销户", "")]),
        ({"slot_1_1_meter": "100001"}, [(ONE, "4209747011", "1", "正常", "")]),
        (
            {"slot_1_1_differs": "1", "slot_1_1_meter": "200009"},
            [
                (_ELSEWHERE, "", "1", "信息不符", "表位手写表号后六位 200009，台区内只有这一块表如此"),
                (ONE, "4209747011", "", "信息不符", f"该表位现场是 {_ELSEWHERE}，台账此处的表没有见到"),
            ],
        ),
        (
            {"slot_1_1_meter": "100002", "slot_1_2_meter": "100001"},
            [
                (TWO, "", "1", "信息不符", "表位手写表号后六位 100002，台区内只有这一块表如此"),
                (ONE, "", "2", "信息不符", "表位手写表号后六位 100001，台区内只有这一块表如此"),
            ],
        ),
        ({"slot_2_1_meter": "200009"}, [(_ELSEWHERE, "", "1", "信息不符", "表位手写表号后六位 200009，台区内只有这一块表如此")]),
    ],
)  # fmt: skip
def test_slots_give_the_meters_that_were_seen(said: dict[str, str], meters: list[tuple[str, ...]]) -> None:
    assert told(**said).get("box_meter_relation", []) == meters


@pytest.mark.parametrize(
    "said, customers",
    [
        ({"slot_1_1_differs": "1", "slot_1_1_meter": "954730"}, [("", "4209747011", "1", "信息不符", "换表，现场表号后六位 954730")]),
        ({"slot_1_1_meter": "300007"}, [("", "4209747011", "1", "信息不符", "换表，现场表号后六位 300007，台区内有 2 块表如此")]),
        ({"slot_2_3_meter": "954730"}, [("", "", "3", "新增", "现场表号后六位 954730")]),
    ],
)
def test_a_number_that_is_nobodys_is_told_and_not_guessed(said: dict[str, str], customers: list[tuple[str, ...]]) -> None:
    assert told(**said)["field_return"] == customers


@pytest.mark.parametrize(
    "said, verdict",
    [
        ({"tick_same": "1"}, "正常"),
        ({"tick_missing": "1"}, "缺失"),
        ({"tick_other__area": "1", "tick_other__slot": "1"}, "户变不符"),
        ({"tick_other__slot": "1"}, "信息不符"),
        ({"tick_same": "1", "tick_defect": "1"}, "正常"),
        ({"tick_cancelled": "1"}, "信息不符"),
        ({"slot_1_1_same": "1"}, ""),
    ],
)
def test_the_box_itself_has_one_verdict(said: dict[str, str], verdict: str) -> None:
    assert [row[3] for row in told(**said)["box_collection"]] == [verdict]


def test_a_block_nobody_marked_says_nothing() -> None:
    assert told() == {}
