"""Runs one measurement in a process of its own, watched from outside: its result, its memory, the memory of its children."""

import contextlib
import json
import os
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

import psutil

ROOT = Path(__file__).resolve().parents[2]
_LOOK = 0.02
_LONGEST = 3600
_MARK = "measured "


@dataclass(frozen=True)
class Measured:
    """What a measurement said, and the most memory seen, in MB.

    Attributes:
        said: its own result; ``before`` in it is its memory before the work, MB.
        peak: the process itself.
        child: its children together.
    """

    said: dict[str, Any]
    peak: float
    child: float

    @property
    def growth(self) -> float:
        """Memory the process itself took for the work, at its peak, MB."""
        return self.peak - float(self.said["before"])


def measure(name: str, *arguments: object) -> Measured:
    """Runs ``tests.bench.work``'s or ``tests.bench.window``'s function ``name`` (as ``module.function``) once.

    Raises:
        RuntimeError: the measurement failed; carries what it wrote.
    """
    module, function = name.split(".")
    command = [sys.executable, "-m", f"tests.bench.{module}", function, *map(str, arguments)]
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONUTF8": "1", "LVDESK_BENCH_STARTED": repr(time.perf_counter())}
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        watch = _Watch(process.pid)
        try:
            out, errors = process.communicate(timeout=_LONGEST)
        finally:
            process.kill()
            watch.stop()
    said = [line for line in out.splitlines() if line.startswith(_MARK)]
    if process.returncode or not said:
        raise RuntimeError(f"{name} failed ({process.returncode}): {errors[-3000:]}")
    return Measured(json.loads(said[-1].removeprefix(_MARK)), watch.peak / 2**20, watch.child / 2**20)


def middle(runs: list[Measured]) -> float:
    """Median seconds."""
    return float(median(run.said["seconds"] for run in runs))


def tell(result: dict[str, Any]) -> None:
    """In the measuring process: hands the result to the parent."""
    sys.stdout.write(_MARK + json.dumps(result, ensure_ascii=False) + "\n")
    sys.stdout.flush()


def memory() -> float:
    """Memory of this process now, MB."""
    return float(psutil.Process().memory_info().rss / 2**20)


class _Watch:
    """Looks at a process and its children until stopped."""

    def __init__(self, pid: int) -> None:
        self.peak = self.child = 0
        self._process = psutil.Process(pid)
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()

    def _look(self) -> None:
        while not self._stopped.wait(_LOOK):
            with contextlib.suppress(psutil.Error):
                self.peak = max(self.peak, self._process.memory_info().rss)
                self.child = max(self.child, sum(_held(child) for child in self._process.children(recursive=True)))

    def stop(self) -> None:
        """Ends looking."""
        self._stopped.set()
        self._thread.join()


def _held(process: psutil.Process) -> int:
    with contextlib.suppress(psutil.Error):
        return int(process.memory_info().rss)
    return 0
