"""The verb that takes back what the field teams bring."""

import argparse
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from lvdesk.cli.output import DONE, DONE_WITH_REFUSALS, REFUSED, Answer
from lvdesk.fieldwork.return_model import CLASS_TITLES, DifferenceClass, FieldDifferenceView, Returned, ReturnedFile, ReturnRequest, Unread
from lvdesk.geo.offsets import SYSTEMS
from lvdesk.kit.progress import Progress
from lvdesk.workspace import Workspace

_STATUS: Final = {"taken": "已回收", "unchanged": "以前回收过，没有重复计入", "refused": "未回收", "unread": "待处理"}


def add_verbs(verbs: Any, common: argparse.ArgumentParser) -> None:
    """Declares the verb."""
    taking = verbs.add_parser("return", parents=[common], help="回收现场采录结果：电子表单、扫描件、照片，文件或文件夹")
    taking.add_argument("paths", nargs="+", type=Path, metavar="PATH")
    taking.add_argument("--package", default="", metavar="KEY", help="属于哪个任务包")
    taking.add_argument("--crs", choices=SYSTEMS, default="", type=str.lower, help="没有写明坐标系的文件是什么坐标系")


def take_back(ws: Workspace, options: argparse.Namespace, progress: Progress) -> Answer:
    """Takes everything back and tells how it differs."""
    from lvdesk.fieldwork.returns import take_back as take

    done = take(ws, ReturnRequest(tuple(options.paths), options.package, options.crs), progress)
    data = _data(done)
    refused = [file for file in done.files if file.status == "refused"]
    if done.files and len(refused) == len(done.files):
        first = refused[0]
        data["error"] = {"code": first.code, "message": first.reason, "hint": first.hint}
        return Answer(data, tuple(_lines(done)), REFUSED)
    return Answer(data, tuple(_lines(done)), DONE_WITH_REFUSALS if refused or done.refused or done.unread else DONE)


def _data(done: Returned) -> dict[str, Any]:
    return {
        "rows_in": done.rows_in,
        "matched": done.matched,
        "new": done.new,
        "missing": done.missing,
        "changed": done.changed_rows,
        "refused": done.refused,
        "unread": [asdict(each) for each in done.unread],
        "differences": [_difference(view) for view in done.differences],
        "coordinates": [
            {"file": each.file, "sheet": each.sheet, "row": each.row, "lon": each.longitude, "lat": each.latitude, "crs_in": each.crs_in,
             "detected": each.detected} for each in done.coordinates
        ],
        "suggestions": [asdict(each) for each in done.suggestions],
        "files": [_file(each) for each in done.files],
        "photos": {"filed": done.photos_filed, "queued": done.photos_queued},
        "pages": {"read": done.pages_read, "queued": done.pages_queued, "sheets_done": list(done.sheets_done)},
        "entry": done.entry_id,
        "label": done.label,
    }  # fmt: skip


def _difference(view: FieldDifferenceView) -> dict[str, Any]:
    return {
        "class": str(view.klass), "entity": view.entity, "key": view.key, "field": view.field, "ledger": view.ledger,
        "field_value": view.field_value, "evidence": list(view.evidence), "file": view.file, "sheet": view.sheet, "row": view.row,
    }  # fmt: skip


def _file(each: ReturnedFile) -> dict[str, Any]:
    return {**asdict(each), "path": str(each.path)}


def _lines(done: Returned) -> list[str]:
    lines = []
    for file in done.files:
        rows = f"，{file.rows:,} 行" if file.kind == "workbook" and file.rows else ""
        why = f"：{file.reason}。{file.hint}" if file.reason else ""
        lines.append(f"{file.path.name}  {_STATUS[file.status]}{rows}{why}")
    lines.append(
        f"采录结果 {done.rows_in:,} 行：对上台账 {done.matched:,}，实有账无 {done.new:,}，用不上 {done.refused:,}；"
        f"与台账不同的 {done.changed_rows:,} 行，账有实无 {done.missing:,} 处"
    )
    if done.pages_read or done.pages_queued:
        lines.append(
            f"扫描页 识读 {done.pages_read:,}，没有认出 {done.pages_queued:,}；无须补录、已入库的表单 {len(done.sheets_done):,} 张"
        )
    if done.photos_filed or done.photos_queued:
        lines.append(f"照片 归箱 {done.photos_filed:,}，待归箱 {done.photos_queued:,}")
    counts = {klass: sum(view.klass is klass for view in done.differences) for klass in DifferenceClass}
    told = "，".join(f"{CLASS_TITLES[klass]} {count:,}" for klass, count in counts.items() if count)
    lines.append(f"差异 {len(done.differences):,} 处：{told}" if told else "与台账没有差异")
    lines += [f"待处理 {_where(each)}：{each.why}。{each.hint}" for each in done.unread]
    return lines


def _where(each: Unread) -> str:
    return Path(each.path).name + ("" if each.code.startswith("photo.") else f" 第 {each.page} 页")
