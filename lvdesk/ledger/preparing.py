"""Runs in the reading process: opens one file, recognises its tables, heals, splits into records, sends piece by piece."""

from collections.abc import Iterator, Sequence
from dataclasses import astuple, dataclass
from pathlib import Path

import polars as pl

from lvdesk.kit.table import Cell
from lvdesk.ledger.cleaning import ITEM, Cleaned, Cleaner, Used
from lvdesk.ledger.coordinates import to_record_system
from lvdesk.ledger.doubts import doubts_of
from lvdesk.ledger.linking import link
from lvdesk.ledger.listing import Lister, pack
from lvdesk.ledger.model import Finding, Refused, SampleRow
from lvdesk.ledger.prepared import FileFound, Message, Order, Piece, TableFound
from lvdesk.ledger.recognising import RuleBook, Table, recognise
from lvdesk.ledger.rows import ROW, sort_rows
from lvdesk.ledger.splitting import CONFLICT, Conflict, split_linked
from lvdesk.tabular.properties import custom_properties
from lvdesk.tabular.workbook import SheetInfo, Slice, Workbook, open_workbook
from lvdesk.tabular.writing import COPY_PROPERTY, PROBLEM_SHEET
from lvdesk.templates.blank import CODE_SHEET, HELP_SHEET
from lvdesk.templates.definition import ANSWERS, LEDGERS

SLICE = 20_000
HEAD = 60
SAMPLE = 200
_OWN_SHEETS = {CODE_SHEET, HELP_SHEET, PROBLEM_SHEET}
"""Sheets that our own blank workbooks and marked copies carry beside the data."""


def prepare(order: Order) -> Iterator[Message]:
    """All messages about one file, in reading order."""
    book = RuleBook.load(Path(order.overrides), order.remembered, ANSWERS if order.answers else LEDGERS)
    workbook = open_workbook(Path(order.path))
    copy_of = custom_properties(Path(order.path), workbook.kind).get(COPY_PROPERTY, "")
    yield FileFound(workbook.kind, workbook.encoding, sum(sheet.rows for sheet in workbook.sheets), copy_of.strip().lower())
    index = 0
    for sheet in workbook.sheets:
        reader = _SheetReader(order, book, workbook, sheet, index)
        yield from reader.messages()
        index = reader.index


@dataclass
class _State:
    """The table now being read and how many of its rows went into the preview sample."""

    table: Table
    cleaner: Cleaner
    lister: Lister
    shown: int = 0


