"""Takes writes back, and takes that back: an inverse write, refused when the same rows were changed since."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Connection, Row, Table, select, true, update
from sqlalchemy.exc import IntegrityError

from lvdesk.kit.errors import ConflictError, RefusedError
from lvdesk.store.journal import entry as read_entry
from lvdesk.store.journal import later_parts, part_ids, to_entry
from lvdesk.store.model import DELETE, INSERT, Change, Entry
from lvdesk.store.payload import unpack
from lvdesk.store.tables import journal, journal_part
from lvdesk.store.write import Write, differs, fetch, title

if TYPE_CHECKING:
    from lvdesk.store.store import Store

_LINE = journal.alias("line")
# An operation on tables without history leaves an entry, so that it is not repeated, but nothing to take back.
_HAS_PARTS = select(journal_part.c.entry).where(journal_part.c.entry == journal.c.id).exists()


def undoable(store: "Store") -> Entry | None:
    """The write that ``undo`` would take back: the newest that still holds; on a server one's own."""
    with store.read() as connection:
        return _newest(connection, _own(store), journal.c.undoes.is_(None), journal.c.undone_by.is_(None), _HAS_PARTS)


def redoable(store: "Store") -> Entry | None:
    """The undo that ``redo`` would take back, or None: a new write ends the possibility."""
    with store.read() as connection:
        return _redoable(connection, _own(store))


def undo(store: "Store", entry_id: int | None = None) -> Entry:
    """Takes back one write (default: the newest) and returns the entry this made.

    Raises:
        RefusedError: ``store.nothing_to_undo``, ``store.undone_before``, ``store.no_entry``, ``store.undo_too_old``.
        ConflictError: ``store.changed_since`` names what and who changed a touched row since; nothing was written.
    """
    if entry_id is None:
        last = undoable(store)
        if last is None:
            raise RefusedError("store.nothing_to_undo", "没有可以撤销的操作")
        entry_id = last.id
    return _take_back(store, entry_id)


def redo(store: "Store") -> Entry:
    """Takes back the last undo.

    Raises:
        RefusedError: ``store.nothing_to_redo``.
        ConflictError: as ``undo``.
    """
    last = redoable(store)
    if last is None:
        raise RefusedError("store.nothing_to_redo", "没有可以重做的操作")
    return _take_back(store, last.id)


def _own(store: "Store") -> ColumnElement[bool]:
    # One file is one desk; on a server Ctrl+Z must not take back a colleague's work.
    return true() if store.is_sqlite else journal.c.person == store.person


def _newest(connection: Connection, *conditions: ColumnElement[bool]) -> Entry | None:
    row = connection.execute(select(journal).where(*conditions).order_by(journal.c.id.desc()).limit(1)).first()
    return to_entry(row) if row else None


def _redoable(connection: Connection, own: ColumnElement[bool]) -> Entry | None:
    of_a_write = select(_LINE.c.id).where(_LINE.c.id == journal.c.undoes, _LINE.c.undoes.is_(None)).exists()
    last = _newest(connection, own, journal.c.undone_by.is_(None), of_a_write)
    newer = _newest(connection, own, journal.c.undoes.is_(None))
    return last if last and (newer is None or newer.id < last.id) else None


def _take_back(store: "Store", entry_id: int) -> Entry:
    with store.read() as connection:
        target, label = _resolve(connection, entry_id)
    try:
        with store.write(label) as write:
            # Looked up again: between reading and the writers' lock somebody may have been faster.
            target, label = _resolve(write.connection, entry_id)
            if store.is_sqlite:
                write.connection.exec_driver_sql("PRAGMA defer_foreign_keys=ON")
            _refuse_changed(store, write.connection, target)
            for part in _parts(write.connection, target.id):
                _invert(write, _table(store, part.table_name), part.kind, unpack(part.payload))
            _mark(write, target)
    except IntegrityError as error:
        message = f"不能撤销“{target.label}”：之后新增的记录还引用着其中的数据"
        raise ConflictError("store.changed_since", message, "请先撤销之后的操作") from error
    with store.read() as connection:
        return to_entry(connection.execute(select(journal).where(journal.c.id == write.entry_id)).one())


def _resolve(connection: Connection, entry_id: int) -> tuple[Entry, str]:
    """The entry to invert and the label: a write, an undo (which redoes), or what a redo brought back."""
    found = read_entry(connection, entry_id)
    if found is None:
        raise RefusedError("store.no_entry", f"历史记录 {entry_id} 不存在")
    undone = read_entry(connection, found.undoes) if found.undoes is not None else None
    if undone is not None and undone.undoes is not None:
        return _resolve(connection, undone.undoes)
    if found.undone_by is not None:
        raise RefusedError("store.undone_before", f"“{found.label}”已经撤销过了")
    if not found.summary:
        raise RefusedError("store.nothing_to_undo", f"“{found.label}”没有改动可撤销的数据")
    return found, f"重做：{undone.label}" if undone else f"撤销：{found.label}"


