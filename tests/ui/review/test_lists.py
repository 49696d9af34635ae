"""Lists and facets, decisions in bulk, taking back, the audit, workbooks, a page with nothing on it."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from lvdesk.network.changed import Changed
from lvdesk.review.model import Action, Kind, State
from tests.ui.review.review_fakes import CHANGED, FakeReview
from ui.main_window import MainWindow
from ui.panes.review.asking import Asking
from ui.panes.review.desk import ReviewDesk
from ui.panes.review.pane import ReviewPane
from ui.panes.review.words import AUDIT, BLOCKED, MINE

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")  # the screenless platform, of windows and popups


@pytest.fixture
def desk(qtbot: QtBot, pane: ReviewPane) -> ReviewDesk:
    qtbot.waitUntil(lambda: pane.counts is not None and pane.desk.item.view is not None)
    return pane.desk


def turn(qtbot: QtBot, desk: ReviewDesk, stage: str, count: int) -> None:
    desk.show_stage(stage)
    qtbot.waitUntil(lambda: len(desk.table.model.ids) == count and desk.item.view is not None)


def idle(qtbot: QtBot, desk: ReviewDesk) -> None:
    decisions = desk.hands.decisions
    qtbot.waitUntil(lambda: not desk._context.jobs._running and not decisions.busy() and not decisions._pause.isActive())


def question(desk: ReviewDesk) -> Asking:
    assert desk.bulk.question is not None
    return desk.bulk.question


def test_the_lists_say_how_many_they_have(desk: ReviewDesk, pane: ReviewPane) -> None:
    counts = {line.key: line.count for line in desk.side.stages.lines()}
    assert (counts[MINE], counts[State.MARKETING], counts[State.OPERATIONS], counts[BLOCKED]) == (53, 40, 6, 1)
    assert State.EXPORTED not in counts  # nothing there yet
    assert pane.badge() == 53
    assert desk.stage() == MINE


def test_ticks_narrow_the_list_and_are_said(qtbot: QtBot, desk: ReviewDesk) -> None:
    turn(qtbot, desk, State.MARKETING, 40)
    qtbot.waitUntil(lambda: bool(desk.side.facets.lines()))
    facets = desk.side.facets
    facets.stand_at(f"kinds|{Kind.NEW}")
    qtbot.keyClick(facets, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: len(desk.table.model.ids) == 8)
    assert desk.bulk.condition() == "“待营销确认”清单；类别：实有账无"
    desk.side.clear.click()
    qtbot.waitUntil(lambda: len(desk.table.model.ids) == 40)
    assert desk.side.clear.isHidden()


def test_many_are_passed_after_saying_how_many_and_which(qtbot: QtBot, desk: ReviewDesk, review: FakeReview, window: MainWindow) -> None:
    turn(qtbot, desk, State.MARKETING, 40)
    refused = desk.table.model.ids[3]
    review.refuse[refused] = "陈思远 录入过这一项，不能自己确认"
    desk.bulk.ask(Action.CONFIRM)
    asked = question(desk)
    qtbot.waitUntil(lambda: bool(asked.sample[4].text()))
    assert asked.head.text() == "将通过 40 项"
    assert asked.condition.text() == "条件：“待营销确认”清单"
    assert "王小明 → 王晓明" in asked.sample[0].text()
    assert asked.more.text() == "…… 另有 35 项"
    asked.agree()
    idle(qtbot, desk)
    (request,) = review.decided
    assert (len(request.ids), request.how, request.action) == (40, "bulk", Action.CONFIRM)
    told = window.notices.open()[-1]
    assert (told.what, told.why) == ("已通过 39 项，1 项没有通过", "陈思远 录入过这一项，不能自己确认")
    qtbot.waitUntil(lambda: list(desk.table.model.ids) == [refused])


def test_the_selected_are_sent_back_with_a_reason(qtbot: QtBot, desk: ReviewDesk, review: FakeReview) -> None:
    turn(qtbot, desk, State.MARKETING, 40)
    for _ in range(2):
        qtbot.keyClick(desk.table.view, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    desk.bulk.ask(Action.RETURN)
    asked = question(desk)
    assert asked.head.text() == "将退回 3 项"
    asked.reason.setEditText("")
    assert not asked.yes.isEnabled()
    asked.reason.setEditText("缺少照片")
    asked.to.select("desk")
    asked.agree()
    idle(qtbot, desk)
    assert [(len(each.ids), each.reason, each.addressee) for each in review.decided] == [(3, "缺少照片", "desk")]


def test_what_needs_nobody_passes_by_the_rule(qtbot: QtBot, desk: ReviewDesk, review: FakeReview) -> None:
    turn(qtbot, desk, State.PREPARING, 7)
    assert desk.by_rule.text() == "按规则通过 7 条"
    desk.by_rule.click()
    assert question(desk).head.text() == "将按规则通过 7 项"
    question(desk).agree()
    idle(qtbot, desk)
    assert len(review.decided[0].ids) == 7
    qtbot.waitUntil(lambda: desk.table.state.title() == "“待整理”没有事项")


def test_an_item_taken_back_is_open_again(qtbot: QtBot, desk: ReviewDesk, review: FakeReview, window: MainWindow) -> None:
    turn(qtbot, desk, State.MARKETING, 40)
    assert desk.item.view is not None
    first = desk.item.view
    desk.hands.decide(Action.CONFIRM)
    idle(qtbot, desk)
    desk.skip(1)
    review.items[first.id] = first
    window.bus.tell(Changed.ALL)  # as the window's undo does
    qtbot.waitUntil(lambda: desk.item.view is not None and desk.item.view.id == first.id)


def test_another_person_at_the_desk_has_another_list(qtbot: QtBot, desk: ReviewDesk, review: FakeReview, window: MainWindow) -> None:
    told = "应由营销班组处理（李海燕）"
    review.items = {key: replace(item, allowed=(), forbidden=told) for key, item in review.items.items()}
    window.workspace.store.person = "周网格"
    window.bus.tell(Changed.PEOPLE)
    qtbot.waitUntil(lambda: desk.table.state.title() == "没有轮到您处理的事项")
    turn(qtbot, desk, State.MARKETING, 40)
    assert (desk.item.note.text(), desk.foot.confirm.isEnabled()) == ("您不能通过这一项", False)
    desk.hands.decide(Action.CONFIRM)
    assert window.notices.open()[-1].why == told
    assert review.decided == []


def test_a_sample_is_drawn_and_judged(qtbot: QtBot, desk: ReviewDesk, review: FakeReview, window: MainWindow) -> None:
    gone = [key for key, item in review.items.items() if item.state is State.MARKETING][:2]
    for key in gone:
        review.items[key] = replace(review.items[key], state=State.CONFIRMED)
    desk.show_stage(AUDIT)
    audit = desk.audit
    qtbot.waitUntil(lambda: audit.table.state.title() == "还没有抽查样本")
    audit.draw()
    qtbot.waitUntil(lambda: len(audit.table.model.ids) == 3 and audit.item.view is not None)
    desk.press(Action.RETURN)
    assert "哪里有误" in window.notices.open()[-1].what
    audit.foot.note.setText("现场还在用")
    desk.press(Action.RETURN)
    qtbot.waitUntil(lambda: [each.verdict for each in review.drawn] == ["wrong", "", ""])
    qtbot.waitUntil(lambda: audit.item.view is not None and audit.table.current_id() == 2 and audit._wanted == 2)
    idle(qtbot, desk)
    desk.press(Action.CONFIRM)
    qtbot.waitUntil(lambda: [each.verdict for each in review.drawn] == ["wrong", "sound", ""])


def test_a_list_goes_out_as_a_workbook_and_comes_back(
    qtbot: QtBot, desk: ReviewDesk, review: FakeReview, window: MainWindow, tmp_path: Path
) -> None:
    desk.book.ask_write()
    assert "待营销确认" in window.notices.open()[-1].what  # only what waits for a team is given out
    turn(qtbot, desk, State.OPERATIONS, 6)
    desk.book.write(tmp_path / "清单.xlsx")
    qtbot.waitUntil(lambda: bool(review.written))
    assert (review.written[0][1], len(review.written[0][2])) == (State.OPERATIONS, 6)
    desk.book.read(tmp_path / "清单.xlsx")
    qtbot.waitUntil(lambda: window.notices.open()[-1].what == "已处理 3 项，4 行没有填写或与现在相同，2 行没有采用")
    window.notices.open()[-1].offers[0].callback()
    assert desk.book.rows is not None
    assert desk.book.rows.list.item(0).text() == "第 6 行：没有这一项"
    desk.book.rows.accept()


def test_pictures_are_enlarged_and_turned_over(qtbot: QtBot, desk: ReviewDesk) -> None:
    tile = desk.pictures._tiles[0]
    assert tile.accessibleName() == "放大 缺失 · 表位 1-2 S0012"
    qtbot.keyClick(tile, Qt.Key.Key_Space)
    large = desk.enlarged
    assert large is not None
    qtbot.waitUntil(lambda: large.picture.shown)
    qtbot.keyClick(large, Qt.Key.Key_Right)
    assert large.caption.text() == "照片 1（2 / 3）"
    qtbot.keyClick(large, Qt.Key.Key_Escape)
    assert large.isHidden()


def _empty(review: FakeReview) -> None:
    review.items = {}


def _broken(review: FakeReview) -> None:
    review.broken = True


@pytest.mark.parametrize("spoil, said", [(_empty, "没有要复核的事项"), (_broken, "数据库正被另一个程序占用")])
def test_a_page_without_a_list_says_what_next(
    qtbot: QtBot, review: FakeReview, spoil: Callable[[FakeReview], None], said: str, request: pytest.FixtureRequest
) -> None:
    spoil(review)
    pane: ReviewPane = request.getfixturevalue("pane")
    qtbot.waitUntil(lambda: pane.state.title() == said)
    assert pane.pages.currentIndex() == 0


def test_the_queue_follows_the_field(qtbot: QtBot, desk: ReviewDesk, review: FakeReview, window: MainWindow) -> None:
    review.is_stale = True
    window.bus.tell(Changed.RETURNS)
    qtbot.waitUntil(lambda: review.gathered == 1)
    window.bus.tell(CHANGED)
    idle(qtbot, desk)
    assert review.gathered == 1  # nothing new
