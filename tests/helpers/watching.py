"""Memory of a process and its children, seen from a thread."""

import contextlib
import threading

import psutil

_LOOK = 0.02
_COUNT_CHILDREN = 10  # looks between searches for new children: that reads the whole list of processes


class Watch:
    """Looks at a process and its children until stopped.

    Attributes:
        peak: most memory the process held, bytes.
        child: most memory its children held together, bytes.
    """

    def __init__(self, pid: int) -> None:
        self.peak = self.child = 0
        self._process = psutil.Process(pid)
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()

    def again(self) -> None:
        """Forgets what was seen so far."""
        self.peak = self.child = 0

    def stop(self) -> None:
        """Ends looking."""
        self._stopped.set()
        self._thread.join()

    def _look(self) -> None:
        looks, children = 0, []
        while not self._stopped.wait(_LOOK):
            with contextlib.suppress(psutil.Error):
                self.peak = max(self.peak, self._process.memory_info().rss)
                if looks % _COUNT_CHILDREN == 0:
                    children = self._process.children(recursive=True)
            self.child = max(self.child, sum(map(_held, children)))
            looks += 1


def _held(process: psutil.Process) -> int:
    with contextlib.suppress(psutil.Error):
        return int(process.memory_info().rss)
    return 0
