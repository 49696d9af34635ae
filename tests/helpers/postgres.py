"""A throw-away PostgreSQL server per test process, and a fresh database URL per test on both engines.

def test_something(store_url: str) -> None:      # runs twice: SQLite, PostgreSQL
"""

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import psycopg
import pytest

from tests.helpers.missing import missing

_ROLE = "lvdesk"
_numbers = count(1)


@dataclass(frozen=True)
class Server:
    """A running server that trusts everyone on this machine; nothing in it outlives the test run."""

    port: int
    folder: Path

    def url(self, database: str) -> str:
        return f"postgresql+psycopg://{_ROLE}@127.0.0.1:{self.port}/{database}"

    def create(self) -> str:
        """A new empty database; returns its URL."""
        name = f"test_{next(_numbers)}"
        self.execute(f'CREATE DATABASE "{name}" TEMPLATE template0')
        return self.url(name)

    def drop(self, url: str) -> None:
        """Removes a database even when a failed test left connections to it."""
        self.execute(f'DROP DATABASE IF EXISTS "{url.rsplit("/", 1)[1]}" WITH (FORCE)')

    def execute(self, statement: str) -> None:
        with psycopg.connect(host="127.0.0.1", port=self.port, user=_ROLE, dbname="postgres", autocommit=True) as connection:
            connection.execute(statement)  # type: ignore[arg-type]


def server_programs() -> Path | None:
    """The folder with initdb and pg_ctl: Debian keeps it off the PATH; the newest version wins."""
    versions = [found for found in Path("/usr/lib/postgresql").glob("*/bin") if (found / "initdb").is_file()]
    if versions:
        return max(versions, key=lambda found: float(found.parent.name))
    program = shutil.which("initdb")
    return Path(program).parent if program else None


def start(programs: Path, folder: Path) -> Server:
    """Makes a cluster in ``folder`` and starts it on a free loopback port.

    Durability is switched off: what survives a power cut is not asked of this server, and tests run several times faster.
    """
    data, log = folder / "data", folder / "log"
    _as_server(programs / "initdb", "-D", data, "-U", _ROLE, "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync", folder=folder)
    port = _free_port()
    options = f"-c listen_addresses=127.0.0.1 -p {port} -k {folder} -c fsync=off -c full_page_writes=off -c synchronous_commit=off"
    _as_server(programs / "pg_ctl", "-D", data, "-l", log, "-w", "-o", options, "start", folder=folder)
    return Server(port, folder)


def stop(programs: Path, server: Server) -> None:
    _as_server(programs / "pg_ctl", "-D", server.folder / "data", "-m", "immediate", "stop", folder=server.folder)


def _as_server(*command: object, folder: Path) -> None:
    """Runs a server program; PostgreSQL refuses root, so root hands over to the user Debian's package made."""
    words = [str(word) for word in command]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        words = ["runuser", "-u", "postgres", "--", *words]
    environment = {**os.environ, "LC_ALL": "C", "TZ": "UTC"}
    ended = subprocess.run(
        words, cwd=folder, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False
    )
    if ended.returncode:
        log = folder / "log"
        told = ended.stderr.decode(errors="replace") + (log.read_text(errors="replace") if log.exists() else "")
        pytest.fail(f"{words}: {told}", pytrace=False)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def running() -> Iterator[Server]:
    """A server of one's own for as long as the block lasts."""
    programs = server_programs()
    if programs is None:
        missing("A PostgreSQL server", demanded_by="LVDESK_REQUIRE_PG")
    with tempfile.TemporaryDirectory(prefix="lvdesk-pg-", ignore_cleanup_errors=True) as made:
        folder = Path(made)
        if hasattr(os, "geteuid") and os.geteuid() == 0:
            shutil.chown(folder, "postgres", "postgres")
        server = start(programs, folder)
        try:
            yield server
        finally:
            stop(programs, server)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Server]:
    """One server for this test process (each xdist worker has its own)."""
    with running() as server:
        yield server


@pytest.fixture
def postgres_url(postgres_server: Server) -> Iterator[str]:
    """A fresh, empty PostgreSQL database."""
    url = postgres_server.create()
    yield url
    postgres_server.drop(url)


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """A SQLite database file that does not exist yet."""
    return f"sqlite:///{(tmp_path / 'station.db').as_posix()}"


@pytest.fixture(params=["sqlite", "postgresql"])
def store_url(request: pytest.FixtureRequest) -> str:
    """A fresh database on each engine: the test runs once per engine."""
    url: str = request.getfixturevalue("sqlite_url" if request.param == "sqlite" else "postgres_url")
    return url


@pytest.fixture
def engine_url(store_url: str) -> str:
    """The same, for tests that make their own engine."""
    return store_url
