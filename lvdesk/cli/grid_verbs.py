"""The verb of the grids: what they are, who is responsible, what is lacking, proposals for their division, paper."""

import argparse
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from lvdesk.cli.output import DONE, DONE_WITH_REFUSALS, Answer
from lvdesk.kit.errors import RefusedError
from lvdesk.kit.progress import Progress
from lvdesk.workspace import Workspace

_SECONDS: Final = 40.0


def add_verbs(verbs: Any, common: argparse.ArgumentParser) -> None:
    """Declares the verb."""
    parts = verbs.add_parser("grids", help="网格：台区、责任人、划分方案").add_subparsers(dest="part", required=True)
    listing = parts.add_parser("list", parents=[common], help="网格与工作量")
    checking = parts.add_parser("check", parents=[common], help="缺什么：没有网格的台区、没有网格长的网格、过重过轻")
    for parser in (listing, checking):
        parser.add_argument("--day", default="", help="哪一天，默认今天")
    creating = parts.add_parser("create", parents=[common], help="建立网格：create 编号 名称")
    creating.add_argument("grid")
    creating.add_argument("name")
    assigning = parts.add_parser("assign", parents=[common], help="把台区划入网格：assign 网格 台区…")
    assigning.add_argument("grid")
    assigning.add_argument("areas", nargs="+")
    leading = parts.add_parser("leader", parents=[common], help="指定网格长：leader 网格 姓名")
    managing = parts.add_parser("manager", parents=[common], help="指定客户经理：manager 网格 姓名 [--area 台区…] [--specialty 专业]")
    for parser in (leading, managing):
        parser.add_argument("grid")
        parser.add_argument("name")
    managing.add_argument("--area", nargs="*", default=[], dest="areas")
    managing.add_argument("--specialty", default="")
    for parser in (creating, assigning, leading, managing):
        parser.add_argument("--since", default="", help="从哪天起，默认今天")
    _add_proposing(parts, common)
    papering = parts.add_parser("paper", parents=[common], help="打印：台区档案、交接单、网格图")
    papering.add_argument("kind", choices=("area", "handover", "map"))
    papering.add_argument("--area", nargs="*", default=[], dest="areas", help="台区编号")
    papering.add_argument("--name", default="", help="交接：交出的人")
    papering.add_argument("--to", default="", help="交接：接手的人")
    papering.add_argument("--out", type=Path, required=True, help="PDF 文件")


def _add_proposing(parts: Any, common: argparse.ArgumentParser) -> None:
    parser = parts.add_parser("propose", parents=[common], help="划分方案：本所台区，或 --points 点.csv --max-load 上限")
    parser.add_argument("--points", type=Path, help="点的 csv：key,x_m,y_m,load")
    parser.add_argument("--grids", type=int, default=0, help="网格数；不给则从现有网格调整")
    parser.add_argument("--max-load", type=float, default=0.0, help="负荷上限：点为每个网格，本所为人均")
    parser.add_argument("--min-load", type=float, default=0.0, help="人均负荷下限")
    parser.add_argument("--max-moves", type=int, default=0, help="最多移动几个台区，默认给出几种")
    parser.add_argument("--lock", nargs="*", default=[], help="不动的台区或网格")
    parser.add_argument("--islands", action="store_true", help="允许飞地")
    parser.add_argument("--weight", action="append", default=[], metavar="FACTOR=数", help="因素权重，如 workload=5")
    parser.add_argument("--adopt", type=int, default=0, metavar="N", help="采用第几个方案")
    parser.add_argument("--seconds", type=float, default=_SECONDS, help=f"点最多算多少秒，默认 {_SECONDS:g}")


def grids(ws: Workspace, options: argparse.Namespace, progress: Progress) -> Answer:
    """Runs one part of the verb."""
    return _PARTS[options.part](ws, options, progress)


def _list(ws: Workspace, options: argparse.Namespace, _progress: Progress) -> Answer:
    from lvdesk.organisation.grids import picture

    seen = picture(ws, options.day)
    lines = [
        f"{each.grid_no}  {each.name}  网格长 {each.leader or '（缺）'}  {len(each.areas)} 台区  {each.customers:,} 户  {each.share:.2f}"
        for each in seen.grids
    ]
    return Answer({"day": seen.day, "grids": [asdict(each) for each in seen.grids]}, tuple(lines) or ("还没有网格",), DONE)


def _check(ws: Workspace, options: argparse.Namespace, _progress: Progress) -> Answer:
    from lvdesk.organisation.grids import picture

    found = picture(ws, options.day).lacks
    lines = tuple(each.message for each in found) or ("网格、责任人齐全",)
    return Answer({"lacks": [asdict(each) for each in found]}, lines, DONE_WITH_REFUSALS if found else DONE)


def _create(ws: Workspace, options: argparse.Namespace, _progress: Progress) -> Answer:
    from lvdesk.organisation.grids import create

    return _told(create(ws, options.grid, options.name, options.since), f"已建立网格 {options.grid} {options.name}")


