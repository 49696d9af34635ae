from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QAbstractSpinBox, QComboBox, QLineEdit
from pytestqt.qtbot import QtBot

from lvdesk.kit.errors import KnownError
from lvdesk.ledger.model import FileReport, SheetChoice
from lvdesk.network.changed import Changed
from tests.ui.ledger.fakes import FakeLedger, sheet
from ui.main_window import MainWindow
from ui.panes.ledger.file_list import Place
from ui.panes.ledger.import_page import ImportPage
from ui.panes.ledger.importing import Stage
from ui.panes.ledger.pane import LedgerPane

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")  # the screenless platform, of windows and popups
BOOK = Path("台账.xlsx")


@pytest.fixture
def page(pane: LedgerPane) -> ImportPage:
    pane.show_view("import")
    return pane.imports


def read(qtbot: QtBot, page: ImportPage, *paths: Path) -> ImportPage:
    page.add(paths or (BOOK,))
    qtbot.waitUntil(lambda: not page.importing.busy)
    return page


def press(page: ImportPage, text: str) -> None:
    next(each for each in page.findChildren(QAbstractButton) if each.text() == text and each.isVisible()).click()


def test_an_empty_page_asks_for_files(page: ImportPage) -> None:
    assert page.stack.currentIndex() == 0
    assert page.importing.stage is Stage.EMPTY


def test_a_file_shows_what_was_recognised_and_what_would_be_stored(qtbot: QtBot, page: ImportPage) -> None:
    read(qtbot, page)
    assert page.files.current() == Place(BOOK, 0)
    assert page.sheet.template.currentText() == "低压用户台账"
    assert page.sheet.header_row.value() == 2
    assert page.sheet.trust.text() == "匹配 93%"
    assert [page.sheet.numbers.text(key) for key in ("rows_in", "rows_stored", "rows_refused", "healed")] == ["40", "40", "0", "1"]
    assert "读入 40 行 = 入库 40 + 拒收 0" in page.foot.summary.text()
    assert "用户 新增 38、变更 1、补空值 1、不再列出 1" in page.foot.differences.text()
    assert page.foot.start.isEnabled()


def test_healed_and_refused_cells_are_marked_with_their_reason(qtbot: QtBot, page: ImportPage) -> None:
    read(qtbot, page)
    table = page.sheet.table
    qtbot.waitUntil(lambda: table.model.row(0) is not None)
    tips = {str(table.model.index(row, column).data(Qt.ItemDataRole.ToolTipRole)) for row in range(6) for column in range(4)}
    assert any("已治愈：去除首尾空格" in tip for tip in tips)
    assert any("错误：编号被 Excel 科学计数法损坏" in tip for tip in tips)
    table.find_marked(1)
    qtbot.waitUntil(lambda: table.view.currentIndex().row() == 1)
    page.sheet.show_tab("refused")
    qtbot.waitUntil(lambda: table.model.rowCount() == 1 and table.model.row(0) is not None)
    assert "没有可恢复的证据" in str(table.model.index(0, 4).data())


def test_a_column_can_be_mapped_by_hand(qtbot: QtBot, page: ImportPage, ledger: FakeLedger) -> None:
    read(qtbot, page)
    mapping = page.sheet.mapping.mapping
    assert mapping.setData(mapping.index(3, 2), "customer.address")
    qtbot.waitUntil(lambda: len(ledger.requests) == 2 and not page.importing.busy)
    choice = ledger.requests[-1].choices[str(BOOK), "低压用户台账"]
    assert choice.template == "customer_ledger"
    assert choice.mapping == {1: "customer.customer_no", 2: "customer.name", 3: "meter.bar_code", 4: "customer.address"}


def test_a_field_given_to_another_column_leaves_the_first(qtbot: QtBot, page: ImportPage, ledger: FakeLedger) -> None:
    read(qtbot, page)
    mapping = page.sheet.mapping.mapping
    mapping.setData(mapping.index(3, 2), "customer.name")
    qtbot.waitUntil(lambda: len(ledger.requests) == 2 and not page.importing.busy)
    assert ledger.requests[-1].choices[str(BOOK), "低压用户台账"].mapping == {
        1: "customer.customer_no",
        3: "meter.bar_code",
        4: "customer.name",
    }


def test_template_header_row_and_leaving_out_are_decisions(qtbot: QtBot, page: ImportPage, ledger: FakeLedger) -> None:
    read(qtbot, page)
    page.sheet.header_row.setValue(3)
    page.sheet.skip.setChecked(True)
    qtbot.waitUntil(lambda: len(ledger.requests) > 1 and not page.importing.busy)
    assert ledger.requests[-1].choices[str(BOOK), "低压用户台账"] == SheetChoice(header_row=3, skip=True)
    page.sheet.template.setCurrentIndex(2)
    page.sheet.template.activated.emit(2)
    qtbot.waitUntil(lambda: ledger.requests[-1].choices[str(BOOK), "低压用户台账"].template == "box_survey")
    qtbot.waitUntil(lambda: not page.importing.busy)


def test_storing_shows_the_result_and_undo_starts_afresh(qtbot: QtBot, window: MainWindow, page: ImportPage, ledger: FakeLedger) -> None:
    read(qtbot, page)
    with qtbot.waitSignal(window.bus.changed) as told:
        page.load()
    assert told.args[0] & Changed.NETWORK
    assert page.banner.text() == "已导入 1 个文件，入库 40 行"
    assert not page.sheet.template.isEnabled()
    press(page, "撤销本次导入")
    qtbot.waitUntil(lambda: ledger.undone == [7] and page.importing.stage is Stage.EMPTY)


