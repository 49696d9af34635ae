"""The marketing workbook, opened by a spreadsheet program and taken in again: not a cell is changed, ours or the receiver's own form."""

import csv
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

import openpyxl
import pytest
from openpyxl.styles import Border, Font, Side

from lvdesk.exchange import picture
from lvdesk.exchange.formats.marketing import FORMAT
from lvdesk.exchange.model import Options
from lvdesk.exchange.picture import Picture
from lvdesk.kit.errors import RefusedError
from lvdesk.kit.progress import Progress
from lvdesk.ledger.importing import take
from lvdesk.ledger.model import ImportRequest
from lvdesk.sample import build
from lvdesk.workspace import Workspace
from tests.helpers.missing import missing

CSV = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,{sheet}"
THEIRS = ["序号", "计量箱条形码", "计量箱资产编号", "户号", "户名", "电表资产编号", "行", "列", "台区编码", "经度", "纬度", "审核意见"]


@pytest.fixture(scope="module")
def ws(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    folder = tmp_path_factory.mktemp("station")
    station = build(folder / "files", customers=80, dirt=False)
    ws = Workspace.open(folder / "workspace", person="陈思远")
    take(ws, ImportRequest(tuple(station.files)), Progress())
    return ws


def export(ws: Workspace, folder: Path, *, template: Path | None = None, test: bool = False) -> list[Path]:
    with ws.store.read() as connection:
        leaving = Picture(ws, picture.read(connection, FORMAT.entities), "2026-11-24T09:00:00+08:00", "钱内勤", test)
    folder.mkdir()
    return [written.path for written in FORMAT.write(leaving, folder, Options(template=template), Progress())]


def cells(path: Path, sheet: str) -> list[list[str]]:
    return [[str(cell or "") for cell in row] for row in openpyxl.load_workbook(path)[sheet].iter_rows(values_only=True)]


def provincial(path: Path, headers: Sequence[str] = THEIRS) -> Path:
    """A receiver's form: a sheet of advice before, a title over the header, a bordered empty row under it."""
    book = openpyxl.Workbook()
    book["Sheet"].title = "填写说明"
    book["填写说明"]["A1"] = "某省营销导入模板，请勿改动格式"
    sheet = book.create_sheet("表箱信息")
    sheet["A1"] = "计量箱普查导入"
    sheet.merge_cells("A1:E1")
    for place, header in enumerate(headers, 1):
        sheet.cell(2, place, header).font = Font(bold=True, color="C00000")
        sheet.cell(3, place).border = Border(bottom=Side("thin"))
    sheet.column_dimensions["B"].width = 33
    book.save(path)
    return path


def test_every_cell_is_text_in_the_sheets_the_system_knows(ws: Workspace, tmp_path: Path) -> None:
    (path,) = export(ws, tmp_path / "out")
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["计量箱普查表", "计量箱", "箱表关系"]
    survey = [column.header for column in ws.templates["box_survey"].form]
    assert (cells(path, "计量箱普查表")[0], len(survey)) == (survey, 35)
    kinds = {cell.data_type for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None}
    assert kinds == {"s"}
    assert {row[9] for row in cells(path, "计量箱普查表")[1:]} <= {"01", "02"}  # 产权 in the system's codes


@pytest.mark.parametrize("theirs", [False, True], ids=["ours", "theirs"])
def test_libreoffice_shows_the_same_cells(ws: Workspace, tmp_path: Path, theirs: bool) -> None:
    office = shutil.which("soffice") or shutil.which("libreoffice")
    if office is None:
        missing("LibreOffice (soffice)")
    template = provincial(tmp_path / "blank.xlsx") if theirs else None
    (path,) = export(ws, tmp_path / "out", template=template)
    name, number = ("表箱信息", 2) if theirs else ("计量箱普查表", 1)
    home = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    asked = [office, home, "--headless", "--convert-to", CSV.format(sheet=number), "--outdir", str(tmp_path), str(path)]
    subprocess.run(asked, check=True, capture_output=True, timeout=110)
    with next(tmp_path.glob("*.csv")).open(encoding="utf-8", newline="") as stream:
        assert list(csv.reader(stream)) == cells(path, name)


def test_taking_it_in_again_changes_nothing(ws: Workspace, tmp_path: Path) -> None:
    (path,) = export(ws, tmp_path / "out")
    sheets = {sheet.template: sheet for sheet in take(ws, ImportRequest((path,)), Progress()).files[0].sheets}
    survey = sheets["box_survey"]
    assert (survey.new, survey.changed, survey.gone, survey.rows_refused, survey.healed) == (0, 0, 0, 0, ())
    assert set(sheets) == {"box_survey", "box_collection", "box_meter_relation"}
    assert all(sheet.rows_refused == 0 for sheet in sheets.values())


def test_the_receivers_form_is_filled_and_stays_as_it_was(ws: Workspace, tmp_path: Path) -> None:
    (path,) = export(ws, tmp_path / "out", template=provincial(tmp_path / "blank.xlsx"))
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["填写说明", "表箱信息"]
    sheet = book["表箱信息"]
    assert (sheet["A1"].value, [merged.coord for merged in sheet.merged_cells.ranges]) == ("计量箱普查导入", ["A1:E1"])
    assert [cell.value for cell in sheet[2]] == THEIRS
    assert (sheet["B2"].font.color.rgb, sheet.column_dimensions["B"].width) == ("00C00000", 33)
    assert {row[0].border.bottom.style for row in sheet.iter_rows(min_row=3)} == {"thin"}
    ours = cells(export(ws, tmp_path / "ours")[0], "计量箱普查表")[1:]
    theirs = cells(path, "表箱信息")[2:]
    assert [row[1] for row in theirs] == [row[1] for row in ours]
    assert [row[0] for row in theirs] == [str(number) for number in range(1, len(ours) + 1)]
    assert {row[-1] for row in theirs} == {""}  # nobody told us what stands there


@pytest.mark.parametrize(
    "headers, row, code",
    [(["甲", "乙", "丙"], [], "export.template"), (THEIRS, ["1", "4130005152698467069774"], "fill.not_blank")],
    ids=["no table of ours", "an example row"],
)
def test_a_form_that_cannot_be_filled_is_refused(ws: Workspace, tmp_path: Path, headers: list[str], row: list[str], code: str) -> None:
    blank = provincial(tmp_path / "blank.xlsx", headers)
    book = openpyxl.load_workbook(blank)
    for place, value in enumerate(row, 1):
        book["表箱信息"].cell(3, place, value)
    book.save(blank)
    with pytest.raises(RefusedError) as caught:
        export(ws, tmp_path / "out", template=blank)
    assert (caught.value.code, bool(caught.value.hint)) == (code, True)


def test_a_file_holds_no_more_than_the_receiver_takes_and_no_box_is_torn(ws: Workspace, tmp_path: Path) -> None:
    ws.overrides.mkdir(exist_ok=True)
    (ws.overrides / "export.toml").write_text('[marketing]\nfile = "营销导入"\nrows_per_file = 30\n', encoding="utf-8")
    try:
        paths = export(ws, tmp_path / "out")
    finally:
        (ws.overrides / "export.toml").unlink()
    whole = cells(export(ws, tmp_path / "whole")[0], "计量箱普查表")[1:]
    parts = [cells(path, "计量箱普查表")[1:] for path in paths]
    assert paths[0].name == f"营销导入 第1册（共{len(paths)}册）.xlsx"
    assert [row for part in parts for row in part] == whole
    assert max(len(part) for part in parts) <= 30
    homes = [{row[1] for row in part} for part in parts]
    assert sum(map(len, homes)) == len(set.union(*homes))


def test_a_test_says_so_in_every_row(ws: Workspace, tmp_path: Path) -> None:
    (path,) = export(ws, tmp_path / "out", test=True)
    for sheet in openpyxl.load_workbook(path).sheetnames:
        assert {row[0] for row in cells(path, sheet)[1:]} == {"测试导出 不得导入"}
