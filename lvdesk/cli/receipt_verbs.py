"""The verb of receipts: take in, list what waits, settle, what refusals teach."""

import argparse
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from lvdesk.cli.output import DONE, DONE_WITH_REFUSALS, REFUSED, Answer
from lvdesk.cli.people_verbs import seated, sit
from lvdesk.kit.errors import RefusedError
from lvdesk.kit.progress import Progress
from lvdesk.workspace import Workspace

if TYPE_CHECKING:
    from lvdesk.exchange.receipts.model import LineView

_STATUS: Final = {"imported": "已接收", "unchanged": "以前接收过", "refused": "未接收"}
_SHOWN: Final = 30


def add_verbs(verbs: Any, common: argparse.ArgumentParser) -> None:
    """Declares the verb."""
    parser = verbs.add_parser(
        "receipt", parents=[common], help="接收营销、GIS 的回执；receipt list 待办，receipt settle 编号… 办结，receipt rules 退回的教训"
    )
    parser.add_argument("words", nargs="+", metavar="FILE | list | settle NO… | rules [adopt NO…]")
    parser.add_argument("--system", default="", choices=("marketing", "gis"), help="谁的回执，文件里看不出时填写")
    parser.add_argument("--all", action="store_true", dest="everything", help="list：连同已办结的")
    parser.add_argument("--how", default="", help="settle：怎么办结的")
    sit(parser)


def receipt(ws: Workspace, options: argparse.Namespace, progress: Progress) -> Answer:
    """Runs one part of the verb; a file of the same name as a part is meant with its path (``./list``)."""
    seated(ws, options)
    first, *rest = options.words
    part = _PARTS.get(first)
    return part(ws, options, rest) if part else _take(ws, options, progress)


def _take(ws: Workspace, options: argparse.Namespace, progress: Progress) -> Answer:
    from lvdesk.exchange.receipts.taking import take

    done = take(ws, [Path(word) for word in options.words], progress, options.system)
    files = [{"path": each.path, "status": each.status, "code": each.code, "reason": each.reason, "hint": each.hint} for each in done.files]
    data: dict[str, Any] = {
        "rows": done.rows, "accepted": done.accepted, "paired": done.paired, "unchanged": done.unchanged,
        "rejects": [_reject(each) for each in done.rejects], "settled": done.settled, "items": done.items, "packages": done.packages,
        "learned": done.learned, "files": files,
    }  # fmt: skip
    lines = [f"{each.path.name}  {_STATUS[each.status]}" + (f"：{each.reason}。{each.hint}" if each.reason else "") for each in done.files]
    lines.append(
        f"回执 {done.rows:,} 行：接收 {done.accepted:,}，新编号 {done.paired:,}，以前已有 {done.unchanged:,}，待办 {len(done.rejects):,}"
    )
    lines += [f"复核事项转为已回执 {done.items:,} 项"] if done.items else []
    lines += [f"以前的待办已办结 {done.settled:,} 条"] if done.settled else []
    lines += [_line(each) for each in done.rejects[:_SHOWN]]
    lines += [f"导出前可以多查一条：{why}（receipt rules 查看，receipt rules adopt 采用）" for why in done.learned]
    refused = [each for each in done.files if each.status == "refused"]
    if refused and len(refused) == len(done.files):
        data["error"] = {"code": refused[0].code, "message": refused[0].reason, "hint": refused[0].hint}
        return Answer(data, tuple(lines), REFUSED)
    return Answer(data, tuple(lines), DONE_WITH_REFUSALS if refused or done.rejects else DONE)


def _list(ws: Workspace, options: argparse.Namespace, _rest: list[str]) -> Answer:
    from lvdesk.exchange.receipts.listing import lines

    found = lines(ws, everything=options.everything)
    return Answer({"rejects": [_reject(each) for each in found]}, tuple(map(_line, found)) or ("没有待办的回执",))


def _settle(ws: Workspace, options: argparse.Namespace, rest: list[str]) -> Answer:
    from lvdesk.exchange.receipts.settling import settle

    numbers = _numbers(rest)
    settle(ws, numbers, options.how)
    return Answer({"settled": numbers}, (f"已办结 {len(numbers)} 条",))


def _rules(ws: Workspace, _options: argparse.Namespace, rest: list[str]) -> Answer:
    from lvdesk.exchange.receipts.learning import adopt, proposals

    if rest[:1] == ["adopt"]:
        adopted = adopt(ws, _numbers(rest[1:]))
        return Answer({"adopted": [asdict(each) for each in adopted]}, tuple(f"导出前检查：{each.why}" for each in adopted))
    found = proposals(ws)
    lines = [
        f"{each.number}  {each.why}：被退回的 {each.refused} 条中能查出 {each.caught} 条，已接收的 {each.taken} 条中误报 {each.blamed} 条"
        for each in found
    ]
    return Answer({"rules": [asdict(each) for each in found]}, tuple(lines) or ("没有新的建议",))


def _numbers(words: list[str]) -> list[int]:
    if not words or not all(word.isdecimal() for word in words):
        raise RefusedError("usage", "请写编号，如 receipt settle 3 4 --how 现场已改正", "编号见 receipt list、receipt rules")
    return [int(word) for word in words]


def _reject(view: "LineView") -> dict[str, Any]:
    return {name: value for name, value in asdict(view).items() if not name.startswith("settled") or value}


def _line(view: "LineView") -> str:
    said = f"（对方：{view.reason}）" if view.reason else ""
    return f"{view.number}  {view.outcome_title}  {view.entity_title} {view.key} {view.title}  {view.todo}{said}"


_PARTS: Final[dict[str, Callable[[Workspace, argparse.Namespace, list[str]], Answer]]] = {
    "list": _list,
    "settle": _settle,
    "rules": _rules,
}
