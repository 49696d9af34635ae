"""Ctrl+K finds records, pages and commands."""

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from ui.main_window import MainWindow
from ui.search_box import SearchBox


def titles(box: SearchBox) -> list[str]:
    return [box.model.index(row, 0).data(Qt.ItemDataRole.UserRole).title for row in range(box.model.rowCount())]


@pytest.fixture
def box(qtbot: QtBot, window: MainWindow) -> SearchBox:
    window.commands.trigger("search.open")
    qtbot.waitUntil(lambda: bool(window.search._initials))
    return window.search


def test_it_opens_with_all_commands(box: SearchBox) -> None:
    assert {"打开便笺", "打开文件", "导入台账文件…", "添加"} <= set(titles(box))
    assert box.isVisible()


@pytest.mark.parametrize("words, found", [("备份", "立即备份"), ("ljbf", "立即备份"), ("notes.add", "添加")])
def test_commands_are_found_by_words_initials_and_id(box: SearchBox, words: str, found: str) -> None:
    box.line.setText(words)
    assert found in titles(box)


def test_records_come_first_and_lead_to_their_page(qtbot: QtBot, window: MainWindow, box: SearchBox) -> None:
    box.line.setText("4209747019")
    qtbot.waitUntil(lambda: "张三" in titles(box))
    qtbot.keyClick(box.line, Qt.Key.Key_Return)
    assert not box.isVisible()
    assert window.stack.pane("files").told[-1] == ("customer", "4209747019")  # type: ignore[attr-defined]


def test_enter_before_the_answer_opens_it_when_it_comes(qtbot: QtBot, window: MainWindow, box: SearchBox) -> None:
    box.line.setText("4209747019")
    qtbot.keyClick(box.line, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: not box.isVisible())
    assert window.stack.pane("files").told[-1] == ("customer", "4209747019")  # type: ignore[attr-defined]


def test_arrows_move_and_escape_closes(qtbot: QtBot, box: SearchBox) -> None:
    qtbot.keyClick(box.line, Qt.Key.Key_Down)
    assert box.list.currentIndex().row() == 1
    qtbot.keyClick(box.line, Qt.Key.Key_Up)
    assert box.list.currentIndex().row() == 0
    qtbot.keyClick(box.line, Qt.Key.Key_Escape)
    assert not box.isVisible()


def test_nothing_found_says_what_to_try(qtbot: QtBot, box: SearchBox) -> None:
    box.line.setText("没有这个")
    qtbot.waitUntil(lambda: "没有找到" in box._foot.text())
