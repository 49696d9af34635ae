"""Suggested values in force: one or all alike, checked, only on what was found, undoable; what is refused says why."""

from pathlib import Path

import pytest

from lvdesk.checks.exceptions import accept
from lvdesk.checks.fixing import alike, apply
from lvdesk.history import entries, undo
from lvdesk.kit.errors import Cancelled, KnownError
from lvdesk.kit.progress import Progress
from lvdesk.network.changed import Changed
from lvdesk.network.editing import Edit, edit
from lvdesk.network.records import show
from lvdesk.workspace import Workspace
from tests.helpers.stations import record
from tests.helpers.trials import by_identity, checked, customer, imported, numbers, renamed, trial_rules

__all__ = ["trial_rules"]
pytestmark = pytest.mark.usefixtures("near_reader", "trial_rules")

AREA = "4231757321"
FIRST, SECOND, THIRD = "4209747011", "4209747012", "4209747013"


@pytest.fixture
def station(ws: Workspace, tmp_path: Path) -> Workspace:
    imported(ws, tmp_path, customer(1, "张三!"), customer(2, "李四!", ""), customer(3, "王五!", capacity="500"))
    checked(ws)
    return ws


def odd_area(row: list[str]) -> list[str]:
    """The row with an exclamation mark behind its area's name."""
    return [f"{cell}!" if cell == "1号公变" else cell for cell in row]


def number(ws: Workspace, rule: str, key: str) -> int:
    return by_identity(ws)[rule, key].id


def test_all_alike_are_put_right_in_one_undoable_write(station: Workspace) -> None:
    ids = alike(station, number(station, "T01", SECOND))
    assert ids == [number(station, "T01", key) for key in (FIRST, SECOND, THIRD)]
    done = apply(station, ids, Progress())
    assert (done.applied, done.refused, done.changed) == (3, (), Changed.NETWORK | Changed.CHECKS | Changed.HISTORY)
    (newest,) = entries(station, limit=1)
    assert (newest.id, newest.label) == (done.entry_id, "应用建议修正 3 处")
    assert record(station, "customer", SECOND)["name"] == "李四"
    report = checked(station)
    assert (report.resolved, report.new) == (3, 0)
    undo(station)
    assert record(station, "customer", SECOND)["name"] == "李四!"
    assert checked(station).new == 3


def test_records_of_several_kinds_are_put_right_in_one_write(ws: Workspace, tmp_path: Path) -> None:
    imported(ws, tmp_path, odd_area(customer(1, "张三!")))
    checked(ws)
    done = apply(ws, numbers(ws), Progress())
    assert (done.applied, done.refused) == (2, ())
    assert entries(ws, limit=1)[0].summary == "修改用户 1、修改台区 1"
    assert (record(ws, "transformer_area", AREA)["name"], record(ws, "customer", FIRST)["name"]) == ("1号公变", "张三")
    assert checked(ws).resolved == 2
    undo(ws)
    assert (record(ws, "transformer_area", AREA)["name"], record(ws, "customer", FIRST)["name"]) == ("1号公变!", "张三!")


def test_a_record_changed_since_is_left_alone_even_if_its_value_cannot_be_compared(ws: Workspace, tmp_path: Path) -> None:
    imported(ws, tmp_path, odd_area(customer(1, "张三")))
    checked(ws)
    edit(ws, "transformer_area", [Edit(show(ws, "transformer_area", AREA).id, "name", "一号公变!")])
    done = apply(ws, numbers(ws), Progress())
    assert [why for _, why in done.refused] == ["记录在检查之后改动过，请重新检查"]
    checked(ws)
    assert apply(ws, numbers(ws), Progress()).applied == 1
    assert record(ws, "transformer_area", AREA)["name"] == "一号公变"


def test_alike_are_only_the_open_ones_that_have_a_suggestion(station: Workspace) -> None:
    accept(station, [number(station, "T01", FIRST)], "已核实", None)
    renamed(station, SECOND, "李四")
    checked(station)
    assert alike(station, number(station, "T01", THIRD)) == [number(station, "T01", THIRD)]
    with pytest.raises(KnownError):
        alike(station, 10**6)


def test_what_cannot_be_applied_is_refused_with_its_reason(station: Workspace) -> None:
    accept(station, [number(station, "T01", FIRST)], "已核实", None)
    renamed(station, THIRD, "王六!")
    ids = [number(station, "T01", FIRST), number(station, "T01", SECOND), number(station, "T01", THIRD), number(station, "T02", SECOND),
           number(station, "T03", THIRD), 10**6]  # fmt: skip
    done = apply(station, ids, Progress())
    assert done.applied == 1
    assert [why for _, why in done.refused[:2]] == ["已列为例外", "记录在检查之后改动过，请重新检查"]
    told = dict(done.refused)
    assert told[number(station, "T02", SECOND)] == "没有可以直接采用的建议"
    assert told[number(station, "T03", THIRD)].endswith("“很多”不是数字")
    assert told[10**6] == "没有这个问题"
    assert record(station, "customer", THIRD)["name"] == "王六!"


def test_nothing_applied_leaves_no_entry(station: Workspace) -> None:
    before = entries(station)
    done = apply(station, [number(station, "T03", THIRD)], Progress())
    assert (done.applied, done.entry_id, done.changed) == (0, 0, Changed.NOTHING)
    assert entries(station) == before


def test_a_cancelled_fix_saves_nothing(station: Workspace) -> None:
    progress = Progress()
    progress.cancel()
    with pytest.raises(Cancelled):
        apply(station, numbers(station), progress)
    assert record(station, "customer", FIRST)["name"] == "张三!"
