"""Imports every odd file by the command line, one after the other in one process that must outlive them all."""

import contextlib
import io
import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests.helpers.watching import Watch

ROOT = Path(__file__).resolve().parents[2]
SECONDS, MEGABYTES = 20.0, 1_500.0
_READ_BUT_NO_LEDGER = {"file.no_template", "file.no_rows"}
_MARK = "outcome "


@dataclass(frozen=True)
class Outcome:
    """What came of one file.

    Attributes:
        status: exit status; -1 when the process died.
        code: "imported", "unchanged" or the code of the refusal.
        message: the line the clerk reads.
        seconds: from call to answer.
        child: most memory of the reading process, MB.
        own: memory of the main process afterwards, MB.
    """

    name: str
    status: int
    code: str
    message: str
    seconds: float
    child: float
    own: float

    @property
    def clear(self) -> bool:
        """Imported, or refused in one line with exit status 2."""
        told = bool(self.message.strip()) and "\n" not in self.message
        return self.status in {0, 1} or (self.status == 2 and told and self.code not in {"", "bug"})

    @property
    def in_bounds(self) -> bool:
        """Within the time and the memory allowed."""
        return self.seconds <= SECONDS and self.child <= MEGABYTES

    def expected(self, wanted: str) -> bool:
        """Whether it is what the file was made for: "ok" (it can be read) or the code of its refusal."""
        return self.code == wanted if wanted != "ok" else self.status in {0, 1} or self.code in _READ_BUT_NO_LEDGER


def run(files: Sequence[Path]) -> list[Outcome]:
    """Imports the files; the outcome of each. Should the process die, the file it died on is told and the rest goes on in another."""
    outcomes: list[Outcome] = []
    with TemporaryDirectory(prefix="lvdesk-odd-") as folder:
        while len(outcomes) < len(files):
            outcomes += _some(files[len(outcomes) :], Path(folder))
            if len(outcomes) < len(files):
                outcomes.append(Outcome(files[len(outcomes)].name, -1, "died", "", 0.0, 0.0, 0.0))
    return outcomes


def _some(files: Sequence[Path], folder: Path) -> Iterator[Outcome]:
    command = [sys.executable, "-m", "tests.soak.odd_files", str(folder / "workspace")]
    errors = subprocess.DEVNULL
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors, text=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        for path in files:
            try:
                process.stdin.write(f"{path}\n")
                process.stdin.flush()
            except BrokenPipeError:
                return
            line = process.stdout.readline()
            if not line.startswith(_MARK):
                process.kill()
                return
            yield Outcome(**json.loads(line.removeprefix(_MARK)))
        process.stdin.close()


def summary(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """Counts by outcome, the slowest and the largest."""
    slowest = max(outcomes, key=lambda each: each.seconds)
    largest = max(outcomes, key=lambda each: each.child)
    return {
        "files": len(outcomes),
        "outcomes": dict(Counter(each.code for each in outcomes).most_common()),
        "unclear": [each for each in outcomes if not each.clear],
        "out_of_bounds": [each for each in outcomes if not each.in_bounds],
        "slowest": slowest,
        "largest": largest,
        "own": max(each.own for each in outcomes),
    }


def _serve(workspace: str) -> None:
    """The process that must outlive the files: imports each path it reads, in its own memory, by the command line's own code."""
    import psutil

    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    watch, own = Watch(os.getpid()), psutil.Process()
    for line in sys.stdin:
        path = Path(line.rstrip("\n"))
        watch.again()
        outcome = _import_one(workspace, path)
        outcome |= {"child": watch.child / 2**20, "own": own.memory_info().rss / 2**20}
        answers.write(_MARK + json.dumps(outcome, ensure_ascii=False) + "\n")
        answers.flush()
    watch.stop()


def _import_one(workspace: str, path: Path) -> dict[str, Any]:
    from lvdesk.cli import main

    out, started = io.StringIO(), time.perf_counter()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(io.StringIO()):
        status = main(["--workspace", workspace, "import", str(path), "--json"])
    seconds = time.perf_counter() - started
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    answer = json.loads(out.getvalue())
    error = answer.get("error", {})
    code = error.get("code") or answer["files"][0]["status"]
    return {"name": path.name, "status": status, "code": code, "message": error.get("message", ""), "seconds": seconds}


if __name__ == "__main__":
    _serve(sys.argv[1])
