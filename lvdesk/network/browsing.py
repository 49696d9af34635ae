"""The network as a tree and as tables, in plain tuples for the window."""

from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import ColumnElement, func, select

from lvdesk.kit.table import Cell, Column, Query, Row, Values
from lvdesk.network.batches import Difference, table_of
from lvdesk.network.scoping import UNPLACED, inside
from lvdesk.network.selecting import of_records
from lvdesk.network.tables import TABLES, Feeder, MeterBox, TransformerArea
from lvdesk.store.bulk import among
from lvdesk.workspace import Workspace

_BELOW: Final = {
    "": "substation",
    "substation": "feeder",
    "feeder": "transformer_area",
    "transformer_area": "meter_box",
    "meter_box": "customer",
}
_PARENT_LINK: Final[dict[str, tuple[Any, str]]] = {
    "feeder": (Feeder.substation_no, "未归属变电站的线路"),
    "transformer_area": (TransformerArea.feeder_no, "未归属线路的台区"),
    "meter_box": (MeterBox.area_no, "未归属台区的计量箱"),
}
_NAMES: Final = {"meter_box": ("bar_code",), "meter": ("bar_code",), "metering_point": ()}
_WIDTHS: Final = {
    "identifier": 140,
    "barcode": 190,
    "reference": 140,
    "code": 110,
    "number": 100,
    "integer": 70,
    "date": 110,
    "longitude": 110,
    "latitude": 110,
}
_KINDS: Final = {
    "barcode": "identifier",
    "reference": "identifier",
    "integer": "number",
    "longitude": "coordinate",
    "latitude": "coordinate",
}
_WIDE: Final = {"address": 260, "location": 260, "name": 180}


@dataclass(frozen=True)
class Node:
    """One branch of the tree; ``count`` is the number of direct children, ``key`` "" a collection of records without a parent."""

    entity: str
    id: int
    key: str
    title: str
    count: int
    leaf: bool


def entities(ws: Workspace) -> list[tuple[str, str]]:
    """Every kind of record and its title, from the substation down."""
    return [(entity, ws.dictionary.title(entity)) for entity in TABLES]


def children(ws: Workspace, node: Node | None) -> list[Node]:
    """The records directly below ``node``; at the top the substations and, where there are any, records without a parent."""
    below = _BELOW.get(node.entity if node else "")
    if below is None:
        return []
    if node is None:
        return _nodes(ws, "substation", []) + _unplaced(ws)
    if node.key == UNPLACED:
        return _nodes(ws, node.entity, [_orphan(node.entity)])
    return _nodes(ws, below, [inside(below, node.entity, node.key)])


def _nodes(ws: Workspace, entity: str, where: Sequence[ColumnElement[bool]]) -> list[Node]:
    table, key = TABLES[entity], ws.dictionary.key(entity)
    name = _NAMES.get(entity, ("name",))
    columns = [table.c.id, table.c[key], *(table.c[column] for column in name)]
    with ws.store.read() as connection:
        rows = connection.execute(select(*columns).where(*where).order_by(*(table.c[column] for column in name), table.c.id)).all()
        counts = _child_counts(connection, entity)
    leaf = entity not in _BELOW
    return [
        Node(entity, row[0], row[1], " ".join(value for value in row[2:] if value) or row[1], counts.get(row[1], 0), leaf) for row in rows
    ]


def _child_counts(connection: Any, entity: str) -> dict[str, int]:
    below = _BELOW.get(entity)
    link = {"feeder": "substation_no", "transformer_area": "feeder_no", "meter_box": "area_no", "customer": "box_no"}.get(below or "")
    if link is None:
        return {}
    table = TABLES["meter" if below == "customer" else below or ""]
    rows = connection.execute(select(table.c[link], func.count()).where(table.c[link].is_not(None)).group_by(table.c[link]))
    return {row[0]: row[1] for row in rows}


def _orphan(entity: str) -> ColumnElement[bool]:
    link, _ = _PARENT_LINK[entity]
    parent = {"feeder": "substation", "transformer_area": "feeder", "meter_box": "transformer_area"}[entity]
    keys = {"substation": "substation_no", "feeder": "feeder_no", "transformer_area": "area_no"}
    clause: ColumnElement[bool] = link.is_(None) | link.not_in(select(TABLES[parent].c[keys[parent]]))
    return clause