def _assign(ws: Workspace, options: argparse.Namespace, _progress: Progress) -> Answer:
    from lvdesk.organisation.grids import assign

    return _told(assign(ws, options.grid, options.areas, options.since), f"{len(set(options.areas))} 个台区划入 {options.grid}")


def _leader(ws: Workspace, options: argparse.Namespace, _progress: Progress) -> Answer:
    from lvdesk.organisation.grids import set_leader

    return _told(set_leader(ws, options.grid, options.name, options.since), f"{options.name} 任 {options.grid} 网格长")


def _manager(ws: Workspace, options: argparse.Namespace, _progress: Progress) -> Answer:
    from lvdesk.organisation.grids import set_manager

    done = set_manager(ws, options.grid, options.name, options.areas, options.specialty, options.since)
    return _told(done, f"{options.name} 任 {options.grid} 客户经理")


def _told(applied: Any, words: str) -> Answer:
    text = words if applied.rows else f"{words}（本来就是，没有改动）"
    return Answer({"new": applied.new, "changed": applied.changed, "removed": applied.removed}, (text,), DONE)


def _propose(ws: Workspace, options: argparse.Namespace, progress: Progress) -> Answer:
    return _points(options, progress) if options.points else _station(ws, options, progress)


def _points(options: argparse.Namespace, progress: Progress) -> Answer:
    """Divides points into grids with the least way to their centres."""
    from lvdesk.organisation.division.dividing import divide
    from lvdesk.organisation.division.points import read_points

    points = read_points(options.points)
    if not options.max_load:
        raise RefusedError("usage", "没有给出每个网格的负荷上限", "请加上 --max-load 上限")
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


def _station(ws: Workspace, options: argparse.Namespace, progress: Progress) -> Answer:
    from lvdesk.organisation.division.station import Wish, adopt, propose

    wish = Wish(
        options.grids, options.max_moves, frozenset(options.lock), options.min_load, options.max_load, options.islands,
        _weights(options.weight),
    )  # fmt: skip
    found = propose(ws, wish, progress)
    data, lines = [], []
    for place, each in enumerate(found.proposals, 1):
        assignment = {key: found.grid_nos[grid] for key, grid in zip(found.plan.keys, each.grid, strict=True)}
        data.append({
            "moves": [asdict(move) for move in each.moves], "before": asdict(each.before), "after": asdict(each.after),
            "binding": list(each.binding), "assignment": assignment,
        })  # fmt: skip
        count = f"移动 {len(each.moves)} 个台区" if each.moves else f"{len(found.plan.keys)} 个台区从头划分"
        lines.append(
            f"方案 {place}：{count}，最重 {each.before.balance:.2f}→{each.after.balance:.2f} 倍，"
            f"{each.before.kilometres:,.0f}→{each.after.kilometres:,.0f} km/月"
        )
        lines += [f"  {move.says}" for move in each.moves] + [f"  {text}" for text in each.binding]
    answer: dict[str, Any] = {"grids": list(found.grid_nos), "proposals": data}
    if options.adopt:
        if options.adopt > len(found.proposals):
            raise RefusedError("grids.no_proposal", f"没有方案 {options.adopt}", f"共有 {len(found.proposals)} 个方案")
        answer["adopted"] = adopt(ws, found, options.adopt - 1).rows
        lines.append(f"已采用方案 {options.adopt}")
    return Answer(answer, tuple(lines), DONE_WITH_REFUSALS if any(each.binding for each in found.proposals) else DONE)


def _weights(given: list[str]) -> dict[str, float]:
    found = {}
    for text in given:
        name, _sign, number = text.partition("=")
        try:
            found[name] = float(number)
        except ValueError as error:
            raise RefusedError("grids.weights", f"权重“{text}”不是 因素=数", "如 --weight workload=5") from error
    return found


def _paper(ws: Workspace, options: argparse.Namespace, progress: Progress) -> Answer:
    from lvdesk.organisation.paper.areas import area_files
    from lvdesk.organisation.paper.handover import handover
    from lvdesk.organisation.paper.map import map_page

    if options.printer is None:
        raise RefusedError("print.no_painter", "这个程序不能打印", "请用 main.py 运行")
    if options.kind == "area":
        pages = area_files(ws, options.areas)
    elif options.kind == "handover":
        pages = handover(ws, options.name, options.to)
    else:
        pages = map_page(ws)
    count = options.printer(pages, options.out, progress, title="网格")
    return Answer({"path": str(options.out), "pages": count}, (f"已写好 {options.out.name}，{count} 页",), DONE)


_PARTS: Final[dict[str, Callable[[Workspace, argparse.Namespace, Progress], Answer]]] = {
    "list": _list, "check": _check, "create": _create, "assign": _assign, "leader": _leader, "manager": _manager, "propose": _propose,
    "paper": _paper,
}  # fmt: skip
