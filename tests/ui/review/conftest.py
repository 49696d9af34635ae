"""The review in a window without a database."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.ui.review.review_fakes import FakeReview
from tests.ui.review.review_window import pane_of, review_window
from ui.main_window import MainWindow
from ui.panes.review.pane import ReviewPane
from ui.theme.apply import apply


@pytest.fixture
def review() -> FakeReview:
    return FakeReview()


@pytest.fixture
def window(qapp: QApplication, qtbot: QtBot, tmp_path: Path, review: FakeReview) -> Iterator[MainWindow]:
    apply(qapp)
    made = review_window(tmp_path, review)
    qtbot.addWidget(made)
    made.resize(1366, 768)
    made.show()
    yield made
    review.hold.set()
    made.jobs.close()


@pytest.fixture
def pane(window: MainWindow) -> ReviewPane:
    return pane_of(window)
