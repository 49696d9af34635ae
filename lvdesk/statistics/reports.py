"""The month's report: every indicator with figure, table and the change in words; frozen months stay as they were."""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from sqlalchemy import select

from lvdesk.kit.clock import stamp
from lvdesk.kit.errors import RefusedError
from lvdesk.kit.flow import Col, Flow
from lvdesk.kit.page import Page, Picture
from lvdesk.kit.progress import Progress
from lvdesk.network.batches import table_of
from lvdesk.network.changed import Changed
from lvdesk.network.freezing import FrozenMonth
from lvdesk.statistics.charts import png_of
from lvdesk.statistics.indicators import figures, indicators
from lvdesk.statistics.model import SCOPES, Figures, Line
from lvdesk.tabular.writing import Looks, write_sheets
from lvdesk.workspace import Workspace

_FROZEN: Final = table_of(FrozenMonth)
_ROWS: Final = 12
_CHART_MM: Final = (182.0, 84.0)
_INCH: Final = 25.4


@dataclass(frozen=True)
class Report:
    """A month: ``frozen`` when its numbers are kept; ``before`` the totals of the month before, by indicator."""

    month: str
    frozen: bool
    figures: tuple[Figures, ...]
    before: Mapping[str, float | None]


def report(ws: Workspace, month: str, progress: Progress | None = None) -> Report:
    """The report of a month; a frozen one from its kept numbers.

    Raises:
        RefusedError: ``stats.period``.
    """
    kept = frozen(ws, month)
    found = _read(ws, kept) if kept is not None else _measured(ws, month, progress)
    earlier = month_before(month)
    old = frozen(ws, earlier)
    before = {
        each.indicator.key: each.total.value
        for each in (_read(ws, old) if old is not None else _measured(ws, earlier, None, period_only=True))
    }
    return Report(month, kept is not None, tuple(found), before)


def freeze(ws: Workspace, month: str, progress: Progress | None = None) -> Changed:
    """Keeps the numbers of a month as they are now.

    Raises:
        RefusedError: ``stats.frozen`` when it is frozen already, ``stats.future`` when it is not over, ``stats.period``.
    """
    if frozen(ws, month) is not None:
        raise RefusedError("stats.frozen", f"{month} 已经封存", "封存的数字不再变；要重算请先撤销封存")
    if month >= ws.clock().strftime("%Y-%m"):
        raise RefusedError("stats.future", f"{month} 还没有过完", "月底之后再封存")
    data = _written(_measured(ws, month, progress))
    with ws.store.write(f"封存 {month} 的统计") as write:
        columns = ("month", "at", "person", "digest", "data")
        write.insert(_FROZEN, columns, [(month, stamp(ws.clock()), ws.person, hashlib.sha256(data.encode()).hexdigest(), data)], 1)
    return Changed.HISTORY


def frozen(ws: Workspace, month: str) -> str | None:
    """The kept numbers of a month, None when it is not frozen."""
    with ws.store.read() as connection:
        return connection.execute(select(_FROZEN.c.data).where(_FROZEN.c.month == month)).scalar()


def write_report(ws: Workspace, month: str, path: Path, progress: Progress | None = None) -> int:
    """The report as a workbook: one sheet of totals, one of each indicator; gives the number of rows.

    Raises:
        KnownError: ``file.in_use``, ``file.not_writable``.
    """
    found = report(ws, month, progress)
    heads = ("指标", "口径", "来源", "本月", "上月", "目标", "是否达标")
    totals = [
        (each.indicator.title, each.indicator.formula, each.indicator.source, each.indicator.said(each.total.value),
         each.indicator.said(found.before.get(each.indicator.key)), each.indicator.said(each.indicator.target), _reached(each))
        for each in found.figures
    ]  # fmt: skip
    sheets: list[Any] = [("汇总", heads, totals)]
    for each in found.figures:
        columns = (SCOPES[each.scope], "编号", "分子", "分母", each.indicator.title)
        rows = [(line.name, line.key, line.part, line.whole, each.indicator.said(line.value)) for line in each.lines]
        sheets.append((each.indicator.title, columns, rows))
    write_sheets(path, sheets, {"编号"}, Looks(widths={"口径": 46, "指标": 16, "来源": 18, **dict.fromkeys(SCOPES.values(), 24)}))
    return sum(len(rows) for _name, _heads, rows in sheets)


