"""A database opened: consistent reads, and ``write(label)``, the only commit there is."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event
from typing import Any

from sqlalchemy import Connection, Engine, delete, func, insert, make_url, select, update

from lvdesk.kit.clock import Clock, local_clock, stamp
from lvdesk.kit.errors import KnownError
from lvdesk.kit.paths import user_data
from lvdesk.store import engines, migrating, places
from lvdesk.store.faults import translated
from lvdesk.store.migrating import PRODUCT, Schema
from lvdesk.store.model import DoneBefore
from lvdesk.store.recording import START, entry_digest
from lvdesk.store.tables import journal
from lvdesk.store.write import Write


class Store:
    """One open database.

    Attributes:
        url: where it is.
        is_sqlite: a local file rather than a PostgreSQL server.
        person: whose name the journal gets.
        clock: where the journal's times come from.
        backups: the folder of its backups.
        engine: for this package only.
        schema: the tables and steps it was opened with.
    """

    def __init__(self, url: str, engine: Engine, schema: Schema, backups: Path) -> None:
        self.url = url
        self.is_sqlite = engines.is_sqlite(url)
        self.engine = engine
        self.schema = schema
        self.backups = backups
        self.person = ""
        self.clock: Clock = local_clock
        self.path = engines.database_path(url) if self.is_sqlite else None
        self._opened = places.identity(self.path) if self.path else None
        self._closed = Event()

    @staticmethod
    def open(url: str, *, person: str = "", clock: Clock = local_clock, backups: Path | None = None, schema: Schema = PRODUCT) -> "Store":
        """Opens a database, creating or upgrading it first; an upgrade is preceded by a verified backup.

        Args:
            url: ``sqlite:////absolute/path`` or ``postgresql+psycopg://…``.
            person: whose name the journal gets.
            clock: where the journal's times come from.
            backups: default: beside the file, or the user's folder for a server.
            schema: the product's, but in tests.

        Raises:
            KnownError: ``store.…`` when the file or the server cannot be used; says why and what to do.
        """
        with translated():
            if engines.is_sqlite(url):
                path = engines.database_path(url)
                engine, default = engines.sqlite_engine(path), path.parent / "backups"
            else:
                engine, default = engines.postgres_engine(make_url(url)), user_data() / "backups"
            store = Store(url, engine, schema, backups or default)
            store.person, store.clock = person, clock
            try:
                migrating.prepare(engine, schema, store._back_up_before_upgrade)
            except BaseException:
                engine.dispose()
                raise
        return store

    def _back_up_before_upgrade(self, _found: frozenset[str]) -> None:
        from lvdesk.store.backup import backup

        backup(self, self.backups, "升级前")

    @contextmanager
    def _connected(self, **options: Any) -> Iterator[Connection]:
        if self._closed.is_set():
            raise KnownError("store.closed", "数据库正在更换，这一步没有做", "请等更换完成后再试")
        with self.engine.connect().execution_options(**options) as connection:
            try:
                yield connection
            finally:
                if self._closed.is_set():  # a pool that was closed meanwhile would keep it, and the file, open
                    connection.invalidate()

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """One consistent state of the data, however long it is looked at; writing here is an error.

        Raises:
            KnownError: ``store.…`` for a locked, damaged, unreachable or closed database.
        """
        with translated(), self._connected() as connection:
            if not self.is_sqlite:
                connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
            yield connection

    @contextmanager
    def write(self, label: str, *, operation: str | None = None) -> Iterator[Write]:
        """One labelled transaction: committed at the end of the block, rolled back on any exception.

        Args:
            label: what the user did, for history and undo, e.g. 导入 低压用户台账.xlsx.
            operation: the caller's unique name of this write; a repetition is not applied.

        Raises:
            DoneBefore: the operation is in the journal already; carries its entry.
            KnownError: ``store.busy``, ``store.disk_full``, ``store.file_moved``, ``store.offline``…
            ConflictError: from ``Write.update`` and ``Write.delete``.
        """
        with translated(), self._connected(**{engines.BEGIN: engines.WRITE}) as connection, connection.begin():
            engines.lock_writers(connection)
            entry = self._begin_entry(connection, label, operation)
            write = Write(connection, entry["id"])
            yield write
            write.finish()
            _seal(connection, entry, write)
            if self.path:
                places.refuse_moved(self.path, self._opened)

    def _begin_entry(self, connection: Connection, label: str, operation: str | None) -> dict[str, Any]:
        if operation is not None:
            done = connection.execute(select(journal.c.id).where(journal.c.operation == operation)).scalar()
            if done is not None:
                raise DoneBefore(done)
        last = select(func.max(journal.c.id)).scalar_subquery()
        previous = connection.execute(select(journal.c.id, journal.c.digest).where(journal.c.id == last)).first()
        entry: dict[str, Any] = {
            "id": previous.id + 1 if previous else 1,
            "label": label,
            "person": self.person,
            "at": stamp(self.clock()),
            "operation": operation,
            "undoes": None,
            "undone_by": None,
            "summary": {},
            "digest": "",
            "previous_digest": previous.digest if previous else START,
        }
        connection.execute(insert(journal), entry)
        return entry

    def diagnostics(self) -> dict[str, str]:
        """Engine, version and the settings read back, for the diagnostics page and support."""
        with self.read() as connection:
            if not self.is_sqlite:
                names = ("server_version", "lock_timeout", "statement_timeout", "synchronous_commit", "fsync", "server_encoding")
                shown = {name: str(connection.exec_driver_sql(f"SHOW {name}").scalar()) for name in names}
                return {"engine": "PostgreSQL", "version": shown.pop("server_version"), **shown}
            driver = engines.sqlite_driver()
            bug = engines.has_wal_bug(tuple(driver.sqlite_version_info))
            return {
                "engine": "SQLite",
                "version": driver.sqlite_version,
                "driver": driver.__name__,
                "file": str(self.path),
                "wal_reset_bug": "yes" if bug else "no",
                **engines.sqlite_settings(connection),
            }

    def close(self) -> None:
        """Closes all connections; those at work close when they are done, new ones are refused."""
        self._closed.set()
        self.engine.dispose()


def _seal(connection: Connection, entry: dict[str, Any], write: Write) -> None:
    """Ends the entry: its summary and its link in the chain; an entry under which nothing changed disappears."""
    mine = journal.c.id == entry["id"]
    recorder = write.recorder
    if recorder.empty and write.undoes is None and not (write.changed and entry["operation"] is not None):
        connection.execute(delete(journal).where(mine))
        return
    entry |= {"label": write.label or entry["label"], "undoes": write.undoes, "summary": recorder.summary}
    digest = entry_digest(entry, recorder.parts_digest)
    final = {name: entry[name] for name in ("label", "undoes", "summary")}
    connection.execute(update(journal).where(mine).values(**final, digest=digest))
