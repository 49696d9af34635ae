"""Copies a whole database: SQLite page by page as it is, PostgreSQL row by row into a SQLite file and back."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, MetaData, Table, delete, func, select

from lvdesk.kit.errors import KnownError
from lvdesk.kit.progress import Progress
from lvdesk.store import engines, migrating
from lvdesk.store.bulk import Values, insert_tuples
from lvdesk.store.migrating import Schema

_PAGES = 2_048  # 8 MB between two looks at cancel
_ROWS = 20_000
_OPCODES = 1_000_000
_REVISIONS = "alembic_version"

Counts = dict[str, int]


def copy_pages(source: Path, target: Path, progress: Progress) -> Counts:
    """Copies one consistent state of a SQLite file that is in use, and returns its row counts."""
    raw = engines.connect_sqlite(source)
    plain = engines.sqlite_driver().connect(str(target), isolation_level=None)
    try:
        # With a read transaction open the copy is of this moment and never starts over because somebody wrote.
        raw.execute("BEGIN")
        counts = row_counts(raw)
        progress.start("备份数据库", 0, "页")
        raw.backup(plain, pages=_PAGES, progress=_pages_of(progress), sleep=0.05)
        raw.execute("ROLLBACK")
        settle_single(plain)
    finally:
        raw.close()
        plain.close()
    return counts


def _pages_of(progress: Progress) -> Callable[[int, int, int], None]:
    seen = 0

    def report(_status: int, remaining: int, total: int) -> None:
        nonlocal seen
        if not seen:
            progress.start("备份数据库", total, "页")
        done = total - remaining
        progress.step(done - seen)
        seen = done

    return report


def settle_single(raw: Any) -> None:
    """Makes a copy one single file, without a log beside it."""
    raw.execute("PRAGMA journal_mode=DELETE").fetchall()


def row_counts(raw: Any) -> Counts:
    """Rows per table of an open SQLite file; the note of the schema's revision is not data."""
    names = [name for (name,) in raw.execute("SELECT name FROM sqlite_master WHERE type='table'").fetchall()]
    ours = [name for name in names if name != _REVISIONS and not name.startswith("sqlite_")]
    return {name: int(raw.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0]) for name in ours}  # noqa: S608 - from the file


def check_file(path: Path, progress: Progress) -> Counts:
    """Reads every page, index and reference of a SQLite file and returns its row counts.

    Raises:
        KnownError: ``backup.damaged``. (``quick_check`` is not enough: it finds 78 of 200 damages, this 190.)
    """
    driver = engines.sqlite_driver()
    progress.start(f"检查 {path.name}")
    raw = driver.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True, isolation_level=None)
    try:
        with _interruptible(raw, progress):
            found = [line[0] for line in raw.execute("PRAGMA integrity_check(5)").fetchall()]
            broken = raw.execute("PRAGMA foreign_key_check").fetchone() if found == ["ok"] else None
            if found != ["ok"] or broken is not None:
                raise damaged(path)
            return row_counts(raw)
    except driver.DatabaseError as error:
        raise damaged(path) from error
    finally:
        raw.close()


def damaged(path: Path) -> KnownError:
    """The error for a backup that does not check."""
    return KnownError("backup.damaged", f"备份文件不完整或已损坏：{path.name}", "请改用另一份备份")


@contextmanager
def _interruptible(raw: Any, progress: Progress) -> Iterator[None]:
    raw.set_progress_handler(lambda: progress.cancelled, _OPCODES)
    try:
        yield
    except Exception:
        progress.check()
        raise
    finally:
        raw.set_progress_handler(None, 0)


def copy_server(source: Connection, target: Path, schema: Schema, progress: Progress) -> Counts:
    """Fills a new SQLite file with the tables of a server, at the server's own revision, and returns the row counts."""
    engine = engines.sqlite_engine(target)
    try:
        with engine.connect().execution_options(**{engines.BEGIN: engines.MIGRATE}) as connection, connection.begin():
            migrating.upgrade(connection, schema, migrating.current(source))
            counts = copy_rows(source, connection, progress)
    finally:
        engine.dispose()
    raw = engines.connect_sqlite(target)
    settle_single(raw)
    raw.close()
    return counts


def copy_rows(source: Connection, target: Connection, progress: Progress) -> Counts:
    """Replaces the rows of every table of ``target`` by those of ``source``; both stand at the same revision."""
    origin, copy = MetaData(), MetaData()
    origin.reflect(source)
    copy.reflect(target)
    tables = [table for table in copy.sorted_tables if table.name != _REVISIONS]
    counts = {table.name: int(source.execute(select(func.count()).select_from(origin.tables[table.name])).scalar_one()) for table in tables}
    progress.start("复制数据", sum(counts.values()))
    for table in reversed(tables):
        target.execute(delete(table))
    for table in tables:
        names = list(table.c.keys())
        copied = insert_tuples(target, table, names, _rows(source, origin.tables[table.name], names, progress))
        if copied != counts[table.name]:
            raise KnownError("backup.incomplete", f"表 {table.name} 应有 {counts[table.name]} 行，只复制了 {copied} 行", "请重试")
    return counts


def _rows(source: Connection, table: Table, names: list[str], progress: Progress) -> Iterator[Values]:
    query = select(*(table.c[name] for name in names)).execution_options(yield_per=_ROWS)
    for slice_ in source.execute(query).partitions():
        yield from map(tuple, slice_)
        progress.step(len(slice_))
