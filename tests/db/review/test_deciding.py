"""Decisions: by whom, in which order, with which reasons; what they make of the ledger; taken back one by one or with undo."""

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from lvdesk import history
from lvdesk.kit.errors import RefusedError
from lvdesk.kit.progress import Progress
from lvdesk.network.editing import Edit, edit
from lvdesk.network.records import show
from lvdesk.review import auditing, browsing, gathering, locking, stats
from lvdesk.review.model import DESK, FIELD, GRID_LEADER, Action, Kind, State
from lvdesk.workspace import Workspace
from tests.helpers.returning import results, returned
from tests.helpers.reviewing import (
    BOTH,
    CLERK,
    LEADER,
    MARKETING,
    MARKETING_2,
    OPERATIONS,
    OPERATIONS_2,
    all_items,
    confirm_all,
    decide,
    item,
    queued,
    row,
)
from tests.helpers.stations import state
from tests.helpers.visiting import EAST, NORTH, box, customer, meter

pytestmark = pytest.mark.usefixtures("near_reader")


@pytest.fixture
def queue(ws: Workspace, tmp_path: Path) -> Workspace:
    return queued(ws, tmp_path)


def value(ws: Workspace, entity: str, key: str, field: str) -> str:
    """What the ledger says."""
    return next(each.code or each.value for each in show(ws, entity, key).fields if each.key == field)


def ledger(ws: Workspace) -> Mapping[str, Any]:
    """All accepted records but what is derived from their names."""
    return {
        entity: {key: {name: value for name, value in values.items() if name != "initials"} for key, values in records.items()}
        for entity, records in state(ws).items()
    }


def codes(done: object) -> list[str]:
    return [each.code for each in getattr(done, "refused")]  # noqa: B009 - whatever came back


def test_a_new_account_takes_both_stages_in_their_order(queue: Workspace) -> None:
    new = item(queue, Kind.NEW)
    assert codes(decide(queue, OPERATIONS, Action.CONFIRM, new)) == ["review.not_allowed"]
    assert decide(queue, MARKETING, Action.CONFIRM, new).states == {new.id: State.OPERATIONS}
    assert codes(decide(queue, MARKETING_2, Action.CONFIRM, new)) == ["review.not_allowed"]
    assert decide(queue, OPERATIONS, Action.CONFIRM, new).states == {new.id: State.CONFIRMED}
    assert value(queue, "customer", customer(8), "name") == "用户8"
    assert value(queue, "meter", meter(908), "box_no") == box(5)


def test_what_one_stage_suffices_for_says_why_the_other_was_passed(queue: Workspace) -> None:
    decide(queue, MARKETING, Action.CONFIRM, item(queue, Kind.CANCELLED))
    view = item(queue, Kind.CANCELLED)
    assert view.state is State.CONFIRMED
    assert view.marketing.startswith(f"{MARKETING} 通过")
    assert view.operations == "按规则通过：账有实无不涉及挂接点"


def test_nobody_confirms_his_own_entry(queue: Workspace, tmp_path: Path) -> None:
    queue.store.person = MARKETING
    returned(queue, results(tmp_path / "自己.xlsx", [row(7, 5, 用户名称="孙七", 采录人=MARKETING_2)]))
    queue.store.person = CLERK
    gathering.refresh(queue, Progress())
    view = item(queue, Kind.NAME_CHANGED, customer(7))
    assert codes(decide(queue, MARKETING, Action.CONFIRM, view)) == ["review.own_entry"]
    assert codes(decide(queue, MARKETING_2, Action.CORRECT, view, values={"name": "孙七七"})) == ["review.own_entry"]
    queue.store.person = MARKETING
    assert view.id not in browsing.table(queue, browsing.Scope(State.MARKETING)).ids(browsing.Query())
    queue.store.person = CLERK
    assert decide(queue, BOTH, Action.CONFIRM, view).done == (view.id,)


def test_nobody_confirms_both_stages_of_one_item(queue: Workspace) -> None:
    new = item(queue, Kind.NEW)
    decide(queue, BOTH, Action.CONFIRM, new)
    assert codes(decide(queue, BOTH, Action.CONFIRM, new)) == ["review.both_stages"]
    assert decide(queue, OPERATIONS, Action.CONFIRM, new).states == {new.id: State.CONFIRMED}


