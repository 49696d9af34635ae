"""Disagreements for people: who must do what, where it stands."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import LABEL_STYLE_TABLENAME_PLUS_COL, ColumnElement, func, select

from lvdesk.exchange.reconcile.book import Book, load_book
from lvdesk.exchange.reconcile.model import (
    KLASS_TITLES,
    STATE_TITLES,
    TARGET_TITLES,
    DisagreementView,
    Klass,
    State,
    Target,
)
from lvdesk.exchange.reconcile.standing import DECISION, DISAGREEMENT, joined_on, state_of
from lvdesk.exchange.reconcile.telling import WAITS
from lvdesk.network.batches import table_of
from lvdesk.network.tables import TransformerArea
from lvdesk.store.bulk import among
from lvdesk.templates.dictionary import OWNER_TITLES
from lvdesk.workspace import Workspace

MOST: Final = 20_000
"""Disagreements that are listed at once."""
_D, _S = DISAGREEMENT.c, DECISION.c
_AREA: Final = table_of(TransformerArea).c
_NOTHING: Final = "（空）"


@dataclass(frozen=True)
class Scope:
    """Which disagreements; an empty set narrows nothing. Without states all but those resolved."""

    klasses: frozenset[Klass] = frozenset()
    states: frozenset[State] = frozenset()
    targets: frozenset[Target] = frozenset()
    fields: frozenset[str] = frozenset()
    areas: frozenset[str] = frozenset()


def within(ws: Workspace, scope: Scope) -> list[ColumnElement[bool]]:
    """The clauses of a scope, for disagreements left-joined with their decisions."""
    clauses: list[ColumnElement[bool]] = []
    if scope.states:
        clauses.append(state_of(ws.clock().date()).in_(sorted(scope.states)))
    if State.RESOLVED not in scope.states:
        clauses.append(_D.resolved_at.is_(None))
    for column, wanted in ((_D.klass, scope.klasses), (_D.target, scope.targets), (_D.entity + "." + _D.field, scope.fields)):
        if wanted:
            clauses.append(column.in_(sorted(str(each) for each in wanted)))
    if scope.areas:
        clauses.append(func.coalesce(_D.area_no, "").in_(sorted(scope.areas)))
    return clauses


def views(ws: Workspace, scope: Scope | None = None, ids: Sequence[int] | None = None) -> list[DisagreementView]:
    """Disagreements of a scope, or those with these numbers, class by class by number; at most ``MOST`` of a scope.

    Raises:
        KnownError: ``rules.unreadable``.
    """
    order = {str(klass): place for place, klass in enumerate(Klass)}
    query = (
        select(DISAGREEMENT, DECISION, _AREA.name.label("area_name"), state_of(ws.clock().date()).label("state"))
        .set_label_style(LABEL_STYLE_TABLENAME_PLUS_COL)
        .select_from(DISAGREEMENT.outerjoin(DECISION, joined_on()).outerjoin(table_of(TransformerArea), _AREA.area_no == _D.area_no))
        .order_by(_D.id)
    )
    with ws.store.read() as connection:
        if ids is not None:
            query = query.where(among(connection, _D.id, list(ids)))
        else:
            query = query.where(*within(ws, scope or Scope())).limit(MOST)
        rows = connection.execute(query).mappings().all()
    words = Words(ws)
    return sorted((words.view(row) for row in rows), key=lambda view: (order[view.klass], view.number))


class Words:
    """Titles and sentences of one workspace's rules."""

    def __init__(self, ws: Workspace) -> None:
        self.book: Book = load_book(ws.overrides, ws.dictionary)
        self._entities = {entity.name: entity.title for entity in ws.dictionary}

    def entity(self, name: str) -> str:
        """The entity's title."""
        return self._entities.get(name, name)

    def field(self, entity: str, name: str) -> str:
        """The attribute's title."""
        return self.book.titles.get(f"{entity}.{name}", name)

    def view(self, row: Any) -> DisagreementView:
        """One row of ``views``."""
        said = {name: row[f"disagreement_{name}"] for name in DISAGREEMENT.c.keys()}  # noqa: SIM118 - a collection of columns, not a dict
        klass, target, state = Klass(said["klass"]), Target(said["target"]), State(row["state"])
        decided = {name: row[f"disagreement_decision_{name}"] or "" for name in ("reason", "expires_on", "number", "person", "at")}
        counts = state in {State.EXCEPTED, State.CORRECTED}
        kept = {name: value if counts else "" for name, value in decided.items()}
        return DisagreementView(
            number=said["id"], klass=klass, klass_title=KLASS_TITLES[klass], entity=said["entity"],
            entity_title=self.entity(said["entity"]), key=said["key"],
            field=said["field"], field_title=self.field(said["entity"], said["field"]), title=said["title"],
            marketing=said["marketing"], field_value=said["field_value"], gis=said["gis"], base=said["base"], owner=said["owner"],
            owner_title=OWNER_TITLES.get(said["owner"], said["owner"]), suggestion=said["suggestion"], target=target,
            target_title=TARGET_TITLES[target], todo=self.todo(said), evidence=tuple(json.loads(said["evidence"])),
            area_no=said["area_no"] or "", area_name=row["area_name"] or "", state=state, state_title=STATE_TITLES[state],
            reason=kept["reason"], expires_on=kept["expires_on"], order=kept["number"], person=kept["person"], at=kept["at"],
            found_at=said["found_at"], resolved_at=said["resolved_at"] or "",
        )  # fmt: skip

    @staticmethod
    def reason(said: Any) -> str:
        """The evidence in one line."""
        return "；".join(json.loads(said["evidence"]))

    def todo(self, said: Any) -> str:
        """Who has to do what."""
        target, klass = said["target"], said["klass"]
        waits = WAITS in json.loads(said["evidence"])
        phrase = self.book.todo["waiting"] if waits else self.book.todo.get(f"{klass}.{target}", self.book.todo[target])
        side = {"desk": "base", "field": "field_value"}.get(target, target)
        old = said[side] if klass != Klass.ID_BROKEN or said[side] else said["base"]
        name = said["title"] if said["title"] != said["key"] else ""
        thing = f"{self.entity(said['entity'])} {said['key']}" + (f"（{name}）" if name else "")
        field = self.field(said["entity"], said["field"])
        return phrase.format(title=thing, field=field, old=old or _NOTHING, new=said["suggestion"] or _NOTHING)
