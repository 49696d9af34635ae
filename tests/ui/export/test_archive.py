"""The archive: the packages that left, one looked at, handed out once more."""

from pathlib import Path

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel, QToolButton
from pytestqt.qtbot import QtBot

from lvdesk.kit.errors import KnownError
from tests.ui.export.conftest import settled
from tests.ui.export.export_fakes import PACKAGES, FakeExport, offline
from ui.main_window import MainWindow
from ui.panes.export.pane import ExportPane

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


@pytest.fixture
def archive(qtbot: QtBot, looked: ExportPane) -> ExportPane:
    looked.show_view("packages")
    qtbot.waitUntil(lambda: looked.packages.card.view is not None)
    return looked


def texts(pane: ExportPane) -> list[str]:
    return [each.text() for each in pane.packages.card.findChildren(QLabel) if each.isVisible()]


def test_all_packages_newest_first(archive: ExportPane) -> None:
    table = archive.packages.table
    rows = table.model.source.rows(table.model.ids)  # type: ignore[union-attr]
    assert [row.values[0] for row in rows] == [view.number for view in PACKAGES]
    assert rows[1].values[2:] == (
        "营销系统", "全所", "10,441", "820", "64", "2", "555", "陈思远", "计量箱普查表（35 列）", "",
    )  # fmt: skip
    assert archive.switch._chips["packages"].text() == "归档  4"


def test_a_package_shows_its_files_and_its_digest_can_be_copied(qtbot: QtBot, archive: ExportPane) -> None:
    archive.reveal(("package", "DC261121-02"))
    qtbot.waitUntil(lambda: "暂缓 555 条" in texts(archive))
    assert archive.packages.card.number.text() == "DC261121-02"
    shown = texts(archive)
    assert {"10,441 条记录：计量箱 1,117、电能表 3,310、用户 3,208", "计量箱普查表.xlsx", "3,310 行", "暂缓 555 条", "增量.jsonl"} <= set(
        shown
    )
    assert "与上一包相比：新增 820、变更 64、移除 2" in shown
    (copy,) = [each for each in archive.packages.card.findChildren(QToolButton) if "SHA-256" in each.accessibleName()]
    copy.click()
    assert QGuiApplication.clipboard().text() == PACKAGES[1].files[0][1]
    archive.packages.card.previous.click()
    qtbot.waitUntil(lambda: archive.packages.card.number.text() == "DC261118-01")


def test_a_package_of_another_desk_cannot_be_handed_out_here(qtbot: QtBot, archive: ExportPane) -> None:
    archive.reveal(("package", "DC261121-01"))
    qtbot.waitUntil(lambda: archive.packages.card.number.text() == "DC261121-01")
    card = archive.packages.card
    assert (card.copy.isEnabled(), card.folder.isEnabled()) == (False, False)
    assert "由 李海燕 在另一台电脑上导出" in card.missing.text()


def test_a_copy_is_checked_and_said(qtbot: QtBot, archive: ExportPane, export: FakeExport, window: MainWindow, tmp_path: Path) -> None:
    archive.packages.copy_to("DC261122-01", tmp_path)
    settled(qtbot, archive)
    assert export.copies == [("DC261122-01", tmp_path)]
    assert [notice.what for notice in window.notices.open()] == ["已另存 DC261122-01"]
    window.notices.dismiss()
    export.refused = KnownError("export.damaged", "归档中的 普查表.xlsx 与导出时不一致", "请不要交付它；重新导出一包")
    archive.packages.copy_to("DC261122-01", tmp_path)
    settled(qtbot, archive)
    (notice,) = window.notices.open()
    assert (notice.what, notice.todo) == ("DC261122-01 没有另存", "请不要交付它；重新导出一包")


def test_an_empty_archive_leads_to_the_export(qtbot: QtBot, looked: ExportPane, export: FakeExport) -> None:
    export.listed = ()
    looked.show_view("packages")
    looked.packages.refresh()
    qtbot.waitUntil(lambda: looked.packages.state.title() == "还没有导出过")
    looked.packages.state._offers[0][0].click()
    assert looked.switch.current() == "issue"


def test_an_archive_that_cannot_be_read_can_be_asked_again(
    qtbot: QtBot, looked: ExportPane, export: FakeExport, window: MainWindow
) -> None:
    export.broken = offline()
    looked.packages.refresh()
    settled(qtbot, looked)
    (notice,) = window.notices.open()
    assert (notice.what, notice.offers[0].text) == ("没有读到导出包", "重试")


def test_while_the_archive_is_in_front_nothing_is_looked_at(qtbot: QtBot, archive: ExportPane, export: FakeExport) -> None:
    before = len(export.looks)
    archive._read_choices(anew=True)
    settled(qtbot, archive)
    assert len(export.looks) == before
    archive.show_view("issue")
    settled(qtbot, archive)
    assert len(export.looks) == before + 1
