"""The verb of the three-way reconciliation: compare, list who must do what, except, correct."""

import argparse
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from lvdesk.cli.output import DONE, DONE_WITH_REFUSALS, Answer
from lvdesk.cli.people_verbs import seated, sit
from lvdesk.kit.progress import Progress
from lvdesk.workspace import Workspace

if TYPE_CHECKING:
    from lvdesk.exchange.reconcile.corrections import CorrectionFile
    from lvdesk.exchange.reconcile.model import DisagreementView

_KLASSES: Final = ("missing", "extra", "moved", "changed", "cancelled", "id_broken", "wrong_upstream")
_STATES: Final = ("open", "excepted", "corrected", "resolved")


def add_verbs(verbs: Any, common: argparse.ArgumentParser) -> None:
    """Declares the verb."""
    parser = verbs.add_parser("reconcile", parents=[common], help="三方对账：营销、现场、GIS 与台账逐项比较，列出谁该做什么")
    parser.add_argument("--class", dest="klasses", action="append", default=[], choices=_KLASSES, help="只列这些类别，可多次")
    parser.add_argument("--state", dest="states", action="append", default=[], choices=_STATES, help="只列这些状态，可多次")
    parser.add_argument("--out", type=Path, default=None, metavar="DIR", help="把已派的更正写成工作簿")
    sit(parser)
    parts = parser.add_subparsers(dest="part", required=False)
    excepting = parts.add_parser("except", parents=[common], help="列为例外，写明理由，可定期限")
    excepting.add_argument("ids", type=int, nargs="+", metavar="ID")
    excepting.add_argument("--reason", required=True)
    excepting.add_argument("--until", default=None, metavar="YYYY-MM-DD", help="例外的最后一天，不填则一直有效")
    correcting = parts.add_parser("correct", parents=[common], help="一键更正：派给该改的一方，台账有误的直接改")
    correcting.add_argument("ids", type=int, nargs="+", metavar="ID")
    correcting.add_argument(
        "--out", dest="folder", type=Path, default=None, metavar="DIR", help="同时写出营销、GIS 更正工作簿和现场复核清单"
    )
    withdrawing = parts.add_parser("withdraw", parents=[common], help="撤回例外或更正")
    withdrawing.add_argument("ids", type=int, nargs="+", metavar="ID")
    for part in (excepting, correcting, withdrawing):
        sit(part)


def reconcile(ws: Workspace, options: argparse.Namespace, progress: Progress) -> Answer:
    """Runs one part of the verb."""
    seated(ws, options)
    return _PARTS[getattr(options, "part", None)](ws, options, progress)


def _run(ws: Workspace, options: argparse.Namespace, progress: Progress) -> Answer:
    from lvdesk.exchange.reconcile.model import KLASS_TITLES, Klass, State
    from lvdesk.exchange.reconcile.reading import Scope, Words, views
    from lvdesk.exchange.reconcile.running import run

    done = run(ws, progress)
    files = _written(ws, options.out)
    found = views(ws, Scope(frozenset(map(Klass, options.klasses)), frozenset(map(State, options.states))))
    titles = Words(ws).book.titles
    data = {
        "customers": {"agreed": done.people[0], "compared": done.people[1]}, "rate": done.rate,
        "compared": done.compared, "counts": done.counts, "new": done.new, "resolved": done.resolved,
        "differences": [_difference(view) for view in found], "files": files,
    }  # fmt: skip
    agreed, people = done.people
    lines = [f"贯通率 {agreed / people:.2%}（{people:,} 户中 {agreed:,} 户）" if people else "还没有电源信息回写，算不出贯通率"]
    lines += [f"{titles.get(key, key)}  一致 {rate:.1%}（{done.compared[key]:,}）" for key, rate in done.rate.items()]
    lines += [f"{KLASS_TITLES[klass]} {count:,} 处" for klass, count in done.counts.items()]
    lines += [_line(view) for view in found] or ["没有这样的差异"]
    is_open = any(view.state is State.OPEN for view in found)
    return Answer(data, (*lines, *_told(files)), DONE_WITH_REFUSALS if is_open else DONE)


def _except(ws: Workspace, options: argparse.Namespace, _progress: Progress) -> Answer:
    from lvdesk.exchange.reconcile.deciding import except_

    except_(ws, options.ids, options.reason, options.until)
    return _listed(ws, options.ids, {})


def _withdraw(ws: Workspace, options: argparse.Namespace, _progress: Progress) -> Answer:
    from lvdesk.exchange.reconcile.deciding import withdraw

    withdraw(ws, options.ids)
    return _listed(ws, options.ids, {})


def _correct(ws: Workspace, options: argparse.Namespace, progress: Progress) -> Answer:
    from lvdesk.exchange.reconcile.deciding import correct

    done = correct(ws, options.ids, progress)
    files = _written(ws, options.folder, done.order) if done.order else []
    refused = [asdict(each) for each in done.refused]
    data = {
        "corrected": len(done.done),
        "order": done.order,
        "told": done.told,
        "refused": refused,
        "label": done.entry_label,
        "files": files,
    }
    answer = _listed(ws, list(done.done), data)
    lines = [*answer.lines, *_told(files), *(f"{each.number} 没有更正：{each.why}" for each in done.refused)]
    return Answer(answer.data, tuple(lines), DONE_WITH_REFUSALS if refused else DONE)


def _listed(ws: Workspace, ids: Sequence[int], data: dict[str, Any]) -> Answer:
    from lvdesk.exchange.reconcile.reading import views

    found = views(ws, ids=ids)
    return Answer({**data, "differences": [_difference(view) for view in found]}, tuple(map(_line, found)), DONE)


def _written(ws: Workspace, folder: Path | None, order: str = "") -> list[dict[str, Any]]:
    if folder is None:
        return []
    from lvdesk.exchange.reconcile.corrections import write_corrections

    written: list[CorrectionFile] = write_corrections(ws, folder.resolve(), order)
    return [asdict(each) for each in written]


def _told(files: Sequence[dict[str, Any]]) -> list[str]:
    return [f"已写出 {each['path']}，{each['rows']} 行" for each in files]


def _difference(view: "DisagreementView") -> dict[str, Any]:
    """The keys of design.md, then the rest."""
    said = asdict(view)
    first = ("entity", "key", "field", "marketing", "field_value", "gis", "base", "owner", "suggestion", "evidence")
    rest = ("number", "state", "target", "todo", "title", "area_no", "reason", "expires_on", "order", "found_at")
    return {"class": said["klass"], **{name: said[name] for name in (*first, *rest)}}


def _line(view: "DisagreementView") -> str:
    sides = "，".join(
        f"{title} {value or '—'}"
        for title, value in (("营销", view.marketing), ("现场", view.field_value), ("GIS", view.gis), ("台账", view.base))
    )
    more = f"（{view.reason or view.order}）" if view.reason or view.order else ""
    return f"{view.number}  {view.state_title}{more}  {view.klass_title}  {view.todo}  [{sides}]"


_PARTS: Final[dict[str | None, Callable[[Workspace, argparse.Namespace, Progress], Answer]]] = {
    None: _run, "except": _except, "correct": _correct, "withdraw": _withdraw,
}  # fmt: skip
