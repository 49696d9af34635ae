"""Pictures of the window's frame, the workbench and the history in the states a person meets."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar

from PySide6.QtWidgets import QWidget

from lvdesk.kit.progress import Progress
from lvdesk.kit.settings import Settings
from tests.shots.stage import Scene
from tests.ui.shell.fakes import EMPTY, FakeHistory, FakeOverview, FakeServices, FakeWorkspace
from ui.crash import CrashDialog
from ui.first_run import FirstRun
from ui.main_window import MainWindow
from ui.panes.base import Context, Pane
from ui.panes.history.pane import HistoryPane
from ui.panes.workbench.pane import WorkbenchPane


class _Ledger(Pane):
    key: ClassVar[str] = "ledger"
    title: ClassVar[str] = "台账"
    group: ClassVar[str] = "数据"
    icon: ClassVar[str] = "ledger"


def window(
    folder: Path, page: str, overview: FakeOverview | None = None, history: FakeHistory | None = None, *, undo: bool = True
) -> MainWindow:
    """The frame over a small station."""

    class Workbench(WorkbenchPane):
        def __init__(self, context: Context) -> None:
            super().__init__(context, overview or FakeOverview())

    class History(HistoryPane):
        def __init__(self, context: Context) -> None:
            super().__init__(context, history or FakeHistory())

    services = FakeServices() if undo else FakeServices(done=[], backups=[])
    made = MainWindow(FakeWorkspace(folder), (Workbench, _Ledger, History), Settings(folder / "window.json"), services)
    made.navigate(page)
    return made


def _work(progress: Progress) -> None:
    progress.start("正在读取 03_低压用户台账.xlsx", 6859)
    for _ in range(200):
        time.sleep(0.02)
        progress.step(24)


def _busy(widget: QWidget) -> None:
    assert isinstance(widget, MainWindow)
    widget.notices.success("已导入 02_台区台账.xlsx", "新增 97 条，更新 3 条。")
    widget.notices.error(
        "无法读取 用户明细.xlsx", "文件加了打开密码。", "请在 WPS 中去掉密码后再导入。", details="错误代码：file.encrypted"
    )
    widget.jobs.run("正在导入 11 个文件", _work)
    widget.close()


def _search(widget: QWidget) -> None:
    assert isinstance(widget, MainWindow)
    widget.commands.trigger("search.open")
    widget.search.line.setText("文")


def _ask_undo(widget: QWidget) -> None:
    pane = _history(widget)
    pane.reveal(("entry", 44))
    pane.journal.detail.ask_undo()


def _ask_restore(widget: QWidget) -> None:
    pane = _history(widget)
    pane.show_view(1)
    pane.backups.table.selectRow(0)
    pane.backups.ask_restore()


def _history(widget: QWidget) -> HistoryPane:
    assert isinstance(widget, MainWindow)
    pane = widget.stack.pane("history")
    assert isinstance(pane, HistoryPane)
    return pane


def _busy_enough(widget: QWidget) -> bool:
    assert isinstance(widget, MainWindow)
    running = widget.jobs.running()
    return bool(running) and running[0].snapshot().done > 2000


def scenes() -> Iterator[Scene]:
    """Everything this module can show."""
    narrow = ((1366, 768),)
    yield Scene("workbench-loaded", lambda folder: window(folder, "workbench"), readme="workbench")
    yield Scene("workbench-empty", lambda folder: window(folder, "workbench", FakeOverview(EMPTY), undo=False))
    yield Scene("workbench-error", lambda folder: window(folder, "workbench", FakeOverview(broken=True)), sizes=narrow)
    yield Scene("shell-busy", lambda folder: window(folder, "workbench"), act=_busy, settled=_busy_enough, sizes=narrow)
    yield Scene("shell-search", lambda folder: window(folder, "workbench"), act=_search, sizes=narrow)
    yield Scene("shell-shortcuts", lambda folder: window(folder, "workbench"), act=lambda w: w.commands.trigger("help.keys"), sizes=narrow)
    yield Scene("shell-first-run", lambda _folder: FirstRun(lambda _choice: None), sizes=())
    yield Scene("shell-crash", lambda _folder: CrashDialog("Traceback (most recent call last):\n  …\nZeroDivisionError"), sizes=())
    yield Scene("history-journal", lambda folder: window(folder, "history"), readme="history")
    yield Scene("history-undo", lambda folder: window(folder, "history"), act=_ask_undo, sizes=narrow)
    yield Scene("history-backups", lambda folder: window(folder, "history"), act=_ask_restore, sizes=narrow)
    yield Scene(
        "history-origin",
        lambda folder: window(folder, "history"),
        act=lambda w: _history(w).reveal(("customer", "4209747019")),
        sizes=narrow,
    )
    yield Scene("history-empty", lambda folder: window(folder, "history", history=FakeHistory(()), undo=False), sizes=narrow)
    yield Scene("history-error", lambda folder: window(folder, "history", history=FakeHistory(broken=True)), sizes=narrow)
