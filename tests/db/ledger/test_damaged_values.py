"""Damaged identifiers come back only with evidence that is shown; otherwise the value, or a row without its key, is refused."""

from pathlib import Path

import pytest

from lvdesk.ledger.model import SheetReport
from lvdesk.workspace import Workspace
from tests.helpers.stations import Cell, Rows, barcode, record, sheet_of, state, taken, workbook

pytestmark = pytest.mark.usefixtures("near_reader")

METER, BOX = barcode("01", 1234567), barcode("05", 7654321)
HEADERS = ["用户编号", "用户名称", "计量点编号", "台区编号", "电能表条形码", "电能表资产号", "计量箱条形码"]
GOOD = ["4209747019", "张三", "0974701901", "0031757328", METER, None, BOX]
SCIENTIFIC, CUT = f"{float(METER):.2E}", METER[:15] + "0" * 7


def ledger(folder: Path, name: str, *rows: list[Cell]) -> Path:
    return workbook(folder / f"{name}.xlsx", {"用户": [HEADERS, *rows]})


def put(**values: Cell) -> list[Cell]:
    cells = dict(zip(HEADERS, GOOD, strict=True)) | values
    return [*cells.values()]


def report(ws: Workspace, *paths: Path) -> SheetReport:
    return sheet_of(taken(ws, *paths), "customer_ledger")


@pytest.mark.parametrize("damaged", [SCIENTIFIC, CUT, float(CUT)])
def test_without_evidence_the_value_is_refused_and_the_row_stored(local_ws: Workspace, tmp_path: Path, damaged: Cell) -> None:
    sheet = report(local_ws, ledger(tmp_path, "bad", put(电能表条形码=damaged)))
    assert (sheet.rows_in, sheet.rows_stored, sheet.rows_refused) == (1, 1, 0)
    assert [(refusal.row, refusal.column, refusal.field, refusal.whole_row) for refusal in sheet.refused] == [
        (2, "E", "meter.bar_code", False)
    ]
    assert "文本格式" in sheet.refused[0].reason
    assert record(local_ws, "customer", "4209747019")["name"] == "张三"
    assert state(local_ws)["meter"] == {}


@pytest.mark.parametrize("damaged", [SCIENTIFIC, CUT])
def test_the_last_ledger_is_evidence(local_ws: Workspace, tmp_path: Path, damaged: str) -> None:
    taken(local_ws, ledger(tmp_path, "good", put()))
    before = state(local_ws)
    sheet = report(local_ws, ledger(tmp_path, "bad", put(电能表条形码=damaged)))
    assert [(healed.row, healed.before, healed.after) for healed in sheet.healed] == [(2, damaged, METER)]
    assert "4209747019" in sheet.healed[0].why
    assert (sheet.refused, sheet.gone, sheet.unchanged) == ((), 0, 1)
    assert state(local_ws) == before


@pytest.mark.parametrize("good_first", [True, False])
def test_another_file_of_the_same_import_is_evidence(ws: Workspace, tmp_path: Path, good_first: bool) -> None:
    files = [ledger(tmp_path, "good", put()), ledger(tmp_path, "bad", put(计量箱条形码=f"{float(BOX):.3E}"))]
    taken(ws, *(files if good_first else files[::-1]))
    assert record(ws, "meter", METER[7:21])["box_no"] == BOX[7:21]
    assert list(state(ws)["meter_box"]) == [BOX[7:21]]


def test_the_asset_number_in_the_same_row_is_evidence(local_ws: Workspace, tmp_path: Path) -> None:
    sheet = report(local_ws, ledger(tmp_path, "bad", put(电能表条形码=CUT, 电能表资产号=METER[7:21])))
    assert [healed.after for healed in sheet.healed] == [METER]
    assert "校验" in sheet.healed[0].why
    assert record(local_ws, "meter", METER[7:21])["bar_code"] == METER


