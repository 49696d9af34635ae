"""The journal for people: entries and their changes in the field's words, undo and redo."""

from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Column, Table, select

from lvdesk.network import answers, batches, exports, freezing, orders, organisation, packages, reconciling, returns, reviews, verdicts
from lvdesk.network.browsing import shown
from lvdesk.network.changed import Changed
from lvdesk.network.tables import TABLES
from lvdesk.security.people import require_undo
from lvdesk.security.tables import Person
from lvdesk.store import journal
from lvdesk.store import undo as undoing
from lvdesk.store.model import Entry as StoredEntry
from lvdesk.store.model import RowChange
from lvdesk.workspace import Workspace

_SIDE_TITLES: Final = {batches.Difference.__tablename__: "差异", batches.HeaderMemory.__tablename__: "表头记忆"}
_DECIDED: Final[dict[str, Table]] = {
    decided.__tablename__: batches.table_of(decided)
    for decided in (
        verdicts.FindingException,
        verdicts.RuleSetting,
        verdicts.DeskCheckMark,
        packages.CollectionPackage,
        packages.PackageItem,
        packages.FormSheet,
        returns.FieldSheet,
        returns.SheetEntry,
        returns.ScannedPage,
        returns.Photo,
        reviews.ReviewItem,
        reviews.ReviewDecision,
        reviews.ReviewAudit,
        exports.ExportPackage,
        answers.AnswerSheet,
        answers.ReceiptLine,
        answers.IdPair,
        answers.SourceMatch,
        reconciling.DisagreementDecision,
        reconciling.ChangeCase,
        organisation.Staff,
        organisation.Team,
        organisation.Membership,
        organisation.Absence,
        organisation.Shift,
        organisation.SupportUnit,
        organisation.Grid,
        organisation.GridArea,
        organisation.GridDuty,
        organisation.Village,
        organisation.Agreement,
        organisation.VillageVisit,
        organisation.Attachment,
        orders.WorkOrder,
        orders.OrderTask,
        orders.OrderEvent,
        orders.OrderEvidence,
        freezing.FrozenMonth,
        Person,
    )
}
"""What people decided beside the records; these tables know their own words."""
_INNER: Final = {
    "id", "version", "sheet_id", "sheet_row", "sources", "initials", "listed", "absent_sheet", "record", "entity", "identity",
    "package", "held", "shapes", "pages", "form_version", "digest", "pin", "round", "moves", "sides", "effect", "heard",
    "counts", "files", "sha256", "data",
}  # fmt: skip
_FEW: Final = 3
_KINDS: Final = {"insert": "新增", "update": "修改", "delete": "删除"}


@dataclass(frozen=True)
class Entry:
    """One labelled write. ``summary`` counts per kind of record, ``state`` is "", 已撤销 or 撤销."""

    id: int
    label: str
    person: str
    at: str
    summary: str
    undone: bool
    is_undo: bool
    digest: str


@dataclass(frozen=True)
class EntryChange:
    """One field of one record before and after; an inserted or deleted record gives one line per filled field."""

    entity: str
    entity_title: str
    record: int
    key: str
    kind: str
    field: str
    field_title: str
    before: str
    after: str


def entries(ws: Workspace, before: int | None = None, limit: int = 100, text: str = "") -> list[Entry]:
    """The newest writes first, older than ``before``, whose label or person contains ``text``."""
    return [_entry(ws, entry) for entry in journal.entries(ws.store, before, limit, text)]


def detail(ws: Workspace, entry_id: int, start: int = 0, limit: int = 200) -> list[EntryChange]:
    """What one write changed, field by field, for ``limit`` records from the ``start``-th on."""
    return [line for change in journal.details(ws.store, entry_id, start, limit) for line in _lines(ws, change)]


def undo(ws: Workspace, entry_id: int | None = None) -> Changed:
    """Takes back one write, or the newest one.

    Raises:
        RefusedError: nothing to undo; people changed by it, ``people.not_allowed``.
        ConflictError: a touched record was changed since; says by whom.
    """
    require_undo(ws.store, ws.overrides, undoing.undoable(ws.store) if entry_id is None else _stored(ws, entry_id))
    undoing.undo(ws.store, entry_id)
    return Changed.ALL


