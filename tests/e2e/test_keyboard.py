"""Without a mouse: the whole import in the real program by keys alone, and every control of a page within reach of Tab."""

import shutil
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QAbstractItemView, QApplication, QComboBox, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from lvdesk.sample import SampleStation
from tests.e2e.conftest import OpenWindow
from tests.helpers.desktop import command_line, program, window_of
from ui.main_window import MainWindow

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")
_MOUSE_TOO = 400  # more presses of Tab than any page has controls


def plainly_named(files: tuple[Path, ...], folder: Path) -> list[Path]:
    """Copies under names that a keyboard without an input method can type."""
    folder.mkdir()
    return [Path(shutil.copyfile(path, folder / f"{number}{path.suffix}")) for number, path in enumerate(files)]


def test_the_whole_import_by_keyboard(accessible_desktop: dict[str, str], tmp_path: Path, station: SampleStation) -> None:
    workspace, environment = tmp_path / "station", {**accessible_desktop, "LVDESK_HOME": str(tmp_path / "home")}
    customer = station.station.customers[0].customer_no
    files = plainly_named(station.files, tmp_path / "files")
    with window_of(program(workspace), environment) as window:
        window.turn_to("营配网格工作台")
        window.find("选择台账文件")
        window.keys("ctrl+o")
        window.answer("选择台账文件", " ".join(f'"{path}"' for path in files))
        window.turn_to("营配网格工作台")
        window.find("导入")
        assert command_line(workspace, "show", "customer", customer)[0] == 2  # a preview stores nothing
        window.keys("ctrl+Return")
        window.find("撤销本次导入")
        status, record = command_line(workspace, "show", "customer", customer)
        assert status == 0
        assert record["fields"]["customer_no"]["value"] == customer
        assert record["fields"]["customer_no"]["file"] in {path.name for path in files}
        assert len(record["path"]) >= 4

        window.keys("alt+1")
        window.find("台账记录", "table")
        window.keys("ctrl+z")
        window.find("重做：导入*")
        assert command_line(workspace, "show", "customer", customer)[0] == 2
        window.keys("ctrl+y")
        window.find("撤销：导入*")
        assert command_line(workspace, "show", "customer", customer)[0] == 0
        window.keys("ctrl+h")
        window.find("操作记录", "list")


@pytest.mark.parametrize(
    "page",
    ["workbench", "ledger", "checks", "fieldwork", "review", "reconcile", "export", "organisation", "workorders", "statistics", "history"],
)
def test_tab_reaches_every_control_of_a_page(qtbot: QtBot, open_window: OpenWindow, filled: Path, page: str) -> None:
    window = open_window(filled)
    window.navigate(page)
    qtbot.waitUntil(lambda: not window.jobs._running)
    wanted = {each for each in window.stack.currentWidget().findChildren(QWidget) if is_control(each)}
    assert wanted
    assert [each.accessibleName() or repr(each) for each in wanted - reached(window)] == []


def is_control(widget: QWidget) -> bool:
    """Whether a person can do something with it; parts of another control (a clear button inside a line) are reached with their owner."""
    kinds = (QAbstractButton, QAbstractItemView, QComboBox, QLineEdit)
    inside = isinstance(widget.parent(), (QLineEdit, QComboBox, QAbstractItemView)) or widget.objectName().startswith("qt_")
    return isinstance(widget, kinds) and widget.isVisible() and widget.isEnabled() and not inside and "Header" not in type(widget).__name__


def reached(window: MainWindow) -> set[QWidget]:
    """Every widget that has the keyboard on a full round of Tab; arrows go through groups of exclusive buttons."""
    seen: set[QWidget] = set()
    window.stack.setFocus()
    for _ in range(_MOUSE_TOO):
        focus = QApplication.focusWidget()
        QTest.keyClick(focus or window, Qt.Key.Key_Tab)
        now = QApplication.focusWidget()
        if now is None or now in seen:
            break
        seen.add(now)
        if isinstance(now, QAbstractButton) and (group := now.group()) and group.exclusive():
            seen.update(each for each in group.buttons())
    return seen
