"""Packages are made, listed, shown and changed; nothing is in two; numbers are never given twice; everything can be undone."""

from datetime import datetime
from typing import Any

import pytest

from lvdesk.fieldwork import planning
from lvdesk.fieldwork.model import PackageState, Plan, Request
from lvdesk.fieldwork.moving import send, take_back
from lvdesk.fieldwork.packages import change, create, overdue, packages, plan, show
from lvdesk.fieldwork.walking import walked
from lvdesk.history import detail, entries, redo, undo, undo_label
from lvdesk.kit.errors import ConflictError, KnownError, RefusedError
from lvdesk.kit.progress import Progress
from lvdesk.network.changed import Changed
from lvdesk.workspace import Workspace
from tests.helpers import visiting
from tests.helpers.visiting import EAST, FRONT, NORTH, SILVER, SOUTH, box, customer, made, printed

pytestmark = pytest.mark.usefixtures("near_reader")


@pytest.fixture
def station(ws: Workspace) -> Workspace:
    ws.clock = lambda: datetime.fromisoformat("2026-11-23T09:00:00+08:00")
    return visiting.laid(ws)


def planned(ws: Workspace, **request: Any) -> Plan:
    return plan(ws, Request(**{"feeder": SILVER, **request}), Progress())


def numbers(ws: Workspace) -> list[str]:
    return [view.package_no for view in packages(ws)]


def test_a_plan_says_what_there_is_to_do_and_writes_nothing(station: Workspace) -> None:
    found = planned(station)
    assert {need.key for need in found.needs} == {box(1), box(2), box(4), customer(6)}
    areas = [(area.area_name, area.feeder_name, area.boxes, area.needed, area.held, area.without_place) for area in found.areas]
    assert areas == [("北村2#公变", SILVER, 3, 2, 0, 0), ("北村10#公变", SILVER, 1, 2, 0, 1)]
    assert (found.reasons, dict(found.left_out)) == (
        {"never_collected": 3, "no_box": 1}, {"台账已销户的用户": 1, "箱内用户全部销户的计量箱": 1},
    )  # fmt: skip
    assert found.sheets > 0
    assert packages(station) == []


def test_a_package_holds_its_items_in_walking_order(station: Workspace) -> None:
    order = [need.key for need in planned(station).needs]
    created = create(station, Request(feeder=SILVER, people=("张三", "李四"), planned_on="2026-11-25", team="一班"), Progress())
    assert (created.package_nos, created.items, created.changed) == (("CL261123-01",), 4, Changed.PACKAGES | Changed.HISTORY)
    assert created.label == undo_label(station) == "建立采录任务包 CL261123-01（4 个对象）"
    found = show(station, "CL261123-01")
    assert [item.key for item in found.items] == order
    assert [item.position for item in found.items] == [1, 2, 3, 4]
    view = found.view
    assert (view.title, view.state, view.people, view.planned_on, view.due_on, view.feeder_name, view.areas) == (
        "10kV银岗线 2 个台区", PackageState.PREPARED, ("张三", "李四"), "2026-11-25", "2026-12-02", SILVER, ("北村2#公变", "北村10#公变"),
    )  # fmt: skip
    first = next(item for item in found.items if item.key == box(1))
    assert (first.entity_title, first.area_name, first.address, first.state) == ("计量箱", "北村2#公变", "某村1号", "待采录")
    assert [reason.text for reason in first.reasons] == ["从未现场采录"]
    assert first.record is not None


def test_one_package_for_each_area(station: Workspace) -> None:
    created = create(station, Request(areas=(NORTH, SOUTH, EAST), split=True), Progress())
    assert (created.package_nos, created.items) == (("CL261123-01", "CL261123-02", "CL261123-03"), 5)
    assert {view.title: view.items for view in packages(station)} == {"北村2#公变": 2, "北村10#公变": 2, "东村1#公变": 1}
    undo(station)
    assert packages(station) == []


def test_only_the_reasons_asked_for(station: Workspace) -> None:
    assert [need.key for need in planned(station, reasons=("no_box",)).needs] == [customer(6)]
    with pytest.raises(RefusedError) as refused:
        planned(station, reasons=("whatever",))
    assert refused.value.code == "package.reason"


def test_nothing_is_in_two_open_packages(station: Workspace) -> None:
    made(station, feeder="", areas=(NORTH,))
    found = planned(station)
    assert [area.held for area in found.areas] == [2, 0]
    assert dict(found.left_out)["已在其他任务包中的对象"] == 2
    made(station)
    assert sorted((view.package_no, view.items) for view in packages(station)) == [("CL261123-01", 2), ("CL261123-02", 2)]
    with pytest.raises(RefusedError) as refused:
        made(station)
    assert (refused.value.code, "CL261123-01、CL261123-02" in refused.value.message) == ("package.empty", True)


