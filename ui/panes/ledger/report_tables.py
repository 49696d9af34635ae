"""The report of a sheet as small tables: preview, healed, refused, remarks; and its words."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from lvdesk.kit.table import Cell, Column, Row
from lvdesk.ledger.model import FileReport, SampleRow, SheetReport
from ui.models.source import ListSource

KINDS = {"spreadsheetml": "XML 表格", "html": "网页表格", "tsv": "制表符文本", "csv": "CSV 文本"}
HOW = {
    "alias": "列名一致", "normalised": "规范后一致", "likeness": "列名相近", "values": "按内容判断",
    "remembered": "沿用上次", "chosen": "人工指定", "": "未使用",
}  # fmt: skip
FILE_STATUS = {
    "ready": ("可导入", "success"), "imported": ("已导入", "success"), "unchanged": ("未变化", "neutral"), "refused": ("无法读取", "error"),
    "waiting": ("读取中", "info"),
}  # fmt: skip
_LEVELS = {"error": "错误", "warning": "提醒", "info": "说明"}


def kind_title(report: FileReport) -> str:
    """Detected kind and encoding in words, e.g. ``CSV 文本 · GB18030``."""
    kind = KINDS.get(report.kind, report.kind)
    return " · ".join(part for part in (kind, (report.encoding or "").upper()) if part)


def letter(index: int) -> str:
    """The spreadsheet's letters of a 1-based column."""
    text = ""
    while index:
        index, rest = divmod(index - 1, 26)
        text = chr(65 + rest) + text
    return text


def sheet_status(sheet: SheetReport, *, skipped: bool) -> tuple[str, str]:
    """The sheet's chip: word and level."""
    if skipped:
        return "不导入", "neutral"
    if not sheet.template:
        return "未识别", "warning"
    if sheet.rows_refused:
        return f"拒收 {sheet.rows_refused:,}", "error"
    if sheet.refused:
        return f"拒值 {len(sheet.refused):,}", "warning"
    return f"{sheet.rows_in:,} 行", "neutral"


def preview_table(sheet: SheetReport, names: Mapping[str, Mapping[str, str]] = MappingProxyType({})) -> ListSource:
    """The first rows as they would be stored, healed and refused cells marked; codes with their names from ``names`` (by field)."""
    rows_in = _named(sheet, names)
    if sheet.mapping:
        heads = [(each.index, each.field_title or each.header, f"{each.letter} 列：{each.header}") for each in sheet.mapping]
    else:
        width = max((len(row.values) for row in rows_in), default=0)
        heads = [(number, letter(number), "") for number in range(1, width + 1)]
    made = [Column("row", "行", "number", 64)]
    for number, title, hint in heads:
        made.append(Column(f"c{number}", title, "text", _width(title, rows_in, len(made) - 1), hint=hint))
    rows = [
        Row(
            row.row,
            (str(row.row), *(row.values[place] if place < len(row.values) else "" for place in range(len(heads)))),
            {f"c{number}": mark for number, mark in row.marks.items()},
        )
        for row in rows_in
    ]
    return ListSource(made, rows)


def _named(sheet: SheetReport, names: Mapping[str, Mapping[str, str]]) -> tuple[SampleRow, ...]:
    """The sample with ``AC02202`` shown as ``AC02202 交流220V``."""
    lists = {place: names[each.field] for place, each in enumerate(sheet.mapping) if each.field in names}
    if not lists:
        return sheet.sample
    return tuple(
        SampleRow(
            row.row,
            tuple(_said(text, lists[place]) if place in lists else text for place, text in enumerate(row.values)),
            row.marks,
        )
        for row in sheet.sample
    )


def _said(code: str, names: Mapping[str, str]) -> str:
    name = names.get(code, "")
    return f"{code} {name}" if name and name != code else code


def _width(title: str, rows: tuple[SampleRow, ...], place: int) -> int:
    texts = [row.values[place] for row in rows[:20] if place < len(row.values)]
    longest = max((sum(2 if ord(sign) > 255 else 1 for sign in text) for text in texts), default=0)
    return min(max(90, len(title) * 13 + 44, longest * 8 + 24), 280)


