"""The findings: found by group and filter, put right, excepted, opened in the ledger."""

import threading
from dataclasses import replace

import pytest
from PySide6.QtCore import QItemSelectionModel, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from lvdesk.kit.errors import KnownError
from lvdesk.kit.table import Condition, Filter
from lvdesk.network.changed import Changed
from tests.ui.checks.fakes import FakeChecks, finding
from ui.main_window import MainWindow
from ui.panes.checks.asking import ApplyAsking, ExceptAsking
from ui.panes.checks.pane import ChecksPane

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")  # the screenless platform, of windows and popups


def titles(pane: ChecksPane) -> list[str]:
    model = pane.problems.groups.groups
    return [str(model.index(row).data()) for row in range(model.rowCount())]


def shown(qtbot: QtBot, pane: ChecksPane, identity: int) -> None:
    """Makes a finding current and waits until the inspector has it."""
    qtbot.waitUntil(lambda: pane.problems.table.model.row_of(identity) is not None)
    pane.problems.table.go_to(identity)
    qtbot.waitUntil(lambda: pane.problems.inspector.finding is not None and pane.problems.inspector.finding.id == identity)


def listed(qtbot: QtBot, pane: ChecksPane, count: int) -> None:
    qtbot.waitUntil(lambda: pane.problems.table.model.rowCount() == count)


def notices(window: MainWindow) -> list[str]:
    return [notice.what for notice in window.notices.open()]


def test_the_first_look_lists_what_is_open(qtbot: QtBot, window: MainWindow, pane: ChecksPane) -> None:
    listed(qtbot, pane, 13)
    qtbot.waitUntil(lambda: titles(pane) == ["全部", "代码值不在代码表中", "表位超容", "一表多箱"])
    assert [chip.text() for chip in pane.head.counts.values()] == ["错误 9", "警告 3", "提示 1", "例外 0"]
    assert pane.badge() == 9
    assert pane.head.last.text() == "上次检查 今天 14:32 · 陈思远"
    assert pane.problems.inspector.finding is not None or pane.problems.table.current_id() == 1


@pytest.mark.parametrize(
    "by, group, count",
    [("rule", "表位超容", 3), ("area", "文晖路1#公变", 7), ("field", "用户 · 用户编号", 1)],
    ids=["rule", "area", "field"],
)
def test_a_group_narrows_the_list(qtbot: QtBot, pane: ChecksPane, by: str, group: str, count: int) -> None:
    listed(qtbot, pane, 13)
    pane.problems.by.chosen.emit(by)
    qtbot.waitUntil(lambda: group in titles(pane))
    model = pane.problems.groups.groups
    pane.problems.groups.setCurrentIndex(model.index(titles(pane).index(group)))
    listed(qtbot, pane, count)
    pane.problems.groups.setCurrentIndex(model.index(0))
    listed(qtbot, pane, 13)


def test_a_count_opens_its_findings(qtbot: QtBot, pane: ChecksPane) -> None:
    listed(qtbot, pane, 13)
    pane.show_view("rules")
    pane.head.counts["warning"].click()
    listed(qtbot, pane, 3)
    assert pane.switch.current() == "problems"


def test_f8_goes_from_finding_to_finding_and_opens_each(qtbot: QtBot, pane: ChecksPane) -> None:
    shown(qtbot, pane, 1)
    pane.problems.table.find_marked(1)
    qtbot.waitUntil(lambda: pane.problems.table.current_id() == 2)
    qtbot.waitUntil(lambda: pane.problems.inspector.finding is not None and pane.problems.inspector.finding.id == 2)
    pane.problems.table.find_marked(-1)
    qtbot.waitUntil(lambda: pane.problems.table.current_id() == 1)


