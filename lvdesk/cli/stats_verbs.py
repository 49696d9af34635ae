"""The verb of the statistics: indicators, the month's report, frozen months."""

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from lvdesk.cli.output import DONE, Answer
from lvdesk.kit.errors import RefusedError
from lvdesk.kit.progress import Progress
from lvdesk.workspace import Workspace


def add_verbs(verbs: Any, common: argparse.ArgumentParser) -> None:
    """Declares the verb."""
    parts = verbs.add_parser("stats", help="统计：指标、月报、封存").add_subparsers(dest="part", required=True)
    parts.add_parser("list", parents=[common], help="有哪些指标")
    showing = parts.add_parser("show", parents=[common], help="一个指标：show accuracy [--by grid] [--month 2026-11]")
    showing.add_argument("indicator")
    showing.add_argument("--by", default="", help="feeder、area、grid、person、kind、rule")
    showing.add_argument("--month", default="", help="月份，默认全部")
    showing.add_argument("--chart", type=Path, help="存成图片 PNG")
    reporting = parts.add_parser("report", parents=[common], help="月报：report 2026-10 --out 月报.pdf（或 .xlsx）")
    reporting.add_argument("month")
    reporting.add_argument("--out", type=Path, help="PDF 或 xlsx 文件")
    freezing = parts.add_parser("freeze", parents=[common], help="封存一个月的数字")
    freezing.add_argument("month")


def stats(ws: Workspace, options: argparse.Namespace, progress: Progress) -> Answer:
    """Runs one part of the verb."""
    return _PARTS[options.part](ws, options, progress)


def _list(ws: Workspace, _options: argparse.Namespace, _progress: Progress) -> Answer:
    from lvdesk.statistics.indicators import indicators

    found = indicators(ws.overrides)
    data = [
        {"key": key, "title": each.title, "formula": each.formula, "source": each.source, "scopes": list(each.scopes)}
        for key, each in found.items()
    ]
    return Answer({"indicators": data}, tuple(f"{key}  {each.title}：{each.formula}" for key, each in found.items()), DONE)


def _show(ws: Workspace, options: argparse.Namespace, _progress: Progress) -> Answer:
    from lvdesk.kit.files import replacing
    from lvdesk.statistics.charts import png_of
    from lvdesk.statistics.indicators import figures

    found = figures(ws, options.indicator, options.by, options.month)
    kind = found.indicator
    if options.chart:
        with replacing(options.chart) as part:
            part.write_bytes(png_of(found))
    lines = [f"{kind.title}（{kind.formula}）", f"全所  {kind.said(found.total.value)}"]
    lines += [f"{line.name}  {kind.said(line.value)}" for line in found.lines]
    rows = [{"key": line.key, "name": line.name, "part": line.part, "whole": line.whole, "value": line.value} for line in found.lines]
    data = {
        "indicator": kind.key,
        "scope": found.scope,
        "period": found.period,
        "total": found.total.value,
        "target": kind.target,
        "lines": rows,
    }
    return Answer(data, tuple(lines), DONE)


def _report(ws: Workspace, options: argparse.Namespace, progress: Progress) -> Answer:
    from lvdesk.statistics.reports import pages, report, sentences, write_report

    found = report(ws, options.month, progress)
    data: dict[str, Any] = {
        "month": found.month, "frozen": found.frozen, "totals": {each.indicator.key: each.total.value for each in found.figures},
    }  # fmt: skip
    if options.out and options.out.suffix.lower() == ".xlsx":
        data["rows"] = write_report(ws, options.month, options.out, progress)
    elif options.out:
        if options.printer is None:
            raise RefusedError("print.no_painter", "这个程序不能打印", "请用 main.py 运行")
        data["pages"] = options.printer(pages(ws, options.month), options.out, progress, title=f"{options.month} 月报")
    return Answer(data, tuple(sentences(found)) or ("这个月没有数据",), DONE)


def _freeze(ws: Workspace, options: argparse.Namespace, progress: Progress) -> Answer:
    from lvdesk.statistics.reports import freeze

    freeze(ws, options.month, progress)
    return Answer({"month": options.month}, (f"已封存 {options.month}",), DONE)


_PARTS: Final[dict[str, Callable[[Workspace, argparse.Namespace, Progress], Answer]]] = {
    "list": _list, "show": _show, "report": _report, "freeze": _freeze,
}  # fmt: skip
