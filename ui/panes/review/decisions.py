"""Decisions on their way to the store: one after the other, in the background; what was done is told when there is a pause."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, QTimer, Signal

from lvdesk.network.changed import Changed
from lvdesk.review.model import Decided, Request
from ui.panes.base import Context
from ui.panes.review.loading import Services

_PAUSE_MS = 700


class Decisions(QObject):
    """Signals: refused(Decided): some were not done; failed(ids, exception): none was; counted(): ``saved`` is another.

    Attributes:
        saved: how many were done since the window opened; ``under_way`` those not answered yet.
        telling: what is told now came from here.
    """

    refused = Signal(object)
    failed = Signal(object, object)
    counted = Signal()

    def __init__(self, context: Context, services: Services, parent: QObject) -> None:
        super().__init__(parent)
        self._context, self._services = context, services
        self._waiting = 0
        self.under_way: set[int] = set()
        self._changed = Changed.NOTHING
        self.saved = 0
        self.telling = False
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE_MS)
        self._pause.timeout.connect(self._tell)

    def send(self, request: Request) -> None:
        """Puts one in the queue."""
        self._waiting += 1
        self.under_way.update(request.ids)
        self._pause.stop()
        self._context.jobs.run(
            "正在保存复核决定",
            lambda progress: self._services.decide(request, progress),
            done=self._done,
            failed=self._failer(request.ids),
        ).ended.connect(lambda: self._ended(request.ids))

    def busy(self) -> bool:
        """Whether something is on its way."""
        return self._waiting > 0

    def _done(self, decided: Decided) -> None:
        self._changed |= decided.changed
        self.saved += len(decided.done)
        if decided.refused:
            self.refused.emit(decided)
        self.counted.emit()

    def _failer(self, ids: Sequence[int]) -> Callable[[Exception], None]:
        return lambda error: self.failed.emit(ids, error)

    def _ended(self, ids: Sequence[int]) -> None:
        self._waiting -= 1
        self.under_way.difference_update(ids)
        if not self._waiting:
            self._pause.start()

    def _tell(self) -> None:
        changed, self._changed = self._changed, Changed.NOTHING
        if changed:
            self.telling = True
            self._context.bus.tell(changed)
            self.telling = False
