"""What confirmed items change in the accepted records: collected for many items, written at once, able to be taken back one by one."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from sqlalchemy import select

from lvdesk.checks.model import KEYS
from lvdesk.kit.errors import ConflictError
from lvdesk.network.tables import TABLES
from lvdesk.store.model import Change
from lvdesk.store.write import Write, differs

_SLICE: Final = 500
_SOURCES: Final = "sources"
_PASSING: Final = {"id", "version", _SOURCES}
"""What changes with every write, also with one that was taken back."""

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
        sources = _unpacked(record[_SOURCES]) | {name: list(source) for name in new}
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
        self._of_item[item].append(["insert", entity, number, {name: value for name, value in row.items() if value is not None}])
        return record

    def write(self) -> dict[int, str]:
        """Stores everything; item -> what it changed as JSON, for ``take_back``."""
        for entity, changes in self._changes.items():
            self._write.update(TABLES[entity], [Change(number, values) for number, values in changes.items()])
        return {item: json.dumps(lines, ensure_ascii=False, separators=(",", ":")) for item, lines in self._of_item.items()}


def take_back(write: Write, effect: str) -> None:
    """Puts back what one item changed: all of it, or nothing.

    Raises:
        ConflictError: ``review.changed_since`` when one of the values was changed again; nothing was written.
    """
    back = _Back(write)
    for kind, entity, number, *values in reversed(json.loads(effect or "[]")):
        (back.remove if kind == "insert" else back.restore)(entity, number, *values)
    back.store()


class _Back:
    """The way back, looked at line by line as it would be before anything is written."""

    def __init__(self, write: Write) -> None:
        self._write = write
        self._rows: dict[tuple[str, int], Record] = {}
        self._changes: dict[tuple[str, int], dict[str, Any]] = defaultdict(dict)
        self._removed: list[tuple[str, int]] = []

    def remove(self, entity: str, number: int, made: Mapping[str, Any]) -> None:
        """What was made goes, as long as it is as it was made."""
        row = self._row(entity, number)
        if row is not None:
            self._refuse_changed(row, {name: made.get(name) for name in row if name not in _PASSING})
            self._removed.append((entity, number))

    def restore(self, entity: str, number: int, before: Mapping[str, Any], after: Mapping[str, Any]) -> None:
        """What was changed is as before, as long as nobody changed it since."""
        row = self._row(entity, number)
        if row is None:
            raise _since()
        names = [name for name in after if name != _SOURCES]
        self._refuse_changed(row, {name: after[name] for name in names})
        sources = {name: source for name, source in _unpacked(row[_SOURCES]).items() if name not in names}
        sources |= {name: source for name, source in _unpacked(before.get(_SOURCES)).items() if name in names}
        values = {name: before[name] for name in names} | {_SOURCES: json.dumps(sources, separators=(",", ":")) if sources else None}
        row.update(values)
        self._changes[entity, number].update(values)

    def store(self) -> None:
        """Writes all of it."""
        for (entity, number), values in self._changes.items():
            if (entity, number) not in self._removed:
                self._write.update(TABLES[entity], [Change(number, values)])
        for entity, number in self._removed:
            self._write.delete(TABLES[entity], [number])

    def _row(self, entity: str, number: int) -> Record | None:
        if (entity, number) not in self._rows:
            table = TABLES[entity]
            found = self._write.connection.execute(select(table).where(table.c.id == number)).mappings().first()
            if found is None:
                return None
            self._rows[entity, number] = dict(found)
        return self._rows[entity, number]

    def _refuse_changed(self, row: Record, values: Mapping[str, Any]) -> None:
        if any(differs(row[name], value) for name, value in values.items()):
            raise _since()


def _unpacked(sources: str | None) -> dict[str, Any]:
    return json.loads(sources) if sources else {}


def _since() -> ConflictError:
    return ConflictError("review.changed_since", "入账之后台账中的记录又被修改，不能撤回这一项", "请在台账中核对后手工修改")
