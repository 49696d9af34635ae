"""What the user is told, and how it goes away."""

import pytest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from lvdesk.kit.errors import Cancelled, ConflictError, KnownError
from ui.main_window import MainWindow
from ui.notice_bar import NoticeBar
from ui.notices import Level, Notices, Offer


def bar_of(window: MainWindow) -> NoticeBar:
    [bar] = window.findChildren(NoticeBar)
    return bar


@pytest.fixture
def notices(qapp: object) -> Notices:
    return Notices()


@pytest.mark.parametrize(
    "error, level, what, why",
    [
        (KnownError("file.encrypted", "文件被加密", "去掉密码"), Level.ERROR, "文件被加密", ""),
        (ConflictError("x", "李海燕 改过", "刷新"), Level.WARNING, "数据已被他人修改，本次未保存", "李海燕 改过"),
        (Cancelled(), Level.INFO, "已取消，未保存任何数据", ""),
    ],
)
def test_an_exception_becomes_one_notice(notices: Notices, error: Exception, level: Level, what: str, why: str) -> None:
    notices.show(error)
    [notice] = notices.open()
    assert (notice.level, notice.what, notice.why) == (level, what, why)


def test_a_bug_is_no_notice(qtbot: QtBot, notices: Notices) -> None:
    with qtbot.waitSignal(notices.bug):
        notices.show(ZeroDivisionError())
    assert notices.open() == ()


def test_the_same_again_does_not_pile_up(notices: Notices) -> None:
    for _ in range(3):
        notices.error("没有读到数据", "网络断开")
    assert len(notices.open()) == 1


def test_a_retry_is_offered_and_taken(window: MainWindow) -> None:
    notices, tried = window.notices, []
    bar = bar_of(window)
    notices.show(KnownError("x.y", "不行"), "导入没有完成", retry=lambda: tried.append(1))
    next(button for button in bar.findChildren(QPushButton) if button.text() == "重试").click()
    assert tried == [1]
    assert notices.open() == ()


def test_details_open_and_close(window: MainWindow) -> None:
    notices, bar = window.notices, bar_of(window)
    notices.error("坏了", details="错误代码：x.y")
    [card] = bar.cards()
    button = next(button for button in card.findChildren(QPushButton) if button.text() == "详情")
    button.click()
    assert card._details.isVisible()
    button.click()
    assert not card._details.isVisible()


def test_three_are_shown_and_the_rest_counted(window: MainWindow) -> None:
    notices, bar = window.notices, bar_of(window)
    for number in range(5):
        notices.warning(f"第 {number} 件")
    assert [card.notice.what for card in bar.cards()] == ["第 2 件", "第 3 件", "第 4 件"]
    assert "2 条" in bar._more.text()


def test_the_newest_goes_with_a_key(window: MainWindow) -> None:
    window.notices.info("一", offer=Offer("去", lambda: None))
    window.notices.error("二")
    window.commands.trigger("notice.dismiss")
    assert [notice.what for notice in window.notices.open()] == ["一"]
