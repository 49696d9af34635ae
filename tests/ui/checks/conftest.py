"""The checking page in a window without a database."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from lvdesk.kit.settings import Settings
from tests.ui.checks.fakes import FakeChecks, usual
from tests.ui.shell.fakes import FakeServices, FakeWorkspace
from ui.main_window import MainWindow
from ui.panes.base import Context
from ui.panes.checks.pane import ChecksPane as RealPane
from ui.theme.apply import apply


@pytest.fixture
def checks() -> FakeChecks:
    return FakeChecks(usual())


@pytest.fixture
def window(qapp: QApplication, qtbot: QtBot, tmp_path: Path, checks: FakeChecks) -> Iterator[MainWindow]:
    apply(qapp)

    class ChecksPane(RealPane):
        def __init__(self, context: Context) -> None:
            super().__init__(context, checks)

    made = MainWindow(FakeWorkspace(tmp_path), (ChecksPane,), Settings(tmp_path / "window.json"), FakeServices())  # type: ignore[arg-type]
    qtbot.addWidget(made)
    made.resize(1366, 768)
    made.show()
    yield made
    checks.hold.set()
    made.jobs.close()


@pytest.fixture
def pane(window: MainWindow) -> RealPane:
    found = window.stack.pane("checks")
    assert isinstance(found, RealPane)
    return found
