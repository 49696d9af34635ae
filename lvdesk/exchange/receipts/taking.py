"""Receipts come in: identifiers to the records, refusals to the desk that can do something, confirmed matters on to 已回执."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import polars as pl

from lvdesk.checks.station import Station
from lvdesk.exchange.answers import answer_sheets, take_answers
from lvdesk.exchange.receipts import pairing
from lvdesk.exchange.receipts.book import load_book
from lvdesk.exchange.receipts.learning import proposals
from lvdesk.exchange.receipts.listing import lines as listed
from lvdesk.exchange.receipts.model import ACTION, Received
from lvdesk.exchange.receipts.storing import Storing
from lvdesk.exchange.receipts.understanding import ROW, TEMPLATES, understood
from lvdesk.kit.clock import stamp
from lvdesk.kit.progress import Progress
from lvdesk.ledger.model import FileReport, ImportResult
from lvdesk.security.people import require
from lvdesk.workspace import Workspace


def take(ws: Workspace, paths: Sequence[Path], progress: Progress, system: str = "") -> Received:
    """Takes receipts in. A file that was taken before changes nothing, unless its effect was undone since.

    Args:
        ws: the workspace.
        paths: files of marketing's and GIS's answers.
        progress: rows; may be cancelled.
        system: who answers (marketing, gis), "" to tell from the file.

    Raises:
        RefusedError: ``people.not_allowed``.
        KnownError: ``rules.unreadable``.
        Cancelled: the user stopped it; what was kept of the files has no effect yet.
    """
    require(ws.store, ws.overrides, ACTION)
    book = load_book(ws.overrides)
    result = take_answers(ws, paths, progress)
    files, kept = _sorted(result)
    progress.start("正在核对回执")
    with ws.store.read() as connection:
        station = Station(ws, connection)
        sheets = answer_sheets(connection, TEMPLATES).filter(pl.col("sha256").is_in([report.sha256 for report in kept]))
        read = understood(station, sheets, book, system, progress)
    done = Storing(ws, stamp(ws.clock()), _called(kept)).store(read)
    ids = set(done.lines)
    fresh = tuple(view for view in listed(ws) if view.number in ids)
    rows = read.lines.select(ROW).n_unique()
    accepted = read.lines.filter("accepted").select(ROW).n_unique()
    same = read.pairs.filter(pl.col("verdict").is_in([pairing.SAME, pairing.OLDER])).height
    learned = tuple(each.why for each in proposals(ws)) if fresh else ()
    numbers = tuple(sorted(set(read.lines["package_no"].unique()) - {""}))
    changed = result.changed | done.changed
    return Received(files, rows, accepted, done.paired, same, fresh, done.settled, done.items, numbers, learned, done.label, changed)


def _sorted(result: ImportResult) -> tuple[tuple[FileReport, ...], list[FileReport]]:
    """All files as reported, with those that are no receipts refused; and those that are."""
    reports, kept = [], []
    for report in result.files:
        other = [sheet.template_title for sheet in report.sheets if sheet.template not in TEMPLATES]
        if report.status != "refused" and other and len(other) == len(report.sheets):
            why = f"这是“{other[0]}”，不是回执"
            reports.append(replace(report, status="refused", code="receipt.other", reason=why, hint="请用对应的功能接收"))
            continue
        reports.append(report)
        kept += [report] if report.status != "refused" else []
    return tuple(reports), kept


def _called(kept: Sequence[FileReport]) -> str:
    names = [report.path.name for report in kept]
    return names[0] if len(names) == 1 else f"{len(names)} 个文件"
