"""The exports in a window without a database."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.ui.export.export_fakes import FakeExport
from tests.ui.export.export_window import export_window, pane_of
from ui.main_window import MainWindow
from ui.panes.export.pane import ExportPane
from ui.theme.apply import apply

_SHORT_MS = 15


@pytest.fixture
def export() -> FakeExport:
    return FakeExport()


@pytest.fixture
def window(qapp: QApplication, qtbot: QtBot, tmp_path: Path, export: FakeExport) -> Iterator[MainWindow]:
    apply(qapp)
    made = export_window(tmp_path, export)
    qtbot.addWidget(made)
    made.resize(1366, 768)
    made.show()
    yield made
    export.hold.set()
    made.jobs.close()


@pytest.fixture
def pane(window: MainWindow) -> ExportPane:
    found = pane_of(window)
    found.looking._pause.setInterval(_SHORT_MS)
    return found


@pytest.fixture
def looked(qtbot: QtBot, pane: ExportPane) -> ExportPane:
    """The page once it has looked ahead."""
    settled(qtbot, pane)
    return pane


def settled(qtbot: QtBot, pane: ExportPane) -> None:
    """Waits until nothing is asked or under way."""
    qtbot.waitUntil(lambda: not pane.context.jobs._running and not pane.looking.busy(), timeout=20_000)
