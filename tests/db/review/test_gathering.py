"""What waits: every matter once, at the stage it needs, with both sides and its authors; faults keep out; new answers begin anew."""

from pathlib import Path

import pytest

from lvdesk import history
from lvdesk.kit.errors import ConflictError
from lvdesk.kit.progress import Progress
from lvdesk.network.changed import Changed
from lvdesk.review import browsing, gathering
from lvdesk.review.model import Action, Kind, State
from lvdesk.workspace import Workspace
from tests.helpers import reviewing
from tests.helpers.returning import results, returned
from tests.helpers.reviewing import CLERK, MARKETING, OPERATIONS, all_items, decide, item, queued, row, states
from tests.helpers.stations import barcode
from tests.helpers.visiting import EAST, box, customer

pytestmark = pytest.mark.usefixtures("near_reader")


def again(ws: Workspace, folder: Path, name: str, *rows: dict[str, str]) -> None:
    """Another workbook comes back."""
    returned(ws, results(folder / name, rows))
    gathering.refresh(ws, Progress())


def renamed(number: int, name: str) -> dict[str, str]:
    """A stranger's row with another name."""
    return row(number, 5, 用户名称=name, 电能表条码=barcode("01", 900 + number), 核对结论="实有账无", 台区编号=EAST)


def test_every_matter_waits_at_the_stage_it_needs(ws: Workspace, tmp_path: Path) -> None:
    queued(ws, tmp_path)
    assert states(all_items(ws).values()) == {
        f"meter_replaced {customer(1)}": State.MARKETING, f"name_changed {customer(2)}": State.MARKETING,
        f"cancelled {customer(3)}": State.MARKETING, f"new {customer(8)}": State.MARKETING, f"other_area {customer(5)}": State.OPERATIONS,
        f"connection {box(1)}": State.OPERATIONS, f"connection {box(4)}": State.OPERATIONS, f"connection {box(5)}": State.OPERATIONS,
    }  # fmt: skip
    counts = browsing.counts(ws)
    assert (counts["marketing"], counts["operations"], counts["confirmed"]) == (4, 4, 0)


def test_an_item_shows_both_sides_its_row_and_who_entered_it(ws: Workspace, tmp_path: Path) -> None:
    queued(ws, tmp_path)
    view = item(ws, Kind.NAME_CHANGED)
    (side,) = view.sides
    assert (side.title, side.ledger, side.field, side.owner, side.decisive) == ("用户名称", "用户2", "赵六", "营销系统", True)
    assert (view.file, view.row, view.entered_by) == ("一班.xlsx", 3, (CLERK, "甲"))
    assert view.place[-1].startswith("用户2")
    assert view.title == "用户2"
    area = item(ws, Kind.OTHER_AREA).sides[0]
    assert area.field == f"{EAST} 东村1#公变"


def test_a_new_account_says_all_that_the_field_knows(ws: Workspace, tmp_path: Path) -> None:
    queued(ws, tmp_path)
    said = {side.place: side.field for side in item(ws, Kind.NEW).sides}
    assert (said["customer.customer_no"], said["customer.name"]) == (customer(8), "用户8")
    assert said["meter.bar_code"] == barcode("01", 908)
    assert said["metering_point.area_no"].startswith(EAST)


def test_nothing_happens_when_nothing_changed(ws: Workspace, tmp_path: Path) -> None:
    queued(ws, tmp_path)
    before = all_items(ws)
    assert not gathering.stale(ws)
    assert gathering.refresh(ws, Progress()) is Changed.NOTHING
    returned(ws, tmp_path / "一班.xlsx")
    gathering.refresh(ws, Progress())
    assert all_items(ws) == before


def test_history_has_no_entry_of_it(ws: Workspace, tmp_path: Path) -> None:
    returned(reviewing.staffed(ws), reviewing.team(tmp_path))
    newest = history.entries(ws, limit=1)
    gathering.refresh(ws, Progress())
    assert history.entries(ws, limit=1) == newest


def test_a_row_with_an_open_error_does_not_enter_and_says_why(ws: Workspace, tmp_path: Path) -> None:
    queued(ws, tmp_path)
    again(ws, tmp_path, "二班.xlsx", row(7, 5, 用户名称="孙七", 经度="0", 纬度="0"))
    view = item(ws, Kind.NAME_CHANGED, customer(7))
    assert (view.state, view.blocked) == (State.PREPARING, "坐标为零")
    assert browsing.counts(ws)["blocked"] >= 1
    refused = decide(ws, MARKETING, Action.CONFIRM, view).refused
    assert [each.code for each in refused] == ["review.transition"]


def test_what_is_put_right_enters(ws: Workspace, tmp_path: Path) -> None:
    queued(ws, tmp_path)
    again(ws, tmp_path, "二班.xlsx", row(7, 5, 用户名称="孙七", 经度="0", 纬度="0"))
    again(ws, tmp_path, "三班.xlsx", row(7, 5, 用户名称="孙七"))
    view = item(ws, Kind.NAME_CHANGED, customer(7))
    assert (view.state, view.blocked) == (State.MARKETING, "")


