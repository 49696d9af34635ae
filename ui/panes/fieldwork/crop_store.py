"""Decisions on their way to the station: one by one and in order, so that each can be taken back alone."""

from collections import deque
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from lvdesk.kit.errors import KnownError
from lvdesk.network.changed import Changed
from ui.jobs import Jobs
from ui.panes.fieldwork.crop_loading import CropServices, Decision


@dataclass
class Step:
    """A decision; ``entry`` of the journal once it is stored, ``undo`` when it shall be taken back."""

    decision: Decision
    entry: int = 0
    stored: bool = False
    undo: bool = False


class CropStore(QObject):
    """Signals: stored(Changed); failed(error): ``retry`` goes on; moved(): the count is another."""

    stored = Signal(object)
    failed = Signal(object)
    moved = Signal()

    def __init__(self, jobs: Jobs, services: CropServices, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._jobs, self._services = jobs, services
        self._queue: deque[Step] = deque()
        self._running: Step | None = None
        self._done: list[Step] = []
        self.broken = False

    def put(self, decision: Decision) -> None:
        """Stores a decision."""
        step = Step(decision)
        self._done.append(step)
        self._queue.append(step)
        self._pump()

    def take_back(self) -> Decision | None:
        """Takes the last decision back, stored or not; None when there is none."""
        if not self._done:
            return None
        step = self._done.pop()
        if step in self._queue and not step.stored:
            self._queue.remove(step)
        else:
            step.undo = True
            self._queue.append(step)
        self._pump()
        return step.decision

    def forget(self) -> None:
        """From now on nothing that was decided before can be taken back here."""
        self._done.clear()

    def retry(self) -> None:
        """Goes on after a failure."""
        self._pump()

    def waiting(self) -> int:
        """How many are not stored yet."""
        return len(self._queue) + (self._running is not None)

    def _pump(self) -> None:
        if self._running is None and self._queue:
            self._running = step = self._queue.popleft()
            job = self._jobs.run("", lambda _progress: self._work(step), quiet=True, done=self._took, failed=self._failed)
            job.cancelled.connect(lambda: self._failed(KnownError("crop.cancelled", "保存被取消", "请重试")))
        self.moved.emit()

    def _work(self, step: Step) -> Changed:
        if step.undo:
            return self._services.take_back(step.entry) if step.entry else Changed.NOTHING
        step.entry, changed = self._services.decide([step.decision])
        step.stored = True
        return changed

    def _took(self, changed: Changed) -> None:
        self._running, self.broken = None, False
        self._pump()
        self.stored.emit(changed)

    def _failed(self, error: Exception) -> None:
        if self._running is not None:
            self._queue.appendleft(self._running)
            self._running = None
        self.broken = True
        self.moved.emit()
        self.failed.emit(error)
