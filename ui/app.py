"""Starts the window: which workspace, the look, the hooks for bugs; changes workspaces while running."""

import gc
import logging
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QLibraryInfo, QLocale, QObject, QTimer, QTranslator
from PySide6.QtWidgets import QApplication

from lvdesk.kit.errors import LVDeskError
from lvdesk.kit.paths import user_data
from lvdesk.kit.progress import Progress
from lvdesk.kit.settings import Settings
from ui.actions import Action
from ui.crash import CrashDialog, CrashReporter, is_bug, report
from ui.first_run import FirstChoice, FirstRun
from ui.jobs import Jobs
from ui.main_window import MainWindow
from ui.panes import discover
from ui.panes.base import Pane
from ui.theme.apply import apply, look_of
from ui.theme.icons import icon

_CALM_MS = 3000
"""After so long the first page stands."""

if TYPE_CHECKING:
    from lvdesk.workspace import Workspace

log = logging.getLogger(__name__)
MakeSample = Callable[[Path, Progress], object]


@dataclass(frozen=True)
class WorkspaceArguments:
    """What the command line said about the workspace; nothing means the one used last."""

    folder: Path | None = None
    url: str | None = None


class Desk(QObject):
    """The running program: at most one window, one workspace."""

    def __init__(
        self, settings: Settings, make_sample: MakeSample | None, panes: Sequence[type[Pane]], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._settings, self._make_sample, self._panes = settings, make_sample, panes
        self._jobs = Jobs(self)
        self.window: MainWindow | None = None
        self.first: FirstRun | None = None
        self._dialog: CrashDialog | None = None
        self._next: WorkspaceArguments | None = None

    def start(self, arguments: WorkspaceArguments) -> None:
        """Opens what was asked for, or what was open last, or asks."""
        last = self._settings.get("workspace")
        if arguments.folder or arguments.url:
            self._try(arguments)
        elif last and Path(last).is_dir():
            self._try(WorkspaceArguments(Path(last)))
        else:
            self._ask()

    def caught(self, error: BaseException) -> None:
        """An exception that nobody caught."""
        if not is_bug(error):
            if self.window is not None:
                self.window.notices.show(error)
            return
        log.error("bug", exc_info=error)
        self.tell_bug(report(error))

    def tell_bug(self, text: str) -> None:
        """Shows the crash dialog; one at a time."""
        if self._dialog is None:
            self._dialog = CrashDialog(text, self.window)
            self._dialog.destroyed.connect(self._forget_dialog)
            self._dialog.open()

    def _forget_dialog(self) -> None:
        self._dialog = None

    def _ask(self, error: Exception | None = None) -> None:
        self.first = FirstRun(self._chosen, sample=self._make_sample is not None)
        if error is not None:
            self.first.show_error(error)
        self.first.show()

    def _chosen(self, choice: FirstChoice) -> None:
        if choice.sample:
            self._sample()
        elif choice.folder is not None:
            self._switch(choice.folder)

    def _try(self, arguments: WorkspaceArguments) -> None:
        from lvdesk.workspace import Workspace

        try:
            workspace = Workspace.open(arguments.folder, arguments.url, person=self._settings.get("person", ""))
        except LVDeskError as error:
            self._show_refusal(error)
            return
        if arguments.url is None:
            self._settings.set("workspace", str(workspace.folder))
        self._open_window(workspace)

    def _show_refusal(self, error: LVDeskError) -> None:
        if self.first is not None:
            self.first.show_error(error)
        else:
            self._ask(error)

    def _open_window(self, workspace: "Workspace") -> None:
        window = MainWindow(workspace, self._panes, self._settings)
        window.commands.add(Action("workspace.open", "打开其他工作区…", self._change, "", "folder", "通用"), window)
        if self._make_sample is not None:
            window.commands.add(Action("workspace.sample", "打开样例供电所", self._sample, "", "sample", "通用"), window)
        window.notices.bug.connect(self.caught)
        window.closed.connect(lambda: self._closed(workspace))
        self.window = window
        window.show()
        if self.first is not None:
            self.first.close()
            self.first.deleteLater()
            self.first = None

    def _change(self) -> None:
        self._ask()

    def _sample(self) -> None:
        """Fills the sample workspace the first time, then opens it."""
        folder = user_data() / "workspaces" / "sample"
        make = self._make_sample
        if make is None or (folder / "station.db").exists():
            self._switch(folder)
            return
        jobs = self.window.jobs if self.window is not None and self.first is None else self._jobs
        job = jobs.run("正在准备样例供电所", lambda progress: make(folder, progress), failed=self._sample_failed)
        job.succeeded.connect(lambda _result: self._switch(folder))
        if self.first is not None:
            job.progressed.connect(self.first.show_progress)

    def _sample_failed(self, error: Exception) -> None:
        if is_bug(error):
            self.caught(error)
        if self.first is not None:
            self.first.show_error(error)
        elif self.window is not None and not is_bug(error):
            self.window.notices.show(error)

    def _switch(self, folder: Path) -> None:
        if self.window is None:
            self._try(WorkspaceArguments(folder))
            return
        self._next = WorkspaceArguments(folder)
        if not self.window.close():
            self._next = None

    def _closed(self, workspace: "Workspace") -> None:
        workspace.close()
        old, self.window = self.window, None
        if old is not None:
            old.deleteLater()
        if self._next is not None:
            following, self._next = self._next, None
            self._try(following)

    def close(self) -> None:
        """The end of the program."""
        self._jobs.close()


def run(arguments: WorkspaceArguments, make_sample: MakeSample | None = None) -> int:
    """Runs the window until it is closed.

    Args:
        arguments: the workspace asked for on the command line.
        make_sample: fills a folder with the sample station, reporting progress.
    """
    app = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(app, QApplication)  # noqa: S101 - a QCoreApplication cannot show a window
    settings = Settings(_settings_file())
    prepare(app, int(settings.get("font_px", 13)))
    reporter = CrashReporter(app)
    left = reporter.install()
    desk = Desk(settings, make_sample, discover(), app)
    reporter.caught.connect(desk.caught)
    try:
        desk.start(arguments)
        QTimer.singleShot(_CALM_MS, app, calm)
        if left.strip():
            desk.tell_bug(f"上次运行时程序意外退出，已保存的数据不受影响。\n\n{left}")
        return app.exec()
    finally:
        desk.close()
        reporter.uninstall()


def calm() -> None:
    """What lives as long as the window is not looked through for garbage again and again: that stops everything for a tenth of a second."""
    gc.freeze()


def prepare(app: QApplication, font_px: int = 13) -> None:
    """Name, look and Qt's own words in Chinese."""
    app.setApplicationName("LVDesk")
    app.setApplicationDisplayName("")
    QLocale.setDefault(QLocale(QLocale.Language.Chinese, QLocale.Country.China))
    words = QTranslator(app)
    if words.load("qtbase_zh_CN", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)):
        app.installTranslator(words)
    apply(app, look_of(font_px))
    app.setWindowIcon(icon("bolt", "#00706B"))


def _settings_file() -> Path:
    folder = user_data()
    folder.mkdir(parents=True, exist_ok=True)
    return folder / "window.json"
