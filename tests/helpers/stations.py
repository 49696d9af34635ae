"""Other stations' files, made on the spot, and what came of them: tables as read, the accepted state as values without row numbers."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any, Self

import openpyxl
import pytest
from sqlalchemy import select

from lvdesk.kit.progress import Progress
from lvdesk.ledger.importing import take
from lvdesk.ledger.model import FileReport, Finding, Healed, ImportRequest, ImportResult, Refused, SheetChoice, SheetReport
from lvdesk.ledger.prepared import Damage, Order, Piece, TableFound
from lvdesk.ledger.preparing import prepare
from lvdesk.network.batches import Difference
from lvdesk.network.identifiers import reconstruct
from lvdesk.network.tables import TABLES
from lvdesk.sample import SampleStation, build
from lvdesk.workspace import Workspace

Cell = str | int | float | date | datetime | None
Rows = Sequence[Sequence[Cell]]
Values = dict[str, Any]

_OF_THE_STORE = {"id", "version", "sheet_id", "sheet_row", "sources", "absent_sheet"}


def barcode(kind: str, number: int) -> str:
    """A sound 22-digit barcode: kind "01" for meters, "05" for boxes."""
    code = reconstruct(f"34300{kind}", f"18{number:012d}")
    assert code is not None
    return code


def workbook(path: Path, sheets: Mapping[str, Rows], merges: Mapping[str, Sequence[str]] | None = None) -> Path:
    """An xlsx file with these sheets; ``merges`` names cell ranges per sheet."""
    made = openpyxl.Workbook()
    made.remove(made.active)  # type: ignore[arg-type]
    for name, rows in sheets.items():
        sheet = made.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
        for merged in (merges or {}).get(name, ()):
            sheet.merge_cells(merged)
    made.save(path)
    return path


def edited(path: Path, change: Any, target: Path | None = None) -> Path:
    """The workbook after ``change(openpyxl workbook)``, under its own name or as ``target``."""
    made = openpyxl.load_workbook(path)
    change(made)
    made.save(target or path)
    return target or path


@dataclass
class Read:
    """One table as the reading process reports it, all pieces together."""

    found: TableFound
    rows_in: int = 0
    skipped: dict[str, int] = field(default_factory=dict)
    records: dict[str, list[Values]] = field(default_factory=dict)
    healed: list[Healed] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    damages: list[Damage] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    @property
    def template(self) -> str:
        return self.found.template

    @property
    def header_row(self) -> int:
        return self.found.header_rows[-1]

    @property
    def fields(self) -> list[str]:
        """The recognised fields in the order of the columns."""
        return [column.field for column in self.found.columns if column.field]

    def column(self, name: str) -> list[Any]:
        """The values of one entity.field in the order of the rows."""
        entity, _, attribute = name.partition(".")
        return [record.get(attribute) for record in self.records.get(entity, [])]

    def add(self, piece: Piece) -> None:
        self.rows_in += piece.rows_in
        for what, count in piece.skipped.items():
            self.skipped[what] = self.skipped.get(what, 0) + count
        for entity, frame in piece.records.items():
            self.records.setdefault(entity, []).extend(frame.to_dicts())
        self.healed += piece.healed
        self.refused += piece.refused
        self.damages += piece.damages
        self.findings += piece.findings


def read(path: Path, choices: Mapping[str, SheetChoice] | None = None, crs: str | None = None) -> list[Read]:
    """The file's tables as prepared for storing; runs in this process."""
    tables: list[Read] = []
    for message in prepare(Order(str(path), str(path.parent / "no-overrides"), dict(choices or {}), {}, crs)):
        if isinstance(message, TableFound):
            tables.append(Read(message))
        elif isinstance(message, Piece):
            tables[-1].add(message)
    return tables


def only(path: Path, **more: Any) -> Read:
    """The one table of the file."""
    tables = read(path, **more)
    assert [table.template for table in tables if table.template] == [tables[0].template], tables
    return tables[0]


class NearReader:
    """Stands for the guarded reading process where only what is done with its messages matters: saves its start-up."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        return None

    def stream(self, function: str, arguments: tuple[Any, ...], progress: Progress | None = None) -> Iterator[Any]:
        assert function == "lvdesk.ledger.preparing:prepare"
        for message in prepare(*arguments):
            if progress is not None:
                progress.check()
            yield message


@pytest.fixture
def near_reader(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files are read in this process."""
    monkeypatch.setattr("lvdesk.ledger.importing.Reader", NearReader)


@pytest.fixture
def ws(store_url: str, tmp_path: Path) -> Iterator[Workspace]:
    """An empty workspace, once on each engine."""
    opened = Workspace.open(tmp_path / "workspace", store_url, person="张三")
    yield opened
    opened.close()


@pytest.fixture
def local_ws(tmp_path: Path) -> Iterator[Workspace]:
    """An empty workspace on SQLite, for what does not depend on the engine."""
    opened = Workspace.open(tmp_path / "workspace", person="张三")
    yield opened
    opened.close()


def small_station(folder: Path, *, dirt: bool = True, customers: int = 80) -> SampleStation:
    """A sample station whose few customers spread over several feeders."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("lvdesk.sample.inventing.CUSTOMERS_PER_AREA", 7)
        patch.setattr("lvdesk.sample.inventing.AREAS_PER_FEEDER", 4)
        return build(folder, customers=customers, dirt=dirt)


def taken(ws: Workspace, *paths: Path, **more: Any) -> ImportResult:
    """Imports the files together."""
    return take(ws, ImportRequest(tuple(paths), **more), Progress())


def file_of(result: ImportResult, name: str) -> FileReport:
    """The report of the file of that name."""
    return next(report for report in result.files if report.path.name == name)


def sheet_of(result: ImportResult, template: str) -> SheetReport:
    """The first table that follows ``template``."""
    return next(sheet for report in result.files for sheet in report.sheets if sheet.template == template)


def state(ws: Workspace) -> dict[str, dict[str, Values]]:
    """Everything accepted: entity -> key -> values, with what only the store needs left out."""
    with ws.store.read() as connection:
        found = {}
        for entity, table in TABLES.items():
            key = ws.dictionary.key(entity)
            rows = connection.execute(select(table)).mappings().all()
            found[entity] = {
                str(row[key]): {name: value for name, value in row.items() if name not in _OF_THE_STORE}
                | {"absent": row["absent_sheet"] is not None}
                for row in rows
            }
            assert len(found[entity]) == len(rows)
        return found


def differences(ws: Workspace) -> list[tuple[str, str, str, str, str]]:
    """(entity, key, field, other value, system) of every kept difference, in order."""
    columns = (Difference.entity, Difference.key, Difference.field, Difference.other, Difference.system)
    with ws.store.read() as connection:
        return sorted(tuple(row) for row in connection.execute(select(*columns)))  # type: ignore[type-var]


def record(ws: Workspace, entity: str, key: str) -> Values:
    """One accepted record."""
    return state(ws)[entity][key]
