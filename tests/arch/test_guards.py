"""The fixtures that watch every test do see what they watch for."""

import logging
import threading

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from tests.helpers import leaks, logfail


@pytest.mark.expects_log
def test_a_warning_is_collected() -> None:
    collector = logfail.Collector()
    logger = logging.getLogger("lvdesk.example")
    logger.addHandler(collector)
    logger.info("fine")
    logger.warning("row %s", 7)
    logger.removeHandler(collector)
    assert collector.report() == "lvdesk.example WARNING: row 7"


def test_a_running_timer_and_a_window_are_seen(qtbot: QtBot) -> None:
    widget = QWidget()
    qtbot.addWidget(widget)
    timer = QTimer(widget)
    timer.start(1000)
    assert timer in leaks._timers()
    assert widget in leaks._widgets()
    timer.stop()
    assert timer not in leaks._timers()


def test_the_home_folder_is_the_tests_own(own_home: object) -> None:
    from lvdesk.kit import paths

    assert paths.user_data() == own_home


def test_threads_are_told_apart() -> None:
    before = set(threading.enumerate())
    gate = threading.Event()
    thread = threading.Thread(target=gate.wait)
    thread.start()
    assert set(threading.enumerate()) - before == {thread}
    gate.set()
    thread.join()
