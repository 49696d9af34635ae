"""The blind second keying, sheets that wait, error rates, what a station that does not answer looks like."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from lvdesk.kit.errors import KnownError
from tests.ui.fieldwork.keying_fakes import BOX_CODE, NUMBER, FakeKeying, a_sheet
from tests.ui.fieldwork.keying_window import Typist, keying_screen
from ui.main_window import MainWindow
from ui.panes.fieldwork.keying_view import KeyingView
from ui.theme.apply import apply

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")  # the screenless platform, of windows and popups
ENTER = Qt.Key.Key_Return
METER, NEXT_METER, BAR_CODE = "0.slot.1.1.meter", "0.slot.1.2.meter", "0.meter_box.bar_code"
LOCKED = KnownError("db.locked", "数据库正被另一个程序占用", "请关闭它后重试")


@pytest.fixture
def keying() -> FakeKeying:
    return FakeKeying(first={METER: "507971", NEXT_METER: "954703"})


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
def view(window: MainWindow) -> KeyingView:
    return window.findChildren(KeyingView)[0]


def second(qtbot: QtBot, view: KeyingView) -> Typist:
    view.open_sheet(NUMBER, True)
    qtbot.waitUntil(lambda: view.form is not None and view.page.has_keyboard())
    return Typist(view)


def here(view: KeyingView) -> str:
    assert view.form is not None
    return view.form.stop.field.place


def listed(qtbot: QtBot, view: KeyingView) -> None:
    qtbot.waitUntil(lambda: view.start_page.table.model.rowCount() == 3 and view.start_page.table.model.row(0) is not None)


def test_only_what_is_risky_is_typed_again(qtbot: QtBot, view: KeyingView) -> None:
    second(qtbot, view)
    assert view.form is not None
    kinds = {(stop.group if stop.ticks else stop.field.place.rpartition(".")[2]) for stop in view.form.stops}
    assert kinds == {"meter", "bar_code", "device_type", "device_name"}
    assert view.mode.text() == "第二遍录入"


def test_nothing_tells_the_second_person_what_the_first_or_the_ledger_says(qtbot: QtBot, view: KeyingView, keying: FakeKeying) -> None:
    fields = a_sheet().fields
    keying.sheets[NUMBER] = replace(
        a_sheet(), fields=tuple(replace(each, value="1" if each.kind == "tick" else "507971") for each in fields)
    )
    typist = second(qtbot, view)
    assert view.form is not None
    assert set(view.form.values.values()) == {None}
    assert view.page.typed() == ""
    typist.keys("+")
    assert here(view) == METER
    assert view.aside.message.text() == "第二遍不显示台账，请照纸面录入"
    assert not view.aside.ledger.isVisible()
    typist.keys("*")
    assert here(view) == METER
    assert view.aside.message.text() == "第二遍要逐栏录入"
    assert "+" not in view.legend.shown()


def test_a_differing_value_is_told_and_typed_again(qtbot: QtBot, view: KeyingView, keying: FakeKeying) -> None:
    typist = second(qtbot, view)
    typist.keys("507970", ENTER)
    qtbot.waitUntil(lambda: view.aside.message.text() == "“表位 1-1”与第一遍录入不一致，F8 回去看")
    assert "507971" not in view.aside.message.text()
    typist.keys("954703", ENTER, Qt.Key.Key_F8)
    assert here(view) == METER
    typist.keys("507971", ENTER)
    qtbot.waitUntil(lambda: view.count.text().endswith("栏"))
    qtbot.waitUntil(lambda: keying.calls[-1].values == {METER: "507971"})


def test_who_stands_by_a_differing_value_settles_it(qtbot: QtBot, view: KeyingView, keying: FakeKeying) -> None:
    typist = second(qtbot, view)
    typist.keys("507970", ENTER)
    qtbot.waitUntil(lambda: "1 栏有问题" in view.count.text())
    typist.keys(Qt.Key.Key_F8)
    assert "仍是这个值，按 Enter 定下来" in view.aside.problem.text()
    typist.keys(ENTER)
    qtbot.waitUntil(lambda: bool(keying.calls) and keying.calls[-1].settled == (METER,))
    qtbot.waitUntil(lambda: "有问题" not in view.count.text())


def test_a_gun_types_barcodes_in_the_second_keying_too(qtbot: QtBot, view: KeyingView, keying: FakeKeying) -> None:
    typist = second(qtbot, view)
    typist.gun(BOX_CODE)
    qtbot.waitUntil(lambda: keying.stored.get(NUMBER, {}).get(BAR_CODE) == BOX_CODE)


def test_a_sheet_without_anything_risky_needs_no_second_keying(qtbot: QtBot, view: KeyingView, keying: FakeKeying) -> None:
    keying.sheets[NUMBER] = replace(a_sheet(), fields=tuple(replace(each, verified=each.risky) for each in a_sheet().fields))
    view.open_sheet(NUMBER, True)
    qtbot.waitUntil(lambda: view.state.title() == f"{NUMBER} 不需要第二遍录入")
    assert view.number.hasFocus()


def test_a_sheet_that_only_waits_for_the_second_keying_opens_so(qtbot: QtBot, view: KeyingView, keying: FakeKeying) -> None:
    keying.sheets[NUMBER] = a_sheet(state="second")
    view.open_sheet(NUMBER)
    qtbot.waitUntil(lambda: view.mode.text() == "第二遍录入")


def test_what_waits_is_listed_and_opens_with_enter(qtbot: QtBot, view: KeyingView) -> None:
    listed(qtbot, view)
    table = view.start_page.table
    assert [table.model.row(place).values[:2] for place in range(3)] == [  # type: ignore[union-attr]
        (NUMBER, "录入"),
        ("CL261123-01-004", "第二遍录入"),
        ("CL261123-01-031", "录入"),
    ]
    table.view.setFocus()
    Typist(view).keys(ENTER)
    qtbot.waitUntil(lambda: view.heading.text() == NUMBER)


def test_error_rates_stand_beside_what_waits(qtbot: QtBot, view: KeyingView) -> None:
    listed(qtbot, view)
    assert view.start_page.rates.isVisible()
    assert view.start_page.rates.lines == [
        ("王雅翔", "第一遍", "0.73%", "1,240 栏中错 9 栏"),
        ("陈思远", "第二遍", "0.32%", "620 栏中错 2 栏"),
        ("李海燕", "第一遍", "0.26%", "388 栏中错 1 栏"),
    ]


def test_escape_leads_back_to_what_waits(qtbot: QtBot, view: KeyingView) -> None:
    typist = second(qtbot, view)
    typist.keys(Qt.Key.Key_Escape)
    assert view.start_page.isVisible()
    assert view.number.hasFocus()


def test_a_station_that_does_not_answer_is_asked_again(qtbot: QtBot, view: KeyingView, keying: FakeKeying) -> None:
    listed(qtbot, view)
    keying.error = LOCKED
    view.open_sheet(NUMBER)
    qtbot.waitUntil(lambda: view.state.title() == LOCKED.message)
    keying.error = None
    Typist(view).keys(ENTER)
    qtbot.waitUntil(lambda: view.form is not None)
