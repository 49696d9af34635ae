"""Long work off the UI thread: one writer, three readers, progress polled, cancel that works."""

import logging
from collections.abc import Callable
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor, wait
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from lvdesk.kit.errors import Cancelled
from lvdesk.kit.progress import Progress, Snapshot

_POLL_MS = 100
_QUICK_POLL_MS = 15

log = logging.getLogger(__name__)


class Job(QObject):
    """One piece of work. All signals come on the UI thread; exactly one of succeeded, failed, cancelled, then ended."""

    progressed = Signal(object)
    succeeded = Signal(object)
    failed = Signal(object)
    cancelled = Signal()
    ended = Signal()

    def __init__(self, title: str, *, writes: bool, quiet: bool, parent: QObject) -> None:
        super().__init__(parent)
        self.title = title
        self.writes = writes
        self.quiet = quiet
        self.progress = Progress()
        self.future: Future[Any] | None = None

    def cancel(self) -> None:
        """Asks the work to stop; ``cancelled`` follows when it has."""
        self.progress.cancel()
        if self.future is not None:
            self.future.cancel()

    def snapshot(self) -> Snapshot:
        """Where it stands."""
        return self.progress.snapshot()


class Jobs(QObject):
    """Runs jobs and reports on them.

    Attributes:
        changed: a job started, moved on or ended.
        unhandled: a job failed and nobody listened: (Job, exception).
    """

    changed = Signal()
    unhandled = Signal(object, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="writer")
        self._readers = ThreadPoolExecutor(3, thread_name_prefix="reader")
        self._running: list[Job] = []
        self._closed = False
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._poll)

    def run(
        self,
        title: str,
        work: Callable[[Progress], Any],
        *,
        writes: bool = True,
        quiet: bool = False,
        done: Callable[[Any], object] | None = None,
        failed: Callable[[Exception], object] | None = None,
    ) -> Job:
        """Starts ``work(progress)`` and returns its job at once; after ``close`` nothing is started any more.

        Args:
            title: what the status bar says, e.g. 正在导入 11 个文件.
            work: runs on a worker thread; must not touch widgets.
            writes: on the single writer thread (in order) or on a reader.
            quiet: a short read of a pane that shows its own loading state; not shown in the status bar.
            done: called with the result on the UI thread.
            failed: called with the exception instead of ``unhandled``.
        """
        job = Job(title, writes=writes, quiet=quiet, parent=self)
        if done is not None:
            job.succeeded.connect(done)
        if failed is not None:
            job.failed.connect(failed)
        job.setProperty("handled", failed is not None)
        if self._closed:  # a page's timer may still ring while its window goes
            return job
        pool = self._writer if writes else self._readers
        job.future = pool.submit(work, job.progress)
        self._running.append(job)
        self._timer.start(_QUICK_POLL_MS if quiet else min(_POLL_MS, self._timer.interval() or _POLL_MS))
        self.changed.emit()
        return job

    def read(self, work: Callable[[], Any], done: Callable[[Any], object], failed: Callable[[Exception], object] | None = None) -> Job:
        """A quiet read: ``work()`` on a reader thread, ``done(result)`` on the UI thread."""
        return self.run("", lambda _progress: work(), writes=False, quiet=True, done=done, failed=failed)

    def running(self) -> list[Job]:
        """Jobs a person should know of, oldest first."""
        return [job for job in self._running if not job.quiet]

    def cancel_all(self) -> None:
        """Asks everything to stop."""
        for job in list(self._running):
            job.cancel()

    def close(self, seconds: float = 30.0) -> bool:
        """Cancels everything and waits; True when nothing runs any more. No job signal is sent afterwards."""
        self._timer.stop()
        self._closed = True
        self.cancel_all()
        futures = [job.future for job in self._running if job.future is not None]
        left = wait(futures, timeout=seconds).not_done
        self._running.clear()
        self._writer.shutdown(wait=not left, cancel_futures=True)
        self._readers.shutdown(wait=not left, cancel_futures=True)
        return not left

    def _poll(self) -> None:
        for job in list(self._running):
            if job.future is not None and job.future.done():
                self._running.remove(job)
                self._finish(job, job.future)
            elif not job.quiet:
                job.progressed.emit(job.snapshot())
        if not self._running:
            self._timer.stop()
        elif all(not job.quiet for job in self._running):
            self._timer.setInterval(_POLL_MS)
        self.changed.emit()

    def _finish(self, job: Job, future: Future[Any]) -> None:
        try:
            result = future.result()
        except (Cancelled, CancelledError):
            job.cancelled.emit()
        except Exception as error:  # noqa: BLE001 - the funnel: every failure of a job reaches the user
            log.info("job failed: %s", type(error).__name__)
            if not job.property("handled"):
                self.unhandled.emit(job, error)
            job.failed.emit(error)
        else:
            job.succeeded.emit(result)
        job.ended.emit()
        job.deleteLater()
