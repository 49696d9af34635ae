"""Scans and phone pictures of sheets among what came back: taken in, told file by file; sheets on which nothing is open are finished."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from lvdesk.fieldwork import keying, scan_queue, scans
from lvdesk.fieldwork.return_model import ReturnedFile, Unread
from lvdesk.fieldwork.scan_model import PageState, ScannedPageView
from lvdesk.kit.progress import Progress
from lvdesk.network.changed import Changed
from lvdesk.workspace import Workspace


@dataclass(frozen=True)
class Scans:
    """What became of them; ``read`` and ``queued`` pages of this return, ``unread`` of these files whenever they came."""

    files: tuple[ReturnedFile, ...]
    unread: tuple[Unread, ...]
    read: int
    queued: int
    sheets_done: tuple[str, ...]
    changed: Changed


def sheets_among(ws: Workspace, pictures: Iterable[Path], progress: Progress) -> tuple[list[Path], list[Path]]:
    """Pictures of our sheets, and those of anything else."""
    found: tuple[list[Path], list[Path]] = ([], [])
    for path in pictures:
        progress.check()
        found[not scans.is_sheet(ws, path)].append(path)
    return found


def take_scans(ws: Workspace, paths: Sequence[Path], progress: Progress) -> Scans:
    """Takes the pages in; what is known already changes nothing.

    Raises:
        Cancelled: the user stopped it; the pages taken stay, and the same files bring the rest.
    """
    taken = scans.take(ws, paths, progress)
    names = {path.name for path in paths}
    pages = [page for page in scan_queue.pages(ws) if page.name in names]
    done, changed = finish_complete(ws, [page.sheet_no for page in pages if page.state is PageState.READ], progress)
    unread = [page for page in pages if page.state is PageState.UNREAD]
    refused = {each.name: each for each in taken.refused}
    fresh = Counter(page.name for page in pages if page.id in set(taken.page_ids))
    files = []
    for path in paths:
        mine = [page for page in pages if page.name == path.name]
        if path.name in refused:
            why = refused[path.name]
            files.append(ReturnedFile(path, "scan", "refused", 0, why.code, why.why, why.hint))
        else:
            files.append(_told(path, mine, fresh[path.name]))
    return Scans(
        tuple(files), tuple(Unread(page.name, page.page, page.code, page.why, page.hint) for page in reversed(unread)),
        taken.read, taken.unread, done, taken.changed | changed,
    )  # fmt: skip


def finish_complete(ws: Workspace, sheet_nos: Sequence[str], progress: Progress) -> tuple[tuple[str, ...], Changed]:
    """Takes the results of those sheets in on which nothing waits for a person any more."""
    done, changed = [], Changed.NOTHING
    for number in keying.complete(ws, list(dict.fromkeys(sheet_nos))):
        progress.check()
        finished = keying.finish(ws, number, progress, leave_open=True)
        changed |= finished.changed
        if finished.changed != Changed.NOTHING:
            done.append(number)
    return tuple(done), changed


def _told(path: Path, pages: Sequence[ScannedPageView], fresh: int) -> ReturnedFile:
    waiting = [page for page in pages if page.state is PageState.UNREAD]
    if waiting:
        first = waiting[-1]
        return ReturnedFile(path, "scan", "unread", len(pages), first.code, f"{len(waiting)} 页没有认出：{first.why}", first.hint)
    return ReturnedFile(path, "scan", "taken" if fresh else "unchanged", len(pages))
