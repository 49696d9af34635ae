"""What is exported: choices shown where they mean something, remembered, told to the look ahead."""

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from lvdesk.exchange.model import GEOGRAPHIC, Options, Scope, System
from tests.ui.export.conftest import settled
from tests.ui.export.export_fakes import AREAS, FakeExport
from tests.ui.export.export_window import export_window, pane_of
from ui.main_window import MainWindow
from ui.panes.export.pane import ExportPane
from ui.panes.export.scope import ScopeDialog
from ui.panes.export.words import coordinate_systems

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")
FEEDER, OTHER = AREAS[0].feeder_no, AREAS[8].feeder_no


def turn(pane: ExportPane, system: System) -> None:
    chip = pane.choosing.system._chips[str(system)]
    chip.click()


@pytest.mark.parametrize(
    "system, form, options",
    [
        (System.MARKETING, "xlsx", {"template"}),
        (System.GIS, "gpkg", {"crs", "purpose"}),
        (System.CIM, "xml", {"purpose"}),
    ],
)  # fmt: skip
def test_only_options_that_the_format_has_are_offered(
    qtbot: QtBot, looked: ExportPane, system: System, form: str, options: set[str]
) -> None:
    turn(looked, system)
    assert {name for name, part in looked.choosing.options.parts.items() if part.isVisible()} == options
    assert (looked.choosing.request().system, looked.choosing.request().format) == (system, form)


def test_an_option_that_is_not_offered_is_not_sent(looked: ExportPane) -> None:
    turn(looked, System.GIS)
    looked.choosing.options.purpose.setEditText("图纸标注")
    assert looked.choosing.request().options.purpose == "图纸标注"
    turn(looked, System.MARKETING)
    assert looked.choosing.request().options == Options(None, GEOGRAPHIC, "")


def test_a_choice_is_looked_at_again_and_the_words_of_a_purpose_are_not(qtbot: QtBot, looked: ExportPane, export: FakeExport) -> None:
    turn(looked, System.GIS)
    settled(qtbot, looked)
    assert [request.system for request in export.looks] == [System.MARKETING, System.GIS]
    looked.choosing.options.purpose.setEditText("图")
    settled(qtbot, looked)
    looked.choosing.options.purpose.setEditText("图纸标注")
    looked.choosing.options.crs.setCurrentIndex(2)
    settled(qtbot, looked)
    assert len(export.looks) == 3


def test_choices_are_remembered_but_no_purpose_and_no_test(qtbot: QtBot, looked: ExportPane, tmp_path: Path) -> None:
    turn(looked, System.GIS)
    looked.choosing.format.setCurrentIndex(1)
    looked.choosing.format.activated.emit(1)
    looked.choosing.use_scope(Scope((FEEDER,), (AREAS[9].area_no,)))
    looked.choosing.options.purpose.setEditText("图纸标注")
    looked.choosing.test.setChecked(True)
    looked.issuing.begin(looked.choosing.request(tmp_path))
    settled(qtbot, looked)
    again = export_window(tmp_path, FakeExport())
    qtbot.addWidget(again)
    pane = pane_of(again)
    settled(qtbot, pane)
    request = pane.choosing.request()
    assert (request.system, request.format, request.scope) == (System.GIS, "shp", Scope((FEEDER,), (AREAS[9].area_no,)))
    assert (request.options.purpose, request.test) == ("", False)
    assert pane.choosing.options.purpose.itemText(0) == "图纸标注"
    again.jobs.close()


def test_areas_that_are_gone_are_forgotten(qtbot: QtBot, looked: ExportPane, export: FakeExport) -> None:
    looked.choosing.use_scope(Scope((OTHER,), (AREAS[0].area_no,)))
    export.chosen = replace(export.chosen, areas=AREAS[:8])
    looked._read_choices(anew=True)
    settled(qtbot, looked)
    assert looked.choosing.request().scope == Scope((), (AREAS[0].area_no,))


