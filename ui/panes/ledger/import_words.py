"""An import in sentences."""

from collections.abc import Mapping

from lvdesk.ledger.model import FileReport
from ui.panes.ledger.report_tables import Totals, totals

_DIFFERENCES = (("new", "新增"), ("changed", "变更"), ("completed", "补空值"), ("gone", "不再列出"))


def said(files: tuple[FileReport, ...]) -> str:
    """How many files and rows, and that nothing is lost: 读入 = 入库 + 拒收."""
    sums = totals(files)
    unchanged = sum(report.status == "unchanged" for report in files)
    refused = sum(report.status == "refused" for report in files)
    left_out = [f"{unchanged} 个未变化"] if unchanged else []
    left_out += [f"{refused} 个无法读取"] if refused else []
    parts = [f"{sums.files} 个文件" + (f"（另有 {'、'.join(left_out)}）" if left_out else "")]
    if sums.files:
        parts.append(f"读入 {sums.rows_in:,} 行 = 入库 {sums.rows_stored:,} + 拒收 {sums.rows_refused:,}")
        parts += [f"治愈 {sums.healed:,} 处"] if sums.healed else []
        parts += [f"拒值 {sums.values_refused:,} 处"] if sums.values_refused else []
    return "  ·  ".join(parts)


def differences(sums: Totals, titles: Mapping[str, str]) -> str:
    """What changes per kind of record, e.g. ``用户 新增 12、变更 3；电能表 新增 12``."""
    pieces = []
    for entity, counts in sums.entities.items():
        words = [f"{word} {counts[key]:,}" for key, word in _DIFFERENCES if counts.get(key)]
        pieces += [f"{titles.get(entity, entity)} {'、'.join(words)}"] if words else []
    return "；".join(pieces)


def stored(sums: Totals) -> str:
    """The result in one line."""
    refused = f"，拒收 {sums.rows_refused:,} 行" if sums.rows_refused else ""
    return f"已导入 {sums.files} 个文件，入库 {sums.rows_stored:,} 行{refused}"
