"""Runs ``main.py`` as a user would and kills it at a random moment."""

import json
import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import psutil

from lvdesk.store.engines import sqlite_driver

ROOT = Path(__file__).resolve().parents[2]
_ACKNOWLEDGED = (0, 1)


def command(folder: Path, step: Sequence[str]) -> list[str]:
    """The command line of a step on the workspace in ``folder``."""
    return [sys.executable, str(ROOT / "main.py"), "--workspace", str(folder), *step, "--json"]


def expect_done(code: int, out: str, errors: str) -> None:
    """Raises for a step that failed by itself."""
    if code not in _ACKNOWLEDGED:
        raise RuntimeError(f"failed by itself ({code}): {out[-500:]} {errors[-2000:]}")


def killed(step: list[str], folder: Path, usual: float, chance: random.Random, found: Counter[str]) -> tuple[bool, bool]:
    """Runs a step and kills it: somewhere in its usual time, or just after its first pages went to the log.

    Returns:
        Whether it had been acknowledged, and whether it died with pages in the log.
    """
    log = folder / "station.db-wal"
    before = touched(log)
    with subprocess.Popen(step, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        if chance.random() < 0.5:
            _wait(process, chance.uniform(usual * 0.3, usual * 1.1))
        else:
            deadline = time.monotonic() + usual * 3
            while process.poll() is None and touched(log) == before and time.monotonic() < deadline:
                time.sleep(0.0003)
            _wait(process, chance.uniform(0, 0.02))
        helpers = _helpers(process)
        writing = touched(log) not in {before, (0, 0)}
        process.kill()
        out, errors = process.communicate()
        code = process.returncode
    found["orphans"] += len(psutil.wait_procs(helpers, timeout=10)[1])
    found["killed"] += 1
    if code >= 0:
        expect_done(code, out, errors)
    found["died"] += code < 0
    # A whole answer on standard output is an acknowledgement too, even when the program then died while leaving.
    acknowledged = code in _ACKNOWLEDGED or _whole(out)
    found["acknowledged"] += acknowledged
    return acknowledged, writing and not acknowledged


def interrupted(command: Sequence[str], database: Path, chance: random.Random, longest: float) -> None:
    """Kills a program without care for its database: within ``longest`` seconds after its first pages went into the file."""
    raw = sqlite_driver().connect(str(database))
    raw.execute("PRAGMA journal_mode=DELETE")
    raw.close()
    before = touched(database)
    with subprocess.Popen(command, cwd=ROOT) as process:
        while process.poll() is None and touched(database) == before:
            time.sleep(0.001)
        try:
            process.wait(chance.uniform(0, longest))
        except subprocess.TimeoutExpired:
            process.kill()


def _whole(out: str) -> bool:
    try:
        return isinstance(json.loads(out), dict)
    except ValueError:
        return False


def _wait(process: "subprocess.Popen[str]", seconds: float) -> None:
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        return


def _helpers(process: "subprocess.Popen[str]") -> list[psutil.Process]:
    try:
        return psutil.Process(process.pid).children(recursive=True)
    except psutil.Error:
        return []


def touched(path: Path) -> tuple[int, int]:
    """Size and time of a file, (0, 0) for none."""
    try:
        status = path.stat()
    except FileNotFoundError:
        return 0, 0
    return (status.st_size, status.st_mtime_ns) if status.st_size else (0, 0)
