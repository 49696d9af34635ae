"""Pictures of the review: items to decide, one enlarged, a reason asked for, many at once, nothing yet, something broken."""

from collections.abc import Callable, Iterator
from pathlib import Path

from PySide6.QtWidgets import QWidget

from lvdesk.review.model import Action, State
from tests.shots.stage import Scene
from tests.ui.review.review_fakes import FakeReview
from tests.ui.review.review_window import pane_of, review_window
from ui.main_window import MainWindow
from ui.panes.review.pane import ReviewPane

_NARROW = ((1366, 768),)


def pane(widget: QWidget) -> ReviewPane:
    """The review of a window."""
    assert isinstance(widget, MainWindow)
    return pane_of(widget)


def _ready(widget: QWidget) -> bool:
    return pane(widget).desk.item.view is not None


def _said(widget: QWidget) -> bool:
    return bool(pane(widget).state.title())


def _broken(folder: Path) -> MainWindow:
    review = FakeReview()
    review.broken = True
    return review_window(folder, review)


def _stage(stage: str) -> Callable[[QWidget], None]:
    return lambda widget: pane(widget).desk.show_stage(stage)


def _enlarge(widget: QWidget) -> None:
    desk = pane(widget).desk
    desk.show_stage(State.OPERATIONS)
    desk.widen(wide=True)


def _why(widget: QWidget) -> None:
    pane(widget).desk.hands.decide(Action.RETURN)


def _at(state: State) -> Callable[[QWidget], bool]:
    def settled(widget: QWidget) -> bool:
        view = pane(widget).desk.item.view
        return view is not None and view.state is state

    return settled


def _sampled(widget: QWidget) -> bool:
    return pane(widget).desk.audit.item.view is not None


def _drawn(widget: QWidget) -> None:
    desk = pane(widget).desk
    desk.show_stage("audit")
    desk.audit.draw()


def scenes() -> Iterator[Scene]:
    """Everything this module can show."""
    yield Scene("review-loaded", lambda folder: review_window(folder, FakeReview()), _ready, readme="review")
    yield Scene("review-item", lambda folder: review_window(folder, FakeReview()), _ready, _enlarge, _at(State.OPERATIONS))
    yield Scene("review-return", lambda folder: review_window(folder, FakeReview()), _ready, _why, sizes=_NARROW)
    yield Scene(
        "review-returned",
        lambda folder: review_window(folder, FakeReview()),
        _ready,
        _stage(State.RETURNED),
        _at(State.RETURNED),
        sizes=_NARROW,
    )
    yield Scene(
        "review-audit", lambda folder: review_window(folder, FakeReview()), _ready, _drawn, _sampled,
        sizes=_NARROW,
    )  # fmt: skip
    yield Scene("review-empty", lambda folder: review_window(folder, FakeReview([])), _said, sizes=_NARROW)
    yield Scene("review-error", _broken, _said, sizes=_NARROW)
