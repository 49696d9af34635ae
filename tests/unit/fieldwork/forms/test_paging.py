import pytest

from lvdesk.fieldwork.forms.definition import Form
from lvdesk.fieldwork.forms.model import Content, Slot
from lvdesk.fieldwork.forms.paging import blank_count, paged, shape_of, split
from tests.helpers.sheets import box, customer, listing, meter, pages, sheets, texts

Forms = dict[str, Form]


@pytest.mark.parametrize(
    "content, shape",
    [
        (box(1, 2, [meter(1, 1, 1)]), "1X2"),
        (box(2, 3), "2X3"),
        (box(1, 1, [meter(1, 2, 2)]), "2X2"),  # a meter beyond the recorded size widens the box
        (box(0, 0, [meter(1, 1, 3)]), "1X3"),
        (box(0, 0, [meter(1), meter(2)]), "+2"),
        (box(1, 2, [meter(1, 1, 1), meter(2, 1, 1), meter(3)]), "1X2+2"),  # two in one slot: the second is listed beside
        (box(0, 0), "2X4"),  # nothing known: as a new one
        (box(4130, 2, [meter(1, 1, 2)]), "1X2"),  # nobody built that
        (box(1, 2, [meter(1, 99, 1)]), "1X2+1"),
        (box(2, 0), "2X1"),
        (box(1, 2, [Slot(1, 1, "", customer_name="销户")]), "1X2"),
        (Content(), "N"),
    ],
)
def test_the_shape_of_a_box(forms: Forms, content: Content, shape: str) -> None:
    form = forms["box_collection"]
    parts = split(form, content)
    assert [shape_of(form, part) for part in parts] == [shape]
    assert shape_of(form, content) == shape


@pytest.mark.parametrize(
    "content, shapes",
    [
        (box(12, 8), ["9X8-", "3X8/9"]),
        (box(12, 10), ["9X8-", "3X8/9-", "12X2/.8"]),
        (box(9, 8, [meter(number) for number in range(1, 40)]), ["9X8-", "+39/.8"]),
    ],
)
def test_a_box_larger_than_a_page_goes_on(forms: Forms, content: Content, shapes: list[str]) -> None:
    form = forms["box_collection"]
    assert [shape_of(form, part) for part in split(form, content)] == shapes
    numbered = [part.values["part"] for part in split(form, content)]
    assert numbered == [f"{number}/{len(shapes)}" for number in range(1, len(shapes) + 1)]


@pytest.mark.parametrize("shape, count", [("1X2", 4), ("1X1", 4), ("2X2", 3), ("1X4", 3), ("2X4", 3), ("3X4", 2)])
def test_small_boxes_share_a_page(forms: Forms, shape: str, count: int) -> None:
    assert paged(forms["box_collection"], [shape] * (count + 1)) == [range(count), range(count, count + 1)]


def test_no_blocks_make_no_page(forms: Forms) -> None:
    assert paged(forms["box_collection"], []) == []


@pytest.mark.parametrize("key, count", [("new_account", 7), ("box_collection", 3), ("access_point", 5)])
def test_blank_blocks_fill_a_page(forms: Forms, key: str, count: int) -> None:
    assert blank_count(forms[key]) == count
    assert len(paged(forms[key], ["N"] * count)) == 1
    assert len(paged(forms[key], ["N"] * (count + 1))) == 2


def test_each_blank_sheet_of_an_area_is_a_whole_page(forms: Forms) -> None:
    contents = [Content(values={"transformer_area.name": name}) for name in ("甲", "乙")]
    found = pages(forms["new_account"], contents)
    assert [texts(page).count(name) for page in found for name in ("甲", "乙")] == [7, 0, 0, 7]


def test_each_area_starts_its_own_page(forms: Forms) -> None:
    form = forms["area_overview"]
    found = [shapes for shapes, _ in sheets(form, [listing(form, 3), listing(form, 50), listing(form, 1)])]
    assert found == [("L3",), ("L22-",), ("L28/...22",), ("L1",)]


def test_a_cover_signs_on_its_last_page_only(forms: Forms) -> None:
    found = pages(forms["cover"], [listing(forms["cover"], 100)])
    assert [("发出人" in texts(page), "收回人" in texts(page)) for page in found] == [(False, False), (False, False), (True, True)]


def test_customers_share_pages(forms: Forms) -> None:
    assert [len(shapes) for shapes, _ in sheets(forms["customer_visit"], [customer()] * 7)] == [5, 2]
