import hashlib

import pytest

from lvdesk.fieldwork.forms.definition import LEAST_COMB, Form
from lvdesk.fieldwork.forms.frame import CORNERS
from lvdesk.fieldwork.forms.head import about_lines
from lvdesk.fieldwork.forms.layout import code128_modules, lay_out
from lvdesk.fieldwork.forms.measure import em, words_width
from lvdesk.fieldwork.forms.model import Content, Face, Slot
from lvdesk.fieldwork.forms.payload import decode
from lvdesk.fieldwork.forms.spots import spots
from lvdesk.kit.page import Code, Comb, Page, Rectangle, TextBox, TickBox
from tests.helpers.sheets import ABOUT, ADDRESS, AREA, box, customer, face, listing, meter, pages, texts

Forms = dict[str, Form]


def sheet_of(forms: Forms, content: Content, key: str = "box_collection") -> Page:
    return pages(forms[key], [content])[0]


def codes(page: Page, kind: str = "code128") -> list[Code]:
    return [item for item in page.items if isinstance(item, Code) and item.kind == kind]


def every_form(forms: Forms) -> dict[str, list[Page]]:
    """Pages of all forms with the longest names."""
    contents = {
        "box_collection": [box(1, 2, [meter(1, 1, 1), meter(2)]), Content(), box(3, 4), box(2, 6)],
        "customer_visit": [customer()],
        "new_account": [Content(values={"transformer_area.name": AREA})],
    }
    return {key: pages(form, contents.get(key) or [listing(form, 60), Content()]) for key, form in forms.items()}


def test_a_box_is_shown_with_all_that_is_known_of_it(forms: Forms) -> None:
    page = sheet_of(forms, box(1, 2, [meter(780101, 1, 1), meter(780177)]))
    shown = "\n".join(texts(page))
    for word in ("12", "4130005152698467069774", ADDRESS, AREA, "4231757328", "115.6820234 34.4465000", "从未采录", "780101", "780177"):
        assert word in shown
    for word in ("一致", "缺失", "销户", "新增", "表位不符", "户变不符", "箱体缺陷", "低压用户接入点", "四十七号杆"):
        assert word in shown


def test_a_sheet_says_whose_it_is_in_words_bars_and_qr(forms: Forms) -> None:
    page = lay_out(forms["box_collection"], face(3, 8), ("1X2",), [box(1, 2)])
    shown = texts(page)
    assert "计量箱现场采录表" in shown
    assert "表单编号 CL261123-01-007" in shown
    assert "第 3 页 共 8 页" in shown
    assert any("王雅翔 2026-11-23 09:15" in text and "低压营配现场采录" in text for text in shown)
    assert any("填写说明" in text for text in shown)
    assert {"采录人：", "日期：", "审核："} <= set(shown)
    assert all(any(value in text for text in shown) for value in ABOUT.values())
    (qr,) = codes(page, "qr")
    assert min(qr.width, qr.height) >= 20
    read = decode(qr.text)
    assert (read.station, read.sheet_no, read.page, read.pages, read.shapes) == ("AB12CD34", "CL261123-01-007", 3, 8, ("1X2",))
    assert any(code.text == "CL261123-01-007" for code in codes(page))


def test_a_preview_without_a_number_has_no_codes(forms: Forms) -> None:
    page = lay_out(forms["box_collection"], Face("AB12CD34", "CL261123-01", "", 0, 0), ("N",), [Content()])
    assert codes(page, "qr") == codes(page) == []


@pytest.mark.parametrize(
    "values, bars, words",
    [
        ({}, "4130005152698467069774", "4130005152698467069774"),
        ({"meter_box.bar_code": ""}, "15269846706977", "资产号 15269846706977"),
        ({"meter_box.bar_code": "", "meter_box.asset_no": ""}, "", "台账无条码，请写入下方方格"),
        ({"meter_box.bar_code": "条码不清"}, "", "条码不清"),
        ({"meter_box.bar_code": "ABCDEFGHIJKLMNOPQRSTUVWXYZ"}, "", "ABCDEFGHIJKLMNOPQRSTUVWXYZ"),  # bars too narrow to read: words only
    ],
)
def test_the_bars_of_a_box(forms: Forms, values: dict[str, str], bars: str, words: str) -> None:
    page = sheet_of(forms, box(1, 2, **values))
    found = [code for code in codes(page) if code.text != "CL261123-01-007"]
    assert [code.text for code in found] == [bars] * bool(bars)
    assert all(code.width / code128_modules(code.text) >= 0.33 for code in found)
    assert words in texts(page)


def test_a_slot_of_a_cancelled_customer_says_so(forms: Forms) -> None:
    assert "销户" in texts(sheet_of(forms, box(1, 1, [Slot(1, 1, "", customer_name="销户")])))


def test_a_loose_meter_says_which_slot_it_is_said_to_have(forms: Forms) -> None:
    shown = texts(sheet_of(forms, box(1, 1, [meter(1, 1, 1), meter(2, 1, 1), meter(3)])))
    assert shown.count("1-1") == 2
    assert "?" in shown


def test_coordinates_have_their_point_printed(forms: Forms) -> None:
    page = sheet_of(forms, box(1, 1))
    combs = {item.spot: item for item in page.items if isinstance(item, Comb)}
    assert (combs["0.meter_box.longitude"].count, combs["0.meter_box.longitude"].text) == (11, "   .")
    assert (combs["0.meter_box.latitude"].count, combs["0.meter_box.latitude"].text) == (10, "  .")
    assert combs["0.meter_box.bar_code"].count == 22


