"""Addresses, versions and error texts of the two engines."""

import sqlite3

import pytest
from psycopg import errors
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from lvdesk.kit.errors import KnownError
from lvdesk.store.engines import has_wal_bug, is_sqlite
from lvdesk.store.faults import known


@pytest.mark.parametrize(
    "version,expected",
    [
        ((3, 40, 1), True),
        ((3, 44, 5), True),
        ((3, 44, 6), False),
        ((3, 45, 0), True),
        ((3, 50, 7), False),
        ((3, 51, 2), True),
        ((3, 51, 3), False),
        ((3, 53, 0), False),
    ],
)
def test_versions_with_the_wal_bug_are_known(version: tuple[int, ...], expected: bool) -> None:
    assert has_wal_bug(version) is expected


@pytest.mark.parametrize(
    "url,expected",
    [("sqlite:////a/b.db", True), ("sqlite:///C:/站/b.db", True), ("postgresql+psycopg://u:p@h/d", False), ("postgresql://h/d", False)],
)
def test_addresses_name_their_engine(url: str, expected: bool) -> None:
    assert is_sqlite(url) is expected


@pytest.mark.parametrize(
    "error,code",
    [
        (sqlite3.OperationalError("database or disk is full"), "store.disk_full"),
        (sqlite3.OperationalError("database is locked"), "store.busy"),
        (sqlite3.OperationalError("attempt to write a readonly database"), "store.read_only"),
        (sqlite3.OperationalError("unable to open database file"), "store.cannot_open"),
        (sqlite3.OperationalError("disk I/O error"), "store.disk_error"),
        (sqlite3.DatabaseError("database disk image is malformed"), "store.damaged"),
        (sqlite3.DatabaseError("file is not a database"), "store.not_database"),
        (errors.LockNotAvailable(), "store.busy"),
        (errors.QueryCanceled(), "store.too_slow"),
        (errors.DiskFull(), "store.disk_full"),
        (errors.AdminShutdown(), "store.offline"),
        (errors.TooManyConnections(), "store.crowded"),
        (errors.InsufficientPrivilege(), "store.no_rights"),
        (errors.OperationalError("connection refused"), "store.offline"),
        (errors.OperationalError('password authentication failed for user "x"'), "store.login"),
        (PoolTimeoutError(), "store.busy"),
    ],
)
def test_known_causes_carry_a_next_step(error: Exception, code: str) -> None:
    for raised in (error, OperationalError("SELECT 1", {}, error)):
        if isinstance(error, PoolTimeoutError) and raised is not error:
            continue
        found = known(raised)
        assert isinstance(found, KnownError)
        assert (found.code, bool(found.hint)) == (code, True)


@pytest.mark.parametrize("error", [ValueError("database is locked"), sqlite3.OperationalError("no such table: x"), errors.UndefinedTable()])
def test_bugs_stay_bugs(error: Exception) -> None:
    assert known(error) is None
