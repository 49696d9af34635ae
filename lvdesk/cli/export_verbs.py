"""The verb of exports: to the marketing system, the GIS, as CIM/XML; what would leave; packages that left."""

import argparse
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from lvdesk.cli.output import DONE, DONE_WITH_REFUSALS, Answer
from lvdesk.cli.people_verbs import seated, sit
from lvdesk.kit.progress import Progress
from lvdesk.workspace import Workspace

if TYPE_CHECKING:
    from lvdesk.exchange.packages import PackageView

_SYSTEMS: Final = ("marketing", "gis", "cim")
_SHOWN: Final = 20


def add_verbs(verbs: Any, common: argparse.ArgumentParser) -> None:
    """Declares the verb."""
    parts = verbs.add_parser("export", help="导出给营销系统、GIS，或导出 CIM/XML").add_subparsers(dest="part", required=True)
    for system in _SYSTEMS:
        issuing = parts.add_parser(system, parents=[common], help=f"导出一包（{system}）")
        issuing.add_argument("--out", type=Path, required=True, help="目标文件夹，其中新建这一包的文件夹")
        issuing.add_argument("--test", action="store_true", help="测试导出：不论是否确认，文件中注明测试，不计入归档")
        _about(issuing)
        sit(issuing)
    looking = parts.add_parser("check", parents=[common], help="导出前检查：会导出什么、暂缓什么、接收方可能退回什么")
    looking.add_argument("system", choices=_SYSTEMS)
    looking.add_argument("--draft", type=Path, default=None, metavar="FILE.xlsx", help="把缺项清单写成工作簿")
    _about(looking)
    parts.add_parser("list", parents=[common], help="列出已导出的包")
    showing = parts.add_parser("show", parents=[common], help="看一包的清单")
    showing.add_argument("number", metavar="NUMBER")
    copying = parts.add_parser("copy", parents=[common], help="把归档的一包再取出一份")
    copying.add_argument("number", metavar="NUMBER")
    copying.add_argument("--out", type=Path, required=True, help="目标文件夹")


def _about(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--format", default="", help="格式：xlsx、gpkg、shp、geojson、xml；不填为该系统的第一种")
    parser.add_argument("--feeder", action="append", default=[], metavar="NO", help="只导出这些线路，可多次")
    parser.add_argument("--area", action="append", default=[], metavar="NO", help="只导出这些台区，可多次")
    parser.add_argument("--purpose", default="", help="需要个人信息的用途；不填则 GIS、CIM 文件中没有姓名、地址、电话")
    parser.add_argument("--template", type=Path, default=None, metavar="FILE.xlsx", help="用接收方自己的空白工作簿")
    parser.add_argument("--crs", default="EPSG:4490", help="坐标系：EPSG:4490 或 CGCS2000 的高斯-克吕格投影")


def export(ws: Workspace, options: argparse.Namespace, progress: Progress) -> Answer:
    """Runs one part of the verb."""
    return _PARTS.get(options.part, _issue)(ws, options, progress)


def _request(options: argparse.Namespace, system: str, folder: Path) -> Any:
    from lvdesk.exchange.model import ExportRequest, Options, Scope, System

    scope = Scope(tuple(options.feeder), tuple(options.area))
    chosen = Options(options.template, options.crs, options.purpose.strip())
    return ExportRequest(System(system), folder, options.format, scope, chosen, getattr(options, "test", False))


def _issue(ws: Workspace, options: argparse.Namespace, progress: Progress) -> Answer:
    from lvdesk.exchange.exports import export as issue

    seated(ws, options)
    manifest = issue(ws, _request(options, options.part, options.out.resolve()), progress)
    lines = [f"已写出 {file.path}，{file.rows} 行" for file in manifest.files]
    if manifest.folder is None:
        lines.append("没有可以导出的记录：只有现场已采录、两级都已确认、没有未处理错误的记录才能导出")
    elif manifest.number:
        lines.append(f"导出包 {manifest.number}：比上一包新增 {manifest.added}、变更 {manifest.changed}、移除 {manifest.removed}")
    lines += [f"暂缓 {count} 条：{why}" for why, count in Counter(each.general for each in manifest.held_back).most_common(_SHOWN)]
    return Answer(asdict(manifest), tuple(lines), DONE if manifest.folder else DONE_WITH_REFUSALS)


def _check(ws: Workspace, options: argparse.Namespace, progress: Progress) -> Answer:
    from lvdesk.exchange import preflight

    seen = preflight.look(ws, _request(options, options.system, Path()), progress)
    if options.draft is not None:
        preflight.draft(ws, seen, options.draft.resolve())
    lines = [f"可以导出 {seen.records} 条，暂缓 {len(seen.held)} 条"]
    lines += [f"暂缓 {why.count} 条：{why.why}（{preflight.STEPS[why.step]}）" for why in seen.reasons]
    lines += [f"接收方可能退回 {reject.count} 条：{reject.why}" for reject in seen.rejects]
    lines += [f"台区 {area.area_name} {area.area_no}：{area.ready}/{area.total}" for area in seen.areas[:_SHOWN]]
    return Answer(asdict(seen) | {"records": seen.records}, tuple(lines), DONE)


def _list(ws: Workspace, _options: argparse.Namespace, _progress: Progress) -> Answer:
    from lvdesk.exchange.packages import packages

    views = packages(ws)
    lines = [f"{_line(view)}  {view.records:,} 条  {view.person} {view.at[:16].replace('T', ' ')}" for view in views]
    return Answer({"packages": [asdict(view) for view in views]}, tuple(lines) or ("还没有导出过",))


def _show(ws: Workspace, options: argparse.Namespace, _progress: Progress) -> Answer:
    from lvdesk.exchange.packages import package

    view = package(ws, options.number)
    lines = [_line(view), f"  {view.person} {view.at}  用途：{view.purpose or '—'}"]
    lines += [f"  {name}  {rows} 行  SHA-256 {digest}" for name, digest, rows in view.files]
    lines += [f"  与 {view.previous or '空'} 相比：新增 {view.added}、变更 {view.changed}、移除 {view.removed}"]
    lines += [f"  暂缓 {count} 条：{why}" for why, count in list(view.held.items())[:_SHOWN]]
    return Answer(asdict(view), tuple(lines))


def _line(view: "PackageView") -> str:
    return f"{view.number}  {view.system_title} {view.format_title}  {view.scope_title}"


def _copy(ws: Workspace, options: argparse.Namespace, progress: Progress) -> Answer:
    from lvdesk.exchange.packages import hand_out

    target = hand_out(ws, options.number, options.out.resolve(), progress)
    return Answer({"folder": target}, (f"已取出到 {target}",))


_PARTS: Final[dict[str, Callable[[Workspace, argparse.Namespace, Progress], Answer]]] = {
    "check": _check, "list": _list, "show": _show, "copy": _copy,
}  # fmt: skip
