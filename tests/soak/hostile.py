"""Reads every file of some folders through the guarded child: outcome, seconds and peak memory of each."""

import sys
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from lvdesk.kit.errors import LVDeskError
from lvdesk.tabular.guard import ChildBugError, Reader


def read_one(reader: Reader, path: Path) -> dict[str, Any]:
    """One file's outcome: ``ok``, the code of its refusal, or ``BUG``."""
    started = time.monotonic()
    result: dict[str, Any] = {"file": path.name}
    try:
        for item in reader.stream("lvdesk.tabular.reading:outcome", (path,)):
            result.update(item)
        result["outcome"] = "ok"
    except LVDeskError as error:
        result.update(outcome=error.code, message=error.message, hint=error.hint)
    except ChildBugError as error:
        result.update(outcome="BUG", message=str(error))
    result.update(seconds=round(time.monotonic() - started, 2), peak_mb=reader.peak >> 20)
    return result


def run(folders: Iterable[Path]) -> dict[str, Any]:
    """All files below ``folders``: counts by outcome, the slowest, the largest, and the list."""
    results = []
    with Reader() as reader:
        for folder in folders:
            files = [folder] if folder.is_file() else sorted(path for path in folder.rglob("*") if path.is_file())
            results += [read_one(reader, path) for path in files]
    counts: dict[str, int] = {}
    for result in results:
        counts[result["outcome"]] = counts.get(result["outcome"], 0) + 1
    return {
        "files": len(results),
        "outcomes": counts,
        "slowest": max(results, key=lambda result: result["seconds"], default=None),
        "largest": max(results, key=lambda result: result["peak_mb"], default=None),
        "results": results,
    }


if __name__ == "__main__":
    summary = run(map(Path, sys.argv[1:]))
    for line in summary.pop("results"):
        if line["outcome"] != "ok" or line["seconds"] > 5:
            print(line)
    print(summary)