class _SheetReader:
    """Reads one sheet; several tables may stand below each other."""

    def __init__(self, order: Order, book: RuleBook, workbook: Workbook, sheet: SheetInfo, index: int) -> None:
        self._order, self._book, self._workbook, self._sheet = order, book, workbook, sheet
        self._choice = order.choices.get(sheet.name) or order.choices.get("")
        self._state: _State | None = None
        self.index = index

    def messages(self) -> Iterator[Message]:
        """The sheet's tables and their pieces; an empty sheet says nothing."""
        if self._sheet.name.strip() in _OWN_SHEETS or (self._choice is not None and self._choice.skip):
            return
        for piece in self._workbook.slices(self._sheet.name, SLICE):
            if self._state is None:
                yield from self._open(piece)
                if self._state is None:
                    return
            yield from self._read(piece)

    def _open(self, piece: Slice) -> Iterator[Message]:
        frame = piece.frame.head(HEAD)
        if frame.is_empty() or not frame.width:
            return
        table, notes = recognise(frame.rows(), piece.first_row, self._book, self._sheet, self._choice)
        yield self._found(table, notes, frame, piece.first_row)
        if table is not None:
            self._begin(table)

    def _begin(self, table: Table) -> None:
        template = self._book.templates[table.template]
        cleaner = Cleaner(template, self._book.dictionary, self._book.codes)
        self._state = _State(table, cleaner, Lister.of(template, self._book.dictionary, [column.field for column in table.used]))

    def _found(self, table: Table | None, notes: tuple[str, ...], frame: pl.DataFrame, first_row: int) -> TableFound:
        self.index += 1
        name, visible = self._sheet.name, self._sheet.visible
        if table is None:
            sample = tuple(SampleRow(first_row + n, tuple(v or "" for v in row), {}) for n, row in enumerate(frame.head(20).iter_rows()))
            return TableFound(self.index, name, visible, "", 0.0, (), "", (), notes, sample)
        return TableFound(
            self.index, name, visible, table.template, table.score, table.header_rows, table.fingerprint, table.columns, notes
        )

    def _read(self, piece: Slice) -> Iterator[Message]:
        rows = pl.int_range(piece.first_row, piece.first_row + piece.frame.height, dtype=pl.Int64, eager=True)
        frame = piece.frame.with_columns(rows.alias(ROW))
        while self._state is not None:
            table = self._state.table
            present = [name for name in table.keys if name in frame.columns] or piece.frame.columns
            body = frame.filter(pl.col(ROW) >= table.first_data_row)
            sorted_rows = sort_rows(body, present, table.header, self._book.is_header)
            end = sorted_rows.next_header
            part = frame if end is None else frame.filter(pl.col(ROW) < end)
            yield self._piece(part, sorted_rows.data, sorted_rows.skipped, self._state)
            if end is None:
                return
            frame = frame.filter(pl.col(ROW) >= end)
            head = frame.drop(ROW).head(HEAD)
            following, notes = recognise(head.rows(), end, self._book, self._sheet, None)
            self._state = None
            yield self._found(following, notes, head, end)
            if following is not None:
                self._begin(following)

    def _piece(self, part: pl.DataFrame, data: pl.DataFrame, skipped: dict[str, int], state: _State) -> Piece:
        table = state.table
        used = [Used(c.name, c.letter, c.field) for c in table.used if c.name in data.columns]
        cleaned = state.cleaner.clean(data, used)
        to_record_system(cleaned, self._order.crs, {column.field: column.letter for column in used})
        refused_rows = _without_key(cleaned, table.row_key)
        cleaned.refused += refused_rows
        waiting = {damage.row for damage in cleaned.damages}
        pending = cleaned.wide.filter(pl.col(ROW).is_in(sorted(waiting)))
        ready = _usable(cleaned, refused_rows, table.row_key)
        linked = link(ready)
        frames, conflicts = split_linked(linked, self._book.dictionary)
        cleaned.findings += [_conflict(conflict, self._book) for conflict in conflicts]
        now = pl.col(ROW).is_in(sorted(waiting)).not_()
        lost = cleaned.wide.filter(pl.col(ROW).is_in([refusal.row for refusal in refused_rows]))
        rows = state.lister.rows(ready.filter(now), linked.filter(now), cleaned.refused, lost)
        first_row = int(part[ROW][0]) if part.height else 0
        return Piece(
            index=self.index,
            first_row=first_row,
            row_count=part.height,
            cells=pack(part.drop(ROW)),
            records=frames,
            conflicts=pl.DataFrame([astuple(conflict) for conflict in conflicts], schema=CONFLICT, orient="row"),
            rows=pack(rows),
            pending=pending,
            damages=cleaned.damages,
            rows_in=data.height,
            skipped=skipped,
            healed=cleaned.healed,
            refused=cleaned.refused,
            findings=cleaned.findings,
            sample=self._sample(data, cleaned, state),
            doubts=doubts_of(cleaned.wide, cleaned.refused),
        )

    def _sample(self, data: pl.DataFrame, cleaned: Cleaned, state: _State) -> list[SampleRow]:
        """The first rows as read, with what was healed or refused marked per column."""
        wanted = data.head(SAMPLE - state.shown)
        state.shown += wanted.height
        if wanted.is_empty():
            return []
        marks: dict[int, dict[int, Cell]] = {}
        last = int(wanted[ROW][-1])
        numbers = {column.letter: column.index for column in state.table.columns}
        for healed in cleaned.healed:
            if healed.row <= last:
                after = healed.after or "（空）"
                marks.setdefault(healed.row, {})[numbers[healed.column]] = Cell("healed", f"{healed.why}：{healed.before} → {after}")
        for refusal in cleaned.refused:
            if refusal.row <= last and refusal.column:
                marks.setdefault(refusal.row, {})[numbers[refusal.column]] = Cell("error", refusal.reason)
        for damage in cleaned.damages:
            if damage.row <= last:
                marks.setdefault(damage.row, {})[numbers[damage.column]] = Cell("warning", "数字位数已丢失，导入时按证据恢复或拒收")
        names = [f"c{column.index}" for column in state.table.columns]
        rows = wanted.select(ROW, *[name for name in names if name in wanted.columns])
        return [SampleRow(row[0], tuple(value or "" for value in row[1:]), marks.get(row[0], {})) for row in rows.iter_rows()]


def _usable(cleaned: Cleaned, refused_rows: list[Refused], row_key: Sequence[str]) -> pl.DataFrame:
    """Rows that can be stored now, without their damaged values; a row whose key is damaged waits for evidence."""
    drop = {refusal.row for refusal in refused_rows} | {damage.row for damage in cleaned.damages if damage.field in row_key}
    rows = cleaned.wide.filter(~pl.col(ROW).is_in(sorted(drop))) if drop else cleaned.wide
    for name in {damage.field for damage in cleaned.damages}:
        mine = [damage for damage in cleaned.damages if damage.field == name]
        whole = pl.col(ROW).is_in(sorted({damage.row for damage in mine if damage.item is None}))
        part = pl.col(ITEM).is_in(sorted({damage.item for damage in mine if damage.item is not None}))
        rows = rows.with_columns(pl.when(whole | part).then(None).otherwise(pl.col(name)).alias(name))
    return rows


def _without_key(cleaned: Cleaned, row_key: Sequence[str]) -> list[Refused]:
    """Rows in which no identifying field is left; rows whose key is only damaged are decided later."""
    keys = [name for name in row_key if name in cleaned.wide.columns]
    missing = cleaned.wide.filter(pl.all_horizontal(*[pl.col(name).is_null() for name in keys])) if keys else cleaned.wide
    damaged = {damage.row for damage in cleaned.damages if damage.field in row_key}
    known = {refusal.row: refusal for refusal in cleaned.refused if refusal.field in row_key}
    result = []
    for row in missing[ROW].unique(maintain_order=True):
        if row in damaged:
            continue
        cause = known.get(row)
        reason = f"本行标识无法使用：{cause.reason}" if cause else "本行没有标识（编号为空），无法归到任何记录"
        result.append(
            Refused(row, cause.field if cause else (keys or list(row_key))[0], "", cause.value if cause else "", reason, whole_row=True)
        )
    return result


def _conflict(conflict: Conflict, book: RuleBook) -> Finding:
    title = book.dictionary.field(conflict.entity, conflict.field).title
    text = (
        f"{book.dictionary.title(conflict.entity)} {conflict.key} 的{title}前后不一：“{conflict.first}”与“{conflict.other}”，采用先出现的"
    )
    return Finding("warning", conflict.row, f"{conflict.entity}.{conflict.field}", text)
