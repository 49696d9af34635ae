"""Findings as a table: any number of them asked by id, filtered and ordered like a spreadsheet."""

from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, Text, case, cast, false, func, or_, select

from lvdesk.checks.model import SEVERITIES
from lvdesk.checks.registry import discover
from lvdesk.kit.table import Cell, Column, Query, Row, Values
from lvdesk.network.batches import Batch, BatchSheet, table_of
from lvdesk.network.browsing import shown
from lvdesk.network.selecting import Asked, Selector, contains
from lvdesk.network.tables import TransformerArea
from lvdesk.network.verdicts import EXCEPTED, OPEN, RESOLVED, Finding, FindingException, same_fault, state_of
from lvdesk.store.bulk import among
from lvdesk.workspace import Workspace

FINDING: Final = table_of(Finding).c
_BATCH, _SHEET, _AREA = table_of(Batch).c, table_of(BatchSheet).c, table_of(TransformerArea).c

ALL: Final = "all"
STATES: Final = {OPEN: "未处理", EXCEPTED: "例外", RESOLVED: "已解决"}

COLUMNS: Final = (
    Column("number", "编号", "number", 80),
    Column("severity", "严重程度", "code", 90),
    Column("rule", "规则", "code", 70),
    Column("title", "规则名称", "code", 150),
    Column("entity", "对象", "code", 90),
    Column("key", "标识", "identifier", 170),
    Column("field", "字段", "code", 120),
    Column("value", "值", "text", 190),
    Column("message", "问题", "text", 380),
    Column("area", "台区", "text", 150),
    Column("file", "文件", "text", 200),
    Column("sheet", "工作表", "text", 120),
    Column("row", "行", "number", 70),
    Column("state", "状态", "code", 90),
)
_SEARCHED: Final = (FINDING.message, FINDING.key, FINDING.value, _AREA.name, FINDING.area_no)
_CODED: Final = ("rule", "title", "entity", "field")


@dataclass(frozen=True)
class Scope:
    """Which findings: those of one group (``by`` rule, area or field with its ``key``; "" all) in one state (or "all")."""

    by: str = ""
    key: str = ""
    state: str = OPEN


def place() -> ColumnElement[str]:
    """``entity.field`` of a finding."""
    return FINDING.entity + "." + FINDING.field


def joined(*columns: Any) -> Select[Any]:
    """Findings with their exceptions, origins and areas."""
    return (
        select(*columns)
        .select_from(Finding)
        .outerjoin(FindingException, same_fault())
        .outerjoin(BatchSheet, _SHEET.id == FINDING.sheet_id)
        .outerjoin(Batch, _BATCH.id == _SHEET.batch)
        .outerjoin(TransformerArea, _AREA.area_no == FINDING.area_no)
    )


def within(ws: Workspace, scope: Scope) -> list[ColumnElement[bool]]:
    """The clauses of a scope, over ``joined``."""
    clauses: list[ColumnElement[bool]] = []
    if scope.by == "rule":
        clauses.append(FINDING.rule == scope.key)
    elif scope.by == "area":
        clauses.append(func.coalesce(FINDING.area_no, "") == scope.key)
    elif scope.by == "field":
        entity, _, field = scope.key.partition(".")
        clauses += [FINDING.entity == entity, FINDING.field == field]
    if scope.state != ALL:
        # The plain clause lets the database leave out what is resolved before it looks at exceptions.
        clauses.append(FINDING.resolved_at.is_not(None) if scope.state == RESOLVED else FINDING.resolved_at.is_(None))
        clauses.append(state_of(ws.clock().date()) == scope.state)
    return clauses


def titles_of_fields(ws: Workspace) -> dict[str, str]:
    """``entity.field`` -> the field's title."""
    return {field.key: field.title for entity in ws.dictionary for field in entity.fields.values()}


def title_of_rule(code: str) -> str:
    """A rule's title; a rule that this program does not know is called by its code."""
    rule = discover().get(code)
    return rule.title if rule is not None else code


