"""Kills ``main.py review decide`` at random moments: a decision about many items is there wholly, or not at all.

The items are confirmed and the confirmation is revoked, in turn. After a kill every item, its rows of ``review_decision`` and its
record in the ledger must all be as before the step or all as after it; after an acknowledged step as after it. The control takes the
same decision with SQLite's journal off and must do damage.
"""

import random
import shutil
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final
from unittest.mock import patch

from sqlalchemy import func, select

from lvdesk.kit.errors import KnownError
from lvdesk.kit.progress import Progress
from lvdesk.network.batches import table_of
from lvdesk.network.reviews import ReviewDecision, ReviewItem
from lvdesk.network.tables import TABLES
from lvdesk.review.deciding import decide
from lvdesk.review.model import Action, Request, State
from lvdesk.store import engines
from lvdesk.store.copying import check_file
from lvdesk.store.journal import verify_chain
from lvdesk.workspace import Workspace
from tests.helpers.reviewing import CLERK, MARKETING, crowd
from tests.soak.program import ROOT, command, expect_done, interrupted, killed

FAULTS: Final = ("lost", "half_done", "corrupt", "chain_broken", "orphans")
_STEPS: Final = (Action.CONFIRM, Action.REVOKE)
_ITEM, _DECISION, _CUSTOMER = table_of(ReviewItem), table_of(ReviewDecision), TABLES["customer"]


@dataclass(frozen=True)
class Queue:
    """What a workspace holds: how many decisions were stored, which states items are in, how many customers have the new name."""

    decisions: int
    states: tuple[tuple[str, int], ...]
    renamed: int

    @staticmethod
    def after(steps: int, items: int) -> "Queue":
        """What so many whole steps lead to."""
        confirmed = steps % 2
        state = State.CONFIRMED if confirmed else State.MARKETING
        return Queue(steps * items, ((str(state), items),), items * confirmed)

    @staticmethod
    def of(folder: Path) -> "Queue":
        """What the workspace in ``folder`` holds."""
        ws = Workspace.open(folder)
        with ws.store.read() as connection:
            decisions = connection.execute(select(func.count()).select_from(_DECISION)).scalar_one()
            states = Counter(connection.execute(select(_ITEM.c.state)).scalars())
            renamed = select(func.count()).where(_CUSTOMER.c.name.startswith("住户"))
            found = Queue(decisions, tuple(sorted(states.items())), connection.execute(renamed).scalar_one())
        ws.close()
        return found


def run(kills: int, seed: int = 1, items: int = 400) -> dict[str, object]:
    """Kills ``kills`` times, then runs the control.

    Returns:
        Counts: ``kills``, ``died`` (at work), ``committing`` (died with pages on their way into the database's log), ``acknowledged``;
        faults (all must be 0): ``lost`` acknowledged decisions, ``half_done``, ``corrupt``, ``chain_broken``, ``orphans``;
        ``control``: how many of its kills did damage (not 0).
    """
    chance, found, started = random.Random(seed), Counter[str](), time.perf_counter()
    with TemporaryDirectory(prefix="lvdesk-review-kills-") as name:
        folder = Path(name)
        ids = _prepare(folder, items)
        usual = _peaceful(_fresh(folder, "calm"), ids)
        work, done = _fresh(folder, "work"), 0
        while found["killed"] < kills:
            acknowledged, committing = killed(_step(work, ids, done), work, usual, chance, found)
            moved = _look(work, done, len(ids), found, acknowledged=acknowledged)
            found["committing"] += committing and not moved
            if moved is None:
                work, done = _fresh(folder, "work"), 0
            else:
                done += moved
        control = _control(folder, ids, usual, chance)
    counts = {name: found[name] for name in ("died", "committing", "acknowledged", *FAULTS)}
    return {"kills": found["killed"], **counts, "control": control, "seconds": round(time.perf_counter() - started, 1)}


def _prepare(folder: Path, items: int) -> list[int]:
    ws = Workspace.open(folder / "ready", person=CLERK)
    crowd(ws, folder, items)
    with ws.store.read() as connection:
        ids = list(connection.execute(select(_ITEM.c.id).order_by(_ITEM.c.id)).scalars())
    ws.close()
    if Queue.of(folder / "ready") != Queue.after(0, items):
        raise RuntimeError("not every customer gave one item that waits for marketing")
    return ids


def _fresh(folder: Path, name: str) -> Path:
    shutil.rmtree(folder / name, ignore_errors=True)
    return Path(shutil.copytree(folder / "ready", folder / name))


def _step(work: Path, ids: Sequence[int], done: int) -> list[str]:
    decision = str(_STEPS[done % len(_STEPS)])
    return command(work, ["review", "decide", *map(str, ids), "--decision", decision, "--as", MARKETING])


def _peaceful(work: Path, ids: Sequence[int]) -> float:
    """Both steps without kills: whether they lead where they should, and the seconds of one."""
    started = time.perf_counter()
    for done in range(len(_STEPS)):
        ended = subprocess.run(_step(work, ids, done), cwd=ROOT, capture_output=True, text=True, check=False)
        expect_done(ended.returncode, ended.stdout, ended.stderr)
        if Queue.of(work) != Queue.after(done + 1, len(ids)):
            raise RuntimeError(f"{_STEPS[done]} does not do what it should")
    return (time.perf_counter() - started) / len(_STEPS)


def _look(work: Path, done: int, items: int, found: Counter[str], *, acknowledged: bool) -> bool | None:
    """Opens the workspace as the user would; whether the step is done, None when the workspace is no longer sound."""
    before = +found
    ws = Workspace.open(work)
    found["chain_broken"] += bool(verify_chain(ws.store))
    ws.close()
    try:
        check_file(work / "station.db", Progress())
    except KnownError:
        found["corrupt"] += 1
    queue = Queue.of(work)
    moved = queue == Queue.after(done + 1, items)
    found["half_done"] += not moved and queue != Queue.after(done, items)
    found["lost"] += acknowledged and not moved
    return None if any(found[name] != before[name] for name in FAULTS) else moved


def careless(folder: Path, ids: Sequence[str]) -> None:
    """The control's program: the same decision, SQLite's journal off, pages written as soon as the small cache is full."""
    settings = {"journal_mode": ("OFF", "off"), "synchronous": ("OFF", "0"), "cache_size": ("-128", "-128")}
    with patch.dict(engines._PRAGMAS, settings):
        decide(Workspace.open(folder, person=MARKETING), Request(tuple(map(int, ids)), Action.CONFIRM, how="bulk"), Progress())


def _control(folder: Path, ids: Sequence[int], usual: float, chance: random.Random) -> str:
    """Kills the careless decision until it did damage, twenty times at most: ``damaged of kills``."""
    damaged = kills = 0
    while kills < 20 and not damaged:
        work = _fresh(folder, "careless")
        program = [sys.executable, "-m", "tests.soak.review_kills", str(work), *map(str, ids)]
        interrupted(program, work / "station.db", chance, usual / 10)
        kills += 1
        damaged += _is_damaged(work, len(ids))
    return f"{damaged} of {kills}"


def _is_damaged(work: Path, items: int) -> bool:
    try:
        check_file(work / "station.db", Progress())
        return Queue.of(work) not in {Queue.after(0, items), Queue.after(1, items)}
    except KnownError:
        return True


if __name__ == "__main__":
    careless(Path(sys.argv[1]), sys.argv[2:])
