"""What was typed on its way to the station: in order, in the background, and never lost."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from PySide6.QtCore import QObject, Signal

from lvdesk.fieldwork.keying_model import KeyingSheet
from lvdesk.kit.errors import KnownError, RefusedError
from ui.jobs import Jobs
from ui.panes.fieldwork.keying_loading import KeyingServices, Typed


class KeyingStore(QObject):
    """One write after the other; what was typed while one runs goes together with the next.

    Signals: stored(KeyingSheet, Typed); failed(error): nothing is lost, ``retry`` sends it again; refused(sheet_no, place, why): one value
    is not stored; moved(): the counts are others.
    """

    stored = Signal(object, object)
    failed = Signal(object)
    refused = Signal(str, str, str)
    moved = Signal()

    def __init__(self, jobs: Jobs, services: KeyingServices, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._jobs, self._services = jobs, services
        self._queue: list[Typed] = []
        self._sent: Typed | None = None
        self.broken = False

    def put(self, typed: Typed) -> None:
        """Stores what was typed as soon as what came before is stored."""
        last = self._queue[-1] if self._queue else None
        if last is not None and (last.sheet_no, last.second) == (typed.sheet_no, typed.second):
            self._queue[-1] = merged(last, typed)
        else:
            self._queue.append(typed)
        self._pump()

    def retry(self) -> None:
        """Sends again what could not be stored."""
        self._pump()

    def waiting(self) -> int:
        """How many values are not stored yet."""
        every = [*([self._sent] if self._sent else []), *self._queue]
        return sum(len(typed.values) + bool(typed.collected_on) + bool(typed.collected_by) for typed in every)

    def places(self, sheet_no: str) -> set[str]:
        """The places of a sheet that are not stored yet."""
        every = [*([self._sent] if self._sent else []), *self._queue]
        return {place for typed in every if typed.sheet_no == sheet_no for place in typed.values}

    def _pump(self) -> None:
        if self._sent is None and self._queue:
            self._sent = typed = self._queue.pop(0)
            job = self._jobs.run("", lambda _progress: self._services.enter(typed), quiet=True, done=self._done, failed=self._failed)
            job.cancelled.connect(lambda: self._failed(KnownError("keying.cancelled", "保存被取消", "请重试")))
        self.moved.emit()

    def _done(self, sheet: KeyingSheet) -> None:
        typed, self._sent, self.broken = self._sent, None, False
        self._pump()
        self.stored.emit(sheet, typed)

    def _failed(self, error: Exception) -> None:
        typed, self._sent = self._sent, None
        if typed is None:
            return
        if isinstance(error, RefusedError) and len(typed.values) > 1:
            self._queue[:0] = _apart(typed)
            self._pump()
        elif isinstance(error, RefusedError) and typed.values:
            self._pump()
            self.refused.emit(typed.sheet_no, next(iter(typed.values)), f"{error.message}；{error.hint}" if error.hint else error.message)
        else:
            same = self._queue and (self._queue[0].sheet_no, self._queue[0].second) == (typed.sheet_no, typed.second)
            self._queue[:1] = [merged(typed, self._queue[0])] if same else [typed, *self._queue[:1]]
            self.broken = True
            self.moved.emit()
            self.failed.emit(error)


def merged(first: Typed, then: Typed) -> Typed:
    """Two goes as one; the later one counts."""
    values: Mapping[str, str] = {**first.values, **then.values}
    return replace(
        then,
        values=values,
        collected_on=then.collected_on or first.collected_on,
        collected_by=then.collected_by or first.collected_by,
        settled=tuple(dict.fromkeys((*(place for place in first.settled if place not in then.values), *then.settled))),
    )


def _apart(typed: Typed) -> Iterable[Typed]:
    """One by one, so that one refused value keeps no other back."""
    for place, value in typed.values.items():
        yield replace(typed, values={place: value}, settled=(place,) if place in typed.settled else ())
