"""Photos from site taken in: each once, its original kept, filed to the box it shows or waiting for a person."""

import json
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, select

from lvdesk.fieldwork.photo_binding import Shot, Verdict, bound
from lvdesk.fieldwork.photo_ground import Ground, ground_of, is_asset
from lvdesk.fieldwork.photo_model import PhotoFacts, PhotosTaken
from lvdesk.fieldwork.photo_reading import READ
from lvdesk.fieldwork.photo_store import CHANGED, PHOTO, keep, source_of
from lvdesk.fieldwork.return_sorting import is_litter
from lvdesk.kit.clock import stamp
from lvdesk.kit.errors import KnownError
from lvdesk.kit.files import expanded
from lvdesk.kit.progress import Progress
from lvdesk.network.changed import Changed
from lvdesk.tabular.guard import Reader
from lvdesk.workspace import Workspace

_TOGETHER: Final = 20
_MOST: Final = 200
"""Photos stored in one write: at least, but for the last; at most, though they were taken in one go."""
_PAUSE: Final = timedelta(minutes=5)
_AHEAD: Final = timedelta(days=1)
_COLUMNS: Final = (
    "sha256", "name", "size", "taken_at", "taken_from", "longitude", "latitude", "codes", "box_no", "bound_by", "why", "person", "at",
)  # fmt: skip


@dataclass(frozen=True)
class _Fresh:
    """A photo that is read but not stored yet."""

    path: Path
    digest: str
    size: int
    facts: PhotoFacts

    @property
    def shot(self) -> Shot:
        """What binding asks."""
        said = self.facts
        at = datetime.fromisoformat(said.taken_at) if said.exact else None
        place = None if said.longitude is None or said.latitude is None or said.vague else (said.longitude, said.latitude)
        return Shot(f"{self.path.parent}|{said.camera}", at, place, said.codes)

    def told(self, ground: Ground) -> "_Fresh":
        """Without what the reader took for a barcode of an asset: neither in the ledger nor with a check digit that fits."""
        codes = tuple(code for code in self.facts.codes if code in ground.assets or is_asset(code))
        return replace(self, facts=replace(self.facts, codes=codes))


@dataclass
class _Count:
    filed: int = 0
    queued: int = 0
    known: int = 0
    unreadable: list[tuple[str, str, str]] = field(default_factory=list)
    photo_ids: list[int] = field(default_factory=list)

    @property
    def taken(self) -> PhotosTaken:
        stored = self.filed + self.queued
        return PhotosTaken(
            photos=stored + self.known + len(self.unreadable), filed=self.filed, queued=self.queued, known=self.known,
            unreadable=tuple(self.unreadable), photo_ids=tuple(self.photo_ids), changed=CHANGED if stored else Changed.NOTHING,
        )  # fmt: skip


def take(ws: Workspace, paths: Sequence[Path], progress: Progress) -> PhotosTaken:
    """Takes photos in, and those in folders; the files given are only read. A photo that is known already is left as it is.

    Photos taken in one go are stored in one undoable write, so that they can speak for each other. Stopped in between, what was stored
    stays and taking the same folder again takes the rest. A file that cannot be read is told, the others are taken.

    Raises:
        KnownError: ``file.not_writable`` when originals cannot be kept.
        Cancelled: the user stopped it.
    """
    files = [path for path in expanded(path.absolute() for path in paths) if not is_litter(path)]
    count, waiting = _Count(), list[_Fresh]()
    progress.start("正在识读照片", len(files), "张")
    with Reader() as reader:
        for path in files:
            progress.check()
            try:
                fresh = _read(ws, reader, path, waiting, progress)
            except KnownError as error:
                if error.code.startswith("file.not_writable"):
                    raise
                count.unreadable.append((str(path), error.message, error.hint))
                fresh = None
            else:
                count.known += fresh is None
            if fresh and _is_apart(waiting, fresh):
                _store(ws, waiting, count)
                waiting = []
            if fresh:
                waiting.append(fresh)
            progress.step()
    _store(ws, waiting, count)
    return count.taken


