"""Backups, restore and verification of one workspace."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from lvdesk.kit.errors import KnownError
from lvdesk.kit.progress import Progress
from lvdesk.network.changed import Changed
from lvdesk.store import backup as backing
from lvdesk.store import journal, restoring
from lvdesk.store.copying import check_file
from lvdesk.workspace import DATABASE, Workspace

Backup = backing.BackupInfo
_BEYOND_BACKUP: Final = {"backup.damaged", "store.damaged", "store.not_database"}


@dataclass(frozen=True)
class Verification:
    """Whether the database, the journal's chain and the backups hold; ``problems`` says what does not, one line each."""

    problems: tuple[str, ...]
    entries: int
    backups: int
    engine: dict[str, str]

    @property
    def sound(self) -> bool:
        """Nothing is wrong."""
        return not self.problems


def backup(ws: Workspace, target: Path | None = None, progress: Progress | None = None, reason: str = "手动") -> Backup:
    """Makes a verified backup, by default in the workspace's own folder."""
    return backing.backup(ws.store, target, reason, progress)


def backups(ws: Workspace) -> list[Backup]:
    """The workspace's backups, newest first."""
    return sorted(backing.list_backups(ws.store.backups), key=lambda info: info.at, reverse=True)


def restore(ws: Workspace, path: Path, progress: Progress | None = None) -> Changed:
    """Replaces the database by a backup after a backup of the present state; the previous file stays in ``recovery``.

    Raises:
        KnownError: the backup is damaged or not ours; nothing was changed.
    """
    progress = progress or Progress()
    backing.verify_backup(path, progress)
    try:
        backing.backup(ws.store, None, "还原前", progress)
    except KnownError as error:
        # The very reason to restore; the damaged file itself is kept in ``recovery``.
        if error.code not in _BEYOND_BACKUP:
            raise
    url, clock = ws.store.url, ws.clock
    ws.close()
    try:
        restoring.restore(url, path, ws.folder / "recovery", progress=progress, clock=clock)
    finally:
        ws.reopen()
    return Changed.ALL


def restore_damaged(folder: Path, path: Path | None, progress: Progress | None = None) -> Path:
    """Replaces a database that can no longer be opened by a backup (default: the newest) and returns the backup used.

    Raises:
        KnownError: ``backup.none``, or the backup is damaged; nothing was changed.
    """
    if path is None:
        found = sorted(backing.list_backups(folder / "backups"), key=lambda info: info.at)
        if not found:
            raise KnownError("backup.none", "工作区里还没有备份", "请指定备份文件的路径")
        path = found[-1].path
    restoring.restore(f"sqlite:///{(folder / DATABASE).as_posix()}", path, folder / "recovery", progress=progress)
    return path


def verify(ws: Workspace, progress: Progress | None = None) -> Verification:
    """Checks the database file, the journal's chain and every backup."""
    progress = progress or Progress()
    progress.start("正在核验数据库")
    problems = _database_problem(ws, progress)
    newest = []
    if not problems:
        progress.start("正在核验历史记录链")
        problems = list(journal.verify_chain(ws.store))
        newest = journal.entries(ws.store, None, 1)
    found = backups(ws)
    for info in found:
        progress.check()
        problems += _backup_problem(info, progress)
    return Verification(tuple(problems), newest[0].id if newest else 0, len(found), _engine(ws))


def _engine(ws: Workspace) -> dict[str, str]:
    """What the database says of itself; nothing where it cannot even be opened."""
    try:
        return ws.store.diagnostics()
    except KnownError:
        return {}


def _database_problem(ws: Workspace, progress: Progress) -> list[str]:
    """A server checks its own pages; a file is read page by page."""
    if ws.store.path is None:
        return []
    try:
        check_file(ws.store.path, progress)
    except KnownError:
        return [f"数据库文件 {ws.store.path.name} 已损坏，请从最近的备份还原"]
    return []


def _backup_problem(info: Backup, progress: Progress) -> list[str]:
    try:
        backing.verify_backup(info.path, progress)
    except KnownError as error:
        return [error.message]
    return []