def test_what_is_no_longer_so_leaves_the_queue(ws: Workspace, tmp_path: Path) -> None:
    queued(ws, tmp_path)
    history.undo(ws)
    gathering.refresh(ws, Progress())
    assert all_items(ws) == {}
    history.redo(ws)
    gathering.refresh(ws, Progress())
    assert len(all_items(ws)) == 8


def test_a_new_answer_begins_anew_and_the_old_decision_is_kept(ws: Workspace, tmp_path: Path) -> None:
    queued(ws, tmp_path)
    first = item(ws, Kind.NEW)
    decide(ws, MARKETING, Action.CONFIRM, first)
    assert item(ws, Kind.NEW).state is State.OPERATIONS
    again(ws, tmp_path, "二班.xlsx", renamed(8, "周八"))
    view = item(ws, Kind.NEW)
    assert (view.id, view.state, view.marketing, view.round) == (first.id, State.MARKETING, "", 2)
    assert [(step.action, step.person) for step in view.steps] == [("通过", MARKETING), ("现场结果更新", "")]


def test_taking_a_revocation_back_does_not_revive_a_decision_on_another_answer(ws: Workspace, tmp_path: Path) -> None:
    queued(ws, tmp_path)
    decide(ws, MARKETING, Action.CONFIRM, item(ws, Kind.NEW))
    revoked = decide(ws, MARKETING, Action.REVOKE, item(ws, Kind.NEW))
    again(ws, tmp_path, "二班.xlsx", renamed(8, "周八"))
    with pytest.raises(ConflictError) as caught:
        history.undo(ws, revoked.entry_id)
    assert caught.value.code == "store.changed_since"
    view = item(ws, Kind.NEW)
    assert (view.state, view.marketing, view.round) == (State.MARKETING, "", 2)


def test_a_decision_taken_back_is_not_repeated_on_another_answer(ws: Workspace, tmp_path: Path) -> None:
    queued(ws, tmp_path)
    done = decide(ws, MARKETING, Action.CONFIRM, item(ws, Kind.NEW))
    history.undo(ws, done.entry_id)
    undoing = history.entries(ws, limit=1)[0].id
    again(ws, tmp_path, "二班.xlsx", renamed(8, "周八"))
    with pytest.raises(ConflictError) as caught:
        history.undo(ws, undoing)
    assert caught.value.code == "store.changed_since"
    assert item(ws, Kind.NEW).marketing == ""


def test_whoever_said_the_same_earlier_has_entered_it_too(ws: Workspace, tmp_path: Path) -> None:
    queued(ws, tmp_path)
    ws.store.person = OPERATIONS
    pole = {"挂接设备类型": "墙支架", "挂接设备名称": "东村3号"}
    again(ws, tmp_path, "二班.xlsx", {**renamed(8, "用户8"), **pole, "采录日期": "2026-11-21", "采录人": "乙"})
    assert item(ws, Kind.CONNECTION, box(5)).entered_by == (CLERK, "甲", OPERATIONS, "乙")
    decide(ws, MARKETING, Action.CONFIRM, item(ws, Kind.NEW))
    assert [each.code for each in decide(ws, OPERATIONS, Action.CONFIRM, item(ws, Kind.NEW)).refused] == ["review.own_entry"]


def test_the_same_answer_again_changes_no_decision(ws: Workspace, tmp_path: Path) -> None:
    queued(ws, tmp_path)
    decide(ws, MARKETING, Action.CONFIRM, item(ws, Kind.NEW))
    returned(ws, reviewing.team(tmp_path, "另存.xlsx"))
    gathering.refresh(ws, Progress())
    view = item(ws, Kind.NEW)
    assert (view.state, view.round) == (State.OPERATIONS, 1)


def test_rows_that_contradict_each_other_are_told(ws: Workspace, tmp_path: Path) -> None:
    queued(ws, tmp_path)
    poles = ({"挂接设备类型": "低压杆塔", "挂接设备名称": name} for name in ("银岗线7号杆", "银岗线9号杆", "银岗线9号杆"))
    people = (row(1, 1), row(2, 1), row(6, 1))
    again(ws, tmp_path, "二班.xlsx", *({**one, **pole} for one, pole in zip(people, poles, strict=True)))
    view = item(ws, Kind.CONNECTION, box(1))
    said = {side.title: side.field for side in view.sides}
    assert said["挂接设备名称"] == "银岗线9号杆"
    assert any("说法不一" in sentence and "银岗线7号杆" in sentence for sentence in view.evidence)


def test_who_repeats_what_he_confirmed_has_confirmed_what_others_entered(ws: Workspace, tmp_path: Path) -> None:
    queued(ws, tmp_path)
    decide(ws, MARKETING, Action.CONFIRM, item(ws, Kind.NEW))
    ws.store.person = MARKETING
    pole = {"挂接设备类型": "墙支架", "挂接设备名称": "东村3号"}
    again(ws, tmp_path, "二班.xlsx", {**renamed(8, "用户8"), **pole, "采录日期": "2026-11-21", "采录人": "乙"})
    view = item(ws, Kind.NEW)
    assert (view.state, view.entered_by) == (State.OPERATIONS, (CLERK, "甲", "乙"))
