"""Takes back what the field teams bring: workbooks, scanned sheets and photos, in any mixture, as often as somebody drops them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, select

from lvdesk import history
from lvdesk.checks.station import Station
from lvdesk.fieldwork import differences
from lvdesk.fieldwork.classing import accounting
from lvdesk.fieldwork.classing.answers import Answers
from lvdesk.fieldwork.classing.book import load_book
from lvdesk.fieldwork.classing.classing import said
from lvdesk.fieldwork.classing.likeness import suggestions
from lvdesk.fieldwork.reading import package_row
from lvdesk.fieldwork.return_books import Books, book_packages, import_books, sheets_of, sheets_on
from lvdesk.fieldwork.return_model import DifferenceClass, Returned, ReturnedCoordinate, ReturnedFile, ReturnRequest, Suggestion
from lvdesk.fieldwork.return_photos import Photos, take_photos
from lvdesk.fieldwork.return_scans import Scans, sheets_among, take_scans
from lvdesk.fieldwork.return_sorting import PDF, PICTURE, WORKBOOK, is_litter, kind_of
from lvdesk.kit.errors import RefusedError
from lvdesk.kit.files import expanded
from lvdesk.kit.progress import Progress
from lvdesk.ledger.model import FileReport
from lvdesk.network.batches import Batch, BatchSheet
from lvdesk.network.changed import Changed
from lvdesk.store.journal import entries, entry
from lvdesk.workspace import Workspace

_MOST_STEPS: Final = 2_000
_STATUS: Final = {"imported": "taken", "unchanged": "unchanged", "refused": "refused"}


@dataclass(frozen=True)
class _Sorted:
    """The files of a return by kind."""

    books: Sequence[Path]
    scans: Sequence[Path]
    photos: Sequence[Path]


def take_back(ws: Workspace, request: ReturnRequest, progress: Progress) -> Returned:
    """Takes everything in and says how it differs from the ledger.

    What came back before changes nothing; its differences are told again. Each kind is taken in writes of its own: stopped in between,
    the return is continued by returning the same files.

    Raises:
        KnownError: ``package.missing``.
        RefusedError: ``return.nothing`` without a file.
        Cancelled: the user stopped it.
    """
    paths = tuple(path for path in expanded(path.absolute() for path in request.paths) if not is_litter(path))
    if not paths:
        raise RefusedError("return.nothing", "没有要回收的文件", "请拖入或选择采录结果、扫描件、照片，或它们所在的文件夹")
    request = replace(request, package_no=_package(ws, request.package_no))
    newest = entries(ws.store, limit=1)
    kinds = _sort(ws, paths, progress)
    books = import_books(ws, kinds.books, request, progress) if kinds.books else Books((), None)
    scanned = take_scans(ws, kinds.scans, progress) if kinds.scans else Scans()
    pictured = take_photos(ws, kinds.photos, progress) if kinds.photos else Photos()
    changed = scanned.changed | pictured.changed | (books.result.changed if books.result else Changed.NOTHING)
    with ws.store.read() as connection:
        station = Station(ws, connection)
        sheets = sheets_of(station, books.files)
        changed |= book_packages(station, sheets, request.package_no)
        changed |= differences.recount_of(station, progress)
        told = _told(station, sheets, sheets_on(station, scanned.sheets_done), progress)
    result, rows = books.result, sum(_rows(report) for report in books.files if report.status != "refused")
    return replace(
        told, files=(*map(_file, books.files), *scanned.files, *pictured.files), changed=changed, rows_in=rows,
        refused=rows - told.matched - told.new, entry_id=result.entry_id if result else 0, label=result.label if result else "",
        unread=scanned.unread + pictured.waiting, pages_read=scanned.read, pages_queued=scanned.queued, sheets_done=scanned.sheets_done,
        photos_filed=pictured.filed, photos_queued=pictured.queued, steps=_steps(ws, newest[0].id if newest else 0),
    )  # fmt: skip


def undo(ws: Workspace, steps: Sequence[int]) -> Changed:
    """Takes a return back (``Returned.steps``); steps that somebody took back before are passed over.

    Raises:
        ConflictError: something it touched was changed since; the steps before that one are undone.
    """
    changed = Changed.NOTHING
    with ws.store.read() as connection:
        undone = {step for step in steps if (found := entry(connection, step)) is None or found.undone_by is not None}
    for step in steps:
        if step not in undone:
            changed |= history.undo(ws, step)
    return changed


def _steps(ws: Workspace, after: int) -> tuple[int, ...]:
    """The person's undoable entries of history that are newer, the last one first."""
    found = entries(ws.store, limit=_MOST_STEPS)
    return tuple(each.id for each in found if each.id > after and each.person == ws.person and each.summary and each.undoes is None)


def _package(ws: Workspace, package_no: str) -> str:
    """The package's number as it is stored."""
    if not package_no.strip():
        return ""
    with ws.store.read() as connection:
        return str(package_row(connection, package_no).package_no)


def _sort(ws: Workspace, paths: Sequence[Path], progress: Progress) -> _Sorted:
    by_kind: dict[str, list[Path]] = {WORKBOOK: [], PDF: [], PICTURE: []}
    for path in paths:
        by_kind[kind_of(path)].append(path)
    sheets, photos = sheets_among(ws, by_kind[PICTURE], progress)
    return _Sorted(by_kind[WORKBOOK], [*by_kind[PDF], *sheets], photos)


def _told(station: Station, sheets: Sequence[int], keyed: Sequence[int], progress: Progress) -> Returned:
    """What the rows of these sheets say; ``keyed``: of paper, their rows were not in a workbook that came back."""
    answers = Answers(station, load_book(station.ws.overrides), station.results(sheets))
    account = accounting.account(answers, said(answers, progress))
    alike = suggestions(answers, account.useless)
    places = accounting.measured(answers)
    names = _names(station.connection)
    found = tuple(differences.of_sheets(station.ws, [*sheets, *keyed]))
    return Returned(
        rows_in=account.matched + account.new + account.refused, matched=account.matched, new=account.new,
        missing=sum(view.klass is DifferenceClass.CANCELLED for view in found), changed_rows=account.changed, refused=account.refused,
        differences=found,
        coordinates=tuple(ReturnedCoordinate(*names[sheet], *rest) for sheet, *rest in places),
        suggestions=tuple(
            Suggestion(*names[each.sheet_id], each.sheet_row, "customer", each.customer_no, each.likeness, each.evidence) for each in alike
        ),
    )  # fmt: skip


def _names(connection: Connection) -> dict[int, tuple[str, str]]:
    """Imported sheet -> file and name of the sheet."""
    query = select(BatchSheet.id, Batch.name, BatchSheet.name).join(Batch, Batch.id == BatchSheet.batch)
    return {number: (file, sheet) for number, file, sheet in connection.execute(query)}


def _rows(report: FileReport) -> int:
    """Rows of a file's tables of results; tables that are none were left out of the import."""
    return sum(sheet.rows_in for sheet in report.sheets)


def _file(report: FileReport) -> ReturnedFile:
    return ReturnedFile(report.path, "workbook", _STATUS[report.status], _rows(report), report.code, report.reason, report.hint)