def test_a_broken_file_gets_one_line_and_the_rest_goes_on(qtbot: QtBot, page: ImportPage, ledger: FakeLedger) -> None:
    bad = Path("加密.xlsx")
    ledger.files["加密.xlsx"] = FileReport(bad, status="refused", reason="文件加了打开密码", hint="请在 WPS 中去掉密码后再导入")
    read(qtbot, page, bad, BOOK)
    assert page.banner.text() == "加密.xlsx：文件加了打开密码"
    assert page.foot.start.isEnabled()
    page.files.go_to(Place(bad, -1))
    assert page.file.state.title() == "加密.xlsx 无法读取"
    press(page, "从列表中移除")
    qtbot.waitUntil(lambda: not page.importing.busy)
    assert [report.path for report in page.importing.files] == [BOOK]
    assert page.banner.text() == ""


def test_the_same_file_again_says_so(qtbot: QtBot, page: ImportPage, ledger: FakeLedger) -> None:
    ledger.files[BOOK.name] = FileReport(BOOK, status="unchanged", kind="xlsx")
    read(qtbot, page)
    assert page.banner.text() == "这些文件都已导入过，内容没有变化"
    assert not page.foot.start.isEnabled()


def test_a_sheet_without_template_asks_for_one(qtbot: QtBot, page: ImportPage, ledger: FakeLedger) -> None:
    ledger.files[BOOK.name] = FileReport(BOOK, status="ready", kind="xlsx", sheets=(sheet(template="", rows_in=0, rows_stored=0),))
    read(qtbot, page)
    assert page.sheet.trust.text() == "没有识别出模板，请选择"
    assert page.sheet.template.currentText() == "自动识别"


def test_cancel_while_reading_keeps_the_files_for_another_try(qtbot: QtBot, page: ImportPage, ledger: FakeLedger) -> None:
    ledger.hold.clear()
    page.add([BOOK])
    qtbot.waitUntil(lambda: bool(ledger.requests))
    page.cancel()
    qtbot.waitUntil(lambda: page.importing.stage is Stage.CANCELLED)
    assert page.banner.text() == "已取消，未保存任何数据"
    ledger.hold.set()
    press(page, "重新读取")
    qtbot.waitUntil(lambda: page.importing.stage is Stage.READY)


def test_cancel_while_storing_stores_nothing(qtbot: QtBot, page: ImportPage, ledger: FakeLedger) -> None:
    read(qtbot, page)
    ledger.hold.clear()
    page.load()
    assert page.importing.stage is Stage.LOADING
    page.cancel()
    qtbot.waitUntil(lambda: page.importing.stage is Stage.READY)
    assert ledger.loaded == []
    ledger.hold.set()


def test_when_reading_fails_the_page_says_why(qtbot: QtBot, page: ImportPage, ledger: FakeLedger) -> None:
    ledger.error = KnownError("db.locked", "数据库正被另一个程序占用", "请关闭它后重试")
    read(qtbot, page)
    assert page.banner.text() == "数据库正被另一个程序占用"
    ledger.error = None
    press(page, "重新读取")
    qtbot.waitUntil(lambda: page.importing.stage is Stage.READY)


def test_the_whole_import_goes_by_keyboard(qtbot: QtBot, window: MainWindow, page: ImportPage, ledger: FakeLedger) -> None:
    window.files_dropped.emit([BOOK])  # what Ctrl+O ends in
    qtbot.waitUntil(lambda: page.importing.stage is Stage.READY)
    page.files.setFocus()
    qtbot.keyClick(page.files, Qt.Key.Key_Up)
    assert page.files.current() == Place(BOOK, -1)
    qtbot.keyClick(page.files, Qt.Key.Key_Down)
    assert page.files.current() == Place(BOOK, 0)
    window.activateWindow()
    qtbot.keyClick(page.files, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: page.importing.stage is Stage.DONE)
    assert len(ledger.loaded) == 1


def test_every_control_of_the_pane_has_a_name(qtbot: QtBot, page: ImportPage, pane: LedgerPane) -> None:
    read(qtbot, page)
    controls = [each for kind in (QAbstractButton, QLineEdit, QComboBox, QAbstractSpinBox) for each in pane.findChildren(kind)]
    inner = (QLineEdit, QAbstractSpinBox, QComboBox)
    nameless = [each for each in controls if not each.accessibleName() and not isinstance(each.parentWidget(), inner)]
    assert [type(each).__name__ for each in nameless if each.metaObject().className() != "QTableCornerButton"] == []


def test_a_blank_workbook_is_written_where_asked(
    qtbot: QtBot, pane: LedgerPane, ledger: FakeLedger, window: MainWindow, tmp_path: Path
) -> None:
    assert [action.text() for action in pane.imports.blanks.menu.actions()] == ["低压用户台账", "计量箱普查表"]
    target = tmp_path / "空白.xlsx"
    pane.imports.blanks.write("box_survey", "计量箱普查表", target)
    qtbot.waitUntil(lambda: bool(window.notices.open()))
    assert ledger.blanks == [("box_survey", target)]
    assert window.notices.open()[0].offers[0].text == "打开文件夹"
