"""A new package: areas ticked, what it comes to, made."""

from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from tests.ui.fieldwork.fakes import FakeFieldwork
from ui.main_window import MainWindow
from ui.panes.fieldwork.area_model import NEED
from ui.panes.fieldwork.day_line import day_of
from ui.panes.fieldwork.new_package import NewView
from ui.panes.fieldwork.pane import FieldworkPane
from ui.panes.fieldwork.words import people_in

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")  # the screenless platform, of windows and popups


def opened(qtbot: QtBot, pane: FieldworkPane) -> NewView:
    """The page with everything counted."""
    pane.show_view("new")
    view = pane.new
    qtbot.waitUntil(lambda: view.picks.areas.rowCount() == 2 and view.scope is not None)
    return view


def ready(qtbot: QtBot, view: NewView) -> None:
    qtbot.waitUntil(view.plan.make.isEnabled)


def test_areas_tell_what_there_is_to_visit(qtbot: QtBot, pane: FieldworkPane) -> None:
    view = opened(qtbot, pane)
    index = view.picks.areas.index(0)
    need = index.data(NEED)
    assert (need.needed, need.without_place) == (12, 1)
    said = "文晖路1#公变，A1，10kV文一线，计量箱 20，需采录 12，已在任务包 0，无坐标 1"
    assert index.data(Qt.ItemDataRole.AccessibleTextRole) == said
    assert view.plan.state.title() == "先选台区"
    view.picks.feeder.setCurrentIndex(0)
    assert view.picks.areas.rowCount() == 3
    view.picks.words.setText("临江")
    assert [area.area_no for area in view.picks.areas.shown()] == ["A3"]


def test_a_package_is_made_by_keys(qtbot: QtBot, window: MainWindow, pane: FieldworkPane, field: FakeFieldwork) -> None:
    view = opened(qtbot, pane)
    view.picks.list.setFocus()
    QTest.keyClick(view.picks.list, Qt.Key.Key_Space)
    ready(qtbot, view)
    assert [number.text() for number in view.plan.numbers.values()] == ["12", "1", "1.2 公里", "6"]
    assert view.form.reasons["never_collected"].text() == "从未现场采录  12"
    assert view.form._pages_of["box_collection"].text() == "约 3 张"
    view.form.lines["people"].setText("王建国 周志强")
    window.commands.trigger("fieldwork.create")
    qtbot.waitUntil(lambda: pane.switch.current() == "packages" and pane.packages.current() == "CL261122-05")
    request = field.requests[0]
    assert (request.areas, request.people, request.reasons) == (("A1",), ("王建国", "周志强"), ())
    assert (request.planned_on, request.due_on) == ("2026-11-23", "2026-11-30")
    assert request.forms == ("cover", "box_collection")
    assert window.workspace.settings.get("fieldwork.new", {})["people"] == "王建国 周志强"


def test_asked_while_it_is_worked_out_it_is_made_when_ready(
    qtbot: QtBot, window: MainWindow, pane: FieldworkPane, field: FakeFieldwork
) -> None:
    view = opened(qtbot, pane)
    field.hold.clear()
    view.picks.areas.tick(["A1"], on=True)
    qtbot.waitUntil(lambda: view._planning is not None)
    window.commands.trigger("fieldwork.create")
    assert view.plan.doing.text() == "正在计算，算好后就建立…"
    assert field.requests == []
    field.hold.set()
    qtbot.waitUntil(lambda: pane.switch.current() == "packages")
    assert len(field.requests) == 1


def test_each_area_its_own_package(qtbot: QtBot, pane: FieldworkPane) -> None:
    view = opened(qtbot, pane)
    view.picks.every.click()
    view.form.split.setChecked(True)
    ready(qtbot, view)
    assert view.plan.make.accessibleName() == "建立 2 个任务包"


@pytest.mark.parametrize(
    "area, title", [("A3", "没有要去的"), ("A1", "没有需要到现场的对象")], ids=["all in other packages", "no such reason"]
)
def test_nothing_to_visit_says_why(qtbot: QtBot, pane: FieldworkPane, area: str, title: str) -> None:
    view = opened(qtbot, pane)
    if area == "A1":
        view.form.reasons["never_collected"].setChecked(False)
    view.picks.areas.tick([area], on=True)
    qtbot.waitUntil(lambda: view.plan.state.title() == title)
    assert not view.plan.make.isEnabled()


def test_what_lacks_is_said_before_anything_is_counted(qtbot: QtBot, pane: FieldworkPane) -> None:
    view = opened(qtbot, pane)
    view.picks.areas.tick(["A1"], on=True)
    ready(qtbot, view)
    view.form.due.line.setText("2026-11-01")
    assert view.form.hint.text() == "应回日期早于计划日期"
    assert not view.plan.make.isEnabled()
    view.form.none.click()
    assert view.plan.state.title() == "请至少勾选一种采录原因"


def test_counting_can_be_cancelled(qtbot: QtBot, pane: FieldworkPane, field: FakeFieldwork) -> None:
    view = opened(qtbot, pane)
    field.hold.clear()
    view.picks.areas.tick(["A1"], on=True)
    qtbot.waitUntil(lambda: view._planning is not None and view.plan.stop.isVisible())
    view.plan.stop.click()
    assert view.plan.state.title() == "已取消计算"
    qtbot.waitUntil(lambda: view._planning is None)


def test_an_empty_ledger_leads_to_the_import(qtbot: QtBot, pane: FieldworkPane, field: FakeFieldwork) -> None:
    field.ledger = False
    pane.show_view("new")
    qtbot.waitUntil(lambda: pane.new.state.title() == "台账是空的")


@pytest.mark.parametrize(
    "text, day",
    [
        ("2026-11-25", date(2026, 11, 25)), ("20261125", date(2026, 11, 25)), ("11-25", date(2026, 11, 25)), ("1125", date(2026, 11, 25)),
        ("11月25日", date(2026, 11, 25)), ("1-5", date(2027, 1, 5)), ("+3", date(2026, 11, 26)), ("13-1", None), ("下周", None), ("", None),
    ],
)  # fmt: skip
def test_days_are_read_as_people_write_them(text: str, day: date | None) -> None:
    assert day_of(text, date(2026, 11, 23)) == day


def test_names_come_apart_at_commas_and_blanks() -> None:
    assert people_in(" 王建国，周志强、李海燕  陈思远,") == ("王建国", "周志强", "李海燕", "陈思远")
