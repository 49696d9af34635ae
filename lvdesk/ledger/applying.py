"""Takes records of one table into the accepted state: inserts new ones, fills and replaces by authority, keeps differences."""

import json
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

import polars as pl
from sqlalchemy import select

from lvdesk.ledger.authority import PERSON, Authority
from lvdesk.ledger.differing import Differences, contradictions
from lvdesk.ledger.model import Finding
from lvdesk.ledger.provisional import adopt_points, name_points
from lvdesk.ledger.scope import Seen
from lvdesk.ledger.splitting import ROW
from lvdesk.ledger.zeros import Padded, restore_zeros
from lvdesk.network.tables import TABLES
from lvdesk.store.model import Change
from lvdesk.store.write import Write, fetch
from lvdesk.templates.dictionary import Dictionary

_PIECE = 5_000
_MANY = 10_000
_OWN = {ROW, "initials"}
_SAMPLES = 20


@dataclass
class Tally:
    """What happened to the records of one entity; ``rows`` remembers row -> new or changed for the sheet's own count."""

    new: int = 0
    changed: int = 0
    completed: int = 0
    unchanged: int = 0
    kept: int = 0
    samples: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    def sample(self, what: str, text: str) -> None:
        """Remembers a few examples for the preview."""
        if len(self.samples[what]) < _SAMPLES:
            self.samples[what].append(text)


@dataclass
class Target:
    """The table of a file that is being taken: where its records come from and what came of them.

    Attributes:
        accept: records change the accepted state; otherwise they are evidence kept beside it.
        again: rows are applied a second time, with values restored by evidence, and are not counted twice.
    """

    sheet_id: int
    lists: tuple[str, ...]
    system: str
    accept: bool
    tallies: dict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))
    changed_rows: set[int] = field(default_factory=set)
    again: bool = False
    findings: list[Finding] = field(default_factory=list)
    padded: list[Padded] = field(default_factory=list)
    new_rows: set[int] = field(default_factory=set)