def _read(ws: Workspace, reader: Reader, path: Path, waiting: Iterable[_Fresh], progress: Progress) -> _Fresh | None:
    """The photo, None for one that is known; its original is kept before anything is stored about it."""
    source = source_of(path)
    digest = source.digest
    with ws.store.read() as connection:
        name = _known(connection, [digest]).get(digest)
    if name is not None:
        keep(ws, path, digest, name)  # another machine of the station may have taken it in
        return None
    if any(other.digest == digest for other in waiting):
        return None
    kept = keep(ws, path, digest, path.name) if source.size else path
    try:
        (facts,) = reader.stream(READ, (kept, path.name), progress)
    except KnownError:
        if kept != path:
            with suppress(OSError):
                kept.unlink()
        raise
    return _Fresh(path, digest, source.size, _dated(facts, source.changed, ws.clock().replace(tzinfo=None)))


def _dated(facts: PhotoFacts, changed: datetime, now: datetime) -> PhotoFacts:
    """With the moment of the file where nothing better is known; a moment to come is none."""
    if facts.taken_at and datetime.fromisoformat(facts.taken_at) <= now + _AHEAD:
        return facts
    return replace(facts, taken_at=changed.isoformat(timespec="seconds"), taken_from="file", exact=False)


def _is_apart(waiting: Sequence[_Fresh], fresh: _Fresh) -> bool:
    """Whether a photo can have nothing to do with those that wait, or there are enough of them."""
    if len(waiting) < _TOGETHER or len(waiting) >= _MOST:
        return len(waiting) >= _MOST
    mine = fresh.shot
    near = (shot for shot in (other.shot for other in waiting) if shot.source == mine.source and shot.at)
    return mine.at is None or all(abs(mine.at - shot.at) > _PAUSE for shot in near if shot.at)


def _store(ws: Workspace, photos: Sequence[_Fresh], count: _Count) -> None:
    if not photos:
        return
    at = stamp(ws.clock())
    with ws.store.write("照片归箱") as write:
        known = _known(write.connection, [each.digest for each in photos])
        fresh = [each for each in photos if each.digest not in known]
        places = [shot.place for shot in (each.shot for each in fresh) if shot.place]
        ground = ground_of(write.connection, (code for each in fresh for code in each.facts.codes), places)
        fresh = [each.told(ground) for each in fresh]
        verdicts = bound([each.shot for each in fresh], ground)
        rows = [_row(each, verdict, ws.person, at) for each, verdict in zip(fresh, verdicts, strict=True)]
        ids = write.insert(PHOTO, _COLUMNS, rows, len(rows))
        filed = sum(bool(verdict.box_no) for verdict in verdicts)
        write.label = f"回收照片 {len(fresh):,} 张：归箱 {filed:,} 张，待归箱 {len(fresh) - filed:,} 张"
    count.known += len(photos) - len(fresh)
    count.filed += filed
    count.queued += len(fresh) - filed
    count.photo_ids += ids


def _row(photo: _Fresh, verdict: Verdict, person: str, at: str) -> tuple[object, ...]:
    said = photo.facts
    why = f"{said.trouble}；{verdict.why}" if said.trouble else verdict.why
    return (
        photo.digest, photo.path.name, photo.size, said.taken_at, said.taken_from, said.longitude, said.latitude,
        json.dumps(said.codes), verdict.box_no, verdict.bound_by, why, person, at,
    )  # fmt: skip


def _known(connection: Connection, digests: Sequence[str]) -> dict[str, str]:
    """Digest -> name of photos that are stored."""
    return dict(map(tuple, connection.execute(select(PHOTO.c.sha256, PHOTO.c.name).where(PHOTO.c.sha256.in_(digests)))))