def _unplaced(ws: Workspace) -> list[Node]:
    nodes = []
    with ws.store.read() as connection:
        for entity, (_, title) in _PARENT_LINK.items():
            count = connection.execute(select(func.count()).select_from(TABLES[entity]).where(_orphan(entity))).scalar_one()
            if count:
                nodes.append(Node(entity, 0, UNPLACED, title, count, leaf=False))
    return nodes


class Source:
    """One entity's table inside a scope, for a table widget: ids first, then the rows in view."""

    def __init__(self, ws: Workspace, entity: str, scope: Node | None) -> None:
        self._ws, self._table = ws, TABLES[entity]
        self._selector = of_records(self._table, ws.dictionary, ws.codes)
        self._scope: list[ColumnElement[bool]] = []
        if scope is not None:
            self._scope = [_orphan(scope.entity)] if scope.key == UNPLACED and scope.entity == entity else []
            if scope.key != UNPLACED:
                self._scope = [inside(entity, scope.entity, scope.key)]
        self._fields = list(ws.dictionary.entities[entity].fields.values())
        self._key = ws.dictionary.key(entity)
        self.columns = tuple(
            Column(f.name, f.title, _KINDS.get(f.kind, f.kind), _WIDE.get(f.name, _WIDTHS.get(f.kind, 120)), f.name != self._key)
            for f in self._fields
        )

    def ids(self, query: Query) -> "array[int]":
        """The ids of all rows that answer the query, in its order."""
        statement = select(self._table.c.id).where(*self._scope, *self._selector.where(query)).order_by(*self._selector.order(query))
        with self._ws.store.read() as connection:
            return array("q", connection.execute(statement).scalars())

    def rows(self, ids: Sequence[int]) -> list[Row]:
        """The rows with these ids, in this order; rows deleted in the meantime are left out."""
        columns = [self._table.c.id, self._table.c.absent_sheet, *(self._table.c[field.name] for field in self._fields)]
        with self._ws.store.read() as connection:
            found = {row[0]: row for row in connection.execute(select(*columns).where(among(connection, self._table.c.id, ids)))}
            marks = self._differences(connection, ids)
        return [self._row(found[number], marks.get(number, {})) for number in ids if number in found]

    def _row(self, row: Any, marks: dict[str, Cell]) -> Row:
        if row[1] is not None:
            marks = {self._key: Cell("warning", "最近一次覆盖该范围的台账中已不再列出"), **marks}
        return Row(row[0], tuple(self._text(f.name, value) for f, value in zip(self._fields, row[2:], strict=True)), marks)

    def _text(self, name: str, value: Any) -> str:
        return shown(self._selector.shown(name, value))

    def _differences(self, connection: Any, ids: Sequence[int]) -> dict[int, dict[str, Cell]]:
        column = table_of(Difference).c.record
        query = select(column, Difference.field, Difference.other).where(
            Difference.entity == self._table.name, among(connection, column, ids)
        )
        marks: dict[int, dict[str, Cell]] = {}
        for record, field, other in connection.execute(query):
            marks.setdefault(record, {})[field] = Cell("info", f"另有来源给出：{other}")
        return marks

    def values(self, column: str, query: Query, limit: int = 1000) -> Values:
        """The most frequent displayed values of a column among the rows that answer the query."""
        rows_in = select(self._table.c.id).where(*self._scope, *self._selector.where(query))
        with self._ws.store.read() as connection:
            rows = connection.execute(self._selector.counted(rows_in, column, limit)).all()
        return [(self._text(column, row[0]), row[1]) for row in rows]


def table(ws: Workspace, entity: str, scope: Node | None = None) -> Source:
    """The records of ``entity`` below ``scope`` (everything without one)."""
    return Source(ws, entity, scope)


def shown(value: Any) -> str:
    """A stored value as people read it: no trailing ``.0``, nothing for empty."""
    if value is None:
        return ""
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    return str(value)
