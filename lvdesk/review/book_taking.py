"""The rows of a filled review workbook on their way in: sorted out, decided in the name of the person each names, told what was not."""

import json
from collections.abc import Collection, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

from sqlalchemy import select

from lvdesk.kit.errors import Cancelled, ConflictError, KnownError, LVDeskError, RefusedError
from lvdesk.kit.progress import Progress
from lvdesk.network.batches import table_of
from lvdesk.network.changed import Changed
from lvdesk.network.reviews import ReviewDecision, ReviewItem
from lvdesk.review.book_reading import BookRow, parsed
from lvdesk.review.book_sheet import OFFERED, ROUND, SEAL, seal
from lvdesk.review.deciding import decide
from lvdesk.review.model import ACTION_TITLES, Action, Decided, Refused, Request, Said
from lvdesk.security import people
from lvdesk.store.bulk import among
from lvdesk.workspace import Workspace

_ITEM: Final = table_of(ReviewItem).c
_DECISION: Final = table_of(ReviewDecision).c
_ACTIONS: Final = {ACTION_TITLES[action]: action for action in OFFERED}
_BACK: Final = {Action.REVOKE, Action.RESUME, Action.RENEW}
BOOK: Final = "book"
"""``how`` of its decisions."""
_ORIGIN: Final = "（据 "


class RowRefused(NamedTuple):
    """A filled row that was not decided: its number in the file, the item (0 unknown), stable code and why."""

    row: int
    id: int
    code: str
    why: str


@dataclass(frozen=True)
class BookTaken:
    """What a filled workbook did.

    Attributes:
        rows: that speak of an item.
        decided: how many items moved.
        unchanged: rows that say nothing new: no decision, or the same a second time.
        refused: filled rows that were not taken, in the order of the file.
        entries: of history, one per person and decision.
    """

    rows: int
    decided: int
    unchanged: int
    refused: tuple[RowRefused, ...]
    entries: tuple[int, ...]
    changed: Changed


@dataclass
class _Filled:
    """A row that may be decided."""

    row: BookRow
    values: Mapping[str, str] = field(default_factory=dict)

    @property
    def said(self) -> tuple[object, ...]:
        """What must be the same when another row speaks of the same item."""
        return self.row.person, self.row.decision, tuple(sorted(self.values.items())), self.row.reason

    def told(self, step: Any) -> bool:
        """Whether a stored decision says the same of the same round."""
        given = json.loads(step.given)
        same = all(given.get(place) == text for place, text in self.values.items())
        return same and str(step.round) == self.row.cells.get(ROUND, "").strip() and step.reason.startswith(self.row.reason)


