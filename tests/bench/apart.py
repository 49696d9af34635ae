"""Runs one measurement in a process of its own, watched from outside: its result, its memory, the memory of its children."""

import json
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

import psutil

from tests.helpers.watching import Watch

ROOT = Path(__file__).resolve().parents[2]
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
        watch = Watch(process.pid)
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
