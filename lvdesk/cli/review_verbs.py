"""The verb of the two-stage review: list, show, decide, stats, audit, and the workbook for colleagues without the program."""

import argparse
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from lvdesk.cli.output import DONE, DONE_WITH_REFUSALS, REFUSED, Answer
from lvdesk.cli.people_verbs import seated, sit
from lvdesk.kit.errors import RefusedError
from lvdesk.kit.progress import Progress
from lvdesk.kit.table import Query
from lvdesk.review.model import ACTION_TITLES, ADDRESSEES, DECISIONS, KIND_TITLES, STATE_TITLES, Action, Decided, ItemView, Kind, Request
from lvdesk.workspace import Workspace

_STAGES: Final = (
    "preparing", "blocked", "marketing", "operations", "returned", "held", "confirmed", "exported", "receipted", "agreed", "archived",
    "mine", "all",
)  # fmt: skip
_DECIDED_BY_OTHERS: Final = ("marketing", "operations")
_WORDY: Final = 40


def add_verbs(verbs: Any, common: argparse.ArgumentParser) -> None:
    """Declares the verb."""
    parts = verbs.add_parser("review", help="采录复核：营销确认、运检确认").add_subparsers(dest="part", required=True)
    listing = parts.add_parser("list", parents=[common], help="列出复核事项")
    listing.add_argument("--stage", choices=_STAGES, default="all", help="哪个环节")
    listing.add_argument("--kind", choices=[str(kind) for kind in Kind], action="append", default=[], help="只列这些类别")
    showing = parts.add_parser("show", parents=[common], help="看一项的台账值、现场值、依据和经过")
    showing.add_argument("id", type=int, metavar="ID")
    deciding = parts.add_parser("decide", parents=[common], help="通过、改后通过、退回、挂起、恢复、撤回")
    deciding.add_argument("ids", type=int, nargs="+", metavar="ID")
    deciding.add_argument("--decision", required=True, choices=[str(action) for action in DECISIONS])
    deciding.add_argument("--set", action="append", default=[], metavar="FIELD=VALUE", dest="values", help="改后通过：改成什么，可多次")
    deciding.add_argument("--reason", default="", help="退回、挂起须写原因")
    deciding.add_argument("--to", choices=list(ADDRESSEES), default="", help="退给谁")
    deciding.add_argument("--until", default="", metavar="YYYY-MM-DD", help="挂起到哪天")
    sit(deciding)
    exporting = parts.add_parser("export", parents=[common], help="把待确认的清单导出为工作簿，交给没有本程序的同事填写")
    exporting.add_argument("--stage", required=True, choices=_DECIDED_BY_OTHERS, help="待营销确认或待运检确认")
    exporting.add_argument("--out", type=Path, required=True, metavar="FILE.xlsx", help="写到哪个文件")
    taking = parts.add_parser("take", parents=[common], help="取回填好的工作簿，检查与在程序中确认相同")
    taking.add_argument("file", type=Path, metavar="FILE.xlsx")
    sit(taking)
    parts.add_parser("stats", parents=[common], help="各环节数量、各人办理数量、退回原因")
    auditing = parts.add_parser("audit", parents=[common], help="抽查已确认的事项")
    auditing.add_argument("--draw", type=float, default=None, metavar="SHARE", help="随机抽取这么大一部分，如 0.05")
    auditing.add_argument("--judge", type=int, default=None, metavar="ID", help="给出一项抽查的结论")
    auditing.add_argument("--verdict", choices=["sound", "wrong"], default="sound")
    auditing.add_argument("--note", default="")
    sit(auditing)


def review(ws: Workspace, options: argparse.Namespace, progress: Progress) -> Answer:
    """Runs one part of the verb."""
    return _PARTS[options.part](ws, options, progress)


def _list(ws: Workspace, options: argparse.Namespace, progress: Progress) -> Answer:
    from lvdesk.review import browsing, gathering, items

    gathering.refresh(ws, progress)
    scope = browsing.Scope(options.stage, frozenset(map(Kind, options.kind)), own=True)
    views = items.briefs(ws, list(browsing.table(ws, scope).ids(Query())))
    data = {"stage": options.stage, "counts": browsing.counts(ws), "items": [_item(view) for view in views]}
    return Answer(data, tuple(_line(view) for view in views) or ("没有这样的事项",), DONE)


def _show(ws: Workspace, options: argparse.Namespace, progress: Progress) -> Answer:
    from lvdesk.review import gathering, items

    gathering.refresh(ws, progress)
    view = items.view(ws, options.id)
    lines = [_line(view), *(f"  {side.title}：台账 {side.ledger or '—'}，现场 {side.field or '—'}" for side in view.sides)]
    lines += [f"  依据：{sentence}" for sentence in view.evidence]
    lines += [f"  {step.at[:16].replace('T', ' ')} {step.person} {step.stage} {step.action} {step.reason}".rstrip() for step in view.steps]
    return Answer(_item(view) | {"steps": [asdict(step) for step in view.steps]}, tuple(lines), DONE)


def _decide(ws: Workspace, options: argparse.Namespace, progress: Progress) -> Answer:
    from lvdesk.review.deciding import decide

    seated(ws, options)
    action = Action(options.decision)
    how = "desk" if len(options.ids) == 1 else "bulk"
    request = Request(tuple(options.ids), action, _values(options.values), options.reason, options.to, options.until, how=how)
    done = decide(ws, request, progress)
    return _told(done, action)


