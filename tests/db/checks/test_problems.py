"""Problem lists: everything open in one plain workbook, and what else is written beside it."""

from pathlib import Path
from typing import Any

import openpyxl
import pytest
from sqlalchemy import insert

from lvdesk.checks import marking
from lvdesk.checks.marking_model import FILLS
from lvdesk.checks.problems import COLUMNS, write_list, write_out
from lvdesk.kit.errors import Cancelled
from lvdesk.kit.progress import Progress
from lvdesk.network.batches import table_of
from lvdesk.network.verdicts import CheckRun
from lvdesk.workspace import Workspace
from tests.helpers.here import HereReader
from tests.helpers.planting import plant
from tests.helpers.rulebook import tried_rules
from tests.helpers.stations import taken, workbook

__all__ = ["tried_rules"]

HEAD = ["计量箱资产号", "计量箱条形码", "行数", "列数"]


@pytest.fixture(autouse=True)
def here(near_reader: None, tried_rules: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Everything happens in this process, with the two tried rules."""
    monkeypatch.setattr(marking, "Reader", HereReader)


def boxes(folder: Path, name: str, number: int) -> Path:
    folder.mkdir(exist_ok=True)
    return workbook(folder / name, {"计量箱": [HEAD, [f"05{number:012d}", None, 0, 2]]})


def at(file: str, row: int, **more: Any) -> dict[str, Any]:
    return {"place": (file, "计量箱", row), "field": "slot_rows", "identity": f"{file}{row}{more}", **more}


def ran(ws: Workspace, report: str) -> None:
    with ws.store.write("模板校验") as write:
        row = {"id": 1, "at": "2026-06-01T08:00:00+08:00", "person": "张三", "entry": 10**6, "report": report}
        write.connection.execute(insert(table_of(CheckRun)), row)


def rows(sheet: Any) -> list[list[Any]]:
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


def test_the_list_says_everything_of_every_problem(ws: Workspace, tmp_path: Path) -> None:
    taken(ws, boxes(tmp_path, "甲.xlsx", 1))
    plant(
        ws,
        at("甲.xlsx", 2, key="05000000000001", value="0", message="行数为 0", suggestion='{"slot_rows": "2"}', area_no="0100"),
        {"rule": "Q50", "severity": "warning", "key": "00012", "value": "=1+1", "message": "远" * 40_000, "identity": "desk"},
        at("甲.xlsx", 2, identity="gone", resolved_at="2026-06-01"),
    )
    ran(ws, '{"run": [["Q33", 1]], "skipped": [["Q50", "没有坐标"]]}')
    assert write_list(ws, tmp_path / "清单.xlsx", Progress()) == 2
    made = openpyxl.load_workbook(tmp_path / "清单.xlsx")
    page = made["问题清单"]
    [head, first, second] = rows(page)
    assert head == list(COLUMNS)
    assert first[1:8] == ["错误", "Q33 行数过少", "计量箱", "05000000000001", "计量箱行数", "行数为 0", "0"]
    assert first[8:] == ["改正行数", "计量箱行数 → 2", "0100", "甲.xlsx", "计量箱", 2]
    assert [second[4], second[7], second[11], second[13], len(second[6])] == ["00012", "=1+1", None, None, 32_767]
    assert {cell.data_type for cell in page[3] if isinstance(cell.value, str)} == {"s"}
    assert (page.freeze_panes, page.auto_filter.ref, page["E2"].number_format) == ("D2", "A1:N3", "@")
    fills = {rule.dxf.fill.bgColor.rgb[2:] for rules in page.conditional_formatting for rule in rules.rules}
    assert fills == set(FILLS.values())
    summary = rows(made["汇总"])
    assert made.sheetnames == ["汇总", "问题清单"]
    assert summary[1] == ["Q33", "行数过少", "一致性", 1, 0, 0, 1, None]
    assert summary[2] == ["Q50", "距离过远", "空间", 0, 1, 0, 1, "未运行：没有坐标"]
    assert summary[3][0] == "合计"
    assert summary[3][3:7] == [1, 1, 0, 2]


def test_an_empty_list_is_a_list_too(local_ws: Workspace, tmp_path: Path) -> None:
    out = write_out(local_ws, tmp_path / "清单.xlsx", Progress())
    assert out.copies == ()
    made = openpyxl.load_workbook(out.list)
    assert rows(made["问题清单"]) == [list(COLUMNS)]
    assert rows(made["汇总"])[-1][-1] == "还没有校验过"


def test_one_file_comes_back_marked(local_ws: Workspace, tmp_path: Path) -> None:
    taken(local_ws, boxes(tmp_path, "甲.xlsx", 1))
    plant(local_ws, at("甲.xlsx", 2))
    target = tmp_path / "out" / "给外勤.xlsx"
    assert write_out(local_ws, target, Progress()).copies == (target,)
    assert openpyxl.load_workbook(target).sheetnames == ["问题清单", "计量箱"]
    assert [path.name for path in target.parent.iterdir()] == ["给外勤.xlsx"]


@pytest.mark.parametrize("target, listed, folder", [("清单.xlsx", "清单.xlsx", "清单_标注"), ("结果", "结果/问题清单.xlsx", "结果")])
def test_several_files_come_back_beside_the_list(local_ws: Workspace, tmp_path: Path, target: str, listed: str, folder: str) -> None:
    taken(local_ws, boxes(tmp_path / "一", "甲.xlsx", 1), boxes(tmp_path / "二", "乙.xlsx", 2))
    taken(local_ws, boxes(tmp_path / "三", "甲.xlsx", 3))
    plant(local_ws, at("甲.xlsx", 2), at("乙.xlsx", 2))
    out = write_out(local_ws, tmp_path / target, Progress())
    assert out.list == tmp_path / listed
    assert out.copies == (tmp_path / folder / "甲_标注.xlsx", tmp_path / folder / "乙_标注.xlsx")
    assert all(path.is_file() for path in (out.list, *out.copies))


def test_a_problem_without_a_file_needs_the_list(local_ws: Workspace, tmp_path: Path) -> None:
    taken(local_ws, boxes(tmp_path, "甲.xlsx", 1))
    plant(local_ws, at("甲.xlsx", 2), {"identity": "desk"})
    out = write_out(local_ws, tmp_path / "清单.xlsx", Progress())
    assert (out.list.name, [copy.name for copy in out.copies]) == ("清单.xlsx", ["甲_标注.xlsx"])
    assert len(rows(openpyxl.load_workbook(out.list)["问题清单"])) == 3


def test_files_of_one_name_are_numbered(local_ws: Workspace, tmp_path: Path) -> None:
    taken(local_ws, boxes(tmp_path / "一", "甲.xlsx", 1), boxes(tmp_path / "二", "甲.xlsx", 2))
    plant(local_ws, at("甲.xlsx", 2), {**at("甲.xlsx", 2), "identity": "x"})
    with local_ws.store.write("试") as write:  # the second finding stands in the second file
        write.connection.exec_driver_sql("UPDATE finding SET sheet_id = (SELECT max(id) FROM batch_sheet) WHERE identity = 'x'")
    assert [path.name for path in write_out(local_ws, tmp_path / "出", Progress()).copies] == ["甲_标注.xlsx", "甲_标注 (2).xlsx"]


def test_cancelled_the_old_list_stays(local_ws: Workspace, tmp_path: Path) -> None:
    target = tmp_path / "清单.xlsx"
    target.write_text("old")
    plant(local_ws, {"identity": "x"})
    progress = Progress()
    progress.cancel()
    with pytest.raises(Cancelled):
        write_list(local_ws, target, progress)
    assert target.read_text() == "old"
