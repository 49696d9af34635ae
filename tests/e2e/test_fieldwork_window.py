"""A collection package in the real program by keys alone: made, its team named, printed to a PDF, sent, a sheet back, taken back."""

import shutil
from pathlib import Path

import pytest

from tests.e2e.test_accessibility import nameless
from tests.helpers.desktop import program, until, window_of

MAIN = "营配网格工作台"


@pytest.mark.slow
def test_a_package_goes_out_by_keyboard(accessible_desktop: dict[str, str], imported: Path, tmp_path: Path) -> None:
    workspace = Path(shutil.copytree(imported, tmp_path / "station"))
    paper = tmp_path / "sheets.pdf"
    with window_of(program(workspace), {**accessible_desktop, "LVDESK_HOME": str(tmp_path / "home")}) as window:
        window.turn_to(MAIN)
        window.keys("ctrl+4")
        window.find("新建任务包 Ctrl+N")
        window.keys("ctrl+n")
        window.find("台区", "list")
        window.keys("ctrl+a")
        window.find("建立任务包")
        assert nameless(window.heard()) == []
        window.keys("ctrl+Return")
        window.find("撤销：建立采录任务包*")
        window.find("任务包", "table")
        window.find("预览表单")

        window.keys("F2")
        window.write("Wang Li")
        window.keys("Return")
        window.find("撤销：修改任务包*")
        window.keys("ctrl+shift+e")
        window.answer("导出表单 PDF", str(paper))
        window.turn_to(MAIN)
        until(paper.exists, "the PDF is written")
        window.find("撤销：打印任务包*")
        assert paper.read_bytes().startswith(b"%PDF")
        window.keys("ctrl+shift+g")
        window.find("撤销：发出任务包*")
        assert nameless(window.heard()) == []

        window.keys("alt+3")
        window.find("表单", "table")
        window.find("打开任务包 *")
        assert nameless(window.heard()) == []
        window.keys("ctrl+b")
        window.find("撤销：表单标记为已收回*")
        window.keys("ctrl+z")
        window.find("撤销：发出任务包*")