def _told(done: Decided, action: Action) -> Answer:
    states = {str(number): str(state) for number, state in done.states.items()}
    refused = [asdict(each) for each in done.refused]
    data: dict[str, Any] = {"decided": len(done.done), "refused": refused, "states": states, "entry": done.entry_id, "label": done.label}
    lines = [f"{ACTION_TITLES[action]} {len(done.done)} 项"] if done.done else []
    lines += [f"{each.id} 没有处理：{each.why}" for each in done.refused]
    if not done.done and done.refused:
        first = done.refused[0]
        data["error"] = {"code": first.code, "message": first.why, "hint": "用 review show ID 查看这一项"}
        return Answer(data, tuple(lines), REFUSED)
    return Answer(data, tuple(lines), DONE_WITH_REFUSALS if done.refused else DONE)


def _export(ws: Workspace, options: argparse.Namespace, progress: Progress) -> Answer:
    from lvdesk.review import gathering
    from lvdesk.review.book import write_book

    gathering.refresh(ws, progress)
    count = write_book(ws, options.out, options.stage, progress=progress)
    return Answer({"file": options.out, "stage": options.stage, "items": count}, (f"已导出 {count:,} 项：{options.out}",), DONE)


def _take(ws: Workspace, options: argparse.Namespace, progress: Progress) -> Answer:
    from lvdesk.review.book import take_book

    seated(ws, options)
    done = take_book(ws, options.file, progress)
    refused = [each._asdict() for each in done.refused]
    data: dict[str, Any] = {"rows": done.rows, "decided": done.decided, "unchanged": done.unchanged, "refused": refused}
    lines = [f"共 {done.rows:,} 行：已处理 {done.decided:,}，未填或无变化 {done.unchanged:,}，没有处理 {len(refused):,}"]
    lines += [f"第 {each.row} 行（编号 {each.id or '—'}）没有处理：{each.why}" for each in done.refused]
    return Answer(data | {"entries": list(done.entries)}, tuple(lines), DONE_WITH_REFUSALS if refused else DONE)


def _values(texts: Sequence[str]) -> dict[str, str]:
    values = {}
    for text in texts:
        name, sign, value = text.partition("=")
        if not sign or not name.strip():
            raise RefusedError("usage", f"--set 要写成 FIELD=VALUE，不是“{text}”", "例如 --set area_no=0968041358")
        values[name.strip()] = value.strip()
    return values


def _stats(ws: Workspace, _options: argparse.Namespace, progress: Progress) -> Answer:
    from lvdesk.review import browsing, gathering
    from lvdesk.review.stats import stats

    gathering.refresh(ws, progress)
    found = stats(ws)
    lines = [f"{title} {found.stages[stage]:,}" for stage, title in browsing.STAGES.items() if found.stages.get(stage)]
    lines += [
        f"{each.person} {each.stage}：通过 {each.confirmed}，改后通过 {each.corrected}，退回 {each.returned}" for each in found.people
    ]
    lines += [f"退回原因 {reason}：{count}" for reason, count in found.reasons]
    return Answer(asdict(found), tuple(lines), DONE)


def _audit(ws: Workspace, options: argparse.Namespace, _progress: Progress) -> Answer:
    from lvdesk.review import auditing

    seated(ws, options)
    data: dict[str, Any] = {}
    if options.draw is not None:
        data["drawn"], _ = auditing.draw(ws, options.draw)
    if options.judge is not None:
        auditing.judge(ws, options.judge, options.verdict, options.note)
    audits = auditing.listed(ws)
    data["audits"] = [asdict(each) for each in audits]
    lines = [f"{each.id} {each.title} {auditing.VERDICTS[each.verdict]} {each.note}".rstrip() for each in audits]
    return Answer(data, tuple(lines) or ("没有抽查",), DONE)


def _item(view: ItemView) -> dict[str, Any]:
    return {
        "id": view.id, "state": str(view.state), "state_title": STATE_TITLES[view.state], "class": str(view.kind),
        "class_title": KIND_TITLES[view.kind], "entity": view.entity, "key": view.key, "title": view.title, "area_no": view.area_no,
        "area": view.area_name, "values": [
            {"field": side.place, "title": side.title, "ledger": side.ledger, "field_value": side.field, "accepted": side.accepted,
             "differs": side.decisive} for side in view.sides
        ],
        "evidence": list(view.evidence), "file": view.file, "sheet": view.sheet, "row": view.row, "package": view.package_no,
        "entered_by": list(view.entered_by), "blocked": view.blocked, "marketing": view.marketing, "operations": view.operations,
        "returns": view.returns, "reason": view.reason, "to": view.addressee, "until": view.until, "version": view.version,
        "photos": len(view.photos),
    }  # fmt: skip


def _line(view: ItemView) -> str:
    differing = [side for side in view.sides if side.decisive] or list(view.sides)
    said = "；".join(f"{side.title} {side.ledger or '—'} → {side.field or '—'}" for side in differing)
    said = said if len(said) <= _WORDY * 2 else said[: _WORDY * 2] + "…"
    why = f"（{view.blocked or view.reason}）" if view.blocked or view.reason else ""
    return f"{view.id}  {STATE_TITLES[view.state]}  {KIND_TITLES[view.kind]}  {view.title} {view.key}  {said}{why}"


_PARTS: Final[dict[str, Callable[[Workspace, argparse.Namespace, Progress], Answer]]] = {
    "list": _list, "show": _show, "decide": _decide, "export": _export, "take": _take, "stats": _stats, "audit": _audit,
}  # fmt: skip
