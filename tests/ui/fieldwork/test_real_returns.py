"""The return desk and the keying screen over a real workspace: scans and a workbook dropped, a sheet typed and finished, all taken back."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from lvdesk.fieldwork.model import SheetState
from lvdesk.fieldwork.register import find
from lvdesk.kit.settings import Settings
from lvdesk.workspace import Workspace
from tests.db.fieldwork.test_return_scans import marked, sheet
from tests.helpers.keying import block_of, rows, sent
from tests.helpers.returning import results
from tests.helpers.stations import barcode
from tests.helpers.visiting import box, customer, meter
from tests.ui.fieldwork.keying_window import Typist
from ui.main_window import MainWindow
from ui.panes.fieldwork.pane import FieldworkPane
from ui.panes.ledger.pane import LedgerPane

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")  # the screenless platform, of windows and popups
PATIENCE = 60_000  # milliseconds, for a busy machine
F9 = Qt.Key.Key_F9


@pytest.fixture
def workspace(qtbot: QtBot, tmp_path: Path) -> Iterator[Workspace]:
    made = Workspace.open(tmp_path / "station", person="陈思远")
    yield made
    made.close()


@pytest.fixture
def package(workspace: Workspace, tmp_path: Path) -> str:
    return sent(workspace, tmp_path)


@pytest.fixture
def pane(qtbot: QtBot, workspace: Workspace, package: str, tmp_path: Path) -> Iterator[FieldworkPane]:
    window = MainWindow(workspace, (LedgerPane, FieldworkPane), Settings(tmp_path / "window.json"))
    qtbot.addWidget(window)
    window.resize(1366, 768)
    window.show()
    window.navigate("fieldwork", "returns")
    found = window.stack.pane("fieldwork")
    assert isinstance(found, FieldworkPane)
    yield found
    window.jobs.close()


def settled(qtbot: QtBot, pane: FieldworkPane) -> None:
    qtbot.waitUntil(lambda: not pane.context.jobs._running and not pane.returns.taking.busy, timeout=PATIENCE)


def test_a_pile_is_taken_told_and_taken_back(qtbot: QtBot, pane: FieldworkPane, workspace: Workspace, package: str, tmp_path: Path) -> None:
    desk = pane.returns
    number, at = block_of(workspace, box(2))
    scan = marked(sheet(workspace, package, number, tmp_path), [f"{at}tick.missing"], tmp_path / "扫描.pdf")
    told = {"用户编号": customer(1), "计量箱条码": barcode("05", 501), "电能表条码": barcode("01", 901)}
    desk.take([results(tmp_path / "一班.xlsx", [told]), scan])
    qtbot.waitUntil(lambda: desk.done is not None and not desk.taking.busy, timeout=PATIENCE)
    settled(qtbot, pane)
    assert desk.done is not None
    assert (desk.done.rows_in, desk.done.pages_read, desk.done.sheets_done) == (1, 1, (number,))
    qtbot.waitUntil(lambda: desk.differences.compared is not None, timeout=PATIENCE)
    assert {str(view.klass) for view in desk.done.differences} >= {"cancelled", "meter_replaced"}
    assert rows(workspace).height == 2
    desk._undo(desk.done.steps)
    qtbot.waitUntil(lambda: desk.done is None, timeout=PATIENCE)
    settled(qtbot, pane)
    assert (rows(workspace).height, find(workspace, number).state) == (0, SheetState.OUT)


def test_a_sheet_is_typed_and_finished(qtbot: QtBot, pane: FieldworkPane, workspace: Workspace) -> None:
    number, _ = block_of(workspace, box(2))
    pane.reveal(("key", number))
    view = pane.keying
    qtbot.waitUntil(lambda: view.form is not None and view.page.has_keyboard(), timeout=PATIENCE)
    typist = Typist(view)
    typist.keys("1", F9)  # the first meter is there; asked once more, since most of the paper is not typed
    qtbot.waitUntil(lambda: view._warned, timeout=PATIENCE)
    typist.keys(F9)
    qtbot.waitUntil(lambda: find(workspace, number).state is SheetState.BACK, timeout=PATIENCE)
    settled(qtbot, pane)
    assert rows(workspace).select("meter.asset_no", "note.verdict", "note.form_no").rows()[-1] == (meter(1), "正常", number)
