"""Progress of long work and its cancel: services report and check, the window and the command line poll."""

import threading
import time
from dataclasses import dataclass

from lvdesk.kit.errors import Cancelled


@dataclass(frozen=True)
class Snapshot:
    """One look at running work. ``total`` is 0 while unknown; ``seconds_left`` is None until it can be estimated."""

    label: str
    done: int
    total: int
    unit: str
    elapsed: float
    seconds_left: float | None
    cancellable: bool


class Progress:
    """Shared between the worker (start, step, check) and whoever watches (snapshot, cancel); safe across threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._cancelled = threading.Event()
        self._label, self._unit = "", "行"
        self._done = self._total = 0
        self._started = time.monotonic()
        self._cancellable = True

    def start(self, label: str, total: int = 0, unit: str = "行", *, cancellable: bool = True) -> None:
        """Begins a stage; ``total`` 0 means its size is not known."""
        self.check()
        with self._lock:
            self._label, self._total, self._unit, self._done = label, total, unit, 0
            self._started, self._cancellable = time.monotonic(), cancellable

    def expect(self, total: int) -> None:
        """Tells how much the present stage comes to, once that is known."""
        with self._lock:
            self._total = total

    def step(self, count: int = 1) -> None:
        """Counts finished units and raises ``Cancelled`` when the user asked for it; call it per slice, not per row."""
        with self._lock:
            self._done += count
        self.check()

    def check(self) -> None:
        """Raises ``Cancelled`` when the user asked for it."""
        if self._cancelled.is_set():
            raise Cancelled

    def cancel(self) -> None:
        """Asks the work to stop at its next step."""
        self._cancelled.set()

    @property
    def cancelled(self) -> bool:
        """Whether the user asked to stop."""
        return self._cancelled.is_set()

    def snapshot(self) -> Snapshot:
        """The present state, for a progress bar."""
        with self._lock:
            elapsed = time.monotonic() - self._started
            left = None
            if self._total and self._done and elapsed > 1:
                left = elapsed * max(self._total - self._done, 0) / self._done
            return Snapshot(self._label, self._done, self._total, self._unit, elapsed, left, self._cancellable)
