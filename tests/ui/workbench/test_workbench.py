"""The workbench: numbers that lead on, steps, the last imports; empty and broken."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from lvdesk.kit.settings import Settings
from lvdesk.network.changed import Changed
from tests.ui.shell.fakes import EMPTY, FakeOverview, FakeServices, FakeWorkspace
from tests.ui.shell.panes import Remembering
from ui.main_window import MainWindow
from ui.panes.base import Context
from ui.panes.workbench.pane import WorkbenchPane
from ui.panes.workbench.parts import RecentRow, StepRow


class Ledger(Remembering):
    key, title, group, icon = "ledger", "台账", "数据", "ledger"  # type: ignore[misc]


class History(Remembering):
    key, title, group, icon = "history", "历史", "成果", "history"  # type: ignore[misc]


Opened = tuple[MainWindow, WorkbenchPane]


@pytest.fixture
def opened(qtbot: QtBot, tmp_path: Path) -> Iterator[Callable[[FakeOverview], Opened]]:
    windows: list[MainWindow] = []

    def make(overview: FakeOverview) -> Opened:
        class Given(WorkbenchPane):
            def __init__(self, context: Context) -> None:
                super().__init__(context, overview)

        window = MainWindow(FakeWorkspace(tmp_path), (Given, Ledger, History), Settings(tmp_path / "window.json"), FakeServices())
        qtbot.addWidget(window)
        windows.append(window)
        window.show()
        pane = window.stack.pane("workbench")
        assert isinstance(pane, WorkbenchPane)
        return window, pane

    yield make
    for window in windows:
        window.jobs.close()


def names(pane: WorkbenchPane, kind: type[QPushButton]) -> list[str]:
    return [part.accessibleName() for part in pane.findChildren(kind) if part.isVisible()]


def press(pane: WorkbenchPane, start: str) -> None:
    next(part for part in pane.findChildren(QPushButton) if part.isVisible() and part.accessibleName().startswith(start)).click()


def told(window: MainWindow, key: str) -> list[object]:
    return window.stack.pane(key).told  # type: ignore[attr-defined]


def test_each_number_leads_to_its_rows(qtbot: QtBot, opened: Callable[[FakeOverview], Opened]) -> None:
    window, pane = opened(FakeOverview())
    qtbot.waitUntil(lambda: "用户 6859，打开列表" in names(pane, QPushButton))
    assert {"变电站 1，打开列表", "线路 11，打开列表", "台区 97，打开列表", "计量箱 2709，打开列表"} <= set(names(pane, QPushButton))
    press(pane, "用户 6859")
    assert told(window, "ledger")[-1] == ("customer", None)


def test_ten_steps_and_only_those_that_exist_can_be_taken(qtbot: QtBot, opened: Callable[[FakeOverview], Opened]) -> None:
    window, pane = opened(FakeOverview())
    qtbot.waitUntil(lambda: len(names(pane, StepRow)) == 10)
    assert [part.isEnabled() for part in pane.findChildren(StepRow)] == [True, True] + [False] * 8
    assert "第 2 步 室内核实，42 项，18 项待处理" in names(pane, StepRow)
    press(pane, "第 1 步")
    assert window.stack.currentWidget() is window.stack.pane("ledger")


def test_an_import_leads_to_its_entry(qtbot: QtBot, opened: Callable[[FakeOverview], Opened]) -> None:
    window, pane = opened(FakeOverview())
    qtbot.waitUntil(lambda: len(names(pane, RecentRow)) == 4)
    press(pane, "导入 02_台区台账.xlsx")
    assert told(window, "history")[-1] == ("entry", 38)


def test_an_empty_station_says_what_to_do_first(qtbot: QtBot, opened: Callable[[FakeOverview], Opened]) -> None:
    window, pane = opened(FakeOverview(EMPTY))
    qtbot.waitUntil(pane._hero.isVisible)
    assert {"选择台账文件", "打开样例供电所"} <= set(names(pane, QPushButton))
    press(pane, "打开样例供电所")
    assert [notice.what for notice in window.notices.open()] == ["这个版本没有带样例供电所"]


def test_a_failure_is_told_and_a_retry_mends_it(qtbot: QtBot, opened: Callable[[FakeOverview], Opened]) -> None:
    overview = FakeOverview(broken=True)
    window, pane = opened(overview)
    qtbot.waitUntil(lambda: bool(window.notices.open()))
    assert window.notices.open()[0].why == "数据库连接已断开"
    overview.broken = False
    window.notices.open()[0].offers[0].callback()
    qtbot.waitUntil(lambda: "用户 6859，打开列表" in names(pane, QPushButton))


def test_it_follows_changes_while_visible(qtbot: QtBot, opened: Callable[[FakeOverview], Opened]) -> None:
    overview = FakeOverview(EMPTY)
    window, pane = opened(overview)
    qtbot.waitUntil(pane._hero.isVisible)
    overview.answer = FakeOverview().answer
    window.bus.tell(Changed.NETWORK)
    qtbot.waitUntil(lambda: not pane._hero.isVisible())
