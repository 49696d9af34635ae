"""The review in a window, with its services faked."""

from pathlib import Path

from lvdesk.kit.settings import Settings
from tests.ui.review.review_fakes import FakeReview
from tests.ui.shell.fakes import FakeServices, FakeWorkspace
from ui.main_window import MainWindow
from ui.panes.base import Context
from ui.panes.review.pane import ReviewPane as RealPane


def review_window(folder: Path, review: FakeReview) -> MainWindow:
    """The window with the review in front."""

    class ReviewPane(RealPane):
        def __init__(self, context: Context) -> None:
            super().__init__(context, review)

    made = MainWindow(FakeWorkspace(folder), (ReviewPane,), Settings(folder / "window.json"), FakeServices())  # type: ignore[arg-type]
    made.navigate("review")
    return made


def pane_of(window: MainWindow) -> RealPane:
    """The review of a window."""
    found = window.stack.pane("review")
    assert isinstance(found, RealPane)
    return found
