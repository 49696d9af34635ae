"""The verb of working with villages and communities: what is due, visits, agreements' scans, cards and notice boards."""

import argparse
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from lvdesk.cli.output import DONE, DONE_WITH_REFUSALS, Answer
from lvdesk.kit.errors import RefusedError
from lvdesk.kit.progress import Progress
from lvdesk.workspace import Workspace


def add_verbs(verbs: Any, common: argparse.ArgumentParser) -> None:
    """Declares the verb."""
    parts = verbs.add_parser("liaison", help="村社区共建：协议、走访、联系卡").add_subparsers(dest="part", required=True)
    parts.add_parser("list", parents=[common], help="村（社区）、协议到期、走访")
    visiting = parts.add_parser("visit", parents=[common], help="登记走访：visit 村 走访人 --subject 事项")
    visiting.add_argument("village")
    visiting.add_argument("staff")
    for name, title in (("day", "日期，默认今天"), ("met", "受访人"), ("subject", "事项"), ("outcome", "结果"), ("next-on", "下次走访")):
        visiting.add_argument(f"--{name}", default="", help=title)
    attaching = parts.add_parser("attach", parents=[common], help="协议扫描件或员工照片：attach agreement|staff 编号或姓名 文件")
    attaching.add_argument("kind", choices=("agreement", "staff"))
    attaching.add_argument("name")
    attaching.add_argument("file", type=Path)
    for part, what in (("cards", "联系卡"), ("boards", "公示牌")):
        printing = parts.add_parser(part, parents=[common], help=f"打印{what}")
        printing.add_argument("names", nargs="*", help="姓名" if part == "cards" else "村（社区）")
        printing.add_argument("--out", type=Path, required=True, help="PDF 文件")


def liaison(ws: Workspace, options: argparse.Namespace, progress: Progress) -> Answer:
    """Runs one part of the verb."""
    return _PARTS[options.part](ws, options, progress)


def _list(ws: Workspace, _options: argparse.Namespace, _progress: Progress) -> Answer:
    from lvdesk.organisation.liaison import villages

    found = villages(ws)
    lines = [f"{each.name}  {each.grid}  {each.manager}  {each.reminder}".rstrip() for each in found]
    todo = any(each.reminder for each in found)
    return Answer(
        {"villages": [asdict(each) for each in found]}, tuple(lines) or ("还没有村（社区）",), DONE_WITH_REFUSALS if todo else DONE
    )


def _visit(ws: Workspace, options: argparse.Namespace, _progress: Progress) -> Answer:
    from lvdesk.organisation.liaison import add_visit

    values = {name: getattr(options, name) for name in ("village", "staff", "day", "met", "subject", "outcome", "next_on")}
    done = add_visit(ws, {name: text for name, text in values.items() if text})
    return Answer({"stored": done.rows}, (f"已登记走访 {options.village}",), DONE)


def _attach(ws: Workspace, options: argparse.Namespace, _progress: Progress) -> Answer:
    from lvdesk.organisation.liaison import attach

    attach(ws, options.kind, options.name, options.file)
    return Answer({"name": options.name}, (f"已添加 {options.file.name}",), DONE)


def _print(ws: Workspace, options: argparse.Namespace, progress: Progress) -> Answer:
    from lvdesk.organisation.paper.cards import boards, cards

    if options.printer is None:
        raise RefusedError("print.no_painter", "这个程序不能打印", "请用 main.py 运行")
    pages = cards(ws, options.names) if options.part == "cards" else boards(ws, options.names)
    count = options.printer(pages, options.out, progress, title="联系卡" if options.part == "cards" else "公示牌")
    return Answer({"path": str(options.out), "pages": count}, (f"已写好 {options.out.name}，{count} 页",), DONE)


_PARTS: Final[dict[str, Callable[[Workspace, argparse.Namespace, Progress], Answer]]] = {
    "list": _list, "visit": _visit, "attach": _attach, "cards": _print, "boards": _print,
}  # fmt: skip
