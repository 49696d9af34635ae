"""The queue as lists: stages with counts, facets, and a table of any length asked by id."""

import json
from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, Text, and_, case, func, not_, or_, select

from lvdesk.kit.clock import stamp
from lvdesk.kit.table import Cell, Column, Query, Row, Values
from lvdesk.network.batches import table_of
from lvdesk.network.browsing import shown
from lvdesk.network.reviews import ReviewItem, ReviewLock
from lvdesk.network.selecting import Asked, Selector, contains
from lvdesk.network.tables import Feeder, TransformerArea
from lvdesk.review.model import KIND_TITLES, STATE_TITLES, Action, Kind, State
from lvdesk.review.permits import action_for
from lvdesk.security.people import actions
from lvdesk.store.bulk import among
from lvdesk.workspace import Workspace

ITEM: Final = table_of(ReviewItem).c
_LOCK: Final = table_of(ReviewLock).c
_AREA, _FEEDER = table_of(TransformerArea).c, table_of(Feeder).c

BLOCKED, MINE, ALL = "blocked", "mine", "all"
STAGES: Final[Mapping[str, str]] = {
    State.PREPARING: "待整理", BLOCKED: "不能进入", State.MARKETING: "待营销确认", State.OPERATIONS: "待运检确认", State.RETURNED: "退回",
    State.HELD: "挂起", State.CONFIRMED: "已确认", State.EXPORTED: "已导出", State.RECEIPTED: "已回执", State.AGREED: "已贯通",
    State.ARCHIVED: "已归档",
}  # fmt: skip
"""The lists, in the order of the work."""
_OTHERS_DECIDE: Final = {State.MARKETING, State.OPERATIONS}
AGES: Final = (("今天", 0, 0), ("1 至 3 天", 1, 3), ("4 至 7 天", 4, 7), ("一周以上", 8, None))
"""Waiting time in days: title, from, to."""

COLUMNS: Final = (
    Column("number", "编号", "number", 70),
    Column("state", "状态", "code", 100),
    Column("kind", "类别", "code", 90),
    Column("title", "名称", "text", 190),
    Column("key", "对象", "identifier", 140),
    Column("ledger", "台账", "text", 190),
    Column("field", "现场", "text", 190),
    Column("area", "台区", "text", 150),
    Column("feeder", "线路", "text", 110),
    Column("entered", "采录、录入", "text", 130),
    Column("waiting", "进入时间", "date", 130),
    Column("returns", "退回次数", "number", 80),
    Column("reason", "原因", "text", 200),
    Column("decided", "确认人", "text", 150),
)


@dataclass(frozen=True)
class Scope:
    """Which items: of a stage (``STAGES``, mine, all), narrowed by facets; ``own``: also those the person may not confirm himself."""

    stage: str = ALL
    kinds: frozenset[Kind] = frozenset()
    areas: frozenset[str] = frozenset()
    people: frozenset[str] = frozenset()
    age: str = ""
    own: bool = False


@dataclass(frozen=True)
class Facets:
    """What a list consists of: kinds, areas (number, name, count), people who entered, ages by title."""

    kinds: tuple[tuple[Kind, int], ...]
    areas: tuple[tuple[str, str, int], ...]
    people: tuple[tuple[str, int], ...]
    ages: tuple[tuple[str, int], ...]


def counts(ws: Workspace) -> dict[str, int]:
    """How many items each list has, those of others included; ``mine``: what the person at the desk may decide now."""
    kept_out = case((ITEM.blocked != "", 1), else_=0)
    each = select(ITEM.state, kept_out.label("kept_out")).where(ITEM.resolved_at.is_(None)).subquery().c
    found = dict.fromkeys(STAGES, 0)
    with ws.store.read() as connection:
        for state, blocked, count in connection.execute(
            select(each.state, each.kept_out, func.count()).group_by(each.state, each.kept_out)
        ):
            found[BLOCKED if blocked and state == State.PREPARING else state] += count
        mine = select(func.count()).where(*_within(ws, Scope(MINE)))
        return {**found, MINE: connection.execute(mine).scalar_one()}


