"""Kills ``main.py`` at random moments of import, undo, redo and backup, and looks at what is left.

The steps go round: nothing, the ledgers, the box survey on top, a backup, back, forth, back, back to nothing. What each step leads
to is known from a round without kills; after a kill the database must hold the state before the step or the state after it, and
after an acknowledged step the state after it. The control does the same import with SQLite's journal off and must do damage.
"""

import hashlib
import random
import shutil
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from unittest.mock import patch

from sqlalchemy import ColumnElement, select

from lvdesk.kit.errors import KnownError
from lvdesk.kit.progress import Progress
from lvdesk.network.batches import Batch, Difference, HeaderMemory, table_of
from lvdesk.network.tables import TABLES
from lvdesk.sample import build
from lvdesk.store import engines
from lvdesk.store.backup import list_backups, verify_backup
from lvdesk.store.copying import check_file
from lvdesk.store.journal import entries, verify_chain
from lvdesk.workspace import Workspace
from tests.soak.program import ROOT, command, expect_done, interrupted, killed

_ROUND = ("import ledgers", "import survey", "backup", "undo", "redo", "undo", "undo")
_NOT_COMPARED = {"id", "version", "sheet_id", "sources", "absent_sheet", "record"}
FAULTS = ("lost", "half_done", "corrupt", "chain_broken", "orphans")


@dataclass
class Known:
    """What a round without kills showed: the state before each step, the state at the end, how long each step takes."""

    states: list[str] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)


def run(kills: int, seed: int = 1, customers: int = 800) -> dict[str, object]:
    """Kills ``kills`` times, then runs the control.

    Returns:
        Counts: ``kills``, ``died`` (at work), ``committing`` (died with pages already on their way into the database's log),
        ``unanswered`` (died with the step done, before saying so), ``acknowledged`` steps; faults (all must be 0): ``lost``
        acknowledged steps, ``half_done``, ``corrupt``, ``chain_broken``, ``orphans`` (reading processes that outlived the
        program); ``control``: how many of its kills did damage (not 0).
    """
    chance, found, started = random.Random(seed), Counter[str](), time.perf_counter()
    with TemporaryDirectory(prefix="lvdesk-import-kills-") as name:
        folder = Path(name)
        steps = _steps(folder / "files", customers)
        known = _reference(folder / "reference", steps)
        _kill_often(folder / "work", steps, known, chance, found, kills)
        control = _control(folder, steps[0], known, chance)
    counts = {name: found[name] for name in ("died", "committing", "unanswered", "acknowledged", *FAULTS)}
    return {"kills": kills, **counts, "control": control, "seconds": round(time.perf_counter() - started, 1)}


def _steps(folder: Path, customers: int) -> list[list[str]]:
    files = [str(path) for path in build(folder, customers=customers).files]
    words = {"import ledgers": ["import", *files[:-2]], "import survey": ["import", *files[-2:]]}
    return [words.get(step, [step]) for step in _ROUND]


def _reference(folder: Path, steps: list[list[str]]) -> Known:
    known = Known()
    Workspace.open(folder).close()
    for step in steps:
        known.states.append(_state(folder))
        started = time.perf_counter()
        ended = subprocess.run(command(folder, step), cwd=ROOT, capture_output=True, text=True, check=False)
        known.seconds.append(time.perf_counter() - started)
        expect_done(ended.returncode, ended.stdout, ended.stderr)
    known.states.append(_state(folder))
    if known.states[0] != known.states[-1] or len(set(known.states)) != 3:
        raise RuntimeError("the steps do not go round: undo does not give back what was")
    return known


def _kill_often(folder: Path, steps: list[list[str]], known: Known, chance: random.Random, found: Counter[str], kills: int) -> None:
    place = 0
    Workspace.open(folder).close()
    while found["killed"] < kills:
        step = steps[place]
        acknowledged, committing = killed(command(folder, step), folder, known.seconds[place], chance, found)
        done = _look(folder, known, place, acknowledged=acknowledged, found=found)
        found["committing"] += committing and not done
        found["unanswered"] += bool(done) and not acknowledged
        if done is None:
            shutil.rmtree(folder)
            Workspace.open(folder).close()
            place = 0
        elif done:
            place = (place + 1) % len(steps)


