"""A package goes out, comes back, is closed, called off, opened again: only along the table, each move undoable."""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from lvdesk.fieldwork.model import PackageState, Request, SheetState
from lvdesk.fieldwork.moving import MOVES, cancel, close, drop, reopen, send, take_back
from lvdesk.fieldwork.packages import change, packages, plan, show
from lvdesk.history import entries, undo, undo_label
from lvdesk.kit.errors import ConflictError, KnownError, RefusedError
from lvdesk.kit.progress import Progress
from lvdesk.network.changed import Changed
from lvdesk.workspace import Workspace
from tests.helpers import visiting
from tests.helpers.planting import plant
from tests.helpers.visiting import NORTH, SILVER, box, customer, made, printed, returned

pytestmark = pytest.mark.usefixtures("near_reader")

FIRST = [("meter_box", box(1))]
REST = [("meter_box", box(2)), ("meter_box", box(4)), ("customer", customer(6))]
S = PackageState


@pytest.fixture
def station(ws: Workspace) -> Workspace:
    """Every look at the clock is a minute later."""
    moment = datetime.now().astimezone().replace(microsecond=0)

    def clock() -> datetime:
        nonlocal moment
        moment += timedelta(minutes=1)
        return moment

    ws.clock = clock
    return visiting.laid(ws)


@pytest.fixture
def number(station: Workspace) -> str:
    """A package with a printed sheet, ready to go."""
    made_no = made(station)
    printed(station, 1)
    return made_no


STEPS: dict[str, Callable[[Workspace, str], Changed]] = {
    "send": send,
    "take_back": lambda ws, no: take_back(ws, no, []),
    "close": close,
    "cancel": lambda ws, no: cancel(ws, no, "改期"),
    "reopen": reopen,
    "drop": lambda ws, no: drop(ws, no, FIRST),
}
WAYS: dict[PackageState, list[Callable[[Workspace, str], Changed]]] = {
    S.PREPARED: [],
    S.OUT: [send],
    S.PARTLY_BACK: [send, lambda ws, no: take_back(ws, no, REST[:1])],
    S.BACK: [send, STEPS["take_back"]],
    S.CLOSED: [send, close],
    S.CANCELLED: [STEPS["cancel"]],
}


def state(ws: Workspace, number: str) -> PackageState:
    return show(ws, number).view.state


def free(ws: Workspace) -> set[str]:
    return {need.key for need in plan(ws, Request(feeder=SILVER), Progress()).needs}


@pytest.mark.parametrize("now", list(WAYS))
def test_only_the_moves_of_the_table_are_made(station: Workspace, number: str, now: PackageState) -> None:
    for way in WAYS[now]:
        way(station, number)
    assert state(station, number) == now
    before = show(station, number)
    for name, move in MOVES.items():
        if now in move.states:
            STEPS[name](station, number)
            if show(station, number) != before:
                undo(station)
        else:
            with pytest.raises(RefusedError, match=move.title) as refused:
                STEPS[name](station, number)
            assert refused.value.code == "package.state"
        assert show(station, number) == before


def test_a_package_goes_out_with_people_and_paper(station: Workspace) -> None:
    number = made(station, people=("张三",))
    with pytest.raises(RefusedError) as refused:
        send(station, number)
    assert (refused.value.code, "至少要 2 人" in refused.value.message) == ("package.people", True)
    change(station, number, people=["张三", "李四"])
    with pytest.raises(RefusedError) as refused:
        send(station, number)
    assert refused.value.code == "package.sheets"
    printed(station, 1, "prepared")
    with pytest.raises(RefusedError):
        send(station, number)


def test_sheets_go_out_with_their_package_and_come_in_again_by_undo(station: Workspace, number: str) -> None:
    assert send(station, number) == Changed.PACKAGES | Changed.HISTORY
    detail = show(station, number)
    assert (detail.view.state, detail.view.sheets, detail.view.out_at != "") == (S.OUT, {SheetState.OUT: 1}, True)
    assert {item.state for item in detail.items} == {"在外"}
    assert undo_label(station) == f"发出任务包 {number}（4 个对象、1 张表单，张三、李四）"
    with pytest.raises(RefusedError):
        change(station, number, people=["张三"])
    undo(station)
    assert show(station, number).view.sheets == {SheetState.PRINTED: 1}


def test_things_come_back_one_after_another(station: Workspace, number: str) -> None:
    send(station, number)
    take_back(station, number, FIRST)
    view = show(station, number).view
    assert (view.state, view.items_back) == (S.PARTLY_BACK, 1)
    assert undo_label(station) == f"收回 1 个对象：任务包 {number}（在外 3 个）"
    take_back(station, number, [], "锁门")
    detail = show(station, number)
    assert detail.view.state == S.BACK
    assert {item.key: item.state for item in detail.items} == {box(1): "已收回"} | {key: "无法进入" for _, key in REST}
    take_back(station, number, REST[:1], "正常")
    assert {item.key: item.state for item in show(station, number).items}[box(2)] == "正常"
    assert take_back(station, number, REST[:1], "正常") == Changed.NOTHING
    for expected in (S.BACK, S.PARTLY_BACK, S.OUT):
        undo(station)
        assert state(station, number) == expected