def test_ticks_say_what_they_mean(forms: Forms) -> None:
    found = {spot.name: spot for spot in spots(forms["box_collection"], ("1X2",))}
    assert found["0.device_type.pole"].value == "低压杆塔"
    assert found["0.device_type.pole"].field == "meter_box.device_type"
    assert found["0.tick.missing"].value == found["0.tick.missing"].field == ""
    assert found["0.slot.1.2.meter"].slot == found["0.slot.1.2.same"].slot == (1, 2)
    assert found["sheet.collector"].block == -1


def test_a_part_of_a_box_names_slots_as_they_are_in_the_box(forms: Forms) -> None:
    names = {spot.name for spot in spots(forms["box_collection"], ("3X8/9",))}
    assert "0.slot.10.1.meter" in names
    assert "0.slot.1.1.meter" not in names
    assert "0.tick.same" not in names  # asked once, on the first part


def test_a_line_keeps_its_number_over_pages(forms: Forms) -> None:
    assert "0.23.done.yes" in {spot.name for spot in spots(forms["area_overview"], ("L5/...22",))}


def test_corner_squares_stand_at_their_places(forms: Forms) -> None:
    for page in (page for found in every_form(forms).values() for page in found):
        squares = [item for item in page.items if isinstance(item, Rectangle) and item.fill == "#000000"]
        assert [(item.x + item.w / 2, item.y + item.h / 2) for item in squares] == list(CORNERS)
        assert {(item.w, item.h) for item in squares} == {(5.0, 5.0)}


def test_what_is_printed_lies_where_the_spots_say(forms: Forms) -> None:
    for key, found in every_form(forms).items():
        for page in found:
            (qr,) = codes(page, "qr")
            named = {spot.name: spot for spot in spots(forms[key], decode(qr.text).shapes)}
            drawn = [item for item in page.items if isinstance(item, TickBox | Comb)]
            assert {item.spot for item in drawn} == {name for name, spot in named.items() if spot.kind in {"tick", "comb"}}
            for item in drawn:
                assert (item.x, item.y) == pytest.approx((named[item.spot].x, named[item.spot].y), abs=0.001)


def test_no_words_stand_in_the_way_of_ticks_and_writing_cells(forms: Forms) -> None:
    for key, found in every_form(forms).items():
        for page in found:
            words = [item for item in page.items if isinstance(item, TextBox)]
            for place in (item for item in page.items if isinstance(item, TickBox | Comb)):
                width, height = (place.size, place.size) if isinstance(place, TickBox) else (place.width, place.height)
                hit = [
                    text.text
                    for text in words
                    if text.x < place.x + width - 0.01
                    and place.x < text.x + text.width - 0.01
                    and text.y < place.y + height - 0.01
                    and place.y < text.y + text.height - 0.01
                ]
                assert hit == [], (key, place.spot)


def test_there_is_room_to_write(forms: Forms) -> None:
    for key, found in every_form(forms).items():
        for page in found:
            for comb in (item for item in page.items if isinstance(item, Comb)):
                assert comb.width / comb.count >= LEAST_COMB, (key, comb.spot)
                assert comb.height >= 5.5, (key, comb.spot)


def test_the_longest_names_fit_their_boxes_when_they_wrap_and_shrink(forms: Forms) -> None:
    for key, found in every_form(forms).items():
        for text in (item for page in found for item in page.items if isinstance(item, TextBox)):
            least = text.least + 0.25
            lines = min(text.lines, int(text.height / (em(least) * 1.15)))
            lost = (lines - 1) * em(least)  # a line ends where the next sign does not fit
            assert words_width(text.text, least) <= text.width * lines - lost, (key, text.text)


def test_what_a_sheet_is_about_breaks_into_two_even_lines() -> None:
    lines = about_lines(face(), 168)
    assert len(lines) == 2
    assert abs(words_width(lines[0], 9.5) - words_width(lines[1], 9.5)) < 90
    assert about_lines(Face("A", "P", "S", 1, 1, {"线路": "一", "网格": ""}), 168) == ["", "线路：一"]
    assert about_lines(Face("A", "P", "S", 1, 1), 168) == []


PLACES = {
    "cover": (1, ("L12-", "L7/...12"), "60a2c861a32e"),
    "area_overview": (1, ("L9", "L30/...22"), "d59735bbe4c2"),
    "box_collection": (1, ("1X2", "2X4+3", "2X6", "N", "3X8/9", "+5/.8"), "eab0411f7f4b"),
    "customer_visit": (1, ("0",), "c35b855158cc"),
    "access_point": (1, ("L3", "N", "L9/...30"), "b038000fdb8a"),
    "new_account": (1, ("N",), "d6e57175684e"),
}


@pytest.mark.parametrize("key", PLACES)
def test_places_change_with_the_version_only(forms: Forms, key: str) -> None:
    """Sheets already out are read by these places: whoever moves them raises the form's version, then notes the new digest here."""
    version, shapes, digest = PLACES[key]
    told = repr([spots(forms[key], (shape,)) for shape in shapes])
    assert (forms[key].version, hashlib.sha256(told.encode()).hexdigest()[:12]) == (version, digest)
