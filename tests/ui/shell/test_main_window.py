"""The window joins its parts: pages, commands, undo, files, leaving."""

import threading
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from lvdesk.kit.progress import Progress
from lvdesk.network.changed import Changed
from tests.ui.shell.conftest import MakeWindow
from tests.ui.shell.fakes import FakeServices
from tests.ui.shell.panes import Files, Notes
from ui.main_window import MainWindow
from ui.settings_dialog import SettingsDialog

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")  # the screenless platform says it of every window of fixed size


def told(window: MainWindow, key: str) -> list[object]:
    return window.stack.pane(key).told  # type: ignore[attr-defined]


def offer(window: MainWindow, text: str) -> QPushButton:
    return next(button for button in window.findChildren(QPushButton) if button.text() == text and button.isVisible())


def test_it_opens_on_the_first_page(window: MainWindow) -> None:
    assert isinstance(window.stack.currentWidget(), Notes)
    assert window.windowTitle() == "城东供电所 — 营配网格工作台"
    assert told(window, "notes") == [Changed.ALL]


def test_a_page_is_built_when_first_visited_and_shows_the_target(window: MainWindow) -> None:
    assert window.stack.count() == 1
    window.navigate("files", ("customer", "1"))
    assert told(window, "files") == [Changed.ALL, ("customer", "1")]
    assert window.stack.count() == 2


def test_an_unknown_page_is_said_not_crashed(window: MainWindow) -> None:
    window.navigate("export")
    assert [notice.what for notice in window.notices.open()] == ["这一页尚未启用"]


def test_a_hidden_page_catches_up_when_shown_and_only_with_what_it_cares_for(window: MainWindow) -> None:
    window.navigate("files")
    window.navigate("notes")
    window.bus.tell(Changed.HISTORY)
    window.bus.tell(Changed.NETWORK)
    assert told(window, "files") == [Changed.ALL]
    window.navigate("files")
    assert told(window, "files")[1:] == [Changed.NETWORK]
    assert told(window, "notes")[1:] == [Changed.HISTORY, Changed.NETWORK]


def test_the_last_page_is_opened_next_time(make_window: MakeWindow) -> None:
    make_window().navigate("files")
    assert isinstance(make_window().stack.currentWidget(), Files)


def test_a_page_key_works_only_while_the_page_is_visible(qtbot: QtBot, window: MainWindow) -> None:
    names = [action.id for action, _live in window.commands.available()]
    assert "notes.add" in names
    window.navigate("files")
    assert "notes.add" not in [action.id for action, _live in window.commands.available()]
    assert [button.text() for button in window.top.findChildren(QPushButton) if button.text() == "添加" and button.isVisible()] == []


def test_the_buttons_of_a_page_stand_in_the_bar(window: MainWindow) -> None:
    offer(window, "添加").click()
    assert told(window, "notes")[-1] == "added"
    assert "安静" not in [button.text() for button in window.top.findChildren(QPushButton)]


def test_badges_stand_in_the_rail(window: MainWindow) -> None:
    window.navigate("files")
    assert window.rail._buttons["files"].accessibleName() == "文件，3 项待处理"


@pytest.mark.parametrize("key, page", [(Qt.Key.Key_2, Files), (Qt.Key.Key_1, Notes)])
def test_the_number_keys_change_pages(qtbot: QtBot, window: MainWindow, key: Qt.Key, page: type) -> None:
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    qtbot.keyClick(window, key, Qt.KeyboardModifier.ControlModifier)
    assert isinstance(window.stack.currentWidget(), page)


def test_undo_says_what_it_takes_back_and_offers_redo(qtbot: QtBot, window: MainWindow) -> None:
    undo, redo = window.undoing.undo_action, window.undoing.redo_action
    qtbot.waitUntil(undo.isEnabled)
    assert undo.text() == "撤销：导入 11 个文件"
    assert not redo.isEnabled()
    undo.trigger()
    qtbot.waitUntil(redo.isEnabled)
    assert redo.text() == "重做：导入 11 个文件"
    assert [notice.what for notice in window.notices.open()] == ["已撤销：导入 11 个文件"]
    assert told(window, "notes")[-1] == Changed.ALL


