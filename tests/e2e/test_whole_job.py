"""A person's day at the ledger, in the real window over a real workspace: files in, looked at, corrected, taken back, refused."""

import threading
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from lvdesk.kit.progress import Progress
from lvdesk.ledger.intake import Intake
from lvdesk.network.counting import counts
from lvdesk.sample import SampleStation
from tests.e2e.conftest import OpenWindow
from ui.main_window import MainWindow
from ui.panes.history.pane import HistoryPane
from ui.panes.ledger.importing import Stage
from ui.panes.ledger.pane import LedgerPane
from ui.widgets.data_table import DataTable

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")  # the screenless platform, of windows and popups
PATIENCE = 60_000
_COPY = Qt.DropAction.CopyAction
_ENTITIES = {
    "substations": "substation", "feeders": "feeder", "areas": "transformer_area", "boxes": "meter_box", "customers": "customer",
    "meters": "meter",
}  # fmt: skip


def drop(window: MainWindow, *paths: Path) -> None:
    """Lets files fall on the middle of the window."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    place = window.rect().center()
    buttons = (Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(window, QDragEnterEvent(place, _COPY, data, *buttons))
    QApplication.sendEvent(window, QDropEvent(QPointF(place), _COPY, data, *buttons))


def ledger(window: MainWindow) -> LedgerPane:
    window.navigate("ledger")
    pane = window.stack.pane("ledger")
    assert isinstance(pane, LedgerPane)
    return pane


def history(window: MainWindow) -> HistoryPane:
    window.navigate("history")
    pane = window.stack.pane("history")
    assert isinstance(pane, HistoryPane)
    return pane


def reach(qtbot: QtBot, pane: LedgerPane, stage: Stage) -> None:
    qtbot.waitUntil(lambda: pane.imports.importing.stage is stage, timeout=PATIENCE)


def previewed(qtbot: QtBot, window: MainWindow, *paths: Path) -> LedgerPane:
    """Drops files and waits for their preview."""
    drop(window, *paths)
    pane = ledger(window)
    reach(qtbot, pane, Stage.READY)
    return pane


def press(qtbot: QtBot, button: QPushButton) -> None:
    qtbot.waitUntil(lambda: button.isVisible() and button.isEnabled())
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def offered(pane: LedgerPane, words: str) -> QPushButton:
    return next(each for each in pane.imports.banner.offers() if each.text() == words)


def show_all(qtbot: QtBot, pane: LedgerPane, entity: str) -> DataTable:
    """The browser's table with every record of a kind."""
    pane.show_view("browse")
    browser = pane.browser
    qtbot.waitUntil(lambda: bool(browser.switch.current()) and browser.tree.currentIndex().isValid(), timeout=PATIENCE)
    browser.switch._choose(entity)
    qtbot.waitUntil(lambda: loaded(browser.table), timeout=PATIENCE)
    return browser.table


def loaded(table: DataTable) -> bool:
    """Whether the first row is on screen."""
    return table.model.rowCount() > 0 and table.model.row(0) is not None


def column(table: DataTable, key: str) -> int:
    place = table.model.column_of(key)
    assert place is not None, key
    return place


def stand_on(table: DataTable, row: int, key: str) -> None:
    table.view.setCurrentIndex(table.model.index(row, column(table, key)))
    table.view.setFocus()


def whats(window: MainWindow) -> list[str]:
    return [notice.what for notice in window.notices.open()]


def test_dropped_files_are_previewed_imported_and_shown_everywhere(
    qtbot: QtBot, open_window: OpenWindow, tmp_path: Path, station: SampleStation
) -> None:
    window = open_window(tmp_path / "station")
    pane = previewed(qtbot, window, *station.files)
    assert not any(counts(window.workspace).values())
    card = pane.imports.sheet
    qtbot.waitUntil(lambda: card.table.model.rowCount() > 0)
    said = pane.imports.foot.summary.text()
    assert said.startswith(f"{len(station.files)} 个文件")
    assert " = 入库 " in said
    assert "治愈" in said

    press(qtbot, pane.imports.foot.start)
    reach(qtbot, pane, Stage.DONE)
    assert pane.imports.banner.text().startswith(f"已导入 {len(station.files)} 个文件")
    stored = counts(window.workspace)
    assert {name: stored[entity] for name, entity in _ENTITIES.items()} == {name: station.counts[name] for name in _ENTITIES}

    press(qtbot, offered(pane, "查看台账"))
    table = show_all(qtbot, pane, "customer")
    assert table.model.rowCount() == station.counts["customers"]
    window.navigate("workbench")
    buttons = lambda: [each.accessibleName() for each in window.stack.findChildren(QPushButton)]  # noqa: E731
    qtbot.waitUntil(lambda: f"用户 {station.counts['customers']}，打开列表" in buttons())
    qtbot.waitUntil(lambda: window.undoing.undo_action.text() == f"撤销：导入 {len(station.files)} 个文件")