@pytest.mark.parametrize(
    "who, action, more, code",
    [
        (MARKETING, Action.RETURN, {}, "review.reason"),
        (MARKETING, Action.HOLD, {"reason": " "}, "review.reason"),
        (MARKETING, Action.CORRECT, {}, "review.value"),
        (MARKETING, Action.EXPORT, {}, "review.transition"),
    ],
)
def test_a_decision_that_lacks_something_is_refused_whole(
    queue: Workspace, who: str, action: Action, more: dict[str, str], code: str
) -> None:
    with pytest.raises(RefusedError) as refused:
        decide(queue, who, action, item(queue, Kind.NAME_CHANGED), **more)
    assert refused.value.code == code


@pytest.mark.parametrize(
    "values, code",
    [({"nothing": "1"}, "review.value"), ({"metering_point.area_no": "1"}, "review.unknown_area")],
)
def test_a_corrected_value_is_checked(queue: Workspace, values: dict[str, str], code: str) -> None:
    before = ledger(queue)
    assert codes(decide(queue, OPERATIONS, Action.CORRECT, item(queue, Kind.OTHER_AREA), values=values)) == [code]
    assert ledger(queue) == before


def test_a_corrected_value_counts_as_the_persons(queue: Workspace) -> None:
    decide(queue, OPERATIONS, Action.CORRECT, item(queue, Kind.OTHER_AREA), values={"area_no": NORTH}, reason="现场核相")
    (field,) = [each for each in show(queue, "customer", customer(5)).path if each.entity == "transformer_area"]
    assert field.key in {NORTH, "4231757322"}
    view = item(queue, Kind.OTHER_AREA)
    assert view.steps[-1].given == (("台区编号", NORTH),)
    assert view.sides[0].accepted.startswith(NORTH)
    assert value(queue, "metering_point", "0904747015", "area_no") == NORTH


def test_confirmed_values_become_the_accepted_state_with_their_row(queue: Workspace) -> None:
    confirm_all(queue)
    assert {view.state for view in all_items(queue).values()} == {State.CONFIRMED}
    assert value(queue, "customer", customer(2), "name") == "赵六"
    assert value(queue, "customer", customer(3), "status") == "已销户客户"
    assert value(queue, "customer", customer(3), "cancelled_on") == "2026-11-23"
    assert value(queue, "meter", meter(3), "box_no") == ""
    assert (value(queue, "meter", meter(901), "mp_no"), value(queue, "meter", meter(1), "mp_no")) == ("0904747011", "")
    assert value(queue, "metering_point", "0904747015", "area_no") == EAST
    device = next(each for each in show(queue, "meter_box", box(1)).fields if each.key == "device_name")
    assert (device.value, device.file, device.row) == ("银岗线1号杆", "一班.xlsx", 2)


def test_one_undo_takes_a_decision_back_with_all_it_did(queue: Workspace) -> None:
    before, views = ledger(queue), all_items(queue)
    done = decide(queue, MARKETING, Action.CONFIRM, *(view for view in views.values() if view.state is State.MARKETING))
    assert ledger(queue) != before
    history.undo(queue, done.entry_id)
    assert ledger(queue) == before
    assert {key: view.state for key, view in all_items(queue).items()} == {key: view.state for key, view in views.items()}


def test_one_of_many_decisions_can_be_revoked(queue: Workspace) -> None:
    before = ledger(queue)
    cancelled, renamed = item(queue, Kind.CANCELLED), item(queue, Kind.NAME_CHANGED)
    decide(queue, MARKETING, Action.CONFIRM, cancelled, renamed)
    assert decide(queue, MARKETING_2, Action.REVOKE, cancelled).states == {cancelled.id: State.MARKETING}
    assert value(queue, "customer", customer(3), "status") == "正常用电客户"
    assert value(queue, "meter", meter(3), "box_no") == box(2)
    assert value(queue, "customer", customer(2), "name") == "赵六"
    decide(queue, MARKETING, Action.REVOKE, renamed)
    assert ledger(queue) == before


def test_a_new_account_revoked_leaves_nothing(queue: Workspace) -> None:
    before, new = ledger(queue), item(queue, Kind.NEW)
    decide(queue, MARKETING, Action.CONFIRM, new)
    decide(queue, OPERATIONS, Action.CONFIRM, new)
    assert decide(queue, OPERATIONS_2, Action.REVOKE, new).states == {new.id: State.OPERATIONS}
    assert ledger(queue) == before
    assert decide(queue, MARKETING, Action.REVOKE, new).states == {new.id: State.MARKETING}


def test_what_was_changed_since_is_not_revoked(queue: Workspace) -> None:
    renamed = item(queue, Kind.NAME_CHANGED)
    decide(queue, MARKETING, Action.CONFIRM, renamed)
    edit(queue, "customer", [Edit(show(queue, "customer", customer(2)).id, "name", "钱九")])
    assert codes(decide(queue, MARKETING, Action.REVOKE, renamed)) == ["review.changed_since"]
    assert value(queue, "customer", customer(2), "name") == "钱九"


