"""The disagreements as a table of any length asked by id, with counts by class, state and who must act."""

from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, Text, func, or_, select

from lvdesk.exchange.reconcile.model import KLASS_TITLES, STATE_TITLES, TARGET_TITLES, Klass, State, Target
from lvdesk.exchange.reconcile.reading import Scope, Words, within
from lvdesk.exchange.reconcile.standing import DECISION, DISAGREEMENT, joined_on, state_of
from lvdesk.kit.table import Column, Query, Row, Values
from lvdesk.network.batches import table_of
from lvdesk.network.browsing import shown
from lvdesk.network.selecting import Asked, Selector, contains
from lvdesk.network.tables import TransformerArea
from lvdesk.store.bulk import among
from lvdesk.workspace import Workspace

_D: Final = DISAGREEMENT.c
_AREAS: Final = table_of(TransformerArea)

COLUMNS: Final = (
    Column("number", "编号", "number", 60),
    Column("klass", "类别", "code", 118),
    Column("title", "名称", "text", 110),
    Column("field", "项目", "code", 90),
    Column("marketing", "营销系统", "text", 110),
    Column("field_value", "现场采录", "text", 110),
    Column("gis", "电网 GIS", "text", 110),
    Column("base", "台账", "text", 110),
    Column("suggestion", "应为", "text", 110),
    Column("target", "改正方", "code", 110),
    Column("state", "状态", "code", 80),
    Column("key", "对象", "identifier", 140),
    Column("area", "台区", "text", 150),
    Column("found", "发现时间", "date", 130),
)


@dataclass(frozen=True)
class Facets:
    """What the list consists of: how many of each class, state, who must act, attribute, and area (number, name, count)."""

    klasses: tuple[tuple[Klass, int], ...]
    states: tuple[tuple[State, int], ...]
    targets: tuple[tuple[Target, int], ...]
    fields: tuple[tuple[str, int], ...]
    areas: tuple[tuple[str, str, int], ...]


class DisagreementSource:
    """The disagreements of a scope for a table widget: ids first, then the rows in view.

    Attributes:
        columns: all columns, in the order of ``Row.values``.
    """

    columns = COLUMNS

    def __init__(self, ws: Workspace, scope: Scope) -> None:
        self._ws, self._scope = ws, within(ws, scope)
        self._asked = _asked(ws)
        self._selector = Selector(self._asked, self._mentioned, [_D.id])

    def ids(self, query: Query) -> "array[int]":
        """The numbers of all disagreements that answer the query, in its order."""
        statement = self._selected(query, _D.id).order_by(*self._selector.order(query))
        with self._ws.store.read() as connection:
            return array("q", connection.execute(statement).scalars())

    def rows(self, ids: Sequence[int]) -> list[Row]:
        """The disagreements with these numbers, in this order; those that are gone are left out."""
        statement = _joined(_D.id, *(self._asked[column.key].clause for column in COLUMNS))
        with self._ws.store.read() as connection:
            found = {row[0]: row for row in connection.execute(statement.where(among(connection, _D.id, list(ids))))}
        return [self._row(found[number]) for number in ids if number in found]

    def values(self, column: str, query: Query, limit: int = 1000) -> Values:
        """The most frequent displayed values of a column among the disagreements that answer the query."""
        statement = self._selector.counted(self._selected(query, _D.id), column, limit)
        with self._ws.store.read() as connection:
            return [(self._text(column, value), count) for value, count in connection.execute(statement)]

    def _selected(self, query: Query, *columns: Any) -> Select[Any]:
        return _joined(*columns).where(*self._scope, *self._selector.where(query))

    def _row(self, row: Any) -> Row:
        return Row(row[0], tuple(self._text(column.key, value) for column, value in zip(COLUMNS, row[1:], strict=True)))

    def _text(self, column: str, value: Any) -> str:
        text = shown(self._selector.shown(column, value))
        return text[:16].replace("T", " ") if column == "found" else text

    @staticmethod
    def _mentioned(word: str) -> ColumnElement[bool]:
        columns = (_D.key, _D.title, _D.marketing, _D.field_value, _D.gis, _D.base, _D.suggestion, _AREAS.c.name)
        return or_(*(contains(column, word) for column in columns))


def table(ws: Workspace, scope: Scope) -> DisagreementSource:
    """The disagreements of a scope."""
    return DisagreementSource(ws, scope)


def facets(ws: Workspace, scope: Scope) -> Facets:
    """What the list of a scope consists of."""
    where = within(ws, scope)
    area, state = func.coalesce(_D.area_no, "", type_=Text), state_of(ws.clock().date())
    with ws.store.read() as connection:

        def counted(*columns: Any) -> list[Any]:
            return list(connection.execute(_joined(*columns, func.count()).where(*where).group_by(*columns)))

        klasses, targets = dict(map(tuple, counted(_D.klass))), dict(map(tuple, counted(_D.target)))
        standing = _joined(state.label("state")).where(*where).subquery().c.state
        states = dict(map(tuple, connection.execute(select(standing, func.count()).group_by(standing))))
        fields = [(f"{entity}.{name}", count) for entity, name, count in counted(_D.entity, _D.field)]
        areas = [(number, name or number or "未归属台区", count) for number, name, count in counted(area, _AREAS.c.name)]
    return Facets(
        tuple((each, klasses[each]) for each in Klass if each in klasses),
        tuple((each, states[each]) for each in State if each in states),
        tuple((each, targets[each]) for each in Target if each in targets),
        tuple(sorted(fields, key=lambda each: (-each[1], each[0]))),
        tuple(sorted(areas, key=lambda each: (-each[2], each[1]))),
    )


def _joined(*columns: Any) -> Select[Any]:
    tables = DISAGREEMENT.outerjoin(DECISION, joined_on()).outerjoin(_AREAS, _AREAS.c.area_no == _D.area_no)
    return select(*columns).select_from(tables)


def _asked(ws: Workspace) -> Mapping[str, Asked]:
    titles = Words(ws).book.titles
    return {
        "number": Asked(_D.id),
        "state": Asked(state_of(ws.clock().date()), {str(each): title for each, title in STATE_TITLES.items()}),
        "klass": Asked(_D.klass, {str(each): title for each, title in KLASS_TITLES.items()}),
        "target": Asked(_D.target, {str(each): title for each, title in TARGET_TITLES.items()}),
        "field": Asked(_D.entity + "." + _D.field, titles),
        "area": Asked(func.coalesce(_AREAS.c.name, _D.area_no, type_=Text)),
        "found": Asked(_D.found_at),
        **{name: Asked(_D[name]) for name in ("title", "key", "marketing", "field_value", "gis", "base", "suggestion")},
    }