def redo(ws: Workspace) -> Changed:
    """Takes back the last undo; refused like ``undo``."""
    require_undo(ws.store, ws.overrides, undoing.redoable(ws.store))
    undoing.redo(ws.store)
    return Changed.ALL


def undo_label(ws: Workspace) -> str:
    """What ``undo`` would take back, "" when nothing."""
    entry = undoing.undoable(ws.store)
    return entry.label if entry else ""


def redo_label(ws: Workspace) -> str:
    """What ``redo`` would bring back, "" when nothing."""
    entry = undoing.redoable(ws.store)
    return entry.label.removeprefix("撤销：") if entry else ""


def _stored(ws: Workspace, entry_id: int) -> StoredEntry | None:
    with ws.store.read() as connection:
        return journal.entry(connection, entry_id)


def _entry(ws: Workspace, entry: StoredEntry) -> Entry:
    undone, is_undo = entry.undone_by is not None, entry.undoes is not None
    return Entry(entry.id, entry.label, entry.person, entry.at, _summary(ws, entry), undone, is_undo, entry.digest)


def _summary(ws: Workspace, entry: StoredEntry) -> str:
    """Counts per kind of record; only totals where an entry touched many kinds."""
    counts = [(kind, table, count) for table, kinds in entry.summary.items() for kind, count in kinds.items() if count]
    if len(counts) <= _FEW:
        return "、".join(f"{_KINDS[kind]}{_title(ws, table)} {count:,}" for kind, table, count in counts)
    totals = {kind: sum(count for other, _, count in counts if other == kind) for kind in _KINDS}
    return "、".join(f"{_KINDS[kind]} {count:,} 条" for kind, count in totals.items() if count)


def _title(ws: Workspace, table: str) -> str:
    if table in _DECIDED:
        return str(_DECIDED[table].info["title"])
    return ws.dictionary.title(table) if table in TABLES else _SIDE_TITLES.get(table, table)


def _lines(ws: Workspace, change: RowChange) -> list[EntryChange]:
    names = ws.dictionary.entities[change.table].fields if change.table in TABLES else {}
    key, record, kind = _key(ws, change), _title(ws, change.table), _KINDS[change.kind]
    lines = []
    for field, (before, after) in change.fields.items():
        if field in _INNER or before == after:
            continue
        title = names[field].title if field in names else _column_title(change.table, field)
        said = (_said(ws, change, field, before), _said(ws, change, field, after))
        lines.append(EntryChange(change.table, record, change.id, key, kind, field, title, *said))
    absent = change.fields.get("absent_sheet")
    if absent is not None and change.kind == "update":
        said = ("在册", "最近台账未列") if absent[1] is not None else ("最近台账未列", "在册")
        lines.append(EntryChange(change.table, record, change.id, key, kind, "absent_sheet", "台账在册", *said))
    return lines


def _column_title(table: str, name: str) -> str:
    known: Column[Any] | None = _DECIDED[table].c.get(name) if table in _DECIDED else None
    return str(known.info.get("title", name)) if known is not None else name


def _key(ws: Workspace, change: RowChange) -> str:
    table = TABLES.get(change.table, _DECIDED.get(change.table))
    if table is None:
        return str(change.id)
    name = ws.dictionary.key(change.table) if change.table in TABLES else table.info["key"]
    if name in change.fields:
        return _called(next(value for value in reversed(change.fields[name]) if value is not None))
    with ws.store.read() as connection:
        return _called(connection.execute(select(table.c[name]).where(table.c.id == change.id)).scalar() or change.id)


def _called(key: Any) -> str:
    """A key as people know it: of a fault's identity, rule and record."""
    parts = str(key).split("|")
    return f"{parts[0]} {parts[2]}" if len(parts) > 2 else parts[0]


def _said(ws: Workspace, change: RowChange, field: str, value: Any) -> str:
    text = shown(value)
    if change.table not in TABLES or field not in ws.dictionary.entities[change.table].fields:
        return text
    codes = ws.codes.get(ws.dictionary.field(change.table, field).codes)
    return codes.name(text) if codes is not None and text else text
