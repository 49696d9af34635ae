"""The group ``organisation``: frames of the map, proposals for a station of 300 areas, divisions of point sets."""

import sys
import time
from collections.abc import Iterator
from statistics import median
from typing import TYPE_CHECKING, Any, Final

from tests.bench.apart import measure, memory, tell
from tests.helpers.figures import Figure

if TYPE_CHECKING:
    from tests.bench.plan import Bench

Result = dict[str, Any]
_POINTS: Final = 100_000
_AREAS, _GRIDS = 300, 20
_FRAME_MS, _LONGEST_MS, _PROPOSE_S = 25.0, 100.0, 10.0


def organisation(bench: "Bench") -> Iterator[Figure]:
    """What a grid leader waits for."""
    seen = measure("organisation.draw", _POINTS).said
    for key, title in (("pan", "pan"), ("zoom", "zoom")):
        middle, longest = seen[key]
        met = middle < _FRAME_MS and longest < _LONGEST_MS
        goal = f"< {_FRAME_MS:.0f} ms, none > {_LONGEST_MS:.0f} ms"
        yield bench.figure(f"map: {title} over {_POINTS:,} boxes, a frame", f"{middle:.1f} ms, longest {longest:.1f} ms", goal, met=met)
    for seed in range(3):
        found = measure("organisation.propose", seed).said
        value = (
            f"{found['seconds']:.1f} s, {found['proposals']} proposals, heaviest {found['uneven']:.2f} → {found['after']:.3f} of the mean"
        )
        what = f"grids: proposals, {_AREAS} areas in {_GRIDS} grids, station {seed + 1}"
        yield bench.figure(what, value, f"< {_PROPOSE_S:.0f} s", met=found["seconds"] < _PROPOSE_S)


def draw(points: str) -> Result:
    """Median and longest frame, panning and zooming."""
    from PySide6.QtWidgets import QApplication

    from tests.bench.map import frames

    app = QApplication([])
    found = frames(int(points))
    app.quit()
    times = {"pan": found["平移"], "zoom": found["缩放"]}
    return {key: (median(each), max(each)) for key, each in times.items()} | {"seconds": 0.0, "before": 0.0, "memory": memory()}


def propose(seed: str) -> Result:
    """All proposals of one generated station, each area in the grid whose seat is nearest."""
    from lvdesk.kit.progress import Progress
    from lvdesk.organisation.division.proposals import proposals
    from lvdesk.organisation.division.station import LADDER
    from tests.helpers.grids import scattered

    plan = scattered(_AREAS, _GRIDS, int(seed))
    begun = time.perf_counter()
    found = proposals(plan, LADDER, Progress())
    taken = time.perf_counter() - begun
    balance = {"uneven": found[-1].before.balance, "after": found[-1].after.balance}
    return {"seconds": taken, "before": 0.0, "proposals": len(found), "memory": memory(), **balance}


if __name__ == "__main__":
    tell({"draw": draw, "propose": propose}[sys.argv[1]](*sys.argv[2:]))
