"""Scans and phone pictures of sheets among what came back: taken in, told file by file; sheets on which nothing is open are finished."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from lvdesk.fieldwork import keying, scan_queue, scans
from lvdesk.fieldwork.return_model import ReturnedFile, Unread
from lvdesk.fieldwork.scan_model import PageState, ScannedPageView
from lvdesk.kit.errors import LVDeskError
from lvdesk.kit.progress import Progress
from lvdesk.network.changed import Changed
from lvdesk.workspace import Workspace

_OF_A_SHEET: Final = ("keying.", "sheet.", "form.")
"""Troubles of one sheet, that need not stop the others."""


@dataclass(frozen=True)
class Scans:
    """What became of them; ``read`` and ``queued`` pages of this return, ``unread`` of these files whenever they came."""

    files: tuple[ReturnedFile, ...] = ()
    unread: tuple[Unread, ...] = ()
    read: int = 0
    queued: int = 0
    sheets_done: tuple[str, ...] = ()
    changed: Changed = Changed.NOTHING


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
    read = {page.sheet_no: page for page in pages if page.state is PageState.READ}
    done, stuck, changed = _finished(ws, list(read), progress)
    unread = [Unread(page.name, page.page, page.code, page.why, page.hint) for page in reversed(pages) if page.state is PageState.UNREAD]
    unread += [Unread(read[number].name, read[number].page, why.code, why.message, why.hint) for number, why in stuck.items()]
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
        tuple(files), tuple(unread), taken.read, taken.unread, done, taken.changed | changed,
    )  # fmt: skip


def _finished(ws: Workspace, sheet_nos: Sequence[str], progress: Progress) -> tuple[tuple[str, ...], dict[str, LVDeskError], Changed]:
    """Takes the results of those sheets in on which nothing waits for a person any more; those that say nothing, and why."""
    done, stuck, changed = [], {}, Changed.NOTHING
    for number in keying.complete(ws, sheet_nos):
        progress.check()
        try:
            finished = keying.finish(ws, number, progress, leave_open=True)
        except LVDeskError as error:
            if not error.code.startswith(_OF_A_SHEET):
                raise
            stuck[number] = error
            continue
        changed |= finished.changed
        if finished.changed != Changed.NOTHING:
            done.append(number)
    return tuple(done), stuck, changed


def _told(path: Path, pages: Sequence[ScannedPageView], fresh: int) -> ReturnedFile:
    waiting = [page for page in pages if page.state is PageState.UNREAD]
    if waiting:
        first = waiting[-1]
        return ReturnedFile(path, "scan", "unread", len(pages), first.code, f"{len(waiting)} 页没有认出：{first.why}", first.hint)
    return ReturnedFile(path, "scan", "taken" if fresh else "unchanged", len(pages))
