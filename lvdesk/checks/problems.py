"""Problem lists out: one plain list of everything, and the users' own files with their problems marked."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Final

import polars as pl

from lvdesk.checks.checking import CheckState, state
from lvdesk.checks.findings import FindingView, listed
from lvdesk.checks.marking import Marker, MarkSource
from lvdesk.checks.marking_model import FILLS, suggestion_text
from lvdesk.checks.model import FAMILIES, SEVERITIES
from lvdesk.checks.registry import discover
from lvdesk.kit.progress import Progress
from lvdesk.tabular.writing import MAX_TEXT, PROBLEM_SHEET, Looks, Sheet, write_sheets
from lvdesk.workspace import Workspace

SUMMARY_SHEET: Final = "汇总"
COLUMNS: Final = {
    "编号": 8, "严重程度": 10, "规则": 24, "对象": 10, "标识": 24, "字段": 16, "问题": 60, "现值": 24, "怎样改": 44, "建议值": 30,
    "台区": 24, "文件": 28, "工作表": 16, "行": 8,
}  # fmt: skip
_SUMMARY: Final = {"规则编号": 10, "规则名称": 24, "类别": 10, **dict.fromkeys(SEVERITIES.values(), 8), "合计": 8, "说明": 60}
_SCHEMA: Final = {title: pl.Int64 if title in {"编号", "行"} else pl.String for title in COLUMNS}
_TEXTS: Final = [title for title in (*COLUMNS, *_SUMMARY) if _SCHEMA.get(title) != pl.Int64 and title not in {*SEVERITIES.values(), "合计"}]
_MARKED: Final = "_标注"
_PIECE: Final = 20_000


@dataclass(frozen=True)
class OutFiles:
    """What was written: the list (for a single file the marked copy, which carries it), and the marked copies."""

    list: Path
    copies: tuple[Path, ...]


def write_list(ws: Workspace, path: Path, progress: Progress) -> int:
    """Writes all open findings as a plain list, with a summary by rule before it; gives their number.

    Raises:
        KnownError: ``file.in_use``, ``file.not_writable``.
        Cancelled: nothing was written.
    """
    last = state(ws)
    progress.start("正在写问题清单", sum(last.counts.values()), "个问题")
    counts: Counter[tuple[str, str]] = Counter()
    frames = [pl.DataFrame(schema=_SCHEMA)]
    findings = listed(ws)
    while lines := [_line(view, counts) for view in islice(findings, _PIECE)]:
        frames.append(pl.DataFrame(lines, schema=_SCHEMA, orient="row"))
        progress.step(len(lines))
    found = pl.concat(frames)
    progress.start("正在写入磁盘", cancellable=False)
    fills = {"严重程度": {SEVERITIES[level]: f"#{colour}" for level, colour in FILLS.items()}}
    sheets: list[Sheet] = [(SUMMARY_SHEET, list(_SUMMARY), list(_summary(last, counts))), (PROBLEM_SHEET, list(COLUMNS), found)]
    write_sheets(path, sheets, _TEXTS, Looks({**_SUMMARY, **COLUMNS}, fills, frozenset({"问题", "怎样改", "说明"}), frozen=3))
    return found.height


def write_out(ws: Workspace, path: Path, progress: Progress) -> OutFiles:
    """Writes the list and the marked copies.

    Args:
        ws: the workspace.
        path: a file ending in .xlsx: when all findings stand in one imported file its marked copy is written there, else the plain list,
            and the copies go to the folder ``<stem>_标注`` beside it. Otherwise a folder, which takes 问题清单.xlsx and the copies.
        progress: of the whole.

    Raises:
        KnownError: as ``marking.mark_copy``.
        Cancelled: files that were finished stay.
    """
    with Marker(ws, progress) as marker:
        if path.suffix.lower() == ".xlsx":
            if len(marker.sources) == 1 and not marker.unplaced:
                marker.copy(marker.sources[0].batch, path)
                return OutFiles(path, (path,))
            target, folder = path, path.with_name(path.stem + _MARKED)
        else:
            target, folder = path / f"{PROBLEM_SHEET}.xlsx", path
        write_list(ws, target, progress)
        copies = tuple(_names(marker.sources, folder))
        for source, copy in zip(marker.sources, copies, strict=True):
            marker.copy(source.batch, copy)
    return OutFiles(target, copies)


def _names(found: Iterable[MarkSource], folder: Path) -> Iterator[Path]:
    """A name for each copy; files of one name are numbered."""
    used: set[str] = set()
    for source in found:
        base = Path(source.file).stem + _MARKED
        name, number = base, 1
        while name.casefold() in used:
            number += 1
            name = f"{base} ({number})"
        used.add(name.casefold())
        yield folder / f"{name}.xlsx"


def _line(view: FindingView, counts: "Counter[tuple[str, str]]") -> tuple[int | str | None, ...]:
    counts[view.rule, view.severity] += 1
    texts = (
        SEVERITIES[view.severity], f"{view.rule} {view.rule_title}", view.entity_title, view.key, view.field_title, view.message,
        view.value, view.fix, suggestion_text(view), view.area_name or view.area_no, view.file, view.sheet,
    )  # fmt: skip
    return view.id, *(text[:MAX_TEXT] or None for text in texts), view.row or None


def _summary(last: CheckState, counts: "Counter[tuple[str, str]]") -> Iterator[tuple[str | int | None, ...]]:
    """A line per rule: open findings by severity, or why it was not run; then the totals."""
    rules, skipped = discover(), {each.rule: each.why for each in last.rules_skipped}
    ran = {each.code for each in last.rules_run}
    for code, rule in rules.items():
        numbers = [counts[code, level] for level in SEVERITIES]
        why = f"未运行：{skipped[code]}" if code in skipped else "" if code in ran else "未运行：还没有校验过"
        yield (code, rule.title, FAMILIES[rule.family], *numbers, sum(numbers), why)
    totals = [sum(count for (_, of), count in counts.items() if of == level) for level in SEVERITIES]
    told = f"校验时间 {last.at[:16].replace('T', ' ')}；已接受的例外 {last.excepted} 个" if last.at else "还没有校验过"
    yield ("合计", "", "", *totals, sum(totals), told + ("；数据在校验之后有改动" if last.stale else ""))
