"""Decisions: checked item by item inside one write, moved by the table of transitions, applied when the last stage is passed."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import select

from lvdesk.kit.clock import stamp
from lvdesk.kit.errors import LVDeskError, RefusedError
from lvdesk.kit.progress import Progress
from lvdesk.network.batches import table_of
from lvdesk.network.changed import Changed
from lvdesk.network.editing import Checked, Edit, check_edits
from lvdesk.network.reviews import ReviewDecision, ReviewItem, ReviewLock
from lvdesk.review import permits
from lvdesk.review.applying import Accepted, Applying
from lvdesk.review.effects import Effects, take_back
from lvdesk.review.gathering import CLEAR
from lvdesk.review.matters import Book, load_book
from lvdesk.review.model import ACTION_TITLES, DECISIONS, STATE_TITLES, Action, Decided, Kind, Refused, Request, State
from lvdesk.review.states import Needs, Standing, may, moved
from lvdesk.security.people import actions
from lvdesk.store.bulk import among
from lvdesk.store.model import Change
from lvdesk.store.write import Write
from lvdesk.workspace import Workspace

_ITEM: Final = table_of(ReviewItem)
_DECISION: Final = table_of(ReviewDecision)
_LOCK: Final = table_of(ReviewLock)
_CHANGED: Final = Changed.REVIEW | Changed.NETWORK | Changed.HISTORY
_LOGGED: Final = ("item", "round", "stage", "decision", "person", "at", "how", "reason", "given")
_WORDY: Final = {Action.RETURN, Action.HOLD}
_SLICE: Final = 5_000
_RULE: Final = "rule"


def decide(ws: Workspace, request: Request, progress: Progress) -> Decided:
    """Takes one decision about items: those that may not be decided so are told, the others move, all in one undoable write.

    Raises:
        RefusedError: ``review.nothing`` without items, ``review.reason`` without a reason where one is due, ``review.value`` when a
            corrected value cannot be; nothing was written.
        Cancelled: the user stopped it; nothing was written.
    """
    _refuse_unfit(request)
    title = f"复核{ACTION_TITLES[request.action]}"
    with ws.store.write(f"{title} {len(request.ids):,} 项") as write:
        done = _Deciding(ws, write, request).all(progress)
        write.label = _label(title, done)
        entry = write.entry_id
    if not done.moved:
        return Decided(refused=tuple(done.refused))
    states = {row.id: state for row, state in done.moved}
    return Decided(tuple(states), states, tuple(done.refused), _label(title, done), entry, _CHANGED)


@dataclass
class _Done:
    moved: list[tuple[Any, State]] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)


def _label(title: str, done: _Done) -> str:
    if len(done.moved) == 1:
        row = done.moved[0][0]
        return f"{title}：{STATE_TITLES[State(row.state)]} {row.title or row.key}"
    return f"{title} {len(done.moved):,} 项"


def _outcome(checked: Checked) -> tuple[str, str]:
    """The text to store and why it cannot be."""
    return "" if checked.value is None else str(checked.value), checked.reason


def _refuse_unfit(request: Request) -> None:
    if not request.ids:
        raise RefusedError("review.nothing", "没有选中要处理的事项", "请先在列表中选中，或给出编号")
    if request.action not in DECISIONS:
        raise RefusedError("review.transition", f"没有“{request.action}”这种决定", f"可用的有：{'、'.join(DECISIONS)}")
    if request.action in _WORDY and not all(request.said(number).reason.strip() for number in request.ids):
        raise RefusedError("review.reason", f"{ACTION_TITLES[request.action]}需要写明原因", "请填写原因后重试")
    if request.action is Action.CORRECT and not all(request.said(number).values for number in request.ids):
        raise RefusedError("review.value", "改后通过需要写明改成什么", "请填写要改的值，或直接通过")


class _Deciding:
    """One decision on its way through the items."""

    def __init__(self, ws: Workspace, write: Write, request: Request) -> None:
        self._ws, self._write, self._request = ws, write, request
        self._book: Book = load_book(ws.overrides)
        self._person, self._moment = ws.person, stamp(ws.clock())
        self._permitted = actions(ws.store, ws.overrides)
        self._holders = permits.Holders(ws)
        self._effects = Effects(write)
        self._applying = Applying(self._effects, ws.dictionary)
        self._checked_values: dict[tuple[str, str], tuple[str, str]] = {}
        self._done = _Done()
        self._changes: list[tuple[Any, dict[str, Any]]] = []
        self._log: list[tuple[Any, ...]] = []

    def all(self, progress: Progress) -> _Done:
        """Decides every item; stored at the end."""
        ids = list(dict.fromkeys(self._request.ids))
        progress.start("正在处理复核事项", len(ids), "项")
        rows = self._rows(ids)
        held = self._locks(ids)
        self._check_ahead()
        self._applying.prefetch([self._accepted(row, {}) for row in rows.values()])
        for number in ids:
            self._one(number, rows.get(number), held.get(number, ""))
            progress.step()
        effects = self._effects.write()
        changes = [
            Change(row.id, {**values, **({"effect": effects[row.id]} if row.id in effects else {})}, row.version)
            for row, values in self._changes
        ]
        self._write.update(_ITEM, changes)
        self._write.insert(_DECISION, _LOGGED, self._log, len(self._log))
        return self._done

    def _rows(self, ids: list[int]) -> dict[int, Any]:
        found: dict[int, Any] = {}
        for start in range(0, len(ids), _SLICE):
            query = select(_ITEM).where(among(self._write.connection, _ITEM.c.id, ids[start : start + _SLICE]))
            found.update({row.id: row for row in self._write.connection.execute(query)})
        return found

    def _locks(self, ids: list[int]) -> dict[int, str]:
        """Items that somebody else has open."""
        open_now = select(_LOCK).where(_LOCK.c.until > self._moment, _LOCK.c.session != self._request.session)
        wanted = set(ids)
        return {row.item: row.person for row in self._write.connection.execute(open_now) if row.item in wanted}

    def _one(self, number: int, row: Any, holder: str) -> None:
        why = self._why_not(number, row, holder)
        if why is None:
            try:
                self._move(row)
            except LVDeskError as error:
                why = (error.code, f"{error.message}。{error.hint}" if error.hint else error.message)
        if why is not None:
            self._done.refused.append(Refused(number, *why))

    def _why_not(self, number: int, row: Any, holder: str) -> tuple[str, str] | None:
        if row is None:
            return "review.unknown", f"没有编号为 {number} 的复核事项"
        action, seen = self._request.action, self._request.versions.get(number)
        if row.resolved_at is not None:
            return "review.resolved", "现场与台账已不再有这处不同，不用再处理"
        if seen is not None and seen != row.version:
            return "review.changed", f"这一项已有变化，现在是“{STATE_TITLES[State(row.state)]}”，请看过再决定"
        if holder:
            return "review.locked", f"{holder} 正在处理这一项"
        if not may(self._standing(row), self._step(row)):
            return "review.transition", f"“{STATE_TITLES[State(row.state)]}”的事项不能{ACTION_TITLES[action]}"
        if row.blocked and action in {Action.CONFIRM, Action.CORRECT}:
            return "review.blocked", f"有未处理的错误：{row.blocked}"
        return permits.objection(row, action, self._person, self._permitted, self._holders)

    def _needs(self, row: Any) -> Needs:
        return self._book.matters[Kind(row.kind)].needs

    def _standing(self, row: Any) -> Standing:
        return Standing(State(row.state), State(row.previous) if row.previous else None, self._needs(row))

    def _step(self, row: Any) -> Action:
        """Confirming what needs neither stage is letting it pass by the rule."""
        plain = self._request.action is Action.CONFIRM and row.state == State.PREPARING
        return Action.WAIVE if plain else self._request.action

    def _move(self, row: Any) -> None:
        step = self._step(row)
        goal = moved(self._standing(row), step)
        given = self._given(row) if step is Action.CORRECT else {}
        values: dict[str, Any] = {"state": str(goal), "at": self._moment, "moves": row.moves + 1, **self._decision(row, step, goal, given)}
        if goal is State.CONFIRMED:
            accepted = self._accepted(row, given)
            self._applying.apply(accepted)
            values |= {"applied": self._write.entry_id, "effect": "[]"}
        elif step is Action.REVOKE and row.state == State.CONFIRMED:
            take_back(self._write, row.effect)
            values |= {"applied": None, "effect": ""}
        self._changes.append((row, values))
        why = self._book.matters[Kind(row.kind)].waived["marketing"] if step is Action.WAIVE else self._reason(row)
        how = _RULE if step is Action.WAIVE else self._request.how
        packed = json.dumps(given, ensure_ascii=False)
        self._log.append((row.id, row.round, row.state, str(step), self._person, self._moment, how, why, packed))
        self._done.moved.append((row, goal))

    def _reason(self, row: Any) -> str:
        return self._request.said(row.id).reason.strip()

    def _decision(self, row: Any, step: Action, goal: State, given: Mapping[str, str]) -> dict[str, Any]:
        """What the step says about the stages, returns and holds."""
        if step in {Action.CONFIRM, Action.CORRECT}:
            accepted = {**json.loads(row.accepted), **given}
            said = {row.state: str(step), f"{row.state}_by": self._person, f"{row.state}_at": self._moment}
            said[f"{row.state}_why"] = self._reason(row)
            return {**self._waived(row, goal, said), "accepted": json.dumps(accepted, ensure_ascii=False)}
        if step is Action.WAIVE:
            return self._waived(row, goal, {})
        if step is Action.RETURN:
            limit = self._book.return_limit
            to = permits.addressee_of(self._request.addressee, row.returns, limit)
            return {"previous": row.state, "reason": self._reason(row), "addressee": to, "returns": row.returns + 1}
        if step is Action.HOLD:
            return {"previous": row.state, "reason": self._reason(row), "until": self._request.until}
        return self._again(row, goal, step)

    def _again(self, row: Any, goal: State, step: Action) -> dict[str, Any]:
        """Back to an earlier stage: its decision, and those after it, count no more."""
        nothing = {"previous": "", "reason": "", "addressee": "", "until": ""}
        if row.state == State.RETURNED and step is Action.RESUME:
            return {name: value for name, value in CLEAR.items() if name not in {"applied", "effect"}}
        if row.state == State.RETURNED:
            return {**nothing, "returns": row.returns - 1}
        if row.state == State.HELD:
            return nothing
        stages = ("marketing", "operations") if goal in {State.MARKETING, State.PREPARING} else ("operations",)
        cleared = {f"{stage}{part}": "" for stage in stages for part in ("", "_by", "_at", "_why")}
        kept = {} if stages == ("operations",) else {"accepted": "{}"}
        return {**nothing, **cleared, **kept}

    def _waived(self, row: Any, goal: State, said: dict[str, Any]) -> dict[str, Any]:
        """``said`` with the stages that the rule passes on the way to ``goal``."""
        matter = self._book.matters[Kind(row.kind)]
        passed = ("marketing",) if goal is State.OPERATIONS else ("marketing", "operations")
        for stage in passed:
            if matter.waived[stage] and stage not in said and not getattr(row, stage):
                said |= {stage: _RULE, f"{stage}_at": self._moment, f"{stage}_why": matter.waived[stage]}
        return said

    def _given(self, row: Any) -> dict[str, str]:
        """The corrected values by place, checked like cells at the desk.

        Raises:
            RefusedError: ``review.value``.
        """
        places = [place for place, *_ in json.loads(row.sides)]
        given: dict[str, str] = {}
        for name, text in self._request.said(row.id).values.items():
            place = next((place for place in places if name in {place, place.partition(".")[2]}), None)
            if place is None:
                place = self._extra(row, name)
            given[place] = self._value(place, text)
        return given

    def _extra(self, row: Any, name: str) -> str:
        """A value that the field did not give: a field of the thing itself, or of what belongs to a new account."""
        place = name if "." in name else f"{row.entity}.{name}"
        entity, _, field_name = place.partition(".")
        belongs = {row.entity} | ({"metering_point", "meter", "customer"} if row.entity == "customer" else set())
        if entity not in belongs or field_name not in self._ws.dictionary.entities[entity].fields:
            raise RefusedError("review.value", f"这一项没有“{name}”可改", "请写字段名，如 area_no，或 对象.字段")
        return place

    def _value(self, place: str, text: str) -> str:
        if (place, text) not in self._checked_values:
            entity, _, name = place.partition(".")
            self._checked_values[place, text] = self._check(entity, name, text)
        value, why = self._checked_values[place, text]
        if why:
            raise RefusedError("review.value", why, "请改正后再通过")
        return value

    def _check_ahead(self) -> None:
        """What is said of single items, field by field: one value after the other ten thousand take a quarter of a minute."""
        said = {place: dict[str, None]() for each in self._request.singly.values() for place in each.values}
        for each in self._request.singly.values():
            for place, text in each.values.items():
                said[place][text] = None
        for place, texts in said.items():
            field_of = self._ws.dictionary.find(place)
            if field_of is not None and field_of.name != self._ws.dictionary.key(field_of.entity):
                checked = check_edits(self._ws, field_of.entity, [Edit(0, field_of.name, text) for text in texts])
                self._checked_values |= {(place, each.edit.text): _outcome(each) for each in checked}

    def _check(self, entity: str, name: str, text: str) -> tuple[str, str]:
        if name == self._ws.dictionary.key(entity):
            return text.strip(), "" if text.strip() else "编号不能为空"
        (checked,) = check_edits(self._ws, entity, [Edit(0, name, text)])
        return _outcome(checked)

    def _accepted(self, row: Any, given: Mapping[str, str]) -> Accepted:
        corrected = {**json.loads(row.accepted), **given}
        values = {place: value for place, _, value in json.loads(row.sides)} | corrected
        return Accepted(
            row.id, Kind(row.kind), row.entity, row.key, values, frozenset(corrected), (row.sheet_id, row.sheet_row),
            self._write.entry_id, self._moment[:10],
        )  # fmt: skip
