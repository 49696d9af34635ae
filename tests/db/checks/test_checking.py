"""Runs of the rules: numbers stay, what is gone is resolved, history gets no entry, a cancelled run changes nothing."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from lvdesk.checks.checking import check, state
from lvdesk.checks.engine import Skipped
from lvdesk.checks.exceptions import accept
from lvdesk.checks.model import Values
from lvdesk.checks.registry import discover
from lvdesk.checks.station import Station
from lvdesk.checks.tuning import change
from lvdesk.history import entries, undo
from lvdesk.kit.errors import Cancelled, KnownError
from lvdesk.kit.progress import Progress
from lvdesk.ledger.deskcheck import mark
from lvdesk.network.counting import loop
from lvdesk.workspace import Workspace
from tests.helpers.stations import taken, workbook
from tests.helpers.trials import by_identity, checked, customer, imported, numbers, renamed, trial_rules

__all__ = ["trial_rules"]
pytestmark = pytest.mark.usefixtures("near_reader", "trial_rules")

FIRST, SECOND, THIRD = "4209747011", "4209747012", "4209747013"


class CancelledAt(Progress):
    """The user cancels as a stage begins."""

    def __init__(self, stage: str) -> None:
        super().__init__()
        self._stage = stage

    def start(self, label: str, total: int = 0, unit: str = "行", *, cancellable: bool = True) -> None:
        if label == self._stage:
            self.cancel()
        super().start(label, total, unit, cancellable=cancellable)


@pytest.fixture
def station(ws: Workspace, tmp_path: Path) -> Workspace:
    imported(ws, tmp_path, customer(1, "张三!"), customer(2, "李四!", ""), customer(3, "王五", capacity="500", area=2))
    return ws


def test_a_run_tells_what_ran_and_what_it_found(station: Workspace) -> None:
    assert (state(station).at, state(station).stale) == ("", False)
    report = checked(station)
    assert [(run.code, run.title, run.found) for run in report.rules_run] == [
        ("T01", "名称有感叹号", 2), ("T02", "没有地址", 1), ("T03", "容量过大", 1), ("T05", "台区名有感叹号", 0),
    ]  # fmt: skip
    assert report.rules_skipped == (Skipped("T04", "还没有杆塔记录"),)
    assert (report.counts, report.new, report.resolved, report.excepted) == ({"error": 2, "warning": 1, "info": 1}, 4, 0, 0)
    last = state(station)
    assert (last.person, last.counts, last.rules_run, last.rules_skipped) == ("张三", report.counts, report.rules_run, report.rules_skipped)
    assert last.at
    assert not last.stale


def test_a_finding_says_where_its_value_stands(station: Workspace) -> None:
    checked(station)
    found = by_identity(station)["T01", SECOND]
    assert (found.file, found.sheet, found.row) == ("用户.xlsx", "用户", 3)
    assert (found.area_no, found.area_name, found.value) == ("4231757321", "1号公变", "李四!")
    renamed(station, SECOND, "李四!!")
    checked(station)
    typed = by_identity(station)["T01", SECOND]
    assert (typed.id, typed.file, typed.row, typed.value) == (found.id, "", 0, "李四!!")


def test_a_second_run_over_the_same_data_changes_nothing(station: Workspace) -> None:
    checked(station)
    before = by_identity(station)
    report = checked(station)
    assert (report.new, report.resolved) == (0, 0)
    assert by_identity(station) == before


def test_numbers_stay_when_a_fault_goes_and_comes_back(station: Workspace) -> None:
    checked(station)
    number = by_identity(station)["T01", FIRST].id
    renamed(station, FIRST, "张三")
    assert checked(station).resolved == 1
    gone = by_identity(station)["T01", FIRST]
    assert (gone.id, gone.state, number in numbers(station)) == (number, "resolved", False)
    renamed(station, FIRST, "张三!")
    report = checked(station)
    assert (report.new, report.resolved) == (1, 0)
    back = by_identity(station)["T01", FIRST]
    assert (back.id, back.state, back.resolved_at, back.found_at) == (number, "open", "", gone.found_at)


def test_a_new_fault_never_gets_an_old_number(station: Workspace, tmp_path: Path) -> None:
    checked(station)
    highest = max(numbers(station))
    for name in ("张三", "张三!"):
        renamed(station, FIRST, name)
        checked(station)
    imported(station, tmp_path, customer(4, "赵六!"), name="新.xlsx")
    checked(station)
    assert by_identity(station)["T01", "4209747014"].id == highest + 1


def test_a_run_leaves_no_entry_and_the_import_can_be_undone(station: Workspace) -> None:
    before = entries(station)
    checked(station)
    assert entries(station) == before
    undo(station)
    assert state(station).stale
    assert checked(station).resolved == 4
    assert numbers(station) == []


def test_a_run_is_out_of_date_once_data_or_rules_change(station: Workspace, tmp_path: Path) -> None:
    checked(station)
    accept(station, numbers(station)[:1], "已核实", None)
    assert not state(station).stale
    renamed(station, FIRST, "张三")
    assert state(station).stale
    checked(station)
    assert not state(station).stale
    imported(station, tmp_path, customer(4, "赵六"), name="新.xlsx")
    assert state(station).stale


def test_a_cancelled_run_changes_nothing(station: Workspace) -> None:
    checked(station)
    before, last = by_identity(station), state(station)
    renamed(station, FIRST, "张三")
    for stage in ("正在读取", "正在检查", "正在保存结果", "正在写入磁盘"):
        progress = CancelledAt(stage)
        with pytest.raises(Cancelled):
            check(station, progress)
        assert progress.snapshot().label != stage
        assert by_identity(station) == before
        assert state(station).at == last.at


@pytest.mark.expects_log
def test_a_rule_that_fails_stops_the_run_and_leaves_the_findings(station: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    checked(station)
    before, last = by_identity(station), state(station)
    renamed(station, FIRST, "张三")

    def fails(_station: Station, _values: Values) -> Iterator[pl.DataFrame]:
        yield pl.DataFrame({"no": ["hit"]})

    rules = discover()
    monkeypatch.setitem(rules, "T02", replace(rules["T02"], find=fails))
    with pytest.raises(KnownError) as failed:
        checked(station)
    assert failed.value.code == "check.rule_failed"
    assert "T02“没有地址”" in failed.value.message
    assert "停用该规则" in failed.value.hint
    assert (by_identity(station), state(station).at) == (before, last.at)
    change(station, {"T02": {"enabled": False}})
    checked(station)
    assert by_identity(station)["T01", FIRST].state == "resolved"


def test_the_loop_says_what_waits(station: Workspace) -> None:
    steps = {step.key: step for step in loop(station)}
    assert (steps["checks"].enabled, steps["checks"].detail) == (True, "还没有检查过")
    checked(station)
    accept(station, [by_identity(station)["T01", FIRST].id], "已核实", None)
    step = {step.key: step for step in loop(station)}["checks"]
    assert (step.count, step.waiting, step.detail) == (3, 1, "未处理 3 处，其中错误 1 处")


def test_customers_whom_the_ledger_calls_gone_wait_for_the_desk_check(ws: Workspace, tmp_path: Path) -> None:
    states = {FIRST: "正常用电客户", SECOND: "已销户", THIRD: "销户"}
    rows = [["用户编号", "用户名称", "用户状态", "计量点编号"], *([key, "张三", status, f"09{key}"] for key, status in states.items())]
    taken(ws, workbook(tmp_path / "用户.xlsx", {"用户": rows}))
    step = {step.key: step for step in loop(ws)}["deskcheck"]
    assert (step.enabled, step.count, step.waiting) == (True, 0, 2)
    mark(ws, [SECOND], "确认销户", "台账状态为已销户", Progress())
    step = {step.key: step for step in loop(ws)}["deskcheck"]
    assert (step.count, step.waiting, step.detail) == (1, 1, "已标注 1 户，待核实 1 户")
