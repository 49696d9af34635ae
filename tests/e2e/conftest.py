"""The real window over real workspaces: a small station's files, the same station imported once and copied for each test."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from lvdesk.kit.progress import Progress
from lvdesk.kit.settings import Settings
from lvdesk.ledger.importing import take
from lvdesk.ledger.model import ImportRequest
from lvdesk.sample import SampleStation, build
from lvdesk.workspace import Workspace
from tests.helpers.desktop import accessible_desktop
from ui.app import prepare
from ui.main_window import MainWindow
from ui.panes import discover

__all__ = ["accessible_desktop"]

CUSTOMERS = 200
OpenWindow = Callable[[Path], MainWindow]


@pytest.fixture(scope="session")
def station(tmp_path_factory: pytest.TempPathFactory) -> SampleStation:
    """The files of a station of 200 customers, with the dirt of real ones."""
    return build(tmp_path_factory.mktemp("files"), customers=CUSTOMERS)


@pytest.fixture(scope="session")
def imported(station: SampleStation, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with all files of the station; only to be copied."""
    folder = tmp_path_factory.mktemp("imported") / "station"
    workspace = Workspace.open(folder, person="陈思远")
    take(workspace, ImportRequest(station.files), Progress())
    workspace.close()
    return folder


@pytest.fixture
def filled(imported: Path, tmp_path: Path) -> Path:
    """A workspace of this test's own with the station in it."""
    return Path(shutil.copytree(imported, tmp_path / "station"))


@pytest.fixture
def open_window(qapp: QApplication, qtbot: QtBot, tmp_path: Path) -> Iterator[OpenWindow]:
    """Opens the program's window with all its panes over a workspace's folder."""
    prepare(qapp)
    made: list[MainWindow] = []

    def opened(folder: Path) -> MainWindow:
        window = MainWindow(Workspace.open(folder, person="陈思远"), discover(), Settings(tmp_path / "window.json"))
        qtbot.addWidget(window)
        window.resize(1366, 768)
        window.show()
        qtbot.waitActive(window)
        made.append(window)
        return window

    yield opened
    for window in made:
        window.jobs.close()
        window.workspace.close()
