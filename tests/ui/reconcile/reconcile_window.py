"""The reconciliation in a window, with its services faked."""

from pathlib import Path

from lvdesk.kit.settings import Settings
from tests.ui.reconcile.reconcile_fakes import FakeReconcile
from tests.ui.shell.fakes import FakeServices, FakeWorkspace
from ui.main_window import MainWindow
from ui.panes.base import Context
from ui.panes.reconcile.pane import ReconcilePane as RealPane


def reconcile_window(folder: Path, services: FakeReconcile) -> MainWindow:
    """The window with the reconciliation in front."""

    class ReconcilePane(RealPane):
        def __init__(self, context: Context) -> None:
            super().__init__(context, services)

    made = MainWindow(FakeWorkspace(folder), (ReconcilePane,), Settings(folder / "window.json"), FakeServices())  # type: ignore[arg-type]
    made.navigate("reconcile")
    return made


def pane_of(window: MainWindow) -> RealPane:
    """The reconciliation of a window."""
    found = window.stack.pane("reconcile")
    assert isinstance(found, RealPane)
    return found
