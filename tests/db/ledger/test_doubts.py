"""What an import must not conclude from values it could not read, and the same contents twice in one import."""

import shutil
from pathlib import Path

import pytest

from lvdesk.workspace import Workspace
from tests.helpers.stations import Cell, barcode, record, sheet_of, taken, workbook

pytestmark = pytest.mark.usefixtures("near_reader")
HEADERS = ["用户编号", "用户名称", "用户分类", "计量点编号", "台区编号", "电能表条形码"]


def row(number: int, **values: Cell) -> list[Cell]:
    cells = [f"42097470{number}", "张三", "03", f"09747019{number}", "4231757328", barcode("01", number)]
    return [*(dict(zip(HEADERS, cells, strict=True)) | values).values()]


def ledger(path: Path, *rows: list[Cell]) -> Path:
    return workbook(path, {"用户": [HEADERS, *rows]})


def test_the_same_contents_twice_in_one_import(local_ws: Workspace, tmp_path: Path) -> None:
    first = ledger(tmp_path / "1.xlsx", row(11))
    second = Path(shutil.copy(first, tmp_path / "2.xlsx"))
    assert [file.status for file in taken(local_ws, first, second).files] == ["imported", "unchanged"]


def test_a_customer_whose_number_cannot_be_read_is_not_gone(local_ws: Workspace, tmp_path: Path) -> None:
    taken(local_ws, ledger(tmp_path / "1.xlsx", *(row(n) for n in (11, 12, 13))))
    result = taken(
        local_ws, ledger(tmp_path / "2.xlsx", row(11), row(12, 用户编号="4.21E+09", 计量点编号=None, 电能表条形码=None), row(13))
    )
    assert sheet_of(result, "customer_ledger").rows_refused == 1
    assert not record(local_ws, "customer", "4209747012")["absent"]


def test_a_meter_whose_barcode_cannot_be_read_is_not_gone(local_ws: Workspace, tmp_path: Path) -> None:
    taken(local_ws, ledger(tmp_path / "1.xlsx", *(row(n) for n in (11, 12, 13))))
    taken(local_ws, ledger(tmp_path / "2.xlsx", row(11), row(12, 电能表条形码="9.99E+21"), row(13)))
    assert not record(local_ws, "meter", "18000000000012")["absent"]


def test_two_files_that_contradict_each_other_are_told(local_ws: Workspace, tmp_path: Path) -> None:
    result = taken(local_ws, ledger(tmp_path / "1.xlsx", row(11)), ledger(tmp_path / "2.xlsx", row(11, 用户名称="李四")))
    assert [finding.field for file in result.files for sheet in file.sheets for finding in sheet.findings] == ["customer.name"]