def test_a_revocation_that_cannot_be_whole_changes_nothing(queue: Workspace) -> None:
    cancelled = item(queue, Kind.CANCELLED)
    decide(queue, MARKETING, Action.CONFIRM, cancelled)
    edit(queue, "customer", [Edit(show(queue, "customer", customer(3)).id, "status", "正常用电客户")])
    before = ledger(queue)
    assert codes(decide(queue, MARKETING, Action.REVOKE, cancelled)) == ["review.changed_since"]
    assert ledger(queue) == before
    assert item(queue, Kind.CANCELLED).state is State.CONFIRMED


def test_a_new_account_that_somebody_worked_on_stays(queue: Workspace) -> None:
    new = item(queue, Kind.NEW)
    decide(queue, MARKETING, Action.CONFIRM, new)
    decide(queue, OPERATIONS, Action.CONFIRM, new)
    edit(queue, "customer", [Edit(show(queue, "customer", customer(8)).id, "address", "东村8号")])
    assert codes(decide(queue, OPERATIONS_2, Action.REVOKE, new)) == ["review.changed_since"]
    history.undo(queue)
    assert decide(queue, OPERATIONS_2, Action.REVOKE, new).states == {new.id: State.OPERATIONS}


def test_the_second_return_goes_to_the_grid_leader(queue: Workspace) -> None:
    renamed = item(queue, Kind.NAME_CHANGED)
    decide(queue, MARKETING, Action.RETURN, renamed, reason="照片看不清", addressee=DESK)
    view = item(queue, Kind.NAME_CHANGED)
    assert (view.state, view.reason, view.addressee, view.returns) == (State.RETURNED, "照片看不清", DESK, 1)
    decide(queue, CLERK, Action.RESUME, view, reason="照片已补")
    decide(queue, MARKETING_2, Action.RETURN, view, reason="还是看不清", addressee=FIELD)
    view = item(queue, Kind.NAME_CHANGED)
    assert (view.addressee, view.returns) == (GRID_LEADER, 2)
    assert codes(decide(queue, CLERK, Action.RESUME, view, reason="x")) == ["review.not_allowed"]
    assert decide(queue, LEADER, Action.RESUME, view, reason="已到现场看过").states == {view.id: State.MARKETING}


def test_held_items_go_on_where_they_were(queue: Workspace) -> None:
    renamed = item(queue, Kind.NAME_CHANGED)
    decide(queue, MARKETING, Action.HOLD, renamed, reason="等过户手续", until="2026-12-01")
    view = item(queue, Kind.NAME_CHANGED)
    assert (view.state, view.until) == (State.HELD, "2026-12-01")
    assert codes(decide(queue, MARKETING, Action.CONFIRM, view)) == ["review.transition"]
    assert decide(queue, MARKETING_2, Action.RESUME, view).states == {view.id: State.MARKETING}


def test_an_item_that_somebody_has_open_is_not_decided_by_another(queue: Workspace) -> None:
    renamed = item(queue, Kind.NAME_CHANGED)
    queue.store.person = MARKETING
    assert locking.open_item(queue, renamed.id, "一号窗口") == ""
    queue.store.person = MARKETING_2
    assert locking.open_item(queue, renamed.id, "二号窗口") == MARKETING
    assert codes(decide(queue, MARKETING_2, Action.CONFIRM, renamed, session="二号窗口")) == ["review.locked"]
    assert item(queue, Kind.NAME_CHANGED).locked_by == MARKETING
    later = queue.clock() + timedelta(minutes=11)
    queue.clock = lambda: later
    assert decide(queue, MARKETING_2, Action.CONFIRM, renamed, session="二号窗口").done == (renamed.id,)


def test_a_window_gives_up_what_it_had_open(queue: Workspace) -> None:
    first, second = item(queue, Kind.NAME_CHANGED), item(queue, Kind.CANCELLED)
    locking.open_item(queue, first.id, "一号窗口")
    locking.open_item(queue, second.id, "一号窗口")
    assert locking.open_item(queue, first.id, "二号窗口") == ""
    locking.close(queue, "一号窗口")
    assert locking.open_item(queue, second.id, "三号窗口") == ""


def test_what_was_seen_before_it_changed_is_not_decided(queue: Workspace) -> None:
    new = item(queue, Kind.NEW)
    decide(queue, MARKETING, Action.CONFIRM, new)
    assert codes(decide(queue, OPERATIONS, Action.CONFIRM, new, versions={new.id: new.version})) == ["review.changed"]


