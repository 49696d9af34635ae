"""What the command line says: one JSON object on standard output with ``--json``, else lines for people; progress on standard error."""

import json
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from lvdesk.kit.progress import Progress

DONE: Final = 0
DONE_WITH_REFUSALS: Final = 1
REFUSED: Final = 2
BUG: Final = 3

_TICK: Final = 0.2


@dataclass(frozen=True)
class Answer:
    """A verb's result: the JSON object, the lines for people, the exit status."""

    data: dict[str, Any]
    lines: tuple[str, ...] = ()
    status: int = DONE


def write_answer(answer: Answer, *, as_json: bool) -> None:
    """Prints the answer in the asked form."""
    if as_json:
        sys.stdout.write(json.dumps(answer.data, ensure_ascii=False, default=_plain) + "\n")
    else:
        sys.stdout.write("".join(f"{line}\n" for line in answer.lines))
    sys.stdout.flush()


def _plain(value: Any) -> Any:
    if isinstance(value, Path):
        return str(value)
    raise TypeError(type(value))


@contextmanager
def shown_progress(progress: Progress) -> Iterator[None]:
    """Shows running work on standard error: live on a terminal, one line per stage otherwise."""
    stop = threading.Event()
    watcher = threading.Thread(target=_watch, args=(progress, stop), daemon=True)
    watcher.start()
    try:
        yield
    finally:
        stop.set()
        watcher.join()


def _watch(progress: Progress, stop: threading.Event) -> None:
    live, last = sys.stderr.isatty(), ""
    while True:
        ended = stop.wait(_TICK)
        snapshot = progress.snapshot()
        if snapshot.label:
            text = f"{snapshot.label}  {snapshot.done:,} {snapshot.unit}" if snapshot.done else snapshot.label
            if live:
                sys.stderr.write(f"\r\033[K{text}")
            elif snapshot.label != last:
                sys.stderr.write(f"{snapshot.label}\n")
            last = snapshot.label
            sys.stderr.flush()
        if ended:
            if live:
                sys.stderr.write("\r\033[K")
            return
