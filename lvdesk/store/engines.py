"""The only place that makes database engines, with every setting that durability rests on, set and read back."""

import sqlite3
from pathlib import Path
from types import ModuleType
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.pool import QueuePool

from lvdesk.kit.errors import KnownError
from lvdesk.store import places

BUSY_MS = 5_000
LOCK_MS = 10_000
STATEMENT_MS = 600_000
_CONNECT_SECONDS = 8
_WRITERS_LOCK = 0x4C56_4465_736B  # "LVDesk": the key of the writers' advisory lock

# The WAL-reset bug (two connections writing and checkpointing at once) is fixed from these on: sqlite.org/wal.html.
_WAL_FIXED = ((3, 44, 6), (3, 50, 7), (3, 51, 3))

# name: (what to set, what must be read back)
_PRAGMAS: dict[str, tuple[str, str]] = {
    "journal_mode": ("WAL", "wal"),
    "synchronous": ("FULL", "2"),
    "foreign_keys": ("ON", "1"),
    "busy_timeout": (str(BUSY_MS), str(BUSY_MS)),
    "trusted_schema": ("OFF", "0"),
    "cell_size_check": ("ON", "1"),
    "mmap_size": ("0", "0"),
    "journal_size_limit": ("67108864", "67108864"),
    "cache_size": ("-65536", "-65536"),
}

BEGIN = "lvdesk_begin"
READ, WRITE, MIGRATE = "read", "write", "migrate"


def sqlite_driver() -> ModuleType:
    """The SQLite to use: the newer one of the encryption wheel where it exists, else Python's own.

    One process must open a database with one copy of SQLite only: file locks belong to the process, two copies do not see each
    other's (sqlite.org/howtocorrupt.html, 2.2.1).
    """
    try:
        from sqlcipher3 import dbapi2
    except ImportError:
        return sqlite3
    return dbapi2  # type: ignore[no-any-return]


def has_wal_bug(version: tuple[int, ...]) -> bool:
    """Whether this SQLite version still has the WAL-reset bug."""
    return version < _WAL_FIXED[-1] and not any(version[:2] == fixed[:2] and version >= fixed for fixed in _WAL_FIXED)


def database_path(url: URL | str) -> Path:
    """The file of a SQLite URL.

    Raises:
        KnownError: ``store.bad_url`` when the URL names no file.
    """
    name = make_url(url).database
    if not name or name == ":memory:":
        raise KnownError("store.bad_url", f"数据库地址没有文件名：{url}", "写法：sqlite:////绝对路径/station.db")
    return Path(name)


def connect_sqlite(path: Path, *, create: bool = False) -> Any:
    """A raw connection with all settings; a missing file is an error unless ``create``.

    Raises:
        KnownError: ``store.setting`` when a setting does not take.
    """
    mode = "rwc" if create else "rw"
    raw = sqlite_driver().connect(
        f"{path.resolve().as_uri()}?mode={mode}", uri=True, isolation_level=None, check_same_thread=False, timeout=BUSY_MS / 1000
    )
    try:
        _settle(raw)
    except BaseException:
        raw.close()
        raise
    return raw


def _settle(raw: Any) -> None:
    for name, (value, expected) in _PRAGMAS.items():
        raw.execute(f"PRAGMA {name}={value}").fetchall()
        found = str(raw.execute(f"PRAGMA {name}").fetchone()[0]).lower()
        if found != expected:
            raise KnownError("store.setting", f"数据库设置 {name} 没有生效（{found}）", "请把工作区移到本机硬盘后重试")


def sqlite_settings(connection: Connection) -> dict[str, str]:
    """The settings as the open connection reports them."""
    return {name: str(connection.exec_driver_sql(f"PRAGMA {name}").scalar()) for name in _PRAGMAS}


def sqlite_engine(path: Path) -> Engine:
    """An engine on an existing or new local file.

    Raises:
        KnownError: ``store.network_share``, ``store.cannot_open``, ``store.setting``.
    """
    places.refuse_network(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    connect_sqlite(path, create=True).close()
    opened = places.identity(path)

    def connect() -> Any:
        # A pool connection made later must not open a stranger's file that took the name.
        places.refuse_moved(path, opened)
        return connect_sqlite(path)

    engine = create_engine("sqlite://", module=sqlite_driver(), creator=connect, poolclass=QueuePool, pool_size=6, max_overflow=10)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def sqlite_engine_read_only(path: Path) -> Engine:
    """An engine on a finished file, such as a backup, that leaves nothing beside it."""

    def connect() -> Any:
        address = f"{path.resolve().as_uri()}?mode=ro&immutable=1"
        return sqlite_driver().connect(address, uri=True, isolation_level=None, check_same_thread=False)

    return create_engine("sqlite://", module=sqlite_driver(), creator=connect, poolclass=QueuePool)


def _begin_sqlite(connection: Connection) -> None:
    cursor = connection.connection.cursor()
    purpose = connection.get_execution_options().get(BEGIN, READ)
    cursor.execute(f"PRAGMA query_only={'ON' if purpose == READ else 'OFF'}")
    if purpose == MIGRATE:
        # Rebuilding a table drops the old one, which with the keys on would take the rows that point to it along.
        cursor.execute("PRAGMA foreign_keys=OFF")
    # A deferred BEGIN that writes later fails at once and does not wait for its turn.
    cursor.execute("BEGIN" if purpose == READ else "BEGIN IMMEDIATE")
    cursor.close()


def postgres_engine(url: URL) -> Engine:
    """An engine on a PostgreSQL server with time limits on locks, statements and idle transactions."""
    options = (
        f"-c lock_timeout={LOCK_MS} -c statement_timeout={STATEMENT_MS} "
        f"-c idle_in_transaction_session_timeout={STATEMENT_MS} -c client_encoding=UTF8 "
        # An acknowledged write is on the disk, whatever the server's own habit.
        "-c synchronous_commit=on"
    )
    arguments = {"connect_timeout": _CONNECT_SECONDS, "options": options, "application_name": "lvdesk", "keepalives_idle": 30}
    url = url.set(drivername="postgresql+psycopg")
    return create_engine(url, connect_args=arguments, pool_pre_ping=True, pool_size=6, max_overflow=10)


def lock_writers(connection: Connection) -> None:
    """Makes this transaction the only writer on PostgreSQL until it ends (SQLite has that already)."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SELECT pg_advisory_xact_lock(%s)", (_WRITERS_LOCK,))


def is_sqlite(url: URL | str) -> bool:
    """Which of the two engines a URL means.

    Raises:
        KnownError: ``store.bad_url`` for any other.
    """
    try:
        backend = make_url(url).get_backend_name()
    except Exception as error:
        raise KnownError("store.bad_url", "数据库地址写法不对", "写法：postgresql+psycopg://用户:密码@服务器/数据库") from error
    if backend not in ("sqlite", "postgresql"):
        raise KnownError("store.bad_url", f"不支持的数据库：{backend}", "只支持 SQLite 和 PostgreSQL（postgresql+psycopg://…）")
    return backend == "sqlite"
