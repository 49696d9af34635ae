"""The look ahead: numbers, reasons that lead on, records in a table, states, nothing old on screen."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from lvdesk.exchange.model import HeldBack, System
from lvdesk.exchange.preflight import Why
from lvdesk.kit.table import Condition, Filter, Query
from lvdesk.network.changed import Changed
from tests.ui.export.conftest import settled
from tests.ui.export.export_fakes import AREAS, TITLES, WHY, FakeExport, ahead, offline
from ui.main_window import MainWindow
from ui.panes.export.held import HeldSource
from ui.panes.export.loading import Choices
from ui.panes.export.pane import ExportPane
from ui.panes.export.words import leads

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


@pytest.fixture
def led(pane: ExportPane, monkeypatch: pytest.MonkeyPatch) -> list[tuple[object, ...]]:
    """Where the page leads to."""
    told: list[tuple[object, ...]] = []
    pane.ahead.led.disconnect()
    pane.ahead.opened.disconnect()
    pane.ahead.led.connect(lambda page, target: told.append((page, target)))
    pane.ahead.opened.connect(lambda entity, key: told.append((entity, key)))
    return told


def test_the_numbers(looked: ExportPane) -> None:
    figures = looked.ahead.figures
    assert (figures.leaving.text(), figures.staying.text(), figures.refused.text()) == ("11,645", "554", "25")
    assert [number.text() for number in figures.difference.values()] == ["+1,204", "~87", "−3"]
    assert [(title.text(), number.text()) for number, title in figures.kinds] == [
        ("计量箱", "1,204"),
        ("电能表", "3,518"),
        ("用户", "3,402"),
    ]
    assert figures.previous.text() == "上一包 DC261118-01"


@pytest.mark.parametrize(
    "place, way, page, target",
    [
        (1, "去采录复核处理", "review", "operations"),
        (2, "去排采录任务包", "fieldwork", "new"),
        (4, "去模板校验处理", "checks", ("rule", "C014")),
        (5, "去采录复核处理", "review", "returned"),
        (6, "去台账核对", "ledger", ("meter", "420970500000")),
    ],
)  # fmt: skip
def test_each_reason_leads_to_where_it_is_put_right(
    qtbot: QtBot, looked: ExportPane, led: list[tuple[object, ...]], place: int, way: str, page: str, target: object
) -> None:
    reasons = looked.ahead.held.list
    reasons.setCurrentIndex(reasons.model().index(place, 0))
    assert looked.ahead.held.way.text() == way
    qtbot.keyClick(reasons, Qt.Key.Key_Return)
    assert led == [(page, target)]


@pytest.mark.parametrize(
    "why, step, target",
    [
        ("有未处理的错误：经纬度颠倒", "review", ("review", "blocked")),
        ("所在计量箱暂缓：有未处理的错误：坐标为零", "review", ("review", "blocked")),
        ("所在计量箱暂缓：采录复核待营销确认", "review", ("review", "marketing")),
        ("所在计量箱暂缓：模板校验有未处理的错误 Q01", "checks", ("checks", ("rule", "Q01"))),
        ("用户暂缓：没有电能表", "ledger", ("ledger", "browse")),
    ],
)  # fmt: skip
def test_what_hangs_on_another_leads_to_what_keeps_that(why: str, step: str, target: tuple[str, object]) -> None:
    assert leads(Why(why, step, 3), ()) == target


def test_a_reason_lists_its_records_and_a_record_opens_in_the_ledger(
    qtbot: QtBot, looked: ExportPane, led: list[tuple[object, ...]]
) -> None:
    held = looked.ahead.held
    assert [(cause.title, cause.count) for cause in held.list.causes()][:2] == [("全部暂缓的记录", 554), ("采录复核待运检确认", 214)]
    held.list.stand_at("5 没有电能表")
    settled(qtbot, looked)
    assert len(held.table.model.ids) == 5
    held.table.opened.emit(held.table.model.ids[2])
    assert led == [("meter_box", "420970500002")]


def test_predicted_rejects_and_areas(qtbot: QtBot, looked: ExportPane, led: list[tuple[object, ...]]) -> None:
    looked.ahead.lists._chips["rejects"].click()
    assert [cause.count for cause in looked.ahead.rejects.list.causes()] == [25, 23, 2]
    looked.ahead.lists._chips["areas"].click()
    settled(qtbot, looked)
    areas = looked.ahead.areas
    assert areas.isVisible()
    row = areas.model.source.rows([3])[0]  # type: ignore[union-attr]
    assert row.values == ("临江3#公变", "10kV临江线", "34", "260", "13")
    areas.opened.emit(3)
    assert led == [("transformer_area", AREAS[2].area_no)]


def test_a_change_of_the_data_is_looked_at_again(qtbot: QtBot, looked: ExportPane, window: MainWindow, export: FakeExport) -> None:
    export.answer = ahead(WHY[:1], counts={"meter_box": 5}, rejects=())
    window.bus.tell(Changed.REVIEW)
    settled(qtbot, looked)
    assert looked.ahead.figures.leaving.text() == "5"
    window.bus.tell(Changed.PEOPLE)
    settled(qtbot, looked)
    assert len(export.looks) == 2


def test_the_answer_to_an_older_question_never_shows(qtbot: QtBot, looked: ExportPane, export: FakeExport) -> None:
    export.hold.clear()
    looked.choosing.system._chips["gis"].click()
    qtbot.waitUntil(lambda: len(export.looks) == 2)
    looked.choosing.system._chips["cim"].click()
    assert looked.looking.current is None
    export.hold.set()
    settled(qtbot, looked)
    assert looked.looking.current is not None
    assert looked.looking.current.request.system is System.CIM


def test_looking_can_be_stopped_and_begun_again(qtbot: QtBot, looked: ExportPane, export: FakeExport) -> None:
    export.hold.clear()
    looked.choosing.test.click()
    qtbot.waitUntil(looked.working.isVisible)
    qtbot.keyClick(looked, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: looked.ahead.state.title() == "已取消检查")
    export.hold.set()
    looked.ahead.state._offers[0][0].click()
    settled(qtbot, looked)
    assert looked.ahead.found is not None


def test_failures_say_the_next_step(qtbot: QtBot, looked: ExportPane, export: FakeExport) -> None:
    export.broken = offline()
    looked._look(anew=True)
    qtbot.waitUntil(lambda: looked.ahead.state.title() == "数据库连接已断开")
    export.broken = None
    looked.ahead.state._offers[0][0].click()
    settled(qtbot, looked)
    assert looked.ahead.found is not None


def test_nothing_held_is_said(qtbot: QtBot, looked: ExportPane, export: FakeExport) -> None:
    export.answer = ahead((), rejects=(), previous="")
    looked._look(anew=True)
    settled(qtbot, looked)
    assert looked.ahead.held.table.state.title() == "没有暂缓的记录"
    assert looked.ahead.figures.why.text() == "没有暂缓的记录"
    assert looked.ahead.figures.previous.text() == "还没有上一包，全部算新增"


def test_an_empty_ledger_leads_to_the_import(qtbot: QtBot, looked: ExportPane, export: FakeExport) -> None:
    export.chosen = Choices(export.chosen.formats, (), ledger=False)
    looked._read_choices(anew=True)
    settled(qtbot, looked)
    assert looked.ahead.state.title() == "台账是空的，还没有可以导出的"
    assert not looked.choosing.isVisible()
    assert len(export.looks) == 1


@pytest.fixture
def broken(export: FakeExport) -> FakeExport:
    export.broken = offline()
    return export


def test_nothing_to_choose_from_is_said_with_the_way_to_try_again(qtbot: QtBot, broken: FakeExport, pane: ExportPane) -> None:
    qtbot.waitUntil(lambda: pane.ahead.state.title() == "数据库连接已断开")
    assert not pane.choosing.isVisible()
    broken.broken = None
    pane.ahead.state._offers[0][0].click()
    qtbot.waitUntil(lambda: pane.ahead.found is not None)
    assert pane.choosing.isVisible()


RECORDS = [HeldBack("meter", f"{number * 7 % 9001:05d}", f"原因{number % 3}") for number in range(9001)]


@pytest.mark.parametrize(
    "query, first, count",
    [
        (Query(), "00000", 9001),
        (Query(order=(("key", False),)), "00000", 9001),
        (Query(order=(("key", True),)), "09000", 9001),
        (Query(words="00007"), "00007", 1),
        (Query((Filter("why", Condition.ONE_OF, ("原因1",)),), (("key", True),)), "08998", 3000),
    ],
)  # fmt: skip
def test_held_records_filter_and_sort(query: Query, first: str, count: int) -> None:
    source = HeldSource(RECORDS, TITLES)
    ids = source.ids(query)
    rows = source.rows(ids[:1])
    assert (rows[0].values[0], rows[0].values[1], len(ids)) == (first, "电能表", count)
    assert source.record(ids[0]).key == first
    assert sum(found for _value, found in source.values("why", replace(query, order=()), 10)) == count