def test_the_inspector_tells_what_where_and_how(qtbot: QtBot, pane: ChecksPane) -> None:
    shown(qtbot, pane, 3)
    inspector = pane.problems.inspector
    assert inspector.title.text() == "代码值不在代码表中"
    assert inspector.rule.text() == "Q22 · 规范性"
    assert inspector.where.text() == "用户 4209747003\n文晖路1#公变"
    assert inspector.origin.text() == "10kV文一线.xlsx › 低压用户台账 › 第 5 行"
    assert (inspector.fix.text(), inspector.suggested.text()) == ("改为代码表中的值", "用户状态 → 正常用电客户")
    assert inspector.apply_all.text() == "应用到全部同类 (8)…"


def test_a_code_is_put_right_in_place(qtbot: QtBot, window: MainWindow, pane: ChecksPane, checks: FakeChecks) -> None:
    shown(qtbot, pane, 2)
    editor = pane.problems.inspector.editor
    editor.choice.setCurrentText("已销户客户")
    editor.store()
    qtbot.waitUntil(lambda: [(each.record, each.field, each.text) for each in checks.edits] == [(2, "status", "已销户客户")])
    qtbot.waitUntil(pane.head.stale.isVisible)  # how long a run takes is not known yet


def test_a_short_check_runs_again_by_itself_and_the_next_finding_is_there(qtbot: QtBot, pane: ChecksPane, checks: FakeChecks) -> None:
    shown(qtbot, pane, 2)
    pane.runner.check()
    qtbot.waitUntil(lambda: checks.checks == 1 and not pane.runner.running)
    pane.problems.inspector.editor.choice.setCurrentText("已销户客户")
    pane.problems.inspector.editor.store()
    qtbot.waitUntil(lambda: checks.checks == 2 and not pane.runner.running)
    listed(qtbot, pane, 12)
    qtbot.waitUntil(lambda: pane.problems.table.current_id() == 3)
    assert not pane.head.stale.isVisible()


def test_a_long_check_waits_for_a_person(qtbot: QtBot, window: MainWindow, pane: ChecksPane, checks: FakeChecks) -> None:
    listed(qtbot, pane, 13)
    pane.runner.seconds = 8.0
    checks.stale = True
    window.bus.tell(Changed.NETWORK)
    qtbot.waitUntil(pane.head.stale.isVisible)
    assert checks.checks == 0
    QTest.keyClick(pane.problems.table.view, Qt.Key.Key_F5)
    qtbot.waitUntil(lambda: checks.checks == 1 and not pane.head.stale.isVisible())
    qtbot.waitUntil(lambda: "检查完成：错误 9、警告 3、提示 1" in notices(window))


def test_a_text_that_is_no_value_is_refused_while_it_is_typed(qtbot: QtBot, pane: ChecksPane, checks: FakeChecks) -> None:
    shown(qtbot, pane, 9)
    editor = pane.problems.inspector.editor
    editor.line.selectAll()
    QTest.keyClicks(editor.line, "zhang?")
    qtbot.waitUntil(lambda: editor.verdict.text() == "用户名称：不能含有问号")
    assert not editor.save.isEnabled()
    editor.store()
    qtbot.waitUntil(lambda: not pane.context.jobs.running())
    assert checks.edits == []


@pytest.mark.parametrize(
    "identity, why", [(12, "这一行没有成为台账记录"), (13, "用户编号是记录的标识，不能直接修改")], ids=["no record", "identifier"]
)
def test_what_cannot_be_changed_says_why(qtbot: QtBot, pane: ChecksPane, identity: int, why: str) -> None:
    shown(qtbot, pane, identity)
    editor = pane.problems.inspector.editor
    assert not editor.save.isVisible()
    assert editor._why_not.text().startswith(why)


def test_one_suggestion_is_applied_at_once(qtbot: QtBot, window: MainWindow, pane: ChecksPane, checks: FakeChecks) -> None:
    shown(qtbot, pane, 4)
    window.commands.trigger("checks.apply")
    qtbot.waitUntil(lambda: checks.findings[4].value == "正常用电客户")
    qtbot.waitUntil(lambda: "已修改 1 处" in notices(window))


