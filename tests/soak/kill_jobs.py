"""The programs that get killed: real work on the store, and the controls that do the same without its care.

Run as ``python -m tests.soak.kill_jobs JOB FOLDER SEED``. A job says ``ready`` when it begins and, after each step that returned,
one line of what must now be safe.
"""

import itertools
import os
import sys
from pathlib import Path

from lvdesk.store import engines
from lvdesk.store.backup import backup
from lvdesk.store.migrating import PRODUCT, Schema
from lvdesk.store.model import Change, Entry
from lvdesk.store.restoring import restore
from lvdesk.store.store import Store
from lvdesk.store.undo import redo, undo
from tests.db.store.sample import SAMPLE, metadata, town

ROWS = 1_500
BULK = 12_000


def url(folder: Path) -> str:
    """The database of a folder."""
    return f"sqlite:///{folder}/station.db"


def later(folder: Path) -> Schema:
    """The sample schema with the step in ``folder``/later."""
    return Schema(metadata, (*PRODUCT.versions, folder / "later"))


def say(*words: object) -> None:
    """One line to the parent, at once."""
    os.write(1, ("\t".join(map(str, words)) + "\n").encode())


def fill(store: Store, operation: str, count: int) -> int:
    """One import: many rows, then some of them changed, all in one write."""
    with store.write(operation, operation=operation) as write:
        # A tiny cache makes SQLite write into the file long before the commit: the worst moment to die.
        write.connection.exec_driver_sql("PRAGMA cache_size=-128")
        ids = write.insert(town, ("name", "people"), ((f"{operation}/{number}", 1) for number in range(count)), count)
        write.update(town, [Change(row_id, {"people": 2}) for row_id in ids[::3]])
    return write.entry_id


def _said(entry: Entry) -> None:
    say(entry.id, entry.label)


def importing(folder: Path, seed: str) -> None:
    """Imports without end."""
    store = Store.open(url(folder), schema=SAMPLE)
    say("ready")
    for number in itertools.count():
        operation = f"{seed}-{number}"
        say(fill(store, operation, ROWS), operation)


def undoing(folder: Path, seed: str) -> None:
    """Takes one import back and forth without end."""
    store = Store.open(url(folder), schema=SAMPLE)
    say(fill(store, seed, ROWS), seed)
    say("ready")
    while True:
        _said(undo(store))
        _said(redo(store))


def migrating(folder: Path, _seed: str) -> None:
    """Upgrades the database, with its backup before."""
    say("ready")
    Store.open(url(folder), schema=later(folder)).close()
    say("done")


def backing_up(folder: Path, seed: str) -> None:
    """Backs up without end while imports go on."""
    store = Store.open(url(folder), schema=SAMPLE)
    say("ready")
    for number in itertools.count():
        operation = f"{seed}-{number}"
        say(fill(store, operation, 100), operation)
        say("backup", backup(store).path.name)


def restoring(folder: Path, _seed: str) -> None:
    """Puts the folder's one saved state back, once."""
    say("ready")
    restore(url(folder), folder / "saved.db", folder / "recovery", schema=SAMPLE)
    say("done")


def journal_off(folder: Path, _seed: str) -> None:
    """Control: the same kind of transaction without a journal."""
    raw = engines.sqlite_driver().connect(str(folder / "off.db"), isolation_level=None)
    raw.execute("PRAGMA journal_mode=OFF")
    raw.execute("PRAGMA cache_size=-128")
    raw.execute("CREATE TABLE IF NOT EXISTS t (id INTEGER PRIMARY KEY, batch TEXT, text TEXT)")
    raw.execute("CREATE INDEX IF NOT EXISTS i ON t (text)")
    say("ready")
    for number in itertools.count():
        raw.execute("BEGIN IMMEDIATE")
        raw.executemany("INSERT INTO t (batch, text) VALUES (?, ?)", ((f"{number}", f"{line * 7919 % 6000}" * 8) for line in range(6000)))
        raw.execute("COMMIT")


def migrating_without_begin(folder: Path, _seed: str) -> None:
    """Control: each statement of an upgrade commits by itself."""
    raw = engines.sqlite_driver().connect(str(folder / "plain.db"), isolation_level=None)
    raw.execute("CREATE TABLE t (id INTEGER)")
    say("ready")
    for number in range(4000):
        raw.execute(f"CREATE TABLE step{number} (id INTEGER)")
    say("done")


def naive_save(folder: Path, _seed: str) -> None:
    """Control: a copy written straight to its name."""
    content = os.urandom(1 << 16)
    say("ready")
    while True:
        with (folder / "copy.db").open("wb") as stream:
            for _ in range(200):
                stream.write(content)


JOBS = {
    job.__name__: job for job in (importing, undoing, migrating, backing_up, restoring, journal_off, migrating_without_begin, naive_save)
}

if __name__ == "__main__":
    JOBS[sys.argv[1]](Path(sys.argv[2]), sys.argv[3])