class Taking:
    """One workbook on its way in."""

    def __init__(self, ws: Workspace, file: str, rows: Sequence[BookRow]) -> None:
        self._ws, self._file = ws, file
        self._sheets = len({row.sheet for row in rows}) > 1
        self._known = self._items([row.item for row in rows if row.item])
        self._people = {each.name: each for each in people.people(ws.store, ws.overrides)}
        mine = people.actions(ws.store, ws.overrides)
        self._may_stand_in = not mine.isdisjoint({"people.manage", "review.prepare"})
        self._refused: list[RowRefused] = []
        self._unchanged = self._decided = 0
        self._entries: list[int] = []
        self._changed = Changed.NOTHING

    def _items(self, ids: Sequence[int]) -> dict[int, tuple[str, str]]:
        """Identity and entity of the items that are there."""
        with self._ws.store.read() as connection:
            query = select(_ITEM.id, _ITEM.identity, _ITEM.entity).where(among(connection, _ITEM.id, sorted(set(ids))))
            return {row.id: (row.identity, row.entity) for row in connection.execute(query)}

    def groups(self, rows: Sequence[BookRow]) -> dict[tuple[str, Action], list[_Filled]]:
        """The rows that may be decided, by person and decision; the others are counted or refused."""
        filled: dict[int, list[_Filled]] = {}
        for row in rows:
            if not (row.decision or row.values or row.reason):
                self._unchanged += 1
            elif why := self._why_not(row):
                self._refuse(row, *why)
            else:
                try:
                    values = parsed(row.values, self._known[row.item][1], self._ws.dictionary)
                except ValueError as error:
                    self._refuse(row, "review.value", f"“{error}”应写成 字段=值，如 用户名称=张三")
                else:
                    filled.setdefault(row.item, []).append(_Filled(row, values))
        groups: dict[tuple[str, Action], list[_Filled]] = {}
        for alike in filled.values():
            first = alike[0]
            if any(other.said != first.said for other in alike):
                numbers = "、".join(str(other.row.row) for other in alike)
                for other in alike:
                    self._refuse(other.row, "review.twice", f"第 {numbers} 行说的是同一项，决定却不一样")
                continue
            self._unchanged += len(alike) - 1
            groups.setdefault((first.row.person, _ACTIONS[first.row.decision]), []).append(first)
        return groups

    def _why_not(self, row: BookRow) -> tuple[str, str] | None:
        """What is wrong with the row itself; whether the person may decide so is decided where all decisions are."""
        if row.item not in self._known:
            return "review.unknown", f"没有编号为 {row.item} 的复核事项" if row.item else "看不出这一行是哪一项"
        if seal(row.cells, self._known[row.item][0]) != row.cells.get(SEAL, "").strip():
            return "review.altered", "编号、对象、台账或现场与导出时不一致：改动过、只排序了部分列，或不是本工作区的清单。请重新导出"
        if row.decision not in _ACTIONS:
            said = f"没有“{row.decision}”这种决定" if row.decision else "填了“改为”或“原因”，没有选“决定”"
            return "review.decision", f"{said}，可用的有：{'、'.join(_ACTIONS)}"
        action = _ACTIONS[row.decision]
        if bool(row.values) != (action is Action.CORRECT):
            return "review.value", "“改后通过”没有写改成什么" if action is Action.CORRECT else f"填了“改为”，决定却是“{row.decision}”"
        if action is Action.RETURN and not row.reason:
            return "review.reason", "退回需要写明原因"
        return self._stranger(row.person)

    def _stranger(self, name: str) -> tuple[str, str] | None:
        """Why nobody may decide here in this name."""
        if not name:
            return "review.person", "没有填写确认人"
        profile = self._people.get(name)
        if profile is None:
            return "people.unknown", f"没有登记人员“{name}”"
        if not profile.active:
            return "people.left", f"{name} 已离岗"
        if profile.has_pin and name != self._ws.person and not self._may_stand_in:
            return "people.pin", f"{name} 设有口令，须由本人或内勤取回"
        return None

    def decide(self, person: str, action: Action, group: Sequence[_Filled], progress: Progress) -> None:
        """One person's decisions of one kind."""
        by_item = {each.row.item: each for each in group}
        versions = {number: each.row.version for number, each in by_item.items()}
        singly = {number: Said(each.values, self._reason(each.row)) for number, each in by_item.items()}
        request = Request(tuple(by_item), action, versions=versions, how=BOOK, singly=singly)
        try:
            done = _decided(_in_name_of(self._ws, person), request, progress)
        except (RefusedError, ConflictError) as error:
            self._refuse_all(group, error)
            return
        except Cancelled:
            if not self._entries:
                raise
            self._refuse_all(group, KnownError("cancelled", "已取消，这一行没有处理"))
            return
        self._decided += len(done.done)
        self._changed |= done.changed
        if done.entry_id:
            self._entries.append(done.entry_id)
        before = self._taken_before(person, action, by_item, done.refused)
        self._unchanged += len(before)
        for each in done.refused:
            if each.id not in before:
                self._refuse(by_item[each.id].row, each.code, each.why)

    def _taken_before(self, person: str, action: Action, group: Mapping[int, "_Filled"], refused: Sequence[Refused]) -> Collection[int]:
        """Items that this very decision moved already, when the same workbook comes a second time with more rows filled."""
        numbers = [each.id for each in refused if each.code == "review.changed"]
        found: dict[int, bool] = {}
        with self._ws.store.read() as connection:
            query = select(table_of(ReviewDecision)).where(among(connection, _DECISION.item, numbers)).order_by(_DECISION.id)
            for step in connection.execute(query) if numbers else ():
                if (step.person, step.decision, step.how) == (person, action, BOOK) and group[step.item].told(step):
                    found[step.item] = True
                elif step.decision in _BACK:
                    found[step.item] = False
        return {number for number, still in found.items() if still}

    def _reason(self, row: BookRow) -> str:
        """What the row says, and where that is written."""
        sheet = f"“{row.sheet}”" if self._sheets else ""
        entered = "" if row.person == self._ws.person else f"，{self._ws.person} 代录"
        origin = f"{self._file}{sheet or ' '}第 {row.row} 行{entered}"
        return f"{row.reason}{_ORIGIN}{origin}）" if row.reason else f"据 {origin}"

    def _refuse(self, row: BookRow, code: str, why: str) -> None:
        self._refused.append(RowRefused(row.row, row.item, code, why))

    def _refuse_all(self, group: Sequence[_Filled], error: LVDeskError) -> None:
        for each in group:
            self._refuse(each.row, error.code, error.message)

    def result(self, rows: int, changed: Changed) -> BookTaken:
        """Everything taken so far."""
        refused = tuple(sorted(self._refused))
        return BookTaken(rows, self._decided, self._unchanged, refused, tuple(self._entries), changed | self._changed)


def own_words(reason: str) -> str:
    """A reason from a workbook without where it stood."""
    return reason.rpartition(_ORIGIN)[0] or reason


def _in_name_of(ws: Workspace, person: str) -> Workspace:
    """The same workspace with somebody else at the desk; the window's own stays as it is, also for what it does meanwhile."""
    other = copy(ws)
    other.store = copy(ws.store)
    other.store.person = person
    return other


def _decided(ws: Workspace, request: Request, progress: Progress) -> Decided:
    """Decides; when somebody else changed an item at that very moment once more, and that item is told."""
    try:
        return decide(ws, request, progress)
    except ConflictError:
        return decide(ws, request, progress)
