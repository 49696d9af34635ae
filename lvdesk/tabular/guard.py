"""Files are read in a process of their own: a hostile or broken one can end that process, never this one."""

import contextlib
import logging
import multiprocessing
import signal
import time
from collections.abc import Iterator
from multiprocessing.connection import Connection, wait
from types import TracebackType
from typing import Any, Self

from lvdesk.kit.errors import Cancelled, KnownError
from lvdesk.kit.progress import Progress
from lvdesk.tabular import child
from lvdesk.tabular.confine import MEMORY
from lvdesk.tabular.problems import problem

_log = logging.getLogger(__name__)

SILENCE = 20.0
"""Seconds the child may work without a word: not one slice, not one batch of rows."""

_START = 60.0
_LOOK = 0.05
_WORN = 450 << 20
"""A child that holds more than this after a file is replaced."""


class ChildBugError(RuntimeError):
    """Our own code failed in the reading process; its traceback is the message."""


class Reader:
    """Keeps one reading process warm for the next file; a context manager.

    A reader serves one stream at a time, from one thread.
    """

    def __init__(self, *, memory: int = MEMORY, silence: float = SILENCE) -> None:
        """``memory`` in bytes, ``silence`` in seconds without any message while we wait."""
        self._memory, self._silence = memory, silence
        self._process: Any = None
        self._connection: Connection[Any, Any] | None = None
        self._ready = False
        self.peak = 0
        """Most memory the child was seen to hold during the last stream, bytes."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def warm(self) -> None:
        """Starts the child without waiting for it, so that the first file need not wait either."""
        if self._process is not None and self._process.is_alive():
            return
        self._discard()
        context = multiprocessing.get_context("spawn")
        ours, theirs = context.Pipe()
        process = context.Process(target=child.serve, args=(theirs, self._memory), daemon=True, name="lvdesk-reader")
        process.start()
        self._process = process
        theirs.close()
        self._connection, self._ready = ours, False

    def close(self) -> None:
        """Ends the child."""
        self._discard()

    def stream(self, function: str, arguments: tuple[Any, ...], progress: Progress | None = None) -> Iterator[Any]:
        """Runs ``"package.module:function"(*arguments)``, a generator, in the child and yields what it yields.

        Items must be picklable; polars frames travel compactly. Leaving the loop early ends the child.

        Raises:
            LVDeskError: what the function raised, as it is.
            KnownError: ``file.crashed``, ``file.too_large`` or ``file.too_slow`` for what happened to the child.
            Cancelled: the progress was cancelled; the child is gone already.
            ChildBugError: any other exception in the child.
        """
        self.warm()
        self.peak = 0
        finished = False
        try:
            self._wait_ready(progress)
            assert self._connection is not None  # noqa: S101 - warm() made it
            self._send((function, arguments))
            while True:
                kind, content = self._receive(self._silence, progress)
                if kind == child.ITEM:
                    yield content
                elif kind == child.END:
                    finished = True
                    return
                elif kind != child.PULSE:
                    finished = kind == child.KNOWN
                    raise _error(kind, content)
        finally:
            if not finished or self._memory_now() > _WORN:
                self._discard()

    def _wait_ready(self, progress: Progress | None) -> None:
        while not self._ready:
            kind, _ = self._receive(_START, progress)
            self._ready = kind == child.READY

    def _send(self, task: tuple[str, tuple[Any, ...]]) -> None:
        try:
            self._connection.send(task)  # type: ignore[union-attr]
        except (BrokenPipeError, ConnectionError) as error:
            raise self._ended() from error

    def _receive(self, patience: float, progress: Progress | None) -> tuple[str, Any]:
        """The child's next message, looking out for cancel, memory and silence meanwhile."""
        connection = self._connection
        deadline = time.monotonic() + patience
        while not wait([connection], _LOOK):  # type: ignore[list-item]
            if progress is not None and progress.cancelled:
                raise Cancelled
            if self._memory_now() > self._memory:
                raise problem("file.too_large")
            if time.monotonic() > deadline:
                raise problem("file.too_slow")
        try:
            return connection.recv()  # type: ignore[union-attr, no-any-return]
        except (EOFError, ConnectionError) as error:
            raise self._ended() from error

    def _ended(self) -> KnownError:
        """The child went away by itself: an aborting library, or no memory left."""
        self._process.join(5)
        code = self._process.exitcode
        _log.warning("reading process ended with %s, peak %s MB", code, self.peak >> 20)
        starved = self.peak > self._memory * 0.6 or code == -getattr(signal, "SIGKILL", 9)
        return problem("file.too_large" if starved else "file.crashed")

    def _memory_now(self) -> int:
        import psutil

        if self._process is None or self._process.pid is None:
            return 0
        try:
            held = int(psutil.Process(self._process.pid).memory_info().rss)
        except psutil.Error:
            return 0
        self.peak = max(self.peak, held)
        return held

    def _discard(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            with contextlib.suppress(OSError, AttributeError):
                process.kill()
            process.join(5)
        if self._connection is not None:
            self._connection.close()
            self._connection = None
        self._ready = False


def _error(kind: str, content: Any) -> BaseException:
    if kind == child.KNOWN:
        return content  # type: ignore[no-any-return]
    return problem("file.too_large") if kind == child.MEMORY else ChildBugError(content)
