"""Parts of the verb ``people`` for those who work at the station: the workbook, teams, substitutes, the former teams' list."""

import argparse
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lvdesk.cli.output import DONE, DONE_WITH_REFUSALS, REFUSED, Answer
from lvdesk.kit.progress import Progress
from lvdesk.workspace import Workspace

if TYPE_CHECKING:
    from lvdesk.organisation.roster import Member


def add_parts(parts: Any, common: argparse.ArgumentParser) -> None:
    """Declares the parts."""
    taking = parts.add_parser("import", parents=[common], help="导入人员、班组、网格、村社区、协议的工作簿：全部接收或全部不收")
    taking.add_argument("file", type=Path)
    giving = parts.add_parser("export", parents=[common], help="导出人员、班组、网格、村社区、协议的工作簿")
    giving.add_argument("file", type=Path)
    staffing = parts.add_parser("staff", parents=[common], help="员工：班组、网格、是否在岗、谁替班")
    staffing.add_argument("--day", default="", help="哪一天，默认今天")
    moving = parts.add_parser("move", parents=[common], help="换班组：move 姓名 班组")
    moving.add_argument("name")
    moving.add_argument("team")
    mapping = parts.add_parser("map", parents=[common], help="原班组名单转内勤班、外勤班的方案；--adopt 采用")
    mapping.add_argument("file", type=Path)
    mapping.add_argument("--adopt", action="store_true")
    for parser in (moving, mapping):
        parser.add_argument("--since", default="", help="从哪天起，默认今天")


def take(ws: Workspace, options: argparse.Namespace, progress: Progress) -> Answer:
    """Takes a workbook in."""
    from lvdesk.organisation.workbook import take_book

    found = take_book(ws, options.file, progress)
    wrong = [{"code": f"organisation.{each.code}", "where": each.where, "message": each.message} for each in found.applied.problems]
    data: dict[str, Any] = {
        "sheets": [asdict(each) for each in found.sheets], "new": found.applied.new, "changed": found.applied.changed, "problems": wrong,
    }  # fmt: skip
    if wrong:
        from lvdesk.organisation.applying import refusal

        error = refusal(found.applied.problems)
        data["error"] = {"code": error.code, "message": error.message, "hint": error.hint}
        return Answer(data, (*map(str, found.applied.problems), "没有接收，请改正后重新导入"), REFUSED)
    lines = [f"{each.name}：{each.rows} 行" if each.key else f"{each.name}：认不出，没有接收" for each in found.sheets]
    lines.append(f"新增 {sum(found.applied.new.values())} 行，修改 {sum(found.applied.changed.values())} 行")
    return Answer(data, tuple(lines), DONE if all(each.key for each in found.sheets) else DONE_WITH_REFUSALS)


def give(ws: Workspace, options: argparse.Namespace, _progress: Progress) -> Answer:
    """Writes the workbook."""
    from lvdesk.organisation.workbook import write_book

    rows = write_book(ws, options.file)
    return Answer({"path": str(options.file), "rows": rows}, (f"已导出 {options.file.name}，{rows} 行",), DONE)


def staff(ws: Workspace, options: argparse.Namespace, _progress: Progress) -> Answer:
    """Who works here on a day."""
    from lvdesk.organisation.roster import members
    from lvdesk.organisation.state import state, today

    found = members(state(ws), options.day or today(ws))
    lines = [f"{each.name}  {each.post}  {each.team}  {'、'.join(each.grids)}  {_away(each)}".rstrip() for each in found]
    return Answer({"staff": [asdict(each) for each in found]}, tuple(lines) or ("还没有员工",), DONE)


def _away(each: "Member") -> str:
    return f"{each.away}，替班 {each.standin or '（未定）'}" if each.away else ""


def move(ws: Workspace, options: argparse.Namespace, _progress: Progress) -> Answer:
    """Puts somebody into another team."""
    from lvdesk.organisation import roster
    from lvdesk.organisation.state import state, today

    done = roster.move(ws, state(ws), options.name, options.team, options.since or today(ws))
    return Answer({"changed": done.rows}, (f"{options.name} 转入{options.team}" if done.rows else "本来就在，没有改动",), DONE)


def former(ws: Workspace, options: argparse.Namespace, progress: Progress) -> Answer:
    """Proposes the new teams for a list of the former ones."""
    from lvdesk.organisation.former import adopt, propose
    from lvdesk.organisation.state import today

    found = propose(ws, options.file, progress)
    lines = [f"{each.name}  {each.former} {each.post} → {each.team or '（未定）'}  {each.why}" for each in found]
    data: dict[str, Any] = {"proposals": [asdict(each) for each in found]}
    if options.adopt:
        data["stored"] = adopt(ws, found, options.since or today(ws)).rows
        lines.append("已采用")
    return Answer(data, tuple(lines), DONE if all(each.team for each in found) else DONE_WITH_REFUSALS)
