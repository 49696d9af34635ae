"""The group ``returns``: generated field returns taken back, their differences held against the truth, beside a clerk's script."""

import json
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from tests.bench.apart import measure, memory, tell
from tests.helpers.figures import Figure

if TYPE_CHECKING:
    from tests.bench.plan import Bench
    from tests.helpers.field_truth import Score

Result = dict[str, Any]
_ROWS: Final = 10_000
_SEEDS: Final = (21, 22, 23)
"""The first is also what is timed."""
_GOAL: Final = 0.97
_SECONDS: Final = 10.0


def returns(bench: "Bench") -> Iterator[Figure]:
    """Seconds, then class by class: the worst of several stations beside the script's."""
    mine, hand = [], []
    for seed in _SEEDS:
        folder = bench.fresh()
        mine.append(measure("returns.ours", seed, _ROWS, folder))
        hand.append(measure("returns.clerk", seed, _ROWS, bench.fresh()))
    rows = mine[0].said["rows"]
    seconds = max(run.said["seconds"] for run in mine)
    value = f"{seconds:.1f} s (processor {max(run.said['cpu'] for run in mine):.1f} s), +{max(run.growth for run in mine):.0f} MB"
    name = f"field returns, {rows:,} rows in {mine[0].said['files']} files: read, stored, classed; slowest of {len(_SEEDS)}"
    yield bench.figure(name, value, f"< {_SECONDS:.0f} s", met=seconds < _SECONDS)
    script = max(run.said["seconds"] for run in hand)
    yield bench.figure("field returns: the same by a clerk's script, nothing stored", f"{script:.1f} s")
    lost = sum(abs(run.said["rows_in"] - run.said["rows"]) for run in mine)
    yield bench.figure("field returns: rows lost or made up", str(lost), "0", met=not lost)
    formats = sum(run.said["formats"] for run in mine)
    kept = sum(run.said["kept"] for run in mine)
    value = f"{formats} in {kept:,} rows (script {sum(run.said['formats'] for run in hand):,})"
    yield bench.figure("field returns: differences of rows that are only written differently", value, "0", met=not formats)
    for klass in mine[0].said["classes"]:
        recall, precision = _worst(mine, klass)
        other = _worst(hand, klass)
        planted = sum(run.said["classes"][klass]["expected"] for run in mine)
        value = f"{recall:.3f} / {precision:.3f} of {planted} (script {other[0]:.2f} / {other[1]:.2f})"
        met = min(recall, precision) >= _GOAL
        yield bench.figure(f"field returns: {klass}, recall / precision, worst of {len(_SEEDS)}", value, f"≥ {_GOAL} / ≥ {_GOAL}", met=met)


def _worst(runs: list[Any], klass: str) -> tuple[float, float]:
    found = [run.said["classes"].get(klass, {"recall": 1.0, "precision": 1.0}) for run in runs]
    return min(one["recall"] for one in found), min(one["precision"] for one in found)


def ours(seed: str, rows: str, folder: str) -> Result:
    """The returns of a station whose ledger is there already."""
    from lvdesk.fieldwork.return_model import ReturnRequest
    from lvdesk.fieldwork.returns import take_back
    from lvdesk.kit.progress import Progress
    from lvdesk.workspace import Workspace
    from tests.helpers.field_truth import generated, score
    from tests.helpers.stations import taken

    truth = generated(int(seed), int(rows), Path(folder))
    ws = Workspace.open(Path(folder) / "工作区", person="bench")
    taken(ws, *truth.ledger)
    before, started, own = memory(), time.perf_counter(), time.process_time()
    returned = take_back(ws, ReturnRequest(truth.returns), Progress())
    result = {"seconds": time.perf_counter() - started, "cpu": time.process_time() - own, "before": before}
    ws.close()
    return {**result, "rows": truth.rows, "rows_in": returned.rows_in, "files": len(truth.returns), "kept": len(truth.kept),
            **_shares(score(returned.differences, truth))}  # fmt: skip


def clerk(seed: str, rows: str, folder: str) -> Result:
    """Peer: the same files and the ledger read by a script, nothing kept."""
    from tests.bench.handwritten_returns import by_hand
    from tests.helpers.field_truth import generated, score

    truth = generated(int(seed), int(rows), Path(folder))
    before, started, own = memory(), time.perf_counter(), time.process_time()
    noted = by_hand(truth.ledger, truth.returns)
    result = {"seconds": time.perf_counter() - started, "cpu": time.process_time() - own, "before": before}
    return {**result, **_shares(score(noted, truth))}


def _shares(found: "Score") -> Result:
    """What a process can tell of a score."""
    classes = {
        klass: {"recall": share.recall, "precision": share.precision, "expected": share.expected, "said": share.said}
        for klass, share in sorted(found.classes.items())
    }
    return {"classes": classes, "formats": len(found.of_formats)}


if __name__ == "__main__":
    if sys.argv[1] == "show":
        print(json.dumps(ours(*sys.argv[2:]), ensure_ascii=False, indent=1))
    else:
        tell({"ours": ours, "clerk": clerk}[sys.argv[1]](*sys.argv[2:]))
