"""Several people in several windows, returns again and again, undo, a program that dies: played at random over a real workspace."""

import atexit
import json
import shutil
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory, mkdtemp
from typing import Any, Final

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule, run_state_machine_as_test
from sqlalchemy import select

from lvdesk import history
from lvdesk.kit.errors import LVDeskError
from lvdesk.kit.progress import Progress
from lvdesk.network.batches import table_of
from lvdesk.network.editing import Edit, edit
from lvdesk.network.reviews import ReviewDecision, ReviewItem, ReviewLock
from lvdesk.network.tables import TABLES
from lvdesk.review import permits
from lvdesk.review.deciding import decide
from lvdesk.review.gathering import refresh
from lvdesk.review.locking import open_item
from lvdesk.review.matters import Book, load_book
from lvdesk.review.model import DECISIONS, Action, Kind, Request, State
from lvdesk.security.people import actions
from lvdesk.store.tables import journal
from lvdesk.store.write import Write
from lvdesk.workspace import Workspace
from tests.helpers import reviewing
from tests.helpers.returning import results, returned
from tests.helpers.review_replay import BEGINNING, Replayed, replayed
from tests.helpers.reviewing import BOTH, CLERK, LEADER, MARKETING, MARKETING_2, OPERATIONS, OPERATIONS_2, row
from tests.helpers.stations import NearReader, barcode
from tests.helpers.visiting import EAST

ITEM, DECISION, LOCK = table_of(ReviewItem), table_of(ReviewDecision), table_of(ReviewLock)
DONE: Final = {State.CONFIRMED, State.EXPORTED, State.RECEIPTED, State.AGREED, State.ARCHIVED}
_PEOPLE: Final = (MARKETING, MARKETING_2, OPERATIONS, OPERATIONS_2, BOTH, CLERK, LEADER)
_ROLE: Final = {"marketing": "review.marketing", "operations": "review.operations"}
_TEAMS: Final = {
    State.PREPARING: (CLERK,), State.MARKETING: (MARKETING, BOTH, CLERK, MARKETING_2),
    State.OPERATIONS: (OPERATIONS, BOTH, CLERK, OPERATIONS_2),
    State.RETURNED: (CLERK, LEADER), State.CONFIRMED: (OPERATIONS, MARKETING, CLERK), State.HELD: (MARKETING, OPERATIONS, CLERK),
}  # fmt: skip
_TURNS: Final = tuple(
    (state, action)
    for state, words in {
        State.PREPARING: "confirm hold", State.MARKETING: "confirm confirm correct return hold",
        State.OPERATIONS: "confirm confirm correct return revoke", State.RETURNED: "resume revoke", State.CONFIRMED: "revoke",
        State.HELD: "resume revoke",
    }.items() for action in map(Action, words.split())
)  # fmt: skip
_TURN = st.tuples(st.sampled_from(_TURNS), st.integers(0, 3), st.sampled_from([1, 3, 9]))
_WINDOWS = st.integers(0, 2)
_FILES: Final = 2
"""Returns of one example: each takes as long as fifty decisions."""
_NEW: Final = {"核对结论": "实有账无", "台区编号": EAST, "挂接设备类型": "墙支架", "挂接设备名称": "东村3号"}
_ANSWERS: Final = (
    (row(2, 1, 用户名称="赵六"),),
    (row(2, 1, 用户名称="钱七", 采录人=MARKETING),),
    (row(8, 5, 电能表条码=barcode("01", 908), 采录人=BOTH, **_NEW),),
    (row(8, 5, 用户名称="周八", 电能表条码=barcode("01", 908), **_NEW),),
    (row(5, 4, 台区编号=EAST, 挂接设备类型="低压杆塔", 挂接设备名称="东村9号杆"),),
)
"""What the field may say next: the same as before by others, and other things."""
_EDITS: Final = (
    ("customer", "name", "手改"), ("customer", "status", "正常用电客户"), ("meter", "box_no", ""), ("metering_point", "area_no", EAST),
)  # fmt: skip

