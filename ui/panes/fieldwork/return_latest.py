"""Reads of which only the answer to the newest question counts."""

from collections.abc import Callable
from typing import Any

from ui.jobs import Jobs


class Latest:
    """Asks on a worker thread; answers to older questions are dropped."""

    def __init__(self, jobs: Jobs) -> None:
        self._jobs = jobs
        self._asked = 0

    def read(self, work: Callable[[], Any], take: Callable[[Any], object], fail: Callable[[Exception], object]) -> None:
        """Calls ``take`` or ``fail`` on the UI thread, unless something newer was asked meanwhile."""
        self._asked += 1
        asked = self._asked

        def answered(told: Callable[[Any], object]) -> Callable[[Any], object]:
            return lambda answer: told(answer) if asked == self._asked else None

        self._jobs.read(work, answered(take), answered(fail))

    def forget(self) -> None:
        """Nobody waits for an answer any more."""
        self._asked += 1
