"""Kills the program at random moments of its work and looks at what is left; and shows that careless work does not survive this.

``kill -9`` leaves the system's own cache alive, so it cannot tell ``synchronous=FULL`` from ``NORMAL``; that FULL is in force is
shown by reading the setting back (tests/db/store/test_faults.py).
"""

import json
import random
import shutil
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import func, select

from lvdesk.kit.errors import KnownError
from lvdesk.kit.progress import Progress
from lvdesk.store import engines
from lvdesk.store.backup import KEEP_LAST, backup, list_backups, verify_backup
from lvdesk.store.copying import check_file
from lvdesk.store.journal import entries, verify_chain
from lvdesk.store.migrating import Schema, current
from lvdesk.store.store import Store
from tests.db.store.sample import SAMPLE, town
from tests.soak import kill_jobs

ROOT = Path(__file__).resolve().parents[2]
Found = Counter[str]

_STEP = """from alembic import op

revision = "9501"
down_revision = "9001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("CREATE TABLE first_new (id INTEGER PRIMARY KEY)")
    op.execute("ALTER TABLE town ADD COLUMN mayor TEXT")
    op.execute("UPDATE town SET mayor = name || name || name")
    op.execute("CREATE INDEX ix_town_mayor ON town (mayor)")
    op.execute("CREATE TABLE last_new (id INTEGER PRIMARY KEY)")
"""


def run(kills: int, seed: int = 1) -> dict[str, object]:
    """Kills ``kills`` times, spread over all kinds of work, then runs the controls.

    Returns:
        Counts: ``kills``, ``in_flight`` (died at work), ``acknowledged``; faults ``lost``, ``half_done``, ``corrupt``,
        ``chain_broken`` (all must be 0); ``controls``: of how many kills how many did damage (none may be 0).
    """
    chance, found, started = random.Random(seed), Found(), time.perf_counter()
    with TemporaryDirectory(prefix="lvdesk-kills-") as folder:
        template = Path(folder) / "template"
        _prepare(template)
        rounds = (_import_round, _undo_round, _migration_round, _backup_round, _restore_round)
        for number in range(kills):
            work = Path(folder) / f"{number}"
            shutil.copytree(template, work)
            rounds[number % len(rounds)](work, chance, found)
            shutil.rmtree(work)
        controls = {name: _control(Path(folder) / name, name, look, chance) for name, look in _CONTROLS.items()}
    faults = {name: found[name] for name in ("in_flight", "acknowledged", "lost", "half_done", "corrupt", "chain_broken")}
    return {"kills": kills, **faults, "controls": controls, "seconds": round(time.perf_counter() - started, 1)}


def _prepare(folder: Path) -> None:
    shutil.copytree(SAMPLE.versions[-1], folder / "later")
    (folder / "later" / "9501_later.py").write_text(_STEP, encoding="utf-8")
    store = Store.open(kill_jobs.url(folder), schema=SAMPLE)
    kill_jobs.fill(store, "saved", kill_jobs.BULK)
    backup(store, folder / "out")
    kill_jobs.fill(store, "after", 500)
    store.close()
    list_backups(folder / "out")[0].path.rename(folder / "saved.db")