def test_a_failed_undo_is_told_and_can_be_tried_again(qtbot: QtBot, make_window: MakeWindow) -> None:
    window = make_window(FakeServices(broken=True))
    qtbot.waitUntil(window.undoing.undo_action.isEnabled)
    window.undoing.undo_action.trigger()
    qtbot.waitUntil(lambda: bool(window.notices.open()))
    [notice] = window.notices.open()
    assert (notice.what, notice.why) == ("撤销：导入 11 个文件没有完成", "数据库连接已断开")
    qtbot.waitUntil(window.undoing.undo_action.isEnabled)


def test_a_backup_is_made_and_its_time_shown(qtbot: QtBot, make_window: MakeWindow) -> None:
    window = make_window(FakeServices(backups=[]))
    qtbot.waitUntil(lambda: window.status._backup.text() == "尚未备份")
    window.commands.trigger("data.backup")
    qtbot.waitUntil(lambda: window.status._backup.text() == "上次备份 今天 14:32")


def test_dropped_files_and_folders_reach_the_page_that_takes_them(window: MainWindow, tmp_path: Path) -> None:
    folder = tmp_path / "台账"
    folder.mkdir()
    for name in ("a.xlsx", "b.csv", "~$a.xlsx", "c.pdf"):
        (folder / name).touch()
    (tmp_path / "d.bin").touch()
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(folder)), QUrl.fromLocalFile(str(tmp_path / "d.bin"))])
    left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    QApplication.sendEvent(window, QDragEnterEvent(QPoint(600, 400), Qt.DropAction.CopyAction, mime, left, none))
    assert window.drop_hint.isVisible()
    QApplication.sendEvent(window, QDropEvent(QPointF(600, 400), Qt.DropAction.CopyAction, mime, left, none))
    assert told(window, "files")[-1] == ["a.xlsx", "b.csv", "d.bin"]
    assert isinstance(window.stack.currentWidget(), Files)


def test_a_folder_without_tables_is_said(window: MainWindow, tmp_path: Path) -> None:
    (tmp_path / "空").mkdir()
    window.files_dropped.emit([tmp_path / "空"])
    assert [notice.what for notice in window.notices.open()] == ["没有可导入的文件"]


def endless(progress: Progress) -> None:
    progress.start("正在读取", 100)
    while True:
        threading.Event().wait(0.01)
        progress.step()


def test_closing_while_work_runs_asks_first(qtbot: QtBot, window: MainWindow) -> None:
    window.jobs.run("正在导入 11 个文件", endless)
    assert not window.close()
    assert [notice.what for notice in window.notices.open()] == ["正在导入 11 个文件，还没有完成"]
    offer(window, "继续工作").click()
    assert window.isVisible()
    window.close()
    with qtbot.waitSignal(window.closed):
        offer(window, "取消任务并关闭").click()
    assert not window.isVisible()


def test_the_status_bar_shows_and_cancels_the_work(qtbot: QtBot, window: MainWindow) -> None:
    job = window.jobs.run("正在导入 11 个文件", endless)
    qtbot.waitUntil(lambda: "正在读取" in window.status._running._text.text())
    assert window.status._running.isVisible()
    with qtbot.waitSignal(job.cancelled):
        offer(window, "取消").click()
    qtbot.waitUntil(lambda: not window.status._running.isVisible())


def test_settings_change_the_names_on_screen(window: MainWindow) -> None:
    window.commands.trigger("window.settings")
    [dialog] = window.findChildren(SettingsDialog)
    dialog.station.setText("城西供电所")
    dialog.person.setText("李海燕")
    dialog.save()
    assert window.windowTitle().startswith("城西供电所")
    assert window.status._person.text() == "李海燕"


def test_f6_walks_through_the_areas(window: MainWindow) -> None:
    window.activateWindow()
    seen = []
    for _ in range(3):
        window.commands.trigger("view.next_area")
        focus = window.focusWidget()
        seen.append(next(area for area in ("rail", "top", "stack") if getattr(window, area).isAncestorOf(focus)))
    assert sorted(seen) == ["rail", "stack", "top"]
