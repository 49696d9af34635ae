"""Verbs of keeping: backup, restore, verify, undo, redo, history."""

import argparse
from dataclasses import asdict
from pathlib import Path
from typing import Any

from lvdesk import history as past
from lvdesk.cli.output import DONE, DONE_WITH_REFUSALS, Answer
from lvdesk.kit.errors import RefusedError
from lvdesk.kit.progress import Progress
from lvdesk.workspace import Workspace


def add_verbs(verbs: Any, common: argparse.ArgumentParser) -> None:
    """Declares the verbs."""
    making = verbs.add_parser("backup", parents=[common], help="备份并核验")
    making.add_argument("--out", type=Path, help="目标文件夹，默认在工作区内")
    back = verbs.add_parser("restore", parents=[common], help="从备份还原，现有数据保留在 recovery")
    back.add_argument("path", nargs="?", type=Path, help="备份文件，默认最近一份")
    verbs.add_parser("verify", parents=[common], help="核验数据库、历史链和备份")
    undoing = verbs.add_parser("undo", parents=[common], help="撤销最近一步，或指定的一步")
    undoing.add_argument("entry", nargs="?", type=int)
    verbs.add_parser("redo", parents=[common], help="重做最近撤销的一步")
    listing = verbs.add_parser("history", parents=[common], help="历史记录")
    listing.add_argument("entry", nargs="?", type=int, help="看一步的明细")
    listing.add_argument("--limit", type=int, default=50)
    listing.add_argument("--before", type=int)
    listing.add_argument("--text", default="")


def backup(ws: Workspace, options: argparse.Namespace, progress: Progress) -> Answer:
    """Makes a verified backup."""
    info = past.backup(ws, options.out.resolve() if options.out else None, progress)
    return Answer(asdict(info) | {"verified": True}, (f"已备份并核验：{info.path}（{info.rows} 行，{info.seconds:.1f} 秒）",))


def restore(ws: Workspace, options: argparse.Namespace, progress: Progress) -> Answer:
    """Restores a backup."""
    from lvdesk.kit.errors import KnownError

    if options.path is None:
        found = past.backups(ws)
        if not found:
            raise KnownError("backup.none", "工作区里还没有备份", "请指定备份文件的路径")
        path = found[0].path
    else:
        path = options.path.resolve()
    if not path.is_file():
        raise KnownError("backup.missing", f"找不到备份文件 {path.name}", "请检查路径")
    past.restore(ws, path, progress)
    return Answer(
        {"restored": str(path), "recovery": str(ws.folder / "recovery")}, (f"已还原 {path.name}；原数据保留在 {ws.folder / 'recovery'}",)
    )


def replace_damaged(folder: Path, options: argparse.Namespace, progress: Progress) -> Answer:
    """Restores a workspace whose database cannot be opened any more."""
    used = past.restore_damaged(folder, options.path.resolve() if options.path else None, progress)
    recovery = folder / "recovery"
    return Answer({"restored": str(used), "recovery": str(recovery)}, (f"已还原 {used.name}；损坏的数据库保留在 {recovery}",))


def verify(ws: Workspace, _options: argparse.Namespace, progress: Progress) -> Answer:
    """Verifies everything that is kept."""
    result = past.verify(ws, progress)
    lines = result.problems or (
        f"完好：历史 {result.entries} 条，备份 {result.backups} 份，{result.engine['engine']} {result.engine['version']}",
    )
    return Answer(asdict(result) | {"ok": result.sound}, tuple(lines), DONE if result.sound else DONE_WITH_REFUSALS)


def undo(ws: Workspace, options: argparse.Namespace, _progress: Progress) -> Answer:
    """Takes back a write."""
    past.undo(ws, options.entry)
    latest = past.entries(ws, None, 1)[0]
    return Answer({"entry": latest.id, "label": latest.label}, (latest.label,))


def redo(ws: Workspace, _options: argparse.Namespace, _progress: Progress) -> Answer:
    """Brings back what was undone last."""
    past.redo(ws)
    latest = past.entries(ws, None, 1)[0]
    return Answer({"entry": latest.id, "label": latest.label}, (latest.label,))


def history(ws: Workspace, options: argparse.Namespace, _progress: Progress) -> Answer:
    """Lists writes, or what one of them changed."""
    if options.entry is not None:
        if not any(entry.id == options.entry for entry in past.entries(ws, options.entry + 1, 1)):
            raise RefusedError("history.missing", f"历史记录中没有第 {options.entry} 步", "请先用 history 查看各步的编号")
        changes = past.detail(ws, options.entry, 0, options.limit)
        lines = tuple(f"{c.kind}{c.entity_title} {c.key} {c.field_title}：{c.before} → {c.after}" for c in changes)
        return Answer({"entry": options.entry, "changes": [asdict(change) for change in changes]}, lines)
    found = past.entries(ws, options.before, options.limit, options.text)
    lines = tuple(
        f"{e.id:>5}  {e.at[:16].replace('T', ' ')}  {e.person}  {e.label}{'（已撤销）' if e.undone else ''}  {e.summary}" for e in found
    )
    return Answer({"entries": [asdict(entry) for entry in found]}, lines)
