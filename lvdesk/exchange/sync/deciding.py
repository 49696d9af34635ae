"""A person's word on what an object of another system is with us, and taking over its identifier and the values it maintains."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import select

from lvdesk.checks.model import KEYS
from lvdesk.exchange.reconcile.model import ACTION
from lvdesk.exchange.sync.model import SyncClass, SyncLine
from lvdesk.kit.clock import stamp
from lvdesk.kit.errors import RefusedError
from lvdesk.network.answers import IdPair, SourceMatch
from lvdesk.network.batches import table_of
from lvdesk.network.changed import Changed
from lvdesk.network.tables import TABLES
from lvdesk.security.people import require
from lvdesk.store.model import Change
from lvdesk.workspace import Workspace

DECISIONS: Final = ("same", "new", "other")
_MATCH: Final = table_of(SourceMatch)
_PAIR: Final = table_of(IdPair)
_COLUMNS: Final = ("system", "entity", "source_key", "source_name", "key", "decision", "evidence", "person", "at")
_PAIRED: Final = ("entity", "key", "system", "value", "since", "until", "sheet_id", "person")
_OWNED: Final = {SyncClass.CAPACITY: "capacity_kva", SyncClass.RENAMED: "name"}
_THEIRS: Final = ("gis", "pms")


@dataclass(frozen=True)
class Adopted:
    """How many records took an identifier, and those that could not, each with the reason."""

    done: int
    refused: tuple[str, ...]
    changed: Changed


def decide(ws: Workspace, line: SyncLine, decision: str, key: str = "") -> Changed:
    """Keeps a person's word; it counts from now on whatever the names are like.

    Raises:
        RefusedError: ``people.not_allowed``; ``sync.decision``; ``sync.unknown`` when there is no such record of ours.
    """
    require(ws.store, ws.overrides, ACTION)
    if decision not in DECISIONS:
        raise RefusedError("sync.decision", f"不认识“{decision}”", "可用 same（同一个）、new（新建）、other（不属本所）")
    table = TABLES[line.entity]
    with ws.store.read() as connection:
        present = connection.execute(select(table.c.id).where(table.c[KEYS[line.entity]] == key)).first()
        same = (_MATCH.c.system == line.system, _MATCH.c.entity == line.entity, _MATCH.c.source_key == line.source_key)
        stored = connection.execute(select(_MATCH.c.id).where(*same)).scalar()
    if decision == "same" and present is None:
        raise RefusedError("sync.unknown", f"台账中没有{line.entity_title} {key}", "请写台账中的编号")
    row = (
        line.system, line.entity, line.source_key, line.source_name, key if decision == "same" else "", decision,
        json.dumps(line.evidence, ensure_ascii=False), ws.person, stamp(ws.clock()),
    )  # fmt: skip
    with ws.store.write(f"站线变认定 {line.source_name}") as write:
        if stored is None:
            write.insert(_MATCH, _COLUMNS, [row], 1)
        else:
            write.update(_MATCH, [Change(stored, dict(zip(_COLUMNS, row, strict=True)))])
    return Changed.ANSWERS | Changed.HISTORY


def adopt(ws: Workspace, lines: Sequence[SyncLine]) -> Adopted:
    """Our records take the identifiers of what they are there, and the values the other system maintains; one undoable step.

    Raises:
        RefusedError: ``people.not_allowed``; ``sync.none`` when none of the lines has a record of ours.
        ConflictError: somebody changed a record in the meantime.
    """
    require(ws.store, ws.overrides, ACTION)
    wanted = [line for line in lines if line.key and line.source_key]
    if not wanted:
        raise RefusedError("sync.none", "所选各行都没有对应的台账记录", "请先认定是同一个")
    moment, refused, done = stamp(ws.clock()), [], 0
    with ws.store.write(f"站线变同步：采用 {len(wanted)} 个编号") as write:
        for line in wanted:
            table, column = TABLES[line.entity], f"{line.system}_id"
            holder = write.connection.execute(
                select(table.c[KEYS[line.entity]]).where(table.c[column] == line.source_key, table.c[KEYS[line.entity]] != line.key)
            ).scalar()
            if holder is not None:
                refused.append(f"{line.source_name}：编号 {line.source_key} 已是 {holder} 的")
                continue
            record = write.connection.execute(select(table).where(table.c[KEYS[line.entity]] == line.key)).mappings().one()
            values = {column: line.source_key, **_owned(ws, line)}
            sources = json.loads(record["sources"] or "{}") | {name: [write.entry_id] for name in values if values[name] != record[name]}
            write.update(
                table, [Change(record["id"], {**values, "sources": json.dumps(sources, separators=(",", ":"))}, record["version"])]
            )
            _pair(write, line, record[column], moment, ws.person)
            done += 1
    return Adopted(done, tuple(refused), Changed.NETWORK | Changed.ANSWERS | Changed.HISTORY if done else Changed.NOTHING)


def _owned(ws: Workspace, line: SyncLine) -> dict[str, Any]:
    """What the other system maintains and says otherwise."""
    found: dict[str, Any] = {}
    for name in _OWNED.values():
        field = ws.dictionary.find(f"{line.entity}.{name}")
        if field is not None and field.owner in _THEIRS and field.title in line.differences:
            text = line.differences[field.title][0]
            found[name] = float(text) if name == "capacity_kva" else text
    return found


def _pair(write: Any, line: SyncLine, before: str | None, moment: str, person: str) -> None:
    """The identifier's past."""
    if before == line.source_key:
        return
    same = (_PAIR.c.entity == line.entity, _PAIR.c.key == line.key, _PAIR.c.system == line.system, _PAIR.c.until.is_(None))
    held = list(write.connection.execute(select(_PAIR.c.id).where(*same)).scalars())
    write.update(_PAIR, [Change(number, {"until": moment}) for number in held])
    rows: list[tuple[Any, ...]] = [(line.entity, line.key, line.system, before, "", moment, None, person)] if before and not held else []
    rows.append((line.entity, line.key, line.system, line.source_key, moment, None, None, person))
    write.insert(_PAIR, _PAIRED, rows, len(rows))
