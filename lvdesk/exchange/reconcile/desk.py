"""The desk's own correction: the accepted record takes the value that should hold; what another system said before is kept beside it."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, select

from lvdesk.checks.model import KEYS
from lvdesk.exchange.reconcile.book import Book
from lvdesk.exchange.reconcile.judging import ABSENT, CANCELLED, IN_USE
from lvdesk.exchange.reconcile.model import Klass, NotDone
from lvdesk.network.batches import BatchSheet, Difference, table_of
from lvdesk.network.editing import Checked, Edit, check_edits, store_edits
from lvdesk.network.tables import TABLES
from lvdesk.store.bulk import among
from lvdesk.store.write import Write
from lvdesk.workspace import Workspace

_STATUS: Final = {CANCELLED: "已销户客户", ABSENT: "已销户客户", IN_USE: "正常用电客户"}
_LINE: Final = ("entity", "record", "key", "field", "current", "other", "system", "sheet_id", "sheet_row")
_SAME: Final = ("entity", "key", "field", "other", "system")
_SYSTEMS: Final = {"marketing", "gis", "pms"}
_LIST: Final = "、"
_SLICE: Final = 500

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Ready:
    """Checked values of one record; ``before``: the record as it was."""

    entity: str
    before: Row
    checked: tuple[Checked, ...]


class Desk:
    """Changes accepted records to what should hold."""

    def __init__(self, ws: Workspace, book: Book) -> None:
        self._ws = ws
        self._rules = {rule.key: rule for rule in (*book.compare, book.presence)}

    def prepare(self, rows: Sequence[Row]) -> tuple[list[Ready], list[NotDone]]:
        """What would be stored for each disagreement, and those that the desk cannot change so."""
        ready: list[Ready] = []
        stuck: list[NotDone] = []
        with self._ws.store.read() as connection:
            places = {row["id"]: self._place(row) for row in rows}
            found = _records(connection, places.values())
        for row in rows:
            entity, _, values = places[row["id"]]
            why, mine = self._one(row, found.get((entity, row["key"]), []), entity, values)
            if why:
                stuck.append(NotDone(row["id"], "reconcile.desk", f"{row['title']}：{why}"))
            ready += mine
        return ready, stuck

    def store(self, write: Write, ready: Sequence[Ready]) -> None:
        """Stores the values, as typed by a person, as part of a write.

        Raises:
            ConflictError: somebody changed a record since it was read; nothing is written.
        """
        beside = [line for each in ready for line in self._beside(write, each)]
        for entity in {each.entity: None for each in ready}:
            store_edits(write, entity, [checked for each in ready if each.entity == entity for checked in each.checked])
        lines = _fresh(write, beside)
        write.insert(table_of(Difference), _LINE, [tuple(line[name] for name in _LINE) for line in lines], len(lines))

    def _place(self, row: Row) -> tuple[str, str, dict[str, str]]:
        """Entity, the column that leads from the disagreement's key to its records, and the texts of the new values by field."""
        text = row["suggestion"] or ""
        if row["klass"] == Klass.ID_BROKEN:
            return row["entity"], row["key"], {row["field"]: text}
        rule = self._rules[f"{row['entity']}.{row['field']}"]
        entity, names = rule.stored
        if rule.same == "gone":
            return entity, row["key"], {"status": _STATUS[text]}
        if len(names) == 1:
            return entity, row["key"], {names[0]: text}
        between = re.escape(rule.pattern).replace(re.escape("{}"), "(.+?)")
        parts = re.fullmatch(between, text)
        return entity, row["key"], dict(zip(names, parts.groups(), strict=True)) if parts else {}

    def _one(self, row: Row, records: Sequence[Row], entity: str, values: Mapping[str, str]) -> tuple[str, list[Ready]]:
        if not records:
            return "台账中没有这条记录，现场新增的在“采录复核”中办理", []
        if _LIST in (row["base"] or ""):
            return "台账中有几个不同的值，请在台账中逐个修改", []
        if not values:
            return f"看不懂应有的值“{row['suggestion']}”", []
        ready = []
        for record in records:
            edits = [Edit(record["id"], name, text, record["version"]) for name, text in values.items()]
            checked = check_edits(self._ws, entity, edits)
            if bad := [each.reason for each in checked if each.reason]:
                return bad[0], []
            # a value that is right already keeps its source
            changing = tuple(each for each in checked if each.value != record[each.edit.field])
            ready += [Ready(entity, record, changing)] if changing else []
        return "", ready

    def _beside(self, write: Write, ready: Ready) -> list[dict[str, Any]]:
        """What the ledgers said before, so that they are still told to correct it."""
        record, lines = ready.before, []
        sources = json.loads(record["sources"]) if record["sources"] else {}
        for checked in ready.checked:
            name, old = checked.edit.field, record[checked.edit.field]
            source = sources.get(name, [record["sheet_id"], record["sheet_row"]])
            if old is None or len(source) == 1 or source[0] is None or old == checked.value:
                continue
            system = write.connection.execute(select(BatchSheet.system).where(BatchSheet.id == source[0])).scalar()
            if system in _SYSTEMS:
                values = (ready.entity, record["id"], record[KEYS[ready.entity]], name, str(checked.value), str(old), system, *source)
                lines.append(dict(zip(_LINE, values, strict=True)))
        return lines


def _records(connection: Connection, places: Any) -> dict[tuple[str, str], list[Row]]:
    """(entity, key of the disagreement) -> the records that hold the value; a customer's area stands on his metering points."""
    wanted: dict[str, set[str]] = {}
    for entity, key, _ in places:
        wanted.setdefault(entity, set()).add(key)
    found: dict[tuple[str, str], list[Row]] = {}
    for entity, keys in wanted.items():
        table, listed = TABLES[entity], sorted(keys)
        column = table.c.customer_no if entity == "metering_point" else table.c[KEYS[entity]]
        for start in range(0, len(listed), _SLICE):
            query = select(table).where(column.in_(listed[start : start + _SLICE])).order_by(table.c.id)
            for row in connection.execute(query).mappings():
                found.setdefault((entity, row[column.name]), []).append(dict(row))
    return found


def _fresh(write: Write, lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Those that are not kept yet."""
    table = table_of(Difference)
    records = sorted({line["record"] for line in lines})
    stored = write.connection.execute(select(*(table.c[name] for name in _SAME)).where(among(write.connection, table.c.record, records)))
    known = {tuple(row) for row in stored}
    return [line for line in lines if tuple(line[name] for name in _SAME) not in known]
