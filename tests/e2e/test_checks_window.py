"""The checks in the real program by keys alone: a run, a fault put right in place and taken back, an exception, a rule switched off."""

import shutil
from pathlib import Path

import pytest

from tests.e2e.test_accessibility import nameless
from tests.helpers.desktop import Window, program, until, window_of

MAIN = "营配网格工作台"


def count(window: Window, title: str) -> int:
    """The number on one of the counts above the list."""
    found = next(
        (each.name for each in window.heard() if each.name.startswith(f"{title} ") and "打开列表" in each.name and each.showing), ""
    )
    digits = "".join(letter for letter in found if letter.isdigit())
    return int(digits) if digits else -1


@pytest.mark.slow
def test_a_check_and_its_findings_by_keyboard(accessible_desktop: dict[str, str], imported: Path, tmp_path: Path) -> None:
    workspace = Path(shutil.copytree(imported, tmp_path / "station"))
    with window_of(program(workspace), {**accessible_desktop, "LVDESK_HOME": str(tmp_path / "home")}) as window:
        window.turn_to(MAIN)
        window.keys("ctrl+3")
        window.find("开始检查*")
        window.keys("F5")
        window.find("问题清单", "table")
        errors = until(lambda: max(count(window, "错误"), 0), "errors are counted")
        window.find("问题分组", "list")
        assert nameless(window.heard()) == []

        window.keys("alt+1", "F8", "ctrl+l")
        window.turn_to("列为例外")
        assert nameless(window.heard()) == []
        window.write("checked")
        window.keys("Return")
        window.turn_to(MAIN)
        until(lambda: count(window, "例外") == 1, "the exception is counted")
        assert count(window, "错误") in {errors, errors - 1}
        window.keys("ctrl+z")
        until(lambda: count(window, "例外") == 0, "the exception is taken back")
        until(lambda: count(window, "错误") == errors, "the errors are as before")

        window.keys("alt+2")
        window.find("规则", "list")
        window.keys("space")
        window.find("试算")
        window.keys("ctrl+t")
        window.find("返回规则")
        assert nameless(window.heard()) == []
        window.keys("ctrl+Return")
        window.find("撤销：修改规则*")

        window.keys("alt+1", "ctrl+shift+e")
        window.turn_to("导出问题清单")
        window.find("选择文件夹…")
        assert nameless(window.heard()) == []
        window.keys("Escape")
        window.turn_to(MAIN)
