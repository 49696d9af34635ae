"""The only way to change data: inserts, updates and deletes that record themselves in the journal."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import count as counting
from itertools import repeat
from operator import add
from typing import Any

from sqlalchemy import Connection, Index, Table, bindparam, delete, func, insert, select, update

from lvdesk.kit.errors import ConflictError
from lvdesk.store.bulk import Values, among, insert_tuples
from lvdesk.store.journal import last_touch
from lvdesk.store.model import DELETE, INSERT, UPDATE, Change
from lvdesk.store.recording import CHUNK, Recorder, ranges
from lvdesk.store.tables import allocation, is_journalled

Row = dict[str, Any]
Derive = Callable[[Mapping[str, Any]], Any]


def gone(table: Table, row_id: int) -> ConflictError:
    """The error for a row that is no longer there."""
    return ConflictError("store.row_gone", f"{title(table)}的一条记录（{row_id}）已被删除，本次没有保存", "请刷新后重试")


def title(table: Table) -> str:
    """The table's name for people."""
    return str(table.info.get("title") or table.name)


def slices(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    """``ids`` in pieces of the journal's size."""
    for start in range(0, len(ids), CHUNK):
        yield ids[start : start + CHUNK]


def fetch(connection: Connection, table: Table, ids: Sequence[int]) -> dict[int, Row]:
    """The present rows by id."""
    names = ["id", *(column.name for column in table.c if column.name != "id")]
    return {row[0]: dict(zip(names, row, strict=True)) for row in _whole(connection, table, names, ids)}


def _whole(connection: Connection, table: Table, names: Sequence[str], ids: Sequence[int]) -> list[Values]:
    query = select(*(table.c[name] for name in names)).where(among(connection, table.c.id, ids)).order_by(table.c.id)
    return list(map(tuple, connection.execute(query).all()))


class Write:
    """One transaction under way. Get it from ``Store.write``; leaving the block commits, an exception rolls back.

    Attributes:
        connection: for reading what this write needs, and for tables that are not journalled.
        entry_id: the journal entry of this write.
        undoes: the entry that this write takes back; only undo sets it.
        label: a better name for the entry than the one it began with, where only the work itself tells.
    """

    def __init__(self, connection: Connection, entry_id: int) -> None:
        self.connection = connection
        self.entry_id = entry_id
        self.undoes: int | None = None
        self.label: str | None = None
        self.changed = False
        self.recorder = Recorder(connection, entry_id)
        self._last_ids: dict[str, int] = {}
        self._put_off: list[Index] = []

    def put_off_indexes(self, table: Table) -> None:
        """Drops the secondary indexes of an empty table until ``build_indexes``: built once they cost a third of row by row."""
        for index in sorted(table.indexes, key=lambda index: str(index.name)):
            index.drop(self.connection)
            self._put_off.append(index)

    def build_indexes(self) -> None:
        """Builds the indexes that were put off; ``finish`` does it at the latest."""
        while self._put_off:
            self._put_off.pop().create(self.connection)

    def insert(self, table: Table, columns: Sequence[str], rows: Iterable[Values], count: int, *, derived: bool = False) -> range:
        """Inserts many rows and returns their ids, in the order of the rows.

        Args:
            table: where to.
            columns: without ``id`` and ``version``, which are given here; a table without ``id`` takes the rows as they are.
            rows: tuples in the order of ``columns``.
            count: how many rows there are.
            derived: they follow from other rows; history gets no entry of them, only of what people do with them later.

        Raises:
            ValueError: when there were more or fewer rows than ``count``.
        """
        if not count:
            return range(0)
        numbered = "id" in table.c
        first = self._last_id(table) + 1 if numbered else 0
        journalled = is_journalled(table)
        if numbered:
            leading = zip(counting(first), repeat(1)) if journalled else zip(counting(first))
            # One C-level concatenation a row: this is the path of the 200,000-row imports.
            rows = map(add, leading, rows)
            columns = ["id", *(["version"] if journalled else []), *columns]
        stored = insert_tuples(self.connection, table, columns, rows)
        if stored != count:
            raise ValueError(f"{table.name}: {stored} rows came, {count} were announced")
        ids = range(first, first + count)
        self.changed = True
        if numbered:
            self._last_ids[table.name] = ids[-1]
        if journalled and not derived:
            self.recorder.add(table.name, INSERT, ids, [[ids[0], ids[-1]]])
        return ids

    def restore(self, table: Table, columns: Sequence[str], rows: Sequence[Values]) -> None:
        """Puts deleted rows back under their old ids (for undo). ``columns`` begin with ``id``; ids ascend."""
        ids = [row[0] for row in rows]
        present = self.connection.execute(select(table.c.id).where(among(self.connection, table.c.id, ids)).limit(1)).scalar()
        if present is not None:
            raise ConflictError("store.row_exists", f"{title(table)}中已有编号 {present} 的记录，不能恢复", "请在历史记录中查看之后的修改")
        insert_tuples(self.connection, table, columns, rows)
        self.changed = True
        self.recorder.add(table.name, INSERT, ids, ranges(ids))

    def update(self, table: Table, changes: Sequence[Change]) -> None:
        """Changes rows by id. Values equal to the stored ones are no change; ``version`` counts up by one.

        Raises:
            ConflictError: ``store.row_changed`` when a row has another version than given, ``store.row_gone`` when it is not there.
        """
        merged: dict[int, Change] = {}
        for change in changes:
            earlier = merged.get(change.id)
            merged[change.id] = Change(change.id, {**earlier.values, **change.values}, earlier.version) if earlier else change
        for ids in slices(sorted(merged)):
            self._update_slice(table, [merged[row_id] for row_id in ids], fetch(self.connection, table, ids))

    def _update_slice(self, table: Table, changes: Sequence[Change], rows: Mapping[int, Row]) -> None:
        groups: dict[tuple[str, ...], list[Row]] = defaultdict(list)
        record: list[list[Any]] = []
        journalled = is_journalled(table)
        for change in changes:
            row = rows.get(change.id)
            if row is None:
                raise gone(table, change.id)
            if journalled and change.version not in (None, row["version"]):
                raise self._overtaken(table, change.id)
            new = {name: value for name, value in change.values.items() if differs(row[name], value)}
            if not new:
                continue
            record.append([change.id, {name: row[name] for name in new}, new])
            values = {**new, **_derived(table, row, new)}
            if journalled:
                values["version"] = row["version"] + 1
            groups[tuple(values)].append({"b_id": change.id, **values})
        for names, parameters in groups.items():
            self.connection.execute(_update_statement(table, names), parameters)
        self.changed |= bool(record)
        if journalled and record:
            self.recorder.add(table.name, UPDATE, [line[0] for line in record], record)

    def delete(self, table: Table, ids: Sequence[int]) -> None:
        """Deletes rows by id; the journal keeps them whole.

        Raises:
            ConflictError: ``store.row_gone`` when one is not there.
        """
        names = ["id", *(column.name for column in table.c if column.name != "id")]
        for piece in slices(sorted(set(ids))):
            rows = _whole(self.connection, table, names, piece)
            if len(rows) != len(piece):
                raise gone(table, min(set(piece) - {row[0] for row in rows}))
            if is_journalled(table):
                self.recorder.add(table.name, DELETE, piece, {"columns": names, "rows": rows})
            self._last_id(table)
            self.connection.execute(delete(table).where(among(self.connection, table.c.id, piece)))
            self.changed = True

    def finish(self) -> None:
        """Writes down which ids were given out; ``Store.write`` calls it before the commit."""
        self.build_indexes()
        for name, last in self._last_ids.items():
            done = self.connection.execute(update(allocation).where(allocation.c.table_name == name).values(last_id=last))
            if not done.rowcount:
                self.connection.execute(insert(allocation), {"table_name": name, "last_id": last})

    def _last_id(self, table: Table) -> int:
        """The highest id ever used: those present and, since the highest may have been deleted, those remembered."""
        last = self._last_ids.get(table.name)
        if last is None:
            present = self.connection.execute(select(func.max(table.c.id))).scalar() or 0
            used = self.connection.execute(select(allocation.c.last_id).where(allocation.c.table_name == table.name)).scalar() or 0
            last = self._last_ids[table.name] = max(present, used)
        return last

    def _overtaken(self, table: Table, row_id: int) -> ConflictError:
        entry = last_touch(self.connection, table.name, row_id)
        who = f"{entry.person or '其他人'} 在 {entry.at[:16].replace('T', ' ')} 的“{entry.label}”" if entry else "其他人"
        return ConflictError("store.row_changed", f"{title(table)}的这条记录已被{who}修改，本次没有保存", "请刷新后在新值上重做修改")


def differs(old: Any, new: Any) -> bool:
    """Whether storing ``new`` over ``old`` would change anything."""
    return (old is None) != (new is None) or old != new


def _derived(table: Table, row: Mapping[str, Any], new: Mapping[str, Any]) -> Row:
    rules: Mapping[str, Derive] = table.info.get("derived", {})
    if not rules:
        return {}
    after = {**row, **new}
    return {name: rule(after) for name, rule in rules.items() if name not in new}


def _update_statement(table: Table, names: Sequence[str]) -> Any:
    return update(table).where(table.c.id == bindparam("b_id")).values({name: bindparam(name) for name in names})