def test_all_alike_says_how_many_and_a_sample_first(qtbot: QtBot, window: MainWindow, pane: ChecksPane, checks: FakeChecks) -> None:
    shown(qtbot, pane, 4)
    with qtbot.waitSignal(pane.deeds.asked):
        pane.problems.inspector.apply_all.click()
    question = pane.deeds.question
    assert isinstance(question, ApplyAsking)
    assert question.head.text() == "将按建议修改 8 处"
    assert question.sample._lines[0].text() == "4209747001：旧值　用户状态 → 正常用电客户"
    assert question.sample._more.text() == "…… 另有 3 条"
    assert checks.findings[4].value == "旧值"
    question.agree()
    qtbot.waitUntil(lambda: "已修改 7 处，1 处没有修改" in notices(window))


def test_an_exception_needs_a_reason_and_may_end(qtbot: QtBot, pane: ChecksPane, checks: FakeChecks) -> None:
    shown(qtbot, pane, 5)
    pane.deeds.ask_exception()
    question = pane.deeds.question
    assert isinstance(question, ExceptAsking)
    assert not question.yes.isEnabled()
    question.reason.setText("现场已核实")
    question.until.setCurrentIndex(question.until.findData("month"))
    question.agree()
    listed(qtbot, pane, 12)
    excepted = checks.findings[5]
    assert (excepted.state, excepted.reason, excepted.expires_on) == ("excepted", "现场已核实", "2026-12-22")
    pane.problems.states.chosen.emit("excepted")
    shown(qtbot, pane, 5)
    said = "现场已核实\n陈思远 · 今天 14:32 · 到 2026-12-22 为止"
    qtbot.waitUntil(lambda: pane.problems.inspector.exception.text() == said)
    pane.problems.inspector.withdraw.click()
    qtbot.waitUntil(lambda: checks.findings[5].state == "open")


def test_the_whole_filtered_set_is_excepted_after_count_sample_and_condition(
    qtbot: QtBot, pane: ChecksPane, checks: FakeChecks
) -> None:  # fmt: skip
    shown(qtbot, pane, 1)
    pane.problems.table.set_filter("severity", Filter("severity", Condition.ONE_OF, ("警告",)))
    listed(qtbot, pane, 3)
    pane.deeds.ask_exception()
    question = pane.deeds.question
    assert isinstance(question, ExceptAsking)
    question.scope.select("all")
    question.scope.chosen.emit("all")
    assert question.head.text() == "将把 3 条问题列为例外"
    assert question.condition.text() == "条件：未处理的问题；程度：警告"
    qtbot.waitUntil(lambda: question.sample._lines[2].text() == "4209747011：箱 11 有 9 块表")
    question.reason.setText("老旧箱体")
    question.agree()
    qtbot.waitUntil(lambda: [checks.findings[number].state for number in (9, 10, 11)] == ["excepted"] * 3)
    assert checks.findings[9].expires_on == ""


def test_only_the_selected_rows_are_excepted(qtbot: QtBot, pane: ChecksPane) -> None:
    shown(qtbot, pane, 1)
    table = pane.problems.table
    for row in (1, 3):
        table.view.selectionModel().select(table.model.index(row, 1), QItemSelectionModel.SelectionFlag.Select)
    pane.deeds.ask_exception()
    question = pane.deeds.question
    assert isinstance(question, ExceptAsking)
    assert {key: list(each.ids) for key, each in question._extents.items()} == {"chosen": [1, 2, 4], "all": list(range(1, 14))}
    question.reject()


def test_enter_opens_the_record_in_the_ledger(
    qtbot: QtBot, window: MainWindow, pane: ChecksPane, monkeypatch: pytest.MonkeyPatch
) -> None:  # fmt: skip
    shown(qtbot, pane, 6)
    led: list[tuple[object, ...]] = []
    monkeypatch.setattr(pane.deeds, "_context", replace(pane.context, navigate=lambda *target: led.append(target)))
    QTest.keyClick(pane.problems.table.view, Qt.Key.Key_Return)
    assert led == [("ledger", ("customer", 6, "status"))]
    shown(qtbot, pane, 12)
    QTest.keyClick(pane.problems.table.view, Qt.Key.Key_Return)
    assert notices(window) == ["这一行没有成为台账记录"]
    assert len(led) == 1


