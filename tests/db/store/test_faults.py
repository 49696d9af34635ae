"""What goes wrong outside the program arrives as one line with a next step, and nothing is half saved."""

import os
import threading
from pathlib import Path

import pytest
from sqlalchemy import make_url

from lvdesk.kit.errors import KnownError
from lvdesk.store import engines
from lvdesk.store.backup import backup
from lvdesk.store.store import Store
from tests.db.store.sample import add_towns, opened, remark, rows


@pytest.fixture
def url(tmp_path: Path) -> str:
    """A local database."""
    return f"sqlite:///{tmp_path}/a.db"


def test_settings_are_in_force_and_shown(store_url: str) -> None:
    with opened(store_url) as store:
        shown = store.diagnostics()
    if store.is_sqlite:
        wanted = {"journal_mode": "wal", "synchronous": "2", "foreign_keys": "1", "busy_timeout": "5000", "trusted_schema": "0"}
        wanted |= {"cell_size_check": "1", "mmap_size": "0", "version": engines.sqlite_driver().sqlite_version}
    else:
        wanted = {"engine": "PostgreSQL", "lock_timeout": "10s", "statement_timeout": "10min", "synchronous_commit": "on"}
    assert {name: shown[name] for name in wanted} == wanted


@pytest.mark.parametrize("how", ["deleted", "moved", "replaced"])
@pytest.mark.skipif(os.name == "nt", reason="Windows does not let an open file go")
def test_a_database_that_was_moved_away_takes_no_more_writes(url: str, tmp_path: Path, how: str) -> None:
    path = tmp_path / "a.db"
    with opened(url) as store:
        add_towns(store, "甲")
        if how == "deleted":
            path.unlink()
        elif how == "moved":
            path.rename(tmp_path / "b.db")
        else:
            (tmp_path / "c.db").write_bytes(path.read_bytes())
            (tmp_path / "c.db").replace(path)
        with pytest.raises(KnownError) as caught:
            add_towns(store, "乙")
        assert caught.value.code == "store.file_moved"


def test_control_without_the_check_sqlite_accepts_the_vanishing_write(tmp_path: Path) -> None:
    raw = engines.connect_sqlite(tmp_path / "a.db", create=True)
    raw.execute("CREATE TABLE t (a)")
    (tmp_path / "a.db").unlink()
    raw.execute("INSERT INTO t VALUES (1)")
    raw.close()
    assert not (tmp_path / "a.db").exists()


def test_a_full_disk_is_said_and_saves_nothing(url: str) -> None:
    with opened(url) as store:
        add_towns(store, "甲")
        with pytest.raises(KnownError) as caught:
            _fill(store)
        assert (caught.value.code, bool(caught.value.hint)) == ("store.disk_full", True)
        assert rows(store, remark) == []


def _fill(store: Store) -> None:
    with store.write("导入") as write:
        pages = write.connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        write.connection.exec_driver_sql(f"PRAGMA max_page_count={pages + 2}")
        write.insert(remark, ("text",), [("长" * 2000,) for _ in range(50)], 50)


def test_a_database_locked_by_another_program_is_said(url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(engines._PRAGMAS, "busy_timeout", ("50", "50"))
    with opened(url) as store:
        other = engines.sqlite_driver().connect(str(tmp_path / "a.db"), isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(KnownError) as caught:
            add_towns(store, "甲")
        other.execute("ROLLBACK")
        other.close()
        assert caught.value.code == "store.busy"
        add_towns(store, "甲")


@pytest.mark.parametrize(
    "url,code",
    [
        ("mysql://host/db", "store.bad_url"),
        ("nonsense", "store.bad_url"),
        ("sqlite://", "store.bad_url"),
        ("postgresql+psycopg://x:y@127.0.0.1:1/nobody", "store.offline"),
    ],
)
def test_an_address_that_leads_nowhere_is_said(url: str, code: str) -> None:
    with pytest.raises(KnownError) as caught:
        Store.open(url)
    assert caught.value.code == code


def test_a_server_without_that_database_is_said(store_url: str) -> None:
    if engines.is_sqlite(store_url):
        return
    url = make_url(store_url).set(database="no_such_database")
    with pytest.raises(KnownError) as caught:
        Store.open(url.render_as_string(hide_password=False))
    assert caught.value.code == "store.login"


def test_a_folder_in_place_of_the_file_is_said(tmp_path: Path) -> None:
    (tmp_path / "a.db").mkdir()
    with pytest.raises(KnownError) as caught:
        Store.open(f"sqlite:///{tmp_path}/a.db")
    assert caught.value.code == "store.cannot_open"


def test_a_backup_runs_beside_a_writer(store_url: str, tmp_path: Path) -> None:
    with opened(store_url) as store:
        add_towns(store, *(f"镇{number}" for number in range(200)))
        stop = threading.Event()

        def write_on() -> None:
            number = 0
            while not stop.is_set():
                number += 1
                add_towns(store, f"新{number}")

        writer = threading.Thread(target=write_on)
        writer.start()
        try:
            info = backup(store, tmp_path / "out")
        finally:
            stop.set()
            writer.join()
    with opened(f"sqlite:///{info.path}") as copy:
        assert len(rows(copy)) >= 200
