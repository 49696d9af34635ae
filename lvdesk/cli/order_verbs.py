"""The verb of the work orders: made, listed, moved, planned, printed, brought back."""

import argparse
from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from lvdesk.cli.output import DONE, DONE_WITH_REFUSALS, Answer
from lvdesk.cli.people_verbs import seated, sit
from lvdesk.kit.errors import RefusedError
from lvdesk.kit.progress import Progress
from lvdesk.workspace import Workspace

if TYPE_CHECKING:
    from lvdesk.workorders.creating import Created
    from lvdesk.workorders.reading import Order

_ENTITIES: Final = ("customer", "box", "area", "feeder")
_GIVEN: Final = (
    ("title", "事项"), ("source-no", "来源编号"), ("zone", "urban、rural、remote"), ("address", "地址"), ("contact", "联系人"),
    ("phone", "电话"), ("note", "说明"), ("at", "受理时间，ISO"), ("responsible", "负责人，默认按网格"),
)  # fmt: skip
_NAMES: Final = {"box": "meter_box", "area": "transformer_area"}


def add_verbs(verbs: Any, common: argparse.ArgumentParser) -> None:
    """Declares the verb."""
    parts = verbs.add_parser("orders", help="工单：受理、派单、处理、归档").add_subparsers(dest="part", required=True)
    creating = parts.add_parser("create", parents=[common], help="建立工单：create 类型 --area 台区 --title 事项")
    creating.add_argument("kind", nargs="?", default="")
    for name in _ENTITIES:
        creating.add_argument(f"--{name}", default="")
    for name, title in _GIVEN:
        creating.add_argument(f"--{name}", default="", help=title)
    creating.add_argument("--source", default="自查")
    creating.add_argument("--task", action="append", default=[], metavar="种类=内容", help="任务，可多次")
    creating.add_argument("--from", dest="origin", choices=("findings", "receipts", "cases"), help="由检查错误、退回待办、异动生成")
    importing = parts.add_parser("import", parents=[common], help="导入工单表")
    importing.add_argument("file", type=Path)
    listing = parts.add_parser("list", parents=[common], help="列出工单")
    listing.add_argument("--state", action="append", default=[])
    listing.add_argument("--for", dest="worker", default="", metavar="NAME", help="负责或协同的人")
    listing.add_argument("--grid", default="")
    listing.add_argument("--kind", action="append", default=[])
    listing.add_argument("--words", default="")
    listing.add_argument("--late", action="store_true", help="只看超期的")
    listing.add_argument("--all", action="store_true", help="包括已归档、作废、合并的")
    showing = parts.add_parser("show", parents=[common], help="一张工单的经过和时限")
    for parser in (listing, showing):
        parser.add_argument("--at", default="", help="某一时刻的样子，ISO")
    showing.add_argument("order")
    _add_moving(parts, common)
    _add_paper(parts, common)


def _add_moving(parts: Any, common: argparse.ArgumentParser) -> None:
    assigning = parts.add_parser("assign", parents=[common], help="派单或转派：assign 人 工单…")
    assigning.add_argument("worker", metavar="人")
    moving = parts.add_parser(
        "move", parents=[common], help="流转：move 动作 工单…，动作如 accept take arrive work finish suspend resume help"
    )
    moving.add_argument("action")
    closing = parts.add_parser("close", parents=[common], help="完成并归档")
    escalating = parts.add_parser("escalate", parents=[common], help="升级到上一级")
    for parser in (assigning, moving, closing, escalating):
        parser.add_argument("orders", nargs="+")
        parser.add_argument("--reason", default="")
        parser.add_argument("--at", default="", help="发生时间，ISO，默认现在")
        sit(parser)
    moving.add_argument("--to", default="", help="对象：姓名，多个用、隔开")
    closing.add_argument("--satisfaction", default="")
    proving = parts.add_parser("prove", parents=[common], help="凭证：prove 工单 种类 [--value 内容] [--file 照片]")
    proving.add_argument("order")
    proving.add_argument("kind")
    proving.add_argument("--value", default="")
    proving.add_argument("--file", type=Path)
    tasking = parts.add_parser("task", parents=[common], help="完成任务：task 工单 序号")
    tasking.add_argument("order")
    tasking.add_argument("position", type=int)
    tasking.add_argument("--result", default="")
    for parser in (proving, tasking):
        sit(parser)


