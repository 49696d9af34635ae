"""The statistics in a window over a real workspace."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from lvdesk.kit.settings import Settings
from lvdesk.workspace import Workspace
from tests.helpers.grids import organised, with_areas
from ui.main_window import MainWindow
from ui.panes.statistics.pane import StatisticsPane
from ui.theme.apply import apply


def morning() -> datetime:
    """The clock of these tests."""
    return datetime.fromisoformat("2026-11-24T09:00:00+08:00")


@pytest.fixture
def station(tmp_path: Path) -> Workspace:
    """Twelve public areas in three grids."""
    ws = Workspace.open(tmp_path / "ws", person="钱内勤", clock=morning)
    with_areas(ws)
    organised(ws, tmp_path)
    return ws


@pytest.fixture
def window(qapp: QApplication, qtbot: QtBot, tmp_path: Path, station: Workspace) -> Iterator[MainWindow]:
    apply(qapp)
    made = MainWindow(station, (StatisticsPane,), Settings(tmp_path / "window.json"))
    made.navigate("statistics")
    qtbot.addWidget(made)
    made.resize(1366, 768)
    made.show()
    yield made
    made.jobs.close()
    station.close()


@pytest.fixture
def pane(window: MainWindow, qtbot: QtBot) -> StatisticsPane:
    found = window.stack.pane("statistics")
    assert isinstance(found, StatisticsPane)
    qtbot.waitUntil(lambda: found.shown is not None)
    return found
