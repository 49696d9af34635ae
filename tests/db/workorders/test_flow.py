"""Orders on both databases: a responsible person always, the ladder, evidence, pauses, merging, opening again, undo."""

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from lvdesk import history
from lvdesk.kit.errors import RefusedError
from lvdesk.security import people
from lvdesk.workorders.creating import NewOrder, create, merge
from lvdesk.workorders.dispatching import candidates, trips
from lvdesk.workorders.model import Action, Request, State
from lvdesk.workorders.moving import act, finish_task, prove
from lvdesk.workorders.reading import Order, Scope, at_moment, order, orders
from lvdesk.workspace import Workspace
from tests.helpers.grids import NAMES, organised, with_areas


class Clock:
    """A clock that a test turns on."""

    def __init__(self) -> None:
        self.now = datetime.fromisoformat("2026-11-24T09:00:00+08:00")

    def __call__(self) -> datetime:
        return self.now

    def turn(self, text: str) -> None:
        self.now = datetime.fromisoformat(f"{text}+08:00")


@pytest.fixture
def clock(ws: Workspace) -> Clock:
    made = Clock()
    ws.clock = made
    return made


@pytest.fixture
def areas(ws: Workspace, clock: Clock, tmp_path: Path) -> list[str]:
    found = with_areas(ws)
    assert not organised(ws, tmp_path).applied.problems
    return found


def made(ws: Workspace, kind: str = "data_check", **more: Any) -> str:
    return create(ws, [NewOrder(kind, **more)]).numbers[0]


def go(ws: Workspace, number: str, *actions: Action | Request) -> Order:
    for each in actions:
        act(ws, [number], each if isinstance(each, Request) else Request(each))
    return order(ws, number)


def refused(ws: Workspace, number: str, request: Request) -> str:
    with pytest.raises(RefusedError) as raised:
        act(ws, [number], request)
    return raised.value.code


def test_the_first_responsible_is_the_areas_manager_or_who_stands_in(ws: Workspace, areas: list[str]) -> None:
    east = order(ws, made(ws, entity="transformer_area", key=areas[10]))
    assert (east.responsible, east.events[0].reason) == (NAMES[5], "台区客户经理")
    numbers = {order(ws, made(ws, entity="transformer_area", key=area)).responsible for area in areas}
    assert numbers == {NAMES[4], NAMES[5]}  # NAMES[3] is away, NAMES[4] stands in
    assert order(ws, made(ws, title="不知在哪")).responsible == NAMES[11]


def test_without_anybody_registered_who_takes_it_in_is_responsible(ws: Workspace, clock: Clock) -> None:
    assert order(ws, made(ws, title="咨询", kind="inquiry")).responsible == ws.person


def test_an_order_goes_its_whole_way_and_closes_only_with_tasks_and_evidence(
    ws: Workspace, areas: list[str], clock: Clock, tmp_path: Path
) -> None:
    number = made(ws, "repair", entity="transformer_area", key=areas[0], source="95598", tasks=(("抢修", "停电"), ("计量", "换表")))
    go(ws, number, Action.ACCEPT, Action.DISPATCH, Action.TAKE)
    clock.turn("2026-11-24T09:30:00")
    go(ws, number, Action.ARRIVE, Action.WORK)
    assert refused(ws, number, Request(Action.FINISH)) == "orders.lacking"
    finish_task(ws, number, 1)
    finish_task(ws, number, 2, "已换")
    (tmp_path / "p.jpg").write_bytes(b"picture")
    prove(ws, number, "photo", path=tmp_path / "p.jpg")
    assert refused(ws, number, Request(Action.FINISH)) == "orders.lacking"
    prove(ws, number, "处理说明", "熔丝更换")
    assert go(ws, number, Action.FINISH).state is State.CHECKING
    assert refused(ws, number, Request(Action.ARCHIVE)) == "orders.callback"
    done = go(ws, number, Request(Action.ARCHIVE, satisfaction="满意"))
    assert (done.state, done.visits, done.late, done.satisfaction) == (State.ARCHIVED, 1, False, "满意")
    history.undo(ws)
    assert order(ws, number).state is State.CHECKING
    assert [event.action for event in order(ws, number).events][-1] == "finish"