def test_of_two_desks_at_the_same_boxes_one_wins(station: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:

    def slowly(*given: Any) -> tuple[list[int], float]:
        """While this desk still looks for the way, the other one makes its package."""
        monkeypatch.setattr(planning, "walked", walked)
        made(station)
        return walked(*given)

    monkeypatch.setattr(planning, "walked", slowly)
    with pytest.raises(ConflictError) as lost:
        made(station)
    assert lost.value.code == "package.held"
    assert "等 4 个对象已在任务包 CL261123-01 中" in lost.value.message
    assert numbers(station) == ["CL261123-01"]


def test_a_number_is_never_given_twice(station: Workspace) -> None:
    for expected in ("CL261123-01", "CL261123-02"):
        assert made(station) == expected
        undo(station)
    station.clock = lambda: datetime.fromisoformat("2026-11-24T09:00:00+08:00")
    assert made(station) == "CL261124-01"
    station.clock = lambda: datetime.fromisoformat("2026-11-23T09:00:00+08:00")
    assert made(station, feeder=FRONT) == "CL261123-03"


def test_making_is_undone_and_redone_whole(station: Workspace) -> None:
    made(station)
    before = show(station, "CL261123-01")
    undo(station)
    assert packages(station) == []
    assert len(planned(station).needs) == 4
    redo(station)
    assert show(station, "CL261123-01") == before


def test_a_package_is_not_brought_back_over_one_made_since(station: Workspace) -> None:
    made(station)
    undo(station)
    taken_back = entries(station)[0].id
    made(station)
    with pytest.raises(ConflictError) as refused:
        undo(station, taken_back)
    assert refused.value.code == "store.changed_since"
    assert numbers(station) == ["CL261123-02"]


@pytest.mark.parametrize(
    "given, code",
    [
        ({"people": ("张三", " 张三")}, "package.people"),
        ({"planned_on": "明天"}, "package.day"),
        ({"planned_on": "2026-11-25", "due_on": "2026-11-24"}, "package.day"),
        ({"forms": ("no_such",)}, "package.form"),
        ({"feeder": "10kV无此线"}, "package.unknown"),
    ],
)
def test_what_is_wrong_is_refused_before_anything_is_written(station: Workspace, given: dict[str, Any], code: str) -> None:
    with pytest.raises(RefusedError) as refused:
        made(station, **given)
    assert refused.value.code == code
    assert packages(station) == []


@pytest.mark.parametrize(
    "given, seen",
    [
        ({"team": " 二班 ", "note": "带梯子"}, {"team": "二班", "note": "带梯子"}),
        ({"people": ["王五", "赵六", ""]}, {"people": ("王五", "赵六")}),
        ({"planned_on": "2026/12/01"}, {"planned_on": "2026-12-01", "due_on": "2026-12-08"}),
        ({"due_on": "2026-11-30"}, {"planned_on": "2026-11-25", "due_on": "2026-11-30"}),
        ({"planned_on": ""}, {"planned_on": "", "due_on": ""}),
        ({"title": "北村"}, {"title": "北村"}),
    ],
)
def test_changing_what_is_said(station: Workspace, given: dict[str, Any], seen: dict[str, Any]) -> None:
    number = made(station)
    before = show(station, number)
    assert change(station, number, **given) == Changed.PACKAGES | Changed.HISTORY
    view = show(station, number).view
    assert {name: getattr(view, name) for name in seen} == seen
    assert change(station, number, **given) == Changed.NOTHING
    undo(station)
    assert show(station, number) == before


def test_a_due_day_of_ones_own_stays_when_the_planned_day_moves(station: Workspace) -> None:
    number = made(station, due_on="2026-11-28")
    change(station, number, planned_on="2026-11-27")
    assert show(station, number).view.due_on == "2026-11-28"
    with pytest.raises(RefusedError):
        change(station, number, planned_on="2026-11-30")


def test_the_history_says_it_in_the_words_of_the_trade(station: Workspace) -> None:
    made(station)
    lines = detail(station, entries(station)[0].id)
    said = {(line.entity_title, line.field_title): line.after for line in lines}
    assert said["采录任务包", "任务包编号"] == "CL261123-01"
    assert said["采录对象", "对象"] in {box(1), box(2), box(4), customer(6)}


def test_an_unknown_package_is_told(station: Workspace) -> None:
    for ask in (lambda: show(station, "CL000000-01"), lambda: change(station, "CL000000-01", team="x")):
        with pytest.raises(KnownError) as unknown:
            ask()
        assert unknown.value.code == "package.missing"


def test_what_should_be_back_is_overdue_only_while_it_is_out(station: Workspace) -> None:
    number = made(station, planned_on="2026-11-10")
    assert overdue(station) == []
    printed(station, 1)
    send(station, number)
    assert [(view.package_no, view.due_on, view.overdue) for view in overdue(station)] == [(number, "2026-11-17", 6)]
    take_back(station, number, [])
    assert overdue(station) == []
