"""What waits: pages without a number, doubtful ticks, photos without a box, sheets to type."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QItemSelectionModel, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from lvdesk.kit.errors import KnownError
from tests.ui.fieldwork.crop_fakes import FakeCrops
from tests.ui.fieldwork.keying_fakes import FakeKeying, a_sheet
from tests.ui.fieldwork.return_fakes import BOX, OTHER_BOX, FakeReturns
from tests.ui.fieldwork.return_window import pane_of, return_window
from ui.main_window import MainWindow
from ui.panes.fieldwork.return_desk import ReturnDesk
from ui.panes.fieldwork.return_pages import UnreadPages
from ui.panes.fieldwork.return_photos import WaitingPhotos
from ui.theme.apply import apply

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")  # the screenless platform, of windows and popups
LOCKED = KnownError("db.locked", "数据库正被另一个程序占用", "请关闭它后重试")
SECOND = "CL261123-01-004"


@pytest.fixture
def returns() -> FakeReturns:
    return FakeReturns.full()


@pytest.fixture
def window(qapp: QApplication, qtbot: QtBot, tmp_path: Path, returns: FakeReturns) -> Iterator[MainWindow]:
    apply(qapp)
    made = return_window(tmp_path, returns, FakeKeying(sheets={SECOND: a_sheet(SECOND)}), FakeCrops())
    qtbot.addWidget(made)
    made.resize(1366, 768)
    made.show()
    yield made
    made.jobs.close()


@pytest.fixture
def desk(qtbot: QtBot, window: MainWindow) -> ReturnDesk:
    made = pane_of(window).returns
    made.show_tab("queue")
    qtbot.waitUntil(lambda: None not in made.queue.counts.values())
    return made


def pages(qtbot: QtBot, desk: ReturnDesk) -> UnreadPages:
    view = desk.queue.pages
    desk.queue.turn_to("pages")
    qtbot.waitUntil(lambda: view.current() is not None and view.picture.shown)
    return view


def photos(qtbot: QtBot, desk: ReturnDesk) -> WaitingPhotos:
    view = desk.queue.photos
    desk.queue.turn_to("photos")
    qtbot.waitUntil(lambda: view.card.photo is not None and view.card.picture.shown)
    return view


def notices(window: MainWindow) -> list[str]:
    return [notice.what for notice in window.notices.open()]


def test_each_kind_says_how_many_wait(desk: ReturnDesk) -> None:
    chips = [chip.text() for chip in desk.queue.kinds._chips.values()]
    assert chips == ["未识别的页  3", "拿不准的勾和字  12", "待归箱照片  14", "待录表单  3"]
    assert desk.tabs._chips["queue"].text() == "待处理  32"


def test_a_page_gets_its_number(qtbot: QtBot, window: MainWindow, desk: ReturnDesk, returns: FakeReturns) -> None:
    view = pages(qtbot, desk)
    QTest.keyClicks(view.number, "cl261122-03-005")
    QTest.keyClick(view.number, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: returns.done == [("name", 1, "CL261122-03-005")])
    qtbot.waitUntil(lambda: desk.queue.counts["pages"] == 2)
    assert "扫描 11-22.pdf 第 1 页已认定为 CL261122-03-005" in notices(window)


def test_a_number_that_is_none_keeps_the_page(qtbot: QtBot, window: MainWindow, desk: ReturnDesk, returns: FakeReturns) -> None:
    view = pages(qtbot, desk)
    view.number.setText("12")
    view.name.click()
    qtbot.waitUntil(lambda: any("没有编号为 12 的表单" in notice.what + notice.why for notice in window.notices.open()))
    assert len(returns.waiting_pages) == 3
    assert view.number.text() == "12"


def test_a_page_that_is_no_sheet_is_dropped_with_a_reason(qtbot: QtBot, desk: ReturnDesk, returns: FakeReturns) -> None:
    view = pages(qtbot, desk)
    qtbot.waitActive(desk)
    view.table.view.setFocus()
    view.table.view.selectAll()
    QTest.keyClick(view.table.view, Qt.Key.Key_Delete)
    assert view.question is not None
    assert not view.question.yes.isEnabled()
    view.question.reason.setEditText("空白页")
    view.question.agree()
    qtbot.waitUntil(lambda: returns.done == [("drop", number, "空白页") for number in (1, 2, 4)])
    qtbot.waitUntil(lambda: view.state.title() == "没有未识别的页")


def test_doubtful_ticks_open_the_wall(qtbot: QtBot, desk: ReturnDesk) -> None:
    desk.queue.turn_to("crops")
    qtbot.waitUntil(lambda: desk.queue.wall.isVisible() and bool(desk.queue.wall.grid.crops))


def test_a_digit_files_a_photo_to_a_candidate(qtbot: QtBot, window: MainWindow, desk: ReturnDesk, returns: FakeReturns) -> None:
    view = photos(qtbot, desk)
    QTest.keyClick(view.thumbs, Qt.Key.Key_2)
    qtbot.waitUntil(lambda: returns.done == [("bind", (1,), OTHER_BOX)])
    qtbot.waitUntil(lambda: desk.queue.counts["photos"] == 13)
    qtbot.waitUntil(lambda: view.card.photo is not None and view.card.photo.id == 2)


def test_several_photos_are_filed_to_a_typed_box(qtbot: QtBot, desk: ReturnDesk, returns: FakeReturns) -> None:
    view = photos(qtbot, desk)
    view.thumbs.selectionModel().select(view.model.index(2), QItemSelectionModel.SelectionFlag.Select)
    QTest.keyClick(view.thumbs, Qt.Key.Key_Return)
    QTest.keyClicks(view.card.box, BOX)
    QTest.keyClick(view.card.box, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: returns.done == [("bind", (1, 3), BOX)])


def test_an_unknown_box_leaves_the_photo(qtbot: QtBot, window: MainWindow, desk: ReturnDesk, returns: FakeReturns) -> None:
    view = photos(qtbot, desk)
    view.card.box.setText("B-1")
    view.card.bind.click()
    qtbot.waitUntil(lambda: any("台账中没有计量箱 B-1" in notice.what + notice.why for notice in window.notices.open()))
    assert len(returns.waiting_photos) == 14


def test_a_filed_photo_tells_what_it_shows_and_is_taken_away(qtbot: QtBot, desk: ReturnDesk, returns: FakeReturns) -> None:
    view = photos(qtbot, desk)
    view.scope.select("filed")
    view.scope.chosen.emit("filed")
    qtbot.waitUntil(lambda: view.card.photo is not None and view.card.photo.id == 30)
    assert view.card.title.text() == BOX
    assert view.card.facts["台账有、图中没有"].text() == "4130001000000009547031"
    assert view.card.facts["图中有、属别处"].text() == "4130001000000002548870"
    QTest.keyClick(view.thumbs, Qt.Key.Key_Delete)
    assert view.question is not None
    view.question.agree()
    qtbot.waitUntil(lambda: returns.done == [("unbind", (30,), "")])
    qtbot.waitUntil(lambda: desk.queue.counts["photos"] == 15)


def test_a_sheet_for_the_second_keying_opens_blind(qtbot: QtBot, window: MainWindow, desk: ReturnDesk) -> None:
    desk.queue.turn_to("sheets")
    table = desk.queue.sheets.table
    qtbot.waitUntil(lambda: table.model.rowCount() == 3 and table.model.row(1) is not None)
    table.go_to(table.model.ids[1])
    qtbot.waitUntil(lambda: table.current_id() == table.model.ids[1])
    QTest.keyClick(table.view, Qt.Key.Key_Return)
    pane = pane_of(window)
    qtbot.waitUntil(lambda: pane.switch.current() == "keying" and pane.keying.mode.text() == "第二遍录入")


def test_a_queue_that_cannot_be_read_offers_to_try_again(qtbot: QtBot, tmp_path: Path, qapp: QApplication) -> None:
    apply(qapp)
    returns = FakeReturns.full()
    returns.error = LOCKED
    made = return_window(tmp_path, returns, FakeKeying(), FakeCrops())
    qtbot.addWidget(made)
    made.show()
    desk = pane_of(made).returns
    desk.show_tab("queue")
    qtbot.waitUntil(lambda: desk.queue.pages.state.title() == LOCKED.message)
    assert desk.differences.state.title() == LOCKED.message
    returns.error = None
    desk.queue.pages.refresh()
    qtbot.waitUntil(lambda: desk.queue.counts["pages"] == 3)
    made.jobs.close()
