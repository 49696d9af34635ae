"""The verb of the desk check: propose, mark, unmark, progress."""

import argparse
import sys
import unicodedata
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from lvdesk.cli.output import Answer
from lvdesk.kit.errors import KnownError, RefusedError
from lvdesk.kit.progress import Progress
from lvdesk.ledger.deskcheck_model import STRENGTHS, Candidate, Marked
from lvdesk.tabular.encodings import detect, texts
from lvdesk.workspace import Workspace

_SHOWN: Final = 50
_STDIN: Final = "-"
_FILE: Final = "@"
_SEPARATORS: Final = str.maketrans(dict.fromkeys("\t,，;；、", " "))
_QUOTES: Final = "'\"“”‘’\ufeff\u200b"


def add_verbs(verbs: Any, common: argparse.ArgumentParser) -> None:
    """Declares the verb."""
    desk = verbs.add_parser("deskcheck", parents=[common], help="室内核实：查找、标注销户用户")
    steps = desk.add_subparsers(dest="step", required=True, parser_class=type(common))
    proposing = steps.add_parser("propose", parents=[common], help="列出销户候选及依据")
    proposing.add_argument("--feeder", help="只看一条线路：编号或名称")
    numbers = {"nargs": "*", "metavar": "CUSTOMER_NO", "help": "户号；“-”从标准输入读，“@文件”从文本文件读，每行一个"}
    marking = steps.add_parser("mark", parents=[common], help="标注核实结论")
    marking.add_argument("customers", **numbers)
    marking.add_argument("--verdict", required=True, help="核实结论，如 确认销户")
    marking.add_argument("--reason", required=True, help="原因")
    unmarking = steps.add_parser("unmark", parents=[common], help="撤销标注")
    unmarking.add_argument("customers", **numbers)
    steps.add_parser("progress", parents=[common], help="各线路的核实进度")


def deskcheck(ws: Workspace, options: argparse.Namespace, progress: Progress) -> Answer:
    """Runs one step."""
    from lvdesk.ledger import deskcheck as service

    if options.step == "propose":
        return _propose(ws, options, progress)
    if options.step == "progress":
        rows = [asdict(each) for each in service.progress_by_feeder(ws, progress)]
        said = [f"{r['name']}：{r['customers']} 户，候选 {r['candidates']}，已标注 {r['marked']}，待核实 {r['open']}" for r in rows]
        return Answer({"feeders": rows}, tuple(said))
    customers = numbers_of(options.customers)
    if options.step == "mark":
        return _told(service.mark(ws, customers, options.verdict, options.reason, progress), "已标注", "结论相同")
    return _told(service.unmark(ws, customers, progress), "已撤销标注", "原来没有标注")


def _propose(ws: Workspace, options: argparse.Namespace, progress: Progress) -> Answer:
    from lvdesk.ledger import deskcheck as service

    candidates = service.candidates(ws, progress)
    found = list(candidates.items(candidates.feeder_of(options.feeder) if options.feeder else None))
    counts = {str(strength): sum(each.strength == strength for each in found) for strength in list(STRENGTHS)[:3]}
    data = {"candidates": [_candidate(each) for each in found], "counts": counts, "open": sum(each.mark is None for each in found)}
    lines = [
        f"{each.customer_no}  {each.name}  {STRENGTHS[each.strength]}  {'；'.join(e.text for e in each.evidence)}"
        for each in found[:_SHOWN]
    ]
    more = [f"另有 {len(found) - _SHOWN} 户，详见 --json"] if len(found) > _SHOWN else []
    return Answer(data, (f"共 {len(found)} 户候选", *lines, *more))


def _candidate(each: Candidate) -> dict[str, Any]:
    return {
        "customer_no": each.customer_no, "name": each.name, "address": each.address, "area": each.area_no, "area_name": each.area_name,
        "feeder": each.feeder_no, "feeder_name": each.feeder_name, "status": each.status, "meter": each.meter, "box": each.box,
        "evidence": [e.text for e in each.evidence], "sources": [asdict(e) for e in each.evidence], "strength": str(each.strength),
        "suggested": each.suggested, "verdict": each.mark.verdict if each.mark else "", "reason": each.mark.reason if each.mark else "",
    }  # fmt: skip


def _told(done: Marked, what: str, same: str) -> Answer:
    count = done.marked + done.changed_verdicts
    changed = f"（其中 {done.changed_verdicts} 户改判）" if done.changed_verdicts else ""
    rest = f"，{done.unchanged} 户{same}" if done.unchanged else ""
    data = {"marked": done.marked, "changed": done.changed_verdicts, "unchanged": done.unchanged, "label": done.label}
    return Answer(data, (f"{what} {count} 户{changed}{rest}",))


def numbers_of(words: Sequence[str]) -> list[str]:
    """Customer numbers as given: themselves, ``-`` for standard input, ``@FILE`` for a text file.

    Raises:
        KnownError: ``file.unreadable``; RefusedError: ``deskcheck.none`` when there are none.
    """
    found: list[str] = []
    for word in words:
        if word == _STDIN:
            found += copied(sys.stdin.read())
        elif word.startswith(_FILE):
            found += copied(_text(Path(word.removeprefix(_FILE))))
        else:
            found += copied(word)
    if not found:
        raise RefusedError("deskcheck.none", "没有给出户号", "请给出户号，或用“-”从标准输入、“@文件”从文本文件读取")
    return list(dict.fromkeys(found))


def copied(text: str) -> list[str]:
    """Customer numbers in text copied from a spreadsheet: the first column where there are others, without its heading."""
    found: list[str] = []
    for line in text.splitlines():
        cells = [cell.strip(_QUOTES) for cell in unicodedata.normalize("NFKC", line).translate(_SEPARATORS).split()]
        cells = [cell for cell in cells if cell]
        if not cells or (not found and not any(character.isdigit() for character in cells[0])):
            continue
        found += cells if all(cell.isdigit() for cell in cells) else cells[:1]
    return found


def _text(path: Path) -> str:
    try:
        return "".join(texts(path, detect(path)))
    except OSError as error:
        raise KnownError("file.unreadable", f"无法读取 {path}：{error.strerror or error}", "请检查文件名和权限") from error
