"""Frame, workbench and history over a real workspace: what one write looks like on every page, and taken back."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from lvdesk.kit.settings import Settings
from lvdesk.network.changed import Changed
from lvdesk.network.tables import TABLES
from lvdesk.workspace import Workspace
from ui.main_window import MainWindow
from ui.panes.history.pane import HistoryPane
from ui.panes.workbench.pane import WorkbenchPane


@pytest.fixture
def window(qtbot: QtBot, tmp_path: Path) -> Iterator[MainWindow]:
    workspace = Workspace.open(tmp_path / "station", person="陈思远")
    with workspace.store.write("导入 01_变电站.xlsx") as write:
        write.insert(TABLES["substation"], ("substation_no", "name", "listed"), [("330101", "城东变", 1), ("330102", "城西变", 1)], 2)
    made = MainWindow(workspace, (WorkbenchPane, HistoryPane), Settings(tmp_path / "window.json"))
    qtbot.addWidget(made)
    made.show()
    yield made
    made.jobs.close()
    workspace.close()


def history(window: MainWindow) -> HistoryPane:
    window.navigate("history")
    pane = window.stack.pane("history")
    assert isinstance(pane, HistoryPane)
    return pane


def names(window: MainWindow) -> list[str]:
    return [part.accessibleName() for part in window.stack.findChildren(QPushButton)]


def whats(window: MainWindow) -> list[str]:
    return [notice.what for notice in window.notices.open()]


def test_the_workbench_counts_and_undo_empties_it(qtbot: QtBot, window: MainWindow) -> None:
    qtbot.waitUntil(lambda: "变电站 2，打开列表" in names(window))
    assert any(name.startswith("导入 01_变电站.xlsx，今天") for name in names(window))
    qtbot.waitUntil(window.undoing.undo_action.isEnabled)
    assert window.undoing.undo_action.text() == "撤销：导入 01_变电站.xlsx"
    window.undoing.undo_action.trigger()
    qtbot.waitUntil(lambda: "变电站 0，打开列表" in names(window))
    qtbot.waitUntil(window.undoing.redo_action.isEnabled)
    window.undoing.redo_action.trigger()
    qtbot.waitUntil(lambda: "变电站 2，打开列表" in names(window))


def test_the_history_tells_what_changed_and_takes_it_back(qtbot: QtBot, window: MainWindow) -> None:
    pane = history(window)
    detail = pane.journal.detail
    qtbot.waitUntil(lambda: detail.changes.rowCount() > 0)
    shown = {tuple(detail.changes.index(row, column).data() for column in range(5)) for row in range(detail.changes.rowCount())}
    assert ("变电站", "330101", "变电站名称", "—", "城东变") in shown
    detail.undo_button.click()
    detail.confirm.yes.click()
    qtbot.waitUntil(lambda: "已撤销：导入 01_变电站.xlsx" in whats(window))
    qtbot.waitUntil(lambda: len(pane.journal.model.entries()) == 2)


def test_a_backup_brings_back_what_was_undone(qtbot: QtBot, window: MainWindow) -> None:
    view = history(window).backups
    view.backup()
    qtbot.waitUntil(lambda: view.model.rowCount() == 1)
    window.undoing.undo_action.trigger()
    qtbot.waitUntil(lambda: any(what.startswith("已撤销") for what in whats(window)))
    view.table.selectRow(0)
    view.ask_restore()
    view.confirm.yes.click()
    qtbot.waitUntil(lambda: "已还原备份" in whats(window), timeout=20_000)
    window.navigate("workbench")
    window.bus.tell(Changed.ALL)
    qtbot.waitUntil(lambda: "变电站 2，打开列表" in names(window))


def test_a_sound_station_passes_the_check(qtbot: QtBot, window: MainWindow) -> None:
    history(window).backups.verify()
    qtbot.waitUntil(lambda: "核验通过" in whats(window))


def test_a_value_tells_its_owner(qtbot: QtBot, window: MainWindow) -> None:
    origin = history(window).origin
    qtbot.waitUntil(lambda: origin.entity.count() > 5)
    origin.reveal("substation", "330101")
    qtbot.waitUntil(lambda: origin.model.rowCount() > 0)
    rows = [[origin.model.index(row, column).data() for column in (0, 1)] for row in range(origin.model.rowCount())]
    assert ["变电站名称", "城东变"] in rows


def test_search_finds_a_record_of_the_station(qtbot: QtBot, window: MainWindow) -> None:
    window.commands.trigger("search.open")
    window.search.line.setText("330102")
    qtbot.waitUntil(lambda: any("城西变" in str(window.search.model.index(row, 0).data()) for row in range(window.search.model.rowCount())))
    window.search.close_card()