REACHED: Final = Counter[str]()
"""What the examples of this process came to, so that nobody takes an idle machine for a proof."""


class _Death(Exception):  # noqa: N818 - the program dies, nobody made an error
    """The program dies in the middle of a write."""


def settled(examples: int, steps: int) -> settings:
    """The same examples every time."""
    return settings(
        max_examples=examples, stateful_step_count=steps, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True,
        database=None, phases=[Phase.generate],
    )  # fmt: skip


@contextmanager
def _near() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("lvdesk.ledger.importing.Reader", NearReader)
        yield


@contextmanager
def _deadly() -> Iterator[None]:
    """Every write dies when it has changed the items and is about to keep what was decided."""
    insert: Callable[..., range] = Write.insert

    def dying(write: Write, table: Any, *rest: Any, **more: Any) -> range:
        if table is DECISION:
            raise _Death
        return insert(write, table, *rest, **more)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Write, "insert", dying)
        yield


@cache
def _stocked() -> Path:
    """The small station with its people and a queue, made once."""
    folder = Path(mkdtemp(prefix="lvdesk-review-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    ws = Workspace.open(folder / "station", person=CLERK)
    with _near():
        reviewing.queued(ws, folder)
    ws.close()
    return folder / "station"


class Machine(RuleBasedStateMachine):
    """Plays everybody.

    The model: which decisions were told to be stored, what the field said when they were taken, and which items there were.
    """

    def __init__(self) -> None:
        super().__init__()
        self._place = TemporaryDirectory(prefix="lvdesk-review-")
        self._folder = Path(self._place.name)
        shutil.copytree(_stocked(), self._folder / "station")
        self._windows = [self._open() for _ in range(3)]
        self._seen: list[dict[int, int]] = [{}, {}, {}]
        self._told: dict[int, set[int]] = {}
        self._said: dict[int, str] = {}
        self._ids: set[int] = set()
        self._files: list[Path] = []
        self._again = False
        self._book: Book = load_book(None)

    def _open(self) -> Workspace:
        ws = Workspace.open(self._folder / "station", person=CLERK)
        ws.clock = reviewing.morning
        return ws

    def _rows(self, table: Any) -> list[Any]:
        with self._windows[0].store.read() as connection:
            return list(connection.execute(select(table).order_by(table.c.id)))

    def _ledger(self) -> list[Any]:
        return [self._rows(TABLES[entity]) for entity in ("customer", "metering_point", "meter", "meter_box")]

    # --- what people do ------------------------------------------------------

    @initialize(turns=st.lists(_TURN, min_size=4, max_size=8))
    def has_begun(self, turns: list[tuple[tuple[State, Action], int, int]]) -> None:
        """No play begins with a queue that nobody has touched."""
        self._work(0, turns)

    @rule(window=_WINDOWS)
    def look(self, window: int) -> None:
        refresh(self._windows[window], Progress())
        self._seen[window] = {item.id: item.version for item in self._rows(ITEM)}

    @rule(window=_WINDOWS, place=st.integers(0, 12))
    def opens(self, window: int, place: int) -> None:
        items = self._rows(ITEM)
        open_item(self._windows[window], items[place % len(items)].id, str(window))

    @rule(
        window=_WINDOWS, who=st.sampled_from(_PEOPLE), action=st.sampled_from(DECISIONS),
        picked=st.lists(st.integers(0, 12), min_size=1, max_size=6, unique=True), seen=st.booleans(),
    )  # fmt: skip
    def decides(self, window: int, who: str, action: Action, picked: list[int], seen: bool) -> None:
        items = self._rows(ITEM)
        self._decide(window, who, action, [items[place] for place in picked if place < len(items)], seen)

    @rule(window=_WINDOWS, turns=st.lists(_TURN, min_size=1, max_size=4))
    def works(self, window: int, turns: list[tuple[tuple[State, Action], int, int]]) -> None:
        """People of the teams, and a clerk who may not, do what can be done in a state, one after the other."""
        self._work(window, turns)

    def _work(self, window: int, turns: list[tuple[tuple[State, Action], int, int]]) -> None:
        for (state, action), who, most in turns:
            team = _TEAMS[state]
            chosen = [item for item in self._rows(ITEM) if item.state == state]
            self._decide(window, team[who % len(team)], action, chosen[:most], seen=False)
            self.nothing_is_confirmed_past_a_stage()

    def _decide(self, window: int, who: str, action: Action, chosen: Sequence[Any], seen: bool) -> None:
        ws = self._windows[window]
        versions = {item.id: self._seen[window].get(item.id, 0) for item in chosen} if seen else {}
        values = {"name": "孙九"} if action is Action.CORRECT else {}
        request = Request(tuple(item.id for item in chosen), action, values, "原因", versions=versions, session=str(window))
        locked = {lock.item for lock in self._rows(LOCK) if lock.session != str(window)}
        known = {each.id for each in self._rows(DECISION)}
        ledger = self._ledger()
        ws.store.person = who
        try:
            done = decide(ws, request, Progress())
        except LVDeskError:
            return
        finally:
            ws.store.person = CLERK
        fresh = [each for each in self._rows(DECISION) if each.id not in known]
        before = {item.id: item for item in chosen}
        assert done.done or self._ledger() == ledger, "a refused decision changed the ledger"
        assert sorted(each.item for each in fresh) == sorted(done.done), "what was told is not what was stored"
        assert locked.isdisjoint(done.done), "decided what somebody else has open"
        assert all(versions.get(number, before[number].version) == before[number].version for number in done.done), "decided unseen"
        if done.entry_id:
            self._told[done.entry_id] = {each.id for each in fresh}
        self._said |= {each.id: before[each.item].digest for each in fresh}
        REACHED.update(f"{before[number].state} {action}" for number in done.done)

    @rule(window=_WINDOWS, again=st.booleans())
    def takes_back(self, window: int, again: bool) -> None:
        with suppress(LVDeskError):
            (history.redo if again else history.undo)(self._windows[window])
            REACHED["redo" if again else "undo"] += 1

    @precondition(lambda self: self._told)
    @rule(window=_WINDOWS, data=st.data())
    def takes_back_an_older_decision(self, window: int, data: st.DataObject) -> None:
        with suppress(LVDeskError):
            history.undo(self._windows[window], data.draw(st.sampled_from(sorted(self._told))))
            REACHED["undo of an older one"] += 1

    @rule(window=_WINDOWS, edit_of=st.sampled_from(_EDITS), place=st.integers(0, 8))
    def edits_by_hand(self, window: int, edit_of: tuple[str, str, str], place: int) -> None:
        """A clerk changes a record in the ledger, also one that the review has changed."""
        entity, field, text = edit_of
        records = self._rows(TABLES[entity])
        with suppress(LVDeskError):
            edit(self._windows[window], entity, [Edit(records[place % len(records)].id, field, text)])
            REACHED["edited by hand"] += 1

    @precondition(lambda self: len(self._files) < _FILES)
    @rule(window=_WINDOWS, answer=st.sampled_from(_ANSWERS), looks=st.booleans())
    def returns(self, window: int, answer: tuple[dict[str, str], ...], looks: bool) -> None:
        self._files.append(results(self._folder / f"{len(self._files)}.xlsx", answer))
        with _near():
            returned(self._windows[window], self._files[-1])
        if looks:
            self.look(window)

    @precondition(lambda self: self._files and not self._again)
    @rule(window=_WINDOWS)
    def returns_the_same_again(self, window: int) -> None:
        self._again = True
        with _near():
            returned(self._windows[window], self._files[-1])

    @rule(window=_WINDOWS, who=st.sampled_from(_PEOPLE))
    def dies(self, window: int, who: str) -> None:
        """A decision that never ends: the window is gone, what it had begun with it."""
        ws, items = self._windows[window], self._rows(ITEM)
        ws.store.person = who
        with suppress(_Death, LVDeskError), _deadly():
            decide(ws, Request(tuple(item.id for item in items), Action.CONFIRM), Progress())
        ws.store.engine.dispose()
        self._windows[window] = self._open()
        assert self._rows(ITEM) == items, "half a decision stayed"

    # --- what must hold ------------------------------------------------------

    @invariant()
    def nothing_is_confirmed_past_a_stage(self) -> None:
        for item in self._rows(ITEM):
            if item.state in DONE:
                people = [by for stage in _ROLE if (by := self._confirmed_by(item, stage))]
                assert len(people) == len(set(people)), f"{item.identity} was confirmed twice by {people}"
                assert item.applied is not None, f"{item.identity} is confirmed and not applied"
                REACHED["confirmed by two"] += len(people) == len(_ROLE)

    def _confirmed_by(self, item: Any, stage: str) -> str:
        """Who confirmed a stage, "" for the rule."""
        said, by, ws = getattr(item, stage), str(getattr(item, f"{stage}_by")), self._windows[0]
        if said == "rule":
            assert self._book.matters[Kind(item.kind)].waived[stage] == getattr(item, f"{stage}_why") != ""
            return ""
        assert said in {"confirm", "correct"}, f"{item.identity}: {stage} was not decided"
        assert _ROLE[stage] in actions(ws.store, ws.overrides, by), f"{by} may not confirm {item.identity}"
        assert by not in json.loads(item.entered_by), f"{by} confirmed his own entry {item.identity}"
        return by

    @invariant()
    def items_are_where_their_decisions_led(self) -> None:
        """Replayed along the table of transitions: neither a step past it nor a decision that left no trace."""
        steps: dict[int, list[Any]] = {}
        for each in self._rows(DECISION):
            steps.setdefault(each.item, []).append(each)
        for item in self._rows(ITEM):
            found = replayed(steps.get(item.id, []), self._book.matters[Kind(item.kind)].needs)
            where = BEGINNING if found.untouched and item.state in BEGINNING else {item.state}
            assert found.state in where, f"{item.identity} is {item.state}, its decisions led to {found.state}"
            for stage, (person, _) in found.confirmed.items():
                assert getattr(item, f"{stage}_by") == person, f"{item.identity}: the {stage} decision of {person} is lost"
            if item.state in DONE:
                self._looked_at(item, found)

    def _looked_at(self, item: Any, found: Replayed) -> None:
        for stage, (person, decision) in found.confirmed.items():
            assert self._said[decision] == item.digest, f"{item.identity}: {person} ({stage}) confirmed another answer of the field"

    @invariant()
    def no_decision_is_lost(self) -> None:
        with self._windows[0].store.read() as connection:
            present = set(connection.execute(select(DECISION.c.id)).scalars())
            undone = set(connection.execute(select(journal.c.id).where(journal.c.undone_by.is_not(None))).scalars())
        for entry, decisions in self._told.items():
            assert decisions.isdisjoint(present) if entry in undone else decisions <= present, f"decisions of entry {entry} are lost"

    @invariant()
    def no_item_vanishes(self) -> None:
        present = {item.id for item in self._rows(ITEM)}
        assert self._ids <= present, "an item vanished"
        self._ids = present

    def teardown(self) -> None:
        found = history.verify(self._windows[0])
        for ws in self._windows:
            ws.close()
        self._place.cleanup()
        assert not found.problems


def played(examples: int, steps: int = 50, *, careless: bool = False) -> tuple[str, Counter[str]]:
    """Plays at length.

    Args:
        examples: how often from the beginning.
        steps: of each at most.
        careless: the control: nobody asks who may decide.

    Returns:
        The first thing that did not hold, "" when all did; and what was reached.
    """
    REACHED.clear()
    with pytest.MonkeyPatch.context() as patch:
        if careless:
            patch.setattr(permits, "objection", lambda *_given: None)
        try:
            run_state_machine_as_test(Machine, settings=settled(examples, steps))  # type: ignore[no-untyped-call]
        except AssertionError as broken:
            return (str(broken) or "AssertionError").splitlines()[0].replace("|", " "), Counter(REACHED)
    return "", Counter(REACHED)
