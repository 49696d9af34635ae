"""The look ahead as work in the background: asked for a moment after the last change, the answer to an older question is dropped."""

from dataclasses import dataclass, replace
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from lvdesk.exchange.model import ExportRequest, Options
from lvdesk.kit.progress import Progress
from ui.jobs import Job
from ui.models.source import ListSource
from ui.panes.base import Context
from ui.panes.export.loading import Ahead, Services
from ui.panes.export.words import AREA_COLUMNS, area_row

_PAUSE_MS = 350


@dataclass(frozen=True)
class Shown:
    """What was found for a request, and its areas ready for a table."""

    request: ExportRequest
    ahead: Ahead
    areas: ListSource


class Looking(QObject):
    """Signals: began(Job), shown(Shown), failed(Exception), stopped: by hand.

    Attributes:
        current: the last answer, None while there is none to the present question.
    """

    began = Signal(object)
    shown = Signal(object)
    failed = Signal(object)
    stopped = Signal()

    def __init__(self, context: Context, services: Services, parent: QObject) -> None:
        super().__init__(parent)
        self._context, self._services = context, services
        self.current: Shown | None = None
        self._wanted: ExportRequest | None = None
        self._job: Job | None = None
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE_MS)
        self._pause.timeout.connect(self._look)

    def ask(self, request: ExportRequest, *, anew: bool = False, at_once: bool = False) -> None:
        """Looks soon, unless the answer is known; ``anew``: the data is another."""
        asked = question(request)
        if not anew and asked == self._wanted and (self.current is not None or self.busy()):
            return
        self._wanted = asked
        self.current = None
        self._drop()
        if at_once:
            self._look()
        else:
            self._pause.start()

    def busy(self) -> bool:
        """Whether an answer is under way."""
        return self._pause.isActive() or self._job is not None

    def forget(self) -> None:
        """Asks no more."""
        self._pause.stop()
        self._drop()

    def _drop(self) -> None:
        job, self._job = self._job, None
        if job is not None:
            job.cancel()

    def _look(self) -> None:
        self._pause.stop()
        request = self._wanted
        if request is None:
            return

        def work(progress: Progress) -> Shown:
            ahead = self._services.look(request, progress)
            rows = [area_row(number, area) for number, area in enumerate(ahead.seen.areas, 1)]
            return Shown(request, ahead, ListSource(AREA_COLUMNS, rows))

        # quiet: nothing is lost when the window closes meanwhile; on the writer, since queue and findings are brought up to date
        job = self._context.jobs.run("正在检查哪些记录可以导出", work, quiet=True, failed=lambda error: self._failed(job, error))
        job.succeeded.connect(lambda found: self._take(job, found))
        job.cancelled.connect(lambda: self._stopped(job))
        self._job = job
        self.began.emit(job)

    def _take(self, job: Job, found: Shown) -> None:
        if job is self._job:
            self._job, self.current = None, found
            self.shown.emit(found)

    def _failed(self, job: Job, error: Exception) -> None:
        if job is self._job:
            self._job = None
            self.failed.emit(error)

    def _stopped(self, job: Job) -> None:
        if job is self._job:
            self._job = None
            self.stopped.emit()


def question(request: ExportRequest) -> ExportRequest:
    """The request without what makes no difference to what leaves: folder, template, coordinates, the words of the purpose."""
    options = Options(purpose="已填" if request.options.purpose else "")
    return replace(request, folder=Path(), options=options)
