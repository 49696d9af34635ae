"""The course of an import: files, decisions, preview, load. Knows no widget."""

from collections.abc import Sequence
from dataclasses import replace
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from lvdesk.ledger.model import FileReport, ImportRequest, ImportResult, Preview, SheetChoice
from lvdesk.network.changed import Changed
from ui.jobs import Job, Jobs

if TYPE_CHECKING:
    from ui.panes.ledger.loading import Services

_PAUSE_MS = 350


class Stage(Enum):
    """Where an import stands."""

    EMPTY = "empty"
    READING = "reading"
    READY = "ready"
    LOADING = "loading"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


class Importing(QObject):
    """One import at a time.

    Attributes:
        changed: stage, files or reports are others; ask again.
        progressed: a ``Snapshot`` of the running job.
        stored: what an import or its undo changed (``Changed``).
        failed: an exception of loading or undoing, to be shown.
    """

    changed = Signal()
    progressed = Signal(object)
    stored = Signal(object)
    failed = Signal(object)

    def __init__(self, jobs: Jobs, services: "Services", parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._jobs, self._services = jobs, services
        self._job: Job | None = None
        self.stage = Stage.EMPTY
        self.request = ImportRequest(())
        self.preview: Preview | None = None
        self.result: ImportResult | None = None
        self.error: Exception | None = None
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE_MS)
        self._pause.timeout.connect(self.read)

    @property
    def busy(self) -> bool:
        """Whether a job of this import runs or is about to."""
        return self.stage in {Stage.READING, Stage.LOADING}

    @property
    def files(self) -> tuple[FileReport, ...]:
        """A report per file: of the result, else the preview, else only its name."""
        if self.result is not None:
            return self.result.files
        known = {report.path: report for report in self.preview.files} if self.preview else {}
        return tuple(known.get(path) or FileReport(path, status="waiting") for path in self.request.paths)

    @property
    def can_load(self) -> bool:
        """Whether there is something to store."""
        return self.stage is Stage.READY and any(report.status == "ready" for report in self.files)

    def add(self, paths: Sequence[Path]) -> None:
        """Takes further files; after a finished import a new one begins."""
        if self.stage is Stage.LOADING or not paths:
            return
        if self.stage is Stage.DONE:
            self._forget()
        merged = dict.fromkeys((*self.request.paths, *paths))
        self.request = replace(self.request, paths=tuple(merged))
        self.read()

    def remove(self, path: Path) -> None:
        """Takes a file off the list."""
        if self.stage is Stage.LOADING:
            return
        paths = tuple(each for each in self.request.paths if each != path)
        choices = {key: choice for key, choice in self.request.choices.items() if key[0] != str(path)}
        self.request = replace(self.request, paths=paths, choices=choices)
        if paths and self.stage is not Stage.DONE:
            self.read()
        else:
            self.clear()

    def clear(self) -> None:
        """Starts afresh."""
        self._stop()
        self._forget()
        self._set(Stage.EMPTY)

    def choice(self, path: Path, sheet: str) -> SheetChoice:
        """What was decided for a sheet."""
        return self.request.choices.get((str(path), sheet), SheetChoice())

    def choose(self, path: Path, sheet: str, choice: SheetChoice) -> None:
        """Decides for a sheet; the files are looked at again shortly after."""
        if self.stage in {Stage.LOADING, Stage.DONE} or choice == self.choice(path, sheet):
            return
        self.request = replace(self.request, choices={**self.request.choices, (str(path), sheet): choice})
        self._stop()
        self._set(Stage.READING)
        self._pause.start()

    def read(self) -> None:
        """Looks at all files anew."""
        self._stop()
        self.error = None
        request = self.request
        title = f"正在读取 {len(request.paths)} 个文件"
        # on the writer: a preview is the import itself, rolled back
        job = self._jobs.run(title, lambda progress: self._services.preview(request, progress), done=self._previewed, failed=self._broke)
        self._follow(job, Stage.READING)

    def load(self) -> None:
        """Stores what the preview shows."""
        preview = self.preview
        if preview is None or not self.can_load:
            return
        count = sum(report.status == "ready" for report in preview.files)
        job = self._jobs.run(
            f"正在导入 {count} 个文件", lambda progress: self._services.load(preview, progress), done=self._loaded, failed=self._not_loaded
        )
        self._follow(job, Stage.LOADING)

    def cancel(self) -> None:
        """Stops the running job; nothing is stored."""
        self._pause.stop()
        if self._job is not None:
            self._job.cancel()
        elif self.stage is Stage.READING:
            self._cancelled()

    def undo(self) -> None:
        """Takes the finished import back."""
        if self.result is None or not self.result.entry_id:
            return
        entry = self.result.entry_id
        self._jobs.run("正在撤销导入", lambda _progress: self._services.undo(entry), done=self._undone, failed=self.failed.emit)

    def _follow(self, job: Job, stage: Stage) -> None:
        self._job = job
        job.progressed.connect(self.progressed)
        job.cancelled.connect(self._cancelled)
        self._set(stage)

    def _stop(self) -> None:
        self._pause.stop()
        job, self._job = self._job, None
        if job is not None:
            job.succeeded.disconnect()
            job.failed.disconnect()
            job.cancelled.disconnect()
            job.progressed.disconnect()
            job.cancel()

    def _forget(self) -> None:
        self.request, self.preview, self.result, self.error = ImportRequest(()), None, None, None

    def _set(self, stage: Stage) -> None:
        self.stage = stage
        self.changed.emit()

    def _previewed(self, preview: Preview) -> None:
        self._job, self.preview = None, preview
        self._set(Stage.READY)

    def _broke(self, error: Exception) -> None:
        self._job, self.error = None, error
        self._set(Stage.FAILED)

    def _loaded(self, result: ImportResult) -> None:
        self._job, self.result = None, result
        self._set(Stage.DONE)
        self.stored.emit(result.changed)

    def _not_loaded(self, error: Exception) -> None:
        self._job = None
        self._set(Stage.READY)
        self.failed.emit(error)

    def _cancelled(self) -> None:
        was_loading, self._job = self.stage is Stage.LOADING, None
        self._set(Stage.READY if was_loading and self.preview else Stage.CANCELLED)

    def _undone(self, changed: Changed) -> None:
        self.clear()
        self.stored.emit(changed)
