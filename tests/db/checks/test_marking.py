"""The user's own file comes back with its problems marked: nothing of it is lost, and every problem stands at its cell."""

import csv
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.styles import Font, PatternFill

from lvdesk.checks import marking, marking_model, marking_styled
from lvdesk.checks.marking import mark_copy, sources
from lvdesk.checks.marking_model import FILLS
from lvdesk.kit.errors import Cancelled, KnownError
from lvdesk.kit.files import sha256
from lvdesk.kit.progress import Progress
from lvdesk.tabular.writing import COPY_PROPERTY
from lvdesk.workspace import Workspace
from tests.helpers.here import HereReader
from tests.helpers.planting import plant
from tests.helpers.stations import barcode, edited, taken, workbook

HEAD = ["计量箱资产号", "计量箱条形码", "行数", "列数", "安装位置", "合计"]
LONG = barcode("05", 3)
ROWS = [
    ["某供电所计量箱台账", None, None, None, None, None],
    HEAD,
    ["05000000000001", barcode("05", 1), 2, 3, "一号楼", "=C3*D3"],
    ["05000000000002", barcode("05", 2), 0, 3, "二号楼", "=C4*D4"],
    [None, LONG, 1, 1, "=三号楼", 1],
]


@pytest.fixture(autouse=True)
def near(near_reader: None, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Everything happens in this process, but where a test wants the real thing."""
    if "guarded" not in request.keywords and "guarded" not in request.node.name:
        monkeypatch.setattr(marking, "Reader", HereReader)


@pytest.fixture
def original(tmp_path: Path) -> Path:
    """A workbook with looks: a merged title, widths, fonts, fills, formulas, a sheet that is no ledger."""
    path = workbook(tmp_path / "台账.xlsx", {"计量箱": ROWS, "备忘": [["随手记"], ["=1+1"]]}, {"计量箱": ["A1:F1"]})

    def dress(made: openpyxl.Workbook) -> None:
        sheet = made["计量箱"]
        sheet.column_dimensions["B"].width = 31
        sheet["A3"].font = Font(bold=True)
        sheet["E3"].fill = PatternFill("solid", fgColor="FF00FF00")
        sheet["E5"].data_type = "s"
        sheet["C3"].number_format = "0.00"

    return edited(path, dress)


def finding(row: int | None, field: str = "slot_rows", **more: Any) -> dict[str, Any]:
    return {"place": ("台账.xlsx", "计量箱", row), "field": field, "identity": f"{row}{field}{more}", **more}


def batch_of(ws: Workspace) -> int:
    return sources(ws)[0].batch


def marked(ws: Workspace, path: Path) -> Any:
    mark_copy(ws, batch_of(ws), path, Progress())
    return openpyxl.load_workbook(path)


def colour(cell: Any) -> str:
    return str(cell.fill.fgColor.rgb)[2:] if cell.fill.fill_type == "solid" else ""


def texts(sheet: Any, first: int = 1) -> list[list[Any]]:
    return [[cell.value for cell in row] for row in sheet.iter_rows(min_row=first)]


def test_the_copy_is_the_users_workbook_with_marks(ws: Workspace, original: Path, tmp_path: Path) -> None:
    taken(ws, original)
    plant(ws, finding(4, message="计量箱 05000000000002 的行数为 0", suggestion='{"slot_rows": "2"}', key="05000000000002", value="0"))
    assert [(source.file, source.findings) for source in sources(ws)] == [("台账.xlsx", 1)]
    made = marked(ws, tmp_path / "标注.xlsx")
    assert made.sheetnames == ["问题清单", "计量箱", "备忘"]
    sheet = made["计量箱"]
    assert texts(sheet) == texts(openpyxl.load_workbook(original)["计量箱"])
    assert (sheet.column_dimensions["B"].width, sheet["A3"].font.bold, sheet["C3"].number_format) == (31, True, "0.00")
    assert [str(area) for area in sheet.merged_cells.ranges] == ["A1:F1"]
    assert {cell.coordinate: colour(cell) for row in sheet for cell in row if colour(cell)} == {"C4": FILLS["error"], "E3": "00FF00"}
    comment = sheet["C4"].comment.text
    assert comment.startswith("【错误】Q33")
    assert "计量箱 05000000000002 的行数为 0\n怎样改：改正行数\n建议：" in comment
    assert made["备忘"]["A2"].value == "=1+1"
    assert {item.name: item.value for item in made.custom_doc_props.props} == {COPY_PROPERTY: sha256(original)}
    assert [bool(each.sheet_view.tabSelected) for each in made.worksheets] == [True, False, False]


def test_the_list_leads_to_the_cells(ws: Workspace, original: Path, tmp_path: Path) -> None:
    taken(ws, original)
    plant(ws, finding(5, "location", value="=三号楼", key=LONG, severity="info"), finding(4, key="05000000000002"))
    page = marked(ws, tmp_path / "标注.xlsx")["问题清单"]
    assert "共 2 个问题（错误 1、警告 0、提示 1）" in page["A1"].value
    assert [cell.value for cell in page[3]][:4] == ["编号", "严重程度", "规则", "位置"]
    assert [page["D4"].value, page["D4"].hyperlink.location] == ["C4", "'计量箱'!C4"]
    assert [page["D5"].value, page["F5"].value, page["I5"].value, page["I5"].data_type] == ["E5", LONG, "=三号楼", "s"]
    assert [colour(page["B4"]), colour(page["B5"])] == [FILLS["error"], FILLS["info"]]
    assert (page.freeze_panes, page.auto_filter.ref) == ("E4", "A3:M5")


@pytest.mark.parametrize(
    "given, cell",
    [
        (finding(4, "slot_columns"), "D4"),
        (finding(4, "", key="x"), "A4"),
        (finding(4, "longitude"), "A4"),
        (finding(5, "asset_no"), "B5"),
        (finding(5, "", key="x"), "B5"),
        (finding(0, "slot_columns"), "D2"),
        (finding(1, "bar_code"), "A1"),
        (finding(4, "", entity="customer"), "A4"),
    ],
    ids=["own column", "record", "no such column", "taken from the barcode", "record by barcode", "whole column", "merged", "other entity"],
)
@pytest.mark.parametrize("anew", [False, True])
def test_each_problem_finds_its_cell(
    local_ws: Workspace, original: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, given: dict[str, Any], cell: str, anew: bool
) -> None:
    if anew:
        monkeypatch.setattr(marking_styled, "MAX_XML", 0)
        cell = {"A1": "B1"}.get(cell, cell)
    taken(local_ws, original)
    plant(local_ws, given)
    made = marked(local_ws, tmp_path / "标注.xlsx")
    assert [c.coordinate for row in made["计量箱"] for c in row if colour(c) in FILLS.values()] == [cell]
    assert made["问题清单"]["D4"].value == cell


def test_several_problems_share_a_cell(local_ws: Workspace, original: Path, tmp_path: Path) -> None:
    taken(local_ws, original)
    plant(local_ws, *[finding(4, severity=level, message=f"第{n}个") for n, level in enumerate(["info", "warning", "error"] * 3)])
    cell = marked(local_ws, tmp_path / "标注.xlsx")["计量箱"]["C4"]
    assert colour(cell) == FILLS["error"]
    assert [cell.comment.text.index(f"第{n}个") for n in (2, 5, 8)] == sorted(cell.comment.text.index(f"第{n}个") for n in (2, 5, 8))
    assert "另有 4 条，见“问题清单”" in cell.comment.text


@pytest.mark.parametrize("anew", [False, True])
def test_too_many_comments_are_told(
    local_ws: Workspace, original: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, anew: bool
) -> None:
    for module in (marking_styled, marking.rebuild.__globals__):
        monkeypatch.setitem(module if isinstance(module, dict) else vars(module), "MAX_COMMENTS", 1)
    if anew:
        monkeypatch.setattr(marking_styled, "MAX_XML", 0)
    taken(local_ws, original)
    plant(local_ws, finding(3, severity="warning"), finding(4, severity="error"))
    made = marked(local_ws, tmp_path / "标注.xlsx")
    sheet = made["计量箱"]
    assert [sheet["C3"].comment, colour(sheet["C3"]), colour(sheet["C4"])] == [None, FILLS["warning"], FILLS["error"]]
    assert sheet["C4"].comment is not None
    assert "只标颜色" in made["问题清单"]["A2"].value
    assert "计量箱 1 个" in made["问题清单"]["A2"].value


def test_a_csv_comes_back_as_a_workbook_of_texts(local_ws: Workspace, tmp_path: Path) -> None:
    path = tmp_path / "箱子.csv"
    with path.open("w", newline="", encoding="gb18030") as stream:
        csv.writer(stream).writerows([["" if value is None else value for value in row] for row in [*ROWS, ["0500", "=1+1", "00012"]]])
    taken(local_ws, path)
    plant(
        local_ws,
        {"place": ("箱子.csv", "", 4), "field": "slot_rows"},
        {"place": ("箱子.csv", "", 9), "field": "slot_rows", "identity": "x"},
    )
    made = marked(local_ws, tmp_path / "标注.xlsx")
    sheet = made["箱子"]
    with path.open(newline="", encoding="gb18030") as stream:
        for number, row in enumerate(csv.reader(stream), 1):
            assert [sheet.cell(number, column).value or "" for column in range(1, len(row) + 1)] == row
    assert {cell.data_type for row in sheet.iter_rows(max_row=6) for cell in row if cell.value is not None} == {"s"}
    assert sheet["B6"].number_format == "@"
    assert [sheet.freeze_panes, sheet.auto_filter.ref] == ["A3", "A2:F6"]
    assert "Q33" in sheet["C4"].comment.text
    assert "Q33" in sheet["C9"].comment.text
    assert [colour(sheet["C4"]), colour(sheet["C9"])] == [FILLS["error"]] * 2
    assert made["问题清单"]["D4"].hyperlink.location == "箱子!C4"
    assert [item.value for item in made.custom_doc_props.props if item.name == COPY_PROPERTY] == [sha256(path)]


def test_a_corrected_copy_loses_its_old_marks(local_ws: Workspace, original: Path, tmp_path: Path) -> None:
    edited(original, lambda made: setattr(made["计量箱"]["D4"], "comment", openpyxl.comments.Comment("我的批注", "李四")))
    taken(local_ws, original)
    plant(local_ws, finding(4), finding(4, "slot_columns"))
    mark_copy(local_ws, batch_of(local_ws), tmp_path / "改正.xlsx", Progress())
    corrected = edited(tmp_path / "改正.xlsx", lambda made: setattr(made["计量箱"]["C4"], "value", 2))
    assert "我的批注" in openpyxl.load_workbook(corrected)["计量箱"]["D4"].comment.text
    assert "Q33" in openpyxl.load_workbook(corrected)["计量箱"]["D4"].comment.text
    taken(local_ws, corrected)
    plant(local_ws, {"place": ("改正.xlsx", "计量箱", 3), "field": "slot_rows", "identity": "later"})
    [batch] = [source.batch for source in sources(local_ws) if source.file == "改正.xlsx"]
    mark_copy(local_ws, batch, tmp_path / "再标注.xlsx", Progress())
    made = openpyxl.load_workbook(tmp_path / "再标注.xlsx")
    assert made.sheetnames == ["问题清单", "计量箱", "备忘"]
    sheet = made["计量箱"]
    assert [cell.coordinate for row in sheet for cell in row if colour(cell) in FILLS.values()] == ["C3"]
    assert [sheet["C4"].comment, sheet["D4"].comment.text] == [None, "我的批注"]
    assert [item.value for item in made.custom_doc_props.props if item.name == COPY_PROPERTY] == [sha256(corrected)]


def test_a_workbook_that_openpyxl_cannot_keep_is_written_anew(
    local_ws: Workspace, original: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_arguments: object) -> None:
        raise TypeError

    taken(local_ws, original)
    plant(local_ws, finding(4))
    monkeypatch.setattr(marking_styled, "_opened", fail)
    made = marked(local_ws, tmp_path / "标注.xlsx")
    assert made.sheetnames == ["问题清单", "计量箱", "备忘"]
    assert [made["计量箱"]["B5"].value, colour(made["计量箱"]["C4"])] == [LONG, FILLS["error"]]


def test_the_whole_way_is_guarded(local_ws: Workspace, original: Path, tmp_path: Path) -> None:
    taken(local_ws, original)
    plant(local_ws, finding(4))
    assert colour(marked(local_ws, tmp_path / "标注.xlsx")["计量箱"]["C4"]) == FILLS["error"]


def test_a_copy_open_in_excel_is_told(local_ws: Workspace, original: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    taken(local_ws, original)
    plant(local_ws, finding(4))
    target = tmp_path / "标注.xlsx"
    target.write_text("open")
    monkeypatch.setattr("lvdesk.kit.files.os.replace", _locked)
    with pytest.raises(KnownError) as refused:
        mark_copy(local_ws, batch_of(local_ws), target, Progress())
    assert refused.value.code == "file.in_use"
    assert target.read_text() == "open"


def _locked(*_paths: object) -> None:
    raise PermissionError(13, "in use")


@pytest.mark.parametrize("limit", [60 << 20, 0])
def test_cancelled_nothing_stays(local_ws: Workspace, original: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, limit: int) -> None:
    monkeypatch.setattr(marking_styled, "MAX_XML", limit)
    taken(local_ws, original)
    plant(local_ws, finding(4))
    progress = Progress()
    monkeypatch.setattr(progress, "step", lambda *_count: progress.cancel())
    with pytest.raises(Cancelled):
        mark_copy(local_ws, batch_of(local_ws), tmp_path / "out" / "标注.xlsx", progress)
    assert list((tmp_path / "out").glob("*")) == []


def test_words_fit_into_a_comment() -> None:
    assert marking_model.comment_height("短") == 60
    assert marking_model.comment_height("长" * 5_000) == 400
