"""Faults that are accepted: closed on every later run until the value changes or the day has passed; undoable."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from lvdesk.checks.exceptions import accept, withdraw
from lvdesk.checks.findings import Scope, show
from lvdesk.history import detail, entries, redo, undo
from lvdesk.kit.errors import RefusedError
from lvdesk.kit.progress import Progress
from lvdesk.workspace import Workspace
from tests.helpers.trials import by_identity, checked, customer, imported, numbers, renamed, trial_rules

__all__ = ["trial_rules"]
pytestmark = pytest.mark.usefixtures("near_reader", "trial_rules")

FIRST = "4209747011"
ROWS = [customer(1, "张三!"), customer(2, "李四!"), customer(3, "王五", "")]


@pytest.fixture
def station(ws: Workspace, tmp_path: Path) -> Workspace:
    imported(ws, tmp_path, *ROWS)
    checked(ws)
    return ws


def named(ws: Workspace) -> int:
    """The finding on the first customer's name."""
    return by_identity(ws)["T01", FIRST].id


def test_an_exception_stays_closed_on_every_later_run(station: Workspace) -> None:
    accept(station, [named(station)], " 现场名称如此 ", None)
    for _ in range(2):
        report = checked(station)
        assert (report.excepted, report.counts["error"], report.new) == (1, 1, 0)
    found = show(station, named(station))
    assert (found.state, found.reason, found.person) == ("excepted", "现场名称如此", "张三")


def test_it_reopens_when_the_value_changes_and_the_old_reason_stays_to_see(station: Workspace) -> None:
    number = named(station)
    accept(station, [number], "现场名称如此", None)
    renamed(station, FIRST, "张三丰!")
    assert show(station, number).state == "excepted"  # the last run knew the old value
    report = checked(station)
    assert (report.excepted, report.counts["error"]) == (0, 2)
    assert (show(station, number).state, show(station, number).reason) == ("open", "现场名称如此")
    accept(station, [number], "确实改名", None)
    assert (show(station, number).state, show(station, number).reason) == ("excepted", "确实改名")
    renamed(station, FIRST, "张三!")
    checked(station)
    assert show(station, number).state == "open"


@pytest.mark.parametrize("day, later", [("2026-06-01", "open"), ("2026-06-02", "excepted"), ("2026-06-03", "excepted"), (None, "excepted")])
def test_it_holds_to_the_end_of_its_last_day(station: Workspace, day: str | None, later: str) -> None:
    station.clock = lambda: datetime(2026, 6, 1, 9, tzinfo=UTC)
    accept(station, [named(station)], "等待营销更名", day)
    assert show(station, named(station)).state == "excepted"
    station.clock = lambda: datetime(2026, 6, 2, 9, tzinfo=UTC)
    assert show(station, named(station)).state == later
    assert (named(station) in numbers(station)) == (later == "open")


def test_it_outlives_undo_and_reimport_of_the_data(station: Workspace, tmp_path: Path) -> None:
    number = named(station)
    accept(station, [number], "现场名称如此", None)
    imported(station, tmp_path, *ROWS, customer(4, "赵六"), name="新.xlsx")
    checked(station)
    assert show(station, number).state == "excepted"
    undo(station)
    undo(station, next(entry.id for entry in entries(station) if entry.label == "导入 用户.xlsx"))
    checked(station)
    assert show(station, number).state == "resolved"
    imported(station, tmp_path, *ROWS)
    checked(station)
    assert show(station, number).state == "excepted"


def test_accepting_and_withdrawing_are_single_undoable_writes(station: Workspace) -> None:
    both = numbers(station, scope=Scope("rule", "T01"))
    accept(station, both, "已核实", None, Progress())
    assert entries(station, limit=1)[0].label == "例外：T01 2 处"
    assert (entries(station, limit=1)[0].summary, len(numbers(station))) == ("新增例外 2", 1)
    told = {(line.entity_title, line.key, line.field_title, line.after) for line in detail(station, entries(station, limit=1)[0].id)}
    assert ("例外", f"T01 {FIRST}", "理由", "已核实") in told
    undo(station)
    assert len(numbers(station)) == 3
    redo(station)
    withdraw(station, both)
    assert entries(station, limit=1)[0].label == "撤回例外：T01 2 处"
    assert len(numbers(station)) == 3
    undo(station)
    assert len(numbers(station)) == 1


def test_a_new_reason_for_an_exception_is_told_in_history(station: Workspace) -> None:
    accept(station, numbers(station), "已核实", None)
    assert entries(station, limit=1)[0].label == "例外：2 条规则 3 处"
    accept(station, [named(station)], "再次核实", "2099-12-31")
    (newest,) = entries(station, limit=1)
    told = {(line.key, line.field_title, line.before, line.after) for line in detail(station, newest.id)}
    assert (f"T01 {FIRST}", "理由", "已核实", "再次核实") in told
    assert (f"T01 {FIRST}", "到期日", "", "2099-12-31") in told


@pytest.mark.parametrize(
    "reason, day, code",
    [
        ("", None, "exception.reason"),
        ("  ", None, "exception.reason"),
        ("已核实", "2020-01-01", "exception.expires"),
        ("已核实", "明天", "exception.expires"),
    ],
)
def test_what_cannot_be_accepted_is_said(station: Workspace, reason: str, day: str | None, code: str) -> None:
    with pytest.raises(RefusedError) as refused:
        accept(station, numbers(station), reason, day)
    assert refused.value.code == code
    assert len(numbers(station)) == 3


def test_nothing_to_accept_or_withdraw_is_said(station: Workspace) -> None:
    before = entries(station)
    with pytest.raises(RefusedError):
        withdraw(station, numbers(station))
    renamed(station, FIRST, "张三")
    checked(station)
    with pytest.raises(RefusedError) as refused:
        accept(station, [named(station), 10**6], "已核实", None)
    assert refused.value.code == "exception.none"
    assert entries(station)[1:] == before
