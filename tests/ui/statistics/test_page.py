"""The page 统计: an indicator with number, chart and table; a bar leads on; the month's report."""

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from ui.main_window import MainWindow
from ui.panes.statistics.pane import StatisticsPane

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


def turned(qtbot: QtBot, pane: StatisticsPane, key: str) -> None:
    pane.turn_to(key)
    qtbot.waitUntil(lambda: pane.shown is not None and pane.shown.figures.indicator.key == key)


def test_an_indicator_shows_its_number_definition_chart_and_rows(qtbot: QtBot, pane: StatisticsPane) -> None:
    turned(qtbot, pane, "placed")
    assert pane.value.text() == "100.00%"
    assert "达到目标" in pane.told.text()
    assert pane.formula.text().startswith("口径：有经纬度的计量箱")
    pane.scope.select("grid")
    pane.scope.chosen.emit("grid")
    qtbot.waitUntil(lambda: pane.shown is not None and pane.shown.figures.scope == "grid")
    qtbot.waitUntil(lambda: len(pane.table.model.ids) == 3)
    assert pane._chart.figure() is not None
    assert "城东网格　100.00%" in pane._chart.accessibleDescription()


def test_a_bar_opens_its_rows(qtbot: QtBot, pane: StatisticsPane) -> None:
    led: list[tuple[object, ...]] = []
    turned(qtbot, pane, "customers")
    object.__setattr__(pane.context, "navigate", lambda *where: led.append(where))
    pane.scope.chosen.emit("area")
    pane._chart.opened.emit("0400000001")
    assert led[0][0] == "ledger"


def test_an_indicator_without_data_says_where_it_comes_from(qtbot: QtBot, pane: StatisticsPane) -> None:
    turned(qtbot, pane, "consistency")
    assert pane.state.title() == "没有数据"


def test_the_report_is_written_and_told(qtbot: QtBot, window: MainWindow, pane: StatisticsPane, tmp_path: Path) -> None:
    pane.write(tmp_path / "月报.xlsx")
    qtbot.waitUntil(lambda: any("已导出 月报.xlsx" in each.what for each in window.notices.open()), timeout=20_000)
    pane.tell()
    qtbot.waitUntil(lambda: any("采录进度" in each.what for each in window.notices.open()), timeout=20_000)
