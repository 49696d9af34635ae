"""Keeps an imported file whole: original bytes, found tables, raw cells, the report as shown."""

import hashlib
import json
import zlib
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import polars as pl
import zstandard
from sqlalchemy import Connection, func, select

from lvdesk.ledger.listing import pack
from lvdesk.ledger.model import FileReport, ImportRequest, SheetReport
from lvdesk.network.answers import AnswerSheet
from lvdesk.network.batches import Batch, BatchCells, BatchFile, BatchNotes, BatchRows, BatchSheet, table_of
from lvdesk.network.returns import FieldSheet
from lvdesk.store.tables import journal
from lvdesk.store.write import Write
from lvdesk.templates.definition import Template
from lvdesk.workspace import Workspace

_PIECE = 8 << 20
_NOTES = 100_000


def choice_digest(request: ImportRequest, path: Path) -> str:
    """What was decided for this file, in one digest: the same file with other decisions is another import."""
    mine = {sheet: asdict(choice) for (name, sheet), choice in sorted(request.choices.items()) if name == str(path)}
    text = json.dumps([mine, request.crs or ""], sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def partial(choice: str) -> str:
    """The digest of an import that left tables of the file out: importing the whole file is another import."""
    return f"{choice[:-1]}-"


def taken_before(connection: Connection, sha256: str, choice: str) -> bytes | None:
    """The stored report of the same file imported with the same decisions, unless that import was undone."""
    query = (
        select(Batch.report)
        .join(journal, journal.c.id == Batch.entry)
        .where(Batch.sha256 == sha256, Batch.choice == choice, journal.c.undone_by.is_(None))
        .order_by(Batch.id.desc())
        .limit(1)
    )
    return connection.execute(query).scalar()


def newest_batch(connection: Connection, sha256: str) -> int | None:
    """The newest import of a file that was not undone."""
    counting = select(func.max(Batch.id)).join(journal, journal.c.id == Batch.entry).where(journal.c.undone_by.is_(None))
    query = counting.where(Batch.sha256 == sha256)
    return connection.execute(query).scalar()


class BatchWriter:
    """Writes one file's batch inside the import's transaction."""

    def __init__(self, ws: Workspace, write: Write, report: FileReport, choice: str, said: tuple[str, str] = ("", "")) -> None:
        """``choice``: digest of the decisions it is imported with; ``said``: package and coordinate system a person named for it."""
        self._ws, self._write, self._report, self._choice, self._said = ws, write, report, choice, said
        self.id = 0

    def open(self, copy_of: str) -> None:
        """Creates the batch and stores the original file in compressed pieces; ``copy_of`` is the file whose marked copy this is."""
        report = self._report
        replaces = newest_batch(self._write.connection, copy_of) if copy_of else None
        columns = ("entry", "sha256", "choice", "name", "size", "kind", "encoding", "imported_at", "person", "report", "replaces")
        moment = self._ws.clock().isoformat(timespec="seconds")
        row = (
            self._write.entry_id, report.sha256, self._choice, report.path.name, report.size, report.kind, report.encoding,
            moment, self._ws.person, b"", replaces,
        )  # fmt: skip
        self.id = self._write.insert(table_of(Batch), columns, [row], 1)[0]
        for piece in _pieces(report.path):
            self._write.insert(table_of(BatchFile), ("batch", "piece"), [(self.id, zstandard.compress(piece, level=1))], 1)

    def sheet(self, name: str, template: Template, header_row: int, mapping: dict[int, str]) -> int:
        """Creates one found table and returns its id."""
        columns = ("batch", "name", "template", "system", "entity", "header_row", "mapping")
        row = (self.id, name, template.key, template.system, template.entity, header_row, json.dumps(mapping))
        sheet = self._write.insert(table_of(BatchSheet), columns, [row], 1)[0]
        called = f"{self._report.path.name} · {name}"
        if template.key in self._ws.answers:
            answer = (sheet, called, template.key, template.system)
            self._write.insert(table_of(AnswerSheet), ("sheet", "name", "template", "system"), [answer], 1)
        elif template.effect == "evidence":
            result = (sheet, called, *self._said)
            self._write.insert(table_of(FieldSheet), ("sheet", "name", "package_no", "crs"), [result], 1)
        return sheet

    def cells(self, sheet_id: int, first_row: int, row_count: int, cells: bytes) -> None:
        """Keeps raw cells."""
        self._write.insert(table_of(BatchCells), ("sheet", "first_row", "row_count", "cells"), [(sheet_id, first_row, row_count, cells)], 1)

    def rows(self, sheet_id: int, rows: bytes) -> None:
        """Keeps which record each row lists."""
        self._write.insert(table_of(BatchRows), ("sheet", "rows"), [(sheet_id, rows)], 1)

    def notes(self, sheet_id: int, notes: pl.DataFrame) -> None:
        """Keeps the cells that were healed or refused."""
        pieces = [(sheet_id, pack(piece)) for piece in notes.iter_slices(_NOTES)]
        self._write.insert(table_of(BatchNotes), ("sheet", "notes"), pieces, len(pieces))

    def close(self, report: FileReport, *, whole: bool) -> None:
        """Keeps the report; ``whole``: no table of the file was left out."""
        choice = self._choice if whole else partial(self._choice)
        statement = table_of(Batch).update().where(Batch.id == self.id).values(report=pack_report(report), choice=choice)
        self._write.connection.execute(statement)


def pack_report(report: FileReport) -> bytes:
    """The numbers of a report; the lists of single cells can be read from the file again."""
    sheets = [
        {"name": s.name, "template": s.template, "header_row": s.header_row, "rows_in": s.rows_in, "rows_stored": s.rows_stored,
         "rows_refused": s.rows_refused, "unchanged": s.new + s.changed + s.unchanged, "entity": s.entity,
         "template_title": s.template_title, "skipped": s.skipped}
        for s in report.sheets
    ]  # fmt: skip
    return zlib.compress(json.dumps({"kind": report.kind, "encoding": report.encoding, "sheets": sheets}, ensure_ascii=False).encode())


def unpack_report(packed: bytes, path: Path, sha256: str) -> FileReport:
    """The report of a file that is imported again: everything unchanged."""
    stored = json.loads(zlib.decompress(packed))
    sheets = tuple(
        SheetReport(**{**sheet, "skipped": tuple((what, count) for what, count in sheet["skipped"])}) for sheet in stored["sheets"]
    )
    return FileReport(
        path, sha256, path.stat().st_size, "unchanged", reason="文件内容与已导入的完全相同，没有改动",
        kind=stored["kind"], encoding=stored["encoding"], sheets=sheets,
    )  # fmt: skip


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as stream:
        while piece := stream.read(_PIECE):
            yield piece
