"""The page 工单看板: made by a form, moved by key and by dragging, asked for what is needed, closed with evidence, taken back."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog
from pytestqt.qtbot import QtBot

from lvdesk.organisation.state import state
from lvdesk.workorders.creating import NewOrder, create
from lvdesk.workorders.model import LANES, Action, Request, State
from lvdesk.workorders.moving import act
from lvdesk.workorders.reading import Scope, order, orders
from lvdesk.workspace import Workspace
from tests.helpers.grids import NAMES
from ui.main_window import MainWindow
from ui.panes.workorders.asking import AskWord, NewOrderForm, ProveForm
from ui.panes.workorders.loading import CHANGED
from ui.panes.workorders.pane import WorkOrdersPane

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


def calm(qtbot: QtBot, window: MainWindow) -> None:
    qtbot.waitUntil(lambda: not window.jobs._running, timeout=20_000)


def asked(qtbot: QtBot, pane: WorkOrdersPane, kind: type[QDialog]) -> QDialog:
    qtbot.waitUntil(lambda: bool([each for each in pane.findChildren(kind) if each.isVisible()]))
    return [each for each in pane.findChildren(kind) if each.isVisible()][-1]


@pytest.fixture
def number(qtbot: QtBot, window: MainWindow, pane: WorkOrdersPane, station: Workspace) -> str:
    """An order of a private household on the board."""
    made = create(station, [NewOrder("data_check", "核实户变", "transformer_area", list(state(station).areas)[10])]).numbers[0]
    window.bus.tell(CHANGED)
    qtbot.waitUntil(lambda: pane.board.card(made) is not None)
    pane.board.choose(made)
    return made


@pytest.fixture
def comes_to(qtbot: QtBot, station: Workspace) -> Callable[[str, State], None]:
    def wait(made: str, wanted: State) -> None:
        qtbot.waitUntil(lambda: order(station, made).state is wanted, timeout=10_000)

    return wait


def test_an_empty_board_offers_the_first_step_and_a_form_makes_an_order(
    qtbot: QtBot, window: MainWindow, pane: WorkOrdersPane, station: Workspace
) -> None:
    assert pane.state.title() == "没有在办的工单"
    pane.ask_new()
    form = asked(qtbot, pane, NewOrderForm)
    assert isinstance(form, NewOrderForm)
    form.lines["key"].setText("没有的台区")
    form.agree()
    qtbot.waitUntil(lambda: "台账中没有编号" in form.wrong.text())
    form.lines["key"].setText(next(iter(state(station).areas)))
    form.lines["title"].setText("邻居有电我没有")
    form.tasks.setPlainText("抢修：查表后开关\n计量：看表")
    form.agree()
    qtbot.waitUntil(lambda: bool(pane.board.cards))
    made = orders(station, Scope())[0]
    assert [(task.kind, task.what) for task in made.tasks] == [("抢修", "查表后开关"), ("计量", "看表")]
    assert "邻居有电我没有" in pane.board.accessibleDescription()


def test_ctrl_right_moves_on_and_what_needs_a_reason_is_asked(
    qtbot: QtBot, window: MainWindow, pane: WorkOrdersPane, station: Workspace, number: str, comes_to: Callable[[str, State], None]
) -> None:
    QTest.keyClick(pane.board, Qt.Key.Key_Right, Qt.KeyboardModifier.ControlModifier)
    comes_to(number, State.WAITING)
    calm(qtbot, window)
    pane.board.move_chosen(1)
    comes_to(number, State.DISPATCHED)
    calm(qtbot, window)
    pane.board.move_chosen(-1)
    dialog = asked(qtbot, pane, AskWord)
    assert isinstance(dialog, AskWord)
    assert not dialog.yes.isEnabled()
    dialog.word.setCurrentText("地址不清")
    dialog.agree()
    comes_to(number, State.WAITING)
    assert order(station, number).events[-1].reason == "地址不清"
    calm(qtbot, window)
    window.commands.trigger("edit.undo")
    comes_to(number, State.DISPATCHED)


def test_a_card_dragged_to_a_lane_goes_there_and_a_forbidden_lane_says_where_it_may(
    qtbot: QtBot, window: MainWindow, pane: WorkOrdersPane, station: Workspace, number: str, comes_to: Callable[[str, State], None]
) -> None:
    board = pane.board
    calm(qtbot, window)
    place = board._places[number].center()
    to = QPoint(2 * board._wide + 40, place.y())
    QTest.mousePress(board.viewport(), Qt.MouseButton.LeftButton, pos=place)
    board._drag_at = to
    QTest.mouseRelease(board.viewport(), Qt.MouseButton.LeftButton, pos=to)
    comes_to(number, State.DISPATCHED)
    calm(qtbot, window)
    board._ask(LANES.index(State.ARCHIVED))
    qtbot.waitUntil(lambda: any("不能移到“已归档”" in each.what for each in window.notices.open()))


def test_finishing_asks_for_tasks_and_evidence(
    qtbot: QtBot, window: MainWindow, pane: WorkOrdersPane, station: Workspace, number: str, comes_to: Callable[[str, State], None]
) -> None:
    for action in (Action.DISPATCH, Action.TAKE, Action.ARRIVE):
        act(station, [number], Request(action))
    window.bus.tell(CHANGED)
    qtbot.waitUntil(lambda: pane.detail.order is not None and pane.detail.order.state is State.ARRIVED)
    pane.ask_action([number], Action.FINISH)
    qtbot.waitUntil(lambda: any("还缺" in each.what for each in window.notices.open()))
    pane.detail.ticked.emit(number, 1)
    qtbot.waitUntil(lambda: bool(order(station, number).tasks[0].done_at))
    calm(qtbot, window)
    pane._ask_prove(number)
    form = asked(qtbot, pane, ProveForm)
    assert isinstance(form, ProveForm)
    form.value.setText("照片已存档")
    form.agree()
    qtbot.waitUntil(lambda: bool(order(station, number).evidence))
    calm(qtbot, window)
    pane.ask_action([number], Action.FINISH)
    comes_to(number, State.CHECKING)


def test_dispatching_proposes_people_with_reasons(
    qtbot: QtBot, window: MainWindow, pane: WorkOrdersPane, station: Workspace, number: str, comes_to: Callable[[str, State], None]
) -> None:
    pane.ask_action([number], Action.DISPATCH)
    dialog = asked(qtbot, pane, AskWord)
    assert isinstance(dialog, AskWord)
    assert dialog.word.currentText() == NAMES[5]
    dialog.agree()
    comes_to(number, State.DISPATCHED)
    assert order(station, number).responsible == NAMES[5]


def test_filters_swimlanes_and_views_show_the_same_orders(
    qtbot: QtBot, window: MainWindow, pane: WorkOrdersPane, station: Workspace, number: str
) -> None:
    create(station, [NewOrder("complaint", "投诉停电", "transformer_area", next(iter(state(station).areas)))])
    window.bus.tell(CHANGED)
    qtbot.waitUntil(lambda: len(pane.shown) == 2)
    pane.filters.words.setText("投诉")
    assert [each.title for each in pane.shown] == ["投诉停电"]
    pane.filters.words.setText("")
    pane.filters.swim.setCurrentIndex(1)
    pane.apply_filters()
    assert {card.swim for card in pane.board.cards} == {"城东网格", "文一网格"}
    pane.show_view("trips")
    calm(qtbot, window)
    assert sum(len(trip.orders) for trip in pane.trips.things) == 2
    pane.show_view("table")
    assert len(pane.table.things) == 2
