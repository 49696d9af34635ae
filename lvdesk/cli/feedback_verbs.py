"""The verb that takes in what the GIS says feeds each customer."""

import argparse
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from lvdesk.cli.output import DONE, DONE_WITH_REFUSALS, REFUSED, Answer
from lvdesk.kit.progress import Progress
from lvdesk.workspace import Workspace

_SHOWN: Final = 20
_STATUS: Final = {"imported": "已接收", "unchanged": "以前接收过", "refused": "未接收"}


def add_verbs(verbs: Any, common: argparse.ArgumentParser) -> None:
    """Declares the verb."""
    taking = verbs.add_parser("feedback", parents=[common], help="接收电网 GIS 的电源信息回写")
    taking.add_argument("paths", nargs="+", type=Path, metavar="FILE")


def feedback(ws: Workspace, options: argparse.Namespace, progress: Progress) -> Answer:
    """Takes the files in and tells how their upstream sources compare with the customers' areas."""
    from lvdesk.exchange.feedback import take

    done = take(ws, options.paths, progress)
    files = [{"path": each.path, "status": each.status, "code": each.code, "reason": each.reason, "hint": each.hint} for each in done.files]
    data: dict[str, Any] = {
        "rows_in": done.rows_in, "customers": done.customers, "agreeing": done.agreeing, "differing": done.differing,
        "unresolved": [asdict(each) for each in done.unresolved], "files": files,
    }  # fmt: skip
    lines = [f"{each.path.name}  {_STATUS[each.status]}" + (f"：{each.reason}。{each.hint}" if each.reason else "") for each in done.files]
    lines.append(
        f"电源信息 {done.customers:,} 户：与台账台区一致 {done.agreeing:,}，不一致 {done.differing:,}，对不上 {len(done.unresolved):,}"
    )
    lines += [f"{each.key}  {each.why}（{each.file} 第 {each.row} 行）" for each in done.unresolved[:_SHOWN]]
    refused = [each for each in done.files if each.status == "refused"]
    if refused and len(refused) == len(done.files):
        data["error"] = {"code": refused[0].code, "message": refused[0].reason, "hint": refused[0].hint}
        return Answer(data, tuple(lines), REFUSED)
    return Answer(data, tuple(lines), DONE_WITH_REFUSALS if refused or done.unresolved else DONE)
