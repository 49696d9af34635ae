"""The register: sheets found by number, marked, replaced, printed again."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from lvdesk.fieldwork.model import SheetState
from tests.ui.fieldwork.fakes import FakeFieldwork
from ui.main_window import MainWindow
from ui.panes.fieldwork.pane import FieldworkPane
from ui.panes.fieldwork.sheets import SheetsView

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")  # the screenless platform, of windows and popups
FIRST, LOST, OLD = "CL261122-03-001", "CL261122-03-003", "CL261110-02-001"


def opened(qtbot: QtBot, pane: FieldworkPane, count: int = 4) -> SheetsView:
    pane.show_view("sheets")
    listed(qtbot, pane, count)
    return pane.sheets


def listed(qtbot: QtBot, pane: FieldworkPane, count: int) -> None:
    qtbot.waitUntil(lambda: pane.sheets.table.model.rowCount() == count)


def shown(qtbot: QtBot, view: SheetsView, number: str) -> None:
    view.find_sheet(number)
    qtbot.waitUntil(lambda: view.card.sheet is not None and view.card.sheet.sheet_no == number)


def notices(window: MainWindow) -> list[str]:
    return [notice.what for notice in window.notices.open()]


def test_sheets_are_listed_by_state_and_package(qtbot: QtBot, pane: FieldworkPane) -> None:
    view = opened(qtbot, pane)
    chips = [chip.text() for chip in view.states._chips.values()]
    assert chips == ["全部  4", "待打印  0", "已打印  0", "在外  2", "已收回  1", "已换新  0", "遗失  1", "台账有变  1"]
    view.states.select("missing")
    view.states.chosen.emit("missing")
    listed(qtbot, pane, 1)
    view.package.setCurrentIndex(view.package.findData("CL261110-02"))
    listed(qtbot, pane, 0)


def test_a_scanned_number_goes_to_its_sheet(qtbot: QtBot, window: MainWindow, pane: FieldworkPane) -> None:
    view = opened(qtbot, pane)
    view.package.setCurrentIndex(view.package.findData("CL261110-02"))
    listed(qtbot, pane, 1)
    window.commands.trigger("fieldwork.scan")
    QTest.keyClicks(view.scan, LOST.lower())
    QTest.keyClick(view.scan, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: view.card.sheet is not None and view.card.sheet.sheet_no == LOST)
    qtbot.waitUntil(lambda: view.card.preview.count == 1 and view.card.preview.isVisible())


@pytest.mark.parametrize(
    "text, said",
    [("CL999999-01-001", "没有编号为 CL999999-01-001 的表单"), ("LV:broken", "二维码已损坏，或不是本软件的表单")],
    ids=["unknown", "damaged"],
)
def test_a_number_that_is_none_says_so(qtbot: QtBot, window: MainWindow, pane: FieldworkPane, text: str, said: str) -> None:
    view = opened(qtbot, pane)
    view.find_sheet(text)
    qtbot.waitUntil(lambda: said in notices(window))


def test_scanning_marks_back_at_once(qtbot: QtBot, window: MainWindow, pane: FieldworkPane, field: FakeFieldwork) -> None:
    view = opened(qtbot, pane)
    view.at_once.setChecked(True)
    view.find_sheet(FIRST)
    qtbot.waitUntil(lambda: field.register[FIRST].state is SheetState.BACK)
    qtbot.waitUntil(lambda: notices(window) == [f"{FIRST} 已登记为已收回"])


def test_a_lost_sheet_is_found_again(qtbot: QtBot, pane: FieldworkPane, field: FakeFieldwork) -> None:
    view = opened(qtbot, pane)
    shown(qtbot, view, LOST)
    assert [key for key, each in view.card.buttons.items() if each.isEnabled()] == ["back", "found", "print", "pdf", "replace"]
    view.card.buttons["found"].click()
    qtbot.waitUntil(lambda: field.register[LOST].state is SheetState.OUT)


def test_several_are_marked_after_saying_how_many(qtbot: QtBot, pane: FieldworkPane, field: FakeFieldwork) -> None:
    view = opened(qtbot, pane)
    view.table.view.selectAll()
    qtbot.waitUntil(lambda: len(view.selected()) == 4)
    view.deeds.do("back")
    question = view.deeds.question
    assert question is not None
    assert question.head.text() == "标记收回 3 张表单"
    assert question.condition.text() == "全部任务包（2）；全部中选中的行"
    question.agree()
    qtbot.waitUntil(lambda: [each.state for each in field.register.values()].count(SheetState.BACK) == 4)


def test_a_new_number_needs_a_reason(qtbot: QtBot, pane: FieldworkPane, field: FakeFieldwork) -> None:
    view = opened(qtbot, pane)
    shown(qtbot, view, FIRST)
    view.card.buttons["replace"].click()
    question = view.deeds.question
    assert question is not None
    assert not question.yes.isEnabled()
    question.reason.setEditText("破损")
    question.agree()
    qtbot.waitUntil(lambda: field.replaced == [((FIRST,), "破损")])
    qtbot.waitUntil(lambda: view.card.chip.text() == "已换新")


def test_a_sheet_whose_records_changed_says_so(qtbot: QtBot, pane: FieldworkPane) -> None:
    view = opened(qtbot, pane)
    shown(qtbot, view, OLD)
    assert view.card.changed.isVisible()
    view.card.package.click()
    qtbot.waitUntil(lambda: pane.switch.current() == "packages" and pane.packages.current() == "CL261110-02")


def test_no_sheets_yet_leads_to_the_packages(qtbot: QtBot, pane: FieldworkPane, field: FakeFieldwork) -> None:
    field.register.clear()
    pane.show_view("sheets")
    qtbot.waitUntil(lambda: pane.sheets.state.title() == "还没有编排表单")
