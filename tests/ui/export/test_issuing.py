"""The export: begun by key, told with what stayed, refused with the way on, stopped; the list of what is missing."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from lvdesk.exchange.model import System
from lvdesk.kit.errors import ConflictError, KnownError
from tests.ui.export.conftest import settled
from tests.ui.export.export_fakes import FakeExport, ahead
from ui.main_window import MainWindow
from ui.notices import Level
from ui.panes.export.pane import ExportPane

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


def answered(pane: ExportPane, name: str) -> None:
    """Gives the open file dialog its answer."""
    dialogs = [each for each in pane.findChildren(QFileDialog) if each.isVisible()]
    assert len(dialogs) == 1
    dialogs[0].filesSelected.emit([name])
    dialogs[0].reject()


def test_by_key_to_the_folder_chosen_and_said_what_came_of_it(qtbot: QtBot, looked: ExportPane, export: FakeExport, tmp_path: Path) -> None:
    qtbot.keyClick(looked, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    answered(looked, str(tmp_path))
    settled(qtbot, looked)
    assert [(request.folder, request.system) for request in export.made] == [(tmp_path, System.MARKETING)]
    assert looked.banner.text() == "已导出 DC261122-02（营销系统）：1 个文件，11,645 条记录"
    assert [offer.text() for offer in looked.banner.offers()] == ["打开文件夹", "查看这一包"]
    assert looked.memory.folder() == str(tmp_path)
    assert len(export.looks) == 2  # the next package would be compared with this one


def test_ctrl_e_leads_here_from_anywhere(window: MainWindow, looked: ExportPane) -> None:
    looked.show_view("packages")
    assert window.commands.trigger("file.export")
    assert looked.switch.current() == "issue"


def test_a_test_export_says_so_and_changes_nothing(qtbot: QtBot, looked: ExportPane, export: FakeExport, tmp_path: Path) -> None:
    looked.choosing.test.click()
    settled(qtbot, looked)
    looked.issuing.begin(looked.choosing.request(tmp_path))
    settled(qtbot, looked)
    assert looked.banner.text().startswith("测试导出已写好：营销系统")
    assert [offer.text() for offer in looked.banner.offers()] == ["打开文件夹"]
    assert [request.test for request in export.looks] == [False, True]


def test_where_nothing_may_leave_the_reason_is_said_and_no_folder_asked(qtbot: QtBot, looked: ExportPane, export: FakeExport) -> None:
    export.answer = ahead(counts={})
    looked._look(anew=True)
    settled(qtbot, looked)
    looked.choosing.issue.click()
    assert looked.banner.text() == "没有可以导出的记录，没有写出文件"
    assert [offer.text() for offer in looked.banner.offers()] == ["去采录复核处理", "改为测试导出"]
    assert not [each for each in looked.findChildren(QFileDialog) if each.isVisible()]
    looked.banner.offers()[1].click()
    assert looked.choosing.test.isChecked()
    assert looked.banner.text() == ""


def test_a_change_meanwhile_offers_another_go(
    qtbot: QtBot, looked: ExportPane, export: FakeExport, window: MainWindow, tmp_path: Path
) -> None:
    export.refused = ConflictError("export.changed", "导出期间数据有变化，这一包没有交付", "请重新导出")
    looked.issuing.begin(looked.choosing.request(tmp_path))
    settled(qtbot, looked)
    (notice,) = window.notices.open()
    assert (notice.level, notice.offers[0].text) == (Level.WARNING, "重新导出")
    export.refused = None
    notice.offers[0].callback()
    settled(qtbot, looked)
    assert looked.banner.text().startswith("已导出")


def test_an_error_offers_to_try_again(qtbot: QtBot, looked: ExportPane, export: FakeExport, window: MainWindow, tmp_path: Path) -> None:
    export.refused = KnownError("file.not_writable", "无法写入 D:/交付：磁盘已满", "请检查磁盘空间和文件夹权限")
    looked.issuing.begin(looked.choosing.request(tmp_path))
    settled(qtbot, looked)
    (notice,) = window.notices.open()
    assert (notice.what, notice.why, notice.offers[0].text) == ("没有导出", "无法写入 D:/交付：磁盘已满", "重试")
    assert looked.choosing.issue.isEnabled()


def test_an_export_can_be_stopped_and_is_the_only_one(
    qtbot: QtBot, looked: ExportPane, export: FakeExport, window: MainWindow, tmp_path: Path
) -> None:
    export.hold.clear()
    looked.issuing.begin(looked.choosing.request(tmp_path))
    qtbot.waitUntil(lambda: "40 / 100 个台区" in looked.working.doing.text())
    looked.issuing.begin(looked.choosing.request(tmp_path))
    assert not looked.choosing.issue.isEnabled()
    looked.working.cancel.click()
    settled(qtbot, looked)
    assert len(export.made) == 1
    assert [notice.what for notice in window.notices.open()] == ["已取消导出，没有写出任何文件"]
    assert looked.choosing.issue.isEnabled()


def test_a_look_under_way_gives_way_to_the_export(qtbot: QtBot, looked: ExportPane, export: FakeExport, tmp_path: Path) -> None:
    export.hold.clear()
    looked._look(anew=True)
    qtbot.waitUntil(lambda: len(export.looks) == 2)
    looked.issuing.begin(looked.choosing.request(tmp_path))
    qtbot.waitUntil(lambda: len(export.made) == 1)
    export.hold.set()
    settled(qtbot, looked)
    assert looked.banner.text().startswith("已导出")
    assert looked.ahead.found is not None


def test_the_list_of_what_is_missing(qtbot: QtBot, looked: ExportPane, export: FakeExport, window: MainWindow, tmp_path: Path) -> None:
    looked.ahead.draft.click()
    dialogs = [each for each in looked.findChildren(QFileDialog) if each.isVisible()]
    assert "缺项清单（城东供电所 11-22）.xlsx" in dialogs[0].selectedFiles()[0]
    dialogs[0].fileSelected.emit(str(tmp_path / "缺项.xlsx"))
    dialogs[0].reject()
    settled(qtbot, looked)
    assert export.drafts == [tmp_path / "缺项.xlsx"]
    assert [notice.what for notice in window.notices.open()] == ["已写出 缺项.xlsx"]
