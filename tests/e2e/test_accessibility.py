"""What a screen reader is told: no control without a name on any page, in any dialog and popup of the real program."""

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QAbstractButton, QAbstractItemView, QAbstractSpinBox, QComboBox, QHeaderView, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from lvdesk.sample import build
from tests.e2e.conftest import OpenWindow
from tests.e2e.test_keyboard import plainly_named
from tests.helpers.desktop import Control, Window, program, until, window_of

_UNNAMED = """
from PySide6.QtWidgets import QApplication, QPushButton, QVBoxLayout, QWidget
app = QApplication([])
window = QWidget(windowTitle="control")
inside = QVBoxLayout(window)
for text in ("named", ""):
    inside.addWidget(QPushButton(text))
window.show()
app.exec()
"""


def nameless(controls: list[Control]) -> list[str]:
    """Controls without a name, by where they are."""
    return [" › ".join(each.path[-4:]) for each in controls if not each.name]


@pytest.fixture(scope="module")
def window(accessible_desktop: dict[str, str], imported: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Window]:
    """The program over the station; its tests only look."""
    home = tmp_path_factory.mktemp("home")
    workspace = Path(shutil.copytree(imported, home / "station"))
    with window_of(program(workspace), {**accessible_desktop, "LVDESK_HOME": str(home)}) as opened:
        opened.turn_to("营配网格工作台")
        until(opened.heard, "the program is on the bus")
        yield opened


def test_a_button_without_a_name_is_reported(accessible_desktop: dict[str, str]) -> None:
    with window_of([sys.executable, "-c", _UNNAMED], accessible_desktop) as opened:
        controls = until(opened.heard, "the program is on the bus")
        assert [each.name for each in controls] == ["named", ""]
        assert len(nameless(controls)) == 1


@pytest.mark.parametrize(
    "keys, expected",
    [
        (("ctrl+1",), [("push button", "用户 200，打开列表"), ("push button", "第 1 步 台账导入*")]),
        (("ctrl+2", "alt+1"), [("table", "台账记录"), ("tree", "站线变箱户"), ("text", "在表中查找"), ("table", "字段的值和归属")]),
        (("ctrl+2", "alt+2"), [("push button", "选择文件*")]),
        (("ctrl+3", "alt+1"), [("push button", "开始检查*"), ("push button", "检查")]),
        (("ctrl+3", "alt+2"), [("list", "规则"), ("text", "查找规则"), ("combo box", "*"), ("push button", "导出规则手册")]),
        (("ctrl+3", "alt+3"), [("push button", "开始检查*")]),
        (("ctrl+4", "alt+1"), [("push button", "新建任务包*")]),
        (("ctrl+5",), [("list", "复核清单"), ("push button", "批量处理、导出与取回清单"), ("table", "复核事项")]),
        (("ctrl+6", "alt+1"), [("push button", "重新对账"), ("check box", "差异*"), ("push button", "现在对账")]),
        (("ctrl+7", "alt+1"), [("check box", "营销系统"), ("combo box", "*"), ("check box", "测试导出")]),
        (("ctrl+7", "alt+2"), [("push button", "去导出")]),
        (("ctrl+8", "alt+1"), [("combo box", "*"), ("check box", "划分方案"), ("push button", "新建网格")]),
        (("ctrl+8", "alt+2"), [("push button", "导入人员与网格")]),
        (("ctrl+8", "alt+5"), [("check box", "网格台区")]),
        (("ctrl+9",), [("push button", "新建工单…")]),
        (("ctrl+0",), [("list", "指标"), ("push button", "导出月报")]),
        (("ctrl+h",), [("list", "操作记录"), ("combo box", "所有人员"), ("table", "这次操作改动的内容")]),
    ],
    ids=[
        "workbench",
        "ledger",
        "import",
        "checks",
        "rules",
        "runs",
        "packages",
        "review",
        "reconcile",
        "export",
        "archive",
        "grids",
        "people",
        "rows",
        "orders",
        "statistics",
        "history",
    ],
)
def test_every_control_of_a_page_has_a_name(window: Window, keys: tuple[str, ...], expected: list[tuple[str, str]]) -> None:
    window.keys(*keys)
    for role, name in expected:
        window.find(name, role)
    assert nameless(window.heard()) == []


@pytest.mark.parametrize(
    "key, role, name", [("ctrl+k", "text", "全局搜索"), ("F1", "push button", "关闭快捷键表"), ("ctrl+comma", "", "设置")]
)
def test_every_control_of_an_overlay_has_a_name(window: Window, key: str, role: str, name: str) -> None:
    window.keys(key)
    if role:
        window.find(name, role)
    else:
        window.turn_to(name)
    assert nameless(window.heard()) == []
    window.keys("Escape")
    window.turn_to("营配网格工作台")


@pytest.mark.qt_log_ignore("This plugin does not support")
def test_popups_and_combo_boxes_have_names_of_their_own(qtbot: QtBot, open_window: OpenWindow, filled: Path) -> None:
    """Qt tells the bus of no popup, and there calls a combo box by its text: both are looked at from inside."""
    window = open_window(filled)
    for page in ("workbench", "history", "checks", "ledger", "reconcile", "export", "organisation", "workorders", "statistics"):
        window.navigate(page)
    qtbot.waitUntil(lambda: not window.jobs._running)
    kinds = (QAbstractButton, QAbstractItemView, QAbstractSpinBox, QComboBox, QLineEdit)
    parts = [each for each in window.findChildren(QWidget) if isinstance(each, kinds) and not is_inner(each)]
    assert {"FilterPopup", "ColumnChooser"} <= {type(each.window()).__name__ for each in parts}
    assert [f"{type(each).__name__} in {type(each.parent()).__name__}" for each in parts if not own_name(each)] == []


def is_inner(widget: QWidget) -> bool:
    """Parts that Qt made: the list and line of a combo box, the line of a spin box, headers."""
    owners = (QComboBox, QAbstractSpinBox, QAbstractItemView)
    above = widget.parent()
    while above is not None and not isinstance(above, owners):
        above = above.parent()
    return above is not None or isinstance(widget, QHeaderView)


def own_name(widget: QWidget) -> str:
    told = QAccessible.queryAccessibleInterface(widget)
    shown = told.text(QAccessible.Text.Name) if told is not None and not isinstance(widget, QComboBox) else ""
    return widget.accessibleName() or shown


def test_every_control_of_a_preview_has_a_name(window: Window, tmp_path: Path) -> None:
    files = plainly_named(build(tmp_path / "another", customers=40, seed=2).files[:2], tmp_path / "files")
    window.keys("ctrl+2", "alt+2")
    window.keys("ctrl+o")
    window.turn_to("选择台账文件")
    assert nameless(window.heard()) == []
    window.answer("选择台账文件", " ".join(f'"{path}"' for path in files))
    window.turn_to("营配网格工作台")
    window.find("表内容", "table")
    for role, name in (("tree", "要导入的文件和工作表"), ("combo box", "*"), ("spin button", "表头所在行")):
        window.find(name, role)
    assert nameless(window.heard()) == []