def test_a_template_is_kept_for_its_receiver_and_a_lost_one_said(looked: ExportPane, tmp_path: Path) -> None:
    book = tmp_path / "模板.xlsx"
    book.touch()
    choosing = looked.choosing
    choosing.options.use_template(book)
    assert choosing.request().options.template == book
    turn(looked, System.GIS)
    turn(looked, System.MARKETING)
    assert choosing.request().options.template == book
    book.unlink()
    choosing.options.changed.emit()
    assert "找不到模板 模板.xlsx" in choosing.note.text()
    assert not choosing.issue.isEnabled()
    choosing.options.clear.click()
    assert choosing.request().options.template is None
    assert choosing.issue.isEnabled()


def test_who_may_not_hand_out_is_told_before_and_may_try_a_test(qtbot: QtBot, looked: ExportPane, export: FakeExport) -> None:
    export.chosen = replace(export.chosen, forbidden="周网格 没有“导出并交付”的权限。应由内勤处理，或请管理员分配角色")
    looked._read_choices(anew=False)
    settled(qtbot, looked)
    choosing = looked.choosing
    assert choosing.note.text().startswith("周网格 没有")
    assert (choosing.issue.isEnabled(), choosing.person.isVisible()) == (False, True)
    choosing.test.click()
    assert (choosing.issue.isEnabled(), choosing.person.isVisible()) == (True, False)
    assert choosing.issue.text() == "测试导出…  Ctrl+Enter"


def test_a_part_without_anything_chosen_asks_first(qtbot: QtBot, looked: ExportPane) -> None:
    choosing = looked.choosing
    choosing.extent._chips["part"].click()
    assert choosing.extent.current() == "whole"
    dialog = choosing.dialog
    assert dialog is not None
    dialog.reject()
    assert choosing.request().scope == Scope()


@pytest.fixture
def dialog(window: MainWindow) -> ScopeDialog:
    made = ScopeDialog(window, AREAS, Scope())
    made.show()
    return made


def test_places_are_found_and_ticked_by_keys_alone(qtbot: QtBot, dialog: ScopeDialog) -> None:
    qtbot.keyClicks(dialog.words, "0312040203")
    assert [place.title for place in dialog.places._shown] == ["10kV文晖线", "文晖3#公变"]
    qtbot.keyClick(dialog.words, Qt.Key.Key_Down)
    qtbot.keyClick(dialog.list, Qt.Key.Key_Down)
    qtbot.keyClick(dialog.list, Qt.Key.Key_Space)
    dialog.words.clear()
    assert dialog.places.scope() == Scope((), (AREAS[10].area_no,))
    assert dialog.count.text() == "已选 文晖3#公变"
    with qtbot.waitSignal(dialog.agreed) as told:
        dialog.yes.click()
    assert told.args == [Scope((), (AREAS[10].area_no,))]


def test_a_feeder_stands_for_its_areas(dialog: ScopeDialog) -> None:
    places = dialog.places
    places.turn(places.index(0))
    assert places.scope() == Scope((FEEDER,), ())
    places.turn(places.index(1))
    assert places.scope() == Scope((), tuple(area.area_no for area in AREAS[1:8]))
    assert places.data(places.index(0), Qt.ItemDataRole.CheckStateRole) is Qt.CheckState.PartiallyChecked
    assert places.data(places.index(0), Qt.ItemDataRole.AccessibleTextRole) == "10kV临江线，线路，8 个台区，选了一部分"
    places.turn(places.index(1))
    assert places.scope() == Scope((FEEDER,), ())
    dialog.none.click()
    assert (places.scope(), dialog.yes.isEnabled()) == (Scope(), False)


@pytest.mark.parametrize(
    "longitude, second, third",
    [
        (115.7, "EPSG:4548", "EPSG:4527"),
        (120.16, "EPSG:4549", "EPSG:4528"),
        (None, "EPSG:4534", "EPSG:4513"),
    ],
)  # fmt: skip
def test_the_zone_of_the_station_comes_first(longitude: float | None, second: str, third: str) -> None:
    """EPSG: 4548 is CGCS2000 / 3-degree Gauss-Kruger CM 117E, 4549 CM 120E, 4527 zone 39, 4528 zone 40."""
    systems = coordinate_systems(longitude)
    assert [code for code, _name in systems[:3]] == ["EPSG:4490", second, third]
    assert len(systems) == len({code for code, _name in systems}) == 65
    named = dict(systems)
    assert named["EPSG:4509"] == "6 度带 117°E，不带带号"
    assert named["EPSG:4498"] == "6 度带 117°E，带号 20"
