"""The verb of the station-line-transformer sync: lists in, what is which, decisions, identifiers taken over."""

import argparse
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from lvdesk.cli.output import DONE, DONE_WITH_REFUSALS, Answer
from lvdesk.cli.people_verbs import seated, sit
from lvdesk.kit.errors import RefusedError
from lvdesk.kit.progress import Progress
from lvdesk.workspace import Workspace

if TYPE_CHECKING:
    from lvdesk.exchange.sync.model import SyncLine

_SHOWN: Final = 200


def add_verbs(verbs: Any, common: argparse.ArgumentParser) -> None:
    """Declares the verb."""
    parser = verbs.add_parser(
        "sync", parents=[common], help="站线变同步：接收电网侧清单；sync list；sync decide 系统 对象 编号 结论；sync adopt"
    )
    parser.add_argument(
        "words", nargs="+", metavar="FILE… | list | decide SYSTEM ENTITY SOURCE_KEY same KEY|new|other | adopt [SOURCE_KEY…]"
    )
    parser.add_argument(
        "--class", dest="klass", default="", help="只列一类：same、renamed、recut、replaced、capacity、new、missing、suggested…"
    )
    parser.add_argument("--entity", default="", choices=("substation", "feeder", "transformer"), help="只列一种")
    parser.add_argument("--sure", action="store_true", help="adopt：采用全部有把握的建议")
    sit(parser)


def sync(ws: Workspace, options: argparse.Namespace, progress: Progress) -> Answer:
    """Runs one part of the verb."""
    seated(ws, options)
    first, *rest = options.words
    part = _PARTS.get(first)
    return part(ws, options, rest, progress) if part else _take(ws, options, progress)


def _take(ws: Workspace, options: argparse.Namespace, progress: Progress) -> Answer:
    from lvdesk.exchange.sync.comparing import take

    result = take(ws, [Path(word) for word in options.words], progress)
    refused = [each for each in result.files if each.status == "refused"]
    if refused and len(refused) == len(result.files):
        raise RefusedError(refused[0].code, refused[0].reason, refused[0].hint)
    answer = _list(ws, options, [], progress)
    files = [{"path": each.path, "status": each.status, "reason": each.reason, "hint": each.hint} for each in result.files]
    lines = tuple(f"{each.path.name}  {each.reason}。{each.hint}" for each in refused)
    return Answer({**answer.data, "files": files}, lines + answer.lines, DONE_WITH_REFUSALS if refused else answer.status)


def _list(ws: Workspace, options: argparse.Namespace, _rest: list[str], progress: Progress) -> Answer:
    from lvdesk.exchange.sync.comparing import compare
    from lvdesk.exchange.sync.model import SYNC_TITLES

    found = compare(ws, progress)
    counts = Counter(line.classes[0] for line in found)
    shown = [line for line in found if _wanted(line, options)]
    lines = [f"{SYNC_TITLES[klass]} {count:,}" for klass, count in counts.items()] or ["还没有电网侧的站线变清单"]
    lines += [f"{SYNC_TITLES[line.classes[0]]}  {line.source_key}  {line.todo}" for line in shown[:_SHOWN] if line.todo]
    status = DONE_WITH_REFUSALS if any(line.todo for line in found) else DONE
    return Answer({"counts": counts, "lines": [asdict(line) for line in shown]}, tuple(lines), status)


def _decide(ws: Workspace, _options: argparse.Namespace, rest: list[str], progress: Progress) -> Answer:
    from lvdesk.exchange.sync.comparing import compare
    from lvdesk.exchange.sync.deciding import decide

    if len(rest) not in {4, 5}:
        how = "sync decide SYSTEM ENTITY ID same KEY|new|other"
        raise RefusedError("usage", f"用法：{how}", "例如 sync decide gis feeder 40770011 same 1336422739")
    system, entity, number, decision = rest[:4]
    line = next((each for each in compare(ws, progress) if (each.system, each.entity, each.source_key) == (system, entity, number)), None)
    if line is None:
        raise RefusedError("sync.unknown", f"清单中没有 {system} {entity} {number}", "请用 sync list 查看编号")
    decide(ws, line, decision, rest[4] if len(rest) > 4 else "")
    return Answer({"decided": number, "decision": decision}, (f"已认定 {line.source_name}",))


def _adopt(ws: Workspace, options: argparse.Namespace, rest: list[str], progress: Progress) -> Answer:
    from lvdesk.exchange.sync.comparing import compare
    from lvdesk.exchange.sync.deciding import adopt
    from lvdesk.exchange.sync.likeness import load_book

    sure = load_book(ws.overrides).sure
    found = compare(ws, progress)
    chosen = [line for line in found if line.source_key in rest or (options.sure and _sure(line, sure))]
    done = adopt(ws, chosen)
    lines = (f"已采用 {done.done} 个编号", *done.refused)
    return Answer({"adopted": done.done, "refused": done.refused}, lines, DONE_WITH_REFUSALS if done.refused else DONE)


def _sure(line: "SyncLine", limit: float) -> bool:
    return bool(line.key) and line.likeness >= limit and "另有同样相似的，请人工认定" not in line.evidence


def _wanted(line: "SyncLine", options: argparse.Namespace) -> bool:
    return (not options.klass or options.klass in line.classes) and (not options.entity or options.entity == line.entity)


_PARTS: Final[dict[str, Callable[[Workspace, argparse.Namespace, list[str], Progress], Answer]]] = {
    "list": _list, "decide": _decide, "adopt": _adopt,
}  # fmt: skip
