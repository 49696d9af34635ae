"""The rule book: read, changed, tried, put in force, taken out and in."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from tests.ui.checks.fakes import FakeChecks
from ui.main_window import MainWindow
from ui.panes.checks.pane import ChecksPane

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")  # the screenless platform, of windows and popups


@pytest.fixture
def book(qtbot: QtBot, pane: ChecksPane) -> ChecksPane:
    pane.show_view("rules")
    qtbot.waitUntil(lambda: pane.rules.list.current() is not None)
    return pane


def lines(pane: ChecksPane) -> list[str]:
    model = pane.rules.list.rules
    return [str(model.index(row).data()) for row in range(model.rowCount())]


def test_rules_stand_in_families_in_plain_words(book: ChecksPane) -> None:
    assert lines(book) == ["唯一性", "一表多箱", "规范性", "代码值不在代码表中", "一致性", "表位超容", "空间", "超出供电半径"]
    assert book.rules.summary.text() == "共 4 条，启用 4 条，1 条与出厂不同"
    book.rules.show_rule("Q50")
    detail = book.rules.detail
    assert (detail.title.text(), detail.code.text(), detail.sure.text()) == ("超出供电半径", "Q50 · 空间", "疑似，需核对")
    assert detail.editors()["max_distance_m"].text() == "500"


def test_rules_are_found_by_words(qtbot: QtBot, book: ChecksPane) -> None:
    book.rules.words.setText("半径")
    qtbot.waitUntil(lambda: lines(book) == ["空间", "超出供电半径"])


def test_the_space_key_switches_a_rule_off_once_it_is_in_force(qtbot: QtBot, book: ChecksPane, checks: FakeChecks) -> None:
    book.rules.list.go_to("Q33")
    QTest.keyClick(book.rules.list, Qt.Key.Key_Space)
    assert book.rules.foot.said.text() == "1 条规则有未生效的改动"
    assert "停用" in str(book.rules.list.currentIndex().data(Qt.ItemDataRole.AccessibleTextRole))
    assert checks.stored == []
    QTest.keyClick(book.rules.list, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: checks.stored == [{"Q33": {"enabled": False}}])
    qtbot.waitUntil(lambda: not book.rules.foot.isVisible())
    qtbot.waitUntil(lambda: not checks.book["Q33"].enabled and book.rules.summary.text().startswith("共 4 条，启用 3 条"))


def test_switching_back_is_no_change(book: ChecksPane) -> None:
    book.rules.list.go_to("Q33")
    for _ in range(2):
        QTest.keyClick(book.rules.list, Qt.Key.Key_Space)
    assert not book.rules.foot.isVisible()


@pytest.mark.parametrize(
    "typed, why",
    [("", "应填数字"), ("abc", "应填数字"), ("10", "应为 50～5000 米"), ("9999", "应为 50～5000 米")],
    ids=["empty", "words", "small", "large"],
)
def test_a_parameter_out_of_bounds_cannot_be_put_in_force(book: ChecksPane, checks: FakeChecks, typed: str, why: str) -> None:
    book.rules.show_rule("Q50")
    editor = book.rules.detail.editors()["max_distance_m"]
    editor.selectAll()
    QTest.keyClick(editor, Qt.Key.Key_Delete)
    QTest.keyClicks(editor, typed)
    assert why in book.rules.foot.why.text()
    assert not book.rules.foot.take.isEnabled()
    book.rules.put_in_force()
    assert checks.stored == []
    book.rules.drop()
    assert editor.text() == "500"
    assert not book.rules.foot.isVisible()


def test_a_list_is_typed_with_separators(book: ChecksPane) -> None:
    book.rules.show_rule("Q22")
    editor = book.rules.detail.editors()["words"]
    assert editor.text() == "测试、虚拟"
    editor.setText("测试，样例、 甲")
    editor.textEdited.emit(editor.text())
    assert book.rules.pending.given() == {"Q22": {"words": ["测试", "样例", "甲"]}}


def test_a_trial_shows_before_and_after_with_samples_and_stores_nothing(qtbot: QtBot, book: ChecksPane, checks: FakeChecks) -> None:
    book.rules.show_rule("Q50")
    editor = book.rules.detail.editors()["max_distance_m"]
    editor.selectAll()
    QTest.keyClicks(editor, "800")
    QTest.keyClick(editor, Qt.Key.Key_T, Qt.KeyboardModifier.ControlModifier)
    trial = book.rules.trial
    qtbot.waitUntil(trial.isVisible)
    assert trial.note.text().startswith("1 条规则有改动：问题 40 → 52")
    qtbot.waitUntil(lambda: trial.table.model.row(0) is not None)
    row = trial.table.model.row(0)
    assert row is not None
    assert row.values == ("Q50", "超出供电半径", "40", "52", "+12")
    assert [each.list.item(0).text() for each in (trial.come, trial.gone)] == ["箱 12 距台区 612 米", "箱 7 距台区 480 米"]
    assert checks.stored == []
    book.rules.foot.drop.click()
    assert not trial.isVisible()
    assert editor.text() == "500"


def test_a_rule_goes_back_to_what_was_shipped(book: ChecksPane) -> None:
    book.rules.show_rule("Q22")
    book.rules.detail.shipped.click()
    assert book.rules.pending.given() == {"Q22": {"words": ["测试"]}}
    assert book.rules.detail.editors()["words"].text() == "测试"


def test_a_workbook_shows_what_it_would_change_before_it_is_taken(
    qtbot: QtBot, window: MainWindow, book: ChecksPane, checks: FakeChecks, tmp_path: Path
) -> None:  # fmt: skip
    with qtbot.waitSignal(book.rules.exchange.previewed):
        book.rules.exchange.read(tmp_path / "规则手册.xlsx")
    preview = book.rules.exchange.preview
    assert preview is not None
    assert book.rules.pending.given() == {}
    preview.take.click()
    assert book.rules.pending.given() == {"Q50": {"max_distance_m": 800}}
    assert checks.stored == []


def test_the_book_goes_out_as_a_workbook(qtbot: QtBot, window: MainWindow, book: ChecksPane, tmp_path: Path) -> None:
    book.rules.exchange.write(tmp_path / "规则手册.xlsx")
    qtbot.waitUntil(lambda: [notice.what for notice in window.notices.open()] == ["已导出 规则手册.xlsx"])
    assert (tmp_path / "规则手册.xlsx").exists()


def test_runs_tell_why_a_rule_did_not_run_and_lead_on(qtbot: QtBot, pane: ChecksPane) -> None:
    pane.show_view("runs")
    table = pane.runs.table
    qtbot.waitUntil(lambda: table.model.rowCount() == 4 and table.model.row(3) is not None and table.model.row(3).values[1] != "")  # type: ignore[union-attr]
    row = table.model.row(3)
    assert row is not None
    assert row.values == ("Q50", "超出供电半径", "空间", "未运行", "", "没有一条计量箱记录有“经度”")
    table.opened.emit(3)
    assert pane.switch.current() == "rules"
    qtbot.waitUntil(lambda: pane.rules.detail.rule is not None and pane.rules.detail.rule.code == "Q50")
    pane.show_view("runs")
    table.opened.emit(2)
    assert pane.switch.current() == "problems"
    qtbot.waitUntil(lambda: pane.problems.table.model.rowCount() == 3)


def test_the_export_writes_what_is_ticked(qtbot: QtBot, window: MainWindow, pane: ChecksPane, checks: FakeChecks, tmp_path: Path) -> None:
    with qtbot.waitSignal(pane.exporting.asked):
        window.commands.trigger("checks.export")
    question = pane.exporting.question
    assert question is not None
    assert not question.yes.isEnabled()
    question.set_folder(str(tmp_path))
    question.files.item(0).setCheckState(Qt.CheckState.Unchecked)
    assert question.marked.checkState() is Qt.CheckState.PartiallyChecked
    question.yes.click()
    qtbot.waitUntil(lambda: checks.written == [(tmp_path, (2,), True)])
    qtbot.waitUntil(lambda: "已导出 问题清单.xlsx" in [notice.what for notice in window.notices.open()])
    pane.exporting.ask()
    qtbot.waitUntil(lambda: pane.exporting.question is not question)
    assert pane.exporting.question is not None
    assert pane.exporting.question.place.text() == str(tmp_path)
    pane.exporting.question.reject()
