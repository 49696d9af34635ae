"""Items in full, read before they are looked at."""

from collections import OrderedDict
from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, Signal

from lvdesk.review.model import ItemView
from ui.jobs import Jobs

AHEAD = 10
_AT_ONCE = 2
_KEPT = 60


class ItemStore(QObject):
    """Signals: arrived(id), gone(id): no such item any more, failed(id, exception)."""

    arrived = Signal(int)
    gone = Signal(int)
    failed = Signal(int, object)

    def __init__(self, jobs: Jobs, read: Callable[[Sequence[int]], Sequence[ItemView]], parent: QObject) -> None:
        super().__init__(parent)
        self._jobs, self._read = jobs, read
        self._kept: OrderedDict[int, ItemView] = OrderedDict()
        self._reading: dict[int, int] = {}
        self._asked = 0

    def get(self, identity: int) -> ItemView | None:
        """The item if it is here."""
        return self._kept.get(identity)

    def want(self, ids: Sequence[int]) -> None:
        """Reads what is missing; the first first when it is missing itself."""
        missing = [each for each in ids if each not in self._kept and each not in self._reading]
        if not missing:
            return
        if missing[0] == ids[0]:
            self._ask(missing[:1])
            missing = missing[1:]
        elif len(missing) < _AT_ONCE:  # some are ready still
            return
        if missing:
            self._ask(missing)

    def forget(self, *ids: int) -> None:
        """Drops some, or all; what is being read then does not count either."""
        if ids:
            for each in ids:
                self._kept.pop(each, None)
                self._reading.pop(each, None)
            return
        self._kept.clear()
        self._reading.clear()

    def _ask(self, ids: Sequence[int]) -> None:
        self._asked += 1
        asked = self._asked
        self._reading.update(dict.fromkeys(ids, asked))

        def take(views: Sequence[ItemView]) -> None:
            found = {view.id: view for view in views}
            for each in self._still(ids, asked):
                self._take(each, found.get(each))

        def fail(error: Exception) -> None:
            if still := self._still(ids, asked):
                self.failed.emit(still[0], error)

        self._jobs.read(lambda: self._read(ids), take, fail)

    def _still(self, ids: Sequence[int], asked: int) -> list[int]:
        """Those that nobody has forgotten or asked again since."""
        still = [each for each in ids if self._reading.get(each) == asked]
        for each in still:
            del self._reading[each]
        return still

    def _take(self, identity: int, view: ItemView | None) -> None:
        if view is None:
            self.gone.emit(identity)
            return
        self._kept[identity] = view
        while len(self._kept) > _KEPT:
            self._kept.popitem(last=False)
        self.arrived.emit(identity)
