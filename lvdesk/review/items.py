"""One item with all that a person needs for deciding: both sides, evidence, pictures, the place on the map, what was decided before."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, select

from lvdesk.fieldwork import scan_crops
from lvdesk.kit.clock import stamp
from lvdesk.kit.errors import KnownError
from lvdesk.network.batches import Batch, BatchSheet, table_of
from lvdesk.network.browsing import shown
from lvdesk.network.records import path
from lvdesk.network.returns import Photo
from lvdesk.network.reviews import ReviewDecision, ReviewItem, ReviewLock
from lvdesk.network.tables import TABLES
from lvdesk.review import permits
from lvdesk.review.matters import Book, load_book
from lvdesk.review.model import ACTION_TITLES, DECISIONS, STATE_TITLES, Action, Crop, ItemView, Kind, Side, State, Step
from lvdesk.review.shaping import unlike
from lvdesk.review.snippet import boxes_of, spots
from lvdesk.review.states import Standing, may
from lvdesk.security.people import actions
from lvdesk.store.bulk import among
from lvdesk.templates.dictionary import OWNER_TITLES
from lvdesk.workspace import Workspace

_ITEM: Final = table_of(ReviewItem)
_DECISION: Final = table_of(ReviewDecision)
_LOCK: Final = table_of(ReviewLock)
_PHOTOS: Final = 12
_CROPS: Final = 24
_STAGES: Final = {"confirm": "通过", "correct": "改后通过"}


def view(ws: Workspace, item_id: int, session: str = "") -> ItemView:
    """One item.

    Raises:
        KnownError: ``review.unknown``.
    """
    found = views(ws, [item_id], session)
    if not found:
        raise KnownError("review.unknown", f"没有编号为 {item_id} 的复核事项", "请刷新列表")
    return found[0]


def views(ws: Workspace, ids: Sequence[int], session: str = "") -> list[ItemView]:
    """Several items in this order; those that are not there are left out."""
    return _read(ws, ids, session, brief=False)


def briefs(ws: Workspace, ids: Sequence[int]) -> list[ItemView]:
    """Any number of items without what only matters for deciding one: pictures, map, past steps, place, permissions."""
    return _read(ws, ids, "", brief=True)


def _read(ws: Workspace, ids: Sequence[int], session: str, *, brief: bool) -> list[ItemView]:
    book, permitted, holders = load_book(ws.overrides), actions(ws.store, ws.overrides), permits.Holders(ws)
    with ws.store.read() as connection:
        query = select(_ITEM, Batch.name.label("file"), BatchSheet.name.label("sheet"))
        query = query.outerjoin(BatchSheet, BatchSheet.id == _ITEM.c.sheet_id).outerjoin(Batch, Batch.id == BatchSheet.batch)
        rows = {row.id: row for row in connection.execute(query.where(among(connection, _ITEM.c.id, list(ids))))}
        reader = _Reader(ws, connection, session)
        seen = [reader.brief(rows[number]) for number in ids if number in rows]
        return seen if brief else [reader.whole(view, rows[view.id], book, permitted, holders) for view in seen]


class _Reader:
    """Makes views from rows."""

    def __init__(self, ws: Workspace, connection: Connection, session: str) -> None:
        self._ws, self._connection, self._session = ws, connection, session
        self._now: datetime = ws.clock()
        self._names: dict[tuple[str, str], str] = {}

    def brief(self, row: Any) -> ItemView:
        """What an item's own row says."""
        return ItemView(
            id=row.id, version=row.version, kind=Kind(row.kind), state=State(row.state), entity=row.entity,
            entity_title=self._ws.dictionary.title(row.entity), key=row.key, record=row.record, title=row.title, area_no=row.area_no or "",
            area_name=self._area(row.area_no), place=(), sides=tuple(self._sides(row)), evidence=tuple(json.loads(row.evidence)),
            file=row.file or "", sheet=row.sheet or "", row=row.sheet_row, package_no=row.package_no or "",
            entered_by=tuple(json.loads(row.entered_by)), blocked=row.blocked, marketing=_stage(row, "marketing"),
            operations=_stage(row, "operations"), returns=row.returns, reason=row.reason, addressee=row.addressee, until=row.until,
            waiting_days=_days(row.at, self._now), steps=(), photos=(), crops=(), spots=(), allowed=(), forbidden="", locked_by="",
            round=row.round,
        )  # fmt: skip

    def whole(self, view: ItemView, row: Any, book: Book, permitted: frozenset[str], holders: Mapping[str, str]) -> ItemView:
        """With all that a person needs for deciding."""
        links = path(self._ws, self._connection, row.entity, row.key) if row.record is not None else ()
        boxes = boxes_of(self._connection, row)
        allowed, forbidden = self._allowed(row, book, permitted, holders)
        return replace(
            view, place=tuple(link.title for link in links), steps=tuple(self._steps(row)), photos=self._photos(boxes),
            crops=self._crops(row, boxes), spots=spots(self._connection, row, boxes), allowed=allowed, forbidden=forbidden,
            locked_by=self._holder(row),
        )  # fmt: skip

    def _area(self, number: str | None) -> str:
        return self._named("transformer_area", number) or number or ""

    def _named(self, entity: str, key: str | None) -> str:
        """The name of a record, each asked once."""
        if not key:
            return ""
        if (entity, key) not in self._names:
            table = TABLES[entity]
            query = select(table.c.name).where(table.c[self._ws.dictionary.key(entity)] == key)
            self._names[entity, key] = self._connection.execute(query).scalar() or ""
        return self._names[entity, key]

    def _allowed(self, row: Any, book: Book, permitted: frozenset[str], why: Mapping[str, str]) -> tuple[tuple[Action, ...], str]:
        standing = Standing(State(row.state), State(row.previous) if row.previous else None, book.matters[Kind(row.kind)].needs)
        waives = State(row.state) is State.PREPARING
        possible = [action for action in DECISIONS if may(standing, Action.WAIVE if waives and action is Action.CONFIRM else action)]
        objections = {action: permits.objection(row, action, self._ws.person, permitted, why) for action in possible}
        allowed = tuple(action for action in possible if objections[action] is None)
        if row.blocked:
            return tuple(action for action in allowed if action not in {Action.CONFIRM, Action.CORRECT}), f"有未处理的错误：{row.blocked}"
        if Action.CONFIRM not in possible:
            return allowed, f"“{STATE_TITLES[State(row.state)]}”的事项现在不用确认"
        against = objections[Action.CONFIRM]
        return allowed, against[1] if against else ""

    def _sides(self, row: Any) -> list[Side]:
        accepted = json.loads(row.accepted)
        sides = [(place, ledger, value) for place, ledger, value in json.loads(row.sides)]
        extra = [(place, None, None) for place in accepted if place not in {side[0] for side in sides}]
        return [self._side(place, ledger, value, accepted.get(place, "")) for place, ledger, value in [*sides, *extra]]

    def _side(self, place: str, ledger: str | None, value: str | None, accepted: str) -> Side:
        field = self._ws.dictionary.find(place)
        codes = self._ws.codes.get(field.codes) if field is not None else None
        choices = tuple((item.code, item.name) for item in codes.items) if codes is not None else ()
        before, found, after = (self._said(field, text, dict(choices)) for text in (ledger, value, accepted))
        title = field.title if field is not None else place
        owner = OWNER_TITLES.get(field.owner, "") if field is not None else ""
        return Side(place, title, before, found, after, owner, choices, unlike(ledger, value))

    def _said(self, field: Any, text: str | None, names: Mapping[str, str]) -> str:
        """A value as people read it: codes by name, references with the name of what they lead to."""
        if not text:
            return ""
        if field is not None and field.reference in TABLES and "name" in TABLES[field.reference].c:
            return f"{text} {self._named(field.reference, text)}".strip()
        return shown(names.get(text, text))

    def _steps(self, row: Any) -> list[Step]:
        query = select(_DECISION).where(_DECISION.c.item == row.id).order_by(_DECISION.c.id)
        return [
            Step(
                STATE_TITLES[State(each.stage)], ACTION_TITLES[Action(each.decision)], each.person, each.at, each.how, each.reason,
                tuple((self._titled(place), text) for place, text in json.loads(each.given).items()),
            ) for each in self._connection.execute(query)
        ]  # fmt: skip

    def _titled(self, place: str) -> str:
        field = self._ws.dictionary.find(place)
        return field.title if field is not None else place

    def _photos(self, boxes: Sequence[str]) -> tuple[int, ...]:
        photo = table_of(Photo).c
        query = select(photo.id).where(photo.box_no.in_(boxes)).order_by(photo.id.desc()).limit(_PHOTOS)
        return tuple(self._connection.execute(query).scalars()) if boxes else ()

    def _crops(self, row: Any, boxes: Sequence[str]) -> tuple[Crop, ...]:
        found = scan_crops.written(self._ws, {row.key, *boxes})
        return tuple(Crop(each.page, each.place, f"{each.title} · {each.about}", each.sheet_no) for each in found[:_CROPS])

    def _holder(self, row: Any) -> str:
        query = select(_LOCK.c.person).where(_LOCK.c.item == row.id, _LOCK.c.until > stamp(self._now), _LOCK.c.session != self._session)
        return str(self._connection.execute(query).scalar() or "")


def _stage(row: Any, stage: str) -> str:
    """Who decided a stage and how, in one line; "" while nobody did."""
    said, by, at, why = (getattr(row, f"{stage}{part}") for part in ("", "_by", "_at", "_why"))
    if said == "rule":
        return f"按规则通过：{why}"
    if not said:
        return ""
    return f"{by} {_STAGES.get(said, said)} {at[:16].replace('T', ' ')}" + (f"：{why}" if why else "")


def _days(at: str, now: datetime) -> int:
    return max((now.date() - datetime.fromisoformat(at).date()).days, 0) if at else 0
