"""The window over a small station, closed and gone when the test ends."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from lvdesk.kit.settings import Settings
from tests.ui.shell.fakes import FakeServices, FakeWorkspace
from tests.ui.shell.panes import Files, Notes
from ui.main_window import MainWindow

MakeWindow = Callable[..., MainWindow]


@pytest.fixture
def make_window(qtbot: QtBot, tmp_path: Path) -> Iterator[MakeWindow]:
    """Opens windows; ``services`` and ``panes`` may be given."""
    windows: list[MainWindow] = []

    def make(services: FakeServices | None = None, panes: tuple = (Notes, Files)) -> MainWindow:
        window = MainWindow(FakeWorkspace(tmp_path), panes, Settings(tmp_path / "window.json"), services or FakeServices())
        qtbot.addWidget(window)
        windows.append(window)
        window.show()
        return window

    yield make
    for window in windows:
        window.jobs.close()


@pytest.fixture
def window(make_window: MakeWindow) -> MainWindow:
    return make_window()
