"""The collection page in a window without a database."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from lvdesk.kit.settings import Settings
from tests.ui.fieldwork.fakes import FakeFieldwork
from tests.ui.shell.fakes import FakeServices, FakeWorkspace
from ui.main_window import MainWindow
from ui.panes.base import Context
from ui.panes.fieldwork.pane import FieldworkPane as RealPane
from ui.theme.apply import apply


@pytest.fixture
def field() -> FakeFieldwork:
    return FakeFieldwork()


@pytest.fixture
def window(qapp: QApplication, qtbot: QtBot, tmp_path: Path, field: FakeFieldwork) -> Iterator[MainWindow]:
    apply(qapp)

    class FieldworkPane(RealPane):
        def __init__(self, context: Context) -> None:
            super().__init__(context, field)

    made = MainWindow(FakeWorkspace(tmp_path), (FieldworkPane,), Settings(tmp_path / "window.json"), FakeServices())  # type: ignore[arg-type]
    qtbot.addWidget(made)
    made.resize(1366, 768)
    made.show()
    yield made
    field.hold.set()
    made.jobs.close()


@pytest.fixture
def pane(window: MainWindow) -> RealPane:
    found = window.stack.pane("fieldwork")
    assert isinstance(found, RealPane)
    return found
