"""What confirmed items change in the accepted records: collected for many items, written at once, able to be taken back one by one."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from sqlalchemy import select

from lvdesk.checks.model import KEYS
from lvdesk.kit.errors import ConflictError
from lvdesk.network.tables import TABLES
from lvdesk.store.bulk import among
from lvdesk.store.model import Change
from lvdesk.store.write import Write, differs

_SLICE: Final = 500
_SOURCES: Final = "sources"

Record = dict[str, Any]


class Records:
    """Accepted records looked up by column, as they stand with what was changed so far."""

    def __init__(self, write: Write) -> None:
        self._write = write
        self._rows: dict[str, dict[int, Record]] = defaultdict(dict)
        self._found: dict[tuple[str, str], dict[str, list[int]]] = defaultdict(dict)

    def fetch(self, entity: str, column: str, values: Iterable[str]) -> None:
        """Reads the records with these values at once."""
        known = self._found[entity, column]
        wanted = sorted({value for value in values if value} - known.keys())
        table = TABLES[entity]
        for start in range(0, len(wanted), _SLICE):
            part = wanted[start : start + _SLICE]
            known.update({value: [] for value in part})
            for row in self._write.connection.execute(select(table).where(table.c[column].in_(part)).order_by(table.c.id)).mappings():
                record = self._rows[entity].setdefault(row["id"], dict(row))
                known[row[column]].append(record["id"])

    def by(self, entity: str, column: str, value: str | None) -> list[Record]:
        """The records with this value."""
        if not value:
            return []
        if value not in self._found[entity, column]:
            self.fetch(entity, column, [value])
        return [self._rows[entity][number] for number in self._found[entity, column][value]]

    def one(self, entity: str, key: str | None) -> Record | None:
        """The record with this key."""
        return next(iter(self.by(entity, KEYS[entity], key)), None)

    def added(self, entity: str, record: Record) -> None:
        """A record that is being made: later items of the same write find it."""
        self._rows[entity][record["id"]] = record
        for (kind, column), known in self._found.items():
            if kind == entity and record.get(column) in known:
                known[record[column]].append(record["id"])


class Effects:
    """Changes and new records of one write, by item.

    Attributes:
        records: the accepted records.
    """

    def __init__(self, write: Write) -> None:
        self._write = write
        self.records = Records(write)
        self._changes: dict[str, dict[int, dict[str, Any]]] = defaultdict(dict)
        self._made: dict[str, list[Record]] = defaultdict(list)
        self._of_item: dict[int, list[list[Any]]] = defaultdict(list)

    def change(self, item: int, entity: str, record: Record, values: Mapping[str, Any], source: Sequence[int | None]) -> None:
        """New values of a record; ``source``: [sheet, row], or [journal entry] for what a person corrected."""
        new = {name: value for name, value in values.items() if differs(record[name], value)}
        if not new:
            return
        sources = json.loads(record[_SOURCES]) if record[_SOURCES] else {}
        sources |= {name: list(source) for name in new}
        new[_SOURCES] = json.dumps(sources, separators=(",", ":"))
        before = {name: record[name] for name in new}
        self._changes[entity].setdefault(record["id"], {}).update(new)
        record.update(new)
        self._of_item[item].append(["update", entity, record["id"], before, new])

    def make(self, item: int, entity: str, values: Mapping[str, Any], source: tuple[int | None, int | None]) -> Record:
        """A new record; what the columns need besides is empty."""
        table = TABLES[entity]
        blank = {column.name: None for column in table.c if column.name not in {"id", "version"}}
        row = {**blank, **values, "sheet_id": source[0], "sheet_row": source[1], "listed": 0}
        row |= {name: rule(row) for name, rule in table.info.get("derived", {}).items()}
        (number,) = self._write.insert(table, list(row), [tuple(row.values())], 1)
        record = {**row, "id": number, "version": 1}
        self.records.added(entity, record)
        self._of_item[item].append(["insert", entity, number])
        return record

    def write(self) -> dict[int, str]:
        """Stores everything; item -> what it changed as JSON, for ``take_back``."""
        for entity, changes in self._changes.items():
            self._write.update(TABLES[entity], [Change(number, values) for number, values in changes.items()])
        return {item: json.dumps(lines, ensure_ascii=False, separators=(",", ":")) for item, lines in self._of_item.items()}


def take_back(write: Write, effect: str) -> None:
    """Puts back what one item changed.

    Raises:
        ConflictError: ``review.changed_since`` when one of the values was changed again.
    """
    for line in reversed(json.loads(effect or "[]")):
        if line[0] == "insert":
            _remove(write, line[1], line[2])
        else:
            _restore(write, *line[1:])


def _remove(write: Write, entity: str, number: int) -> None:
    table = TABLES[entity]
    row = write.connection.execute(select(table.c.version).where(table.c.id == number)).first()
    if row is not None and row.version > 1:
        raise _since()
    if row is not None:
        write.delete(table, [number])


def _restore(write: Write, entity: str, number: int, before: Mapping[str, Any], after: Mapping[str, Any]) -> None:
    table = TABLES[entity]
    row = write.connection.execute(select(table).where(among(write.connection, table.c.id, [number]))).mappings().first()
    if row is None or any(differs(row[name], value) for name, value in after.items() if name != _SOURCES):
        raise _since()
    sources = json.loads(row[_SOURCES]) if row[_SOURCES] else {}
    earlier = json.loads(before[_SOURCES]) if before.get(_SOURCES) else {}
    names = [name for name in after if name != _SOURCES]
    sources = {name: source for name, source in sources.items() if name not in names} | {
        name: earlier[name] for name in names if name in earlier
    }
    values = {name: before[name] for name in names} | {_SOURCES: json.dumps(sources, separators=(",", ":")) if sources else None}
    write.update(table, [Change(number, values)])


def _since() -> ConflictError:
    return ConflictError("review.changed_since", "入账之后台账中的记录又被修改，不能撤回这一项", "请在台账中核对后手工修改")
