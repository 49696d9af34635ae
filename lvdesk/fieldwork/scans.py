"""Scans and phone pictures of sheets taken in: each page is one sheet, once; what cannot be read waits for a person."""

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from sqlalchemy import select

from lvdesk.fieldwork.forms.frame import corners
from lvdesk.fieldwork.forms.loading import load_forms
from lvdesk.fieldwork.identity import station_code
from lvdesk.fieldwork.scan_model import PageState, RefusedScan, ScansTaken
from lvdesk.fieldwork.scan_pages import CHANGED, PAGE, PICTURE, Judged, add_entries, judge, page_values, read_already, registered
from lvdesk.fieldwork.scanning import work
from lvdesk.fieldwork.scanning.loading import Pages
from lvdesk.fieldwork.scanning.reading import PageRead, is_sheet_picture
from lvdesk.fieldwork.scanning.settings import load_settings
from lvdesk.kit.clock import stamp
from lvdesk.kit.errors import KnownError
from lvdesk.kit.progress import Progress
from lvdesk.network.changed import Changed
from lvdesk.store.write import Write
from lvdesk.tabular.guard import Reader
from lvdesk.workspace import Workspace

_TOGETHER: Final = 20
"""Pages stored in one write: so many are read again at most after a crash."""
_LOOK: Final = 150
_PIECE: Final = 1 << 20
_COLUMNS: Final = ("sha256", "page", "name", "sheet_no", "state", "code", "why", "marks", "quality", "person", "at")


@dataclass
class _Count:
    read: int = 0
    unread: int = 0
    duplicates: int = 0
    blank: int = 0
    known: int = 0
    sheet_nos: list[str] = field(default_factory=list)
    page_ids: list[int] = field(default_factory=list)
    refused: list[RefusedScan] = field(default_factory=list)

    def add(self, judged: Judged) -> None:
        self.read += judged.state is PageState.READ
        self.unread += judged.state is PageState.UNREAD
        self.duplicates += judged.state is PageState.DUPLICATE
        self.blank += judged.state is PageState.DROPPED
        if judged.state is PageState.READ:
            self.sheet_nos.append(judged.sheet_no)

    @property
    def taken(self) -> ScansTaken:
        pages = self.read + self.unread + self.duplicates + self.blank
        return ScansTaken(
            pages=pages, read=self.read, unread=self.unread, duplicates=self.duplicates, known=self.known,
            sheet_nos=tuple(self.sheet_nos), page_ids=tuple(self.page_ids), changed=CHANGED if pages else Changed.NOTHING,
            blank=self.blank, refused=tuple(self.refused),
        )  # fmt: skip


def take(ws: Workspace, paths: Sequence[Path], progress: Progress) -> ScansTaken:
    """Reads PDF files and pictures of sheets; pages that are known already are left as they are.

    Pages are stored some at a time, each time in one undoable write; cancelled in the middle, what was stored stays and the next
    run takes the rest. Files that cannot be opened are refused one by one, the others are taken.

    Raises:
        KnownError: ``rules.unreadable``.
        Cancelled: the user stopped it.
    """
    load_forms(ws.overrides)
    load_settings(ws.overrides)
    station, count, total = station_code(ws), _Count(), 0
    progress.start("正在识读扫描件", unit="页")
    with Reader() as reader:
        for path in paths:
            progress.check()
            try:
                pages = _File(ws, path, station, count)
                total = pages.take(reader, progress, total)
            except KnownError as error:
                count.refused.append(RefusedScan(path.name, error.code, error.message, error.hint))
    return count.taken


