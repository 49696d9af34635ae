"""Pictures of the window's frame, the workbench and the history in the states a person meets."""

import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from lvdesk.kit.errors import KnownError
from lvdesk.kit.progress import Progress
from lvdesk.kit.settings import Settings
from tests.shots.stage import Scene
from tests.shots.station import desk_files, encrypted, window, workspace
from ui.crash import CrashDialog
from ui.first_run import FirstRun
from ui.main_window import MainWindow
from ui.panes.base import Context
from ui.panes.history.loading import StationServices as HistoryServices
from ui.panes.history.pane import HistoryPane as RealHistory
from ui.panes.ledger.importing import Stage
from ui.panes.ledger.pane import LedgerPane
from ui.panes.workbench.loading import Overview
from ui.panes.workbench.pane import WorkbenchPane as RealWorkbench
from ui.panes.workbench.parts import StepRow

if TYPE_CHECKING:
    from lvdesk.history import Entry
    from lvdesk.workspace import Workspace

_LOCKED = KnownError("db.locked", "数据库正被另一个程序占用", "请关闭它后重试")


class _NoOverview:
    def overview(self, _workspace: "Workspace") -> Overview:
        raise _LOCKED


class _NoHistory(HistoryServices):
    def entries(self, before: int | None, limit: int, text: str) -> "Sequence[Entry]":
        raise _LOCKED


class WorkbenchPane(RealWorkbench):
    """The workbench when the database does not answer."""

    def __init__(self, context: Context) -> None:
        super().__init__(context, _NoOverview())


class HistoryPane(RealHistory):
    """The history when the database does not answer."""

    def __init__(self, context: Context) -> None:
        super().__init__(context, _NoHistory(context.workspace))


def _broken(folder: Path, page: str) -> MainWindow:
    made = MainWindow(workspace(folder), (WorkbenchPane, LedgerPane, HistoryPane), Settings(folder / "window.json"))
    made.navigate(page)
    return made


def main(widget: QWidget) -> MainWindow:
    """The widget of a scene as what it is."""
    assert isinstance(widget, MainWindow)
    return widget


def _told(widget: QWidget) -> bool:
    return bool(main(widget).notices.open())


def _shown(widget: QWidget) -> bool:
    return bool(widget.findChildren(StepRow))


def _slow(progress: Progress) -> None:
    """An import as long as that of a large station, of which a picture can be taken."""
    progress.start(f"正在导入 {desk_files()[3].name}（4/4）", 68_590, "行")
    for _ in range(400):
        time.sleep(0.02)
        progress.step(240)


def _busy(widget: QWidget) -> None:
    made = main(widget)
    made.files_dropped.emit([encrypted()])
    made.navigate("workbench")
    made.jobs.run("正在导入 4 个文件", _slow)
    made.close()


def _busy_enough(widget: QWidget) -> bool:
    return any(job.snapshot().done > 20_000 for job in main(widget).jobs.running())


def _search(widget: QWidget) -> None:
    made = main(widget)
    made.commands.trigger("search.open")
    made.search.line.setText("临江")


def _found(widget: QWidget) -> bool:
    return main(widget).search.model.rowCount() > 3


def _history(widget: QWidget) -> RealHistory:
    pane = main(widget).stack.pane("history")
    assert isinstance(pane, RealHistory)
    return pane


def _listed(widget: QWidget) -> bool:
    return _history(widget).journal.model.rowCount() > 0


def _ask_undo(widget: QWidget) -> None:
    _history(widget).journal.detail.ask_undo()


def _ask_restore(widget: QWidget) -> None:
    pane = _history(widget)
    pane.show_view(1)
    pane.backups.table.selectRow(0)
    pane.backups.ask_restore()


def _ask_origin(widget: QWidget) -> None:
    from lvdesk.kit.table import Query
    from lvdesk.network import browsing

    source = browsing.table(main(widget).workspace, "customer")
    number = source.ids(Query())[18]
    place = [column.key for column in source.columns].index("customer_no")
    _history(widget).reveal(("customer", source.rows([number])[0].values[place]))


def _refused(widget: QWidget) -> bool:
    pane = main(widget).stack.pane("ledger")
    return isinstance(pane, LedgerPane) and pane.imports.importing.stage is Stage.READY and _busy_enough(widget)


def scenes() -> Iterator[Scene]:
    """Everything this module can show."""
    narrow, small = ((1366, 768),), ((1366, 768), (1093, 614))
    yield Scene("workbench-loaded", lambda folder: window(folder, "workbench"), _shown, readme="workbench")
    yield Scene("workbench-empty", lambda folder: window(folder, "workbench", filled=False), _shown, sizes=small)
    yield Scene("workbench-error", lambda folder: _broken(folder, "workbench"), _told, sizes=narrow)
    yield Scene("shell-busy", lambda folder: window(folder, "workbench"), _shown, _busy, _refused, narrow)
    yield Scene("shell-search", lambda folder: window(folder, "workbench"), _shown, _search, _found, narrow)
    yield Scene(
        "shell-shortcuts", lambda folder: window(folder, "workbench"), _shown, lambda w: main(w).commands.trigger("help.keys"), sizes=narrow
    )
    yield Scene("shell-first-run", lambda _folder: FirstRun(lambda _choice: None), sizes=())
    yield Scene("shell-crash", lambda _folder: CrashDialog("Traceback (most recent call last):\n  …\nZeroDivisionError"), sizes=())
    yield Scene("history-journal", lambda folder: window(folder, "history"), _listed, readme="history")
    yield Scene("history-undo", lambda folder: window(folder, "history"), _listed, _ask_undo, sizes=narrow)
    yield Scene("history-backups", lambda folder: window(folder, "history"), _listed, _ask_restore, sizes=narrow)
    yield Scene("history-origin", lambda folder: window(folder, "history"), _listed, _ask_origin, sizes=narrow)
    yield Scene("history-empty", lambda folder: window(folder, "history", filled=False), sizes=narrow)
    yield Scene("history-error", lambda folder: _broken(folder, "history"), _told, sizes=narrow)
