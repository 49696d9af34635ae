"""Verified backups: copied while in use, checked, hashed, synced, and only then given their name."""

import json
import re
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from lvdesk.kit.clock import stamp
from lvdesk.kit.errors import KnownError
from lvdesk.kit.files import replacing, sha256
from lvdesk.kit.progress import Progress
from lvdesk.store.copying import check_file, copy_pages, copy_server, damaged
from lvdesk.store.faults import translated

if TYPE_CHECKING:
    from lvdesk.store.store import Store

KEEP_LAST = 10
KEEP_DAYS = 30
_LEFTOVER_SECONDS = 86_400


@dataclass(frozen=True)
class BackupInfo:
    """One backup: a plain SQLite file, and what was noted when it was made.

    Attributes:
        at: ISO 8601 with offset.
        rows: of all tables together.
        sha256: of the file.
        seconds: copying and checking together.
    """

    path: Path
    reason: str
    at: str
    rows: int
    sha256: str
    seconds: float


def backup(store: "Store", target: Path | None = None, reason: str = "手动", progress: Progress | None = None) -> BackupInfo:
    """Makes a verified backup in ``target`` (default: the store's own folder, where old ones make room).

    Raises:
        KnownError: ``backup.damaged`` when the copy does not check, ``store.disk_full``, ``file.not_writable``.
        Cancelled: nothing of the backup stays.
    """
    progress = progress or Progress()
    folder = target or store.backups
    _sweep(folder)
    moment, started = store.clock(), time.perf_counter()
    path = _free_name(folder, moment, reason)
    with translated(), replacing(path) as part:
        counts = _copy(store, part, progress)
        if check_file(part, progress) != counts:
            raise damaged(path)
        info = BackupInfo(path, reason, stamp(moment), sum(counts.values()), sha256(part), round(time.perf_counter() - started, 3))
        with replacing(_note(path)) as note:
            note.write_text(json.dumps(asdict(info) | {"path": path.name}, ensure_ascii=False), encoding="utf-8")
    if folder == store.backups:
        rotate(folder, moment.date())
    return info


def _copy(store: "Store", part: Path, progress: Progress) -> dict[str, int]:
    if store.path is not None:
        return copy_pages(store.path, part, progress)
    with store.read() as connection:
        return copy_server(connection, part, store.schema, progress)


def _free_name(folder: Path, moment: datetime, reason: str) -> Path:
    words = re.sub(r'[\s\\/:*?"<>|.]+', "-", reason).strip("-")[:40]
    name = f"{moment:%Y%m%d-%H%M%S}-{words or '备份'}"
    found, number = folder / f"{name}.db", 2
    while found.exists():
        found, number = folder / f"{name}-{number}.db", number + 1
    return found


def _note(path: Path) -> Path:
    return path.with_name(f"{path.name}.json")


def _sweep(folder: Path) -> None:
    """Removes what a killed backup left; another program's running one is younger."""
    for part in folder.glob(".*.part.*"):
        if time.time() - part.stat().st_mtime > _LEFTOVER_SECONDS:
            part.unlink(missing_ok=True)


def list_backups(folder: Path) -> list[BackupInfo]:
    """The backups of a folder, newest first; a file without its note is listed by name and file time."""
    # pathlib's star also matches the hidden name of a backup still being made, or left by a killed one.
    found = [path for path in folder.glob("*.db") if not path.name.startswith(".")]
    return sorted(map(_read_note, found), key=lambda info: (info.at, info.path.stat().st_mtime_ns), reverse=True)


def _read_note(path: Path) -> BackupInfo:
    try:
        noted = json.loads(_note(path).read_text(encoding="utf-8"))
        return BackupInfo(**(noted | {"path": path}))
    except (OSError, ValueError, TypeError):
        moment = datetime.fromtimestamp(path.stat().st_mtime).astimezone()
        return BackupInfo(path, "", stamp(moment), 0, "", 0.0)


def verify_backup(path: Path, progress: Progress | None = None) -> BackupInfo:
    """Checks a backup from first to last byte.

    Raises:
        KnownError: ``backup.missing``, ``backup.damaged`` when hash, pages, references or row counts do not hold.
    """
    if not path.is_file():
        raise KnownError("backup.missing", f"备份文件不存在：{path}", "请选择另一份备份")
    info, started = _read_note(path), time.perf_counter()
    found = sha256(path)
    if info.sha256 and found != info.sha256:
        raise damaged(path)
    rows = sum(check_file(path, progress or Progress()).values())
    return BackupInfo(path, info.reason, info.at, rows, found, round(time.perf_counter() - started, 3))


def rotate(folder: Path, today: date) -> None:
    """Keeps the last ten backups and, of the last thirty days, the newest of each day."""
    found = list_backups(folder)
    for info in superfluous(found, today):
        info.path.unlink(missing_ok=True)
        _note(info.path).unlink(missing_ok=True)


def superfluous(found: Sequence[BackupInfo], today: date) -> list[BackupInfo]:
    """Which of the backups, newest first, rotation lets go."""
    oldest = (today - timedelta(days=KEEP_DAYS)).isoformat()
    days: set[str] = set()
    extra: list[BackupInfo] = []
    for number, info in enumerate(found):
        day = info.at[:10]
        if number >= KEEP_LAST and (day in days or day < oldest):
            extra.append(info)
        days.add(day)
    return extra