def in_order() -> list[ColumnElement[Any]]:
    """By rule, area and key."""
    return [FINDING.rule, FINDING.area_no.is_(None), FINDING.area_no, FINDING.key, FINDING.field, FINDING.id]


def severity_rank() -> ColumnElement[int]:
    """Errors first."""
    return case(*((FINDING.severity == name, place) for place, name in enumerate(SEVERITIES)), else_=len(SEVERITIES))


class FindingSource:
    """The findings of a scope for a table widget: ids first, then the rows in view.

    Attributes:
        columns: all columns, in the order of ``Row.values``.
    """

    columns = COLUMNS

    def __init__(self, ws: Workspace, scope: Scope) -> None:
        self._ws, self._scope = ws, within(ws, scope)
        self._asked = _asked(ws)
        self._selector = Selector(self._asked, self._mentioned, [severity_rank(), *in_order()])

    def ids(self, query: Query) -> "array[int]":
        """The numbers of all findings that answer the query, in its order: worst first, then by rule, area and key."""
        statement = self._selected(query, FINDING.id).order_by(*self._selector.order(query))
        with self._ws.store.read() as connection:
            return array("q", connection.execute(statement).scalars())

    def rows(self, ids: Sequence[int]) -> list[Row]:
        """The findings with these numbers, in this order; those that are gone are left out."""
        statement = joined(FINDING.id, *(self._asked[column.key].clause for column in COLUMNS))
        with self._ws.store.read() as connection:
            found = {row[0]: row for row in connection.execute(statement.where(among(connection, FINDING.id, ids)))}
        return [self._row(found[number]) for number in ids if number in found]

    def values(self, column: str, query: Query, limit: int = 1000) -> Values:
        """The most frequent displayed values of a column among the findings that answer the query."""
        statement = self._selector.counted(self._selected(query, FINDING.id), column, limit)
        counts: dict[str, int] = {}
        with self._ws.store.read() as connection:
            for value, count in connection.execute(statement):
                text = shown(self._selector.shown(column, value))
                counts[text] = counts.get(text, 0) + count
        return sorted(counts.items(), key=lambda item: (-item[1], item[0]))

    def _selected(self, query: Query, *columns: Any) -> Select[Any]:
        return joined(*columns).where(*self._scope, *self._selector.where(query))

    def _row(self, row: Any) -> Row:
        stored = dict(zip((column.key for column in COLUMNS), row[1:], strict=True))
        texts = tuple(shown(self._selector.shown(name, value)) for name, value in stored.items())
        return Row(row[0], texts, {"severity": Cell(stored["severity"], stored["message"])})

    def _mentioned(self, word: str) -> ColumnElement[bool]:
        """Whether a finding has the word in what is said of it, or in the names of its rule, record and field, or is its number."""
        clauses = [contains(column, word) for column in _SEARCHED]
        for name in _CODED:
            asked = self._asked[name]
            named = [code for code, title in (asked.names or {}).items() if word in title.lower()]
            clauses.append(asked.clause.in_(named) if named else false())
        if word.isascii():
            clauses += [contains(FINDING.rule, word), cast(FINDING.id, Text) == word]
        return or_(*clauses)


def _asked(ws: Workspace) -> Mapping[str, Asked]:
    rules = {code: rule.title for code, rule in discover().items()}
    state = state_of(ws.clock().date())
    return {
        "number": Asked(FINDING.id),
        "severity": Asked(FINDING.severity, SEVERITIES, severity_rank()),
        "rule": Asked(FINDING.rule),
        "title": Asked(FINDING.rule, rules),
        "entity": Asked(FINDING.entity, {entity.name: entity.title for entity in ws.dictionary}),
        "key": Asked(FINDING.key),
        "field": Asked(place(), titles_of_fields(ws)),
        "value": Asked(FINDING.value),
        "message": Asked(FINDING.message),
        "area": Asked(func.coalesce(_AREA.name, FINDING.area_no, type_=Text)),
        "file": Asked(_BATCH.name),
        "sheet": Asked(_SHEET.name),
        "row": Asked(func.nullif(FINDING.sheet_row, 0, type_=FINDING.sheet_row.type)),
        "state": Asked(state, STATES),
    }