@dataclass
class _File:
    """One file on its way in."""

    ws: Workspace
    path: Path
    station: str
    count: _Count

    def take(self, reader: Reader, progress: Progress, total: int) -> int:
        """Reads and stores its pages; ``total`` those expected so far, and with this file."""
        digest = _digest(self.path)
        with self.ws.store.read() as connection:
            known = frozenset(connection.execute(select(PAGE.c.page).where(PAGE.c.sha256 == digest)).scalars())
        waiting: list[tuple[int, PageRead]] = []
        for item in reader.stream(work.READ, (self.path, self.ws.overrides, known), progress):
            if isinstance(item, int):
                total += item
                progress.expect(total)
                self.count.known += len(known)
                progress.step(len(known))
                continue
            waiting.append(item)
            progress.step()
            if len(waiting) == _TOGETHER:
                self._store(digest, waiting)
                waiting = []
        if waiting:
            self._store(digest, waiting)
        return total

    def _store(self, digest: str, pages: Sequence[tuple[int, PageRead]]) -> None:
        at = stamp(self.ws.clock())
        with self.ws.store.write(f"识读扫描件 {self.path.name}") as write:
            known = set(write.connection.execute(select(PAGE.c.page).where(PAGE.c.sha256 == digest)).scalars())
            fresh = [(number, seen) for number, seen in pages if number not in known]
            judged = list(self._judged(write, [seen for _, seen in fresh]))
            rows = []
            for (number, seen), each in zip(fresh, judged, strict=True):
                values = page_values(each, seen)
                given = {**values, "sha256": digest, "page": number, "name": self.path.name, "person": self.ws.person, "at": at}
                rows.append(tuple(given[name] for name in _COLUMNS))
            ids = write.insert(PAGE, _COLUMNS, rows, len(rows))
            keep_pictures(write, list(zip(ids, [seen for _, seen in fresh], strict=True)))
            named = zip(ids, judged, fresh, strict=True)
            read = [(page, each.sheet_no, found.marks) for page, each, (_, found) in named if each.state is PageState.READ]
            add_entries(write, read, at)
            write.label = _label(self.path.name, judged)
        self.count.known += len(pages) - len(fresh)
        self.count.page_ids += ids
        for each in judged:
            self.count.add(each)

    def _judged(self, write: Write, reads: Sequence[PageRead]) -> Iterator[Judged]:
        numbers = [read.payload.sheet_no for read in reads if read.payload]
        rows, taken = registered(write.connection, numbers), read_already(write.connection, numbers)
        for read in reads:
            number = read.payload.sheet_no if read.payload else ""
            judged = judge(read, self.station, rows.get(number), taken=number in taken)
            if judged.state is PageState.READ:
                taken.add(number)
            yield judged


def keep_pictures(write: Write, pages: Sequence[tuple[int, PageRead]]) -> None:
    """Stores the pictures of pages that have one, in place of older ones."""
    rows = [(page, read.picture.dpi, int(read.picture.flat), read.picture.data) for page, read in pages if read.picture.data]
    old = list(write.connection.execute(select(PICTURE.c.id).where(PICTURE.c.page.in_([row[0] for row in rows]))).scalars())
    write.delete(PICTURE, old)
    write.insert(PICTURE, ("page", "dpi", "flat", "picture"), rows, len(rows))


def is_sheet(ws: Workspace, path: Path) -> bool:
    """Whether a file shows one of our sheets rather than a place: our QR in it, or the four corner squares; False when unreadable."""
    shapes = {corners(form) for form in load_forms(ws.overrides).values()}
    with suppress(KnownError), Pages(path, _LOOK) as pages:
        return is_sheet_picture(pages.page(1), sorted(shapes))
    return False


def _digest(path: Path) -> str:
    found = hashlib.sha256()
    try:
        with path.open("rb") as file:
            while piece := file.read(_PIECE):
                found.update(piece)
    except OSError as error:
        raise KnownError("scan.unreadable", f"{path.name} 打不开或已不在", "请检查文件是否还在、能否打开") from error
    return found.hexdigest()


def _label(name: str, judged: Sequence[Judged]) -> str:
    counts: dict[str, Any] = {"识读": PageState.READ, "待处理": PageState.UNREAD, "重复": PageState.DUPLICATE, "空白": PageState.DROPPED}
    said = [f"{word} {number} 页" for word, state in counts.items() if (number := sum(each.state is state for each in judged))]
    return f"扫描件 {name}：{'、'.join(said)}"