def _look(folder: Path, known: Known, place: int, *, acknowledged: bool, found: Counter[str]) -> bool | None:
    """Opens the workspace as the user would; whether the step is done, None when the workspace is no longer sound."""
    before = +found
    state = _state(folder)
    ws = Workspace.open(folder)
    found["chain_broken"] += bool(verify_chain(ws.store))
    found["half_done"] += _stray_batches(ws)
    ws.close()
    try:
        check_file(folder / "station.db", Progress())
    except KnownError:
        found["corrupt"] += 1
    old, new = known.states[place], known.states[place + 1]
    if _ROUND[place] == "backup":
        found["half_done"] += state != old
        done = _backups_sound(folder, found, acknowledged=acknowledged)
    else:
        done = state == new
        found["half_done"] += state not in {old, new}
        found["lost"] += acknowledged and state == old
    return None if any(found[name] != before[name] for name in FAULTS) else done


def _backups_sound(folder: Path, found: Counter[str], *, acknowledged: bool) -> bool:
    """Every backup that is listed must be whole; an acknowledged one must be there."""
    infos = list_backups(folder / "backups")
    for info in infos:
        try:
            found["half_done"] += verify_backup(info.path).rows != info.rows
        except KnownError:
            found["corrupt"] += 1
    found["lost"] += acknowledged and not infos
    return acknowledged


def _state(folder: Path) -> str:
    """Everything that can be undone, as one hash; numbers that only the store needs are left out."""
    digest = hashlib.sha256()
    ws = Workspace.open(folder)
    with ws.store.read() as connection:
        for table in (*TABLES.values(), table_of(Difference), table_of(HeaderMemory)):
            columns: list[ColumnElement[Any]] = [column for column in table.c if column.name not in _NOT_COMPARED]
            columns += [table.c.absent_sheet.is_not(None)] if "absent_sheet" in table.c else []
            rows = sorted(repr(tuple(row)) for row in connection.execute(select(*columns)))
            digest.update("\n".join([table.name, *rows]).encode())
    ws.close()
    return digest.hexdigest()


def _stray_batches(ws: Workspace) -> int:
    """Kept files without their journal entry, and imports without their files."""
    batch = table_of(Batch)
    with ws.store.read() as connection:
        kept = set(connection.execute(select(batch.c.entry)).scalars())
    imports = {entry.id for entry in entries(ws.store, limit=1_000_000) if entry.label.startswith("导入")}
    return len(kept ^ imports)


def careless(folder: Path, files: Sequence[str]) -> None:
    """The control's program: the same import, SQLite's journal off, pages written as soon as the small cache is full."""
    from lvdesk.ledger.importing import take
    from lvdesk.ledger.model import ImportRequest

    settings = {"journal_mode": ("OFF", "off"), "synchronous": ("OFF", "0"), "cache_size": ("-128", "-128")}
    with patch.dict(engines._PRAGMAS, settings):
        ws = Workspace.open(folder)
        take(ws, ImportRequest(tuple(map(Path, files))), Progress())


def _control(folder: Path, step: Sequence[str], known: Known, chance: random.Random) -> str:
    """Kills the careless import until it did damage, twenty times at most: ``damaged of kills``."""
    damaged = kills = 0
    while kills < 20 and not damaged:
        work = folder / f"careless-{kills}"
        Workspace.open(work).close()
        careless = [sys.executable, "-m", "tests.soak.import_kills", str(work), *step[1:]]
        interrupted(careless, work / "station.db", chance, 0.3)
        kills += 1
        damaged += _is_damaged(work, known)
    return f"{damaged} of {kills}"


def _is_damaged(folder: Path, known: Known) -> bool:
    try:
        check_file(folder / "station.db", Progress())
        return _state(folder) not in known.states[:2]
    except KnownError:
        return True


if __name__ == "__main__":
    careless(Path(sys.argv[1]), sys.argv[2:])
