"""Takes the files of one import into one transaction, then settles damage, missing links and what is gone."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from lvdesk.kit.errors import KnownError
from lvdesk.kit.progress import Progress
from lvdesk.ledger.applying import Applier, Target
from lvdesk.ledger.authority import Origin
from lvdesk.ledger.batches import BatchWriter, partial, taken_before, unpack_report
from lvdesk.ledger.evidence import Evidence
from lvdesk.ledger.model import FileReport, Finding, ImportRequest, SheetReport
from lvdesk.ledger.prepared import FileFound, Message, Piece, TableFound
from lvdesk.ledger.resolving import resolve_names
from lvdesk.ledger.scope import Partial, Scope, gone
from lvdesk.ledger.taken import TakenTable
from lvdesk.network.tables import TABLES
from lvdesk.store.model import Change
from lvdesk.store.write import Write
from lvdesk.workspace import Workspace


@dataclass
class _File:
    """One file under way."""

    report: FileReport
    batch: BatchWriter
    scope: Scope = field(default_factory=Scope)
    tables: dict[int, TakenTable] = field(default_factory=dict)
    strangers: list[TableFound] = field(default_factory=list)
    left_out: list[TableFound] = field(default_factory=list)
    order: list[int] = field(default_factory=list)


class Intake:
    """The import's state across its files."""

    def __init__(self, ws: Workspace, write: Write, request: ImportRequest) -> None:
        self._ws, self._write, self._request = ws, write, request
        self._templates = ws.answers if request.answers else ws.templates
        self._applier = Applier(write, ws.dictionary)
        self._files: dict[Path, _File] = {}
        self._digests: dict[tuple[str, str], Path] = {}

    def taken_before(self, path: Path, sha256: str, choice: str) -> FileReport | None:
        """The answer for a file that was imported before, or None."""
        twin = self._digests.get((sha256, choice))
        if twin is not None:
            return FileReport(path, sha256, path.stat().st_size, "unchanged", reason=f"与本次导入的 {twin.name} 内容完全相同")
        packed = taken_before(self._write.connection, sha256, choice)
        if packed is None and self._request.results_only:
            packed = taken_before(self._write.connection, sha256, partial(choice))
        return unpack_report(packed, path, sha256) if packed is not None else None

    def touched(self, path: Path) -> bool:
        """Whether something of the file is already in the transaction."""
        return path in self._files

    def file(self, path: Path, sha256: str, choice: str, messages: Iterator[Message], progress: Progress) -> FileReport:
        """Takes one file, piece by piece.

        Raises:
            KnownError: the file cannot be read, or no sheet follows a template.
        """
        current: _File | None = None
        strangers: list[TableFound] = []
        left_out: list[TableFound] = []
        found = FileFound("", None, 0)
        report = FileReport(path, sha256, path.stat().st_size)
        for message in messages:
            if isinstance(message, FileFound):
                found = message
                report = replace(report, kind=message.kind, encoding=message.encoding)
                progress.expect(message.rows)
            elif isinstance(message, TableFound) and not message.template:
                strangers.append(message)
            elif isinstance(message, TableFound) and self._request.results_only and not self._is_result(message):
                left_out.append(message)
            elif isinstance(message, TableFound):
                current = current or self._open(report, choice, found.copy_of)
                self._table(current, message)
            else:
                if current is not None and message.index in current.tables:
                    self._piece(current, message)
                progress.step(message.row_count)
        if current is None:
            raise self._no_results(path, left_out) if left_out else _stranger(path, strangers)
        current.strangers, current.left_out = strangers, left_out
        return current.report

    def _is_result(self, found: TableFound) -> bool:
        """Whether a table is of field results: kept beside the records."""
        return self._templates[found.template].effect == "evidence"

    def _no_results(self, path: Path, left_out: list[TableFound]) -> KnownError:
        titles = "、".join(dict.fromkeys(self._templates[found.template].title for found in left_out))
        return KnownError("return.not_results", f"{path.name} 是{titles}，不是现场采录结果", "台账请在“数据导入”中导入")

    def _open(self, report: FileReport, choice: str, copy_of: str) -> _File:
        batch = BatchWriter(self._ws, self._write, report, choice, (self._request.package_no, self._request.crs or ""))
        opened = self._files[report.path] = _File(report, batch)
        self._digests[report.sha256, choice] = report.path
        batch.open(copy_of)
        return opened

    def _table(self, current: _File, found: TableFound) -> None:
        template = self._templates[found.template]
        mapping = {column.index: column.field for column in found.columns if column.field}
        sheet_id = current.batch.sheet(found.name, template, found.header_rows[-1], mapping)
        origin = Origin.of(template.system, template.entity)
        self._applier.authority.register(sheet_id, origin)
        target = Target(sheet_id, origin.lists, template.system, template.effect == "accept")
        current.tables[found.index] = TakenTable(found, template, target, current.batch)

    def _piece(self, current: _File, piece: Piece) -> None:
        taken = current.tables[piece.index]
        current.batch.cells(taken.target.sheet_id, piece.first_row, piece.row_count, piece.cells)
        taken.take(piece, self._applier, current.scope)

    def finish(self, progress: Progress) -> dict[Path, FileReport]:
        """Everything that needs all files: damaged values, names to links, what is gone; then the reports."""
        self._write.build_indexes()
        for current in self._files.values():
            for taken in current.tables.values():
                taken.compare(self._applier, current.scope)
        self._settle(progress)
        resolve_names(self._write)
        self._find_gone(progress)
        self._applier.finish()
        reports = {}
        for path, current in self._files.items():
            sheets = []
            for taken in current.tables.values():
                sheet = taken.report()
                taken.keep_notes(sheet)
                sheets.append((taken.found.index, sheet))
            sheets += [(found.index, _unknown(found)) for found in current.strangers]
            report = replace(current.report, sheets=tuple(sheet for _, sheet in sorted(sheets, key=lambda pair: pair[0])))
            current.batch.close(report, whole=not current.left_out)
            reports[path] = report
        return reports

    def _settle(self, progress: Progress) -> None:
        keys = {entity: self._ws.dictionary.key(entity) for entity in TABLES}
        evidence = Evidence(self._write.connection, keys)
        for current in self._files.values():
            for taken in current.tables.values():
                progress.check()
                wide = taken.pending_rows()
                if wide is not None:
                    settled = evidence.settle(wide, taken.damages, taken.template.row_key)
                    taken.settle(settled, self._ws.dictionary, self._applier, current.scope)

    def _find_gone(self, progress: Progress) -> None:
        """Records that their own ledger no longer lists are marked, never deleted; each is told once, with the first table of its kind."""
        scope = Scope()
        first: dict[str, list[TakenTable]] = {}
        for current in self._files.values():
            kinds = {taken.template.entity: taken for taken in current.tables.values() if taken.target.accept}
            progress.check()
            current.scope.place(self._write.connection)
            scope.merge(current.scope)
            for entity, taken in kinds.items():
                first.setdefault(entity, []).append(taken)
        for entity, tables in first.items():
            for listed in tables[0].target.lists:
                progress.check()
                self._mark_gone(scope, entity, listed, tables)

    def _mark_gone(self, scope: Scope, entity: str, listed: str, tables: list[TakenTable]) -> None:
        missing, partial = gone(self._write.connection, scope, entity, listed, self._applier.seen(listed))
        sheet = tables[0].target.sheet_id
        self._write.update(TABLES[listed], [Change(record, {"absent_sheet": sheet}) for record, _ in missing])
        if missing:
            tables[0].gone[listed] = [key for _, key in missing]
        if listed == entity:
            tables[0].findings += [self._partial(entity, part) for part in partial]

    def _partial(self, entity: str, part: Partial) -> Finding:
        title = self._ws.dictionary.title(entity)
        text = f"{part.parent} 下原有{title} {part.listed} 个，这次未列出 {part.missing} 个，像是部分导出，没有判为消失"
        return Finding("warning", 0, f"{entity}.{self._ws.dictionary.key(entity)}", text)


def _stranger(path: Path, strangers: list[TableFound]) -> KnownError:
    if not strangers:
        return KnownError("file.no_rows", f"{path.name} 里没有数据", "请确认导出时选择了正确的线路和单位")
    reason = next((note for found in strangers for note in reversed(found.notes) if note), "").removeprefix("没有适用的模板：")
    text = f"{path.name} 与任何台账模板都不相符" + (f"：{reason}" if reason else "")
    return KnownError("file.no_template", text, "请指定模板和表头行，或用“main.py template”导出空白模板后按其填写")


def _unknown(found: TableFound) -> SheetReport:
    return SheetReport(found.name, found.visible, notes=found.notes, sample=found.sample)