def test_the_ladder_goes_to_the_leader_the_inner_team_and_is_recorded(ws: Workspace, areas: list[str]) -> None:
    number = made(ws, entity="transformer_area", key=areas[10])
    go(ws, number, Action.DISPATCH, Action.TAKE)
    assert refused(ws, number, Request(Action.ESCALATE)) == "orders.reason"
    one = go(ws, number, Request(Action.ESCALATE, reason="一个人做不了"))
    assert (one.level, one.responsible) == (1, NAMES[2])
    two = go(ws, number, Request(Action.ESCALATE, reason="要跨网格"))
    assert (two.level, two.responsible) == (2, NAMES[11])
    assert refused(ws, number, Request(Action.ESCALATE, reason="再上一级")) == "orders.ladder"
    urged = go(ws, number, Request(Action.URGE, reason="客户催办"))
    assert urged.urgent
    assert [(event.action, event.level) for event in urged.events if event.action in {"escalate", "urge"}] == [
        ("escalate", 1), ("escalate", 2), ("urge", 2),
    ]  # fmt: skip


def test_a_leader_adds_members_of_his_grid_and_the_inner_team_everybody(ws: Workspace, areas: list[str]) -> None:
    number = made(ws, entity="transformer_area", key=areas[10])
    go(ws, number, Action.DISPATCH)
    people.register(ws.store, ws.overrides, "管理", ["admin"])
    ws.store.person = "管理"
    people.register(ws.store, ws.overrides, NAMES[2], ["grid_leader"])
    people.register(ws.store, ws.overrides, NAMES[11], ["clerk"])
    people.register(ws.store, ws.overrides, NAMES[6], ["customer_manager"])
    ws.store.person = NAMES[2]
    assert refused(ws, number, Request(Action.HELP, NAMES[6])) == "people.not_allowed"
    assert go(ws, number, Request(Action.HELP, NAMES[5])).helpers == (NAMES[5],)
    ws.store.person = NAMES[11]
    assert go(ws, number, Request(Action.HELP, f"{NAMES[6]}、光明电力工程公司")).helpers == (NAMES[5], NAMES[6], "光明电力工程公司")
    ws.store.person = "路过"
    people_of_it = order(ws, number)
    assert NAMES[6] in people_of_it.helpers
    ws.store.person = NAMES[6]
    assert go(ws, number, Action.TAKE).state is State.TAKEN


def test_whose_order_it_is_not_does_not_move_it(ws: Workspace, areas: list[str]) -> None:
    number = made(ws, entity="transformer_area", key=areas[10])
    go(ws, number, Action.DISPATCH)
    people.register(ws.store, ws.overrides, "管理", ["admin"])
    ws.store.person = "管理"
    people.register(ws.store, ws.overrides, NAMES[7], ["customer_manager"])
    ws.store.person = NAMES[7]
    assert refused(ws, number, Request(Action.TAKE)) == "orders.not_yours"
    assert refused(ws, number, Request(Action.TRANSFER, NAMES[7], "给我")) == "people.not_allowed"


def test_outages_of_one_area_become_one_order_with_all_tasks(ws: Workspace, areas: list[str], clock: Clock) -> None:
    first = made(ws, "repair", entity="transformer_area", key=areas[0])
    again = create(ws, [NewOrder("repair", "又报停电", "transformer_area", areas[0], source="95598")])
    other = create(ws, [NewOrder("repair", entity="transformer_area", key=areas[5])])
    assert dict(again.merged) == {again.numbers[0]: first}
    assert not other.merged
    assert [task.what for task in order(ws, first).tasks][1:] == ["又报停电"]
    assert order(ws, again.numbers[0]).state is State.MERGED
    merge(ws, first, [other.numbers[0]])
    assert len(order(ws, first).tasks) == 3
    clock.turn("2026-11-26T09:00:00")
    assert not create(ws, [NewOrder("repair", entity="transformer_area", key=areas[0])]).merged


