from typing import cast

import pytest
from PySide6.QtCore import QItemSelectionModel, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QAbstractButton
from pytestqt.qtbot import QtBot

from lvdesk.kit.errors import KnownError
from lvdesk.network.browsing import Node
from lvdesk.network.changed import Changed
from tests.ui.ledger.fakes import FakeLedger
from ui.main_window import MainWindow
from ui.models.table_model import TableRole
from ui.panes.ledger.browser import Browser
from ui.panes.ledger.pane import LedgerPane
from ui.panes.ledger.paste_preview import PastePreview
from ui.panes.ledger.tree_model import NODE

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")  # the screenless platform, of windows and popups


@pytest.fixture
def browser(pane: LedgerPane) -> Browser:
    return pane.browser


def titles(browser: Browser) -> list[str]:
    model = browser.table.model
    return [str(model.index(row, 1).data()) for row in range(model.rowCount())]


def standing(browser: Browser) -> str:
    return str(browser.tree.currentIndex().data())


def test_the_first_look_lists_all_areas(qtbot: QtBot, browser: Browser) -> None:
    qtbot.waitUntil(lambda: titles(browser) == ["文晖路1#公变", "文晖路2#公变"])
    assert browser.switch.current() == "transformer_area"
    assert browser.where.text() == "全部"


def test_a_branch_of_the_tree_narrows_the_table(qtbot: QtBot, browser: Browser) -> None:
    browser.tree.reveal([("substation", "3301"), ("feeder", "F11"), ("transformer_area", "A1")])
    qtbot.waitUntil(lambda: standing(browser) == "文晖路1#公变")
    assert browser.switch.current() == "meter_box"
    qtbot.waitUntil(lambda: browser.table.model.rowCount() == 6)
    browser.switch.usual.chosen.emit("customer")
    qtbot.waitUntil(lambda: browser.table.model.rowCount() == 12)


def test_a_number_opens_all_records_of_its_kind(qtbot: QtBot, pane: LedgerPane, browser: Browser) -> None:
    browser.tree.reveal([("substation", "3301"), ("feeder", "F11"), ("transformer_area", "A1"), ("meter_box", "3330009000000000000002")])
    qtbot.waitUntil(lambda: browser.table.model.rowCount() == 2)
    pane.reveal(("customer", None))
    qtbot.waitUntil(lambda: browser.table.model.rowCount() == 12)
    assert (browser.switch.current(), browser.where.text()) == ("customer", "全部")


def test_only_records_no_longer_listed_until_all_are_asked_for(
    qtbot: QtBot, pane: LedgerPane, browser: Browser, ledger: FakeLedger
) -> None:
    ledger.absent = {"42097411", "42097430"}
    pane.reveal(("absent", "customer"))
    qtbot.waitUntil(lambda: titles(browser) == ["张411", "张430"])
    browser.all.click()
    qtbot.waitUntil(lambda: browser.table.model.rowCount() == 12)
    assert not browser.all.isVisible()


def test_records_without_a_parent_are_listed_themselves(qtbot: QtBot, pane: LedgerPane, browser: Browser, ledger: FakeLedger) -> None:
    ledger.nodes[("", "")] += (Node("transformer_area", 0, "", "未归属线路的台区", 1, leaf=False),)
    browser.tree.refresh()
    pane.reveal(("transformer_area", ""))
    qtbot.waitUntil(lambda: standing(browser) == "未归属线路的台区")
    assert (browser.switch.current(), browser.where.text()) == ("transformer_area", "未归属线路的台区")


