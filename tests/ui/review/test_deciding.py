"""Items decided at the desk: by key, one after the other, sent back, corrected, refused."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from lvdesk.kit.errors import KnownError
from lvdesk.review.model import Action, State
from tests.ui.review.review_fakes import REASONS, FakeReview
from ui.main_window import MainWindow
from ui.panes.review.desk import ReviewDesk
from ui.panes.review.pane import ReviewPane

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")  # the screenless platform, of windows and popups


@pytest.fixture
def desk(qtbot: QtBot, pane: ReviewPane) -> ReviewDesk:
    open_stage(qtbot, pane, State.MARKETING)
    return pane.desk


def open_stage(qtbot: QtBot, pane: ReviewPane, stage: str) -> None:
    qtbot.waitUntil(lambda: pane.counts is not None and pane.desk.item.view is not None)
    pane.desk.show_stage(stage)
    qtbot.waitUntil(lambda: pane.desk.item.view is not None and pane.desk.item.view.state == stage)


def idle(qtbot: QtBot, desk: ReviewDesk) -> None:
    qtbot.waitUntil(
        lambda: not desk._context.jobs._running and not desk.hands.decisions.busy() and not desk.hands.decisions._pause.isActive()
    )


def shown(desk: ReviewDesk) -> int:
    assert desk.item.view is not None
    return desk.item.view.id


@pytest.mark.parametrize("key", [Qt.Key.Key_F9, Qt.Key.Key_Return])
def test_passing_opens_the_next(qtbot: QtBot, desk: ReviewDesk, review: FakeReview, key: Qt.Key) -> None:
    first = shown(desk)
    desk.item.start()
    qtbot.keyClick(desk.item._scroll, key)
    assert shown(desk) == first + 1  # at once: it was read before
    qtbot.waitUntil(lambda: [request.ids for request in review.decided] == [(first,)])
    (request,) = review.decided
    assert (request.action, request.versions, request.session) == (Action.CONFIRM, {first: 1}, desk.session)
    idle(qtbot, desk)
    assert desk.table.model.row_of(first) is None
    assert shown(desk) == first + 1


def test_many_are_decided_in_order_while_the_store_is_slow(qtbot: QtBot, desk: ReviewDesk, review: FakeReview) -> None:
    review.hold.clear()
    wanted = []
    for _ in range(8):
        wanted.append(shown(desk))
        desk.hands.decide(Action.CONFIRM)
    review.hold.set()
    idle(qtbot, desk)
    assert [request.ids[0] for request in review.decided] == wanted
    assert len(set(wanted)) == 8


def test_a_list_comes_to_its_end(qtbot: QtBot, pane: ReviewPane, review: FakeReview) -> None:
    open_stage(qtbot, pane, State.PREPARING)
    desk = pane.desk
    for _ in range(7):
        qtbot.waitUntil(lambda: desk.item.view is not None)
        desk.hands.decide(Action.CONFIRM)
    assert "处理完了" in desk.item.state.title()
    idle(qtbot, desk)
    assert desk.table.state.title() == "“待整理”没有事项"


def test_sending_back_takes_a_reason_and_remembers_it(qtbot: QtBot, desk: ReviewDesk, review: FakeReview) -> None:
    first = shown(desk)
    desk.hands.decide(Action.RETURN)
    form = desk.form
    assert desk.item.asking()
    qtbot.keyClick(form.list, "3")
    assert form.reason.text() == REASONS[2]
    qtbot.keyClick(form.list, Qt.Key.Key_Return)
    assert not desk.item.asking()
    assert shown(desk) == first + 1
    idle(qtbot, desk)
    (request,) = review.decided
    assert (request.action, request.reason, request.addressee) == (Action.RETURN, REASONS[2], "field")
    desk.hands.decide(Action.RETURN)
    assert form.reason.text() == REASONS[2]  # the last one first
    qtbot.keyClick(form.list, "x")
    assert form.reason.text() == "x"
    qtbot.keyClick(form.reason, Qt.Key.Key_Escape)
    assert not desk.item.asking()
    assert len(review.decided) == 1


def test_holding_says_until_when(qtbot: QtBot, desk: ReviewDesk, review: FakeReview) -> None:
    desk.hands.decide(Action.HOLD)
    desk.form.until.setCurrentIndex(1)
    desk.form.agree()
    idle(qtbot, desk)
    assert (review.decided[0].action, review.decided[0].until) == (Action.HOLD, "2026-11-29")


def test_a_corrected_value_is_passed_with_its_own_key(qtbot: QtBot, desk: ReviewDesk, review: FakeReview, window: MainWindow) -> None:
    name = next(identity for identity in desk.table.model.ids if review.items[identity].kind == "name_changed")
    desk.table.go_to(name)
    qtbot.waitUntil(lambda: shown(desk) == name)
    desk.hands.decide(Action.CORRECT)
    editor = desk.item.sides._rows[0].text
    assert editor.hasFocus()
    editor.setText("王小名")
    editor.textEdited.emit("王小名")
    assert "1 处" in desk.foot.correct.text()
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    desk.hands.decide(Action.CONFIRM)
    assert review.decided == []
    assert "F10" in window.notices.open()[-1].why
    desk.hands.decide(Action.CORRECT)
    idle(qtbot, desk)
    assert dict(review.decided[0].values) == {"customer.name": "王小名"}


def test_a_code_is_chosen_from_a_list(qtbot: QtBot, desk: ReviewDesk, review: FakeReview) -> None:
    gone = next(identity for identity in desk.table.model.ids if review.items[identity].kind == "cancelled")
    desk.table.go_to(gone)
    qtbot.waitUntil(lambda: shown(desk) == gone)
    codes = desk.item.sides._rows[0].codes
    assert codes.currentText() == "已销户客户"
    codes.setCurrentIndex(codes.findText("当前变更客户"))
    codes.activated.emit(codes.currentIndex())
    desk.hands.decide(Action.CORRECT)
    idle(qtbot, desk)
    assert dict(review.decided[0].values) == {"customer.status": "03"}


@pytest.mark.parametrize("how", ["refused", "lost"])
def test_what_was_not_done_comes_back(qtbot: QtBot, desk: ReviewDesk, review: FakeReview, window: MainWindow, how: str) -> None:
    first = shown(desk)
    if how == "refused":
        review.refuse[first] = "这一项已有变化，请看过再决定"
    else:
        review.lost = KnownError("db.locked", "数据库正被另一个程序占用", "请关闭它后重试")
    desk.hands.decide(Action.CONFIRM)
    assert shown(desk) != first
    qtbot.waitUntil(lambda: desk.item.view is not None and shown(desk) == first)
    told = window.notices.open()[-1]
    assert told.why.startswith("这一项已有变化" if how == "refused" else "数据库正被")
    assert desk.walk.done == set()


def test_what_is_being_written_is_not_taken_away(qtbot: QtBot, desk: ReviewDesk, review: FakeReview, window: MainWindow) -> None:
    first = shown(desk)
    review.refuse[first] = "已有变化"
    review.hold.clear()
    desk.hands.decide(Action.CONFIRM)
    second = shown(desk)
    desk.hands.decide(Action.RETURN)
    review.hold.set()
    qtbot.waitUntil(lambda: bool(window.notices.open()))
    assert (shown(desk), desk.item.asking()) == (second, True)
    (offer,) = window.notices.open()[-1].offers
    desk.item.close_form()
    offer.callback()
    qtbot.waitUntil(lambda: desk.item.view is not None and shown(desk) == first)


def test_somebody_else_has_it_open(qtbot: QtBot, desk: ReviewDesk, review: FakeReview, window: MainWindow) -> None:
    review.holder = "李海燕"
    desk.skip(1)
    qtbot.waitUntil(lambda: desk.item.view is not None and desk.item.view.locked_by == "李海燕")
    assert desk.item.note.text() == "李海燕 正在处理这一项"
    assert not desk.foot.confirm.isEnabled()
    desk.hands.decide(Action.CONFIRM)
    assert review.decided == []


@pytest.mark.parametrize(
    "stage, words", [(State.RETURNED, "第 2 次退回给网格长"), (State.HELD, "挂起至 2026-12-01"), ("blocked", "有未处理的错误")]
)
def test_an_item_opens_on_its_reason(qtbot: QtBot, pane: ReviewPane, stage: str, words: str) -> None:
    qtbot.waitUntil(lambda: pane.desk.item.view is not None)
    pane.desk.show_stage(stage)
    qtbot.waitUntil(lambda: pane.desk.item.note.text().startswith(words))


def test_skipping_goes_on_and_back(qtbot: QtBot, desk: ReviewDesk) -> None:
    first = shown(desk)
    desk.skip(1)
    assert shown(desk) == first + 1
    desk.skip(-1)
    assert shown(desk) == first


@pytest.mark.parametrize("act", [lambda desk: desk.widen(wide=True), lambda desk: desk._open_row()])
def test_an_item_is_enlarged_and_made_small(qtbot: QtBot, desk: ReviewDesk, act: Callable[[ReviewDesk], None]) -> None:
    act(desk)
    assert not desk.side.isVisible()
    qtbot.keyClick(desk.item._scroll, Qt.Key.Key_Escape)
    assert desk.side.isVisible()
