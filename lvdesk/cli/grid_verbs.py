"""The verb of the grids: proposals for their division."""

import argparse
from pathlib import Path
from typing import Any, Final

from lvdesk.cli.output import DONE, DONE_WITH_REFUSALS, Answer
from lvdesk.kit.progress import Progress
from lvdesk.workspace import Workspace

_SECONDS: Final = 40.0


def add_verbs(verbs: Any, common: argparse.ArgumentParser) -> None:
    """Declares the verb."""
    parser = verbs.add_parser("grids", parents=[common], help="网格：grids propose --points 点.csv --grids 网格数 --max-load 上限")
    parser.add_argument("part", choices=("propose",), help="propose：提出划分方案")
    parser.add_argument("--points", type=Path, required=True, help="点的 csv：key,x_m,y_m,load")
    parser.add_argument("--grids", type=int, required=True, help="网格数")
    parser.add_argument("--max-load", type=float, required=True, help="每个网格的负荷上限")
    parser.add_argument("--seconds", type=float, default=_SECONDS, help=f"最多算多少秒，默认 {_SECONDS:g}")


def grids(_ws: Workspace, options: argparse.Namespace, progress: Progress) -> Answer:
    """Divides points into grids with the least way to their centres."""
    from lvdesk.organisation.division.dividing import divide
    from lvdesk.organisation.division.points import read_points

    points = read_points(options.points)
    found = divide(points, options.grids, options.max_load, progress, seconds=options.seconds)
    keys = points.keys
    data = {
        "assignment": {key: keys[place] for key, place in zip(keys, found.centre, strict=True)},
        "centres": [keys[place] for place in found.centres],
        "objective": found.objective,
        "gap": found.gap,
        "limit": found.limit,
        "binding": found.binding,
    }
    proof = "已证明最优" if found.gap == 0 else f"距理论下界 {found.gap:.2%}"
    lines = [f"{len(points):,} 个点划成 {options.grids} 个网格，到中心的距离合计 {found.objective:,.0f} 米，{proof}"]
    lines += [found.binding] * bool(found.binding)
    lines += [f"{keys[place]}  {int((found.centre == place).sum()):,} 个点" for place in found.centres]
    return Answer(data, tuple(lines), DONE_WITH_REFUSALS if found.binding else DONE)