def test_qt_finds_no_fault_with_the_tree(qtbot: QtBot, browser: Browser) -> None:
    tester = QAbstractItemModelTester(browser.tree_model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    browser.tree.reveal([("substation", "3301"), ("feeder", "F11"), ("transformer_area", "A1"), ("meter_box", "3330009000000000000002")])
    qtbot.waitUntil(lambda: standing(browser) == "3330009000000000000002")
    browser.tree.refresh()
    qtbot.waitUntil(lambda: standing(browser) == "3330009000000000000002")
    del tester


def test_a_row_opens_in_the_inspector_with_its_place_and_evidence(qtbot: QtBot, browser: Browser) -> None:
    browser.reveal("customer", "42097401")
    qtbot.waitUntil(lambda: browser.inspector.record is not None and browser.inspector.record.key == "42097401")
    qtbot.waitUntil(lambda: standing(browser) == "3330009000000000000000")
    steps = [each.text() for each in browser.inspector.findChildren(QAbstractButton) if each.accessibleName().startswith("到 ")]
    assert steps == ["110kV城东变", "10kV文一线", "文晖路1#公变", "3330009000000000000000"]
    assert browser.inspector.evidence.place.text() == "台账.xlsx › 用户 › 第 7 行"
    assert "王五" in browser.inspector.evidence.others.text()
    qtbot.waitUntil(lambda: browser.table.current_id() == 401)


def test_a_step_of_the_ladder_leads_up(qtbot: QtBot, browser: Browser) -> None:
    browser.reveal("customer", "42097401")
    qtbot.waitUntil(lambda: standing(browser) == "3330009000000000000000")
    ladder = browser.inspector
    qtbot.waitUntil(lambda: ladder.record is not None and ladder.record.key == "42097401")
    next(each for each in ladder.findChildren(QAbstractButton) if each.text() == "文晖路1#公变").click()
    qtbot.waitUntil(lambda: browser.inspector.record is not None and browser.inspector.record.entity == "transformer_area")
    assert browser.switch.current() == "transformer_area"
    qtbot.waitUntil(lambda: standing(browser) == "10kV文一线")


def test_a_customer_in_the_tree_opens_without_moving_the_table(qtbot: QtBot, browser: Browser) -> None:
    browser.tree.reveal(
        [
            ("substation", "3301"),
            ("feeder", "F11"),
            ("transformer_area", "A1"),
            ("meter_box", "3330009000000000000001"),
            ("customer", "42097410"),
        ]
    )
    qtbot.waitUntil(lambda: standing(browser) == "张410")
    qtbot.waitUntil(lambda: browser.inspector.record is not None and browser.inspector.record.title == "张410")
    assert browser.tree.currentIndex().data(NODE).leaf


def test_an_unknown_record_is_told_kindly(qtbot: QtBot, window: MainWindow, browser: Browser) -> None:
    browser.reveal("customer", "nobody")
    qtbot.waitUntil(lambda: [notice.what for notice in window.notices.open()] == ["没有找到 nobody"])


def test_a_typed_value_is_stored_as_one_undoable_write(qtbot: QtBot, window: MainWindow, browser: Browser, ledger: FakeLedger) -> None:
    qtbot.waitUntil(lambda: browser.table.model.row(0) is not None)
    with qtbot.waitSignal(window.bus.changed):
        browser.table.model.setData(browser.table.model.index(0, 1), "文晖路一号公变")
    assert ledger.edits[0][0] == "transformer_area"
    assert ledger.edits[0][1][0].text == "文晖路一号公变"


def test_a_refused_value_stays_in_the_cell_marked(qtbot: QtBot, window: MainWindow, browser: Browser, ledger: FakeLedger) -> None:
    qtbot.waitUntil(lambda: browser.table.model.row(0) is not None)
    cell = browser.table.model.index(0, 1)
    browser.table.model.setData(cell, "文晖路?")
    qtbot.waitUntil(lambda: cell.data(TableRole.MARK) is not None)
    assert cell.data() == "文晖路?"
    assert "名称不能含问号" in cell.data(TableRole.MARK).reason
    assert ledger.edits == []
    assert [notice.what for notice in window.notices.open()] == ["名称不能含问号"]


def test_a_pasted_block_is_looked_at_before_it_is_stored(qtbot: QtBot, window: MainWindow, browser: Browser, ledger: FakeLedger) -> None:
    qtbot.waitUntil(lambda: browser.table.model.row(0) is not None)
    QGuiApplication.clipboard().setText("甲\n乙?")
    index = browser.table.model.index(0, 1)
    browser.table.view.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)
    with qtbot.waitSignal(browser.edits.previewed) as told:
        browser.table.paste()
    preview = cast("PastePreview", told.args[0])
    assert preview.save.text() == "保存 1 处修改"
    qtbot.waitUntil(lambda: preview.table.model.row(1) is not None)
    assert preview.table.model.index(1, 3).data(TableRole.MARK).reason == "名称不能含问号"
    with qtbot.waitSignal(window.bus.changed):
        preview.save.click()
    assert [edit.text for edit in ledger.edits[0][1]] == ["甲"]


def test_a_change_elsewhere_keeps_the_row_and_the_place(qtbot: QtBot, window: MainWindow, browser: Browser, ledger: FakeLedger) -> None:
    browser.reveal("customer", "42097411")
    qtbot.waitUntil(lambda: standing(browser) == "3330009000000000000001" and browser.table.current_id() == 411)
    window.bus.tell(Changed.NETWORK)
    qtbot.waitUntil(lambda: standing(browser) == "3330009000000000000001")
    qtbot.waitUntil(lambda: browser.table.current_id() == 411)


def test_an_empty_ledger_leads_to_the_import(qtbot: QtBot, window: MainWindow, pane: LedgerPane, ledger: FakeLedger) -> None:
    ledger.nodes = {}
    window.bus.tell(Changed.NETWORK)
    pane.browser._shown = None
    pane.browser._show_table()
    qtbot.waitUntil(lambda: pane.browser.table.state.title() == "台账还是空的")
    next(each for each in pane.browser.table.state.findChildren(QAbstractButton) if each.text() == "导入台账").click()
    assert pane.views.currentWidget() is pane.imports


def test_a_tree_that_cannot_be_read_says_why(qtbot: QtBot, window: MainWindow, browser: Browser, ledger: FakeLedger) -> None:
    ledger.error = KnownError("db.locked", "数据库正被占用", "请稍后重试")
    browser.tree.refresh()
    qtbot.waitUntil(lambda: [notice.what for notice in window.notices.open()] == ["数据库正被占用"])


def test_the_ways_are_open_to_the_keyboard(qtbot: QtBot, window: MainWindow, pane: LedgerPane) -> None:
    window.commands.trigger("ledger.import")
    assert pane.views.currentWidget() is pane.imports
    window.commands.trigger("ledger.browse")
    assert pane.views.currentWidget() is pane.browser
    qtbot.keyClick(pane.browser.table.view, Qt.Key.Key_End, Qt.KeyboardModifier.ControlModifier)
    assert pane.browser.table.view.currentIndex().row() == 1
