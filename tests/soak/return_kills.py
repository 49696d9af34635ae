"""Kills ``main.py return`` at random moments and returns the same files again until they are in: the end must be that of one calm return.

Each round starts from a station with its ledgers. It is killed up to five times, then returned in peace and once more: both must leave
what a return without kills leaves, and after an acknowledged one it must be there already. The control does the same return with
SQLite's journal off and must do damage.
"""

import hashlib
import random
import shutil
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final
from unittest.mock import patch

from sqlalchemy import ColumnElement, select

from lvdesk.checks.station import Station
from lvdesk.fieldwork.return_model import ReturnRequest
from lvdesk.fieldwork.returns import take_back
from lvdesk.kit.errors import KnownError
from lvdesk.kit.progress import Progress
from lvdesk.network.batches import table_of
from lvdesk.network.packages import FormSheet, PackageItem
from lvdesk.network.returns import FieldDifference, Photo, ScannedPage, SheetEntry
from lvdesk.network.tables import TABLES
from lvdesk.store import engines
from lvdesk.store.copying import check_file
from lvdesk.store.journal import verify_chain
from lvdesk.workspace import Workspace
from tests.helpers.field_truth import generated
from tests.helpers.stations import taken
from tests.soak.program import ROOT, command, expect_done, interrupted, killed

FAULTS: Final = ("lost", "twice", "corrupt", "chain_broken", "orphans")
_PATIENCE: Final = 5
"""Kills of one round before it is returned in peace."""
_OURS: Final = {"id", "version", "sheet_id", "record", "page", "at", "found_at", "back_at", "entry"}
"""Numbers and moments that differ from run to run."""


_KEPT: Final = (FieldDifference, SheetEntry, ScannedPage, Photo, PackageItem, FormSheet)


def run(kills: int, seed: int = 1, rows: int = 400) -> dict[str, object]:
    """Kills ``kills`` times, then runs the control.

    Returns:
        Counts: ``kills``, ``died`` (at work), ``committing`` (died with pages on their way into the database's log), ``acknowledged``;
        faults (all must be 0): ``lost`` acknowledged returns, ``twice`` (the end is not that of a calm return), ``corrupt``,
        ``chain_broken``, ``orphans``; ``control``: how many of its kills did damage (not 0).
    """
    chance, found, started = random.Random(seed), Counter[str](), time.perf_counter()
    with TemporaryDirectory(prefix="lvdesk-return-kills-") as name:
        folder = Path(name)
        truth = generated(seed, rows, folder / "files")
        ws = Workspace.open(folder / "ready")
        taken(ws, *truth.ledger)
        ws.close()
        step = ["return", *map(str, truth.returns)]
        end, usual = _calm(folder, step)
        while found["killed"] < kills:
            _round(folder, step, end, usual, chance, found)
        control = _control(folder, step, end, usual, chance)
    counts = {name: found[name] for name in ("died", "committing", "acknowledged", *FAULTS)}
    return {"kills": found["killed"], **counts, "control": control, "seconds": round(time.perf_counter() - started, 1)}


def _fresh(folder: Path, name: str) -> Path:
    shutil.rmtree(folder / name, ignore_errors=True)
    return Path(shutil.copytree(folder / "ready", folder / name))


def _peaceful(work: Path, step: Sequence[str]) -> None:
    ended = subprocess.run(command(work, step), cwd=ROOT, capture_output=True, text=True, check=False)
    expect_done(ended.returncode, ended.stdout, ended.stderr)


def _calm(folder: Path, step: Sequence[str]) -> tuple[str, float]:
    """What one return without kills leaves, and its seconds."""
    work = _fresh(folder, "calm")
    before, started = state(work), time.perf_counter()
    _peaceful(work, step)
    seconds, end = time.perf_counter() - started, state(work)
    if end == before:
        raise RuntimeError("the return changes nothing: it proves nothing")
    return end, seconds


def _round(folder: Path, step: Sequence[str], end: str, usual: float, chance: random.Random, found: Counter[str]) -> None:
    work = _fresh(folder, "work")
    for _ in range(_PATIENCE):
        acknowledged, committing = killed(command(work, step), work, usual, chance, found)
        found["committing"] += committing
        sound = _sound(work, found)
        if acknowledged:
            found["lost"] += state(work) != end
            break
        if not sound:
            return
    for _ in range(2):
        _peaceful(work, step)
        found["twice"] += state(work) != end


def _sound(work: Path, found: Counter[str]) -> bool:
    """Opens the workspace as the user would and looks it over."""
    before = found["corrupt"] + found["chain_broken"]
    ws = Workspace.open(work)
    found["chain_broken"] += bool(verify_chain(ws.store))
    ws.close()
    try:
        check_file(work / "station.db", Progress())
    except KnownError:
        found["corrupt"] += 1
    return found["corrupt"] + found["chain_broken"] == before


def state(folder: Path) -> str:
    """Records, field results and everything that came of them, as one hash."""
    digest = hashlib.sha256()
    ws = Workspace.open(folder)
    with ws.store.read() as connection:
        rows = Station(ws, connection).field_rows.drop("sheet_id")
        digest.update("\n".join(sorted(map(repr, rows.select(sorted(rows.columns)).iter_rows()))).encode())
        for table in (*TABLES.values(), *map(table_of, _KEPT)):
            columns: list[ColumnElement[Any]] = [column for column in table.c if column.name not in _OURS]
            columns += [table.c.back_at.is_not(None)] if "back_at" in table.c else []
            digest.update("\n".join([table.name, *sorted(repr(tuple(row)) for row in connection.execute(select(*columns)))]).encode())
    ws.close()
    return digest.hexdigest()


def careless(folder: Path, files: Sequence[str]) -> None:
    """The control's program: the same return, SQLite's journal off, pages written as soon as the small cache is full."""
    settings = {"journal_mode": ("OFF", "off"), "synchronous": ("OFF", "0"), "cache_size": ("-128", "-128")}
    with patch.dict(engines._PRAGMAS, settings):
        take_back(Workspace.open(folder), ReturnRequest(tuple(map(Path, files))), Progress())


def _control(folder: Path, step: Sequence[str], end: str, usual: float, chance: random.Random) -> str:
    """Kills the careless return until it did damage, twenty times at most: ``damaged of kills``."""
    damaged = kills = 0
    while kills < 20 and not damaged:
        work = _fresh(folder, "careless")
        careless = [sys.executable, "-m", "tests.soak.return_kills", str(work), *step[1:]]
        interrupted(careless, work / "station.db", chance, usual / 10)
        kills += 1
        damaged += _is_damaged(work, step, end)
    return f"{damaged} of {kills}"


def _is_damaged(work: Path, step: Sequence[str], end: str) -> bool:
    """Whether what a kill left cannot be brought to the end by returning the files again."""
    try:
        check_file(work / "station.db", Progress())
        _peaceful(work, step)
        return state(work) != end
    except (KnownError, RuntimeError):
        return True


if __name__ == "__main__":
    careless(Path(sys.argv[1]), sys.argv[2:])
