"""A paper sheet typed heads-down: every key a person presses, and what they see of it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from lvdesk.kit.errors import KnownError
from tests.ui.fieldwork.crop_fakes import png
from tests.ui.fieldwork.keying_fakes import BOX_CODE, METER_CODE, NUMBER, FakeKeying, a_field, a_sheet, ticks
from tests.ui.fieldwork.keying_window import Typist, keying_screen
from ui.main_window import MainWindow
from ui.panes.fieldwork.keying_view import KeyingView
from ui.theme.apply import apply

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")  # the screenless platform, of windows and popups
ENTER, TAB, BACK = Qt.Key.Key_Return, Qt.Key.Key_Tab, Qt.Key.Key_Backtab
SHIFT, CTRL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier
SAME, DIFFERS, METER = "0.slot.1.1.same", "0.slot.1.1.differs", "0.slot.1.1.meter"
BAR_CODE = "0.meter_box.bar_code"


@pytest.fixture
def keying() -> FakeKeying:
    return FakeKeying()


@pytest.fixture
def window(qapp: QApplication, qtbot: QtBot, tmp_path: Path, keying: FakeKeying) -> Iterator[MainWindow]:
    apply(qapp)
    made = keying_screen(tmp_path, keying)
    qtbot.addWidget(made)
    made.resize(1366, 768)
    made.show()
    made.activateWindow()
    qtbot.waitActive(made)
    yield made
    keying.hold.set()
    made.jobs.close()


@pytest.fixture
def view(window: MainWindow, qtbot: QtBot) -> KeyingView:
    found = window.findChildren(KeyingView)[0]
    qtbot.waitUntil(lambda: found.start_page.waiting is not None or bool(found.start_page.state.title()))
    return found


def opened(qtbot: QtBot, view: KeyingView, *, second: bool = False) -> Typist:
    view.open_sheet(NUMBER, second)
    qtbot.waitUntil(lambda: view.form is not None and view.page.has_keyboard())
    return Typist(view)


def here(view: KeyingView) -> str:
    assert view.form is not None
    return view.form.stop.field.place


def stored(qtbot: QtBot, keying: FakeKeying, expected: dict[str, str]) -> None:
    def check() -> None:
        said = keying.stored.get(NUMBER, {})
        assert {place: said.get(place) for place in expected} == expected

    qtbot.waitUntil(check)


def test_a_typed_number_opens_the_sheet_at_its_first_field(qtbot: QtBot, view: KeyingView) -> None:
    view.start()
    typist = Typist(view)
    typist.keys(NUMBER, ENTER)
    qtbot.waitUntil(lambda: view.form is not None)
    assert view.heading.text() == NUMBER
    assert here(view) == SAME
    assert view.page.has_keyboard()


def test_the_last_digits_are_enough_within_a_package(qtbot: QtBot, view: KeyingView, keying: FakeKeying) -> None:
    keying.sheets["CL261123-01-012"] = a_sheet("CL261123-01-012")
    typist = opened(qtbot, view)
    typist.keys(Qt.Key.Key_G, held=CTRL)
    assert view.number.hasFocus()
    typist.keys("12", ENTER)
    qtbot.waitUntil(lambda: view.heading.text() == "CL261123-01-012")


def test_an_unknown_number_says_so_and_can_be_typed_again(qtbot: QtBot, view: KeyingView) -> None:
    view.start()
    Typist(view).keys("CL261123-01-999", ENTER)
    qtbot.waitUntil(lambda: view.state.title() == "没有编号为 CL261123-01-999 的表单")
    assert view.number.hasFocus()
    assert view.number.selectedText().upper() == "CL261123-01-999"


@pytest.mark.parametrize(
    "keys, at, said",
    [
        (("+",), "0.slot.1.2.same", {SAME: "1", DIFFERS: "", METER: ""}),
        (("=",), "0.slot.1.2.same", {SAME: "1", DIFFERS: "", METER: ""}),
        (("-",), METER, {SAME: "", DIFFERS: ""}),
        (("2", ENTER), METER, {SAME: "", DIFFERS: "1"}),
        (("12", ENTER), METER, {SAME: "", DIFFERS: "1"}),
        (("2", ENTER, "954703", ENTER), "0.slot.1.2.same", {METER: "954703"}),
        (("2", TAB, "+"), "0.slot.1.2.same", {METER: "00000000507970"}),
        (("2", ENTER, "-"), "0.slot.1.2.same", {METER: ""}),
        (("*",), "1.slot.1.1.same", {SAME: "1", "0.slot.1.2.same": "1", "0.tick.same": "1", BAR_CODE: "", "0.meter_box.note": ""}),
    ],
    ids=[
        "ledger",
        "ledger by equals",
        "empty",
        "tick",
        "one tick replaces the other",
        "digits",
        "digits of the ledger",
        "no digits",
        "block",
    ],
)
def test_keys_say_what_stands_on_the_paper(
    qtbot: QtBot, view: KeyingView, keying: FakeKeying, keys: tuple[str | Qt.Key, ...], at: str, said: dict[str, str]
) -> None:
    opened(qtbot, view).keys(*keys)
    assert here(view) == at
    stored(qtbot, keying, said)


@pytest.mark.parametrize(
    "keys, at",
    [
        ((Qt.Key.Key_PageDown,), "1.slot.1.1.same"),
        ((Qt.Key.Key_PageDown, Qt.Key.Key_PageDown, Qt.Key.Key_PageUp), "1.slot.1.1.same"),
        ((TAB, TAB, BACK), METER),
        ((ENTER, Qt.Key.Key_Up), SAME),
        ((Qt.Key.Key_Down,), METER),
    ],
    ids=["next block", "and back", "back", "up", "past without an answer"],
)
def test_keys_lead_through_the_sheet(qtbot: QtBot, view: KeyingView, keys: tuple[Qt.Key, ...], at: str) -> None:
    opened(qtbot, view).keys(*keys)
    assert here(view) == at


def test_a_value_that_cannot_be_is_asked_once_more(qtbot: QtBot, view: KeyingView, keying: FakeKeying) -> None:
    typist = opened(qtbot, view)
    typist.keys("2", ENTER, "9547", ENTER)
    assert here(view) == METER
    assert view.aside.message.text() == "应为 6 位，现为 4 位。纸面确是这样，再按一次 Enter"
    typist.keys(ENTER)
    assert here(view) == "0.slot.1.2.same"
    stored(qtbot, keying, {METER: "9547"})


def test_letters_have_no_place_in_digits(qtbot: QtBot, view: KeyingView) -> None:
    typist = opened(qtbot, view)
    typist.keys("2", ENTER, "9A5")
    assert view.page.typed() == "95"
    assert view.aside.message.text() == "这里只填数字"


@pytest.mark.parametrize(
    "code, place, value",
    [(BOX_CODE, BAR_CODE, BOX_CODE), (METER_CODE, METER, METER_CODE[7:21][-6:])],
    ids=["box", "meter"],
)
def test_a_gun_fills_the_field_its_code_belongs_to(
    qtbot: QtBot, view: KeyingView, keying: FakeKeying, code: str, place: str, value: str
) -> None:
    typist = opened(qtbot, view)
    typist.gun(code)
    stored(qtbot, keying, {place: value})
    assert here(view) == SAME
    assert keying.stored[NUMBER].get(SAME) is None


@pytest.mark.parametrize("code", ["CL261123-01-012", "LV1:LVDESK:CL261123-01-012:B1:1.1:2*2X3:0000000"], ids=["number", "QR"])
def test_the_code_of_another_sheet_opens_it(qtbot: QtBot, view: KeyingView, keying: FakeKeying, code: str) -> None:
    keying.sheets["CL261123-01-012"] = a_sheet("CL261123-01-012")
    typist = opened(qtbot, view)
    typist.keys("2", ENTER, "95")
    typist.gun(code)
    qtbot.waitUntil(lambda: view.heading.text() == "CL261123-01-012")
    assert keying.stored[NUMBER][METER] == "95"


def test_the_scan_stands_beside_the_field(qtbot: QtBot, view: KeyingView, keying: FakeKeying) -> None:
    keying.sheets[NUMBER] = a_sheet(page=1)
    keying.crops = {METER: png("comb", "507970")}
    typist = opened(qtbot, view)
    typist.keys("2", ENTER)
    qtbot.waitUntil(lambda: not view.aside.picture.pixmap().isNull())
    assert view.aside.picture.isVisible()
    typist.keys("954703", ENTER)
    qtbot.waitUntil(view.aside.no_picture.isVisible)


def test_day_and_people_belong_to_the_sheet(qtbot: QtBot, view: KeyingView, keying: FakeKeying) -> None:
    typist = opened(qtbot, view)
    for _block in range(3):
        typist.keys(Qt.Key.Key_PageDown)
    typist.keys("20261120", ENTER, "+")
    qtbot.waitUntil(lambda: any(typed.collected_on == "2026-11-20" for typed in keying.calls))
    qtbot.waitUntil(lambda: any(typed.collected_by == "张三、李四" for typed in keying.calls))


def test_typing_goes_on_while_it_is_stored(qtbot: QtBot, view: KeyingView, keying: FakeKeying) -> None:
    keying.hold.clear()
    typist = opened(qtbot, view)
    typist.keys("+", "+", "1", ENTER)
    assert here(view) == "0.meter_box.note"
    assert view.saved.text() == "正在保存"
    keying.hold.set()
    stored(qtbot, keying, {"0.slot.1.2.same": "1", "0.tick.same": "1"})
    qtbot.waitUntil(lambda: view.saved.text() == "已保存")


def test_nothing_is_lost_when_it_cannot_be_stored(qtbot: QtBot, window: MainWindow, view: KeyingView, keying: FakeKeying) -> None:
    typist = opened(qtbot, view)
    keying.error = KnownError("store.offline", "数据库连接已断开", "请检查网络后重试")
    typist.keys("+", "+")
    qtbot.waitUntil(lambda: view.again.isVisible() and view.saved.text().endswith("栏未保存"))
    assert any("没有保存" in notice.what for notice in window.notices.open())
    keying.error = None
    view.again.click()
    stored(qtbot, keying, {SAME: "1", "0.slot.1.2.same": "1"})
    qtbot.waitUntil(lambda: not view.again.isVisible())


def test_a_value_the_station_refuses_is_shown_where_it_was_typed(qtbot: QtBot, view: KeyingView, keying: FakeKeying) -> None:
    keying.refuse = METER
    typist = opened(qtbot, view)
    typist.keys("2", ENTER, "954703", ENTER, "+")
    qtbot.waitUntil(lambda: "1 栏有问题" in view.count.text())
    typist.keys(Qt.Key.Key_F8)
    assert here(view) == METER
    assert "这一栏不能这样填" in view.aside.problem.text()
    stored(qtbot, keying, {"0.slot.1.2.same": "1"})


def test_what_is_taken_back_elsewhere_is_open_again(qtbot: QtBot, view: KeyingView, keying: FakeKeying) -> None:
    typist = opened(qtbot, view)
    typist.keys("+")
    qtbot.waitUntil(lambda: not view.store.waiting() and SAME in keying.stored[NUMBER])
    keying.stored.clear()
    view.refresh()
    qtbot.waitUntil(lambda: view.form is not None and view.form.values[SAME] is None)


def test_finishing_says_what_is_open_first(qtbot: QtBot, view: KeyingView, keying: FakeKeying) -> None:
    typist = opened(qtbot, view)
    typist.keys("*", Qt.Key.Key_F9)
    assert "栏没有录，按空白计。再按 F9 完成" in view.aside.message.text()
    assert keying.finished == []
    with qtbot.waitSignal(view.finished) as told:
        typist.keys(Qt.Key.Key_F9)
    assert told.args == [NUMBER]
    assert keying.finished == [NUMBER]
    assert view.start_page.isVisible()
    assert view.number.hasFocus()


def test_a_finished_sheet_that_needs_a_second_person_says_so(
    qtbot: QtBot, window: MainWindow, view: KeyingView, keying: FakeKeying
) -> None:
    keying.left = 4
    typist = opened(qtbot, view)
    typist.keys("*", Qt.Key.Key_F9, Qt.Key.Key_F9)
    qtbot.waitUntil(lambda: f"{NUMBER} 还要第二遍录入 4 栏" in [notice.what for notice in window.notices.open()])


def test_lines_of_a_table_stand_one_under_another(qtbot: QtBot, view: KeyingView, keying: FakeKeying) -> None:
    lines = [
        field
        for line in (1, 2, 3)
        for field in (*ticks(f"0.{line}.here", {"yes": "是", "no": "否"}, ("yes", "no")), a_field(f"0.{line}.other", "text", "实际接入点"))
    ]
    keying.sheets[NUMBER] = a_sheet(fields=tuple(lines))
    typist = opened(qtbot, view)
    tops = []
    for _line in range(3):
        tops.append(round(view.page.rect_here().top()))
        typist.keys("1", ENTER)
        assert round(view.page.rect_here().top()) == tops[-1]
        typist.keys(ENTER)
    assert tops == sorted(set(tops))
    stored(qtbot, keying, {"0.1.here.yes": "1", "0.2.here.yes": "1", "0.3.here.no": "", "0.3.other": ""})


def test_the_legend_is_always_in_sight(qtbot: QtBot, view: KeyingView) -> None:
    opened(qtbot, view)
    assert view.legend.isVisible()
    assert view.legend.shown() == ["Enter", "↑", "+", "-", "*", "1…9", "PgUp PgDn", "F8", "F9", "Ctrl+G"]


def test_closing_waits_for_what_was_typed(qtbot: QtBot, window: MainWindow, view: KeyingView, keying: FakeKeying) -> None:
    keying.hold.clear()
    typist = opened(qtbot, view)
    typist.keys("+")
    window.close()
    assert window.isVisible()
    keying.hold.set()
    qtbot.waitUntil(lambda: not window.isVisible())
    assert keying.stored[NUMBER][SAME] == "1"
