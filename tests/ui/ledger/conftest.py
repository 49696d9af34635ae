"""The ledger pane in a window without a database."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from lvdesk.kit.settings import Settings
from tests.ui.ledger.fakes import FakeDesk, FakeLedger
from tests.ui.shell.fakes import FakeServices, FakeWorkspace
from ui.main_window import MainWindow
from ui.panes.base import Context
from ui.panes.ledger.pane import LedgerPane as RealPane
from ui.theme.apply import apply


@pytest.fixture
def ledger() -> FakeLedger:
    return FakeLedger()


@pytest.fixture
def window(qapp: QApplication, qtbot: QtBot, tmp_path: Path, ledger: FakeLedger) -> Iterator[MainWindow]:
    apply(qapp)

    class LedgerPane(RealPane):
        def __init__(self, context: Context) -> None:
            super().__init__(context, ledger, FakeDesk())

    made = MainWindow(FakeWorkspace(tmp_path), (LedgerPane,), Settings(tmp_path / "window.json"), FakeServices())  # type: ignore[arg-type]
    qtbot.addWidget(made)
    made.resize(1366, 768)
    made.show()
    yield made
    ledger.hold.set()
    made.jobs.close()


@pytest.fixture
def pane(qtbot: QtBot, window: MainWindow) -> RealPane:
    found = window.stack.pane("ledger")
    assert isinstance(found, RealPane)
    qtbot.waitUntil(lambda: found.browser.table.model.rowCount() > 0)
    qtbot.waitUntil(lambda: found.imports.sheet.template.count() == 3)
    return found
