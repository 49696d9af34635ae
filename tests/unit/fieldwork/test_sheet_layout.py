"""What is on paper stays; only what no sheet shows is laid out, and a sheet can be drawn again though its things changed."""

import json
from dataclasses import dataclass, field
from typing import Any

import pytest

from lvdesk.fieldwork.forms.definition import Form
from lvdesk.fieldwork.forms.loading import load_forms
from lvdesk.fieldwork.forms.model import Content, Slot
from lvdesk.fieldwork.sheet_layout import Block, blocks_of, fitted, item_of, piled, sheets_of, stored, uncovered
from tests.helpers import sheets


@pytest.fixture(scope="module")
def form() -> Form:
    return load_forms()["box_collection"]


@dataclass
class Row:
    """A stored sheet."""

    items: str
    shapes: str
    form_version: int
    version: int = field(default=1)


def box(number: int, rows: int = 1, columns: int = 2) -> Content:
    made = sheets.box(rows, columns)
    return Content(made.entity, f"1526984670{number:04}", made.values, (Slot(1, 1, f"{number:014}"),))


def on_paper(form: Form, *contents: Content) -> list[Any]:
    """The rows of sheets that show these."""
    return [Row(json.dumps(sheet.items), json.dumps(sheet.shapes), form.version) for sheet in piled(form, blocks_of(form, contents))]


def keys(blocks: list[Block]) -> list[str]:
    return [block.content.key[-1] for block in blocks]


def test_as_few_sheets_as_hold_the_blocks_in_their_order(form: Form) -> None:
    made = piled(form, blocks_of(form, [box(n) for n in range(1, 9)]))
    assert [key[-1] for sheet in made for _, key in sheet.items] == list("12345678")
    assert 1 < len(made) < 8
    assert piled(form, []) == []


def test_what_is_on_paper_is_not_laid_out_again(form: Form) -> None:
    contents = [box(1), box(2), box(3)]
    rows = on_paper(form, *contents)
    assert uncovered(blocks_of(form, contents), rows) == []
    assert keys(uncovered(blocks_of(form, [*contents, box(4)]), rows)) == ["4"]
    assert keys(uncovered(blocks_of(form, [box(4), box(3), box(1)]), rows)) == ["4"]


def test_a_box_that_changed_since_is_not_shown_a_second_time(form: Form) -> None:
    rows = on_paper(form, box(1), box(2))
    assert uncovered(blocks_of(form, [box(1, 4, 6), box(2)]), rows) == []


def test_blank_blocks_are_counted(form: Form) -> None:
    blank = load_forms()["new_account"]
    page = Content(values={"transformer_area.area_no": "4231757321"})
    rows = on_paper(blank, page)
    assert uncovered(blocks_of(blank, [page]), rows) == []
    more = uncovered(blocks_of(blank, [page, page]), rows)
    assert len(more) == len(blocks_of(blank, [page]))
    assert {block.item for block in more} == {("transformer_area", "4231757321")}
    assert form.per == "box"


def test_sheets_never_printed_stay_while_they_are_right(form: Form) -> None:
    contents = [box(n) for n in range(1, 5)]
    rows = on_paper(form, *contents)
    assert [sheet.row for sheet in sheets_of(form, blocks_of(form, contents), rows)] == rows
    assert {sheet.row for sheet in sheets_of(form, blocks_of(form, contents[1:]), rows)} == {None}
    for row in rows:
        row.form_version += 1
    assert {sheet.row for sheet in sheets_of(form, blocks_of(form, contents), rows)} == {None}


@pytest.mark.parametrize(
    "shape, seats, loose",
    [
        ("1X2", {(1, 1), (1, 2)}, 0),
        ("1X1+1", {(1, 1)}, 1),
        ("4X6", {(1, 1), (1, 2)}, 0),
        ("1X1", {(1, 1)}, 0),
        ("1X2+3", {(1, 1), (1, 2)}, 3),
    ],
)  # fmt: skip
def test_drawn_again_in_the_size_it_had(shape: str, seats: set[tuple[int, int]], loose: int) -> None:
    content = sheets.box(1, 2, [sheets.meter(1, 1, 1), sheets.meter(2, 1, 2)])
    slots = fitted(content, shape).slots
    placed = {(slot.row, slot.column) for slot in slots[: len(seats)]}
    assert (placed, len(slots) - len(seats)) == (seats, loose)


def test_lines_that_are_gone_stay_empty() -> None:
    content = Content("transformer_area", "4231757321", rows=({"position": "1"}, {"position": "2"}))
    assert [row.get("position", "") for row in fitted(content, "L3").rows] == ["1", "2", ""]
    assert [row["position"] for row in fitted(content, "L1/...1").rows] == ["2"]


def test_what_a_block_is_about() -> None:
    assert item_of(box(1)) == ("meter_box", "15269846700001")
    assert item_of(Content(values={"transformer_area.area_no": "4231757321"})) == ("transformer_area", "4231757321")
    assert item_of(Content()) == ("", "")
    row = Row(json.dumps([["meter_box", "1"]]), json.dumps(["1X2"]), 1)
    assert stored(row) == [(("meter_box", "1"), "1X2")]
