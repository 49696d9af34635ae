"""The desk check over real workspaces: found, judged by keyboard, in bulk, taken back, seen in the ledger."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester, QTest
from pytestqt.qtbot import QtBot

from lvdesk.kit.errors import KnownError
from lvdesk.kit.progress import Progress
from lvdesk.kit.settings import Settings
from lvdesk.kit.table import Condition, Filter, Query
from lvdesk.ledger import deskcheck
from lvdesk.ledger.deskcheck_candidates import Candidates
from lvdesk.network import browsing, editing
from lvdesk.workspace import Workspace
from tests.helpers.stations import near_reader, small_station, taken
from ui.main_window import MainWindow
from ui.panes.base import Context
from ui.panes.ledger.desk_loading import StationDesk
from ui.panes.ledger.desk_view import DeskView
from ui.panes.ledger.pane import LedgerPane

__all__ = ["near_reader"]
pytestmark = [pytest.mark.qt_log_ignore("This plugin does not support"), pytest.mark.usefixtures("near_reader")]
PATIENCE = 60_000  # milliseconds, for a busy machine
Opened = Callable[[Workspace], MainWindow]


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, ...]:
    return small_station(tmp_path_factory.mktemp("sample"), dirt=False).files[:-2]


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    made = Workspace.open(tmp_path / "station", person="陈思远")
    yield made
    made.close()


@pytest.fixture
def opened(qtbot: QtBot, tmp_path: Path) -> Iterator[Opened]:
    made: list[MainWindow] = []

    def go(workspace: Workspace, pane: type[LedgerPane] = LedgerPane) -> MainWindow:
        window = MainWindow(workspace, (pane,), Settings(tmp_path / "window.json"))
        qtbot.addWidget(window)
        window.resize(1366, 768)
        window.show()
        made.append(window)
        return window

    yield go
    for window in made:
        window.jobs.close()


def cancel(workspace: Workspace, count: int) -> list[str]:
    """Makes the first customers cancelled ones and tells their numbers."""
    source = browsing.table(workspace, "customer")
    ids = source.ids(Query())[:count]
    editing.edit(workspace, "customer", [editing.Edit(number, "status", "已销户") for number in ids])
    place = [column.key for column in source.columns].index("customer_no")
    return [row.values[place] for row in source.rows(ids)]


@pytest.fixture
def numbers(workspace: Workspace, files: tuple[Path, ...]) -> list[str]:
    taken(workspace, *files)
    return cancel(workspace, 6)


def pane_of(window: MainWindow) -> LedgerPane:
    found = window.stack.pane("ledger")
    assert isinstance(found, LedgerPane)
    return found


@pytest.fixture
def desk(qtbot: QtBot, workspace: Workspace, opened: Opened, numbers: list[str]) -> DeskView:
    window = opened(workspace)
    window.navigate("ledger", "desk")
    view = pane_of(window).desk
    wait_rows(qtbot, view, 6)
    qtbot.waitUntil(lambda: view.inspector.candidate is not None, timeout=PATIENCE)
    return view


def wait_rows(qtbot: QtBot, view: DeskView, count: int) -> None:
    qtbot.waitUntil(lambda: view.table.model.rowCount() == count, timeout=PATIENCE)


def shown(view: DeskView) -> str:
    return view.inspector.candidate.customer_no if view.inspector.candidate else ""


def settle_on(qtbot: QtBot, view: DeskView) -> str:
    """The number of the current row, once the inspector shows it too."""
    table = view.table
    qtbot.waitUntil(lambda: view.inspector.candidate is not None and view.inspector.candidate.id == table.current_id(), timeout=PATIENCE)
    return shown(view)


def verdicts(workspace: Workspace) -> dict[str, str]:
    return {number: mark.verdict for number, mark in deskcheck.candidates(workspace).marks.items()}


def test_candidates_are_listed_with_evidence_and_origin(desk: DeskView) -> None:
    QAbstractItemModelTester(desk.table.model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    candidate = desk.inspector.candidate
    assert candidate is not None
    assert [each.text for each in candidate.evidence] == ["用户状态为已销户客户"]
    assert desk.inspector.strength.text() == "确定"
    assert desk.states.current() == "open"
    assert desk.feeders.model().index(0, 0).data(Qt.ItemDataRole.AccessibleTextRole).startswith("全部线路，80 户，候选 6，待核实 6")


def test_enter_marks_as_proposed_and_the_next_one_is_there(qtbot: QtBot, desk: DeskView, workspace: Workspace) -> None:
    first = settle_on(qtbot, desk)
    second = desk.found.numbers([desk.table.model.ids[1]])[0] if desk.found else ""
    QTest.keyClick(desk.table.view, Qt.Key.Key_Return)
    wait_rows(qtbot, desk, 5)
    assert settle_on(qtbot, desk) == second
    QTest.keyClick(desk.table.view, Qt.Key.Key_Return)
    wait_rows(qtbot, desk, 4)
    assert verdicts(workspace) == {first: "确认销户", second: "确认销户"}
    assert deskcheck.candidates(workspace).marks[first].reason == "营销系统已销户"


def test_the_last_one_done_leaves_the_one_before(qtbot: QtBot, desk: DeskView) -> None:
    desk.table.go_to(desk.table.model.ids[5])
    before = desk.table.model.ids[4]
    settle_on(qtbot, desk)
    desk.marking.judge("疑似销户")
    wait_rows(qtbot, desk, 5)
    assert desk.table.current_id() == before


def test_all_selected_are_marked_at_once_and_taken_back(qtbot: QtBot, desk: DeskView, workspace: Workspace, numbers: list[str]) -> None:
    settle_on(qtbot, desk)
    desk.table.view.selectAll()
    qtbot.waitUntil(lambda: desk.inspector.verdict.title.text() == "标注选中的 6 户", timeout=PATIENCE)
    desk.inspector.verdict.reason.setEditText("逐户电话核实")
    desk.inspector.verdict.buttons["正常"].click()
    qtbot.waitUntil(lambda: desk.table.state.title() == "没有要核实的用户", timeout=PATIENCE)
    assert verdicts(workspace) == dict.fromkeys(numbers, "正常")
    window = desk.window()
    assert isinstance(window, MainWindow)
    qtbot.waitUntil(lambda: window.undoing.undo_action.text() == "撤销：核实标注（正常） 6 户", timeout=PATIENCE)
    window.undoing.undo_action.trigger()
    wait_rows(qtbot, desk, 6)
    assert verdicts(workspace) == {}
    assert desk.inspector.verdict.reason.itemText(0) == "逐户电话核实"  # remembered for the next time


def test_everything_listed_is_marked_after_saying_what(qtbot: QtBot, desk: DeskView, workspace: Workspace) -> None:
    some = settle_on(qtbot, desk)
    desk.table.set_filter("customer_no", Filter("customer_no", Condition.EQUALS, (some,)))
    wait_rows(qtbot, desk, 1)
    desk.marking.ask_all()
    question = desk.marking.question
    assert question is not None
    assert question.head.text() == "将标注 1 户"
    assert question.condition.text() == f"条件：全部线路；待核实；用户编号 等于 {some}"
    assert some in question.sample.text()
    question.reason.clear()
    assert not question.save.isEnabled()
    question.reason.setText("清理")
    question.save.click()
    qtbot.waitUntil(lambda: desk.table.state.title() == "没有符合条件的行", timeout=PATIENCE)
    assert verdicts(workspace) == {some: "确认销户"}


def test_a_mark_is_seen_changed_and_removed(qtbot: QtBot, desk: DeskView, workspace: Workspace) -> None:
    some = settle_on(qtbot, desk)
    desk.marking.judge("确认销户")
    wait_rows(qtbot, desk, 5)
    desk.states.select("marked")
    desk.states.chosen.emit("marked")
    wait_rows(qtbot, desk, 1)
    qtbot.waitUntil(lambda: desk.inspector.mark_chip.text() == "确认销户", timeout=PATIENCE)
    assert shown(desk) == some
    assert "陈思远" in desk.inspector.mark_said.text()
    desk.marking.judge("")
    qtbot.waitUntil(lambda: desk.table.model.rowCount() == 0, timeout=PATIENCE)
    assert verdicts(workspace) == {}


def test_one_feeder_alone(qtbot: QtBot, desk: DeskView) -> None:
    assert desk.found is not None
    busy = next(each for each in desk.found.feeders if each.candidates)
    idle = next(each for each in desk.found.feeders if not each.candidates)
    desk.show_feeder(idle.feeder_no)
    qtbot.waitUntil(lambda: desk.table.state.title() == "没有要核实的用户", timeout=PATIENCE)
    desk.show_feeder(busy.feeder_no)
    wait_rows(qtbot, desk, busy.candidates)
    assert desk.where.text() == busy.name


def test_the_ledger_shows_the_verdict(qtbot: QtBot, desk: DeskView) -> None:
    some = settle_on(qtbot, desk)
    desk.marking.judge("确认销户")
    wait_rows(qtbot, desk, 5)
    window = desk.window()
    assert isinstance(window, MainWindow)
    window.navigate("ledger", ("customer", some, "desk_check"))
    browser = pane_of(window).browser
    qtbot.waitUntil(lambda: browser.inspector.record is not None and browser.inspector.record.key == some, timeout=PATIENCE)
    assert browser.inspector.verdict.text() == "确认销户"
    table = browser.table
    qtbot.waitUntil(lambda: table.view.currentIndex().column() == table.model.column_of("desk_check"), timeout=PATIENCE)
    qtbot.waitUntil(lambda: table.view.currentIndex().data() == "确认销户", timeout=PATIENCE)


def test_digits_type_into_the_ledger_and_judge_at_the_desk(qtbot: QtBot, desk: DeskView) -> None:
    window = desk.window()
    assert isinstance(window, MainWindow)
    action = window.commands.qaction("desk.verdict1")
    assert action is not None
    assert action.isEnabled()
    pane_of(window).show_view("browse")
    assert not action.isEnabled()
    pane_of(window).show_view("desk")
    settle_on(qtbot, desk)
    action.trigger()
    wait_rows(qtbot, desk, 5)


def test_nothing_imported_yet(qtbot: QtBot, workspace: Workspace, opened: Opened) -> None:
    window = opened(workspace)
    window.navigate("ledger", "desk")
    view = pane_of(window).desk
    qtbot.waitUntil(lambda: view.state.title() == "台账还是空的", timeout=PATIENCE)
    view.import_asked.emit()
    assert pane_of(window).views.currentWidget() is pane_of(window).imports


def with_desk(made: Callable[[Context], StationDesk]) -> type[LedgerPane]:
    class OtherPane(LedgerPane):
        def __init__(self, context: Context) -> None:
            super().__init__(context, None, made(context))

    return OtherPane


def test_a_failed_search_says_why_and_is_tried_again(qtbot: QtBot, workspace: Workspace, opened: Any) -> None:
    class Locked(StationDesk):
        tries = 0

        def find(self, progress: Progress) -> Candidates:
            Locked.tries += 1
            if Locked.tries == 1:
                raise KnownError("db.locked", "数据库正被另一个程序占用", "请关闭它后重试")
            return super().find(progress)

    window = opened(workspace, with_desk(lambda context: Locked(context.workspace)))
    window.navigate("ledger", "desk")
    view = pane_of(window).desk
    qtbot.waitUntil(lambda: view.state.title() == "数据库正被另一个程序占用", timeout=PATIENCE)
    assert window.notices.open() == ()
    view.search()
    qtbot.waitUntil(lambda: view.state.title() == "台账还是空的", timeout=PATIENCE)


def test_a_long_search_can_be_stopped(qtbot: QtBot, workspace: Workspace, opened: Any) -> None:
    class Slow(StationDesk):
        def find(self, progress: Progress) -> Candidates:
            progress.start("正在查找销户依据")
            while True:
                progress.check()

    window = opened(workspace, with_desk(lambda context: Slow(context.workspace)))
    window.navigate("ledger", "desk")
    view = pane_of(window).desk
    qtbot.waitUntil(lambda: view.state.title() == "正在查找销户候选", timeout=PATIENCE)
    (job,) = window.jobs.running()
    job.cancel()
    qtbot.waitUntil(lambda: view.state.title() == "已取消查找", timeout=PATIENCE)
