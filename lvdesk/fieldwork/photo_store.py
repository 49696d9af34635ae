"""Photos as they are kept: the row in the station's database, the original file under its digest beside it."""

import hashlib
import re
import shutil
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from lvdesk.kit.errors import KnownError
from lvdesk.kit.files import replacing, sha256
from lvdesk.network.batches import table_of
from lvdesk.network.changed import Changed
from lvdesk.network.returns import Photo
from lvdesk.workspace import Workspace

PHOTO: Final = table_of(Photo)
CHANGED: Final = Changed.RETURNS | Changed.HISTORY
FOLDER: Final = "photos"
_SUFFIX: Final = re.compile(r"\.[a-z0-9]{1,5}")


def place_of(ws: Workspace, digest: str, name: str) -> Path:
    """Where the original lies, or would lie; ``name`` is what the file was called and gives the suffix."""
    suffix = Path(name).suffix.lower()
    return ws.folder / FOLDER / digest[:2] / f"{digest}{suffix if _SUFFIX.fullmatch(suffix) else ''}"


@dataclass(frozen=True)
class Source:
    """A file as it was given; ``changed`` the moment the system has for it, local time."""

    digest: str
    size: int
    changed: datetime


def source_of(path: Path) -> Source:
    """What there is to say of a file without looking at the picture.

    Raises:
        KnownError: ``photo.unreadable``.
    """
    try:
        said = path.stat()
        changed = datetime.fromtimestamp(int(said.st_mtime))  # noqa: DTZ006 - local time, as cameras have it
        return Source(sha256(path), said.st_size, changed)
    except OSError as error:
        raise _closed(error) from error


def keep(ws: Workspace, path: Path, digest: str, name: str) -> Path:
    """Copies a file to its place unless it lies there already; the given one is only read.

    Raises:
        KnownError: ``photo.unreadable`` when it cannot be read, or is being written just now; ``file.not_writable``.
    """
    target = place_of(ws, digest, name)
    if target.is_file() and sha256(target) == digest:
        return target
    with replacing(target) as part:
        try:
            shutil.copyfile(path, part)
        except OSError as error:
            raise _closed(error) from error
        with part.open("rb") as copy:
            if hashlib.file_digest(copy, "sha256").hexdigest() != digest:
                raise KnownError("photo.unreadable", "文件正在被改写", "请等它复制完成后再回收")
    return target


def _closed(error: OSError) -> KnownError:
    return KnownError("photo.unreadable", f"打不开：{error.strerror or error}", "请检查文件是否还在、存储卡是否插好")
