"""The verb of the checks: runs the rules, tells what is open, writes the problem lists."""

import argparse
from collections.abc import Collection, Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from lvdesk.cli.output import DONE, DONE_WITH_REFUSALS, Answer
from lvdesk.kit.errors import RefusedError
from lvdesk.kit.progress import Progress
from lvdesk.workspace import Workspace

if TYPE_CHECKING:
    from lvdesk.checks.checking import Report
    from lvdesk.checks.findings import FindingView

_SHOWN: Final = 3


def add_verbs(verbs: Any, common: argparse.ArgumentParser) -> None:
    """Declares the verb."""
    checking = verbs.add_parser("check", parents=[common], help="模板校验：检查全部数据")
    checking.add_argument("--out", type=Path, help="问题清单 .xlsx；另写出各原文件的标注副本")
    checking.add_argument("--rule", nargs="+", default=[], metavar="CODE", help="只列出这些规则的问题（仍检查全部规则）")


def check(ws: Workspace, options: argparse.Namespace, progress: Progress) -> Answer:
    """Runs the rules; open errors give exit status 1."""
    from lvdesk.checks.checking import check as run
    from lvdesk.checks.findings import listed
    from lvdesk.checks.model import SEVERITIES

    wanted = _wanted(options.rule)
    report = run(ws, progress)
    findings = [finding for finding in listed(ws) if finding.rule in wanted]
    counts = {severity: sum(finding.severity == severity for finding in findings) for severity in SEVERITIES}
    data: dict[str, Any] = {
        "rules_run": [each.code for each in report.rules_run if each.code in wanted],
        "rules_skipped": [{"rule": each.rule, "why": each.why} for each in report.rules_skipped if each.rule in wanted],
        "counts": counts,
        "findings": [_finding(finding) for finding in findings],
        "new": report.new,
        "resolved": report.resolved,
        "excepted": report.excepted,
    }
    lines = list(_lines(report, findings, counts, wanted))
    if options.out:
        from lvdesk.checks.problems import write_out

        written = write_out(ws, options.out.resolve(), progress)
        data["out"] = {"list": written.list, "copies": list(written.copies)}
        lines += [f"已写出 {path}" for path in dict.fromkeys((written.list, *written.copies))]
    return Answer(data, tuple(lines), DONE_WITH_REFUSALS if counts["error"] else DONE)


def _wanted(codes: Sequence[str]) -> Collection[str]:
    """The rules to tell of: those named, or all."""
    from lvdesk.checks.registry import discover

    rules = discover()
    asked = [code.upper() for code in codes]
    unknown = [code for code in asked if code not in rules]
    if unknown:
        raise RefusedError("check.rule", f"没有规则“{unknown[0]}”", f"可用的有：{'、'.join(rules)}")
    return asked or rules


def _finding(finding: "FindingView") -> dict[str, Any]:
    return {
        "number": finding.id, "rule": finding.rule, "severity": finding.severity, "entity": finding.entity, "key": finding.key,
        "field": finding.field, "value": finding.value, "message": finding.message, "fix": finding.fix, "file": finding.file,
        "sheet": finding.sheet, "row": finding.row, "state": finding.state,
        "suggestion": {name: text for name, _, text in finding.suggestion},
    }  # fmt: skip


def _lines(report: "Report", findings: Sequence["FindingView"], counts: dict[str, int], wanted: Collection[str]) -> Iterator[str]:
    from lvdesk.checks.model import SEVERITIES

    total = "，".join(f"{SEVERITIES[severity]} {count:,}" for severity, count in counts.items())
    changes = f"新发现 {report.new:,}，已解决 {report.resolved:,}，例外 {report.excepted:,}"
    yield f"检查了 {len(report.rules_run)} 条规则：{total}（{changes}）"
    for code, group in groupby(findings, key=lambda finding: finding.rule):
        mine = list(group)
        yield f"{code} {mine[0].rule_title}  {len(mine):,} 处"
        yield from (f"    {SEVERITIES[each.severity]}  {each.message}{_place(each)}" for each in mine[:_SHOWN])
        if len(mine) > _SHOWN:
            yield f"    另有 {len(mine) - _SHOWN:,} 处，详见 --json 或 --out"
    yield from (f"未检查 {each.rule}：{each.why}" for each in report.rules_skipped if each.rule in wanted)


def _place(finding: "FindingView") -> str:
    row = f" 第 {finding.row} 行" if finding.row else ""
    return f"（{finding.file} {finding.sheet}{row}）" if finding.file else ""
