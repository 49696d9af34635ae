"""Verbs of ledgers: import, show."""

import argparse
from dataclasses import asdict
from pathlib import Path
from typing import Any

from lvdesk.cli.output import DONE, DONE_WITH_REFUSALS, REFUSED, Answer
from lvdesk.geo.offsets import SYSTEMS
from lvdesk.kit.errors import RefusedError
from lvdesk.kit.files import expanded
from lvdesk.kit.progress import Progress
from lvdesk.ledger.model import FileReport, ImportRequest, SheetChoice, SheetReport
from lvdesk.workspace import Workspace

_SHOWN = 5


def add_verbs(verbs: Any, common: argparse.ArgumentParser) -> None:
    """Declares the verbs."""
    taking = verbs.add_parser("import", parents=[common], help="导入台账文件")
    taking.add_argument("files", nargs="+", type=Path, metavar="FILE")
    taking.add_argument("--template", help="指定模板")
    taking.add_argument("--crs", choices=SYSTEMS, type=str.lower, help="文件的坐标系")
    taking.add_argument("--dry-run", action="store_true", help="只预览，不保存")
    showing = verbs.add_parser("show", parents=[common], help="一条记录及其来源")
    showing.add_argument("entity")
    showing.add_argument("key")


def import_files(ws: Workspace, options: argparse.Namespace, progress: Progress) -> Answer:
    """Imports all files together, in one transaction."""
    from lvdesk.ledger.importing import preview, take

    if options.template and options.template not in ws.templates:
        raise RefusedError("import.template", f"没有模板“{options.template}”", f"可用的有：{'、'.join(ws.templates)}")
    paths = tuple(path.resolve() for path in expanded(options.files))
    choices = {(str(path), ""): SheetChoice(template=options.template) for path in paths} if options.template else {}
    request = ImportRequest(paths, choices, options.crs)
    if options.dry_run:
        files, label, entry = preview(ws, request, progress).files, "", 0
    else:
        result = take(ws, request, progress)
        files, label, entry = result.files, result.label, result.entry_id
    data: dict[str, Any] = {"files": [_file(report) for report in files], "label": label, "entry": entry, "dry_run": options.dry_run}
    refused = [report for report in files if report.status == "refused"]
    if len(refused) == len(files):
        first = refused[0]
        data["error"] = {"code": first.code, "message": first.reason, "hint": first.hint}
        return Answer(data, tuple(_lines(files)), REFUSED)
    open_errors = any(sheet.refused or any(f.level == "error" for f in sheet.findings) for report in files for sheet in report.sheets)
    return Answer(data, tuple(_lines(files)), DONE_WITH_REFUSALS if refused or open_errors else DONE)


def _file(report: FileReport) -> dict[str, Any]:
    return {
        "path": str(report.path),
        "sha256": report.sha256,
        "status": report.status,
        "code": report.code,
        "reason": report.reason,
        "hint": report.hint,
        "kind": report.kind,
        "encoding": report.encoding,
        "sheets": [_sheet(sheet) for sheet in report.sheets],
    }


def _sheet(sheet: SheetReport) -> dict[str, Any]:
    levels = {level: sum(1 for finding in sheet.findings if finding.level == level) for level in ("error", "warning", "info")}
    return {
        "name": sheet.name,
        "visible": sheet.visible,
        "template": sheet.template,
        "score": round(sheet.score, 3),
        "header_row": sheet.header_row,
        "header_rows": sheet.header_rows,
        "mapping": {column.letter: column.field for column in sheet.mapping if column.field},
        "unmapped": [column.header for column in sheet.mapping if not column.field and column.header],
        "rows_in": sheet.rows_in,
        "rows_stored": sheet.rows_stored,
        "rows_refused": sheet.rows_refused,
        "skipped": dict(sheet.skipped),
        "new": sheet.new,
        "changed": sheet.changed,
        "unchanged": sheet.unchanged,
        "gone": sheet.gone,
        "entities": {entity: asdict(counts) for entity, counts in sheet.entities.items()},
        "healed": [
            {"row": h.row, "field": h.field, "column": h.column, "from": h.before, "to": h.after, "evidence": h.why} for h in sheet.healed
        ],
        "refused": [
            {"row": r.row, "field": r.field, "column": r.column, "value": r.value, "reason": r.reason, "whole_row": r.whole_row,
             "sheet": sheet.name} for r in sheet.refused
        ],
        "findings": levels,
        "messages": [{"level": f.level, "row": f.row, "field": f.field, "message": f.message} for f in sheet.findings],
        "gone_keys": {name.removesuffix(".gone"): keys for name, keys in sheet.samples.items() if name.endswith(".gone")},
        "notes": sheet.notes,
    }  # fmt: skip


def _lines(files: tuple[FileReport, ...]) -> list[str]:
    words = {"imported": "已导入", "unchanged": "未变化", "refused": "未导入", "ready": "预览"}
    lines = []
    for report in files:
        lines.append(f"{words[report.status]}  {report.path.name}" + (f"  {report.reason}" if report.reason else ""))
        if report.status == "refused":
            lines.append(f"        {report.hint}")
        for sheet in report.sheets:
            lines += _sheet_lines(sheet)
    return lines


def _sheet_lines(sheet: SheetReport) -> list[str]:
    if not sheet.template:
        return [f"        工作表 {sheet.name}：未识别，{'；'.join(sheet.notes)}"]
    text = f"        {sheet.name} → {sheet.template_title}：{sheet.rows_in} 行，存入 {sheet.rows_stored}，拒收 {sheet.rows_refused}"
    text += f"；新增 {sheet.new}，变化 {sheet.changed}，消失 {sheet.gone}；治愈 {len(sheet.healed)} 处"
    lines = [text]
    lines += [f"            第 {r.row} 行 {r.column}：{r.reason}" for r in sheet.refused[:_SHOWN]]
    if len(sheet.refused) > _SHOWN:
        lines.append(f"            另有 {len(sheet.refused) - _SHOWN} 处未采用，详见 --json")
    return lines


def show(ws: Workspace, options: argparse.Namespace, _progress: Progress) -> Answer:
    """One record with the origin of every value."""
    from lvdesk.network.records import show as find

    record = find(ws, options.entity, options.key)
    data = {
        "entity": record.entity,
        "key": record.key,
        "title": record.title,
        "version": record.version,
        "absent": record.absent,
        "fields": {
            f.key: {"value": f.code, "shown": f.value, "raw": f.raw, "owner": f.owner, "file": f.file, "sheet": f.sheet, "row": f.row,
                    "when": f.when, "who": f.who, "others": f.others} for f in record.fields
        },
        "path": [asdict(link) for link in record.path],
        "children": {entity: count for entity, _, count in record.children},
        "related": [asdict(link) for link in record.related],
    }  # fmt: skip
    lines = [f"{record.entity_title} {record.title}", " › ".join(link.title for link in record.path)]
    lines += [
        f"  {f.title}：{f.value}    [{f.owner_title}] {f.file} {f.sheet} 第 {f.row} 行，原文“{f.raw}”" for f in record.fields if f.value
    ]
    return Answer(data, tuple(lines))