def facets(ws: Workspace, scope: Scope) -> Facets:
    """What the list of a stage consists of."""
    where = _within(ws, scope)
    with ws.store.read() as connection:
        by_kind = connection.execute(select(ITEM.kind, func.count()).where(*where).group_by(ITEM.kind))
        kinds = {row[0]: row[1] for row in by_kind}
        by_area = select(func.coalesce(ITEM.area_no, ""), _AREA.name, func.count()).select_from(ReviewItem)
        by_area = by_area.outerjoin(TransformerArea, _AREA.area_no == ITEM.area_no).where(*where).group_by(ITEM.area_no, _AREA.name)
        areas = [(number, name or number or "未归属台区", count) for number, name, count in connection.execute(by_area)]
        by_names = connection.execute(select(ITEM.entered_by, func.count()).where(*where).group_by(ITEM.entered_by)).all()
        ages = [
            (title, connection.execute(select(func.count()).where(*where, _aged(ws.clock(), low, high))).scalar_one())
            for title, low, high in AGES
        ]
    people: dict[str, int] = {}
    for names, count in by_names:
        for name in json.loads(names):
            people[name] = people.get(name, 0) + count
    return Facets(
        tuple((kind, kinds[kind]) for kind in Kind if kind in kinds),
        tuple(sorted(areas, key=lambda area: (-area[2], area[1]))),
        tuple(sorted(people.items(), key=lambda each: (-each[1], each[0]))),
        tuple((title, count) for title, count in ages if count),
    )


class ItemSource:
    """The items of a scope for a table widget: ids first, then the rows in view.

    Attributes:
        columns: all columns, in the order of ``Row.values``.
    """

    columns = COLUMNS

    def __init__(self, ws: Workspace, scope: Scope) -> None:
        self._ws, self._scope = ws, _within(ws, scope)
        self._asked = _asked()
        self._selector = Selector(self._asked, self._mentioned, [ITEM.id])

    def ids(self, query: Query) -> "array[int]":
        """The numbers of all items that answer the query, in its order: those that came first come first."""
        statement = self._selected(query, ITEM.id).order_by(*self._selector.order(query))
        with self._ws.store.read() as connection:
            return array("q", connection.execute(statement).scalars())

    def rows(self, ids: Sequence[int]) -> list[Row]:
        """The items with these numbers, in this order; those that are gone are left out."""
        statement = _joined(ITEM.id, *(self._asked[column.key].clause for column in COLUMNS), ITEM.blocked, _LOCK.person)
        now = stamp(self._ws.clock())
        statement = statement.outerjoin(ReviewLock, and_(_LOCK.item == ITEM.id, _LOCK.until > now, _LOCK.person != self._ws.person))
        with self._ws.store.read() as connection:
            found = {row[0]: row for row in connection.execute(statement.where(among(connection, ITEM.id, ids)))}
        return [self._row(found[number]) for number in ids if number in found]

    def values(self, column: str, query: Query, limit: int = 1000) -> Values:
        """The most frequent displayed values of a column among the items that answer the query."""
        statement = self._selector.counted(self._selected(query, ITEM.id), column, limit)
        with self._ws.store.read() as connection:
            return [(self._text(column, value), count) for value, count in connection.execute(statement)]

    def _selected(self, query: Query, *columns: Any) -> Select[Any]:
        """The areas are only joined where somebody asks for them: a hundred thousand items open in a moment."""
        asked = {part.column for part in query.filters} | {name for name, _ in query.order}
        joined = _joined(*columns) if query.words or asked & {"area", "feeder"} else select(*columns).select_from(ReviewItem)
        return joined.where(*self._scope, *self._selector.where(query))

    def _row(self, row: Any) -> Row:
        *stored, blocked, holder = row[1:]
        texts = tuple(self._text(column.key, value) for column, value in zip(COLUMNS, stored, strict=True))
        marks = {"number": Cell("warning", f"{holder} 正在处理")} if holder else {}
        if blocked:
            marks["state"] = Cell("error", blocked)
        return Row(row[0], texts, marks)

    def _text(self, column: str, value: Any) -> str:
        text = shown(self._selector.shown(column, value))
        if column == "entered" and text:
            return "、".join(json.loads(text))
        return text[:16].replace("T", " ") if column == "waiting" else text

    def _mentioned(self, word: str) -> ColumnElement[bool]:
        columns = (ITEM.key, ITEM.title, ITEM.ledger_shown, ITEM.field_shown, ITEM.reason, ITEM.entered_by, _AREA.name)
        kinds = [kind for kind, title in KIND_TITLES.items() if word in title]
        return or_(*(contains(column, word) for column in columns), ITEM.kind.in_(kinds))


def table(ws: Workspace, scope: Scope) -> ItemSource:
    """The items of a scope."""
    return ItemSource(ws, scope)