def visible(text: str) -> str:
    """A raw cell with the signs one does not see made visible: blanks at the ends, hard and zero-width ones."""
    ends = len(text) - len(text.lstrip(" \u3000")), len(text) - len(text.rstrip(" \u3000"))
    core = text[ends[0] : len(text) - ends[1]] if text.strip() else ""
    left, right = "␣" * ends[0], "␣" * (ends[1] if core else 0)
    return f"{left}{core}{right}".replace("\xa0", "␣").replace("\u200b", "⟨零宽⟩").replace("\ufeff", "⟨零宽⟩").replace("\t", "⇥")


def healed_table(sheet: SheetReport) -> ListSource:
    """Every cell that was put right, with the reason."""
    titles = _titles(sheet)
    columns = (
        Column("row", "行", "number", 64), Column("field", "字段", "text", 150), Column("before", "原值", "text", 210),
        Column("after", "治愈后", "text", 210), Column("why", "依据", "text", 320),
    )  # fmt: skip
    rows = [
        Row(
            place, (str(each.row), titles.get(each.field, each.field), visible(each.before), each.after, each.why),
            {"after": Cell("healed", each.why)},
        )
        for place, each in enumerate(sheet.healed)
    ]  # fmt: skip
    return ListSource(columns, rows)


def refused_table(sheet: SheetReport) -> ListSource:
    """Every value and row that was not taken, with the reason."""
    titles = _titles(sheet)
    columns = (
        Column("row", "行", "number", 64), Column("what", "范围", "code", 90), Column("field", "字段", "text", 150),
        Column("value", "原值", "text", 230), Column("reason", "原因", "text", 380),
    )  # fmt: skip
    rows = [
        Row(
            place,
            (str(each.row), "整行" if each.whole_row else "仅此值", titles.get(each.field, each.field), visible(each.value), each.reason),
            {"reason" if each.whole_row else "value": Cell("error", each.reason)},
        )
        for place, each in enumerate(sheet.refused)
    ]
    return ListSource(columns, rows)


def remarks_table(sheet: SheetReport) -> ListSource:
    """What else a person should know: findings, what was passed over, notes on the sheet."""
    titles = _titles(sheet)
    columns = (Column("level", "类别", "code", 90), Column("row", "行", "number", 64), Column("field", "字段", "text", 150),
               Column("message", "内容", "text", 560))  # fmt: skip
    lines = [("说明", "", "", note) for note in sheet.notes]
    lines += [("说明", "", "", f"跳过{what}：{count:,} 行") for what, count in sheet.skipped]
    lines += [
        (_LEVELS.get(each.level, each.level), str(each.row or ""), titles.get(each.field, each.field), each.message)
        for each in sheet.findings
    ]
    return ListSource(columns, [Row(place, line) for place, line in enumerate(lines)])


def _titles(sheet: SheetReport) -> dict[str, str]:
    return {each.field: each.field_title for each in sheet.mapping if each.field}


@dataclass(frozen=True)
class Totals:
    """Sums over all tables that would be, or were, stored."""

    files: int
    rows_in: int
    rows_stored: int
    rows_refused: int
    healed: int
    values_refused: int
    entities: dict[str, dict[str, int]]


def totals(files: tuple[FileReport, ...]) -> Totals:
    """Adds up the reports of files that are taken; field results change nothing and are not counted as new."""
    taken = [report for report in files if report.status in {"ready", "imported"}]
    sheets = [sheet for report in taken for sheet in report.sheets if sheet.template]
    entities: dict[str, Counter[str]] = {}
    for sheet in [sheet for sheet in sheets if not sheet.evidence]:
        for entity, counts in sheet.entities.items():
            sums = entities.setdefault(entity, Counter())
            sums.update(new=counts.new, changed=counts.changed - counts.completed, completed=counts.completed, gone=counts.gone)
    return Totals(
        len(taken),
        sum(sheet.rows_in for sheet in sheets),
        sum(sheet.rows_stored for sheet in sheets),
        sum(sheet.rows_refused for sheet in sheets),
        sum(len(sheet.healed) for sheet in sheets),
        sum(not each.whole_row for sheet in sheets for each in sheet.refused),
        {entity: dict(sums) for entity, sums in entities.items()},
    )
