"""One table of a file on its way in: counts and lists for the report, its records and rows for the store."""

from dataclasses import astuple, dataclass, field, replace

import polars as pl

from lvdesk.ledger.applying import Applier, Target
from lvdesk.ledger.batches import BatchWriter
from lvdesk.ledger.evidence import Settled
from lvdesk.ledger.listing import Lister, notes_of, pack, restored
from lvdesk.ledger.model import Counts, Finding, Healed, Refused, SampleRow, SheetReport
from lvdesk.ledger.prepared import Damage, Piece, TableFound
from lvdesk.ledger.rows import ROW
from lvdesk.ledger.scope import Scope
from lvdesk.ledger.splitting import CONFLICT, split
from lvdesk.templates.definition import Template
from lvdesk.templates.dictionary import Dictionary


@dataclass
class TakenTable:
    """Collects what happens to one found table."""

    found: TableFound
    template: Template
    target: Target
    batch: BatchWriter
    rows_in: int = 0
    skipped: dict[str, int] = field(default_factory=dict)
    healed: list[Healed] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    sample: list[SampleRow] = field(default_factory=list)
    pending: list[pl.DataFrame] = field(default_factory=list)
    damages: list[Damage] = field(default_factory=list)
    deferred: list[Piece] = field(default_factory=list)
    gone: dict[str, list[str]] = field(default_factory=dict)

    def take(self, piece: Piece, applier: Applier, scope: Scope) -> None:
        """Stores the piece's records; rows with damaged values come again when there is evidence."""
        self.rows_in += piece.rows_in
        for what, count in piece.skipped.items():
            self.skipped[what] = self.skipped.get(what, 0) + count
        self.healed += piece.healed
        self.refused += piece.refused
        self.findings += piece.findings
        self.sample += piece.sample
        self.damages += piece.damages
        scope.doubts |= piece.doubts
        if piece.pending.height:
            self.pending.append(piece.pending)
        if self.target.accept:
            self._apply(piece.records, piece.conflicts, piece.rows, applier, scope)
        else:
            self.deferred.append(replace(piece, cells=b"", healed=[], refused=[], findings=[], sample=[]))

    def compare(self, applier: Applier, scope: Scope) -> None:
        """Sets evidence beside the accepted state, which by now holds all files of the import."""
        for piece in self.deferred:
            self._apply(piece.records, piece.conflicts, piece.rows, applier, scope)
        self.deferred.clear()

    def settle(self, settled: Settled, dictionary: Dictionary, applier: Applier, scope: Scope) -> None:
        """Stores the rows that waited for evidence."""
        pending = pl.concat(self.pending, how="diagonal")
        waited = set(pending[ROW])
        lost = pending.filter(pl.col(ROW).is_in(sorted({refusal.row for refusal in settled.refused if refusal.whole_row})))
        self.healed += settled.healed
        self.refused += settled.refused
        self.findings += settled.findings
        scope.doubts |= settled.doubts
        lister = Lister.of(self.template, dictionary, [column.field for column in self.found.columns if column.field])
        refused = [refusal for refusal in self.refused if refusal.row in waited]
        rows = lister.waited(settled.wide, refused, lost)
        records, conflicts = split(settled.wide, dictionary)
        self.target.again = True
        said = pl.DataFrame([astuple(conflict) for conflict in conflicts], schema=CONFLICT, orient="row")
        self._apply(records, said, pack(rows), applier, scope)

    def _apply(self, records: dict[str, pl.DataFrame], conflicts: pl.DataFrame, rows: bytes, applier: Applier, scope: Scope) -> None:
        before = len(self.target.padded)
        applier.apply(records, conflicts, self.target)
        if self.target.accept:
            scope.learn(self.template.entity, records)
        pairs: dict[str, dict[str, str]] = {}
        for padded in self.target.padded[before:]:
            pairs.setdefault(padded.field, {})[padded.before] = padded.after
        key = f"{self.template.entity}.{applier.key(self.template.entity)}"
        self.batch.rows(self.target.sheet_id, restored(rows, key, pairs) if pairs else rows)

    def keep_notes(self, report: SheetReport) -> None:
        """Stores the healed and refused cells of the finished table."""
        self.batch.notes(self.target.sheet_id, notes_of(report))

    def report(self) -> SheetReport:
        """The table's report; the rows add up by construction of ``rows_stored``."""
        whole = {refusal.row for refusal in self.refused if refusal.whole_row}
        stored = self.rows_in - len(whole)
        entities = {
            entity: Counts(t.new, t.changed, t.completed, t.unchanged, len(self.gone.get(entity, ())), t.kept)
            for entity, t in self.target.tallies.items()
        }
        main = self.template.entity
        new = entities[main].new if main in entities else 0
        changed = len(self.target.changed_rows - self.target.new_rows)
        return SheetReport(
            name=self.found.name,
            visible=self.found.visible,
            template=self.template.key,
            template_title=self.template.title,
            entity=main,
            evidence=not self.target.accept,
            score=self.found.score,
            header_row=self.found.header_rows[-1],
            header_rows=self.found.header_rows,
            fingerprint=self.found.fingerprint,
            mapping=self.found.columns,
            rows_in=self.rows_in,
            rows_stored=stored,
            rows_refused=len(whole),
            skipped=tuple(self.skipped.items()),
            new=new,
            changed=changed,
            unchanged=max(stored - new - changed, 0),
            gone=len(self.gone.get(main, ())),
            entities=entities,
            healed=tuple(sorted([*self.healed, *self._padded()], key=lambda h: (h.row, h.column))),
            refused=tuple(sorted(self.refused, key=lambda r: (r.row, r.whole_row, r.column))),
            findings=(*self.findings, *self.target.findings),
            notes=self.found.notes,
            samples=self._samples(),
            sample=tuple(self.sample),
        )

    def _padded(self) -> list[Healed]:
        """Numbers that got their zeros back, once per cell: a number fills several linked fields."""
        letters = {column.field: column.letter for column in self.found.columns if column.field}
        cells = {(p.row, p.before): p for p in reversed(self.target.padded) if p.field in letters}
        return [Healed(p.row, p.field, letters[p.field], p.before, p.after, p.why) for p in cells.values()]

    def _samples(self) -> dict[str, tuple[str, ...]]:
        result = {
            f"{entity}.{what}": tuple(texts) for entity, tally in self.target.tallies.items() for what, texts in tally.samples.items()
        }
        return result | {f"{entity}.gone": tuple(keys[:20]) for entity, keys in self.gone.items() if keys}

    def pending_rows(self) -> pl.DataFrame | None:
        """The rows waiting for evidence, together; rows refused in the meantime are out."""
        if not self.pending:
            return None
        out = {refusal.row for refusal in self.refused if refusal.whole_row}
        return pl.concat(self.pending, how="diagonal").filter(~pl.col(ROW).is_in(sorted(out)))
