"""Reads the journal: entries newest first, what each changed field by field, and whether the chain holds."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Row, Table, and_, or_, select

from lvdesk.store.bulk import among
from lvdesk.store.model import DELETE, INSERT, UPDATE, Entry, RowChange
from lvdesk.store.payload import unpack
from lvdesk.store.recording import START, entry_digest, part_frame
from lvdesk.store.tables import journal, journal_part

if TYPE_CHECKING:
    from lvdesk.store.store import Store

Fields = dict[str, tuple[Any, Any]]


def entries(store: "Store", before: int | None = None, limit: int = 100, text: str = "") -> list[Entry]:
    """The newest entries first, older than ``before``, whose label or person contains ``text``."""
    query = select(journal).order_by(journal.c.id.desc()).limit(limit)
    if before is not None:
        query = query.where(journal.c.id < before)
    if text:
        query = query.where(or_(journal.c.label.contains(text, autoescape=True), journal.c.person.contains(text, autoescape=True)))
    with store.read() as connection:
        return [to_entry(row) for row in connection.execute(query)]


def entry(connection: Connection, entry_id: int) -> Entry | None:
    """One entry, or None."""
    row = connection.execute(select(journal).where(journal.c.id == entry_id)).first()
    return to_entry(row) if row else None


def to_entry(row: Row[Any]) -> Entry:
    """The entry of a journal row."""
    names = ("id", "label", "person", "at", "operation", "undoes", "undone_by", "summary", "digest")
    return Entry(**{name: getattr(row, name) for name in names})


def part_ids(kind: str, content: Any) -> Iterable[int]:
    """The rows a part touched, from its unpacked payload."""
    if kind == INSERT:
        return (row_id for first, last in content for row_id in range(first, last + 1))
    if kind == UPDATE:
        return (line[0] for line in content)
    return (row[0] for row in content["rows"])


def later_parts(connection: Connection, table: str, low: int, high: int, after: int) -> Iterator[Row[Any]]:
    """The parts of entries after ``after`` that may touch rows ``low``..``high``, oldest first."""
    part = journal_part.c
    overlap = and_(part.table_name == table, part.high_id >= low, part.low_id <= high)
    yield from connection.execute(select(journal_part).where(overlap, part.entry > after).order_by(part.entry, part.seq))


def last_touch(connection: Connection, table: str, row_id: int) -> Entry | None:
    """The newest entry that touched a row, to say who it was."""
    part = journal_part.c
    mine = and_(part.table_name == table, part.high_id >= row_id, part.low_id <= row_id)
    for row in connection.execute(select(journal_part).where(mine).order_by(part.entry.desc(), part.seq.desc())):
        if row_id in part_ids(row.kind, unpack(row.payload)):
            return entry(connection, row.entry)
    return None


def details(store: "Store", entry_id: int, start: int = 0, limit: int = 200) -> list[RowChange]:
    """The rows one entry changed, ``limit`` of them from the ``start``-th on, with each field before and after."""
    part = journal_part.c
    found: list[RowChange] = []
    with store.read() as connection:
        heads = connection.execute(select(part.seq, part.count).where(part.entry == entry_id).order_by(part.seq)).all()
        for seq, count in heads:
            if len(found) < limit and start < count:
                one = connection.execute(select(journal_part).where(part.entry == entry_id, part.seq == seq)).one()
                found += _changes(connection, store, one, slice(start, start + limit - len(found)))
            start = max(start - count, 0)
    return found


def _changes(connection: Connection, store: "Store", part: Row[Any], window: slice) -> list[RowChange]:
    content = unpack(part.payload)
    if part.kind == UPDATE:
        lines = ((row_id, {name: (before[name], new) for name, new in after.items()}) for row_id, before, after in content[window])
    elif part.kind == DELETE:
        names = content["columns"]
        lines = ((row[0], {name: (value, None) for name, value in zip(names, row, strict=True)}) for row in content["rows"][window])
    else:
        ids = list(part_ids(INSERT, content))[window]
        table = store.schema.metadata.tables.get(part.table_name)
        values = _as_inserted(connection, table, ids, part) if table is not None else {}
        lines = ((row_id, {name: (None, value) for name, value in values.get(row_id, {}).items()}) for row_id in ids)
    return [RowChange(part.table_name, row_id, part.kind, fields) for row_id, fields in lines]


def _as_inserted(connection: Connection, table: Table, ids: Sequence[int], part: Row[Any]) -> dict[int, dict[str, Any]]:
    """What inserted rows held at first: the earliest later before-image of each field, else the present value."""
    first: dict[int, dict[str, Any]] = {row_id: {} for row_id in ids}
    for later in later_parts(connection, table.name, min(ids), max(ids), part.entry - 1):
        if (later.entry, later.seq) > (part.entry, part.seq) and later.kind != INSERT:
            for row_id, before in _before(later.kind, unpack(later.payload)):
                if row_id in first:
                    first[row_id] = {**before, **first[row_id]}
    present = connection.execute(select(table).where(among(connection, table.c.id, ids))).mappings()
    now = {row["id"]: dict(row) for row in present}
    order = table.c.keys()
    merged = {row_id: {**now.get(row_id, {}), **values} for row_id, values in first.items()}
    return {row_id: {name: row[name] for name in order if name in row and name != "version"} for row_id, row in merged.items()}


def _before(kind: str, content: Any) -> Iterator[tuple[int, Mapping[str, Any]]]:
    if kind == UPDATE:
        yield from ((row_id, before) for row_id, before, _ in content)
    else:
        names = content["columns"]
        yield from ((row[0], dict(zip(names, row, strict=True))) for row in content["rows"])


def verify_chain(store: "Store") -> list[str]:
    """Recomputes every link of the journal; one Chinese line for each that does not hold, empty when all do."""
    problems: list[str] = []
    with store.read() as connection:
        rows = connection.execute(select(journal).order_by(journal.c.id)).mappings().all()
        undoes = {row["id"]: row["undoes"] for row in rows}
        previous, expected = START, 1
        for row in rows:
            where = f"历史记录 {row['id']}（{row['label']}）"
            if row["id"] != expected:
                problems.append(f"{where}之前缺少记录 {expected}")
            if row["previous_digest"] != previous:
                problems.append(f"{where}与前一条记录不相接")
            if entry_digest({**row}, _parts_digest(connection, row["id"])) != row["digest"]:
                problems.append(f"{where}的内容被改动过")
            if row["undone_by"] is not None and undoes.get(row["undone_by"]) != row["id"]:
                problems.append(f"{where}的撤销标记没有对应的撤销记录")
            previous, expected = row["digest"], row["id"] + 1
    return problems


def _parts_digest(connection: Connection, entry_id: int) -> str:
    digest = hashlib.sha256()
    part = journal_part.c
    for row in connection.execute(select(journal_part).where(part.entry == entry_id).order_by(part.seq)).mappings():
        digest.update(part_frame({**row}))
    return digest.hexdigest()
