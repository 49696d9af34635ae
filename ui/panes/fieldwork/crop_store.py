"""Decisions on their way to the station: one step after the other, so that each can be taken back alone."""

from collections import deque
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from lvdesk.kit.errors import KnownError
from lvdesk.network.changed import Changed
from ui.jobs import Jobs
from ui.panes.fieldwork.crop_loading import CropServices, Decision


@dataclass(eq=False)
class Step:
    """What was decided at once; ``entry`` of the journal when it is stored, ``undo`` when it shall be taken back."""

    decisions: tuple[Decision, ...]
    entry: int = 0
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

    def put(self, decisions: Sequence[Decision]) -> None:
        """Stores what was decided at once."""
        step = Step(tuple(decisions))
        self._done.append(step)
        self._queue.append(step)
        self._pump()

    def take_back(self) -> tuple[Decision, ...]:
        """Takes the last step back, stored or not; nothing when there is none."""
        if not self._done:
            return ()
        step = self._done.pop()
        if step in self._queue:
            self._queue.remove(step)
            self.broken = self.broken and bool(self._queue)
        else:
            step.undo = True
            self._queue.append(step)
        self._pump()
        return step.decisions

    def can_take_back(self) -> bool:
        """Whether there is a step to take back."""
        return bool(self._done)

    def forget(self, taken: AbstractSet[tuple[int, str]] | None = None) -> None:
        """Steps on these places were taken back elsewhere; without places nothing decided so far can be taken back here."""
        gone = taken if taken is not None else {each[:2] for step in self._done for each in step.decisions}
        self._done = [step for step in self._done if not gone & {each[:2] for each in step.decisions}]

    def retry(self) -> None:
        """Goes on after a failure."""
        self._pump()

    def waiting(self) -> int:
        """How many decisions are not stored yet."""
        every = [*self._queue, *([self._running] if self._running else [])]
        return sum(len(step.decisions) for step in every)

    def places(self) -> set[tuple[int, str]]:
        """Page and place of what is decided but not stored yet."""
        every = [*self._queue, *([self._running] if self._running else [])]
        return {decision[:2] for step in every if not step.undo for decision in step.decisions}

    def _pump(self) -> None:
        if self._running is None and self._queue:
            self._running = step = self._queue.popleft()
            job = self._jobs.run("", lambda _progress: self._work(step), quiet=True, done=self._took, failed=self._failed)
            job.cancelled.connect(lambda: self._failed(KnownError("crop.cancelled", "保存被取消", "请重试")))
        self.moved.emit()

    def _work(self, step: Step) -> Changed:
        if step.undo:
            return self._services.take_back(step.entry) if step.entry else Changed.NOTHING
        step.entry, changed = self._services.decide(step.decisions)
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
