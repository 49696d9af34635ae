"""The reconciliation in a window without a database."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.ui.reconcile.reconcile_fakes import FakeReconcile
from tests.ui.reconcile.reconcile_window import pane_of, reconcile_window
from ui.main_window import MainWindow
from ui.panes.reconcile.pane import ReconcilePane
from ui.theme.apply import apply


@pytest.fixture
def services() -> FakeReconcile:
    return FakeReconcile()


@pytest.fixture
def window(qapp: QApplication, qtbot: QtBot, tmp_path: Path, services: FakeReconcile) -> Iterator[MainWindow]:
    apply(qapp)
    made = reconcile_window(tmp_path, services)
    qtbot.addWidget(made)
    made.resize(1366, 768)
    made.show()
    yield made
    made.jobs.close()


@pytest.fixture
def pane(window: MainWindow) -> ReconcilePane:
    return pane_of(window)