def _parts(connection: Connection, entry_id: int) -> Iterator[Row[Any]]:
    part = journal_part.c
    sequence = connection.execute(select(part.seq).where(part.entry == entry_id).order_by(part.seq.desc())).scalars().all()
    for seq in sequence:
        yield connection.execute(select(journal_part).where(part.entry == entry_id, part.seq == seq)).one()


def _table(store: "Store", name: str) -> Table:
    table = store.schema.metadata.tables.get(name)
    if table is None:
        raise RefusedError("store.undo_too_old", f"数据表 {name} 已不存在，不能撤销升级之前的操作")
    return table


def _refuse_changed(store: "Store", connection: Connection, target: Entry) -> None:
    """Looks for later writes on the same rows; a write and the undo that took it back count for nothing."""
    later = connection.execute(select(journal).where(journal.c.id > target.id)).all()
    by_id = {row.id: row for row in later}
    effective = {row.id: row for row in later if row.undone_by is None and getattr(by_id.get(row.undoes), "undone_by", None) != row.id}
    if not effective:
        return
    for part in _parts(connection, target.id):
        mine = _Touched(part)
        for other in later_parts(connection, part.table_name, part.low_id, part.high_id, target.id):
            if other.entry in effective and (hits := mine.hits(other)):
                raise _changed_since(store, target, to_entry(effective[other.entry]), part.table_name, hits)


class _Touched:
    """The rows of one part, for membership tests."""

    def __init__(self, part: Row[Any]) -> None:
        content = unpack(part.payload)
        whole = part.kind == INSERT and len(content) == 1
        self._ids: range | frozenset[int]
        self._ids = range(content[0][0], content[0][1] + 1) if whole else frozenset(part_ids(part.kind, content))

    def hits(self, other: Row[Any]) -> int:
        """How many rows ``other`` touched too."""
        return sum(row_id in self._ids for row_id in part_ids(other.kind, unpack(other.payload)))


def _changed_since(store: "Store", target: Entry, other: Entry, table: str, hits: int) -> ConflictError:
    who = other.person or "其他人"
    when = other.at[:16].replace("T", " ")
    name = title(_table(store, table))
    return ConflictError(
        "store.changed_since",
        f"不能撤销“{target.label}”：其中 {hits} 条{name}记录已被 {who} 在 {when} 的“{other.label}”（历史记录 {other.id}）改动",
        "请先撤销那一步，或在台账中手工修改",
    )


def _invert(write: Write, table: Table, kind: str, content: Any) -> None:
    if kind == INSERT:
        for pair in content:
            write.delete(table, range(pair[0], pair[1] + 1))
    elif kind == DELETE:
        _bring_back(write, table, content["columns"], content["rows"])
    else:
        _refuse_lost_columns(table, {name for line in content for name in line[1]})
        _refuse_drifted(write, table, content)
        write.update(table, [Change(line[0], line[1]) for line in content])


def _bring_back(write: Write, table: Table, columns: Sequence[str], rows: Sequence[list[Any]]) -> None:
    _refuse_lost_columns(table, set(columns))
    at = columns.index("version")
    for row in rows:
        # Counting on, so that an edit begun before the deletion is refused.
        row[at] += 1
    write.restore(table, columns, [tuple(row) for row in rows])


def _refuse_lost_columns(table: Table, names: set[str]) -> None:
    if lost := names - set(table.c.keys()):
        raise RefusedError("store.undo_too_old", f"{title(table)}的字段 {'、'.join(sorted(lost))} 已取消，不能撤销升级之前的操作")


def _refuse_drifted(write: Write, table: Table, lines: Sequence[Any]) -> None:
    """The journal knows of no change since; the rows must say the same, or something wrote past the journal."""
    rows = fetch(write.connection, table, [line[0] for line in lines])
    for row_id, _, after in lines:
        row = rows.get(row_id)
        if row is None or any(differs(row[name], value) for name, value in after.items()):
            message = f"{title(table)}的记录 {row_id} 已不是当时保存的内容，不能撤销"
            raise ConflictError("store.changed_since", message, "请在台账中手工修改")


def _mark(write: Write, target: Entry) -> None:
    write.undoes = target.id
    mark = update(journal)
    write.connection.execute(mark.where(journal.c.id == target.id).values(undone_by=write.entry_id))
    if target.undoes is not None:
        write.connection.execute(mark.where(journal.c.id == target.undoes).values(undone_by=None))
