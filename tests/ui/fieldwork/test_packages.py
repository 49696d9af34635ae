"""The packages: listed by state, one looked at and changed, moved along, its sheets printed."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from lvdesk.fieldwork.model import SheetState
from lvdesk.kit.errors import KnownError
from lvdesk.network.changed import Changed
from tests.ui.fieldwork.fakes import FakeFieldwork
from ui.main_window import MainWindow
from ui.panes.fieldwork.loading import Move, Paper
from ui.panes.fieldwork.pane import FieldworkPane

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")  # the screenless platform, of windows and popups
PREPARED, OUT, LATE, CLOSED = "CL261122-04", "CL261122-03", "CL261110-02", "CL261101-01"


def shown(qtbot: QtBot, pane: FieldworkPane, number: str) -> None:
    """Makes a package current and waits until everything about it is there."""
    view = pane.packages
    qtbot.waitUntil(lambda: view.rows.number_of(number) is not None and view.table.model.rowCount() > 0)
    view.table.go_to(view.rows.number_of(number) or 0)
    qtbot.waitUntil(lambda: view.inspector.detail is not None and view.inspector.detail.view.package_no == number)
    qtbot.waitUntil(lambda: view.items.model.rowCount() == 3)


def listed(qtbot: QtBot, pane: FieldworkPane, *numbers: str) -> None:
    view = pane.packages
    qtbot.waitUntil(lambda: [view.rows.key_of(each) for each in view.table.model.ids] == list(numbers))


def deeds(pane: FieldworkPane) -> set[str]:
    return {key for key, each in pane.packages.inspector.buttons.items() if not each.isHidden()}


def notices(window: MainWindow) -> list[str]:
    return [notice.what for notice in window.notices.open()]


def test_the_first_look_lists_every_package_and_counts_what_is_late(qtbot: QtBot, pane: FieldworkPane) -> None:
    listed(qtbot, pane, PREPARED, OUT, LATE, CLOSED)
    shown = [chip.text() for chip in pane.packages.states._chips.values()]
    assert shown == ["全部  4", "待发出  1", "已发出  1", "部分收回  1", "已收回  0", "已结束  1", "已作废  0", "逾期  1"]
    assert pane.badge() == 1


@pytest.mark.parametrize("state, numbers", [("prepared", [PREPARED]), ("overdue", [LATE]), ("back", [])], ids=["prepared", "late", "none"])
def test_a_state_narrows_the_list(qtbot: QtBot, pane: FieldworkPane, state: str, numbers: list[str]) -> None:
    listed(qtbot, pane, PREPARED, OUT, LATE, CLOSED)
    pane.reveal(("state", state))
    listed(qtbot, pane, *numbers)


def test_f8_goes_to_what_is_overdue(qtbot: QtBot, pane: FieldworkPane) -> None:
    shown(qtbot, pane, PREPARED)
    pane.packages.table.find_marked(1)
    qtbot.waitUntil(lambda: pane.packages.current() == LATE)
    qtbot.waitUntil(lambda: pane.packages.inspector.late.text() == "逾期 5 天" and pane.packages.inspector.late.isVisible())


@pytest.mark.parametrize(
    "number, offered",
    [
        (PREPARED, {"preview", "print", "pdf", "workbook", "send", "cancel"}),
        (OUT, {"preview", "print", "pdf", "workbook", "take_back", "close", "cancel"}),
        (CLOSED, {"reopen"}),
    ],
    ids=["prepared", "out", "closed"],
)
def test_only_what_the_state_allows_is_offered(qtbot: QtBot, pane: FieldworkPane, number: str, offered: set[str]) -> None:
    shown(qtbot, pane, number)
    assert deeds(pane) == offered


def test_the_team_is_changed_in_place(qtbot: QtBot, window: MainWindow, pane: FieldworkPane, field: FakeFieldwork) -> None:
    shown(qtbot, pane, PREPARED)
    facts = pane.packages.inspector.facts
    assert facts.hint.text() == "发出前至少要有两名采录人"
    facts.start()
    facts.lines["people"].setText("王建国， 周志强")
    facts.lines["people"].textEdited.emit("")
    facts.days["due_on"].line.setText("12-2")
    facts.days["due_on"].line.editingFinished.emit()
    QTest.keyClick(facts.lines["people"], Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: field.changes == [(PREPARED, {"people": ("王建国", "周志强"), "due_on": "2026-12-02"})])
    qtbot.waitUntil(lambda: f"已修改任务包 {PREPARED}" in notices(window) and not facts.save.isVisible())


def test_a_word_that_is_no_day_is_not_stored(qtbot: QtBot, pane: FieldworkPane, field: FakeFieldwork) -> None:
    shown(qtbot, pane, PREPARED)
    facts = pane.packages.inspector.facts
    facts.days["planned_on"].line.setText("下周")
    assert facts.hint.text() == "日期请写成 2026-11-25 或 11-25"
    facts.store()
    assert not facts.save.isEnabled()
    assert field.changes == []


def test_what_is_being_typed_survives_a_refresh(qtbot: QtBot, window: MainWindow, pane: FieldworkPane) -> None:
    shown(qtbot, pane, PREPARED)
    line = pane.packages.inspector.facts.lines["note"]
    line.setText("带梯子")
    before = pane.packages._looked
    window.bus.tell(Changed.PACKAGES)
    qtbot.waitUntil(lambda: pane.packages._looked > before and not pane.context.jobs._running)
    assert line.text() == "带梯子"


def test_a_package_that_lacks_people_is_not_sent(qtbot: QtBot, window: MainWindow, pane: FieldworkPane) -> None:
    shown(qtbot, pane, PREPARED)
    window.commands.trigger("fieldwork.send")
    qtbot.waitUntil(lambda: "任务包没有发出" in notices(window))


def test_things_out_are_taken_back_with_a_result(qtbot: QtBot, window: MainWindow, pane: FieldworkPane, field: FakeFieldwork) -> None:
    shown(qtbot, pane, OUT)
    with qtbot.waitSignal(pane.deeds.asked):
        window.commands.trigger("fieldwork.take_back")
    question = pane.deeds.question
    assert question is not None
    assert question.head.text() == "收回 3 个对象"
    question.reason.setEditText("无法进入")
    question.agree()
    every = tuple(("meter_box", f"0000000000000{place}") for place in (1, 2, 3))
    qtbot.waitUntil(lambda: field.moves == [Move("take_back", OUT, every, "无法进入")])
    qtbot.waitUntil(lambda: pane.packages.inspector.chip.text() == "已收回")
    assert notices(window) == [f"已登记收回 {OUT}，3 个对象"]


def test_calling_off_needs_a_reason(qtbot: QtBot, window: MainWindow, pane: FieldworkPane, field: FakeFieldwork) -> None:
    shown(qtbot, pane, PREPARED)
    pane.deeds.do("cancel", PREPARED)
    question = pane.deeds.question
    assert question is not None
    question.agree()
    assert not question.yes.isEnabled()
    question.reason.setEditText("重复建立")
    question.agree()
    qtbot.waitUntil(lambda: field.moves == [Move("cancel", PREPARED, (), "重复建立")])


def test_selected_things_leave_the_package(qtbot: QtBot, pane: FieldworkPane, field: FakeFieldwork) -> None:
    shown(qtbot, pane, PREPARED)
    items = pane.packages.items
    items.view.setCurrentIndex(items.model.index(1, 0))
    items.view.selectRow(1)
    qtbot.waitUntil(pane.packages.drop.isEnabled)
    pane.packages.drop.click()
    question = pane.deeds.question
    assert question is not None
    assert question.sample.text().startswith("2　00000000000002")
    question.agree()
    qtbot.waitUntil(lambda: field.moves == [Move("drop", PREPARED, (("meter_box", "00000000000002"),))])


def test_a_thing_opens_in_the_ledger(qtbot: QtBot, pane: FieldworkPane, monkeypatch: pytest.MonkeyPatch) -> None:
    shown(qtbot, pane, OUT)
    with qtbot.waitSignal(pane.packages.record_asked) as asked:
        pane.packages.items.opened.emit(pane.packages.items.model.ids[1])
    assert asked.args == ["meter_box", 2]


def test_a_pdf_is_written_then_its_sheets_are_printed(qtbot: QtBot, window: MainWindow, pane: FieldworkPane, tmp_path: Path) -> None:
    shown(qtbot, pane, PREPARED)
    assert pane.packages.inspector.buttons["print"].property("kind") == "primary"
    path = tmp_path / "out.pdf"
    pane.printing.write_pdf(Paper(PREPARED), path)
    qtbot.waitUntil(lambda: "已导出 out.pdf，3 张，已登记为已打印" in notices(window), timeout=20_000)
    assert path.read_bytes().startswith(b"%PDF")
    qtbot.waitUntil(lambda: pane.packages.inspector.buttons["send"].property("kind") == "primary")


def test_no_printer_marks_nothing(qtbot: QtBot, pane: FieldworkPane, field: FakeFieldwork) -> None:
    shown(qtbot, pane, PREPARED)
    asked: list[int] = []
    pane.printing.ask_printer = lambda _parent, _title, count: asked.append(count)
    pane.deeds.do("print", PREPARED)
    qtbot.waitUntil(lambda: asked == [3])
    assert field.printed == []
    assert {each.state for each in field.register.values() if each.package_no == PREPARED} == {SheetState.PREPARED}


def test_the_electronic_form_is_written(
    qtbot: QtBot, window: MainWindow, pane: FieldworkPane, field: FakeFieldwork, tmp_path: Path
) -> None:
    shown(qtbot, pane, OUT)
    pane.printing.write_workbook(OUT, tmp_path / "out.xlsx")
    qtbot.waitUntil(lambda: notices(window) == ["已导出电子表单 out.xlsx"])
    assert field.workbooks == [tmp_path / "out.xlsx"]


def test_a_double_click_shows_the_sheets_as_they_print(qtbot: QtBot, pane: FieldworkPane, field: FakeFieldwork) -> None:
    shown(qtbot, pane, PREPARED)
    pane.packages.table.opened.emit(pane.packages.table.current_id() or 0)
    qtbot.waitUntil(lambda: pane.switch.current() == "sheets" and pane.sheets.card.sheet is not None)
    assert field.prepared == [PREPARED]
    assert pane.sheets.package.currentData() == PREPARED
    qtbot.waitUntil(lambda: pane.sheets.card.preview.count == 1)


def test_without_packages_the_page_says_what_to_do(qtbot: QtBot, window: MainWindow, pane: FieldworkPane, field: FakeFieldwork) -> None:
    listed(qtbot, pane, PREPARED, OUT, LATE, CLOSED)
    field.packs.clear()
    window.bus.tell(Changed.PACKAGES)
    qtbot.waitUntil(lambda: pane.packages.state.title() == "还没有任务包")
    field.ledger = False
    window.bus.tell(Changed.PACKAGES)
    qtbot.waitUntil(lambda: pane.packages.state.title() == "还没有任务包：台账是空的")


def test_an_error_offers_to_try_again(qtbot: QtBot, pane: FieldworkPane, field: FakeFieldwork) -> None:
    listed(qtbot, pane, PREPARED, OUT, LATE, CLOSED)
    pane.packages.listed = None
    field.error = KnownError("db.locked", "数据库正被另一个程序占用", "请关闭它后重试")
    pane.packages.refresh()
    qtbot.waitUntil(lambda: pane.packages.state.title() == "数据库正被另一个程序占用")
    field.error = None
    pane.packages.refresh()
    qtbot.waitUntil(pane.packages.table.isVisible)
    listed(qtbot, pane, PREPARED, OUT, LATE, CLOSED)