class Applier:
    """One import's writer; knows the keys stored so far and which records the import has seen."""

    def __init__(self, write: Write, dictionary: Dictionary) -> None:
        self._write, self._dictionary = write, dictionary
        self.authority = Authority(dictionary)
        self.authority.load(write.connection)
        self._keys: dict[str, pl.DataFrame] = {}
        self._listed: dict[str, list[pl.Series]] = defaultdict(list)
        self._before: dict[str, int] = {}
        self._fresh: set[int] = set()
        self._differences = Differences()

    def apply(self, records: dict[str, pl.DataFrame], conflicts: pl.DataFrame, target: Target) -> None:
        """Takes the records (``row``, fields, ``initials``) of every entity of some rows, and what other rows say against them."""
        self._fresh.add(target.sheet_id)
        given = records
        records, padded = restore_zeros(records, self.keys, self._dictionary)
        target.padded += padded
        records = name_points(self._write, records)
        if target.accept and adopt_points(self._write, records):
            self._keys.pop("metering_point", None)
        for entity, frame in records.items():
            self._apply(entity, frame, target)
        if target.accept and conflicts.height:
            lines = contradictions(conflicts, given, records, self.keys, self._dictionary)
            self._differences.extend(lines.with_columns(system=pl.lit(target.system), sheet_id=pl.lit(target.sheet_id)))

    def _apply(self, entity: str, records: pl.DataFrame, target: Target) -> None:
        key = self._dictionary.key(entity)
        found = records.join(self.keys(entity), on=key, how="left", maintain_order="left")
        known, unknown = found.filter(pl.col("id").is_not_null()), found.filter(pl.col("id").is_null()).drop("id")
        if unknown.height:
            self._insert(entity, key, unknown, target)
        if known.height:
            self._mark(entity, known["id"], target)
            for piece in known.iter_slices(_PIECE):
                self._compare(entity, piece, target)

    def keys(self, entity: str) -> pl.DataFrame:
        """Key and id of every stored record of ``entity``."""
        if entity not in self._keys:
            key, table = self._dictionary.key(entity), TABLES[entity]
            rows = self._write.connection.execute(select(table.c[key], table.c.id)).all()
            self._before.setdefault(entity, max((row[1] for row in rows), default=0))
            self._keys[entity] = pl.DataFrame([tuple(row) for row in rows], schema={key: pl.String, "id": pl.Int64}, orient="row")
        return self._keys[entity]

    def key(self, entity: str) -> str:
        """The field that identifies records of ``entity``."""
        return self._dictionary.key(entity)

    def seen(self, entity: str) -> Seen:
        """What this import has listed of ``entity``."""
        self.keys(entity)
        return Seen(self._listed[entity], self._before[entity])

    def _mark(self, entity: str, ids: pl.Series, target: Target) -> None:
        if entity in target.lists:
            self._listed[entity].append(ids)

    def _insert(self, entity: str, key: str, records: pl.DataFrame, target: Target) -> None:
        if target.again and not target.accept:
            return
        tally = target.tallies[entity]
        tally.new += records.height
        for value in records[key].head(_SAMPLES).to_list():
            tally.sample("new", value)
        if not target.accept:
            return
        # On a server the dropped index would lock out everybody who reads.
        local = self._write.connection.dialect.name == "sqlite"
        if local and records.height >= _MANY and self.keys(entity).is_empty():
            self._write.put_off_indexes(TABLES[entity])
        frame = records.rename({ROW: "sheet_row"}).with_columns(
            pl.lit(target.sheet_id).alias("sheet_id"), pl.lit(int(entity in target.lists)).alias("listed")
        )
        ids = self._write.insert(TABLES[entity], frame.columns, frame.iter_rows(), frame.height)
        added = records.select(key).with_columns(pl.Series("id", ids, dtype=pl.Int64))
        self._keys[entity] = pl.concat([self.keys(entity), added])
        self._mark(entity, added["id"], target)
        rows = target.new_rows if entity == target.lists[0] else target.changed_rows
        rows.update(records[ROW].to_list())

    def _compare(self, entity: str, records: pl.DataFrame, target: Target) -> None:
        table = TABLES[entity]
        stored = fetch(self._write.connection, table, records["id"].to_list())
        names = [name for name in records.columns if name not in _OWN and name != "id" and name != self._dictionary.key(entity)]
        changes = [
            change
            for record in records.iter_rows(named=True)
            if (change := self._decide(entity, names, record, stored[record["id"]], target)) is not None
        ]
        self._write.update(table, changes)

    def _decide(self, entity: str, names: list[str], record: dict[str, Any], row: dict[str, Any], target: Target) -> Change | None:
        """What of ``record`` is taken into ``row``."""
        tally = target.tallies[entity]
        taken, filled = {}, True
        for name in names:
            new, old = record[name], row[name]
            if new is None or new == old:
                continue
            if target.accept and self._outranks(row, entity, name, record, target):
                taken[name] = new
                filled = filled and old is None
                tally.sample("changed", f"{record[self._dictionary.key(entity)]} {self._title(entity, name)}：{_text(old)} → {_text(new)}")
            else:
                self._keep(entity, row, name, record, target)
        back = target.accept and entity in target.lists and (not row["listed"] or row["absent_sheet"] is not None)
        if not target.again:
            tally.changed += bool(taken)
            tally.completed += bool(taken) and filled
            tally.unchanged += not taken
        if not taken and not back:
            return None
        if taken:
            target.changed_rows.add(record[ROW])
        return Change(row["id"], self._values(row, taken, record[ROW], target, back=back))

    def _outranks(self, row: dict[str, Any], entity: str, name: str, record: dict[str, Any], target: Target) -> bool:
        """Whether the new value is taken.

        A displaced value stays known as a difference when its source is a lesser one, whatever came first, or another place of this import.
        """
        mine, present = self.authority.rank(target.sheet_id, entity, name), self.authority.present(row, entity, name)
        if row[name] is None:
            return present < PERSON  # what a person emptied stays empty
        source = self.authority.source(row, name)
        clash = mine == present and source[0] in self._fresh and source != [target.sheet_id, record[ROW]]
        if clash and not target.again:
            target.findings.append(self._contradiction(entity, name, record, row))
        if mine >= present and self.authority.knows(source[0]) and source != [target.sheet_id, record[ROW]]:
            key, system = record[self._dictionary.key(entity)], self.authority.system(source[0])
            line = (entity, row["id"], key, name, _text(record[name]), _text(row[name]), system, source[0], source[1])
            (self._differences.add if mine > present or clash else self._differences.replaced)(line)
        return mine >= present

    def _contradiction(self, entity: str, name: str, record: dict[str, Any], row: dict[str, Any]) -> Finding:
        """Two tables of one import that say different things with the same right: the later one counts, and it is said."""
        who = f"{self._dictionary.title(entity)} {record[self._dictionary.key(entity)]} 的{self._title(entity, name)}"
        text = f"{who}与本次导入的另一处不一致：“{_text(row[name])}”与“{_text(record[name])}”，采用后出现的"
        return Finding("warning", record[ROW], f"{entity}.{name}", text)

    def _values(self, row: dict[str, Any], taken: dict[str, Any], source_row: int, target: Target, *, back: bool) -> dict[str, Any]:
        values = dict(taken)
        if back:
            values |= {"listed": 1, "absent_sheet": None}
        if taken:
            sources = json.loads(row["sources"]) if row["sources"] else {}
            sources |= {name: [target.sheet_id, source_row] for name in taken}
            values["sources"] = json.dumps(sources, separators=(",", ":"))
        return values

    def _keep(self, entity: str, row: dict[str, Any], name: str, record: dict[str, Any], target: Target) -> None:
        tally = target.tallies[entity]
        tally.kept += 1
        key = record[self._dictionary.key(entity)]
        old, new = _text(row[name]), _text(record[name])
        tally.sample("kept", f"{key} {self._title(entity, name)}：保留 {old}，另有 {new}")
        self._differences.add((entity, row["id"], key, name, old or None, new, target.system, target.sheet_id, record[ROW]))

    def _title(self, entity: str, name: str) -> str:
        return self._dictionary.field(entity, name).title

    def finish(self) -> None:
        """Writes the differences kept on the way."""
        self._differences.write(self._write, self._fresh)


def _text(value: Any) -> str:
    return "" if value is None else str(value)
