"""The verb of network changes: what is under way, overdue, begun, carried, closed."""

import argparse
from collections.abc import Callable
from dataclasses import asdict
from typing import Any, Final

from lvdesk.cli.output import DONE, Answer
from lvdesk.cli.people_verbs import seated, sit
from lvdesk.kit.errors import RefusedError
from lvdesk.kit.progress import Progress
from lvdesk.workspace import Workspace


def add_verbs(verbs: Any, common: argparse.ArgumentParser) -> None:
    """Declares the verb."""
    parts = verbs.add_parser("changes", help="异动：在办、逾期、登记、传递、办结").add_subparsers(dest="part", required=True)
    listing = parts.add_parser("list", parents=[common], help="列出在办的异动")
    listing.add_argument("--overdue", action="store_true", help="只列逾期的")
    listing.add_argument("--all", action="store_true", help="连同已办结和作废的")
    parts.add_parser("refresh", parents=[common], help="按复核、导出、回写更新异动")
    opening = parts.add_parser("open", parents=[common], help="登记一件异动")
    opening.add_argument("kind", metavar="KIND")
    opening.add_argument("key", metavar="NO", help="对象编号")
    opening.add_argument("--side", default="desk", help="发起方：marketing、gis、field、desk")
    opening.add_argument("--set", action="append", default=[], metavar="FIELD=VALUE", dest="given", help="变更后的值，可多次")
    opening.add_argument("--reason", default="", help="依据")
    for name, help_, wanted in (("carry", "已传递给对方", False), ("close", "办结", True), ("cancel", "作废", True)):
        moving = parts.add_parser(name, parents=[common], help=help_)
        moving.add_argument("numbers", nargs="+", metavar="NO")
        moving.add_argument("--reason", default="", required=wanted, help="理由；传递时为经由的文件或编号")
        sit(moving)
    sit(opening)


def changes(ws: Workspace, options: argparse.Namespace, progress: Progress) -> Answer:
    """Runs one part of the verb."""
    return _PARTS[options.part](ws, options, progress)


def _list(ws: Workspace, options: argparse.Namespace, _progress: Progress) -> Answer:
    from lvdesk.exchange.changes.cases import cases

    found = cases(ws, everything=options.all, overdue=options.overdue)
    lines = [
        f"{view.case_no}  {view.kind_title}  {view.title} {view.key}  {view.state_title}  期限 {view.due_on}"
        f"{'（逾期）' if view.overdue else ''}  {view.next_step}"
        for view in found
    ]
    return Answer({"cases": [asdict(view) for view in found]}, tuple(lines) or ("没有在办的异动",))


def _refresh(ws: Workspace, _options: argparse.Namespace, progress: Progress) -> Answer:
    from lvdesk.exchange.changes.refreshing import refresh

    done = refresh(ws, progress)
    said = f"新登记 {len(done.opened)} 件，已传递 {len(done.carried)} 件，办结 {len(done.closed)} 件"
    return Answer({"opened": done.opened, "carried": done.carried, "closed": done.closed}, (said,))


def _open(ws: Workspace, options: argparse.Namespace, _progress: Progress) -> Answer:
    from lvdesk.exchange.changes.cases import open_case
    from lvdesk.exchange.changes.model import Opening

    seated(ws, options)
    after = dict(_pair(each) for each in options.given)
    number = open_case(ws, Opening(options.kind, options.key, options.side, after, options.reason))
    return Answer({"case_no": number}, (f"已登记异动 {number}",))


def _pair(text: str) -> tuple[str, str]:
    name, sign, value = text.partition("=")
    if not sign:
        raise RefusedError("usage", f"“{text}”不是 FIELD=VALUE", "例如 --set area_no=4231757321")
    return name, value


def _move(ws: Workspace, options: argparse.Namespace, _progress: Progress) -> Answer:
    from lvdesk.exchange.changes import cases

    seated(ws, options)
    move = {"carry": cases.carry, "close": cases.close, "cancel": cases.cancel}[options.part]
    move(ws, options.numbers, options.reason)
    return Answer({"cases": options.numbers}, (f"已处理 {len(options.numbers)} 件",), DONE)


_PARTS: Final[dict[str, Callable[[Workspace, argparse.Namespace, Progress], Answer]]] = {
    "list": _list, "refresh": _refresh, "open": _open, "carry": _move, "close": _move, "cancel": _move,
}  # fmt: skip
