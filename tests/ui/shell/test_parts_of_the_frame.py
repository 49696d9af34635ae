"""Registry of panes, look, shortcuts, first run, crash dialog, names for the screen reader."""

import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QAbstractButton, QAbstractItemView, QComboBox, QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from lvdesk.kit.errors import KnownError
from tests.ui.shell.panes import Files, Notes
from ui.actions import Action, Actions
from ui.crash import CrashDialog, CrashReporter, report
from ui.first_run import FirstChoice, FirstRun
from ui.main_window import MainWindow
from ui.moments import said, size
from ui.panes import PaneError, check, discover
from ui.shortcut_sheet import groups
from ui.theme.apply import sheet
from ui.theme.icons import icon, names
from ui.theme.tokens import DARK, LIGHT

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")  # the screenless platform says it of every window of fixed size


class Twin(Notes):
    title: ClassVar[str] = "另一个"


class Nameless(Notes):
    key: ClassVar[str] = ""


def test_panes_are_found_by_their_folders() -> None:
    assert {"workbench", "history"} <= {pane.key for pane in discover()}


def test_panes_stand_in_the_order_of_their_groups() -> None:
    assert check([Files, Notes]) == [Notes, Files]


@pytest.mark.parametrize("panes", [(), (Notes, Twin), (Nameless,)])
def test_an_unsound_set_of_panes_is_refused(panes: tuple) -> None:
    with pytest.raises(PaneError):
        check(panes)


@pytest.mark.parametrize("look", [LIGHT, DARK])
def test_the_sheet_takes_every_token_it_names(look: object) -> None:
    assert "$" not in sheet(look)  # type: ignore[arg-type]


def test_every_icon_draws_something(qapp: object) -> None:
    for name in names():
        image = icon(name, "#000000").pixmap(24, 24).toImage()
        assert any(image.pixelColor(x, y).alpha() for x in range(24) for y in range(24)), name


def test_an_unknown_icon_is_refused_at_once(qapp: object) -> None:
    with pytest.raises(FileNotFoundError):
        icon("nothing-like-it")


def test_one_id_is_one_command(qtbot: QtBot) -> None:
    owner, actions = QWidget(), Actions()
    qtbot.addWidget(owner)
    actions.add(Action("a.b", "做", lambda: None), owner)
    with pytest.raises(ValueError, match="twice"):
        actions.add(Action("a.b", "再做", lambda: None), owner)


def test_the_shortcut_sheet_reads_the_commands(window: MainWindow) -> None:
    found = dict(groups([action for action, _live in window.commands.available()]))
    assert ("Ctrl+N", "添加") in found["便笺"]
    assert ("Ctrl+K", "全局搜索") in found["通用"]
    window.commands.trigger("help.keys")
    assert window.sheet.isVisible()
    window.sheet.close_card()


def test_no_two_commands_share_a_key(window: MainWindow) -> None:
    keys = [key for action in window.commands.all() for key in action.shortcut.split(", ") if key]
    assert len(keys) == len(set(keys))


def nameless(top: QWidget) -> list[str]:
    """Controls a screen reader could not name; the inner parts of Qt's own controls are Qt's affair."""
    kinds = (QAbstractButton, QLineEdit, QComboBox, QAbstractItemView)
    found = [part for kind in kinds for part in top.findChildren(kind)]
    ours = [
        part
        for part in found
        if not isinstance(part.parent(), QComboBox | QLineEdit) and "Private" not in part.parent().metaObject().className()
    ]
    texts = {part: part.text() if isinstance(part, QAbstractButton) else "" for part in ours}
    return [f"{type(part).__name__} in {type(part.parent()).__name__}" for part in ours if not part.accessibleName() and not texts[part]]


def test_every_control_of_the_frame_has_a_name(window: MainWindow) -> None:
    assert nameless(window) == []


def test_first_run_offers_three_ways(qtbot: QtBot, tmp_path: Path) -> None:
    chosen: list[FirstChoice] = []
    first = FirstRun(chosen.append, lambda window, _title: window.choose(tmp_path))
    qtbot.addWidget(first)
    buttons = {button.accessibleName(): button for button in first.findChildren(QPushButton)}
    assert list(buttons) == ["新建工作区", "打开已有工作区", "打开样例供电所"]
    buttons["新建工作区"].click()
    buttons["打开样例供电所"].click()
    assert chosen == [FirstChoice(tmp_path), FirstChoice(None, sample=True)]


def test_first_run_says_why_a_folder_is_refused(qtbot: QtBot) -> None:
    first = FirstRun(lambda _choice: None, sample=False)
    qtbot.addWidget(first)
    first.choose(Path("somewhere"))
    first.show_error(KnownError("store.share", "不能放在网络盘上", "请选本机磁盘"))
    assert first._error.text() == "不能放在网络盘上。请选本机磁盘"
    assert first._pages.currentIndex() == 0


@pytest.fixture
def reporter(qapp: object) -> Iterator[CrashReporter]:
    made = CrashReporter()
    made.install()
    yield made
    made.uninstall()
    made.deleteLater()


def boom() -> None:
    raise ZeroDivisionError("boom")


def test_a_bug_in_any_thread_is_caught(qtbot: QtBot, reporter: CrashReporter) -> None:
    with qtbot.waitSignal(reporter.caught) as caught:
        thread = threading.Thread(target=boom)
        thread.start()
    thread.join()
    assert caught.args is not None
    assert isinstance(caught.args[0], ZeroDivisionError)


def test_a_bug_on_the_ui_thread_is_caught(qtbot: QtBot, reporter: CrashReporter) -> None:
    with qtbot.waitSignal(reporter.caught):
        sys.excepthook(ZeroDivisionError, ZeroDivisionError("boom"), None)


def test_the_crash_dialog_gives_the_report(qtbot: QtBot) -> None:
    opened: list[int] = []
    dialog = CrashDialog(report(ZeroDivisionError("boom")), open_folder=lambda: opened.append(1))
    qtbot.addWidget(dialog)
    buttons = {button.text(): button for button in dialog.findChildren(QPushButton)}
    buttons["复制报告"].click()
    buttons["打开日志文件夹"].click()
    assert "ZeroDivisionError: boom" in QGuiApplication.clipboard().text()
    assert opened == [1]


@pytest.mark.parametrize(
    "iso, text",
    [
        ("2026-11-22T10:26:00+08:00", "今天 10:26"),
        ("2026-11-21T18:02:00+08:00", "昨天 18:02"),
        ("2026-11-02T09:00:00+08:00", "11-02 09:00"),
        ("2025-03-01T09:00:00+08:00", "2025-03-01"),
        ("不是时间", "不是时间"),
    ],
)
def test_moments_are_said_as_people_do(iso: str, text: str) -> None:
    from datetime import date

    assert said(iso, date(2026, 11, 22)) == text


@pytest.mark.parametrize("count, text", [(12, "12 B"), (2048, "2 KB"), (12_900_000, "12.3 MB"), (5 << 30, "5.0 GB")])
def test_sizes_are_said_as_people_do(count: int, text: str) -> None:
    assert size(count) == text
