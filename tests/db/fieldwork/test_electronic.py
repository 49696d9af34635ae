"""The package as a workbook: keys locked, choices offered, its number inside; filled in, it comes back through the import whole."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from lvdesk.fieldwork.electronic import PACKAGE_PROPERTY, SHEET_PROPERTY, STATION_PROPERTY, write_workbook
from lvdesk.fieldwork.identity import station_code
from lvdesk.fieldwork.model import SheetState
from lvdesk.fieldwork.moving import close, send, take_back
from lvdesk.fieldwork.packages import show
from lvdesk.fieldwork.register import find, mark, replace, sheets
from lvdesk.fieldwork.sheet_pages import ELECTRONIC
from lvdesk.fieldwork.sheets import pages, prepare
from lvdesk.history import undo
from lvdesk.kit.errors import Cancelled, KnownError, RefusedError
from lvdesk.kit.progress import Progress
from lvdesk.network.tables import TABLES
from lvdesk.tabular.properties import custom_properties
from lvdesk.templates.blank import CODE_SHEET, HELP_SHEET
from lvdesk.workspace import Workspace
from tests.helpers import visiting
from tests.helpers.sheetwork import amend, printed, words
from tests.helpers.stations import barcode, edited, near_reader, taken
from tests.helpers.visiting import NORTH, box, customer, made, meter

__all__ = ["near_reader"]
pytestmark = pytest.mark.usefixtures("near_reader")

BOXES, METERS, PEOPLE = "计量箱采录", "箱表关系", "采录结果"


@pytest.fixture
def station(ws: Workspace) -> Workspace:
    return visiting.laid(ws)


@pytest.fixture
def number(station: Workspace) -> str:
    return made(station)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "电子表单.xlsx"


def lines(sheet: Worksheet) -> list[dict[str, Any]]:
    head, *rows = sheet.iter_rows(values_only=True)
    return [dict(zip(map(str, head), row, strict=True)) for row in rows if any(row)]


def column(sheet: Worksheet, header: str) -> int:
    return next(number for number, cell in enumerate(sheet[1], 1) if cell.value == header)


def test_a_row_for_each_box_meter_and_customer_without_box(station: Workspace, number: str, path: Path) -> None:
    done = write_workbook(station, number, path, Progress())
    assert (dict(done.sheets), done.rows) == ({BOXES: 3, METERS: 4, PEOPLE: 1}, 8)
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == [BOXES, METERS, PEOPLE, HELP_SHEET, CODE_SHEET]
    order = [item.key for item in show(station, number).items if item.entity == "meter_box"]
    assert [row["计量箱资产号"] for row in lines(book[BOXES])] == order
    first = next(row for row in lines(book[BOXES]) if row["计量箱资产号"] == box(1))
    assert (first["计量箱条码编号"], first["安装地址"], first["台区编号"]) == (barcode("05", 501), "某村1号", NORTH)
    assert (first["任务包"], first["表单编号"], first["经度"], first["核对结论"]) == (number, done.sheet_no, None, None)
    meters = lines(book[METERS])
    assert {(row["计量箱资产号"], row["电能表资产号"], row["用户编号"]) for row in meters} == {
        (box(1), meter(1), customer(1)), (box(1), meter(2), customer(2)), (box(2), meter(3), customer(3)), (box(4), meter(5), customer(5))
    }  # fmt: skip
    assert [(row["用户编号"], row["用户名称"]) for row in lines(book[PEOPLE])] == [(customer(6), "用户6")]


def test_the_workbook_knows_whose_it_is(station: Workspace, number: str, path: Path) -> None:
    done = write_workbook(station, number, path, Progress())
    assert custom_properties(path, "xlsx") == {
        PACKAGE_PROPERTY: number, SHEET_PROPERTY: done.sheet_no, STATION_PROPERTY: station_code(station)
    }  # fmt: skip


def test_keys_are_locked_and_the_rest_is_open(station: Workspace, number: str, path: Path) -> None:
    amend(station, "meter_box", box(2), bar_code=None)
    write_workbook(station, number, path, Progress())
    book = openpyxl.load_workbook(path)
    for name in (BOXES, METERS, PEOPLE):
        assert book[name].protection.sheet
        assert book[name].protection.password is None
        assert book[name].freeze_panes in {"C2", "D2"}
    sheet = book[BOXES]
    rows = {sheet.cell(row, column(sheet, "计量箱资产号")).value: row for row in range(2, sheet.max_row + 1)}
    locked = {str(cell.value): sheet.cell(rows[box(1)], number).protection.locked for number, cell in enumerate(sheet[1], 1)}
    assert {name for name, is_locked in locked.items() if is_locked} == {
        "序号", "计量箱资产号", "计量箱条码编号", "台区名称", "任务包", "表单编号"
    }  # fmt: skip
    lacking = sheet.cell(rows[box(2)], column(sheet, "计量箱条码编号"))
    assert (lacking.value, lacking.protection.locked) == (None, False)
    assert not any(cell.protection.locked for cell in sheet[5])
    assert sheet.cell(rows[box(1)], column(sheet, "计量箱条码编号")).number_format == "@"
    assert sheet.column_dimensions[get_column_letter(column(sheet, "表单编号"))].hidden
    offered = {str(area).split(":")[0]: rule.formula1 for rule in sheet.data_validations.dataValidation for area in rule.sqref.ranges}
    assert CODE_SHEET in offered[sheet.cell(2, column(sheet, "核对结论")).coordinate]
    assert offered[sheet.cell(2, column(sheet, "采录人")).coordinate] == '"张三、李四,张三,李四"'
    assert "不能修改" in str(sheet.cell(1, column(sheet, "计量箱资产号")).comment)
    assert "缺失" in "\n".join(str(row[0]) for row in book[HELP_SHEET].iter_rows(values_only=True))


def fill(book: Any) -> None:
    """What a team does at site: some boxes seen, one not entered, one new."""
    sheet = book[BOXES]
    for row in range(2, 5):
        said: dict[str, Any] = {"核对结论": "正常", "采录日期": "2026-11-25", "采录人": "张三、李四", "坐标系": "CGCS2000"}
        said |= {"经度": 115.6812345, "纬度": 34.4412345, "行": 2, "列": 2, "表箱类型": "合体表箱"}
        for header, value in said.items():
            sheet.cell(row, column(sheet, header), value)
    sheet.cell(4, column(sheet, "核对结论"), "无法进入")
    sheet.cell(5, column(sheet, "计量箱条码编号"), barcode("05", 777))
    sheet.cell(5, column(sheet, "安装地址"), "某村新箱")
    for row in range(2, 6):
        book[METERS].cell(row, column(book[METERS], "核对结论"), "正常")
    book[PEOPLE].cell(2, column(book[PEOPLE], "核对结论"), "缺失")


@pytest.mark.parametrize("change", [fill, lambda _book: None], ids=["filled", "untouched"])
def test_it_comes_back_through_the_import(
    station: Workspace, number: str, path: Path, change: Callable[[Any], None], tmp_path: Path
) -> None:
    amend(station, "meter_box", box(2), bar_code=None)
    amend(station, "meter", meter(3), bar_code=None, asset_no=meter(3))
    write_workbook(station, number, path, Progress())
    before = accepted(station)
    back = edited(path, change, tmp_path / "收回.xlsx")
    result = taken(station, back)
    (report,) = result.files
    found = {sheet.name: (sheet.template, sheet.evidence, sheet.rows_refused) for sheet in report.sheets if sheet.template}
    assert found == {
        BOXES: ("box_collection", True, 0), METERS: ("box_meter_relation", True, 0), PEOPLE: ("field_return", True, 0)
    }  # fmt: skip
    assert sum(sheet.rows_in for sheet in report.sheets) == 8 + (change is fill)
    assert [refusal for sheet in report.sheets for refusal in sheet.refused] == []
    assert accepted(station) == before


def accepted(ws: Workspace) -> list[Any]:
    with ws.store.read() as connection:
        return [connection.execute(TABLES[name].select().order_by(TABLES[name].c.id)).all() for name in ("meter_box", "meter", "customer")]


def test_it_stands_in_the_register_and_lets_the_package_go(station: Workspace, number: str, path: Path) -> None:
    done = write_workbook(station, number, path, Progress())
    view = find(station, done.sheet_no)
    assert (view.form_title, view.state, view.items, view.copies) == (ELECTRONIC, SheetState.PRINTED, 4, 1)
    send(station, number)
    assert find(station, done.sheet_no).state == SheetState.OUT
    again = write_workbook(station, number, path, Progress())
    assert (again.sheet_no, find(station, done.sheet_no).copies, find(station, done.sheet_no).state) == (done.sheet_no, 2, SheetState.OUT)
    mark(station, [done.sheet_no], SheetState.BACK)
    other = write_workbook(station, number, path, Progress())
    assert other.sheet_no > done.sheet_no
    take_back(station, number, [])
    close(station, number)
    with pytest.raises(RefusedError) as refused:
        write_workbook(station, number, path, Progress())
    assert refused.value.code == "package.state"


def test_paper_and_workbook_do_not_mix(station: Workspace, number: str, path: Path, tmp_path: Path) -> None:
    printed(station, number, tmp_path)
    done = write_workbook(station, number, path, Progress())
    assert not any(sheet.changed_since for sheet in sheets(station))
    paper = list(pages(station, number))
    assert len(paper) == len(sheets(station, number)) - 1
    assert not any(done.sheet_no in words(page) for page in paper)
    prepare(station, number, Progress())
    assert find(station, done.sheet_no).state == SheetState.PRINTED
    for act in (lambda: printed(station, number, tmp_path, done.sheet_no), lambda: replace(station, [done.sheet_no], "破损")):
        with pytest.raises(RefusedError) as refused:
            act()
        assert "电子表单" in refused.value.message


def test_what_was_not_written_is_not_registered(station: Workspace, number: str, path: Path) -> None:
    path.mkdir()
    with pytest.raises(KnownError) as raised:
        write_workbook(station, number, path, Progress())
    assert raised.value.code.startswith("file.")
    progress = Progress()
    progress.cancel()
    with pytest.raises(Cancelled):
        write_workbook(station, number, path.with_name("b.xlsx"), progress)
    assert sheets(station, number) == []
    assert [each.name for each in path.parent.glob("*.xlsx")] == [path.name]
    done = write_workbook(station, number, path.with_name("c.xlsx"), Progress())
    undo(station)
    assert sheets(station, number) == []
    assert write_workbook(station, number, path.with_name("c.xlsx"), Progress()).sheet_no > done.sheet_no
