"""The exports in a window, with their services faked."""

from pathlib import Path

from lvdesk.kit.settings import Settings
from tests.ui.export.export_fakes import FakeExport
from tests.ui.shell.fakes import FakeServices, FakeWorkspace
from ui.main_window import MainWindow
from ui.panes.base import Context
from ui.panes.export.pane import ExportPane as RealPane


def export_window(folder: Path, export: FakeExport) -> MainWindow:
    """The window with the exports in front."""

    class ExportPane(RealPane):
        def __init__(self, context: Context) -> None:
            super().__init__(context, export)

    made = MainWindow(FakeWorkspace(folder), (ExportPane,), Settings(folder / "window.json"), FakeServices())  # type: ignore[arg-type]
    made.navigate("export")
    return made


def pane_of(window: MainWindow) -> RealPane:
    """The exports of a window."""
    found = window.stack.pane("export")
    assert isinstance(found, RealPane)
    return found
