"""Verbs of the rule book: blank templates."""

import argparse
from pathlib import Path
from typing import Any

from lvdesk.cli.output import Answer
from lvdesk.kit.errors import RefusedError
from lvdesk.kit.progress import Progress
from lvdesk.workspace import Workspace


def add_verbs(verbs: Any, common: argparse.ArgumentParser) -> None:
    """Declares the verbs."""
    blank = verbs.add_parser("template", parents=[common], help="导出空白模板；不带参数时列出全部模板")
    blank.add_argument("key", nargs="?")
    blank.add_argument("--out", type=Path, help="目标文件 .xlsx")


def template(ws: Workspace, options: argparse.Namespace, _progress: Progress) -> Answer:
    """Writes one blank workbook, or lists the templates."""
    from lvdesk.templates.blank import write_blank

    if options.key is None:
        rows = [{"key": t.key, "title": t.title, "columns": len(t.columns)} for t in ws.templates.values()]
        return Answer({"templates": rows}, tuple(f"{row['key']:<22}{row['title']}" for row in rows))
    found = ws.templates.get(options.key)
    if found is None:
        raise RefusedError("template.unknown", f"没有模板“{options.key}”", f"可用的有：{'、'.join(ws.templates)}")
    target = (options.out or Path(f"{found.title}.xlsx")).resolve()
    write_blank(found, ws.dictionary, ws.codes, target)
    data = {"key": found.key, "title": found.title, "path": str(target), "columns": [column.header for column in found.columns]}
    return Answer(data, (f"已写出 {target}",))
