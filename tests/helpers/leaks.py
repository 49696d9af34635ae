"""Fails a test that leaves something alive: threads, and in window tests top-level widgets and running timers."""

import gc
import threading
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from PySide6.QtCore import QTimer
    from PySide6.QtWidgets import QWidget

_PATIENCE = 5.0  # seconds for a thread that was told to end
_WINDOW_FIXTURES = {"qtbot", "qapp", "qtmodeltester"}


@pytest.fixture(autouse=True)
def no_threads_left() -> Iterator[None]:
    """Every thread a test starts has ended with it; daemons of the standard library's queues and pools too."""
    before = set(threading.enumerate())
    yield
    left = [thread for thread in threading.enumerate() if thread not in before]
    for thread in left:
        thread.join(_PATIENCE)
    names = [thread.name for thread in left if thread.is_alive()]
    if names:
        pytest.fail(f"threads left running: {', '.join(names)}", pytrace=False)


@pytest.fixture(autouse=True)
def nothing_left_on_screen(request: pytest.FixtureRequest) -> Iterator[None]:
    """Every top-level widget is gone and every timer stopped when a window test ends."""
    if not _WINDOW_FIXTURES & set(request.fixturenames):
        yield
        return
    request.getfixturevalue("qapp")
    widgets, timers = {id(widget) for widget in _widgets()}, {id(timer) for timer in _timers()}
    yield
    _settle()
    left = [f"{type(widget).__name__} {widget.objectName()!r}" for widget in _widgets() if id(widget) not in widgets]
    running = [f"QTimer every {timer.interval()} ms of {timer.parent()}" for timer in _timers() if id(timer) not in timers]
    if left or running:
        pytest.fail("left behind: " + "; ".join(left + running), pytrace=False)


def _settle() -> None:
    """Carries out deferred deletions, and lets Python drop windows that only a cycle keeps."""
    from PySide6.QtCore import QCoreApplication, QEvent

    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)  # type: ignore[arg-type]
    QCoreApplication.processEvents()
    if _widgets() or _timers():
        gc.collect()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)  # type: ignore[arg-type]


def _widgets() -> "list[QWidget]":
    from PySide6.QtWidgets import QApplication

    return list(QApplication.topLevelWidgets())


def _timers() -> "list[QTimer]":
    """Running timers that Python knows; Qt's own (cursor blink, animations) are its own matter."""
    from PySide6.QtCore import QTimer
    from shiboken6 import isValid

    known = [thing for thing in gc.get_objects() if issubclass(type(thing), QTimer)]
    return [timer for timer in known if isValid(timer) and timer.isActive()]
