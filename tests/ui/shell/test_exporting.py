"""The survey export from the window: told, asked before replacing, nothing kept back silently."""

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from lvdesk.exchange.model import HeldBack
from tests.ui.shell.conftest import MakeWindow
from tests.ui.shell.fakes import SURVEY, FakeServices
from ui.notices import Level

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")  # the screenless platform says it of every window of fixed size


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "导出"
    made.mkdir()
    return made


def test_it_writes_and_offers_the_folder(qtbot: QtBot, make_window: MakeWindow, folder: Path) -> None:
    window = make_window()
    window.exporting.begin(folder)
    qtbot.waitUntil(lambda: bool(window.notices.open()))
    notice = window.notices.open()[0]
    assert (notice.level, notice.what, notice.offers[0].text) == (Level.SUCCESS, f"已导出 {SURVEY}，2,709 行", "打开文件夹")


def test_what_was_held_back_stays_on_screen_with_its_reasons(qtbot: QtBot, make_window: MakeWindow, folder: Path) -> None:
    held = (HeldBack("meter", "1", "不知道装在哪个计量箱"), HeldBack("meter", "2", "不知道装在哪个计量箱"))
    window = make_window(FakeServices(held=held))
    window.exporting.begin(folder)
    qtbot.waitUntil(lambda: bool(window.notices.open()))
    notice = window.notices.open()[0]
    assert (notice.level, notice.why) == (Level.WARNING, "未导出 2 条：不知道装在哪个计量箱 2 条")


def test_an_export_that_lies_there_is_replaced_only_after_a_yes(qtbot: QtBot, make_window: MakeWindow, folder: Path) -> None:
    (folder / SURVEY).write_text("旧", encoding="utf-8")
    window = make_window()
    window.exporting.begin(folder)
    qtbot.waitUntil(lambda: bool(window.notices.open()))
    assert (folder / SURVEY).read_text(encoding="utf-8") == "旧"
    window.notices.open()[0].offers[0].callback()
    qtbot.waitUntil(lambda: (folder / SURVEY).read_text(encoding="utf-8") == "0")
