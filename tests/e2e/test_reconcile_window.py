"""The last steps of the loop in the real program by keys alone: answers taken in, three sides compared, a difference sent to its desk."""

from pathlib import Path

import pytest

from lvdesk.sample import SampleStation
from tests.e2e.test_accessibility import nameless
from tests.helpers.desktop import command_line, program, window_of
from tests.helpers.whole_loop import Loop

MAIN = "营配网格工作台"


@pytest.mark.slow
def test_the_loop_closes_by_keyboard(accessible_desktop: dict[str, str], station: SampleStation, tmp_path: Path) -> None:
    loop = Loop(tmp_path / "loop")
    loop.folder.mkdir()
    answers = [path.rename(tmp_path / f"{place}.xlsx") for place, path in enumerate(loop.until_sent(station.files))]
    workspace = loop.folder / "station"
    with window_of(program(workspace), {**accessible_desktop, "LVDESK_HOME": str(tmp_path / "home")}) as window:
        window.turn_to("登录")
        window.find("人员", "list")
        window.keys("End", "Return")
        window.turn_to(MAIN)
        window.find("当前人员 钱内勤*")
        window.keys("ctrl+6")
        window.find("重新对账")
        window.keys("ctrl+shift+o")
        window.answer("接收回执和电源信息回写", " ".join(f'"{path}"' for path in answers))
        window.turn_to(MAIN)
        window.find("撤销：*")
        window.find("回执待办 *1", "check box")
        window.keys("F9")
        window.find("贯通对账，*项待处理", "check box")
        window.keys("alt+1")
        window.find("对账差异", "table")
        assert nameless(window.heard()) == []
        window.keys("alt+2")
        window.find("重新对账")
        assert nameless(window.heard()) == []
    status, said = command_line(workspace, "reconcile")
    assert (status, bool(said["differences"]), said["new"]) == (1, True, 0)