@pytest.mark.parametrize("checks", [FakeChecks(ran=False)], ids=[""])
def test_a_station_never_checked_offers_the_check(qtbot: QtBot, pane: ChecksPane, checks: FakeChecks) -> None:
    qtbot.waitUntil(lambda: pane.problems.state.title() == "还没有检查过")
    assert not any(chip.isVisible() for chip in pane.head.counts.values())
    checks.findings[1] = finding(1)
    pane.problems.state._offers[0][0].click()
    listed(qtbot, pane, 1)


@pytest.mark.parametrize("checks", [FakeChecks({})], ids=[""])
def test_nothing_found_is_told_as_good_news(qtbot: QtBot, pane: ChecksPane) -> None:
    qtbot.waitUntil(lambda: pane.problems.state.title() == "没有发现问题")
    assert pane.problems.state.accessibleName() == "没有发现问题。3 条规则全部通过，1 条因缺少数据或已停用没有运行"


def test_a_run_without_any_data_is_not_called_good(
    qtbot: QtBot, window: MainWindow, pane: ChecksPane, checks: FakeChecks, monkeypatch: pytest.MonkeyPatch
) -> None:  # fmt: skip
    listed(qtbot, pane, 13)
    empty = replace(checks.state(), rules_run=(), counts={})
    monkeypatch.setattr(checks, "state", lambda: empty)
    window.bus.tell(Changed.CHECKS)
    qtbot.waitUntil(lambda: pane.problems.state.title() == "还没有可以检查的数据")


def test_an_error_is_told_and_tried_again(qtbot: QtBot, window: MainWindow, pane: ChecksPane, checks: FakeChecks) -> None:
    listed(qtbot, pane, 13)
    checks.error = KnownError("db.locked", "数据库正被另一个程序占用", "请关闭它后重试")
    window.bus.tell(Changed.CHECKS)
    qtbot.waitUntil(lambda: pane.problems.state.title() == "数据库正被另一个程序占用")
    checks.error = None
    pane.problems.state._offers[0][0].click()
    qtbot.waitUntil(pane.problems.table.view.isVisible)
    listed(qtbot, pane, 13)


def test_a_check_is_cancelled(qtbot: QtBot, window: MainWindow, pane: ChecksPane, checks: FakeChecks) -> None:
    listed(qtbot, pane, 13)
    checks.hold = threading.Event()
    pane.show_view("problems")
    pane.runner.check()
    qtbot.waitUntil(lambda: pane.head.cancel.isVisible() and pane.head.last.text().startswith("正在检查 · 0 / 40 条规则"))
    QTest.keyClick(pane.problems.table.view, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: "已取消检查，问题清单保持原样" in notices(window))
    assert not pane.head.cancel.isVisible()
    assert checks.checks == 0


def test_the_last_finding_of_a_group_leads_back_to_all(qtbot: QtBot, window: MainWindow, pane: ChecksPane, checks: FakeChecks) -> None:
    pane.reveal(("rule", "Q33"))
    listed(qtbot, pane, 3)
    for number in (9, 10, 11):
        checks.findings[number] = replace(checks.findings[number], state="resolved")
    window.bus.tell(Changed.CHECKS)
    listed(qtbot, pane, 10)
    assert str(pane.problems.groups.currentIndex().data()) == "全部"


def test_f5_refreshes_elsewhere_and_checks_here(qtbot: QtBot, window: MainWindow, pane: ChecksPane) -> None:
    refresh = window.commands.qaction("view.refresh")
    assert refresh is not None
    assert not refresh.isEnabled()
    pane.hide()
    assert refresh.isEnabled()
