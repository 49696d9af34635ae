"""The collection page in a window, with what comes back from the field faked."""

from pathlib import Path

from lvdesk.kit.settings import Settings
from tests.ui.fieldwork.crop_fakes import FakeCrops
from tests.ui.fieldwork.fakes import FakeFieldwork
from tests.ui.fieldwork.keying_fakes import FakeKeying
from tests.ui.fieldwork.return_fakes import FakeReturns
from tests.ui.shell.fakes import FakeServices, FakeWorkspace
from ui.main_window import MainWindow
from ui.panes.base import Context
from ui.panes.fieldwork.pane import FieldworkPane as RealPane
from ui.panes.fieldwork.return_loading import Incoming


def return_window(folder: Path, returns: FakeReturns, keying: FakeKeying, crops: FakeCrops) -> MainWindow:
    """The window with the return desk in front."""

    class FieldworkPane(RealPane):
        def __init__(self, context: Context) -> None:
            super().__init__(context, FakeFieldwork(), Incoming(returns, keying, crops))

    made = MainWindow(FakeWorkspace(folder), (FieldworkPane,), Settings(folder / "window.json"), FakeServices())  # type: ignore[arg-type]
    made.navigate("fieldwork", "returns")
    return made


def pane_of(window: MainWindow) -> RealPane:
    """The collection page of a window."""
    found = window.stack.pane("fieldwork")
    assert isinstance(found, RealPane)
    return found