def test_closing_frees_what_did_not_come_back(station: Workspace, number: str) -> None:
    send(station, number)
    take_back(station, number, FIRST)
    assert free(station) == set()
    close(station, number, "下雨")
    assert undo_label(station) == f"结束任务包 {number}，3 个对象未采录，可重新安排"
    detail = show(station, number)
    assert (detail.view.state, detail.view.note) == (S.CLOSED, "结束：下雨")
    assert {item.state for item in detail.items} == {"已收回", "未采录"}
    assert free(station) == {box(2), box(4), customer(6)}
    assert dict(plan(station, Request(feeder=SILVER), Progress()).left_out)["已收回、结果待录入的计量箱"] == 1
    undo(station)
    assert free(station) == set()


def test_where_nobody_got_in_somebody_goes_again(station: Workspace, number: str) -> None:
    send(station, number)
    take_back(station, number, FIRST, "锁门")
    take_back(station, number, [])
    close(station, number)
    assert free(station) == {box(1)}


def test_what_was_there_before_it_came_back_waits_for_the_result(station: Workspace, number: str, tmp_path: Path) -> None:
    send(station, number)
    take_back(station, number, [])
    close(station, number)
    old = {"rule": "Q33", "entity": "meter_box", "key": box(1), "identity": "old"}
    plant(station, old, {**old, "key": box(2), "identity": "new", "found_at": "2099-01-01T00:00:00+00:00"})
    assert free(station) == {box(2)}
    returned(station, tmp_path, (1, 1, "正常"), (1, 2, "正常"))
    assert free(station) == {box(1), box(2)}


def test_a_package_called_off_frees_everything_and_says_why(station: Workspace, number: str) -> None:
    with pytest.raises(RefusedError) as refused:
        cancel(station, number, " ")
    assert refused.value.code == "package.reason"
    cancel(station, number, "线路停电")
    assert (state(station, number), show(station, number).view.note) == (S.CANCELLED, "作废：线路停电")
    assert len(free(station)) == 4
    with pytest.raises(RefusedError):
        change(station, number, team="二班")
    reopen(station, number)
    assert (state(station, number), free(station)) == (S.PREPARED, set())


def test_a_package_is_opened_again_where_it_stood(station: Workspace, number: str) -> None:
    send(station, number)
    take_back(station, number, FIRST)
    close(station, number)
    reopen(station, number)
    view = show(station, number).view
    assert (view.state, view.items_back, view.closed_at) == (S.PARTLY_BACK, 1, "")


def test_it_is_not_opened_again_when_another_package_has_its_things(station: Workspace, number: str) -> None:
    cancel(station, number, "改期")
    other = made(station, feeder="", areas=(NORTH,))
    with pytest.raises(ConflictError) as taken:
        reopen(station, number)
    assert (taken.value.code, f"已在任务包 {other} 中" in taken.value.message) == ("package.held", True)
    assert state(station, number) == S.CANCELLED


@pytest.mark.expects_log  # the server's driver tells of the statements it gives up with the one that failed
def test_ending_is_not_undone_over_a_package_made_since(station: Workspace, number: str) -> None:
    cancel(station, number, "改期")
    entry = newest_entry(station)
    made(station)
    with pytest.raises(ConflictError):
        undo(station, entry)
    assert [view.state for view in packages(station)] == [S.PREPARED, S.CANCELLED]


def newest_entry(ws: Workspace) -> int:
    """The newest entry of the history."""
    return entries(ws)[0].id


def test_things_left_out_are_free_and_the_others_counted_anew(station: Workspace, number: str) -> None:
    kept = [item.key for item in show(station, number).items if item.key != box(1)]
    drop(station, number, FIRST)
    assert [(item.position, item.key) for item in show(station, number).items] == list(enumerate(kept, 1))
    assert free(station) == {box(1)}
    undo(station)
    send(station, number)
    places = {item.key: item.position for item in show(station, number).items}
    drop(station, number, FIRST)  # the paper is in people's hands: its numbers stay
    assert {item.key: item.position for item in show(station, number).items} == {key: places[key] for key in kept}


@pytest.mark.parametrize("items", [[], [*FIRST, *REST], [("meter_box", "15999999999999")]])
def test_neither_nothing_nor_everything_nor_strange_things_are_left_out(
    station: Workspace, number: str, items: list[tuple[str, str]]
) -> None:
    with pytest.raises(RefusedError) as refused:
        drop(station, number, items)
    assert refused.value.code == "package.item"


def test_what_is_back_is_not_left_out(station: Workspace, number: str) -> None:
    send(station, number)
    take_back(station, number, FIRST)
    with pytest.raises(RefusedError) as refused:
        drop(station, number, FIRST)
    assert f"{box(1)} 已收回" in refused.value.message


def test_strange_things_do_not_come_back(station: Workspace, number: str) -> None:
    send(station, number)
    with pytest.raises(RefusedError):
        take_back(station, number, [("meter_box", "15999999999999")])
    with pytest.raises(KnownError):
        send(station, "CL000000-01")
