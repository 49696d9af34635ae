"""The ledger pane over a real workspace: dirty files go in, are seen, changed, and taken back."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QAbstractButton
from pytestqt.qtbot import QtBot

from lvdesk.kit.settings import Settings
from lvdesk.kit.table import Condition, Filter
from lvdesk.sample.building import build
from lvdesk.workspace import Workspace
from ui.main_window import MainWindow
from ui.models.table_model import State
from ui.panes.ledger.importing import Stage
from ui.panes.ledger.pane import LedgerPane

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")  # the screenless platform, of windows and popups
PATIENCE = 60_000  # milliseconds, for a busy machine


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder = tmp_path_factory.mktemp("sample")
    build(folder, customers=120)
    return sorted(path for path in folder.rglob("0[123]*") if path.is_file()) + sorted((folder / "02_按线路导出").iterdir())


@pytest.fixture
def window(qtbot: QtBot, tmp_path: Path) -> Iterator[MainWindow]:
    workspace = Workspace.open(tmp_path / "station", person="陈思远")
    made = MainWindow(workspace, (LedgerPane,), Settings(tmp_path / "window.json"))
    qtbot.addWidget(made)
    made.resize(1366, 768)
    made.show()
    yield made
    made.jobs.close()
    workspace.close()


@pytest.fixture
def pane(window: MainWindow) -> LedgerPane:
    found = window.stack.pane("ledger")
    assert isinstance(found, LedgerPane)
    return found


def take_in(qtbot: QtBot, window: MainWindow, pane: LedgerPane, files: list[Path]) -> None:
    importing = pane.imports.importing
    window.files_dropped.emit(files)
    qtbot.waitUntil(lambda: importing.stage is Stage.READY, timeout=PATIENCE)
    pane.imports.load()
    qtbot.waitUntil(lambda: importing.stage is Stage.DONE, timeout=PATIENCE)


def test_dirty_ledgers_go_in_and_are_found_again(qtbot: QtBot, window: MainWindow, pane: LedgerPane, files: list[Path]) -> None:
    take_in(qtbot, window, pane, files)
    reports = [sheet for report in pane.imports.importing.files for sheet in report.sheets]
    assert sum(sheet.rows_in for sheet in reports) == sum(sheet.rows_stored + sheet.rows_refused for sheet in reports)
    assert sum(len(sheet.healed) for sheet in reports) > 0
    pane.show_view("browse")
    browser = pane.browser
    browser.switch.usual.chosen.emit("customer")
    qtbot.waitUntil(lambda: browser.edits.entity == "customer" and browser.table.model.rowCount() == 120, timeout=PATIENCE)
    qtbot.waitUntil(lambda: browser.inspector.record is not None and browser.inspector.record.entity == "customer", timeout=PATIENCE)
    assert browser.inspector.record is not None
    assert browser.inspector.record.fields[0].file in {path.name for path in files}
    pane.reveal(("customer", browser.inspector.record.key))
    qtbot.waitUntil(lambda: browser.where.text() != "全部" and browser.table.current_id() is not None, timeout=PATIENCE)


def test_the_same_files_again_change_nothing_and_say_so(qtbot: QtBot, window: MainWindow, pane: LedgerPane, files: list[Path]) -> None:
    take_in(qtbot, window, pane, files)
    importing = pane.imports.importing
    window.files_dropped.emit(files)
    qtbot.waitUntil(lambda: importing.stage is Stage.READY, timeout=PATIENCE)
    assert {report.status for report in importing.files} == {"unchanged"}
    assert pane.imports.banner.text() == "这些文件都已导入过，内容没有变化"


def test_a_cell_is_changed_in_the_table_and_taken_back(qtbot: QtBot, window: MainWindow, pane: LedgerPane, files: list[Path]) -> None:
    take_in(qtbot, window, pane, files[:1])
    pane.show_view("browse")
    table = pane.browser.table
    pane.browser.switch.usual.chosen.emit("feeder")
    qtbot.waitUntil(lambda: table.model.row(0) is not None, timeout=PATIENCE)
    place = table.model.column_of("name") or 0
    before = str(table.model.index(0, place).data())
    with qtbot.waitSignal(window.bus.changed, timeout=PATIENCE):
        table.model.setData(table.model.index(0, place), "10kV改名线")
    table.set_filter("name", Filter("name", Condition.EQUALS, ("10kV改名线",)))
    qtbot.waitUntil(lambda: table.model.state is State.READY and table.model.rowCount() == 1, timeout=PATIENCE)
    window.undoing.undo_action.trigger()
    qtbot.waitUntil(lambda: table.state.title() == "没有符合条件的行", timeout=PATIENCE)
    table.clear_filters()
    qtbot.waitUntil(lambda: str(table.model.index(0, place).data()) == before, timeout=PATIENCE)


def test_undo_of_an_import_empties_the_ledger(qtbot: QtBot, window: MainWindow, pane: LedgerPane, files: list[Path]) -> None:
    take_in(qtbot, window, pane, files[:1])
    next(each for each in pane.imports.banner.findChildren(QAbstractButton) if each.text() == "撤销本次导入").click()
    qtbot.waitUntil(lambda: pane.imports.importing.stage is Stage.EMPTY, timeout=PATIENCE)
    pane.show_view("browse")
    qtbot.waitUntil(lambda: pane.browser.table.state.title() == "台账还是空的", timeout=PATIENCE)
