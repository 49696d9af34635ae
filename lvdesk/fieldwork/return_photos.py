"""Photos among what came back: taken in, told file by file; those without a box wait for a person."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from lvdesk.fieldwork import photo_queue, photos
from lvdesk.fieldwork.photo_model import PhotoView
from lvdesk.fieldwork.return_model import ReturnedFile, Unread
from lvdesk.kit.progress import Progress
from lvdesk.network.changed import Changed
from lvdesk.workspace import Workspace

_WAITING: Final = "photo.waiting"
_HINT: Final = "请在“现场采录 › 回收 › 待处理”中选定它拍的计量箱"


@dataclass(frozen=True)
class Photos:
    """What became of them; ``waiting`` of these files whenever they came."""

    files: tuple[ReturnedFile, ...] = ()
    waiting: tuple[Unread, ...] = ()
    filed: int = 0
    queued: int = 0
    changed: Changed = Changed.NOTHING


def take_photos(ws: Workspace, paths: Sequence[Path], progress: Progress) -> Photos:
    """Takes the photos in; what is known already changes nothing.

    Raises:
        Cancelled: the user stopped it; the photos taken stay, and the same files bring the rest.
    """
    taken = photos.take(ws, paths, progress)
    fresh = set(taken.photo_ids)
    views = {view.name: view for view in photo_queue.photos(ws)}
    broken = {path: (why, hint) for path, why, hint in taken.unreadable}
    files = [_told(path, views.get(path.name), broken, fresh) for path in paths]
    waiting = [file for file in files if file.status == "unread"]
    return Photos(
        tuple(files), tuple(Unread(file.path.name, 1, file.code, file.reason, file.hint) for file in waiting),
        taken.filed, taken.queued, taken.changed,
    )  # fmt: skip


def _told(path: Path, view: PhotoView | None, broken: dict[str, tuple[str, str]], fresh: set[int]) -> ReturnedFile:
    if str(path) in broken:
        return ReturnedFile(path, "photo", "refused", 0, "photo.unreadable", *broken[str(path)])
    if view is not None and not view.box_no:
        return ReturnedFile(path, "photo", "unread", 1, _WAITING, view.why, _HINT)
    return ReturnedFile(path, "photo", "taken" if view is not None and view.id in fresh else "unchanged", 1)