def _add_paper(parts: Any, common: argparse.ArgumentParser) -> None:
    planning = parts.add_parser("plan", parents=[common], help="行程：同一地点的工单合在一趟；--for 某人的一天")
    planning.add_argument("--for", dest="worker", default="", metavar="NAME")
    planning.add_argument("--out", type=Path, help="行程单 PDF")
    printing = parts.add_parser("slips", parents=[common], help="打印派工单")
    printing.add_argument("orders", nargs="+")
    printing.add_argument("--out", type=Path, required=True, help="PDF 文件")
    taking = parts.add_parser("return", parents=[common], help="拍照或扫描的派工单")
    taking.add_argument("files", nargs="+", type=Path)
    helping = parts.add_parser("candidates", parents=[common], help="派给谁好")
    helping.add_argument("order")


def orders(ws: Workspace, options: argparse.Namespace, progress: Progress) -> Answer:
    """Runs one part of the verb."""
    if hasattr(options, "who"):
        seated(ws, options)
    return _PARTS[options.part](ws, options, progress)


def _create(ws: Workspace, options: argparse.Namespace, _progress: Progress) -> Answer:
    from lvdesk.workorders import sourcing
    from lvdesk.workorders.creating import NewOrder, create

    if options.origin:
        return _made(
            {"findings": sourcing.from_findings, "receipts": sourcing.from_receipts, "cases": sourcing.from_cases}[options.origin](ws)
        )
    entity = next((name for name in _ENTITIES if getattr(options, name)), "")
    tasks = tuple((kind, what) for kind, _sign, what in (text.partition("=") for text in options.task))
    new = NewOrder(
        options.kind, options.title, _NAMES.get(entity, entity), getattr(options, entity) if entity else "", options.source,
        options.source_no, options.zone, options.address, options.contact, options.phone, options.note, tasks, "", options.at,
        options.responsible,
    )  # fmt: skip
    return _made(create(ws, [new]))


def _import(ws: Workspace, options: argparse.Namespace, progress: Progress) -> Answer:
    from lvdesk.workorders.sourcing import from_book

    return _made(from_book(ws, options.file, progress))


def _made(created: "Created") -> Answer:
    lines = [f"{number}" + (f"（并入 {created.merged[number]}）" if number in created.merged else "") for number in created.numbers]
    lines += [f"已有未关闭的工单 {number}" for number in created.known[:5]]
    data = {"orders": list(created.numbers), "merged": dict(created.merged), "known": list(created.known)}
    return Answer(data, (*lines, f"建立 {len(created.numbers)} 张工单"), DONE)


def _list(ws: Workspace, options: argparse.Namespace, _progress: Progress) -> Answer:
    from lvdesk.organisation.state import state, today
    from lvdesk.workorders.reading import Scope, at_moment
    from lvdesk.workorders.reading import orders as read

    areas = None
    if options.grid:
        areas = tuple(area for area, grid in state(ws).grid_of(today(ws)).items() if grid == options.grid)
    scope = Scope(
        states=tuple(options.state), open_only=not (options.all or options.state or options.at), person=options.worker, areas=areas,
        kinds=tuple(options.kind), words=options.words,
    )  # fmt: skip
    found = read(ws, scope)
    if options.at:
        then = _moment(options.at)
        found = [past for each in found if (past := at_moment(each, then, ws)) is not None]
    found = [each for each in found if each.late] if options.late else found
    lines = [f"{each.order_no}  {each.state_title}  {each.kind_title}  {each.title}  {each.responsible}  {_clock(each)}" for each in found]
    return Answer({"orders": [_brief(each) for each in found]}, tuple(lines) or ("没有工单",), DONE)


