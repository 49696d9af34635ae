"""Workbooks that came back: field results are imported, a ledger among them is not; the packages they belong to get their things back."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import polars as pl
from sqlalchemy import Connection, select

from lvdesk.checks.station import Station
from lvdesk.fieldwork import moving
from lvdesk.fieldwork.classing.answers import Answers
from lvdesk.fieldwork.classing.book import CLOSED, load_book
from lvdesk.fieldwork.model import SheetState
from lvdesk.fieldwork.reading import ITEM, PACKAGE, SHEET
from lvdesk.fieldwork.register import mark
from lvdesk.fieldwork.return_model import ReturnRequest
from lvdesk.fieldwork.sheet_book import book_path
from lvdesk.fieldwork.sheet_pages import ELECTRONIC
from lvdesk.kit.progress import Progress
from lvdesk.ledger.importing import take
from lvdesk.ledger.model import FileReport, ImportRequest, ImportResult
from lvdesk.network.changed import Changed
from lvdesk.workspace import Workspace

_CLOSED: Final = "无法进入"
"""Outcome of things that nobody could get to: they need another visit."""
_ANSWERED: Final = ("note.verdict", "note.collected_on")
"""What a row that was filled in has; prefilled rows nobody answered have neither."""
_Thing = tuple[str, str | None]


@dataclass(frozen=True)
class Books:
    """The files' reports and what was imported."""

    files: tuple[FileReport, ...]
    result: ImportResult | None


def import_books(ws: Workspace, paths: Sequence[Path], asked: ReturnRequest, progress: Progress) -> Books:
    """Imports the tables of field results of these workbooks; a workbook without one is refused, other tables in it are left out.

    Raises:
        Cancelled: the user stopped it; nothing was imported.
    """
    request = ImportRequest(tuple(paths), crs=asked.crs or None, package_no=asked.package_no, results_only=True)
    result = take(ws, request, progress)
    return Books(tuple(_hinted(report) for report in result.files), result)


def _hinted(report: FileReport) -> FileReport:
    """What follows no template can be imported where a person says what it is."""
    hint = "请用本程序导出的电子表单，或在“数据导入”中指定模板和列后导入"
    return replace(report, hint=hint) if report.code == "file.no_template" else report


def sheets_of(station: Station, files: Sequence[FileReport]) -> tuple[int, ...]:
    """The sheets of field results in these files (``BatchSheet.id``), also of files that came before."""
    digests = [file.sha256 for file in files if file.status in {"imported", "unchanged"}]
    evidence = {key for key, template in station.templates.items() if template.effect == "evidence"}
    mine = station.sheets.filter(pl.col("sha256").is_in(digests) & pl.col("template").is_in(evidence))
    return tuple(mine["sheet_id"].to_list())


def sheets_on(station: Station, sheet_nos: Sequence[str]) -> tuple[int, ...]:
    """The sheets of field results that came from these sheets of paper (``BatchSheet.id``)."""
    names = [book_path(station.ws, number).name for number in sheet_nos]
    return tuple(station.sheets.filter(pl.col("file").is_in(names))["sheet_id"].to_list())


def book_packages(station: Station, sheets: Sequence[int], package_no: str) -> Changed:
    """Things of the packages that these field results name, or of the one a person named, are back with their outcome.

    A workbook of a package is back as a sheet too, once all its things are. What is not out is left as it is.
    """
    if not sheets:
        return Changed.NOTHING
    ws = station.ws
    visited = _visited(Answers(station, load_book(ws.overrides), station.results(sheets)), package_no)
    waiting = _waiting(station.connection, list(visited))
    changed = Changed.NOTHING
    for number, items in waiting.items():
        outcomes = visited[number]
        for outcome in ("", _CLOSED):
            back = [item for item in items if outcomes.get(item) == outcome]
            if back:
                changed |= moving.take_back(ws, number, back, outcome)
        changed |= _books_back(ws, number)
    return changed


def _visited(answers: Answers, package_no: str) -> dict[str, dict[_Thing, str]]:
    """Package -> the things that rows say something about -> outcome."""
    given = [pl.col(name).is_not_null() for name in _ANSWERED if name in answers.wide.columns]
    answered = answers.wide.select(pl.any_horizontal(given).alias("_answered")) if given else pl.DataFrame({"_answered": []})
    rows = answers.rows.filter(answered["_answered"]) if given else answers.rows.clear()
    number = pl.coalesce("package_no", pl.lit(package_no or None, pl.String)).alias("number")
    named = rows.select(number, "customer_no", "kind", "b_access_point_no", pl.coalesce("box", "c_box", "m_box_no").alias("box"))
    found: dict[str, dict[_Thing, str]] = {}
    for row in named.drop_nulls("number").iter_rows(named=True):
        outcome = _CLOSED if row["kind"] == CLOSED else ""
        for thing in (("meter_box", row["box"]), ("customer", row["customer_no"]), ("access_point", row["b_access_point_no"])):
            mine = found.setdefault(row["number"], {})
            mine[thing] = mine.get(thing, outcome) and outcome  # one row that got in is enough
    return found


def _waiting(connection: Connection, numbers: Sequence[str]) -> dict[str, list[tuple[str, str]]]:
    """Package that is out -> its things that are not back."""
    query = (
        select(PACKAGE.c.package_no, ITEM.c.entity, ITEM.c.key)
        .join(ITEM, ITEM.c.package == PACKAGE.c.id)
        .where(PACKAGE.c.package_no.in_(numbers), PACKAGE.c.out_at.is_not(None), PACKAGE.c.closed_at.is_(None), ITEM.c.back_at.is_(None))
    )
    found: dict[str, list[tuple[str, str]]] = {}
    for number, entity, key in connection.execute(query):
        found.setdefault(number, []).append((entity, key))
    return found


def _books_back(ws: Workspace, package_no: str) -> Changed:
    """The package's workbook is back once all its things are."""
    with ws.store.read() as connection:
        out = (
            select(ITEM.c.id)
            .join(PACKAGE, PACKAGE.c.id == ITEM.c.package)
            .where(PACKAGE.c.package_no == package_no, ITEM.c.back_at.is_(None))
        )
        if connection.execute(out.limit(1)).first() is not None:
            return Changed.NOTHING
        books = select(SHEET.c.sheet_no).join(PACKAGE, PACKAGE.c.id == SHEET.c.package)
        books = books.where(PACKAGE.c.package_no == package_no, SHEET.c.form == ELECTRONIC, SHEET.c.state == str(SheetState.OUT))
        numbers = list(connection.execute(books).scalars())
    return mark(ws, numbers, SheetState.BACK) if numbers else Changed.NOTHING
