"""Made-up photos taken in: is every binding made by itself right, is every file accounted for, does a take that was stopped go on."""

import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final, Self
from unittest.mock import patch

from lvdesk.fieldwork import photo_queue, photos
from lvdesk.fieldwork.photo_binding import Limits, Shot, bound
from lvdesk.fieldwork.photo_ground import ground_of
from lvdesk.fieldwork.photo_model import PhotoFacts, PhotosTaken
from lvdesk.kit.errors import Cancelled
from lvdesk.kit.progress import Progress
from lvdesk.tabular.guard import Reader
from lvdesk.workspace import Workspace
from tests.helpers.photo_truth import SIZES, Judged, Photos, Sizes, judged, photographed, world

LOOSE: Final = Limits(
    meters=1, share=0.0, seconds=1e9, apart=1.0, least=0.0, metres=1e9, further=-1e9, times=0.0, steps=1e9, astray=1e9, meanwhile=-1.0
)
"""Whatever is nearest: the control."""


@dataclass(frozen=True)
class Found:
    """What came of a run.

    Attributes:
        files, taken, again: how many there were; the take that was stopped before, and the same folder once more.
        judged, loose: bindings, and those of the control.
        neighbours: bindings without a code.
        lost: files that no count tells of, pictures without a row, rows without their original.
        wrong: kinds of wrong bindings; seconds: of both takes.
    """

    files: int
    taken: PhotosTaken
    again: PhotosTaken
    judged: Judged
    loose: Judged
    neighbours: int
    lost: int
    seconds: float

    @property
    def wrong(self) -> dict[str, int]:
        """Kinds of pictures that were filed wrongly."""
        return dict(Counter(kind for _, kind, _ in self.judged.wrong))


class _Recording:
    """Keeps what the reader said, for the control."""

    def __init__(self, reader: Any, facts: dict[str, PhotoFacts]) -> None:
        self._reader, self._facts = reader, facts

    def __enter__(self) -> Self:
        self._reader.__enter__()
        return self

    def __exit__(self, *error: object) -> None:
        self._reader.__exit__(*error)

    def stream(self, function: str, arguments: tuple[Any, ...], progress: Progress | None = None) -> Iterator[Any]:
        for item in self._reader.stream(function, arguments, progress):
            self._facts[arguments[0].stem] = item
            yield item


class _Stopping(Progress):
    """Cancels on the way."""

    def __init__(self, after: int) -> None:
        super().__init__()
        self._after = after

    def step(self, count: int = 1) -> None:
        super().step(count)
        if self.snapshot().done == self._after:
            self.cancel()


def run(count: int, seed: int = 5) -> Found:
    """Makes about so many photos, takes them in, stopped once on the way, and looks at what became of each."""
    with TemporaryDirectory(prefix="lvdesk-photos-") as name:
        return run_in(Path(name), count, seed)


def run_in(folder: Path, count: int, seed: int, sizes: Sizes = SIZES, reader: type[Any] = Reader) -> Found:
    """The same in a folder of one's own, with pictures of these sizes, read by this reader."""
    among = world(seed, max(20, count // 2))
    made = photographed(seed, among, count, folder / "in", sizes)
    ws = among.lay(Workspace.open(folder / "workspace"))
    facts: dict[str, PhotoFacts] = {}
    try:
        with patch("lvdesk.fieldwork.photos.Reader", lambda: _Recording(reader(), facts)):
            return _taken(ws, made, facts)
    finally:
        ws.close()


def _taken(ws: Workspace, made: Photos, facts: dict[str, PhotoFacts]) -> Found:
    started = time.perf_counter()
    try:
        photos.take(ws, [made.folder], _Stopping(len(made) * 3 // 4))
    except Cancelled:
        before = len(photo_queue.photos(ws))
    else:
        raise AssertionError("not stopped")
    taken = photos.take(ws, [made.folder], Progress())
    seconds = time.perf_counter() - started
    again = photos.take(ws, [made.folder], Progress())
    views = photo_queue.photos(ws)
    assert 0 < before < len(views), before
    return Found(
        len(made), taken, again, judged(made, {view.sha256: view.box_no for view in views}), judged(made, _loosely(ws, facts)),
        sum(view.bound_by == "neighbour" for view in views), _lost(ws, made, taken, again, before), seconds,
    )  # fmt: skip


def _lost(ws: Workspace, made: Photos, taken: PhotosTaken, again: PhotosTaken, before: int) -> int:
    """Files that are not accounted for."""
    views = {view.sha256: view for view in photo_queue.photos(ws)}
    counted = taken.filed + taken.queued + taken.known + len(taken.unreadable)
    originals = sum(photo_queue.original(ws, view.id).is_file() for view in views.values())
    return (
        abs(len(made) - counted)
        + abs(len(views) - before - taken.filed - taken.queued)
        + len({each.sha256 for each in made.shown} ^ set(views))
        + abs(len(made.broken) - len(taken.unreadable))
        + abs(again.known - len(made.shown) - len(made.again))
        + len(views) - originals
    )  # fmt: skip


def _loosely(ws: Workspace, facts: dict[str, PhotoFacts]) -> dict[str, str]:
    """The same pictures, each to what is nearest."""
    shots = [
        Shot(
            said.camera, datetime.fromisoformat(said.taken_at) if said.taken_at else None,
            None if said.longitude is None or said.latitude is None else (said.longitude, said.latitude), said.codes,
        )
        for said in facts.values()
    ]  # fmt: skip
    with ws.store.read() as connection:
        places = [shot.place for shot in shots if shot.place]
        ground = ground_of(connection, (code for shot in shots for code in shot.codes), places)
    return dict(zip(facts, (verdict.box_no for verdict in bound(shots, ground, LOOSE)), strict=True))
