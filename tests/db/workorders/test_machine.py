"""Random people do random things to orders: none without a responsible person, none closed without evidence, no task lost."""

from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from lvdesk.kit.errors import RefusedError
from lvdesk.workorders.creating import NewOrder, create, merge
from lvdesk.workorders.model import TRANSITIONS, Action, Request, State
from lvdesk.workorders.moving import act, finish_task, missing, prove
from lvdesk.workorders.reading import Order, Scope, orders
from lvdesk.workorders.types import load_orders
from lvdesk.workspace import Workspace
from tests.helpers.grids import NAMES, organised, with_areas

KINDS = ("repair", "data_check", "complaint", "meter_check")
REASONS = ("等待物资", "说不清", "")


class Orders(RuleBasedStateMachine):
    """A desk of its own with a clock that goes on."""

    @initialize()
    def open_desk(self) -> None:
        self.folder = TemporaryDirectory()
        self.now = datetime.fromisoformat("2026-11-24T09:00:00+08:00")
        self.ws = Workspace.open(Path(self.folder.name) / "ws", person="钱内勤", clock=lambda: self.now)
        self.areas = with_areas(self.ws)
        organised(self.ws, Path(self.folder.name))
        self.tasks = 0

    def teardown(self) -> None:
        if hasattr(self, "ws"):
            self.ws.close()
            self.folder.cleanup()

    def all(self) -> list[Order]:
        return orders(self.ws, Scope())

    @rule(kind=st.sampled_from(KINDS), area=st.integers(0, 11), tasks=st.integers(1, 3))
    def comes_in(self, kind: str, area: int, tasks: int) -> None:
        wanted = NewOrder(kind, "来单", "transformer_area", self.areas[area], tasks=tuple(("核实", f"第{n}项") for n in range(tasks)))
        create(self.ws, [wanted])
        self.tasks += tasks

    @rule(pick=st.integers(0, 50), action=st.sampled_from(sorted(TRANSITIONS)), name=st.sampled_from(["", *NAMES]),
          reason=st.sampled_from(REASONS), satisfaction=st.sampled_from(["满意", ""]), minutes=st.integers(0, 3000))  # fmt: skip
    def happens(self, pick: int, action: Action, name: str, reason: str, satisfaction: str, minutes: int) -> None:
        found = self.all()
        self.now += timedelta(minutes=minutes)
        if not found or action in {Action.TASK, Action.PROVE, Action.MERGE}:
            return
        with suppress(RefusedError):
            act(self.ws, [found[pick % len(found)].order_no], Request(action, name, reason, satisfaction=satisfaction))

    @rule(pick=st.integers(0, 50), position=st.integers(1, 4))
    def does_a_task(self, pick: int, position: int) -> None:
        found = self.all()
        if found:
            with suppress(RefusedError):
                finish_task(self.ws, found[pick % len(found)].order_no, position)

    @rule(pick=st.integers(0, 50), kind=st.sampled_from(["photo", "note", "test"]))
    def proves(self, pick: int, kind: str) -> None:
        found = self.all()
        if found:
            with suppress(RefusedError):
                prove(self.ws, found[pick % len(found)].order_no, kind, "看过")

    @rule(one=st.integers(0, 50), two=st.integers(0, 50))
    def merges(self, one: int, two: int) -> None:
        found = self.all()
        if found:
            with suppress(RefusedError):
                merge(self.ws, found[one % len(found)].order_no, [found[two % len(found)].order_no])

    @invariant()
    def nothing_is_lost_and_nothing_closes_by_itself(self) -> None:
        if not hasattr(self, "ws"):
            return
        book, found = load_orders(None), self.all()
        assert sum(len(each.tasks) for each in found) == self.tasks
        for each in found:
            assert each.responsible
            assert each.events[-1].state == each.state or each.events[-1].action in {"task", "prove"}
            assert [event.at for event in each.events] == sorted(event.at for event in each.events)
            assert each.visits == sum(event.action == Action.ARRIVE for event in each.events)
            if each.state in {State.CHECKING, State.ARCHIVED}:
                assert not missing(book, each)


TestOrders = Orders.TestCase
TestOrders.settings = settings(max_examples=12, stateful_step_count=30, deadline=None)
