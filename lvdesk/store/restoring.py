"""Brings a backup back; the database that was there is kept in a recovery folder."""

import shutil
import time
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, Engine, MetaData, inspect, make_url

from lvdesk.kit.clock import Clock, local_clock
from lvdesk.kit.errors import KnownError
from lvdesk.kit.files import replacing, sync
from lvdesk.kit.progress import Progress
from lvdesk.store import engines, migrating
from lvdesk.store.backup import backup as make_backup
from lvdesk.store.backup import verify_backup
from lvdesk.store.copying import copy_pages, copy_rows
from lvdesk.store.faults import translated
from lvdesk.store.migrating import PRODUCT, Schema
from lvdesk.store.store import Store

_READERS_END_S: Final = 10.0
_LOOK_S: Final = 0.05
_SIDES = ("-wal", "-shm")


def restore(
    url: str, backup: Path, recovery: Path, *, progress: Progress | None = None, clock: Clock = local_clock, schema: Schema = PRODUCT
) -> Path:
    """Replaces the database at ``url`` by a backup; its store must be closed.

    Returns:
        The previous database, kept under ``recovery``.

    Raises:
        KnownError: ``backup.damaged``, ``backup.not_ours``, ``store.newer``, ``store.busy`` when it is still open elsewhere;
            nothing was changed.
    """
    progress = progress or Progress()
    verify_backup(backup, progress)
    with translated():
        revisions = _revisions(backup, schema)
        if not engines.is_sqlite(url):
            return _restore_server(url, backup, recovery, (revisions, schema, progress))
        return _restore_file(engines.database_path(url), backup, recovery / f"{clock():%Y%m%d-%H%M%S}", progress)


def _revisions(backup: Path, schema: Schema) -> frozenset[str]:
    engine = engines.sqlite_engine_read_only(backup)
    try:
        with engine.connect() as connection:
            found = migrating.current(connection)
    finally:
        engine.dispose()
    if not found:
        raise KnownError("backup.not_ours", f"{backup.name} 不是本程序的备份", "请选择 .db 备份文件")
    migrating.refuse_newer(found, schema)
    return found


def _restore_file(path: Path, backup: Path, recovery: Path, progress: Progress) -> Path:
    kept = recovery / path.name
    recovery.mkdir(parents=True, exist_ok=True)
    if path.exists():
        _keep(path, kept, progress)
    progress.start("恢复备份", cancellable=False)
    with replacing(path) as part:
        shutil.copyfile(backup, part)
        # A log of the old file beside the new one would be played into it.
        _remove_sides(path)
    return kept


def _keep(path: Path, kept: Path, progress: Progress) -> None:
    driver = engines.sqlite_driver()
    try:
        copy_pages(path, kept, progress)
        _close_log(driver, path)
    except driver.DatabaseError as error:
        if "locked" in str(error):
            raise
        # The very reason to restore: too damaged to be read. Its files are kept as they are.
        for side in ("", *_SIDES):
            source = path.with_name(path.name + side)
            if source.exists():
                shutil.copyfile(source, kept.with_name(kept.name + side))
    sync(kept)


def _close_log(driver: Any, path: Path) -> None:
    """Merges the log into the file, which only works when nobody else has it open.

    Our own readers may still be at work when the store closes: they end by themselves, so they are waited for.
    SQLite's own patience does not cover a change of the journal's mode.
    """
    end = time.monotonic() + _READERS_END_S
    while not (merged := _merged(driver, path)) and time.monotonic() < end:
        time.sleep(_LOOK_S)
    if not merged:
        raise driver.OperationalError("database is locked")


def _merged(driver: Any, path: Path) -> bool:
    raw = driver.connect(str(path), isolation_level=None, timeout=1)
    try:
        return bool(raw.execute("PRAGMA journal_mode=DELETE").fetchone()[0] == "delete")
    except driver.OperationalError as error:
        if "locked" not in str(error):
            raise
        return False
    finally:
        raw.close()


def _remove_sides(path: Path) -> None:
    for side in _SIDES:
        try:
            path.with_name(path.name + side).unlink()
        except FileNotFoundError:
            continue
        except PermissionError as error:
            raise KnownError("store.busy", "数据库正被其他程序使用，不能恢复", "请关闭其他打开本工作区的程序后重试") from error


def _restore_server(url: str, backup: Path, recovery: Path, how: tuple[frozenset[str], Schema, Progress]) -> Path:
    revisions, schema, progress = how
    store = Store.open(url, schema=schema)
    try:
        kept = make_backup(store, recovery, "恢复前", progress).path
    finally:
        store.close()
    source, target = engines.sqlite_engine_read_only(backup), engines.postgres_engine(make_url(url))
    try:
        ours = _tables(kept)
        with source.connect() as old, target.begin() as connection:
            engines.lock_writers(connection)
            _clear(connection, ours)
            migrating.upgrade(connection, schema, revisions)
            copy_rows(old, connection, progress)
    finally:
        _dispose(source, target)
    return kept


def _tables(path: Path) -> list[str]:
    engine = engines.sqlite_engine_read_only(path)
    try:
        return inspect(engine).get_table_names()
    finally:
        engine.dispose()


def _clear(connection: Connection, ours: list[str]) -> None:
    """Drops our tables and no others: the server's database may hold more."""
    present = MetaData()
    present.reflect(connection, only=lambda name, _: name in ours)
    present.drop_all(connection)


def _dispose(*each: Engine) -> None:
    for engine in each:
        engine.dispose()
