"""Two processes decide the same items of one queue at once: each is decided exactly once, whoever comes second is told."""

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final
from unittest.mock import patch

from sqlalchemy import select

from lvdesk.kit.progress import Progress
from lvdesk.network.batches import table_of
from lvdesk.network.reviews import ReviewDecision, ReviewItem
from lvdesk.review import deciding
from lvdesk.review.model import Action, Request, State
from lvdesk.store.model import Change
from lvdesk.workspace import Workspace
from tests.helpers.reviewing import CLERK, MARKETING, MARKETING_2, crowd

ROOT: Final = Path(__file__).resolve().parents[2]
_ITEM, _DECISION = table_of(ReviewItem), table_of(ReviewDecision)


@dataclass(frozen=True)
class Race:
    """What came of it.

    Attributes:
        items: in the queue; ``told`` how many each process was told it had decided.
        lost: not decided by anybody, or not stored as decided; ``double``: decided more than once.
        refused: times the second was told that somebody else had been faster.
    """

    items: int
    told: tuple[int, ...]
    lost: int
    double: int
    refused: int


def run(url: str, items: int, at_once: int = 10, *, careless: bool = False) -> Race:
    """Both go through the same items at once.

    Args:
        url: of an empty database.
        items: in the queue.
        at_once: how many are decided in one write.
        careless: the control: what may be decided was read before, not inside the write.
    """
    with TemporaryDirectory(prefix="lvdesk-race-") as place:
        ws = Workspace.open(Path(place) / "one", url, person=CLERK)
        crowd(ws, Path(place), items)
        mode = "careless" if careless else "careful"
        command = [sys.executable, "-m", "tests.soak.review_race", url, place, mode, str(at_once)]
        started = [
            subprocess.Popen([*command, who], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
            for who in (MARKETING, MARKETING_2)
        ]
        for process in started:  # both have opened the queue and read it: now together
            assert process.stdout is not None
            assert process.stdout.readline().strip() == "ready"
        for process in started:  # told to both before either is waited for, or one would be done before the other begins
            assert process.stdin is not None
            process.stdin.write("go\n")
            process.stdin.flush()
        told = [json.loads(process.communicate(timeout=600)[0].splitlines()[-1]) for process in started]
        found = _counted(ws, told)
        ws.close()
    return found


def _counted(ws: Workspace, told: list[dict[str, Any]]) -> Race:
    with ws.store.read() as connection:
        decided = Counter(connection.execute(select(_DECISION.c.item).where(_DECISION.c.decision == Action.CONFIRM)).scalars())
        states = {row.id: row for row in connection.execute(select(_ITEM.c.id, _ITEM.c.state, _ITEM.c.marketing_by))}
    claimed = Counter(number for each in told for number in each["done"])
    lost = sum(number not in decided or row.state != State.CONFIRMED for number, row in states.items())
    double = sum(count > 1 for count in (decided | claimed).values())
    return Race(len(states), tuple(len(each["done"]) for each in told), lost, double, sum(each["refused"] for each in told))


def _decide(ws: Workspace, ids: list[int]) -> tuple[list[int], int]:
    done = deciding.decide(ws, Request(tuple(ids), Action.CONFIRM, how="bulk"), Progress())
    return list(done.done), len(done.refused)


@contextmanager
def _careless(ws: Workspace) -> Iterator[None]:
    """The same decisions, but on rows read once before every write, and whatever version they have by then."""
    with ws.store.read() as connection:
        rows = {row.id: row for row in connection.execute(select(_ITEM))}
    before = patch.object(deciding._Deciding, "_rows", lambda _self, ids: {number: rows[number] for number in ids})
    unversioned = patch.object(deciding, "Change", lambda number, values, _version: Change(number, values))
    with before, unversioned:
        yield


def _main(url: str, place: str, mode: str, at_once: str, who: str) -> None:
    ws = Workspace.open(Path(place) / who, url, person=who)
    with ws.store.read() as connection:
        ids = list(connection.execute(select(_ITEM.c.id).where(_ITEM.c.state == State.MARKETING).order_by(_ITEM.c.id)).scalars())
    parts = [ids[start : start + int(at_once)] for start in range(0, len(ids), int(at_once))]
    if who == MARKETING_2:  # neighbours in turn, so that both are always at the same place and neither only comes after the other
        parts = [parts[place ^ 1] for place in range(len(parts)) if place ^ 1 < len(parts)] + parts[len(parts) & ~1 :]
    done: list[int] = []
    refused = 0
    with _careless(ws) if mode == "careless" else nullcontext():
        print("ready", flush=True)
        sys.stdin.readline()
        for part in parts:
            mine, others = _decide(ws, part)
            done += mine
            refused += others
    ws.close()
    print(json.dumps({"done": done, "refused": refused}))


if __name__ == "__main__":
    _main(*sys.argv[1:])
