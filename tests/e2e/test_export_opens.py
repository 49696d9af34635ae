"""The exported survey workbook, opened by a spreadsheet program and taken in again: not a cell is changed."""

import csv
import shutil
import subprocess
from pathlib import Path

import openpyxl
import pytest

from lvdesk.exchange.marketing import export_survey
from lvdesk.kit.progress import Progress
from lvdesk.ledger.importing import take
from lvdesk.ledger.model import ImportRequest
from lvdesk.sample import build
from lvdesk.workspace import Workspace
from tests.helpers.missing import missing

CSV = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1"


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Workspace]:
    folder = tmp_path_factory.mktemp("export")
    station = build(folder / "files", customers=80, dirt=False)
    ws = Workspace.open(folder / "workspace", person="陈思远")
    take(ws, ImportRequest(tuple(station.files)), Progress())
    manifest = export_survey(ws, folder / "out", Progress())
    return manifest.files[0].path, ws


def cells(path: Path) -> list[list[str]]:
    sheet = openpyxl.load_workbook(path).worksheets[0]
    return [[str(cell or "") for cell in row] for row in sheet.iter_rows(values_only=True)]


def test_every_cell_is_text_under_the_35_headers(exported: tuple[Path, Workspace]) -> None:
    path, ws = exported
    rows = cells(path)
    assert rows[0] == [column.header for column in ws.templates["box_survey"].form]
    assert len(rows[0]) == 35
    sheet = openpyxl.load_workbook(path).worksheets[0]
    assert {cell.data_type for row in sheet.iter_rows(min_row=2) for cell in row if cell.value is not None} == {"s"}


def test_libreoffice_shows_the_same_cells(exported: tuple[Path, Workspace], tmp_path: Path) -> None:
    office = shutil.which("soffice") or shutil.which("libreoffice")
    if office is None:
        missing("LibreOffice (soffice)")
    path, _ = exported
    home = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    subprocess.run(
        [office, home, "--headless", "--convert-to", CSV, "--outdir", tmp_path, path], check=True, capture_output=True, timeout=110
    )  # type: ignore[list-item]
    shown = next(tmp_path.glob("*.csv"))
    with shown.open(encoding="utf-8", newline="") as stream:
        assert list(csv.reader(stream)) == cells(path)


def test_taking_the_export_in_again_changes_nothing(exported: tuple[Path, Workspace]) -> None:
    path, ws = exported
    sheet = take(ws, ImportRequest((path,)), Progress()).files[0].sheets[0]
    assert (sheet.template, sheet.new, sheet.changed, sheet.gone, sheet.rows_refused) == ("box_survey", 0, 0, 0, 0)
    assert not sheet.healed
