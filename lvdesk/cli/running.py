"""Parses the command line, opens the workspace, runs a verb and turns every outcome into an exit status."""

import argparse
import logging
import signal
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from types import FrameType
from typing import Final, NoReturn

from lvdesk import __version__
from lvdesk.cli import (
    change_verbs,
    check_verbs,
    desk_verbs,
    doctor_verbs,
    export_verbs,
    feedback_verbs,
    field_verbs,
    grid_verbs,
    ledger_verbs,
    liaison_verbs,
    order_verbs,
    people_verbs,
    receipt_verbs,
    reconcile_verbs,
    return_verbs,
    review_verbs,
    rule_verbs,
    stats_verbs,
    store_verbs,
    sync_verbs,
    system_verbs,
)
from lvdesk.cli.output import BUG, DONE, REFUSED, Answer, shown_progress, write_answer
from lvdesk.kit.errors import Cancelled, KnownError, LVDeskError, RefusedError
from lvdesk.kit.page import PagePrinter
from lvdesk.kit.progress import Progress
from lvdesk.workspace import Workspace

_log = logging.getLogger(__name__)

_BEYOND_OPENING: Final = {"store.not_database", "store.damaged"}

Verb = Callable[[Workspace, argparse.Namespace, Progress], Answer]

_VERBS: Final[dict[str, Verb]] = {
    "import": ledger_verbs.import_files,
    "check": check_verbs.check,
    "show": ledger_verbs.show,
    "deskcheck": desk_verbs.deskcheck,
    "package": field_verbs.package,
    "forms": field_verbs.forms,
    "return": return_verbs.take_back,
    "review": review_verbs.review,
    "people": people_verbs.people,
    "grids": grid_verbs.grids,
    "liaison": liaison_verbs.liaison,
    "orders": order_verbs.orders,
    "stats": stats_verbs.stats,
    "template": rule_verbs.template,
    "export": export_verbs.export,
    "changes": change_verbs.changes,
    "receipt": receipt_verbs.receipt,
    "feedback": feedback_verbs.feedback,
    "reconcile": reconcile_verbs.reconcile,
    "doctor": doctor_verbs.doctor,
    "sync": sync_verbs.sync,
    "backup": store_verbs.backup,
    "restore": store_verbs.restore,
    "verify": store_verbs.verify,
    "undo": store_verbs.undo,
    "redo": store_verbs.redo,
    "history": store_verbs.history,
    "selftest": system_verbs.selftest,
    "demo": system_verbs.demo,
    "bench": system_verbs.bench,
}


class _Parser(argparse.ArgumentParser):
    """Bad usage is a refusal like any other: one line and a hint."""

    def error(self, message: str) -> NoReturn:
        """Raises instead of exiting."""
        raise RefusedError("usage", f"命令行用法不对：{message}", self.format_usage().strip())


def main(arguments: Sequence[str], printer: PagePrinter | None = None) -> int:
    """Runs one verb; returns 0 done, 1 done with refused rows or open errors, 2 refused, 3 a bug.

    Args:
        arguments: as typed, without the program's name.
        printer: makes a PDF of pages; what is printed needs one.
    """
    as_json = "--json" in arguments
    try:
        options = _parser().parse_args(arguments, argparse.Namespace(printer=printer))
        return _run(options, as_json=as_json)
    except LVDeskError as error:
        failure = {"error": {"code": error.code, "message": error.message, "hint": error.hint}}
        if as_json:
            write_answer(Answer(failure), as_json=True)
        sys.stderr.write(f"{error.message}\n" + (f"{error.hint}\n" if error.hint else ""))
        return REFUSED
    except (Cancelled, KeyboardInterrupt):
        if as_json:
            write_answer(Answer({"error": {"code": "cancelled", "message": "已取消，未保存任何数据", "hint": ""}}), as_json=True)
        sys.stderr.write("已取消，未保存任何数据\n")
        return REFUSED
    except Exception as error:
        _log.exception("bug")
        if as_json:
            write_answer(Answer({"error": {"code": "bug", "message": f"程序错误：{error}", "hint": "请把日志交给维护人员"}}), as_json=True)
        sys.stderr.write(f"程序错误：{type(error).__name__}: {error}\n")
        return BUG


def _run(options: argparse.Namespace, *, as_json: bool) -> int:
    progress = Progress()
    with suppress(ValueError):  # only the main thread may set handlers
        signal.signal(signal.SIGTERM, lambda _number, _frame: progress.cancel())
        signal.signal(signal.SIGINT, _interrupting(progress))
    try:
        ws = Workspace.open(getattr(options, "workspace", None), getattr(options, "db", None), person=getattr(options, "person", ""))
    except KnownError as error:
        folder = getattr(options, "workspace", None)
        if options.verb != "restore" or folder is None or error.code not in _BEYOND_OPENING:
            raise
        write_answer(store_verbs.replace_damaged(folder.resolve(), options, progress), as_json=as_json)
        return DONE
    try:
        with shown_progress(progress):
            answer = _VERBS[options.verb](ws, options, progress)
    finally:
        ws.close()
    write_answer(answer, as_json=as_json)
    if as_json and "error" in answer.data:
        sys.stderr.write(f"{answer.data['error']['message']}\n")
    return answer.status


def _interrupting(progress: Progress) -> Callable[[int, FrameType | None], None]:
    """Ctrl+C once stops at the next safe step, twice at once."""

    def handle(_number: int, _frame: FrameType | None) -> None:
        if progress.cancelled:
            raise KeyboardInterrupt
        progress.cancel()

    return handle


def _parser() -> argparse.ArgumentParser:
    common = _Parser(add_help=False)
    common.add_argument("--json", action="store_true", help="标准输出只有一个 JSON 对象")
    common.add_argument("--workspace", type=Path, default=argparse.SUPPRESS, help="工作区文件夹")
    common.add_argument("--db", default=argparse.SUPPRESS, help="服务器数据库，postgresql+psycopg://…")
    common.add_argument("--person", default=argparse.SUPPRESS, help="操作人")
    parser = _Parser(prog="main.py", description="营配网格工作台", parents=[common])
    parser.add_argument("--version", action="version", version=f"LVDesk {__version__}")
    verbs = parser.add_subparsers(dest="verb", required=True, parser_class=_Parser)
    for module in (
        ledger_verbs,
        check_verbs,
        desk_verbs,
        doctor_verbs,
        export_verbs,
        change_verbs,
        feedback_verbs,
        field_verbs,
        grid_verbs,
        liaison_verbs,
        order_verbs,
        stats_verbs,
        people_verbs,
        receipt_verbs,
        reconcile_verbs,
        return_verbs,
        review_verbs,
        rule_verbs,
        store_verbs,
        sync_verbs,
        system_verbs,
    ):
        module.add_verbs(verbs, common)
    return parser