def test_a_place_in_the_tree_a_row_and_where_its_values_come_from(qtbot: QtBot, open_window: OpenWindow, filled: Path) -> None:
    pane = ledger(open_window(filled))
    tree, browser = pane.browser.tree, pane.browser
    qtbot.waitUntil(lambda: tree.currentIndex().isValid() and loaded(browser.table), timeout=PATIENCE)
    tree.setFocus()
    QTest.keyClick(tree, Qt.Key.Key_Down)
    QTest.keyClick(tree, Qt.Key.Key_Right)
    qtbot.waitUntil(lambda: tree.isExpanded(tree.currentIndex()) and browser.tree_model.rowCount(tree.currentIndex()) > 0)
    QTest.keyClick(tree, Qt.Key.Key_Down)
    feeder = tree.currentIndex().data()
    qtbot.waitUntil(lambda: browser.where.text() == feeder and loaded(browser.table))
    assert browser.switch.current() == "transformer_area"
    browser.switch._choose("customer")
    qtbot.waitUntil(lambda: browser.edits.entity == "customer" and loaded(browser.table))
    stand_on(browser.table, 0, "name")
    number = browser.table.model.index(0, column(browser.table, "customer_no")).data()
    inspector = browser.inspector
    qtbot.waitUntil(lambda: inspector.record is not None and inspector.record.key == number)
    assert feeder in [link.title for link in inspector.record.path]  # type: ignore[union-attr]
    qtbot.waitUntil(inspector.evidence.isVisible)
    assert " › 第 " in inspector.evidence.place.text()
    assert inspector.evidence.place.text().endswith(" 行")