def test_many_at_once_tell_which_were_not_decided(queue: Workspace) -> None:
    views = list(all_items(queue).values())
    done = decide(queue, MARKETING, Action.CONFIRM, *views, how="bulk")
    assert len(done.done) + len(done.refused) == len(views)
    assert {each.code for each in done.refused} == {"review.not_allowed"}
    assert done.label == f"复核通过 {len(done.done)} 项"


def test_audits_are_drawn_from_what_passed_and_judged_by_another(queue: Workspace) -> None:
    with pytest.raises(RefusedError, match="没有可抽查"):
        auditing.draw(queue)
    confirm_all(queue)
    count, _ = auditing.draw(queue, 0.5, 3)
    audits = auditing.listed(queue)
    assert count == len(audits) == 4
    mine = next(each for each in audits if each.marketing_by == MARKETING)
    queue.store.person = MARKETING
    with pytest.raises(RefusedError, match="抽查"):
        auditing.judge(queue, mine.id, auditing.SOUND)
    queue.store.person = CLERK
    with pytest.raises(RefusedError, match="说明"):
        auditing.judge(queue, mine.id, auditing.WRONG)
    auditing.judge(queue, mine.id, auditing.WRONG, "户名与证件不符")
    found = stats.stats(queue)
    assert (found.audited, found.wrong) == (1, 1)
    assert {each.person for each in found.people} == {MARKETING, OPERATIONS}


@pytest.mark.parametrize(
    "narrowed, count",
    [
        (browsing.Scope(State.MARKETING), 4), (browsing.Scope(kinds=frozenset({Kind.NEW, Kind.CANCELLED})), 2),
        (browsing.Scope(areas=frozenset({NORTH})), 4), (browsing.Scope(people=frozenset({"甲"})), 8),
        (browsing.Scope(people=frozenset({"乙"})), 0), (browsing.Scope(age="今天"), 8), (browsing.Scope(age="一周以上"), 0),
    ],
)  # fmt: skip
def test_lists_are_narrowed(queue: Workspace, narrowed: browsing.Scope, count: int) -> None:
    queue.store.person = MARKETING
    assert len(browsing.table(queue, narrowed).ids(browsing.Query())) == count


def test_facets_say_what_a_list_consists_of(queue: Workspace) -> None:
    queue.store.person = MARKETING
    found = browsing.facets(queue, browsing.Scope(State.MARKETING))
    assert dict(found.kinds) == {Kind.CANCELLED: 1, Kind.NEW: 1, Kind.METER_REPLACED: 1, Kind.NAME_CHANGED: 1}
    assert dict(found.people) == {CLERK: 4, "甲": 4}
    assert found.ages == (("今天", 4),)
    assert sum(count for _, _, count in found.areas) == 4


def test_each_sees_how_much_waits_for_him(queue: Workspace) -> None:
    def waiting(who: str) -> int:
        queue.store.person = who
        return browsing.counts(queue)["mine"]

    assert {who: waiting(who) for who in (MARKETING, OPERATIONS, BOTH, LEADER)} == {MARKETING: 4, OPERATIONS: 4, BOTH: 8, LEADER: 0}


def test_rows_show_both_sides(queue: Workspace) -> None:
    queue.store.person = MARKETING
    source = browsing.table(queue, browsing.Scope(State.MARKETING))
    (found,) = [each for each in source.rows(list(source.ids(browsing.Query()))) if "赵六" in each.values]
    shown = dict(zip((column.key for column in source.columns), found.values, strict=True))
    assert (shown["kind"], shown["title"], shown["ledger"], shown["field"], shown["entered"]) == (
        "名称不符", "用户2", "用户2", "赵六", f"{CLERK}、甲",
    )  # fmt: skip
    assert dict(source.values("kind", browsing.Query()))["账有实无"] == 1


def test_the_words_of_the_rules_are_the_stations_own(queue: Workspace, tmp_path: Path) -> None:
    own = (Path(__file__).parents[3] / "resources" / "review.toml").read_text(encoding="utf-8")
    queue.overrides.mkdir(exist_ok=True)
    changed = own.replace('operations = "户名不涉及挂接点"', "operations = true")
    (queue.overrides / "review.toml").write_text(changed, encoding="utf-8")
    renamed = item(queue, Kind.NAME_CHANGED)
    assert decide(queue, MARKETING, Action.CONFIRM, renamed).states == {renamed.id: State.OPERATIONS}