def test_a_row_whose_own_key_is_lost_is_refused_whole(local_ws: Workspace, tmp_path: Path) -> None:
    survey: Rows = [
        ["计量箱条形码", "计量箱列数和", "计量箱行数和", "安装位置", "普查时间", "提交状态", "施封锁"],
        [f"{float(BOX):.2E}", "1", "1", "东墙", "2026-01-01", "已提交", "A1"],
        [barcode("05", 5), "1", "1", "西墙", "2026-01-01", "已提交", "A2"],
    ]
    sheet = sheet_of(taken(local_ws, workbook(tmp_path / "survey.xlsx", {"普查": survey})), "box_survey")
    assert (sheet.rows_in, sheet.rows_stored, sheet.rows_refused) == (2, 1, 1)
    assert [refusal.row for refusal in sheet.refused if refusal.whole_row] == [2]
    assert [values["location"] for values in state(local_ws)["meter_box"].values()] == ["西墙"]


def test_another_meter_in_the_ledger_is_no_evidence(local_ws: Workspace, tmp_path: Path) -> None:
    """The customer's meter was replaced: the known one does not agree with the digits left."""
    taken(local_ws, ledger(tmp_path, "good", put()))
    other = "4" + METER[1:]
    sheet = report(local_ws, ledger(tmp_path, "bad", put(电能表条形码=f"{float(other):.2E}")))
    assert [refusal.field for refusal in sheet.refused] == ["meter.bar_code"]
    assert sheet.healed == ()


def test_lost_zeros_come_back_when_the_number_is_known(local_ws: Workspace, tmp_path: Path) -> None:
    areas: Rows = [["线路编号", "台区编号", "台区名称", "公专变标志"], ["1310000001", "0031757328", "村东1#公变", "01"]]
    rows = [put(用户编号=f"42097470{n}", 计量点编号=f"09747019{n}", 电能表条形码=barcode("01", n)) for n in range(10, 20)]
    rows[4][3] = 31757328
    sheet = report(local_ws, workbook(tmp_path / "areas.xlsx", {"台区": areas}), ledger(tmp_path, "short", *rows))
    assert [(healed.row, healed.before, healed.after) for healed in sheet.healed] == [(6, "31757328", "0031757328")]
    assert {values["area_no"] for values in state(local_ws)["metering_point"].values()} == {"0031757328"}


def test_a_short_number_without_evidence_is_kept_and_said(local_ws: Workspace, tmp_path: Path) -> None:
    rows = [put(用户编号=f"42097470{n}", 计量点编号=f"09747019{n}", 电能表条形码=barcode("01", n)) for n in range(10, 20)]
    rows[4][0] = 9747020
    sheet = report(local_ws, ledger(tmp_path, "short", *rows))
    assert (sheet.rows_stored, sheet.rows_refused, sheet.healed) == (10, 0, ())
    assert "9747020" in state(local_ws)["customer"]
    assert [(finding.level, finding.row, finding.field) for finding in sheet.findings] == [("warning", 6, "customer.customer_no")]


def test_a_customer_whose_number_lost_its_zeros_is_recognised(local_ws: Workspace, tmp_path: Path) -> None:
    rows = [put(用户编号=f"000974702{n}", 计量点编号=f"097470190{n}", 电能表条形码=barcode("01", n + 1)) for n in range(8)]
    taken(local_ws, ledger(tmp_path, "good", *rows))
    before = state(local_ws)
    rows[3][0] = int(str(rows[3][0]))
    sheet = report(local_ws, ledger(tmp_path, "bad", *rows))
    assert [(healed.row, healed.after) for healed in sheet.healed] == [(5, "0009747023")]
    assert (sheet.new, sheet.gone, sheet.unchanged) == (0, 0, 8)
    assert state(local_ws) == before


def test_all_numbers_without_zeros_are_recognised_by_the_last_ledger(local_ws: Workspace, tmp_path: Path) -> None:
    """Excel took the zeros of the whole column: no neighbour shows the length, the ledger does."""
    rows = [put(用户编号=f"000974702{n}", 计量点编号=f"097470190{n}", 电能表条形码=barcode("01", n + 1)) for n in range(8)]
    taken(local_ws, ledger(tmp_path, "good", *rows))
    before = state(local_ws)
    for row in rows:
        row[0] = int(str(row[0]))
    report(local_ws, ledger(tmp_path, "bad", *rows))
    assert state(local_ws)["customer"].keys() == before["customer"].keys()