def test_a_pause_needs_a_known_reason_and_gives_the_state_back(ws: Workspace, areas: list[str]) -> None:
    number = made(ws, entity="transformer_area", key=areas[0])
    go(ws, number, Action.DISPATCH, Action.TAKE)
    assert refused(ws, number, Request(Action.SUSPEND, reason="不想做")) == "orders.reason"
    assert go(ws, number, Request(Action.SUSPEND, reason="等待物资")).held is State.TAKEN
    assert go(ws, number, Action.RESUME).state is State.TAKEN


def test_what_was_archived_and_comes_back_counts_as_opened_again(ws: Workspace, areas: list[str], tmp_path: Path) -> None:
    number = made(ws, entity="transformer_area", key=areas[0])
    go(ws, number, Action.DISPATCH, Action.TAKE, Action.ARRIVE)
    finish_task(ws, number, 1)
    (tmp_path / "p.jpg").write_bytes(b"x")
    prove(ws, number, "photo", path=tmp_path / "p.jpg")
    back = go(ws, number, Action.FINISH, Action.ARCHIVE, Request(Action.REOPEN, reason="又坏了"))
    assert (back.state, back.reopened) == (State.WAITING, 1)


def test_an_order_stands_at_a_past_moment_as_it_did(ws: Workspace, areas: list[str], clock: Clock) -> None:
    number = made(ws, entity="transformer_area", key=areas[10])
    clock.turn("2026-11-24T10:00:00")
    go(ws, number, Action.DISPATCH)
    clock.turn("2026-11-24T11:00:00")
    now = go(ws, number, Request(Action.TRANSFER, NAMES[8], "休息"))
    early = at_moment(now, datetime.fromisoformat("2026-11-24T10:30:00+08:00"), ws)
    assert early is not None
    assert (early.state, early.responsible) == (State.DISPATCHED, NAMES[5])
    assert now.responsible == NAMES[8]
    assert at_moment(now, datetime.fromisoformat("2026-11-24T08:00:00+08:00"), ws) is None


def test_many_move_in_one_step_and_those_that_cannot_are_told(ws: Workspace, areas: list[str]) -> None:
    numbers = [made(ws, entity="transformer_area", key=area) for area in areas[:3]]
    go(ws, numbers[0], Action.DISPATCH)
    acted = act(ws, numbers, Request(Action.ACCEPT))
    assert acted.done == tuple(numbers[1:])
    assert "不能确认受理" in acted.refused[numbers[0]]
    history.undo(ws)
    assert {order(ws, number).state for number in numbers[1:]} == {State.PENDING}


def test_paper_told_times_lie_between_the_last_step_and_now(ws: Workspace, areas: list[str], clock: Clock) -> None:
    number = made(ws, entity="transformer_area", key=areas[0])
    go(ws, number, Action.DISPATCH)
    clock.turn("2026-11-24T15:00:00")
    assert refused(ws, number, Request(Action.ARRIVE, at="2026-11-24T08:00:00+08:00")) == "orders.time"
    assert refused(ws, number, Request(Action.ARRIVE, at="2026-11-24T16:00:00+08:00")) == "orders.time"
    assert go(ws, number, Request(Action.ARRIVE, at="2026-11-24T14:00:00+08:00")).events[-1].at == "2026-11-24T14:00:00+08:00"


def test_the_best_people_are_told_with_reasons(ws: Workspace, areas: list[str]) -> None:
    found = candidates(ws, order(ws, made(ws, "meter_data", entity="transformer_area", key=areas[10])))
    assert found[0].name == NAMES[5]
    assert {"第一责任人", "本网格", "专业对口（计量）"} <= set(found[0].reasons)
    assert NAMES[3] not in {each.name for each in found}


def test_needs_of_one_place_are_one_stop_and_each_place_is_visited_once(ws: Workspace, areas: list[str]) -> None:
    for _time in range(2):
        create(ws, [NewOrder("data_check", f"核实{_time}", "meter_box", f"B{place:07d}") for place in range(0, 24, 3)])
    found = trips(ws)
    stops = [(stop.entity, stop.key) for trip in found for stop in trip.stops]
    assert len(stops) == len(set(stops)) == 8
    assert sorted(number for trip in found for number in trip.orders) == sorted(each.order_no for each in orders(ws, Scope(open_only=True)))
    assert len(found) < 16
