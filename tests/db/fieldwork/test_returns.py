"""Workbooks that come back: every row counted once, differences told and kept up to date, packages get their things back, nothing twice."""

from datetime import datetime
from pathlib import Path

import openpyxl
import pytest

from lvdesk.fieldwork import differences
from lvdesk.fieldwork.moving import send
from lvdesk.fieldwork.packages import show
from lvdesk.fieldwork.return_model import DifferenceClass, Returned, ReturnRequest
from lvdesk.fieldwork.returns import take_back
from lvdesk.history import undo
from lvdesk.kit.errors import Cancelled, KnownError, RefusedError
from lvdesk.kit.progress import Progress
from lvdesk.ledger.importing import take
from lvdesk.ledger.model import ImportRequest
from lvdesk.network.changed import Changed
from lvdesk.network.counting import loop
from lvdesk.workspace import Workspace
from tests.helpers import visiting
from tests.helpers.returning import classes, results, returned
from tests.helpers.stations import barcode, workbook
from tests.helpers.visiting import EAST, NORTH, SOUTH, box, customer, made, meter, printed

pytestmark = pytest.mark.usefixtures("near_reader")


@pytest.fixture
def station(ws: Workspace) -> Workspace:
    ws.clock = lambda: datetime.fromisoformat("2026-11-23T09:00:00+08:00")
    return visiting.laid(ws)


def row(number: int, home: int, **more: str) -> dict[str, str]:
    cells = {
        "用户编号": customer(number), "用户名称": f"用户{number}", "计量箱条码": barcode("05", 500 + home),
        "电能表条码": barcode("01", number),
        "经度": str(round(115.68 + home / 2000, 6)), "纬度": "34.441",
    }  # fmt: skip
    return {**cells, **more}


def team(folder: Path) -> Path:
    """One replaced meter, one gone customer, a stranger, a row with nothing but a name that is almost one of the ledger."""
    rows = [
        row(1, 1, 电能表条码=barcode("01", 901)), row(2, 1), row(3, 2, 核对结论="现场无表"),
        {"用户名称": "王五", "电能表条码": barcode("01", 902), "计量箱条码": barcode("05", 504), "备注": "实有账无"},
        {"用户名称": "用户7", "用电地址": "某村7号", "台区编号": EAST},
    ]  # fmt: skip
    return results(folder / "一班.xlsx", rows)


def counted(done: Returned) -> tuple[int, ...]:
    assert done.rows_in == done.matched + done.new + done.refused
    return done.rows_in, done.matched, done.new, done.refused, done.missing, done.changed_rows


FOUND = [
    ("cancelled", customer(3), "现场无表"), ("meter_replaced", customer(1), barcode("01", 901)), ("new", meter(902), barcode("01", 902)),
]  # fmt: skip


def test_every_row_is_told_and_counted(station: Workspace, tmp_path: Path) -> None:
    done = returned(station, team(tmp_path))
    assert counted(done) == (5, 3, 1, 1, 1, 2)
    assert [each for each in classes(done.differences) if not each[0].startswith("coordinate")] == FOUND
    assert [(each.row, each.key) for each in done.suggestions] == [(6, customer(7))]
    assert {each.crs_in for each in done.coordinates} == {"cgcs2000"}
    assert (done.files[0].status, done.files[0].rows) == ("taken", 5)
    assert not differences.stale(station)


def test_returned_again_nothing_changes_and_all_is_told_again(station: Workspace, tmp_path: Path) -> None:
    path = team(tmp_path)
    first, again = returned(station, path), returned(station, path)
    assert (again.differences, counted(again)) == (first.differences, counted(first))
    assert (again.files[0].status, again.changed) == ("unchanged", Changed.NOTHING)


def test_the_loop_says_what_waits(station: Workspace, tmp_path: Path) -> None:
    def step() -> tuple[int, int, str]:
        found = next(each for each in loop(station) if each.key == "returns")
        return found.count, found.waiting, found.detail

    assert step() == (0, 0, "还没有回收采录结果")
    found = len(returned(station, team(tmp_path)).differences)
    assert step() == (1, found, f"采录差异 {found} 处，待认扫描页 0 页，待归档照片 0 张")


def test_undo_takes_the_differences_along(station: Workspace, tmp_path: Path) -> None:
    returned(station, team(tmp_path))
    undo(station)
    assert differences.stale(station)
    differences.recount(station, Progress())
    assert differences.listed(station) == []
    assert {view.status for view in differences.listed(station, resolved=True)} == {"resolved"}


def test_what_the_ledger_settles_is_resolved_and_keeps_its_number(station: Workspace, tmp_path: Path) -> None:
    found = {view.key: view.id for view in returned(station, team(tmp_path)).differences}
    renamed = results(tmp_path / "二班.xlsx", [row(2, 1, 用户名称="赵六")])
    (view,) = [each for each in returned(station, renamed).differences if each.klass is DifferenceClass.NAME_CHANGED]
    assert (view.ledger, view.field_value, view.file, view.row) == ("用户2", "赵六", "二班.xlsx", 2)
    assert {each.key: each.id for each in differences.listed(station) if each.key in found} == found