def pages(ws: Workspace, month: str, progress: Progress | None = None) -> Iterator[Page]:
    """The report on paper: the changes in words, then each indicator with figure and table."""
    found = report(ws, month, progress)
    state = "已封存" if found.frozen else "未封存，数字会随数据变化"
    foot = f"{ws.title}  {ws.person}  {stamp(ws.clock())[:16].replace('T', ' ')}  月度统计"
    flow = Flow(f"{ws.title}  月度统计报告", f"{month}   {state}", foot)
    flow.heading("本月概要")
    for sentence in sentences(found):
        flow.text(f"· {sentence}")
    flow.heading("指标一览")
    columns = (Col("指标", 2), Col("本月", 1.5, "right"), Col("上月", 1.5, "right"), Col("目标", 1.5, "right"), Col("达标", 1, "center"))
    flow.table(columns, [
        (each.indicator.title, each.indicator.said(each.total.value), each.indicator.said(found.before.get(each.indicator.key)),
         each.indicator.said(each.indicator.target), _reached(each)) for each in found.figures
    ])  # fmt: skip
    for each in found.figures:
        if each.lines:
            _chapter(flow, each)
    yield from flow.pages()


def sentences(found: Report) -> list[str]:
    """What changed, in words: one sentence for each indicator with numbers."""
    said = []
    for each in found.figures:
        kind, now, old = each.indicator, each.total.value, found.before.get(each.indicator.key)
        if now is None:
            continue
        text = f"{kind.title} {kind.said(now)}"
        if old is not None and kind.period:
            change = (now - old) * (100 if kind.unit == "%" else 1)
            unit = "个百分点" if kind.unit == "%" else f" {kind.unit}".rstrip()
            text += f"，比上月{'上升' if change > 0 else '下降'} {abs(change):,.2f}{unit}" if abs(change) > 1e-9 else "，与上月持平"
        reached = kind.good(now)
        if reached is not None:
            text += f"，{'达到' if reached else '未达到'}目标 {kind.said(kind.target)}"
        worst = each.lines[0] if len(each.lines) > 1 and reached is False else None
        said.append(text + (f"，最差的是{worst.name}（{kind.said(worst.value)}）" if worst is not None else ""))
    return said


def month_before(month: str) -> str:
    """The month before."""
    year, number = int(month[:4]), int(month[5:])
    return f"{year - 1}-12" if number == 1 else f"{year}-{number - 1:02d}"


def _chapter(flow: Flow, each: Figures) -> None:
    wide, high = _CHART_MM
    flow.need(high + 30)
    flow.heading(each.indicator.title)
    flow.text(f"口径：{each.indicator.formula}　来源：{each.indicator.source}", 8.5, "#5A6A70")
    flow.put(Picture((flow.width - wide) / 2, flow.y, wide, high, png_of(each, wide / _INCH, high / _INCH)))
    flow.skip(high + 3)
    columns = (Col(SCOPES[each.scope], 3), Col("分子", 1, "right"), Col("分母", 1, "right"), Col(each.indicator.title, 1.4, "right"))
    rows = [
        (line.name, f"{line.part:,.0f}", "" if line.whole is None else f"{line.whole:,.0f}", each.indicator.said(line.value))
        for line in each.lines[:_ROWS]
    ]
    flow.table(columns, rows)


def _reached(each: Figures) -> str:
    return {True: "达标", False: "未达", None: ""}[each.indicator.good(each.total.value)]


def _measured(ws: Workspace, month: str, progress: Progress | None, *, period_only: bool = False) -> list[Figures]:
    wanted = [key for key, each in indicators(ws.overrides).items() if each.period or not period_only]
    if progress is not None:
        progress.start("正在统计", len(wanted), "项")
    found = []
    for key in wanted:
        found.append(figures(ws, key, period=month))
        if progress is not None:
            progress.step()
    return found


def _written(found: Sequence[Figures]) -> str:
    data = [{"key": each.indicator.key, "scope": each.scope, "period": each.period, "total": asdict(each.total),
             "lines": [asdict(line) for line in each.lines]} for each in found]  # fmt: skip
    return json.dumps(data, ensure_ascii=False, sort_keys=True)


def _read(ws: Workspace, kept: str) -> list[Figures]:
    known = indicators(ws.overrides)
    return [
        Figures(known[each["key"]], each["scope"], each["period"], Line(**each["total"]), tuple(Line(**line) for line in each["lines"]))
        for each in json.loads(kept) if each["key"] in known
    ]  # fmt: skip
