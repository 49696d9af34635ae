"""The user's own workbook returned with its problems marked."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import Final, Self

import zstandard
from sqlalchemy import Connection, select

from lvdesk.checks.findings import listed
from lvdesk.checks.marking_model import Mark, Order, mark_of, read_mapping
from lvdesk.checks.marking_rebuilt import rebuild
from lvdesk.kit.errors import KnownError
from lvdesk.kit.files import replacing
from lvdesk.kit.progress import Progress
from lvdesk.network.batches import Batch, BatchFile, BatchSheet
from lvdesk.network.verdicts import Finding
from lvdesk.tabular.guard import Reader
from lvdesk.workspace import Workspace

_STYLED: Final = "lvdesk.checks.marking_styled:mark"
_SILENCE: Final = 300.0
"""Seconds without a word: openpyxl says nothing while it reads a sheet."""
_TOO_MUCH: Final = frozenset({"file.too_large", "file.too_slow", "file.crashed"})


@dataclass(frozen=True)
class MarkSource:
    """An imported file with open findings in its cells."""

    batch: int
    file: str
    findings: int


def sources(ws: Workspace) -> list[MarkSource]:
    """The imported files whose cells have open findings, in the order of their import."""
    return Marker(ws, Progress()).sources


def mark_copy(ws: Workspace, batch: int, path: Path, progress: Progress) -> int:
    """Writes the marked copy of an imported file as .xlsx and gives the number of its findings.

    Its cells are coloured and commented, a sheet 问题清单 links to them. Workbooks keep their formats, formulas and order; other kinds of
    files and very large ones are written anew with the same rows.

    Raises:
        KnownError: ``batch.missing``; ``file.in_use``, ``file.not_writable`` for the copy; ``file.…`` when the original cannot be read.
        Cancelled: nothing of the copy stays.
    """
    with Marker(ws, progress, batch) as marker:
        return marker.copy(batch, path)


class Marker:
    """Writes several marked copies: findings are collected and the guarded process is started once for all; a context manager.

    Attributes:
        sources: the files that have findings.
        unplaced: findings that stand in no file.
    """

    def __init__(self, ws: Workspace, progress: Progress, batch: int | None = None) -> None:
        """Collects the findings, of all imported files or of one."""
        self._ws, self._progress = ws, progress
        self._sheets = {sheet.id: sheet for sheet in _sheets(ws, batch)}
        self._marks: dict[int, list[Mark]] = {}
        self._reader = Reader(silence=_SILENCE)
        self.unplaced = 0
        self._collect()
        names = {sheet.batch: sheet.file for sheet in self._sheets.values()}
        self.sources = [MarkSource(number, names[number], len(self._marks[number])) for number in sorted(self._marks)]

    def _collect(self) -> None:
        self._progress.start("正在收集问题", unit="个")
        with self._ws.store.read() as connection:
            query = select(Finding.id, Finding.sheet_id).where(Finding.resolved_at.is_(None))
            places = dict(connection.execute(query).all())
        for view in listed(self._ws):
            sheet = self._sheets.get(places.get(view.id) or 0)
            self.unplaced += sheet is None
            if sheet is not None:
                self._marks.setdefault(sheet.batch, []).append(mark_of(view, sheet.mapping, sheet.header_row))
            self._progress.step()

    def __enter__(self) -> Self:
        self._reader.__enter__()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._reader.__exit__(kind, error, trace)

    def copy(self, batch: int, path: Path) -> int:
        """As ``mark_copy``."""
        marks = tuple(self._marks.get(batch, ()))
        headers: dict[str, tuple[int, ...]] = {}
        for sheet in self._sheets.values():
            if sheet.batch == batch:
                headers[sheet.name] = (*headers.get(sheet.name, ()), sheet.header_row)
        with _original(self._ws, batch) as (source, sha256):
            order = Order(str(source), str(path), sha256, headers, marks)
            if not _styled(self._reader, order, path, self._progress):
                rebuild(self._reader, order, path, self._progress)
        return len(marks)


class _AnewError(Exception):
    """The workbook has to be written anew."""


def _styled(reader: Reader, order: Order, path: Path, progress: Progress) -> bool:
    """Marks the workbook itself; False when it cannot be kept as it is."""
    progress.start(f"正在标注 {Path(order.source).name}", unit="")
    try:
        with replacing(path) as part:
            given = Order(order.source, str(part), order.sha256, order.headers, order.marks)
            if list(reader.stream(_STYLED, (given,), progress))[-1] < 0:
                raise _AnewError
    except _AnewError:
        return False
    except KnownError as error:
        if error.code in _TOO_MUCH:
            return False
        raise
    return True


@dataclass(frozen=True)
class _Sheet:
    id: int
    batch: int
    file: str
    name: str
    header_row: int
    mapping: dict[int, str]


def _sheets(ws: Workspace, batch: int | None = None) -> list[_Sheet]:
    columns = (BatchSheet.id, BatchSheet.batch, Batch.name.label("file"), BatchSheet.name, BatchSheet.header_row, BatchSheet.mapping)
    query = select(*columns).join(Batch, Batch.id == BatchSheet.batch).order_by(BatchSheet.id)
    if batch is not None:
        query = query.where(BatchSheet.batch == batch)
    with ws.store.read() as connection:
        return [_Sheet(*row[:5], read_mapping(row[5])) for row in connection.execute(query)]


@contextmanager
def _original(ws: Workspace, batch: int) -> Iterator[tuple[Path, str]]:
    """The imported file as it was, under its own name (a csv's sheet is called by it), and its SHA-256; gone at the end."""
    with TemporaryDirectory(prefix="lvdesk-", ignore_cleanup_errors=True) as folder:
        with ws.store.read() as connection:
            found = connection.execute(select(Batch.name, Batch.sha256).where(Batch.id == batch)).first()
            if found is None:
                raise KnownError("batch.missing", f"没有编号为 {batch} 的导入文件", "请刷新后重试")
            source = Path(folder) / Path(found.name).name
            _write(connection, batch, source)
        yield source, found.sha256


def _write(connection: Connection, batch: int, source: Path) -> None:
    query = select(BatchFile.piece).where(BatchFile.batch == batch).order_by(BatchFile.id)
    with source.open("wb") as stream:
        for piece in connection.execution_options(yield_per=1).execute(query).scalars():
            stream.write(zstandard.decompress(piece))
