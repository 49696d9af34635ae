"""Writing files so that a name never stands for half a file."""

import hashlib
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from lvdesk.kit.errors import KnownError

_BLOCK = 1 << 20


def sha256(path: Path) -> str:
    """The file's SHA-256, hex."""
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while block := stream.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()


def expanded(paths: Iterable[Path]) -> tuple[Path, ...]:
    """Files as given, each once; a folder stands for the files in it and below, hidden and lock files left out."""
    found: list[Path] = []
    for path in paths:
        inside = sorted(p for p in path.rglob("*") if p.is_file() and not p.name.startswith((".", "~$"))) if path.is_dir() else [path]
        found += inside
    return tuple(dict.fromkeys(found))


@contextmanager
def replacing(target: Path) -> Iterator[Path]:
    """Yields a path beside ``target`` to write to; at the end it is synced and takes the target's name at once.

    On an error nothing of the new file stays and the old one is untouched.

    Raises:
        KnownError: ``file.in_use`` when the target is open in WPS/Excel, ``file.not_writable`` otherwise.
    """
    part = target.with_name(f".{target.name}.{os.getpid()}.part{target.suffix}")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        yield part
        sync(part)
        os.replace(part, target)
    except OSError as error:
        if isinstance(error, PermissionError) and target.exists():
            raise KnownError(
                "file.in_use", f"无法写入 {target.name}：文件正被其他程序打开", "请在 WPS/Excel 中关闭它，或换一个文件名"
            ) from error
        raise KnownError("file.not_writable", f"无法写入 {target}：{error.strerror or error}", "请检查磁盘空间和文件夹权限") from error
    finally:
        with suppress(OSError):  # what went wrong before is what counts
            part.unlink(missing_ok=True)
    _sync_folder(target.parent)


def sync(path: Path) -> None:
    """Forces the file's content to the disk."""
    with path.open("rb+") as stream:
        os.fsync(stream.fileno())


def _sync_folder(folder: Path) -> None:
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