def test_lists_are_narrowed_by_class_words_and_package(station: Workspace, tmp_path: Path) -> None:
    returned(station, team(tmp_path))
    assert dict(differences.groups(station))[DifferenceClass.NEW] == 1
    assert [view.key for view in differences.listed(station, DifferenceClass.NEW)] == [meter(902)]
    assert {view.key for view in differences.listed(station, text="现场无表")} == {customer(3)}
    assert differences.listed(station, package_no="CL261123-09") == []


def test_a_ledger_among_the_results_is_refused_and_nothing_of_it_taken(station: Workspace, tmp_path: Path) -> None:
    strange = workbook(tmp_path / "台账.xlsx", {"变压器": visiting.transformers(NORTH, SOUTH)})
    done = returned(station, strange, team(tmp_path))
    assert {file.path.name: (file.status, file.code) for file in done.files} == {
        "台账.xlsx": ("refused", "return.not_results"), "一班.xlsx": ("taken", ""),
    }  # fmt: skip
    assert counted(done)[0] == 5


def test_a_book_of_results_and_ledgers_gives_its_results_and_can_be_imported_whole_later(station: Workspace, tmp_path: Path) -> None:
    (found,) = openpyxl.load_workbook(team(tmp_path)).worksheets
    rows = [tuple(str(cell.value or "") for cell in line) for line in found.rows]
    mixed = workbook(tmp_path / "混合.xlsx", {"变压器": visiting.transformers(NORTH, SOUTH), "采录结果": rows})
    first, again = returned(station, mixed), returned(station, mixed)
    whole = take(station, ImportRequest((mixed,)), Progress())
    assert (counted(first)[0], first.files[0].status, again.files[0].status) == (5, "taken", "unchanged")
    assert {sheet.template: sheet.rows_in for sheet in whole.files[0].sheets} == {"transformer_ledger": 2, "field_return": 5}
    later = returned(station, mixed)
    assert classes(later.differences) == classes(first.differences)


def test_several_values_in_a_cell_may_be_joined_by_any_sign(station: Workspace, tmp_path: Path) -> None:
    codes = [barcode("01", number) for number in (1, 2, 901)]
    head = ("电表箱条形码编号", "电能表条形码", "安装地址", "GPS经度", "GPS纬度", "图片名称")
    lines = [(barcode("05", 501), sign.join(codes), "某村", "115.6805", "34.441", sign.join("abc")) for sign in ("／", "、", "\n")]
    for number, line in enumerate(lines):
        done = returned(station, workbook(tmp_path / f"{number}.xlsx", {"扫描": [head, line]}))
        assert [key for klass, key, _ in classes(done.differences) if klass == "new"] == [meter(901)]


def test_nothing_to_return_and_no_such_package_are_refused(station: Workspace, tmp_path: Path) -> None:
    (tmp_path / "空").mkdir()
    with pytest.raises(RefusedError) as empty:
        returned(station, tmp_path / "空")
    with pytest.raises(KnownError) as unknown:
        returned(station, team(tmp_path), package_no="CL260101-01")
    assert (empty.value.code, unknown.value.code) == ("return.nothing", "package.missing")


def test_cancelled_leaves_everything_as_it_was(station: Workspace, tmp_path: Path) -> None:
    progress = Progress()
    progress.cancel()
    with pytest.raises(Cancelled):
        take_back(station, ReturnRequest((team(tmp_path),)), progress)
    assert (differences.listed(station), differences.stale(station)) == ([], True)
    assert counted(returned(station, team(tmp_path)))[0] == 5


def test_a_package_gets_back_what_was_answered(station: Workspace, tmp_path: Path) -> None:
    number = made(station)
    printed(station, 1)
    send(station, number)
    home = results(tmp_path / "一班.xlsx", [row(1, 1), row(2, 1), row(3, 2, 核对结论="无法进入"), row(5, 4, 核对结论="", 采录日期="")])
    returned(station, home, package_no=number)
    back = {item.key: item.state for item in show(station, number).items if item.state != "在外"}
    assert back == {box(1): "已收回", box(2): "无法进入"}


def test_rows_say_themselves_which_package_they_belong_to(station: Workspace, tmp_path: Path) -> None:
    number = made(station)
    printed(station, 1)
    send(station, number)
    done = returned(station, results(tmp_path / "一班.xlsx", [row(1, 1, 任务包=number.lower(), 用户名称="赵六")]))
    assert [item.key for item in show(station, number).items if item.state != "在外"] == [box(1)]
    assert [view.package_no.upper() for view in done.differences] == [number]
