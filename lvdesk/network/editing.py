"""Changes by a person at the desk: checked like imported cells, one labelled write, undoable, never overwritten by a file."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import polars as pl
from sqlalchemy import select

from lvdesk.kit.errors import RefusedError
from lvdesk.network.changed import Changed
from lvdesk.network.tables import TABLES
from lvdesk.store.bulk import among
from lvdesk.store.model import Change
from lvdesk.store.write import Write
from lvdesk.tabular.heal import heal
from lvdesk.templates.codes import CodeList
from lvdesk.templates.dictionary import Field
from lvdesk.workspace import Workspace

_WHOLE: Final = "integer"
_NUMBERS: Final = {"number", "longitude", "latitude"}


@dataclass(frozen=True)
class Edit:
    """A new text for one field of one record; ``version`` is the one the person saw."""

    id: int
    field: str
    text: str
    version: int | None = None


@dataclass(frozen=True)
class Checked:
    """The outcome for one edit: the value to store, or why it is refused; ``note`` says what was put right."""

    edit: Edit
    value: Any
    reason: str = ""
    note: str = ""


def check_edits(ws: Workspace, entity: str, edits: Sequence[Edit]) -> list[Checked]:
    """What would be stored for each edit; nothing is written."""
    verdicts: dict[int, Checked] = {}
    for name in dict.fromkeys(item.field for item in edits):
        mine = {place: item for place, item in enumerate(edits) if item.field == name}
        verdicts.update(zip(mine, _check(ws, ws.dictionary.field(entity, name), list(mine.values())), strict=True))
    return [verdicts[place] for place in range(len(edits))]


def edit(ws: Workspace, entity: str, edits: Sequence[Edit], label: str = "") -> Changed:
    """Stores the edits in one undoable write.

    Raises:
        RefusedError: ``edit.invalid`` when one does not pass its check; nothing was written.
        ConflictError: somebody changed a record since it was read.
    """
    checked = check_edits(ws, entity, edits)
    bad = [item for item in checked if item.reason]
    if bad:
        more = f"（另有 {len(bad) - 1} 处）" if len(bad) > 1 else ""
        raise RefusedError("edit.invalid", f"没有保存：{bad[0].reason}{more}", "请改正标红的单元格后再保存")
    with ws.store.write(label or _label(ws, entity, edits)) as write:
        store_edits(write, entity, checked)
    return Changed.NETWORK | Changed.HISTORY


def store_edits(write: Write, entity: str, checked: Sequence[Checked]) -> None:
    """Stores edits of one entity that passed their check, as part of a write; their values count as typed from then on.

    Raises:
        ConflictError: somebody changed a record since it was read.
    """
    table = TABLES[entity]
    ids = sorted({item.edit.id for item in checked})
    rows = write.connection.execute(select(table.c.id, table.c.sources).where(among(write.connection, table.c.id, ids)))
    sources = {row.id: json.loads(row.sources) if row.sources else {} for row in rows}
    values: dict[int, dict[str, Any]] = {number: {} for number in ids}
    for item in checked:
        values[item.edit.id][item.edit.field] = item.value
        sources.setdefault(item.edit.id, {})[item.edit.field] = [write.entry_id]
    versions = {item.edit.id: item.edit.version for item in checked}
    changes = [
        Change(number, {**values[number], "sources": json.dumps(sources[number], separators=(",", ":"))}, versions[number])
        for number in ids
    ]
    write.update(table, changes)


def _check(ws: Workspace, field: Field, edits: Sequence[Edit]) -> list[Checked]:
    """The edits of one field, healed as a column."""
    if field.name == ws.dictionary.key(field.entity):
        return [Checked(item, None, f"{field.title}是记录的标识，不能直接修改") for item in edits]
    texts = [item.text.strip() for item in edits]
    if field.kind == "code":
        return [_coded(ws.codes[field.codes], field, item, text) for item, text in zip(edits, texts, strict=True)]
    healed = heal(field.kind, pl.Series(texts, dtype=pl.String))
    notes = {note["index"]: note for note in healed.notes.iter_rows(named=True)}
    values = zip(edits, texts, healed.values.to_list(), strict=True)
    return [
        _healed(field, item, value if text else None, notes.get(place) if text else None)
        for place, (item, text, value) in enumerate(values)
    ]


def _coded(codes: CodeList, field: Field, item: Edit, text: str) -> Checked:
    if not text:
        return Checked(item, None)
    code, why = codes.canonical(text)
    return Checked(item, code, "" if code is not None else f"{field.title}：{why}")


def _healed(field: Field, item: Edit, value: str | None, note: Mapping[str, Any] | None) -> Checked:
    if value is None and note is not None and note["after"] is None:
        return Checked(item, None, f"{field.title}：{note['why']}")
    stored = int(float(value)) if value and field.kind == _WHOLE else float(value) if value and field.kind in _NUMBERS else value
    return Checked(item, stored, note=note["why"] if note is not None else "")


def _label(ws: Workspace, entity: str, edits: Sequence[Edit]) -> str:
    title = ws.dictionary.title(entity)
    names = list(dict.fromkeys(ws.dictionary.field(entity, item.field).title for item in edits))
    count = len({item.id for item in edits})
    return f"修改{title} {names[0]}" if count == 1 and len(names) == 1 else f"修改 {count} 条{title}记录"
