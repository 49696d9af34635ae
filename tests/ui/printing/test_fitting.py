"""Words fitted into boxes: whole, in the wanted size where there is room, smaller and narrower where not."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from lvdesk.kit.page import Code, Comb, Page, Primitive, TextBox
from ui.printing.fitting import fit
from ui.printing.fonts import UNITS, metrics
from ui.printing.painter import clipped

_ADDRESS = "商平县前东河镇前东河村北镇路与淮安路交叉口向东二百米路北第三排12号院内东侧"


def _box(text: str, width: float = 40, height: float = 5, *, size: float = 9, lines: int = 1, least: float = 5) -> TextBox:
    return TextBox(0, 0, width, height, text, size, least, lines)


@pytest.mark.parametrize("text", ["", "甲", "松畈玉堂1#公变", "4130005152698467069774"])
def test_what_has_room_stands_in_its_wanted_size(qtbot: QtBot, text: str) -> None:
    fitted = fit(_box(text))
    assert (fitted.points, fitted.stretch, fitted.lines, fitted.whole) == (9, 100, (text,), True)


def test_a_long_address_wraps_before_it_shrinks(qtbot: QtBot) -> None:
    wrapped = fit(_box(_ADDRESS, 60, 12, lines=3))
    assert wrapped.points == 9
    assert len(wrapped.lines) in {2, 3}
    assert "".join(wrapped.lines) == _ADDRESS


def test_on_one_line_it_shrinks(qtbot: QtBot) -> None:
    fitted = fit(_box(_ADDRESS, 90))
    assert 5 <= fitted.points < 9
    assert fitted.lines == (_ADDRESS,)
    assert fitted.whole


def test_what_no_size_takes_is_squeezed_and_told(qtbot: QtBot) -> None:
    box = _box(_ADDRESS, 20)
    fitted = fit(box)
    assert not fitted.whole
    assert "".join(fitted.lines) == _ADDRESS
    assert clipped(Page(297, 210, (box, _box("甲")))) == [_ADDRESS]


@pytest.mark.parametrize("closing", list("，。）；」…"))
def test_no_line_begins_with_a_closing_sign(qtbot: QtBot, closing: str) -> None:
    text = "电能表一二三四" + closing + "五六七八" + closing + "九十"
    for width in range(12, 30, 2):
        lines = fit(_box(text, width, 30, lines=6)).lines
        assert not any(line.startswith(closing) for line in lines)


def test_signs_stay_with_their_words_inside_long_numbers(qtbot: QtBot) -> None:
    text = "4130005152698467069774，电能表“18239735848403”在箱内"
    for width in range(12, 40, 2):
        lines = fit(_box(text, width, 40, lines=9)).lines
        assert "".join(lines) == text
        assert not any(line[0] in "，”" or line[-1] == "“" for line in lines)


@pytest.mark.parametrize("item, told", [
    (_box("甲", 40, 1), True), (_box("甲", 40, 2), False), (_box("甲\n乙", 40, 4), True), (_box("甲\n乙", 40, 8, lines=2), False),
    (Comb(0, 0, 20, 6, 4, "a", "12345"), True), (Comb(0, 0, 20, 6, 5, "a", "12345"), False),
    (Code(0, 0, 40, 8, "code128", "4130005152698467069774"), True), (Code(0, 0, 62, 8, "code128", "4130005152698467069774"), False),
    (Code(0, 0, 10, 10, "qr", "LV1:AB12CD34:CL261123-01-007"), True), (Code(0, 0, 20, 20, "qr", "LV1:AB12CD34:CL261123-01-007"), False),
])  # fmt: skip
def test_what_its_place_cannot_take_is_told(qtbot: QtBot, item: Primitive, told: bool) -> None:
    assert bool(clipped(Page(297, 210, (item,)))) == told


def test_numbers_stay_whole_where_they_can(qtbot: QtBot) -> None:
    lines = fit(_box("电能表 18239735848403 在箱内", 32, 20, lines=4)).lines
    assert any("18239735848403" in line for line in lines)


@settings(max_examples=60, deadline=None)
@given(
    text=st.text("甲乙丙（）。，a1 #", min_size=1, max_size=60),
    width=st.integers(8, 60),
    height=st.integers(3, 20),
    lines=st.integers(1, 4),
)
def test_nothing_is_lost_and_nothing_stands_out(qapp: QApplication, text: str, width: int, height: int, lines: int) -> None:
    fitted = fit(_box(text, width, height, lines=lines))
    assert "".join(fitted.lines).replace(" ", "") == text.replace(" ", "")
    assert len(fitted.lines) <= lines
    measure = metrics(fitted.points)
    assert all(measure.horizontalAdvance(line) * fitted.stretch / 100 <= width * UNITS + 1 for line in fitted.lines)
