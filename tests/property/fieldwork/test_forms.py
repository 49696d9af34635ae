from collections.abc import Sequence

from hypothesis import given, settings
from hypothesis import strategies as st

from lvdesk.fieldwork.forms.definition import Form
from lvdesk.fieldwork.forms.frame import corners
from lvdesk.fieldwork.forms.layout import lay_out
from lvdesk.fieldwork.forms.loading import load_forms
from lvdesk.fieldwork.forms.model import Content, Slot, Spot
from lvdesk.fieldwork.forms.paging import shape_of, split
from lvdesk.fieldwork.forms.payload import Payload, decode, encode
from lvdesk.fieldwork.forms.shapes import Shape
from lvdesk.fieldwork.forms.spots import spots, spots_of
from lvdesk.kit.errors import KnownError
from lvdesk.kit.page import Comb, Primitive, TickBox
from tests.helpers.sheets import box, customer, face, line, listing, sheets, texts

FORMS = load_forms()
BOX = FORMS["box_collection"]
LINED = sorted(key for key, form in FORMS.items() if form.per in {"package", "area", "access_point"})
SLOT = st.tuples(st.integers(-1, 15), st.integers(-1, 30))


@st.composite
def boxes(draw: st.DrawFn) -> Content:
    """A box of any size, its meters anywhere, two in one slot or none as it comes."""
    places = draw(st.lists(SLOT, max_size=40))
    slots = [Slot(row, column, f"18123456{number:06}") for number, (row, column) in enumerate(places, 100_000)]
    return box(draw(st.integers(0, 99)), draw(st.integers(0, 99)), slots)


CONTENTS = {
    **{key: st.integers(0, 150).map(lambda lines, form=FORMS[key]: listing(form, lines)) for key in LINED},
    "box_collection": st.one_of(boxes(), st.just(Content())),
    "customer_visit": st.just(customer()),
    "new_account": st.just(Content()),
}
PACKAGES = st.sampled_from(sorted(FORMS)).flatmap(lambda key: st.tuples(st.just(FORMS[key]), st.lists(CONTENTS[key], max_size=5)))


def apart(found: Sequence[Spot]) -> bool:
    """No two spots share any paper."""
    ordered = sorted(found, key=lambda spot: spot.y)
    for index, one in enumerate(ordered):
        for other in ordered[index + 1 :]:
            if other.y >= one.y + one.height - 0.01:
                break
            if one.x < other.x + other.width - 0.01 and other.x < one.x + one.width - 0.01:
                return False
    return True


@given(PACKAGES)
@settings(deadline=None, max_examples=40)
def test_the_places_on_a_sheet_follow_from_its_code_alone(package: tuple[Form, list[Content]]) -> None:
    form, contents = package
    for shapes, _ in sheets(form, contents):
        code = encode(Payload("AB12CD34", "CL261123-01-007", form.code, form.version, 999, 999, shapes))
        assert len(code) <= 120
        read = decode(code)
        found = spots(form, shapes)
        assert spots_of(FORMS, read) == found
        assert len({spot.name for spot in found}) == len(found)
        (left, top), *_, (right, bottom) = corners(form)
        assert all(left < spot.x and spot.x + spot.width < right for spot in found)
        assert all(top < spot.y and spot.y + spot.height < bottom for spot in found)
        assert apart(found)


@given(PACKAGES)
@settings(deadline=None, max_examples=40)
def test_every_content_stands_on_a_page_in_its_order(package: tuple[Form, list[Content]]) -> None:
    form, contents = package
    parts = [part for content in contents for part in split(form, content)]
    shown = [(shapes, here) for shapes, here in sheets(form, contents)]
    assert [part for _, here in shown for part in here] == parts
    assert all(shapes == tuple(shape_of(form, part) for part in here) for shapes, here in shown)
    assert all(here for _, here in shown)


@given(boxes())
@settings(deadline=None, max_examples=40)
def test_every_meter_of_a_box_is_on_paper_once(content: Content) -> None:
    printed = [text for shapes, here in sheets(BOX, [content]) for text in texts(lay_out(BOX, face(), shapes, here))]
    for slot in content.slots:
        assert printed.count(slot.meter_no[-6:]) == 1


@given(st.sampled_from(LINED), st.integers(0, 200))
@settings(deadline=None, max_examples=40)
def test_every_line_is_on_paper_once(key: str, lines: int) -> None:
    form = FORMS[key]
    printed = [text for shapes, here in sheets(form, [listing(form, lines)]) for text in texts(lay_out(form, face(), shapes, here))]
    for number in range(1, lines + 1):
        assert [line(number)["number"], line(number)["sheet_no"]][key == "cover"] in printed


@given(boxes(), st.text(max_size=80))
@settings(deadline=None, max_examples=40)
def test_no_word_moves_a_place(content: Content, word: str) -> None:
    other = Content(content.entity, content.key, dict.fromkeys(content.values, word) | _sizes(content), content.slots)
    for (shapes, here), (others, there) in zip(sheets(BOX, [content]), sheets(BOX, [other]), strict=True):
        assert shapes == others
        pages = [lay_out(BOX, face(), shapes, contents) for contents in (here, there)]
        assert _places(pages[0].items) == _places(pages[1].items)


def _sizes(content: Content) -> dict[str, str]:
    return {name: content.values[name] for name in ("meter_box.slot_rows", "meter_box.slot_columns")}


def _places(items: Sequence[Primitive]) -> list[tuple[str, float, float]]:
    return [(item.spot, item.x, item.y) for item in items if isinstance(item, TickBox | Comb)]


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    for tried in (text, f"LV1:{text}"):
        try:
            decode(tried)
        except KnownError as error:
            assert error.code == "form.code"  # noqa: PT017 - reading it is as good


@given(
    st.integers(0, 99), st.integers(0, 99), st.integers(0, 999), st.integers(0, 999), st.tuples(*[st.integers(0, 999)] * 4), st.booleans()
)
def test_a_shape_comes_back_from_its_text(
    rows: int, columns: int, loose: int, lines: int, before: tuple[int, int, int, int], more: bool
) -> None:
    shape = Shape(rows, columns, loose, lines, before, more)
    assert Shape.parse(str(shape)) == shape
