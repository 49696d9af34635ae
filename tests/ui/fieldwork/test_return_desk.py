"""The return desk: files go in, differences and what waits come out at once."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from lvdesk.fieldwork.return_model import DifferenceClass, ReturnedCoordinate, ReturnRequest
from lvdesk.kit.errors import KnownError
from tests.ui.fieldwork.crop_fakes import FakeCrops
from tests.ui.fieldwork.keying_fakes import FakeKeying
from tests.ui.fieldwork.return_fakes import BOX, CUSTOMER, METER, FakeReturns, a_return, differences
from tests.ui.fieldwork.return_window import pane_of, return_window
from ui.main_window import MainWindow
from ui.panes.fieldwork.return_desk import ReturnDesk
from ui.theme.apply import apply

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")  # the screenless platform, of windows and popups
PATHS = (Path("/交回/外勤一班 11-22.xlsx"), Path("/交回/照片"))
LOCKED = KnownError("db.locked", "数据库正被另一个程序占用", "请关闭它后重试")


@pytest.fixture
def returns() -> FakeReturns:
    return FakeReturns.fresh()


@pytest.fixture
def window(qapp: QApplication, qtbot: QtBot, tmp_path: Path, returns: FakeReturns) -> Iterator[MainWindow]:
    apply(qapp)
    made = return_window(tmp_path, returns, FakeKeying(list_of=[]), FakeCrops())
    qtbot.addWidget(made)
    made.resize(1366, 768)
    made.show()
    yield made
    returns.hold.set()
    made.jobs.close()


@pytest.fixture
def desk(window: MainWindow) -> ReturnDesk:
    return pane_of(window).returns


def empty(qtbot: QtBot, desk: ReturnDesk) -> None:
    qtbot.waitUntil(desk.drop.isVisible)


def taken(qtbot: QtBot, desk: ReturnDesk, *paths: Path) -> None:
    desk.take(paths or PATHS)
    qtbot.waitUntil(lambda: desk.done is not None and not desk.taking.busy)
    qtbot.waitUntil(lambda: desk.differences.compared is not None)


def listed(qtbot: QtBot, desk: ReturnDesk, count: int) -> None:
    table = desk.differences.table
    qtbot.waitUntil(lambda: table.model.rowCount() == count and (not count or table.model.row(0) is not None))


def notices(window: MainWindow) -> list[str]:
    return [notice.what for notice in window.notices.open()]


def drag(kind: type[QDragEnterEvent] | type[QDropEvent], mime: QMimeData) -> QDropEvent:
    buttons, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    if kind is QDragEnterEvent:
        return QDragEnterEvent(QPoint(10, 10), Qt.DropAction.CopyAction, mime, buttons, keys)
    return QDropEvent(QPointF(10, 10), Qt.DropAction.CopyAction, mime, buttons, keys)


def test_before_anything_came_back_the_whole_page_is_a_place_for_files(qtbot: QtBot, desk: ReturnDesk) -> None:
    empty(qtbot, desk)
    assert not desk.strip.isVisible()


def test_files_dropped_anywhere_on_the_desk_are_taken(qtbot: QtBot, desk: ReturnDesk, returns: FakeReturns) -> None:
    empty(qtbot, desk)
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path)) for path in PATHS])
    for kind in (QDragEnterEvent, QDropEvent):
        QApplication.sendEvent(desk, drag(kind, mime))
    qtbot.waitUntil(lambda: returns.asked == [ReturnRequest(PATHS)])


def test_a_return_shows_its_differences_at_once(qtbot: QtBot, desk: ReturnDesk) -> None:
    taken(qtbot, desk)
    listed(qtbot, desk, 7)
    assert desk.banner.text() == "已回收：采录结果 412 行，扫描 3 页，照片 2 张；与台账不同 7 处"
    assert desk.differences.scope.current() == "these"
    assert desk.differences.classes.lines() == [
        ("全部", 7), ("账有实无", 1), ("实有账无", 1), ("换表", 1), ("箱表不符", 1), ("名称不符", 2), ("编号受损", 1),
    ]  # fmt: skip


def test_a_class_narrows_the_table_and_the_inspector_tells_one(qtbot: QtBot, desk: ReturnDesk) -> None:
    taken(qtbot, desk)
    listed(qtbot, desk, 7)
    desk.differences.classes.choose(DifferenceClass.METER_REPLACED)
    listed(qtbot, desk, 1)
    told = desk.differences.inspector
    qtbot.waitUntil(lambda: told.view is not None and told.view.klass is DifferenceClass.METER_REPLACED)
    assert (told.ledger.text(), told.field.text()) == (METER, "4130001000000009547031")
    assert "新表条码校验位正确" in told.evidence.text()
    assert told.origin.text() == "外勤一班 11-22.xlsx › 箱采录 › 第 5 行"


def test_a_difference_leads_to_the_ledger(qtbot: QtBot, window: MainWindow, desk: ReturnDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    went: list[tuple[object, ...]] = []
    taken(qtbot, desk)
    listed(qtbot, desk, 7)
    monkeypatch.setattr(desk.differences, "_context", _going(desk, went))
    desk.differences.classes.choose(DifferenceClass.CANCELLED)
    told = desk.differences.inspector
    qtbot.waitUntil(lambda: told.view is not None and told.view.key == BOX)
    told.open.click()
    assert went == [("ledger", ("meter_box", BOX))]
    desk.differences.classes.choose(DifferenceClass.DAMAGED_IDENTIFIER)
    qtbot.waitUntil(lambda: told.view is not None and told.view.record is None)
    assert not told.open.isEnabled()


def _going(desk: ReturnDesk, went: list[tuple[object, ...]]) -> object:
    from dataclasses import replace

    return replace(desk._context, navigate=lambda *target: went.append(target))


def test_differences_are_copied_with_their_heads(qtbot: QtBot, desk: ReturnDesk) -> None:
    taken(qtbot, desk)
    listed(qtbot, desk, 7)
    QGuiApplication.clipboard().clear()
    desk.differences.copy()
    qtbot.waitUntil(lambda: QGuiApplication.clipboard().text().count("\n") >= 7)
    lines = QGuiApplication.clipboard().text().splitlines()
    assert lines[0].startswith("差异\t编号\t栏目\t台账\t现场")
    assert any("王小明\t王晓明" in line for line in lines)


def test_the_package_and_system_chosen_go_with_the_files_and_are_remembered(qtbot: QtBot, desk: ReturnDesk, returns: FakeReturns) -> None:
    choosing = desk.choosing
    qtbot.waitUntil(lambda: choosing.package.count() == 3)
    for box, data in ((choosing.package, "CL261110-02"), (choosing.system, "gcj02")):
        box.setCurrentIndex(box.findData(data))
        box.activated.emit(box.currentIndex())
    desk.take(PATHS)
    qtbot.waitUntil(lambda: returns.asked == [ReturnRequest(PATHS, "CL261110-02", "gcj02")])
    again = type(choosing)(desk._context.workspace.settings)
    again.show_packages(returns.packages())
    assert again.request(PATHS) == ReturnRequest(PATHS, "CL261110-02", "gcj02")
    again.deleteLater()


def test_escape_stops_a_return_and_the_same_files_go_on(qtbot: QtBot, desk: ReturnDesk, returns: FakeReturns) -> None:
    returns.hold.clear()
    desk.take(PATHS)
    qtbot.waitUntil(lambda: "120 / 412 行" in desk.strip.doing.text())
    QTest.keyClick(desk, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: desk.banner.text() == "已停止回收")
    returns.hold.set()
    desk.banner.offers()[0].click()
    qtbot.waitUntil(lambda: desk.done is not None)
    assert returns.asked == [ReturnRequest(PATHS)] * 2


def test_a_second_pile_waits_for_the_first(qtbot: QtBot, desk: ReturnDesk, returns: FakeReturns) -> None:
    returns.hold.clear()
    desk.take(PATHS[:1])
    desk.take(PATHS[1:])
    qtbot.waitUntil(lambda: "之后还有 1 批" in desk.strip.doing.text())
    returns.hold.set()
    qtbot.waitUntil(lambda: [request.paths for request in returns.asked] == [PATHS[:1], PATHS[1:]])


def test_refused_files_say_why_and_what_to_do(qtbot: QtBot, window: MainWindow, desk: ReturnDesk) -> None:
    taken(qtbot, desk)
    window.commands.trigger("fieldwork.return_files")
    rows = desk.files.table.model
    qtbot.waitUntil(lambda: rows.rowCount() == 7 and rows.row(0) is not None)
    first = rows.row(0)
    assert first is not None
    assert first.values[0] == "外勤二班.xlsx"
    assert first.values[4:] == ("文件有打开密码", "在 Excel 中去掉密码，保存后再回收")
    desk.files.scope.select("open")
    desk.files.scope.chosen.emit("open")
    qtbot.waitUntil(lambda: rows.rowCount() == 4)


def test_nothing_but_refused_files_shows_them(qtbot: QtBot, desk: ReturnDesk, returns: FakeReturns) -> None:
    refused = tuple(file for file in a_return().files if file.status == "refused")
    returns.answer = a_return(
        files=refused, rows_in=0, differences=(), suggestions=(), unread=(), photos_filed=0, photos_queued=0, pages_read=0, pages_queued=0
    )
    taken(qtbot, desk)
    assert desk.tabs.current() == "files"
    assert desk.banner.text() == "没有能回收的内容"


def test_the_same_files_again_say_so(qtbot: QtBot, desk: ReturnDesk, returns: FakeReturns) -> None:
    from dataclasses import replace

    known = tuple(replace(file, status="unchanged") for file in a_return().files[:1])
    returns.answer = a_return(files=known, pages_queued=0, photos_queued=0, unread=(), refused=0)
    taken(qtbot, desk)
    assert desk.banner.text() == "没有变化：这 1 个文件此前都已回收"


def test_a_return_is_undone(qtbot: QtBot, window: MainWindow, desk: ReturnDesk, returns: FakeReturns) -> None:
    taken(qtbot, desk)
    next(offer for offer in desk.banner.offers() if offer.text() == "撤销这次回收").click()
    qtbot.waitUntil(lambda: returns.done == [("undo", (8, 7)), ("recount",)])
    qtbot.waitUntil(lambda: "已撤销这次回收" in notices(window))
    empty(qtbot, desk)


def test_a_return_that_fails_offers_to_go_on(qtbot: QtBot, desk: ReturnDesk, returns: FakeReturns) -> None:
    returns.take_error = LOCKED
    desk.take(PATHS)
    qtbot.waitUntil(lambda: desk.banner.text() == LOCKED.message)
    returns.take_error = None
    desk.banner.offers()[0].click()
    qtbot.waitUntil(lambda: desk.done is not None)


def test_a_station_that_does_not_answer_is_asked_again(qtbot: QtBot, desk: ReturnDesk, returns: FakeReturns) -> None:
    empty(qtbot, desk)
    desk.differences.compared, returns.error = None, LOCKED
    desk.refresh()
    qtbot.waitUntil(lambda: desk.differences.state.title() == LOCKED.message)


def test_stale_differences_are_compared_again(qtbot: QtBot, desk: ReturnDesk, returns: FakeReturns) -> None:
    returns.found, returns.stale = differences(), True
    desk.refresh()
    qtbot.waitUntil(desk.differences.stale.isVisible)
    desk.differences.recounting.click()
    qtbot.waitUntil(lambda: not desk.differences.stale.isVisible())
    assert returns.done == [("recount",)]


def test_resolved_differences_are_looked_up(qtbot: QtBot, desk: ReturnDesk, returns: FakeReturns) -> None:
    full = FakeReturns.full()
    returns.found, returns.gone = full.found, full.gone
    desk.refresh()
    listed(qtbot, desk, 7)
    desk.differences.scope.select("resolved")
    desk.differences.scope.chosen.emit("resolved")
    listed(qtbot, desk, 1)


def test_a_row_without_a_number_leads_to_its_likely_record(qtbot: QtBot, desk: ReturnDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    taken(qtbot, desk)
    went: list[tuple[object, ...]] = []
    monkeypatch.setattr(desk, "_context", _going(desk, went))
    desk.show_tab("files")
    table = desk.files.table
    qtbot.waitUntil(lambda: table.model.rowCount() == 7 and table.model.row(3) is not None)
    row = next(at for at in range(7) if "第 18 行" in table.model.row(at).values[0])  # type: ignore[union-attr]
    table.go_to(table.model.ids[row])
    qtbot.waitUntil(lambda: table.current_id() == table.model.ids[row])
    QTest.keyClick(table.view, Qt.Key.Key_Return)
    assert went == [("ledger", ("customer", CUSTOMER))]


def test_files_tell_in_which_system_their_coordinates_came(qtbot: QtBot, desk: ReturnDesk, returns: FakeReturns) -> None:
    found = [ReturnedCoordinate("外勤一班 11-22.xlsx", "箱采录", row, 115.1, 34.4, "gcj02", "detected") for row in range(3)]
    returns.answer = a_return(coordinates=tuple(found))
    taken(qtbot, desk)
    desk.show_tab("files")
    rows = desk.files.table.model
    qtbot.waitUntil(lambda: rows.rowCount() == 7 and rows.row(4) is not None)
    row = rows.row(4)
    assert row is not None
    assert row.values[4] == "坐标 3 处：GCJ-02（高德、腾讯），自动识别"


def test_keys_lead_to_the_parts_of_the_desk(qtbot: QtBot, window: MainWindow, desk: ReturnDesk, returns: FakeReturns) -> None:
    qtbot.waitActive(window)
    pane = pane_of(window)
    for key, view in ((Qt.Key.Key_1, "packages"), (Qt.Key.Key_5, "keying"), (Qt.Key.Key_4, "returns")):
        QTest.keyClick(window, key, Qt.KeyboardModifier.AltModifier)
        qtbot.waitUntil(lambda view=view: pane.switch.current() == view)  # type: ignore[misc]
    QTest.keyClick(window, Qt.Key.Key_7, Qt.KeyboardModifier.AltModifier)
    qtbot.waitUntil(lambda: desk.tabs.current() == "queue" and desk.queue.isVisible())


@pytest.mark.parametrize("name", ["扫描 11-22.pdf", "IMG_20261122_093001.JPG"])
def test_scans_and_photos_dropped_on_the_window_come_to_the_desk(
    qtbot: QtBot, tmp_path: Path, window: MainWindow, desk: ReturnDesk, returns: FakeReturns, name: str
) -> None:
    folder = tmp_path / "交回"
    folder.mkdir()
    for each in (name, "外勤一班.xlsx"):
        (folder / each).write_bytes(b"")
    pane_of(window).show_view("packages")
    window.files_dropped.emit([folder])
    qtbot.waitUntil(lambda: returns.asked == [ReturnRequest((folder,))])
    assert pane_of(window).switch.current() == "returns"