def _show(ws: Workspace, options: argparse.Namespace, _progress: Progress) -> Answer:
    from lvdesk.workorders.model import ACTION_TITLES
    from lvdesk.workorders.reading import at_moment, order

    found = order(ws, options.order)
    if options.at:
        past = at_moment(found, _moment(options.at), ws)
        if past is None:
            raise RefusedError("orders.time", f"{found.order_no} 那时还没有受理", f"受理时间 {found.created_at}")
        found = past
    lines = [
        f"{found.order_no}  {found.state_title}  {found.title}",
        f"负责 {found.responsible}  {'、'.join(found.helpers)}",
        _clock(found),
    ]
    lines += [f"任务 {task.position} {task.kind}：{task.what} {'✓' if task.done_at else ''}" for task in found.tasks]
    lines += [f"{each.at[:16]}  {ACTION_TITLES[each.action]}  {each.person} {each.target} {each.reason}".rstrip() for each in found.events]
    data = {**_brief(found), "tasks": [asdict(each) for each in found.tasks], "events": [asdict(each) for each in found.events],
            "evidence": [asdict(each) for each in found.evidence]}  # fmt: skip
    return Answer(data, tuple(lines), DONE)


def _brief(each: "Order") -> dict[str, Any]:
    clocks = [
        {**asdict(clock), "started": _iso(clock.started), "due": _iso(clock.due), "stopped": _iso(clock.stopped)} for clock in each.clocks
    ]
    names = ("order_no", "kind", "title", "source", "zone", "entity", "key", "area_no", "responsible", "level", "visits", "reopened",
             "merged_into", "created_at", "origin")  # fmt: skip
    return {name: getattr(each, name) for name in names} | {
        "state": str(each.state), "state_title": each.state_title, "helpers": list(each.helpers), "colour": each.colour, "late": each.late,
        "clocks": clocks,
    }  # fmt: skip


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat(timespec="seconds") if moment is not None else None


def _clock(each: "Order") -> str:
    running = each.worst
    if running is None or running.due is None:
        return "超期" if each.late else ""
    return f"{running.title} {running.due:%m-%d %H:%M} 前{'（已超期）' if running.late else ''}"


def _moment(text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text)
        if found.tzinfo is None:
            found = found.astimezone()
    except ValueError as error:
        raise RefusedError("orders.time", f"时间“{text}”写错", "写成 2026-11-24T09:30:00+08:00") from error
    return found


def _assign(ws: Workspace, options: argparse.Namespace, _progress: Progress) -> Answer:
    from lvdesk.workorders.model import Action, Request, State
    from lvdesk.workorders.moving import act
    from lvdesk.workorders.reading import order

    first = order(ws, options.orders[0])
    action = Action.DISPATCH if first.state in {State.PENDING, State.WAITING} else Action.TRANSFER
    reason = options.reason or ("派单" if action is Action.DISPATCH else "")
    return _acted(act(ws, options.orders, Request(action, options.worker, reason, options.at)), f"已派给 {options.worker}")


def _move(ws: Workspace, options: argparse.Namespace, _progress: Progress) -> Answer:
    from lvdesk.workorders.model import ACTION_TITLES, Action, Request
    from lvdesk.workorders.moving import act

    action = next((each for each in Action if options.action in {str(each), ACTION_TITLES[each]}), None)
    if action is None:
        raise RefusedError("usage", f"没有动作“{options.action}”", f"可用的有：{'、'.join(map(str, Action))}")
    return _acted(act(ws, options.orders, Request(action, options.to, options.reason, options.at)), ACTION_TITLES[action])


def _close(ws: Workspace, options: argparse.Namespace, _progress: Progress) -> Answer:
    from lvdesk.workorders.model import Action, Request, State
    from lvdesk.workorders.moving import act
    from lvdesk.workorders.reading import order

    for number in options.orders:
        if order(ws, number).state in {State.ARRIVED, State.WORKING}:
            act(ws, [number], Request(Action.FINISH, at=options.at))
    request = Request(Action.ARCHIVE, reason=options.reason, at=options.at, satisfaction=options.satisfaction)
    return _acted(act(ws, options.orders, request), "已归档")


