"""Rows of a long table, read 200 at a time on reader threads and kept while they are near."""

from array import array
from collections import OrderedDict
from collections.abc import Sequence

from PySide6.QtCore import QObject, QTimer, Signal

from lvdesk.kit.table import Row
from ui.jobs import Jobs
from ui.models.source import Source

PAGE = 200
_KEPT = 60
_WAITING = 6
_AT_ONCE = 2


class Pages(QObject):
    """Pages of one list of ids. Asking for a row that is not here orders its page; the newest order is served first.

    Attributes:
        arrived: rows first..last are here now.
        failed: a page could not be read (the exception); it is not asked again until ``reset``.
    """

    arrived = Signal(int, int)
    failed = Signal(object)

    def __init__(self, jobs: Jobs, parent: QObject) -> None:
        super().__init__(parent)
        self._jobs = jobs
        self._source: Source | None = None
        self._ids: array[int] = array("q")
        self._pages: OrderedDict[int, dict[int, Row]] = OrderedDict()
        self._wanted: list[int] = []
        self._reading: set[int] = set()
        self._broken: set[int] = set()
        self._ahead: set[int] = set()
        self._generation = 0
        self._start = QTimer(self)
        self._start.setSingleShot(True)
        self._start.setInterval(0)
        self._start.timeout.connect(self._read_next)

    def reset(self, source: Source | None, ids: "array[int]") -> None:
        """Forgets everything; answers still under way are thrown away when they come."""
        self._generation += 1
        self._source, self._ids = source, ids
        self._pages.clear()
        self._wanted.clear()
        self._reading.clear()
        self._broken.clear()
        self._ahead.clear()

    def row(self, index: int) -> Row | None:
        """The row at ``index``, or None while it is being fetched."""
        page = index // PAGE
        found = self._pages.get(page)
        if found is None:
            self._want(page)
            return None
        return found.get(self._ids[index])

    def gone(self, index: int) -> bool:
        """Whether the page is here but the row is not: somebody deleted it."""
        found = self._pages.get(index // PAGE)
        return found is not None and self._ids[index] not in found

    def _want(self, page: int) -> None:
        if page in self._reading or page in self._broken:
            return
        if page in self._wanted:
            self._wanted.remove(page)
        self._wanted.append(page)
        del self._wanted[:-_WAITING]
        if not self._start.isActive():
            self._start.start()

    def _read_next(self) -> None:
        while self._wanted and len(self._reading) < _AT_ONCE and self._source is not None:
            self._read(self._wanted.pop(), self._source)

    def _read(self, page: int, source: Source) -> None:
        ids = self._ids[page * PAGE : (page + 1) * PAGE]
        generation = self._generation
        self._reading.add(page)

        def take(rows: Sequence[Row]) -> None:
            if generation == self._generation:
                self._take(page, rows)

        def fail(error: Exception) -> None:
            if generation == self._generation:
                self._reading.discard(page)
                self._broken.add(page)
                self.failed.emit(error)

        self._jobs.read(lambda: source.rows(ids), take, fail)

    def _take(self, page: int, rows: Sequence[Row]) -> None:
        self._reading.discard(page)
        self._pages[page] = {row.id: row for row in rows}
        while len(self._pages) > _KEPT:
            self._pages.popitem(last=False)
        first = page * PAGE
        self.arrived.emit(first, min(first + PAGE, len(self._ids)) - 1)
        following = page + 1
        if page in self._ahead:
            self._ahead.discard(page)
        elif not self._wanted and following * PAGE < len(self._ids) and following not in self._pages:
            self._ahead.add(following)
            self._want(following)
        self._read_next()
