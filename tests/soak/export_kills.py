"""Kills ``main.py export`` at random moments, every format in turn: a package is there whole under its name, or not at all.

After a kill every folder with a package's name, in the archive and where people wanted it, must hold a manifest and the files it names
with their checksums; every recorded package must lie in the archive; an acknowledged one must be recorded and lie where it was wanted.
After one more export in peace nothing half made may be left in the archive. The control makes packages under their name from the start
and must do damage.
"""

import json
import random
import shutil
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import cycle
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final
from unittest.mock import patch

from sqlalchemy import select

from lvdesk.cli.running import main
from lvdesk.exchange import archive
from lvdesk.exchange.registry import discover
from lvdesk.kit.errors import KnownError
from lvdesk.kit.files import sha256
from lvdesk.kit.progress import Progress
from lvdesk.network.batches import table_of
from lvdesk.network.exports import ExportPackage
from lvdesk.network.reviews import ReviewItem
from lvdesk.review.model import State
from lvdesk.store.copying import check_file
from lvdesk.store.journal import verify_chain
from lvdesk.workspace import Workspace
from tests.helpers import reviewing
from tests.helpers.reviewing import CLERK
from tests.soak.program import ROOT, command, expect_done, killed

FAULTS: Final = ("lost", "half_made", "unrecorded", "left_behind", "corrupt", "chain_broken", "orphans")
_PACKAGE, _ITEM = table_of(ExportPackage), table_of(ReviewItem)
_PATIENCE: Final = 6
"""Kills of one workspace before it exports in peace."""


def run(kills: int, seed: int = 1, customers: int = 400) -> dict[str, object]:
    """Kills ``kills`` times, then runs the control.

    Returns:
        Counts: ``kills``, ``died`` (at work), ``acknowledged``; faults (all must be 0): ``lost`` acknowledged packages, ``half_made``
        folders under a package's name, ``unrecorded`` (items left the house with no package, or a recorded package lacks its folder),
        ``left_behind`` in the archive after an export in peace, ``corrupt``, ``chain_broken``, ``orphans``; ``control``: how many of
        its kills did damage (not 0).
    """
    chance, found, started = random.Random(seed), Counter[str](), time.perf_counter()
    with TemporaryDirectory(prefix="lvdesk-export-kills-") as name:
        folder = Path(name)
        _prepare(folder, customers)
        steps = cycle(_steps())
        usual = _peaceful(_fresh(folder, "calm"), next(steps))
        while found["killed"] < kills:
            work = _fresh(folder, "work")
            for _ in range(_PATIENCE):
                acknowledged, _committing = killed(command(work, _out(work, next(steps))), work, usual, chance, found)
                if not _sound(work, found, acknowledged=acknowledged):
                    break
            _peaceful(work, next(steps))
            found["left_behind"] += sum(_is_part(each) for each in archive_folders(work))
        control = _control(folder, next(steps), usual, chance)
    counts = {name: found[name] for name in ("died", "acknowledged", *FAULTS)}
    return {"kills": found["killed"], **counts, "control": control, "seconds": round(time.perf_counter() - started, 1)}


def _prepare(folder: Path, customers: int) -> None:
    """An area where the field was everywhere and everything is confirmed."""
    ws = Workspace.open(folder / "ready")
    reviewing.crowd(ws, folder, customers, 挂接设备类型="低压杆塔", 挂接设备名称="银岗线1号杆")
    reviewing.confirm_all(ws)
    ws.close()


def _steps() -> list[list[str]]:
    return [
        ["export", str(system), "--format", key, "--as", CLERK, "--purpose", "数据治理"]
        for system, forms in discover().items()
        for key in forms
    ]


def _out(work: Path, step: Sequence[str]) -> list[str]:
    return [*step, "--out", str(wanted(work))]


def wanted(work: Path) -> Path:
    """Where people want the packages of a workspace."""
    return work.with_name(f"{work.name}-out")


def archive_folders(work: Path) -> list[Path]:
    """Everything in the archive."""
    place = work / "exports"
    return list(place.iterdir()) if place.is_dir() else []


def _fresh(folder: Path, name: str) -> Path:
    shutil.rmtree(folder / name, ignore_errors=True)
    work = Path(shutil.copytree(folder / "ready", folder / name))
    shutil.rmtree(wanted(work), ignore_errors=True)
    return work


def _peaceful(work: Path, step: Sequence[str]) -> float:
    """An export without kills; its seconds."""
    started = time.perf_counter()
    ended = subprocess.run(command(work, _out(work, step)), cwd=ROOT, capture_output=True, text=True, check=False)
    expect_done(ended.returncode, ended.stdout, ended.stderr)
    if not json.loads(ended.stdout)["records"]:
        raise RuntimeError("nothing may leave: it proves nothing")
    return time.perf_counter() - started


def _is_part(path: Path) -> bool:
    return path.name.startswith(".")


def whole(package: Path) -> bool:
    """Whether a folder has everything its manifest names."""
    try:
        said = json.loads((package / archive.MANIFEST).read_text(encoding="utf-8"))
        return all(sha256(package / file["path"]) == file["sha256"] for file in said["files"])
    except (OSError, ValueError, KeyError):
        return False


def _sound(work: Path, found: Counter[str], *, acknowledged: bool) -> bool:
    """Looks a workspace and its packages over after a kill; whether it can go on."""
    before = +found
    ws = Workspace.open(work)
    found["chain_broken"] += bool(verify_chain(ws.store))
    with ws.store.read() as connection:
        recorded = set(connection.execute(select(_PACKAGE.c.number)).scalars())
        left = connection.execute(select(_ITEM.c.id).where(_ITEM.c.state == str(State.EXPORTED)).limit(1)).first()
    ws.close()
    try:
        check_file(work / "station.db", Progress())
    except KnownError:
        found["corrupt"] += 1
    delivered = [each for each in wanted(work).iterdir() if not _is_part(each)] if wanted(work).is_dir() else []
    archived = [each for each in archive_folders(work) if not _is_part(each)]
    found["half_made"] += sum(not whole(each) for each in (*delivered, *archived))
    found["unrecorded"] += (left is not None and not recorded) + len(recorded - {_number(each) for each in archived})
    newest = max(recorded, default="")
    found["lost"] += acknowledged and newest not in {_number(each) for each in delivered}
    return all(found[name] == before[name] for name in FAULTS)


def _number(package: Path) -> str:
    return package.name.split(" ")[0]


@contextmanager
def _named_from_the_start(parent: Path) -> Iterator[Path]:
    parent.mkdir(parents=True, exist_ok=True)
    part = parent / "DC000000-01 直接写入"
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir()
    yield part


def careless(words: Sequence[str]) -> None:
    """The control's program: the same export into a folder that has its name before it has its files."""
    with patch.object(archive, "making", _named_from_the_start):
        main(list(words))


def _control(folder: Path, step: Sequence[str], usual: float, chance: random.Random) -> str:
    """Kills the careless export until it did damage, twenty times at most: ``damaged of kills``."""
    damaged = kills = 0
    while kills < 20 and not damaged:
        work = _fresh(folder, "careless")
        program = [sys.executable, "-m", "tests.soak.export_kills", *command(work, _out(work, step))[2:]]
        killed(program, work, usual, chance, Counter())
        kills += 1
        damaged += any(not whole(each) for each in archive_folders(work))
    return f"{damaged} of {kills}"


if __name__ == "__main__":
    careless(sys.argv[1:])