def _escalate(ws: Workspace, options: argparse.Namespace, _progress: Progress) -> Answer:
    from lvdesk.workorders.model import Action, Request
    from lvdesk.workorders.moving import act

    return _acted(act(ws, options.orders, Request(Action.ESCALATE, reason=options.reason, at=options.at)), "已升级")


def _acted(acted: Any, words: str) -> Answer:
    lines = [f"{words}：{number}" for number in acted.done] + [f"{number}：{why}" for number, why in acted.refused.items()]
    return Answer({"done": list(acted.done), "refused": dict(acted.refused)}, tuple(lines), DONE_WITH_REFUSALS if acted.refused else DONE)


def _prove(ws: Workspace, options: argparse.Namespace, _progress: Progress) -> Answer:
    from lvdesk.workorders.moving import prove

    prove(ws, options.order, options.kind, options.value, options.file)
    return Answer({"order": options.order}, (f"已添加凭证 {options.order}",), DONE)


def _task(ws: Workspace, options: argparse.Namespace, _progress: Progress) -> Answer:
    from lvdesk.workorders.moving import finish_task

    finish_task(ws, options.order, options.position, options.result)
    return Answer({"order": options.order}, (f"任务 {options.position} 已完成",), DONE)


def _plan(ws: Workspace, options: argparse.Namespace, progress: Progress) -> Answer:
    from lvdesk.workorders.dispatching import trips
    from lvdesk.workorders.paper import trip_sheets
    from lvdesk.workorders.reading import Scope
    from lvdesk.workorders.reading import orders as read

    found = [each for each in trips(ws) if not options.worker or each.person == options.worker]
    data: dict[str, Any] = {"trips": [asdict(each) for each in found]}
    lines = [f"{each.person}：{len(each.orders)} 张工单，{len(each.stops)} 处，约 {each.metres / 1000:.1f} km" for each in found]
    if options.out and found:
        data["pages"] = _printed(options, trip_sheets(ws, found, read(ws, Scope(open_only=True))), progress, "行程单")
    return Answer(data, tuple(lines) or ("没有待办的工单",), DONE)


def _slips(ws: Workspace, options: argparse.Namespace, progress: Progress) -> Answer:
    from lvdesk.workorders.paper import slips
    from lvdesk.workorders.reading import order

    count = _printed(options, slips(ws, [order(ws, number) for number in options.orders]), progress, "派工单")
    return Answer({"path": str(options.out), "pages": count}, (f"已写好 {options.out.name}，{count} 页",), DONE)


def _printed(options: argparse.Namespace, pages: Any, progress: Progress, title: str) -> int:
    if options.printer is None:
        raise RefusedError("print.no_painter", "这个程序不能打印", "请用 main.py 运行")
    return int(options.printer(pages, options.out, progress, title=title))


def _return(ws: Workspace, options: argparse.Namespace, progress: Progress) -> Answer:
    from lvdesk.workorders.slips import take_slips

    found = take_slips(ws, options.files, progress).slips
    said = [each.why or f"{each.order_no} {'、'.join(each.done) or '没有新的内容'}" for each in found]
    lines = [f"{Path(each.path).name}：{words}" for each, words in zip(found, said, strict=True)]
    return Answer(
        {"slips": [asdict(each) for each in found]}, tuple(lines), DONE_WITH_REFUSALS if any(each.why for each in found) else DONE
    )


def _candidates(ws: Workspace, options: argparse.Namespace, _progress: Progress) -> Answer:
    from lvdesk.workorders.dispatching import candidates
    from lvdesk.workorders.reading import order

    found = candidates(ws, order(ws, options.order))
    lines = [f"{each.name}  {each.points:g}  {'，'.join(each.reasons)}" for each in found]
    return Answer({"candidates": [asdict(each) for each in found]}, tuple(lines) or ("没有在岗的人员",), DONE)


_PARTS: Final[dict[str, Callable[[Workspace, argparse.Namespace, Progress], Answer]]] = {
    "create": _create, "import": _import, "list": _list, "show": _show, "assign": _assign, "move": _move, "close": _close,
    "escalate": _escalate, "prove": _prove, "task": _task, "plan": _plan, "slips": _slips, "return": _return, "candidates": _candidates,
}  # fmt: skip
