"""Folders of packages: made beside, named at the end. A name never stands for half a package.

Every package stays in the workspace (``exports/<number>``); what people asked for is a copy of it.
"""

import json
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict
from pathlib import Path
from typing import Final

from lvdesk.exchange.model import SYSTEM_TITLES, Manifest, System
from lvdesk.kit.errors import KnownError
from lvdesk.kit.files import sync
from lvdesk.workspace import Workspace

MANIFEST: Final = "清单.json"
DELTA, UNDO = "增量.jsonl", "撤销.jsonl"
_PART: Final = ".part"


def archive_of(ws: Workspace) -> Path:
    """Where packages stay."""
    return ws.folder / "exports"


def called(number: str, system: System) -> str:
    """A package's folder: its number and for whom; a name every system takes."""
    return f"{number} {SYSTEM_TITLES[system].replace('/', '-')}"


@contextmanager
def making(parent: Path) -> Iterator[Path]:
    """Yields a new folder below ``parent`` to fill; nothing of it stays unless it was named with ``name``.

    Raises:
        KnownError: ``file.not_writable``.
    """
    part = parent / f".{os.getpid()}-{secrets.token_hex(4)}{_PART}"
    try:
        part.mkdir(parents=True)
        yield part
    except OSError as error:
        why = error.strerror or str(error)
        raise KnownError("file.not_writable", f"无法写入 {parent}：{why}", "请检查磁盘空间和文件夹权限，关闭正打开的文件后重试") from error
    finally:
        with suppress(OSError):  # what went wrong before is what counts
            shutil.rmtree(part)


def name(part: Path, target: Path) -> None:
    """Gives a filled folder its name at once; everything in it is on the disk before."""
    for path in part.rglob("*"):
        if path.is_file():
            sync(path)
    part.rename(target)


def discard(target: Path) -> None:
    """Takes a package's name back that was given before its record failed."""
    with suppress(OSError):
        shutil.rmtree(target)


def deliver(package: Path, folder: Path) -> Path:
    """Copies a package into the folder people chose, under its own name; an earlier copy of it is replaced.

    Raises:
        KnownError: ``file.not_writable``.
    """
    target = folder / package.name
    with making(folder) as part:
        shutil.copytree(package, part, dirs_exist_ok=True)
        if target.exists():
            aside = part.with_name(part.name + ".old")
            target.rename(aside)
            name(part, target)
            shutil.rmtree(aside)
        else:
            name(part, target)
    return target


def tidy(ws: Workspace, known: set[str]) -> None:
    """Removes what programs that died left in the archive: half-made folders, packages that were never recorded."""
    place = archive_of(ws)
    for path in place.iterdir() if place.is_dir() else ():
        if path.is_dir() and path.name.split(" ")[0] not in known and not _in_use(path):
            with suppress(OSError):
                shutil.rmtree(path)


def _in_use(path: Path) -> bool:
    """Whether the program that fills this folder still runs."""
    number = path.name.removeprefix(".").partition("-")[0]
    if not path.name.endswith(_PART) or not number.isdigit():
        return False
    import psutil

    return psutil.pid_exists(int(number))


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Puts the manifest into the package; files are named within it."""
    said = asdict(manifest) | {"files": [{**asdict(file), "path": file.path.name} for file in manifest.files]}
    said.pop("folder")
    (folder / MANIFEST).write_text(json.dumps(said, ensure_ascii=False, indent=1, default=str), encoding="utf-8")