def _joined(*columns: Any) -> Select[Any]:
    return (
        select(*columns)
        .select_from(ReviewItem)
        .outerjoin(TransformerArea, _AREA.area_no == ITEM.area_no)
        .outerjoin(Feeder, _FEEDER.feeder_no == _AREA.feeder_no)
    )


def _within(ws: Workspace, scope: Scope) -> list[ColumnElement[bool]]:
    """The clauses of a scope."""
    clauses = [ITEM.resolved_at.is_(None), *_staged(ws, scope)]
    if scope.kinds:
        clauses.append(ITEM.kind.in_(sorted(scope.kinds)))
    if scope.areas:
        clauses.append(func.coalesce(ITEM.area_no, "").in_(sorted(scope.areas)))
    if scope.people:
        clauses.append(or_(*(_names(name) for name in sorted(scope.people))))
    return [*clauses, *(_aged(ws.clock(), low, high) for title, low, high in AGES if title == scope.age)]


def _staged(ws: Workspace, scope: Scope) -> list[ColumnElement[bool]]:
    if scope.stage == ALL:
        return []
    if scope.stage == MINE:
        return [_decidable(ws)]
    if scope.stage == BLOCKED:
        return [ITEM.state == State.PREPARING, ITEM.blocked != ""]
    if scope.stage == State.PREPARING:
        return [ITEM.state == State.PREPARING, ITEM.blocked == ""]
    offered = [_others(ws)] if scope.stage in _OTHERS_DECIDE and not scope.own else []
    return [ITEM.state == scope.stage, *offered]


def _others(ws: Workspace) -> ColumnElement[bool]:
    """Nobody is offered what he entered himself, or confirmed in the stage before."""
    return and_(not_(_names(ws.person)), ITEM.marketing_by != ws.person)


def _names(name: str) -> ColumnElement[bool]:
    return contains(ITEM.entered_by, json.dumps(name, ensure_ascii=False))


def _decidable(ws: Workspace) -> ColumnElement[bool]:
    """What the person at the desk may decide, by his roles."""
    permitted = actions(ws.store, ws.overrides)
    stages = [state for state in (State.MARKETING, State.OPERATIONS) if action_for(_At(state), Action.CONFIRM) in permitted]
    clauses: list[ColumnElement[bool]] = [and_(ITEM.state.in_(stages), ITEM.blocked == "", _others(ws))]
    if "review.prepare" in permitted:
        ours = and_(ITEM.state == State.RETURNED, ITEM.addressee == "desk")
        clauses += [and_(ITEM.state == State.PREPARING, ITEM.blocked == ""), ours]
    if "review.grid" in permitted:
        clauses.append(and_(ITEM.state == State.RETURNED, ITEM.addressee == "grid_leader"))
    return or_(*clauses)


@dataclass(frozen=True)
class _At:
    """An item as ``permits`` looks at it."""

    state: State
    previous: str = ""
    addressee: str = ""


def _aged(now: datetime, low: int, high: int | None) -> ColumnElement[bool]:
    """Items that came into their state between ``low`` and ``high`` whole days ago."""
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    newest = ITEM.at < stamp(midnight + timedelta(days=1 - low))
    return newest if high is None else and_(newest, ITEM.at >= stamp(midnight - timedelta(days=high)))


def _asked() -> Mapping[str, Asked]:
    order = {state: place for place, state in enumerate(State)}
    rank = case(*((ITEM.state == state, place) for state, place in order.items()), else_=len(order))
    decided = func.trim(ITEM.marketing_by + " " + ITEM.operations_by, type_=Text)
    states = {str(state): title for state, title in STATE_TITLES.items()}
    kinds = {str(kind): title for kind, title in KIND_TITLES.items()}
    again = func.nullif(ITEM.returns, 0, type_=ITEM.returns.type)
    why = case((ITEM.blocked != "", ITEM.blocked), else_=ITEM.reason)
    return {
        "number": Asked(ITEM.id), "state": Asked(ITEM.state, states, rank), "kind": Asked(ITEM.kind, kinds),
        "title": Asked(ITEM.title), "key": Asked(ITEM.key), "ledger": Asked(ITEM.ledger_shown), "field": Asked(ITEM.field_shown),
        "area": Asked(func.coalesce(_AREA.name, ITEM.area_no, type_=Text)), "feeder": Asked(_FEEDER.name),
        "entered": Asked(ITEM.entered_by), "waiting": Asked(ITEM.at), "returns": Asked(again),
        "reason": Asked(why), "decided": Asked(decided),
    }  # fmt: skip
