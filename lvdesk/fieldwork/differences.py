"""How the field differs from the ledger: kept up to date as derived facts, listed by class for people."""

import json
from typing import Any, Final

import polars as pl
from sqlalchemy import Connection, func, or_, select

from lvdesk.checks.derived import bring_up_to_date
from lvdesk.checks.station import Station
from lvdesk.fieldwork.classing.answers import Answers
from lvdesk.fieldwork.classing.book import load_book
from lvdesk.fieldwork.classing.classing import classed
from lvdesk.fieldwork.return_model import CLASS_TITLES, DifferenceClass, FieldDifferenceView
from lvdesk.kit.clock import stamp
from lvdesk.kit.progress import Progress
from lvdesk.network.batches import Batch, BatchSheet, table_of
from lvdesk.network.changed import Changed
from lvdesk.network.returns import FieldDifference, FieldSheet
from lvdesk.network.tables import TABLES, TransformerArea
from lvdesk.store.bulk import among
from lvdesk.store.facts import remember, remembered
from lvdesk.store.tables import journal
from lvdesk.workspace import Workspace

MOST: Final = 20_000
"""Differences that are listed at once."""
_COMPARED: Final = {*TABLES, FieldSheet.__tablename__}
"""Tables whose changes make the differences out of date."""
_LABEL: Final = "比对采录结果"
_KEY: Final = "returns_compared"
_D: Final = table_of(FieldDifference).c
_KEPT: Final = (
    "identity", "klass", "entity", "record", "key", "field", "ledger", "field_value", "evidence", "sheet_id", "sheet_row", "area_no",
    "package_no",
)  # fmt: skip
_WORDS: Final = {"coordinate": "坐标", "slot": "表位", "meter.bar_code": "电能表条码"}
_ORDER: Final = {klass: place for place, klass in enumerate(DifferenceClass)}


def recount(ws: Workspace, progress: Progress) -> Changed:
    """Holds all field results that count against the ledger and brings the stored differences up to date; history gets no entry.

    Raises:
        Cancelled: the user stopped it; the differences are as before.
    """
    with ws.store.read() as connection:
        return recount_of(Station(ws, connection), progress)


def recount_of(station: Station, progress: Progress) -> Changed:
    """``recount`` for somebody who reads the station anyway."""
    ws, entry = station.ws, _newest_entry(station.connection)
    found = classed(Answers(station, load_book(ws.overrides), station.field_rows), progress)
    packed = [json.dumps(sentences, ensure_ascii=False) for sentences in found["evidence"].to_list()]
    found = found.with_columns(pl.Series("evidence", packed, pl.String), pl.col("field", "key").fill_null("")).select(_KEPT)
    with ws.store.write(_LABEL) as write:
        stored = bring_up_to_date(write, FieldDifference, found, stamp(ws.clock()), progress)
        remember(write.connection, _KEY, str(entry))
    return Changed.RETURNS if stored.new or stored.resolved else Changed.NOTHING


def stale(ws: Workspace) -> bool:
    """Whether records or field results changed since they were last compared."""
    with ws.store.read() as connection:
        said = remembered(connection, _KEY)
        entry = int(said) if said else 0
        summaries = connection.execute(select(journal.c.summary).where(journal.c.id > entry)).scalars()
        return any(not _COMPARED.isdisjoint(summary) for summary in summaries)


def groups(ws: Workspace) -> list[tuple[DifferenceClass, int]]:
    """How many open differences each class has, in the order of the classes, those with none left out."""
    query = select(_D.klass, func.count().label("number")).where(_D.resolved_at.is_(None)).group_by(_D.klass)
    with ws.store.read() as connection:
        counts = {str(row.klass): row.number for row in connection.execute(query)}
    return [(klass, counts[klass]) for klass in DifferenceClass if klass in counts]


def listed(
    ws: Workspace, klass: DifferenceClass | None = None, package_no: str = "", text: str = "", *, resolved: bool = False
) -> list[FieldDifferenceView]:
    """Differences for people, class by class, newest first; at most ``MOST``.

    Args:
        ws: the station.
        klass: of one class only.
        package_no: of rows of one package only.
        text: in the key, one of the values, the area's name or the file.
        resolved: those that no longer are, instead of those that stand.
    """
    where: list[Any] = [_D.resolved_at.is_not(None) if resolved else _D.resolved_at.is_(None)]
    if klass is not None:
        where.append(_D.klass == str(klass))
    if package_no:
        where.append(_D.package_no == package_no)
    if word := text.strip():
        columns = (_D.key, _D.ledger, _D.field_value, TransformerArea.name, Batch.name, _D.evidence)
        where.append(or_(*(column.contains(word, autoescape=True) for column in columns)))
    return _views(ws, where)


def of_sheets(ws: Workspace, sheets: list[int]) -> list[FieldDifferenceView]:
    """The open differences that rows of these imported sheets say."""
    return _views(ws, [_D.resolved_at.is_(None)], sheets)


def _views(ws: Workspace, where: list[Any], sheets: list[int] | None = None) -> list[FieldDifferenceView]:
    query = (
        select(table_of(FieldDifference), Batch.name.label("file"), BatchSheet.name.label("sheet"), TransformerArea.name.label("area_name"))
        .select_from(FieldDifference)
        .outerjoin(BatchSheet, BatchSheet.id == _D.sheet_id)
        .outerjoin(Batch, Batch.id == BatchSheet.batch)
        .outerjoin(TransformerArea, TransformerArea.area_no == _D.area_no)
        .where(*where)
        .order_by(_D.found_at.desc(), _D.id)
        .limit(MOST if sheets is None else None)
    )
    with ws.store.read() as connection:
        if sheets is not None:
            query = query.where(among(connection, _D.sheet_id, sheets))
        rows = connection.execute(query).all()
    titles = _Titles(ws)
    return sorted((titles.view(row) for row in rows), key=lambda view: _ORDER[view.klass])


class _Titles:
    """Words for entities and fields."""

    def __init__(self, ws: Workspace) -> None:
        self._entities = {entity.name: entity.title for entity in ws.dictionary}
        self._fields = {f"{entity.name}.{name}": field.title for entity in ws.dictionary for name, field in entity.fields.items()}

    def view(self, row: Any) -> FieldDifferenceView:
        klass = DifferenceClass(row.klass)
        return FieldDifferenceView(
            id=row.id, klass=klass, title=CLASS_TITLES[klass], entity=row.entity, entity_title=self._entities.get(row.entity, "文件"),
            key=row.key, record=row.record, field=row.field, field_title=self._field(row.entity, row.field), ledger=row.ledger,
            field_value=row.field_value, evidence=tuple(json.loads(row.evidence)), file=row.file or "", sheet=row.sheet or "",
            row=row.sheet_row, area_no=row.area_no or "", area_name=row.area_name or "", package_no=row.package_no or "",
            found_at=row.found_at, status="resolved" if row.resolved_at else "open",
        )  # fmt: skip

    def _field(self, entity: str, name: str) -> str:
        return self._fields.get(f"{entity}.{name}") or _WORDS.get(name, name)


def _newest_entry(connection: Connection) -> int:
    return connection.execute(select(func.max(journal.c.id))).scalar() or 0