def test_a_filtered_table_is_copied_as_it_is_seen(qtbot: QtBot, open_window: OpenWindow, filled: Path) -> None:
    table = show_all(qtbot, ledger(open_window(filled)), "customer")
    number = table.model.index(0, column(table, "customer_no")).data()
    whole = table.model.rowCount()
    stand_on(table, 0, "customer_no")
    QTest.keyClick(table.view, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    popup = table.filter_popup
    qtbot.waitUntil(lambda: popup.isVisible() and popup.values.rowCount() == whole)
    popup.words.setText(number)
    qtbot.waitUntil(lambda: popup.values.rowCount() == 1)
    QTest.keyClick(popup.words, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: table.model.rowCount() == 1 and loaded(table))
    assert number in table.bar.findChildren(QPushButton)[0].text()
    table.view.setFocus()
    QTest.keyClick(table.view, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(table.view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: number in QGuiApplication.clipboard().text())
    assert QGuiApplication.clipboard().text().split("\t")[0] == number
    table.clear_filters()
    qtbot.waitUntil(lambda: table.model.rowCount() == whole)


def test_a_corrected_cell_is_stored_told_and_taken_back(qtbot: QtBot, open_window: OpenWindow, filled: Path) -> None:
    window = open_window(filled)
    table = show_all(qtbot, ledger(window), "customer")
    place = column(table, "name")
    before = table.model.index(0, place).data()
    stand_on(table, 0, "name")
    QTest.keyClick(table.view, Qt.Key.Key_F2)
    editor = table.view.viewport().findChild(QLineEdit)
    assert isinstance(editor, QLineEdit)
    editor.setText("改过的名字")
    QTest.keyClick(editor, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: window.undoing.undo_action.text().startswith("撤销：修改用户"))
    qtbot.waitUntil(lambda: loaded(table) and table.model.index(0, place).data() == "改过的名字")

    changes = history(window).journal.detail.changes
    told = lambda: [tuple(changes.index(row, each).data() for each in (3, 4)) for row in range(changes.rowCount())]  # noqa: E731
    qtbot.waitUntil(lambda: (before, "改过的名字") in told())

    ledger(window)
    QTest.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: any(what.startswith("已撤销") for what in whats(window)))
    qtbot.waitUntil(lambda: loaded(table) and table.model.index(0, place).data() == before)


def test_the_same_files_again_change_nothing_and_say_so(
    qtbot: QtBot, open_window: OpenWindow, filled: Path, station: SampleStation
) -> None:
    pane = previewed(qtbot, open_window(filled), *station.files)
    assert pane.imports.banner.text() == "这些文件都已导入过，内容没有变化"
    assert {report.status for report in pane.imports.importing.files} == {"unchanged"}
    assert not pane.imports.foot.start.isEnabled()


def test_a_broken_file_gets_one_line_and_the_others_are_imported(
    qtbot: QtBot, open_window: OpenWindow, tmp_path: Path, station: SampleStation
) -> None:
    broken = tmp_path / "坏的.xlsx"
    broken.write_bytes(station.files[0].read_bytes()[:3000])
    window = open_window(tmp_path / "station")
    pane = previewed(qtbot, window, broken, *station.files)
    told = pane.imports.banner.text()
    assert told.startswith("坏的.xlsx：")
    assert "\n" not in told
    press(qtbot, pane.imports.foot.start)
    reach(qtbot, pane, Stage.DONE)
    assert counts(window.workspace)["customer"] == station.counts["customers"]
    assert [report.path.name for report in pane.imports.importing.files if report.status == "refused"] == ["坏的.xlsx"]


class Gate:
    """Stops imports between their last row and their commit while it is shut; a cancelled import goes on by itself."""

    def __init__(self) -> None:
        self.open = threading.Event()
        self.open.set()
        self.reached = threading.Event()

    def wait(self, progress: Progress) -> None:
        self.reached.set()
        while not (self.open.is_set() or progress.cancelled):
            self.open.wait(0.01)


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> Gate:
    made, finish = Gate(), Intake.finish

    def held(intake: Intake, progress: Progress) -> object:
        made.wait(progress)
        return finish(intake, progress)

    monkeypatch.setattr(Intake, "finish", held)
    return made


def half_way(qtbot: QtBot, pane: LedgerPane, gate: Gate) -> None:
    """Starts to store, and returns when every row is in the open transaction."""
    gate.open.clear()
    gate.reached.clear()
    press(qtbot, pane.imports.foot.start)
    qtbot.waitUntil(gate.reached.is_set, timeout=PATIENCE)
    assert pane.imports.importing.stage is Stage.LOADING


def test_cancel_half_way_saves_nothing_and_the_window_answers(
    qtbot: QtBot, open_window: OpenWindow, tmp_path: Path, station: SampleStation, gate: Gate
) -> None:
    window = open_window(tmp_path / "station")
    pane = previewed(qtbot, window, *station.files)
    half_way(qtbot, pane, gate)
    window.navigate("history")  # the window goes on working while the import stands
    qtbot.waitUntil(lambda: history(window).isVisible())
    window.navigate("ledger")
    press(qtbot, pane.imports.foot.cancel)
    reach(qtbot, pane, Stage.READY)
    assert not any(counts(window.workspace).values())
    assert not window.jobs.running()
    gate.open.set()
    press(qtbot, pane.imports.foot.start)  # the preview is still good
    reach(qtbot, pane, Stage.DONE)
    assert counts(window.workspace)["customer"] == station.counts["customers"]


def test_cancel_while_reading_saves_nothing(
    qtbot: QtBot, open_window: OpenWindow, tmp_path: Path, station: SampleStation, gate: Gate
) -> None:
    window = open_window(tmp_path / "station")
    gate.open.clear()
    drop(window, *station.files)
    pane = ledger(window)
    qtbot.waitUntil(gate.reached.is_set, timeout=PATIENCE)
    QTest.keyClick(pane.imports.files, Qt.Key.Key_Escape)
    reach(qtbot, pane, Stage.CANCELLED)
    assert pane.imports.banner.text() == "已取消，未保存任何数据"
    assert not any(counts(window.workspace).values())


def test_closing_while_an_import_runs_asks_first(
    qtbot: QtBot, open_window: OpenWindow, tmp_path: Path, station: SampleStation, gate: Gate
) -> None:
    window = open_window(tmp_path / "station")
    pane = previewed(qtbot, window, *station.files)
    half_way(qtbot, pane, gate)
    assert not window.close()
    assert window.isVisible()
    notice = next(each for each in window.notices.open() if each.what.endswith("还没有完成"))
    assert [offer.text for offer in notice.offers] == ["取消任务并关闭", "继续工作"]
    leave = next(each for each in window.findChildren(QPushButton) if each.text() == "取消任务并关闭")
    with qtbot.waitSignal(window.closed, timeout=PATIENCE):
        press(qtbot, leave)
    assert not window.isVisible()
    assert not any(counts(window.workspace).values())
