"""The page 网格与班组: areas dragged to another grid and back, proposals, people, forms that stay until they are right, workbooks."""

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from lvdesk.organisation.grids import picture
from lvdesk.organisation.state import state
from lvdesk.workspace import Workspace
from tests.helpers.grids import NAMES, book
from ui.main_window import MainWindow
from ui.panes.organisation.pane import OrganisationPane
from ui.panes.organisation.row_form import RowForm
from ui.printing.reading import PageReader

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


def calm(qtbot: QtBot, window: MainWindow) -> None:
    qtbot.waitUntil(lambda: not window.jobs._running, timeout=20_000)


def spot(pane: OrganisationPane, place: int) -> QPoint:
    seen = pane.map.seen
    assert seen is not None
    return pane.map.canvas.pixel(seen.areas[place].x, seen.areas[place].y).toPoint()


def form_of(qtbot: QtBot, pane: OrganisationPane) -> RowForm:
    qtbot.waitUntil(lambda: bool(pane.findChildren(RowForm)))
    return pane.findChildren(RowForm)[-1]


def said(window: MainWindow) -> str:
    return " ".join(f"{each.what} {each.why}" for each in window.notices.open())


def test_an_area_dragged_onto_another_grid_belongs_to_it_and_comes_back_with_undo(
    qtbot: QtBot, window: MainWindow, pane: OrganisationPane, station: Workspace
) -> None:
    seen, canvas = pane.map.seen, pane.map.canvas
    assert seen is not None
    place = next(at for at, area in enumerate(seen.areas) if area.grid == "WG01")
    other = next(at for at, area in enumerate(seen.areas) if area.grid == "WG03")
    number = seen.areas[place].area_no
    QTest.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=spot(pane, place))
    assert canvas.numbers() == [number]
    QTest.mousePress(canvas, Qt.MouseButton.LeftButton, pos=spot(pane, place))
    QTest.mouseMove(canvas, spot(pane, other) + QPoint(6, 6))
    canvas._hover(QPointF(spot(pane, other)))
    QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=spot(pane, other))
    qtbot.waitUntil(lambda: picture(station).grid_of[number] == "WG03")
    calm(qtbot, window)
    window.commands.trigger("edit.undo")
    qtbot.waitUntil(lambda: picture(station).grid_of[number] == "WG01")


def test_the_lasso_chooses_what_lies_inside_it(qtbot: QtBot, window: MainWindow, pane: OrganisationPane) -> None:
    canvas = pane.map.canvas
    calm(qtbot, window)
    pane.map.lasso.setChecked(True)
    QTest.mousePress(canvas, Qt.MouseButton.LeftButton, pos=QPoint(2, 2))
    canvas._lasso = [QPointF(x, y) for x, y in ((0, 0), (canvas.width(), 0), (canvas.width(), canvas.height()), (0, canvas.height()))]
    QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=QPoint(2, 3))
    assert len(canvas.selection) == 12
    assert "已选 12 个台区" in pane.map.told.text()
    canvas.setFocus()
    QTest.keyClick(canvas, Qt.Key.Key_Escape)
    assert not canvas.selection


def test_a_proposal_is_shown_on_the_map_and_taken_over(
    qtbot: QtBot, window: MainWindow, pane: OrganisationPane, station: Workspace
) -> None:
    before = dict(picture(station).grid_of)
    pane.map.proposals.grids.setValue(4)
    pane.map.propose_asked.emit(pane.map.proposals.wish())
    qtbot.waitUntil(lambda: pane.map.proposals.proposed is not None, timeout=30_000)
    calm(qtbot, window)
    assert "最重网格" in pane.map.proposals.told.text()
    pane.map.proposals.take.click()
    qtbot.waitUntil(lambda: dict(picture(station).grid_of) != before)
    calm(qtbot, window)
    assert len(set(picture(station).grid_of.values())) == 4


def test_a_form_says_what_is_wrong_and_stays_until_it_is_right(
    qtbot: QtBot, window: MainWindow, pane: OrganisationPane, station: Workspace
) -> None:
    pane.show_view("people")
    calm(qtbot, window)
    pane.ask_row("grid_duty", None, {"grid_no": "WG01", "duty": "网格长", "since": "2026-11-24"})
    form = form_of(qtbot, pane)
    form.agree()
    assert form.wrong.text() == "没有填写姓名"
    form.inputs["staff"].setCurrentText(NAMES[6])  # type: ignore[union-attr]
    form.agree()
    qtbot.waitUntil(lambda: "有两个网格长" in form.wrong.text())
    assert form.isVisible()
    form.reject()
    assert sum(row["duty"] == "网格长" for row in state(station).rows["grid_duty"]) == 3


def test_a_workbook_with_a_wrong_row_is_refused_as_a_whole_and_says_which(
    qtbot: QtBot, window: MainWindow, pane: OrganisationPane, station: Workspace, tmp_path: Path
) -> None:
    people = len(state(station).rows["staff"])
    rows = {"staff": [{"name": "新人"}], "grid_area": [{"area_no": "0499999999", "grid_no": "WG01", "since": "2026-11-24"}]}
    pane.accept_files([book(tmp_path / "wrong.xlsx", rows)])
    qtbot.waitUntil(lambda: "没有接收" in said(window))
    assert "没有公变台区“0499999999”" in said(window)
    assert len(state(station).rows["staff"]) == people


def test_every_view_shows_its_rows(qtbot: QtBot, window: MainWindow, pane: OrganisationPane) -> None:
    for key, view in (("people", pane.people), ("villages", pane.villages), ("lacks", pane.lacks)):
        pane.show_view(key)
        calm(qtbot, window)
        assert view.state.title() or view.table.model.ids
    pane.show_view("rows")
    pane.rows.show_sheet("grid_area")
    calm(qtbot, window)
    assert len(pane.rows.lists["grid_area"].things) == 12


def test_area_files_are_read_on_the_screen_and_go_into_a_pdf(
    qtbot: QtBot, window: MainWindow, pane: OrganisationPane, tmp_path: Path
) -> None:
    pane.map.canvas.select([0, 1])
    pane.print_pages("area", pane.map.canvas.numbers())
    qtbot.waitUntil(lambda: bool(pane.findChildren(PageReader)), timeout=20_000)
    reader = pane.findChildren(PageReader)[0]
    assert (reader.preview.count, reader.place.text()) == (2, "第 1 页 共 2 页")
    reader.preview.show_page(1)
    assert reader.place.text() == "第 2 页 共 2 页"
    reader.reject()
    pane.printing.write(tmp_path / "台区.pdf", "打印台区档案", lambda: pane._services.pages("area", pane.map.canvas.numbers()))
    qtbot.waitUntil(lambda: "已写好 台区.pdf，2 页" in said(window), timeout=20_000)
