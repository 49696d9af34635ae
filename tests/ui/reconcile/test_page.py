"""The page 贯通对账: what stands, who corrects it, the way up, rates, answers, suspects, cases."""

from pathlib import Path

import pytest
from PySide6.QtWidgets import QDialog
from pytestqt.qtbot import QtBot

from tests.ui.reconcile.reconcile_fakes import AREAS, FakeReconcile
from tests.ui.reconcile.reconcile_window import pane_of, reconcile_window
from ui.main_window import MainWindow
from ui.panes.reconcile.pane import ReconcilePane
from ui.widgets.asking import Asking

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


def shown(qtbot: QtBot, pane: ReconcilePane) -> None:
    qtbot.waitUntil(lambda: pane.differences.inspector.way.trace is not None)


def asked(qtbot: QtBot, pane: ReconcilePane) -> Asking:
    qtbot.waitUntil(lambda: bool(pane.findChildren(Asking)))
    return pane.findChildren(Asking)[-1]


def test_a_difference_shows_its_sides_who_corrects_it_and_the_way_up(qtbot: QtBot, pane: ReconcilePane) -> None:
    shown(qtbot, pane)
    inspector = pane.differences.inspector
    assert inspector.todo.text() == "电网 GIS：把 用户 4217265601（赵军）的户变关系由 4649726068 改为 4128363032"
    assert inspector.klass.text() == "上级电源不一致"
    assert "变电站 台账中没有变电站" in inspector.way.accessibleDescription()
    assert inspector.why.text() == "台账中没有变电站"
    assert pane.badge() == 4


def test_classes_and_areas_narrow_the_list(qtbot: QtBot, pane: ReconcilePane) -> None:
    shown(qtbot, pane)
    pane.differences.facets.tick_only("klass", "missing")
    qtbot.waitUntil(lambda: list(pane.differences.table.model.ids) == [3])
    pane.rates.area_asked.emit(AREAS[1][0])
    qtbot.waitUntil(lambda: list(pane.differences.table.model.ids) == [1, 4])


def test_an_exception_needs_a_reason_and_a_day_that_is_one(qtbot: QtBot, pane: ReconcilePane, services: FakeReconcile) -> None:
    shown(qtbot, pane)
    pane.differences.ask_except()
    dialog = asked(qtbot, pane)
    assert not dialog.yes.isEnabled()
    dialog.reason.setText("对方月底统一更正")
    dialog.day.setText("12月31日")
    assert (dialog.yes.isEnabled(), dialog.hint.text()) == (False, "日期写成 2026-12-31 这样")
    dialog.day.setText("2026-12-31")
    dialog.yes.click()
    qtbot.waitUntil(lambda: services.allowed == [([1], "对方月底统一更正", "2026-12-31")])


def test_corrections_are_handed_out_and_told(
    qtbot: QtBot, window: MainWindow, pane: ReconcilePane, services: FakeReconcile, tmp_path: Path
) -> None:
    shown(qtbot, pane)
    pane.differences.ask_correct()
    dialog = asked(qtbot, pane)
    assert isinstance(dialog, QDialog)
    dialog.reject()
    pane.differences.correct([1, 3], tmp_path)
    qtbot.waitUntil(lambda: services.corrected == [1, 3] and bool(window.notices.open()))
    notice = window.notices.open()[-1]
    assert (notice.what, notice.why) == ("已派更正 2 处，编号 GZ261124-01", "电网 GIS 更正 2 处")


def test_f9_reconciles_and_tells_the_rate(qtbot: QtBot, window: MainWindow, pane: ReconcilePane, services: FakeReconcile) -> None:
    shown(qtbot, pane)
    window.commands.trigger("reconcile.run")
    qtbot.waitUntil(lambda: services.runs == 1 and bool(window.notices.open()))
    assert window.notices.open()[-1].why.startswith("贯通率 95.00%（380 户中 361 户）")


def test_dropped_answers_are_taken_and_what_waits_is_shown(qtbot: QtBot, pane: ReconcilePane, services: FakeReconcile) -> None:
    shown(qtbot, pane)
    pane.accept_files([Path("营销系统回执.xlsx")])
    qtbot.waitUntil(lambda: pane.switch.current() == "receipts" and pane.receipts.said.text() != "")
    assert services.taken == [Path("营销系统回执.xlsx")]
    assert pane.receipts.said.text() == "内勤台账：对方要求填写的内容空着，请补全（营销系统回执.xlsx 第 2 行）"
    pane.receipts.deeds[0].click()
    dialog = asked(qtbot, pane)
    dialog.reason.setText("已补全")
    dialog.yes.click()
    qtbot.waitUntil(lambda: services.settled == [([1], "已补全")])


def test_rates_suspects_and_cases_each_have_their_view(qtbot: QtBot, pane: ReconcilePane, services: FakeReconcile) -> None:
    shown(qtbot, pane)
    pane.show_view("rates")
    assert pane.rates.share.text() == "95.00%"
    pane.show_view("suspects")
    qtbot.waitUntil(lambda: pane.suspects.said.text().startswith("用户 4176007832（孟莹）的户变关系确定有误"))
    pane.show_view("cases")
    qtbot.waitUntil(lambda: pane.cases.said.text() == "换表 乔平：导出给营销系统")
    pane.cases.deeds[0].click()
    dialog = asked(qtbot, pane)
    dialog.reason.setText("两边已一致")
    dialog.yes.click()
    qtbot.waitUntil(lambda: services.closed == [(["YD261124-001"], "两边已一致")])


def test_lines_of_the_other_systems_are_adopted_or_said_to_be_none_of_ours(
    qtbot: QtBot, window: MainWindow, pane: ReconcilePane, services: FakeReconcile
) -> None:
    shown(qtbot, pane)
    pane.show_view("sync")
    qtbot.waitUntil(lambda: pane.sync.said.text().startswith("内勤：确认电网 GIS的变压器 北村2#配变"))
    pane.sync.deeds[0].click()
    qtbot.waitUntil(lambda: [line.source_key for line in services.adopted] == ["40773158"] and bool(window.notices.open()))
    pane.sync.deeds[1].click()
    qtbot.waitUntil(lambda: services.decided == [("40773158", "other")])


@pytest.mark.parametrize("services", [FakeReconcile(empty=True)], ids=["empty"])
def test_an_empty_station_is_led_on(qtbot: QtBot, pane: ReconcilePane) -> None:
    qtbot.waitUntil(lambda: pane.differences.state.title() == "没有对账差异" and pane.rates.state.title() == "还没有贯通率")
    assert pane.receipts.state.title() == "没有待办的回执"


def test_what_cannot_be_read_says_so_and_is_tried_again(qtbot: QtBot, qapp: object, tmp_path: Path) -> None:
    assert qapp is not None
    fake = FakeReconcile(error=ValueError("nothing"))
    window = reconcile_window(tmp_path, fake)
    qtbot.addWidget(window)
    pane = pane_of(window)
    qtbot.waitUntil(lambda: pane.differences.state.title() == "读取对账差异时出错")
    fake.error = None
    pane.differences.refresh()
    qtbot.waitUntil(lambda: pane.badge() == 4)
    window.jobs.close()