def _killed(job: str, folder: Path, chance: random.Random, longest: float) -> tuple[list[list[str]], bool]:
    """Starts a job, kills it within ``longest`` seconds of work, and returns what it had said and whether it died at work."""
    command = [sys.executable, "-m", "tests.soak.kill_jobs", job, str(folder), f"op{chance.randrange(10**9)}"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        lines: list[str] = []
        for line in child.stdout:
            lines.append(line)
            if line == "ready\n":
                break
        try:
            child.wait(chance.uniform(0, longest))
        except subprocess.TimeoutExpired:
            child.kill()
        lines += child.stdout
        code = child.wait()
    if code == 1 or "ready\n" not in lines:
        raise RuntimeError(f"{job} failed by itself: {''.join(lines)}")
    # The last line may be torn only if the pipe was full, which a line of this size never makes it.
    said = [line.rstrip("\n").split("\t") for line in lines if line.endswith("\n")]
    return [words for words in said if words[0] not in ("ready", "done")], ["done"] not in said


def _import_round(folder: Path, chance: random.Random, found: Found) -> None:
    said, died = _killed("importing", folder, chance, 0.6)
    _examine(folder, said, found, died=died)


def _undo_round(folder: Path, chance: random.Random, found: Found) -> None:
    said, died = _killed("undoing", folder, chance, 0.6)
    _examine(folder, said, found, died=died)


def _backup_round(folder: Path, chance: random.Random, found: Found) -> None:
    said, died = _killed("backing_up", folder, chance, 0.6)
    present = {info.path.name for info in list_backups(folder / "backups")}
    made = [words[1] for words in said if words[0] == "backup"]
    # Older ones than the last ten made room; the newest acknowledged may already be the last but one.
    for name in made[1 - KEEP_LAST :]:
        found["lost"] += name not in present
        found["acknowledged"] += 1
    _check_backups(folder, found)
    _examine(folder, [words for words in said if words[0] != "backup"], found, died=died)


def _migration_round(folder: Path, chance: random.Random, found: Found) -> None:
    _, died = _killed("migrating", folder, chance, 0.5)
    _check_backups(folder, found)
    with engines.sqlite_engine(folder / "station.db").connect() as connection:
        upgraded = "9501" in current(connection)
        tables = set(connection.exec_driver_sql("SELECT name FROM sqlite_master").scalars())
        columns = set(connection.exec_driver_sql("SELECT name FROM pragma_table_info('town')").scalars())
        connection.engine.dispose()
    signs = {"first_new" in tables, "last_new" in tables, "ix_town_mayor" in tables, "mayor" in columns, upgraded}
    found["half_done"] += len(signs) > 1
    _examine(folder, [], found, died=died, schema=kill_jobs.later(folder) if upgraded else SAMPLE)


def _restore_round(folder: Path, chance: random.Random, found: Found) -> None:
    _, died = _killed("restoring", folder, chance, 0.25)
    _examine(folder, [], found, died=died)


def _check_backups(folder: Path, found: Found) -> None:
    for info in list_backups(folder / "backups"):
        try:
            found["half_done"] += verify_backup(info.path).rows != info.rows
        except KnownError:
            found["corrupt"] += 1


def _examine(folder: Path, said: list[list[str]], found: Found, *, died: bool, schema: Schema = SAMPLE) -> None:
    """Opens the database again, as the user would, and compares it with its journal and with what had been acknowledged."""
    found["in_flight"] += died
    store = Store.open(kill_jobs.url(folder), schema=schema)
    kept = {str(entry.id): entry.label for entry in entries(store, limit=1_000_000)}
    found["acknowledged"] += len(said)
    found["lost"] += sum(kept.get(entry_id) != label for entry_id, label in said)
    found["chain_broken"] += bool(verify_chain(store))
    found["half_done"] += _half_done(store)
    store.close()
    try:
        check_file(folder / "station.db", Progress())
    except KnownError:
        found["corrupt"] += 1


def _half_done(store: Store) -> int:
    """How many writes have other rows in the table than the journal says."""
    wrong = 0
    with store.read() as connection:
        names = func.substr(town.c.name, 1, func.instr(town.c.name, "/") - 1)
        query = select(names, func.count(), func.sum(town.c.people)).group_by(names)
        present = {name: (count, people) for name, count, people in connection.execute(query)}
    for entry in entries(store, limit=1_000_000):
        if entry.operation is not None:
            count = entry.summary["town"]["insert"]
            expected = (0, 0) if entry.undone_by else (count, count + entry.summary["town"]["update"])
            wrong += present.pop(entry.operation, (0, 0)) != expected
    return wrong + len(present)


def _control(folder: Path, job: str, look: Callable[[Path], bool], chance: random.Random) -> str:
    """Kills a careless job until it did damage, ten times at most: ``damaged of kills``."""
    damaged = kills = 0
    while kills < 10 and not damaged:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        _killed(job, folder, chance, 0.4)
        kills += 1
        damaged += look(folder)
    return f"{damaged} of {kills}"


def _off_damaged(folder: Path) -> bool:
    driver = engines.sqlite_driver()
    raw = driver.connect(str(folder / "off.db"))
    try:
        whole = raw.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
        return not whole or any(count != 6000 for (count,) in raw.execute("SELECT count(*) FROM t GROUP BY batch").fetchall())
    except driver.DatabaseError:
        return True
    finally:
        raw.close()


def _half_migrated(folder: Path) -> bool:
    raw = engines.sqlite_driver().connect(str(folder / "plain.db"))
    steps = raw.execute("SELECT count(*) FROM sqlite_master WHERE name LIKE 'step%'").fetchone()[0]
    raw.close()
    return bool(0 < steps < 4000)


def _half_saved(folder: Path) -> bool:
    path = folder / "copy.db"
    return path.exists() and path.stat().st_size != 200 << 16


_CONTROLS: dict[str, Callable[[Path], bool]] = {
    "journal_off": _off_damaged,
    "migrating_without_begin": _half_migrated,
    "naive_save": _half_saved,
}

if __name__ == "__main__":
    sys.stdout.write(json.dumps(run(int(sys.argv[1])), ensure_ascii=False) + "\n")
