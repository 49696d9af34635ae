"""Runs the check: on demand, and by itself after changes when a run is short."""

import time
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from lvdesk.network.changed import Changed
from ui.jobs import Job
from ui.panes.base import Context
from ui.panes.checks.loading import Services

if TYPE_CHECKING:
    from lvdesk.checks.checking import CheckState, Report

_SHORT = 3.0  # seconds; a longer run is only started by a person
LEVELS = (("error", "错误"), ("warning", "警告"), ("info", "提示"))
_TOUCHING = Changed.NETWORK | Changed.BATCHES


class Runner(QObject):
    """Keeps the state of the last run.

    Attributes:
        arrived: the state was read or brought up to date.
        failed: it could not be read (exception).
        moved: a run started, moved on or ended.
    """

    arrived = Signal()
    failed = Signal(object)
    moved = Signal()

    def __init__(self, context: Context, services: Services, parent: QObject) -> None:
        super().__init__(parent)
        self._context, self._services = context, services
        self._asked = 0
        self._began = 0.0
        self._again = False
        self.state: CheckState | None = None
        self.report: Report | None = None
        self.seconds: float | None = None
        self.job: Job | None = None

    @property
    def running(self) -> bool:
        """Whether a run is under way."""
        return self.job is not None

    @property
    def seen(self) -> bool:
        """Whether a run is under way that a person waits for."""
        return self.job is not None and not self.job.quiet

    def follow(self, changed: Changed) -> None:
        """Reads the state; when the data changed, a short check is run again in the background."""
        self._asked += 1
        asked = self._asked

        def take(state: "CheckState") -> None:
            if asked == self._asked:
                self.state = state
                self.arrived.emit()
                if state.stale and changed & _TOUCHING:
                    self.check_again()

        def fail(error: Exception) -> None:
            if asked == self._asked:
                self.failed.emit(error)

        self._context.jobs.read(self._services.state, take, fail)

    def check_again(self) -> None:
        """Runs in the background if that is short; the state tells otherwise that it is out of date."""
        if self.seconds is None or self.seconds >= _SHORT:
            return
        if self.running:
            self._again = True
        else:
            self._start(quiet=True)

    def check(self) -> None:
        """Runs the rules, seen in the status bar."""
        if not self.running:
            self._start(quiet=False)

    def cancel(self) -> None:
        """Asks a run to stop; the findings stay as they were."""
        if self.job is not None:
            self.job.cancel()

    def _start(self, *, quiet: bool) -> None:
        self._began = time.monotonic()
        self.job = self._context.jobs.run("正在检查全站数据", self._services.check, quiet=quiet, done=self._done, failed=self._missed)
        self.job.progressed.connect(lambda _snapshot: self.moved.emit())
        self.job.cancelled.connect(lambda: self._context.notices.info("已取消检查，问题清单保持原样"))
        self.job.ended.connect(self._ended)
        self.moved.emit()

    def _done(self, report: "Report") -> None:
        self.seconds = time.monotonic() - self._began
        self.report = report
        if self.seen:
            found = "、".join(f"{title} {report.counts.get(key, 0):,}" for key, title in LEVELS)
            moved = f"新发现 {report.new:,}，已解决 {report.resolved:,}，例外 {report.excepted:,}"
            self._context.notices.success(f"检查完成：{found}", moved)
        self._context.bus.tell(report.changed)

    def _missed(self, error: Exception) -> None:
        self._context.notices.show(error, "检查没有完成", retry=self.check)

    def _ended(self) -> None:
        self.job = None
        self.moved.emit()
        if self._again:
            self._again = False
            self.check_again()
