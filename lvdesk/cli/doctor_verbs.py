"""The verb of the upstream doctor: probably wrong links with their evidence, and one customer's way up."""

import argparse
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from lvdesk.cli.output import DONE, DONE_WITH_REFUSALS, Answer
from lvdesk.kit.errors import RefusedError
from lvdesk.kit.progress import Progress
from lvdesk.workspace import Workspace

_LIMIT: Final = 200


def add_verbs(verbs: Any, common: argparse.ArgumentParser) -> None:
    """Declares the verb."""
    parser = verbs.add_parser("doctor", parents=[common], help="上级电源诊断：疑似错挂；doctor trace 户号或计量箱 看一户的上级电源")
    parser.add_argument("words", nargs="*", metavar="trace NO")
    parser.add_argument("--area", action="append", default=[], metavar="NO", help="只看这些台区，可多次")
    parser.add_argument("--limit", type=int, default=_LIMIT, help=f"最多列多少条，默认 {_LIMIT}")
    parser.add_argument("--voltage", type=Path, default=None, metavar="FILE.csv", help="电压或线损序列：户号或表号、时间、数值三列")


def doctor(ws: Workspace, options: argparse.Namespace, progress: Progress) -> Answer:
    """Runs one part of the verb."""
    match options.words:
        case []:
            return _suspects(ws, options, progress)
        case ["trace", key]:
            return _trace(ws, key)
    raise RefusedError("usage", f"不认识“{' '.join(options.words)}”", "用 doctor，或 doctor trace 户号")


def _suspects(ws: Workspace, options: argparse.Namespace, progress: Progress) -> Answer:
    from lvdesk.exchange.doctor.paths import dead_ends
    from lvdesk.exchange.doctor.ranking import suspects

    lost = dead_ends(ws, progress)
    found = suspects(ws, progress, areas=options.area, limit=options.limit, voltage=options.voltage)
    data = {
        "dead_ends": [{"reason": reason, "count": len(keys), "customers": keys} for reason, keys in lost.items()],
        "suspects": [asdict(each) for each in found],
    }
    lines = [f"{reason} {len(keys):,} 户" for reason, keys in lost.items()] or ["每户都有通到线路的上级电源"]
    lines += [each.sentence for each in found] or ["没有疑似错挂的关系"]
    return Answer(data, tuple(lines), DONE_WITH_REFUSALS if lost or found else DONE)


def _trace(ws: Workspace, key: str) -> Answer:
    from lvdesk.exchange.doctor.paths import told, trace

    try:
        found = trace(ws, "customer", key)
    except RefusedError:
        found = trace(ws, "meter_box", key)
    return Answer(asdict(found), tuple(told(found.steps)), DONE if found.complete else DONE_WITH_REFUSALS)
