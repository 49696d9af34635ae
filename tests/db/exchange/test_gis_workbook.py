"""The GIS collection workbook: every sheet as the receiver takes it, taken in again as unchanged."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import openpyxl
import polars as pl
import pytest

from lvdesk.exchange import exports, picture
from lvdesk.exchange.exports import TEST
from lvdesk.exchange.formats.gis_workbook import CABLE_HEADERS, FILE, FORMAT
from lvdesk.exchange.model import ExportRequest, Options, System, Written
from lvdesk.exchange.picture import Picture
from lvdesk.kit.errors import Cancelled, KnownError
from lvdesk.kit.paths import resources
from lvdesk.kit.progress import Progress
from lvdesk.ledger.importing import preview
from lvdesk.ledger.model import ImportRequest, SheetReport
from lvdesk.network.editing import Edit, edit
from lvdesk.network.identifiers import asset_no
from lvdesk.network.records import show
from lvdesk.network.tables import TABLES
from lvdesk.workspace import Workspace
from tests.helpers.exporting import confirmed
from tests.helpers.stations import Cell, barcode, taken, workbook
from tests.helpers.visiting import EAST, FRONT, NORTH, SILVER, SOUTH, box, station

pytestmark = pytest.mark.usefixtures("near_reader")

SHEETS: Final = ["接入点", "物理杆塔", "运行杆塔", "低压电缆分支箱", "低压电缆", "计量箱", "箱表关系"]
TEMPLATES: Final = {
    "接入点": "access_point", "物理杆塔": "pole", "运行杆塔": "pole", "低压电缆分支箱": "branch_box", "计量箱": "box_collection",
    "箱表关系": "box_meter_relation",
}  # fmt: skip
_POLES: Final = ["序号", "杆塔编号", "杆塔名称", "馈线编号", "馈线名称", "台区编号", "杆塔材质", "杆塔性质", "经度", "纬度"]
_BRANCHES: Final = ["分支箱编号", "分支箱名称", "台区编号", "型号", "安装地址", "经度", "纬度"]
_POINTS: Final = ["接入点编号", "接入点名称", "台区编号", "挂接设备类型", "挂接设备名称", "经度(X坐标)", "纬度(Y坐标)", "高程"]

Sheets = dict[str, list[tuple[Cell, ...]]]


def devices() -> dict[str, list[list[Cell]]]:
    """Poles of two feeders with a break after the third of the first, one branch box, one access point."""
    silver: list[list[Cell]] = [
        [n, f"P{n}", f"北村{n}号杆", "1336422701", SILVER, NORTH, "水泥杆", "直线", 115.68 + n / 1000, 34.44] for n in (1, 2, 3, 5)
    ]
    front: list[list[Cell]] = [
        [n, f"Q{n}", f"东村{n}号杆", "1336422702", FRONT, EAST, "钢管杆", "耐张", 115.7 + n / 1000, 34.44] for n in (1, 2)
    ]
    return {
        "杆塔": [_POLES, *silver, *front],
        "分支箱": [_BRANCHES, ["F1", "北村1号分支箱", NORTH, "DFW-1", "北村东门", 115.682, 34.4412345]],
        "接入点": [_POINTS, ["JRD1", "北村1号杆接入点", NORTH, "低压杆塔", "北村1号杆", 115.681, 34.44, 52.3]],
    }


def hung(ws: Workspace, *rows: tuple[int, str, str]) -> None:
    """Boxes on devices: (box, type, name)."""
    edits = []
    for number, kind, name in rows:
        given = {"device_type": kind, "device_name": name, "marketing_id": f"YX{number}"}
        edits += [Edit(show(ws, "meter_box", box(number)).id, field, value) for field, value in given.items()]
    edit(ws, "meter_box", edits)


def stock(ws: Workspace, folder: Path) -> Workspace:
    station(ws, folder)
    taken(ws, workbook(folder / "设备.xlsx", devices()))
    return ws


@pytest.fixture
def stocked(local_ws: Workspace, tmp_path: Path) -> Workspace:
    """The small station with its devices."""
    return stock(local_ws, tmp_path)


@pytest.fixture
def everywhere(ws: Workspace, tmp_path: Path) -> Workspace:
    """The same on each engine."""
    return stock(ws, tmp_path)


def leaving(ws: Workspace, *, test: bool = False) -> Picture:
    with ws.store.read() as connection:
        frames = picture.read(connection, FORMAT.entities)
    return Picture(ws, frames, at="2026-11-24T09:00:00+08:00", person="钱内勤", test=test)


def written(given: Picture, folder: Path) -> tuple[Sheets, list[Written]]:
    folder.mkdir(exist_ok=True)
    files = FORMAT.write(given, folder, Options(), Progress())
    assert [file.path for file in files] == [folder / FILE]
    assert sorted(path.name for path in folder.iterdir()) == [FILE]
    book = openpyxl.load_workbook(folder / FILE)
    return {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book}, files


def again(ws: Workspace, path: Path) -> Mapping[str, SheetReport]:
    """What taking the file in would do, by sheet."""
    (report,) = preview(ws, ImportRequest((path,)), Progress()).files
    assert report.status == "ready"
    return {sheet.name: sheet for sheet in report.sheets}


def test_every_sheet_has_its_template_s_header_and_only_text(stocked: Workspace, tmp_path: Path) -> None:
    sheets, files = written(leaving(stocked), tmp_path / "out")
    assert list(sheets) == SHEETS
    for name, template in TEMPLATES.items():
        expected = [header for header in stocked.templates[template].headers if (name, header) != ("物理杆塔", "序号")]
        assert list(sheets[name][0]) == expected
    assert sheets["低压电缆"] == [CABLE_HEADERS]
    assert {type(cell) for rows in sheets.values() for row in rows for cell in row} <= {str, type(None)}
    assert files[0].rows == sum(len(rows) - 1 for rows in sheets.values())


def test_what_stands_in_the_rows(everywhere: Workspace, tmp_path: Path) -> None:
    hung(everywhere, (1, "低压杆塔", "北村1号杆"))
    sheets, _ = written(leaving(everywhere), tmp_path / "out")
    assert sheets["接入点"][1:] == [("JRD1", "北村1号杆接入点", NORTH, "低压杆塔", "北村1号杆", "115.6810000", "34.4400000", "52.3")]
    assert sheets["低压电缆分支箱"][1:] == [("F1", "北村1号分支箱", NORTH, "DFW-1", "北村东门", "115.6820000", "34.4412345")]
    assert sheets["物理杆塔"][1] == ("P1", "北村1号杆", "1336422701", SILVER, NORTH, "水泥杆", "直线", "115.6810000", "34.4400000")
    first = dict(zip(sheets["计量箱"][0], sheets["计量箱"][1], strict=True))
    assert first == {
        "计量箱条码编号": barcode("05", 501), "名称": None, "表箱类型": "合体表箱", "行": "2", "列": "2", "安装地址": "某村1号",
        "资产单位": None, "上级单位": None, "计量箱型号": None, "挂接设备类型": "低压杆塔", "挂接设备名称": "北村1号杆",
        "业务系统ID": "YX1", "经度": "115.6805000", "纬度": "34.4410000", "台区编号": NORTH,
    }  # fmt: skip
    assert sheets["箱表关系"][1:4] == [
        (barcode("01", 1), barcode("05", 501), "1", "1"),
        (barcode("01", 2), barcode("05", 501), "1", "2"),
        (barcode("01", 3), barcode("05", 502), "1", "1"),
    ]
    # customer 6 lives in no box
    assert barcode("01", 6) not in {row[0] for row in sheets["箱表关系"]}


def test_the_rows_are_taken_in_again_as_unchanged(everywhere: Workspace, tmp_path: Path) -> None:
    hung(everywhere, (1, "低压杆塔", "北村1号杆"))
    sheets, _ = written(leaving(everywhere), tmp_path / "out")
    reports = again(everywhere, tmp_path / "out" / FILE)
    assert {name: reports[name].template for name in TEMPLATES} == TEMPLATES
    for name in TEMPLATES:
        report, rows = reports[name], len(sheets[name]) - 1
        data = rows - (2 if name == "运行杆塔" else 0)  # the breaks are empty rows with a number
        assert (report.new, report.changed, report.unchanged, report.rows_in) == (0, 0, data, data), name
        assert all((count.new, count.changed, count.completed, count.gone) == (0, 0, 0, 0) for count in report.entities.values()), name
        assert report.refused == ()
    assert not reports["低压电缆"].rows_in


def test_only_confirmed_boxes_and_their_meters_are_in_the_package(local_ws: Workspace, tmp_path: Path) -> None:
    confirmed(local_ws, tmp_path)
    request = ExportRequest(System.GIS, tmp_path / "out", "xlsx")
    with pytest.MonkeyPatch.context() as patch:
        # other systems' forms are no matter of this test
        patch.setattr(exports, "chosen", lambda _system, _key: FORMAT)
        manifest = exports.export(local_ws, request, Progress())
    assert [file.path.name for file in manifest.files] == [FILE]
    book = openpyxl.load_workbook(manifest.files[0].path)
    boxes, meters = ([row[0] for row in book[name].iter_rows(min_row=2, values_only=True)] for name in ("计量箱", "箱表关系"))
    assert (len(boxes), len(meters)) == (manifest.counts["meter_box"], manifest.counts["meter"])
    held = {each.key for each in manifest.held_back if each.entity == "meter_box"}
    assert boxes
    assert held
    assert not {asset_no(str(code)) for code in boxes} & held


def test_no_records_leave_the_headers(local_ws: Workspace, tmp_path: Path) -> None:
    sheets, files = written(Picture(local_ws, {}, at="2026-11-24T09:00:00+08:00", person="钱内勤"), tmp_path / "out")
    assert [len(rows) for rows in sheets.values()] == [1] * len(SHEETS)
    assert files[0].rows == 0


def test_a_test_says_so_in_every_sheet_and_row(stocked: Workspace, tmp_path: Path) -> None:
    sheets, _ = written(leaving(stocked, test=True), tmp_path / "out")
    assert {row[0] for rows in sheets.values() for row in rows} == {TEST}


def test_a_value_that_looks_like_a_formula_is_text(stocked: Workspace, tmp_path: Path) -> None:
    given = leaving(stocked)
    hostile = given.of("branch_box").with_columns(pl.lit("=1+1").alias("address"), pl.lit("@SUM(A1)").alias("model"))
    written(Picture(stocked, {**given.frames, "branch_box": hostile}, given.at, given.person), tmp_path / "out")
    sheet = openpyxl.load_workbook(tmp_path / "out" / FILE)["低压电缆分支箱"]
    assert [(cell.value, cell.data_type, cell.number_format) for cell in sheet[2][3:5]] == [("@SUM(A1)", "s", "@"), ("=1+1", "s", "@")]


def told(sheets: Sheets) -> list[tuple[Cell, ...]]:
    """Number, area, type, device and place of the access points."""
    return [(row[0], *row[2:7]) for row in sheets["接入点"][1:]]


@pytest.fixture
def pointless(local_ws: Workspace, tmp_path: Path) -> Workspace:
    """A station that keeps no access points, whose boxes hang on devices."""
    station(local_ws, tmp_path)
    taken(local_ws, workbook(tmp_path / "设备.xlsx", {name: rows for name, rows in devices().items() if name != "接入点"}))
    hung(
        local_ws, (1, "低压杆塔", "北村1号杆"), (2, "低压杆塔", "北村01#杆"), (3, "低压电缆分支箱", "北村1号分支箱"),
        (4, "低压杆塔", "北村1号杆"), (5, "墙支架", "东村1号墙"),
    )  # fmt: skip
    return local_ws


def test_boxes_tell_the_access_points_of_a_station_that_keeps_none(pointless: Workspace, tmp_path: Path) -> None:
    sheets, _ = written(leaving(pointless), tmp_path / "out")
    assert told(sheets) == [
        (None, NORTH, "低压杆塔", "北村1号杆", "115.6810000", "34.4400000"),
        (None, NORTH, "低压电缆分支箱", "北村1号分支箱", "115.6820000", "34.4412345"),
        (None, SOUTH, "低压杆塔", "北村1号杆", None, None),
        (None, EAST, "墙支架", "东村1号墙", None, None),
    ]
    report = again(pointless, tmp_path / "out" / FILE)["接入点"]
    assert (report.new, report.changed, len(report.refused)) == (0, 0, 4)


def test_a_number_that_boxes_name_is_their_access_point_s(pointless: Workspace, tmp_path: Path) -> None:
    edit(pointless, "meter_box", [Edit(show(pointless, "meter_box", box(2)).id, "access_point_no", "JRD7")])
    sheets, _ = written(leaving(pointless), tmp_path / "out")
    assert [row[:4] for row in told(sheets)][:2] == [
        ("JRD7", NORTH, "低压杆塔", "北村01#杆"),
        (None, NORTH, "低压电缆分支箱", "北村1号分支箱"),
    ]


def test_a_box_inherits_the_device_of_the_access_point_it_names(stocked: Workspace, tmp_path: Path) -> None:
    edit(stocked, "meter_box", [Edit(show(stocked, "meter_box", box(number)).id, "access_point_no", "JRD1") for number in (1, 2)])
    hung(stocked, (2, "墙支架", "北村2号墙"))
    sheets, _ = written(leaving(stocked), tmp_path / "out")
    assert [row[9:11] for row in sheets["计量箱"][1:4]] == [("低压杆塔", "北村1号杆"), ("墙支架", "北村2号墙"), (None, None)]


def test_access_points_that_must_not_leave_are_not_told_by_the_boxes(stocked: Workspace, tmp_path: Path) -> None:
    hung(stocked, (1, "低压杆塔", "北村1号杆"))
    given = leaving(stocked)
    held = {**given.frames, "access_point": given.of("access_point").clear()}
    sheets, _ = written(Picture(stocked, held, given.at, given.person), tmp_path / "out")
    assert told(sheets) == []


def test_a_province_s_own_template_and_codes_are_followed(stocked: Workspace, tmp_path: Path) -> None:
    own = (resources() / "templates" / "branch_box.toml").read_text(encoding="utf-8")
    name = '{ field = "branch_box.name", header = "分支箱名称"'
    (stocked.overrides / "templates").mkdir(parents=True, exist_ok=True)
    (stocked.overrides / "templates" / "branch_box.toml").write_text(own.replace(name, name.replace("分支箱名称", "设备名称")), "utf-8")
    (stocked.overrides / "codes").mkdir(exist_ok=True)
    materials = 'key = "pole_material"\ntitle = "杆塔材质"\nitems = [{ name = "水泥杆", systems = { gis = "0102" } }]\n'
    (stocked.overrides / "codes" / "pole_material.toml").write_text(materials, encoding="utf-8")
    with_own = Workspace.open(stocked.folder, stocked.store.url, person="张三")
    sheets, _ = written(leaving(with_own), tmp_path / "out")
    with_own.close()
    assert sheets["低压电缆分支箱"][0][:2] == ("分支箱编号", "设备名称")
    # what the list does not know stays as it is
    assert [row[5] for row in sheets["物理杆塔"][1:]] == ["0102"] * 4 + ["钢管杆"] * 2


@pytest.fixture
def few_rows(local_ws: Workspace) -> Iterator[None]:
    local_ws.overrides.mkdir(exist_ok=True)
    (local_ws.overrides / "export.toml").write_text("[gis]\nrows_per_sheet = 2\n", encoding="utf-8")
    return


def test_a_sheet_goes_on_in_another_after_so_many_rows(stocked: Workspace, few_rows: None, tmp_path: Path) -> None:
    sheets, _ = written(leaving(stocked), tmp_path / "out")
    assert [name for name in sheets if name.startswith("计量箱")] == ["计量箱", "计量箱 (2)", "计量箱 (3)"]
    parts = [sheets[name] for name in sheets if name.startswith("计量箱")]
    assert [len(part) - 1 for part in parts] == [2, 2, 1]
    assert {part[0] for part in parts} == {parts[0][0]}
    reports = again(stocked, tmp_path / "out" / FILE)
    assert {reports[name].template for name in ("计量箱", "计量箱 (2)", "计量箱 (3)")} == {"box_collection"}


def test_a_limit_that_is_none_is_told(stocked: Workspace, few_rows: None, tmp_path: Path) -> None:
    (stocked.overrides / "export.toml").write_text("[gis]\nrows_per_sheet = 0\n", encoding="utf-8")
    with pytest.raises(KnownError, match="rows_per_sheet"):
        written(leaving(stocked), tmp_path / "out")


def test_cancelled_while_it_is_written_no_file_has_its_name(stocked: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    progress = Progress()
    stage = progress.start

    def cancelled_at_the_end(label: str, *more: Any) -> None:
        stage(label, *more)
        if FILE in label:
            progress.cancel()

    monkeypatch.setattr(progress, "start", cancelled_at_the_end)
    with pytest.raises(Cancelled):
        FORMAT.write(leaving(stocked), tmp_path, Options(), progress)
    assert not (tmp_path / FILE).exists()


def test_cancelled_it_leaves_no_file(stocked: Workspace, tmp_path: Path) -> None:
    progress = Progress()
    progress.cancel()
    with pytest.raises(Cancelled):
        FORMAT.write(leaving(stocked), tmp_path / "out", Options(), progress)
    assert not (tmp_path / "out").exists()


def test_the_format_carries_what_its_sheets_need() -> None:
    assert set(FORMAT.entities) <= set(TABLES)
    assert (FORMAT.key, str(FORMAT.system), FORMAT.choices) == ("xlsx", "gis", frozenset())
