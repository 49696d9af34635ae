"""Findings for people: in groups, as a table, one with everything known of it, all of them in order."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import ColumnElement, func, select

from lvdesk.checks.browsing import (
    ALL,
    FINDING,
    FindingSource,
    Scope,
    in_order,
    joined,
    place,
    title_of_rule,
    titles_of_fields,
    within,
)
from lvdesk.checks.model import FAMILIES
from lvdesk.checks.registry import discover
from lvdesk.kit.errors import KnownError
from lvdesk.network.batches import Batch, BatchSheet, table_of
from lvdesk.network.tables import Feeder, TransformerArea
from lvdesk.network.verdicts import EXCEPTED, OPEN, Finding, FindingException, same_fault, state_of
from lvdesk.workspace import Workspace

__all__ = ["FindingView", "Group", "Scope", "groups", "listed", "show", "table"]

_PIECE: Final = 5_000
_NO_AREA: Final = "未归属台区"


@dataclass(frozen=True)
class Group:
    """Findings that belong together: counts by severity of those in the asked state, and how many are excepted."""

    key: str
    title: str
    detail: str
    errors: int
    warnings: int
    infos: int
    excepted: int


@dataclass(frozen=True)
class FindingView:
    """One finding with everything known of it.

    Attributes:
        what: what its rule looks for; ``fix``: what to do.
        suggestion: (field, its title, new text) for each field that a known fix sets.
        file, sheet, row: where the value stands; "" and 0 for what was typed at the desk.
        reason, person, at, expires_on: of its exception, also of one that no longer holds; "" without one.
        resolved_at: "" while it stands.
    """

    id: int
    rule: str
    rule_title: str
    family: str
    severity: str
    entity: str
    entity_title: str
    record: int | None
    key: str
    field: str
    field_title: str
    value: str
    message: str
    what: str
    fix: str
    suggestion: tuple[tuple[str, str, str], ...]
    file: str
    sheet: str
    row: int
    area_no: str
    area_name: str
    state: str
    reason: str
    person: str
    at: str
    expires_on: str
    found_at: str
    resolved_at: str


def groups(ws: Workspace, by: str, state: str = OPEN) -> list[Group]:
    """The groups by rule, area or field that have findings in ``state``: rules by code, the others with most errors first."""
    columns: dict[str, ColumnElement[Any]] = {"rule": FINDING.rule, "area": func.coalesce(FINDING.area_no, ""), "field": place()}
    each = (
        select(columns[by].label("key"), FINDING.severity, state_of(ws.clock().date()).label("state"))
        .select_from(Finding)
        .outerjoin(FindingException, same_fault())
        .subquery()
    )
    query = select(each.c.key, each.c.severity, each.c.state, func.count()).group_by(each.c.key, each.c.severity, each.c.state)
    counts: dict[str, dict[str, int]] = {}
    with ws.store.read() as connection:
        for key, severity, of, count in connection.execute(query):
            group = counts.setdefault(key, {})
            if state in {of, ALL}:
                group[severity] = group.get(severity, 0) + count
            if of == EXCEPTED:
                group[EXCEPTED] = group.get(EXCEPTED, 0) + count
    named = _names(ws, by)
    found = [_group(key, named.get(key, (key or _NO_AREA, "")), group) for key, group in counts.items() if group.keys() - {EXCEPTED}]
    return sorted(found, key=lambda group: group.key if by == "rule" else (not group.key, -group.errors, -group.warnings, group.title))


def table(ws: Workspace, scope: Scope) -> FindingSource:
    """The findings of a scope, for a table widget."""
    return FindingSource(ws, scope)


def show(ws: Workspace, number: int) -> FindingView:
    """One finding by its number.

    Raises:
        KnownError: ``finding.missing``.
    """
    with ws.store.read() as connection:
        row = connection.execute(_whole(ws).where(FINDING.id == number)).first()
    if row is None:
        raise KnownError("finding.missing", f"没有编号为 {number} 的问题", "请刷新问题列表")
    return _Viewer(ws).view(row)


def listed(ws: Workspace, state: str = OPEN) -> Iterator[FindingView]:
    """The findings in ``state`` (or "all") in order of rule, area and key; comes in pieces, whatever their number."""
    viewer = _Viewer(ws)
    statement = _whole(ws).where(*within(ws, Scope(state=state))).order_by(*in_order())
    with ws.store.read() as connection:
        for rows in connection.execution_options(yield_per=_PIECE).execute(statement).partitions():
            yield from map(viewer.view, rows)


def _names(ws: Workspace, by: str) -> dict[str, tuple[str, str]]:
    """Key of a group -> its title and detail."""
    if by == "rule":
        return {code: (rule.title, FAMILIES[rule.family]) for code, rule in discover().items()}
    if by == "field":
        return {field.key: (f"{entity.title} · {field.title}", "") for entity in ws.dictionary for field in entity.fields.values()}
    query = select(TransformerArea.area_no, TransformerArea.name, Feeder.name).outerjoin(
        Feeder, Feeder.feeder_no == TransformerArea.feeder_no
    )
    with ws.store.read() as connection:
        return {number: (name or number, feeder or "") for number, name, feeder in connection.execute(query)}


def _group(key: str, name: tuple[str, str], counts: dict[str, int]) -> Group:
    return Group(key, *name, counts.get("error", 0), counts.get("warning", 0), counts.get("info", 0), counts.get(EXCEPTED, 0))


def _whole(ws: Workspace) -> Any:
    return joined(
        table_of(Finding),
        FindingException.reason, FindingException.person, FindingException.at, FindingException.expires_on,
        Batch.name.label("file"), BatchSheet.name.label("sheet"), TransformerArea.name.label("area_name"),
        state_of(ws.clock().date()).label("state"),
    )  # fmt: skip


class _Viewer:
    """Makes views of rows; what they share is looked up once."""

    def __init__(self, ws: Workspace) -> None:
        self._entities = {entity.name: entity.title for entity in ws.dictionary}
        self._fields = titles_of_fields(ws)
        self._rules = discover()

    def view(self, row: Any) -> FindingView:
        rule = self._rules.get(row.rule)
        return FindingView(
            id=row.id, rule=row.rule, rule_title=title_of_rule(row.rule), family=rule.family if rule else "", severity=row.severity,
            entity=row.entity, entity_title=self._entities.get(row.entity, row.entity), record=row.record, key=row.key, field=row.field,
            field_title=self._field(row.entity, row.field), value=row.value or "", message=row.message, what=rule.what if rule else "",
            fix=row.fix, suggestion=self._suggestion(row), file=row.file or "", sheet=row.sheet or "", row=row.sheet_row or 0,
            area_no=row.area_no or "", area_name=row.area_name or "", state=row.state, reason=row.reason or "", person=row.person or "",
            at=row.at or "", expires_on=row.expires_on or "", found_at=row.found_at, resolved_at=row.resolved_at or "",
        )  # fmt: skip

    def _suggestion(self, row: Any) -> tuple[tuple[str, str, str], ...]:
        given: dict[str, str] = json.loads(row.suggestion) if row.suggestion else {}
        return tuple((name, self._field(row.entity, name), text) for name, text in given.items())

    def _field(self, entity: str, name: str) -> str:
        return self._fields.get(f"{entity}.{name}", name)
