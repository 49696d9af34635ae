"""Whose word counts: a lesser source never overwrites, its difference is kept; evidence never changes the ledger."""

from pathlib import Path

import pytest

from lvdesk.network.counting import counts, unresolved
from lvdesk.network.records import show
from lvdesk.sample import SampleStation
from lvdesk.workspace import Workspace
from tests.helpers.stations import Rows, barcode, differences, record, sheet_of, state, taken, workbook

pytestmark = pytest.mark.usefixtures("near_reader")

METER, OTHER_METER, BOX, OTHER_BOX = barcode("01", 1), barcode("01", 2), barcode("05", 1), barcode("05", 2)
METER_NO, OTHER_METER_NO, BOX_NO, OTHER_BOX_NO = METER[7:21], OTHER_METER[7:21], BOX[7:21], OTHER_BOX[7:21]
LEDGER: Rows = [
    ["用户编号", "用户名称", "用户分类", "计量点编号", "台区编号", "台区名称", "电能表条形码", "计量箱条形码"],
    ["4209747019", "张三", "03", "0974701901", "4231757328", "村东1#公变", METER, BOX],
]
SURVEY: Rows = [
    [
        "计量箱资产号",
        "计量箱条形码",
        "计量箱列数和",
        "计量箱行数和",
        "安装位置",
        "用户编号",
        "用户名称",
        "计量点编号",
        "电能表资产号",
        "所在行",
        "所在列",
        "台区编号",
        "普查时间",
        "提交状态",
    ],
    [BOX_NO, BOX, "2", "1", "东墙", "4209747019", "张三改", "0974701901", METER_NO, "1", "2", "4231757328", "2026-01-05", "已提交"],
]
AREAS: Rows = [
    ["线路编号", "线路名称", "台区编号", "台区名称", "公专变标志", "变压器容量(kVA)", "运行状态", "变压器资产编号"],
    ["1310000001", "10kV甲线", "4231757328", "村东1#公变(新)", "01", "200", "01", barcode("02", 1)],
]
RETURN: Rows = [
    ["采录日期", "采录人", "用户编号", "用户名称", "台区编号", "计量箱条码", "电能表条码", "所在行", "所在列", "经度", "纬度", "核对结论"],
    ["2026-03-01", "李四", "4209747019", "张三丰", "4231757328", OTHER_BOX, METER, "2", "2", "115.68", "34.44", "信息不符"],
    ["2026-03-01", "李四", "5550000001", "无名", "4231757328", OTHER_BOX, OTHER_METER, "2", "1", "115.68", "34.44", "新增"],
]
SCAN: Rows = [
    [
        "电表箱条形码编号",
        "电表箱资产编号",
        "scanTime",
        "GPS经度",
        "GPS纬度",
        "GPS海拔",
        "安装地址",
        "电能表条形码",
        "电能表资产编号",
        "计量箱图片名称",
    ],
    [
        BOX,
        BOX_NO,
        "2026-03-17 09:31:16",
        "115.6819699",
        "34.4464866",
        "52",
        "西墙",
        f"{METER}/{OTHER_METER}",
        f"{METER_NO}/{OTHER_METER_NO}",
        "1.jpg/2.jpg",
    ],
]


def book(folder: Path, **sheets: Rows) -> Path:
    return workbook(folder / f"{'-'.join(sheets)}.xlsx", sheets)


@pytest.mark.parametrize("survey_first", [False, True])
def test_a_survey_completes_the_ledger_and_does_not_rename_its_customers(local_ws: Workspace, tmp_path: Path, survey_first: bool) -> None:
    files = [book(tmp_path, 用户=LEDGER), book(tmp_path, 普查=SURVEY)]
    taken(local_ws, *(files[::-1] if survey_first else files))
    assert record(local_ws, "customer", "4209747019")["name"] == "张三"
    assert ("customer", "4209747019", "name", "张三改", "marketing") in differences(local_ws)
    meter = record(local_ws, "meter", METER_NO)
    assert (meter["slot_row"], meter["slot_column"], meter["box_no"], meter["bar_code"]) == (1, 2, BOX_NO, METER)
    assert record(local_ws, "meter_box", BOX_NO)["location"] == "东墙"


@pytest.mark.parametrize("names_first", [False, True])
def test_a_mention_in_the_customer_ledger_does_not_rename_an_area(local_ws: Workspace, tmp_path: Path, names_first: bool) -> None:
    ledger: Rows = [[*LEDGER[0], "线路编号", "线路名称"], [*LEDGER[1], "1310000001", "10kV乙线"]]
    files = [book(tmp_path, 台区=AREAS), book(tmp_path, 用户=ledger)]
    for path in files[::-1] if names_first else files:
        taken(local_ws, path)
    area = record(local_ws, "transformer_area", "4231757328")
    assert (area["name"], area["feeder_no"]) == ("村东1#公变(新)", "1310000001")


def test_field_results_never_change_the_ledger(local_ws: Workspace, tmp_path: Path) -> None:
    taken(local_ws, book(tmp_path, 用户=LEDGER), book(tmp_path, 普查=SURVEY))
    before = state(local_ws)
    report = sheet_of(taken(local_ws, book(tmp_path, 采录=RETURN)), "field_return")
    assert state(local_ws) == before
    assert (report.rows_in, report.rows_stored, report.rows_refused) == (2, 2, 0)
    kept = {(entity, field, other) for entity, key, field, other, system in differences(local_ws) if system == "field"}
    assert {("customer", "name", "张三丰"), ("meter", "box_no", OTHER_BOX_NO), ("meter", "slot_row", "2")} <= kept
    assert report.entities["customer"].new == 1
    name = next(field for field in show(local_ws, "customer", "4209747019").fields if field.key == "name")
    assert name.others == ("张三改", "张三丰")


def test_a_handheld_box_with_joined_meters_is_one_row_of_evidence(local_ws: Workspace, tmp_path: Path) -> None:
    taken(local_ws, book(tmp_path, 用户=LEDGER))
    before = state(local_ws)
    report = sheet_of(taken(local_ws, book(tmp_path, 扫码=SCAN)), "handheld_scan")
    assert state(local_ws) == before
    assert (report.rows_in, report.rows_stored, report.rows_refused) == (1, 1, 0)
    assert report.entities["meter"].new == 1


def test_the_same_difference_is_kept_once(local_ws: Workspace, tmp_path: Path) -> None:
    taken(local_ws, book(tmp_path, 用户=LEDGER))
    taken(local_ws, workbook(tmp_path / "1.xlsx", {"采录": RETURN}))
    once = differences(local_ws)
    taken(local_ws, workbook(tmp_path / "2.xlsx", {"采录": [*RETURN, []]}))
    assert differences(local_ws) == once
    assert len(once) == len(set(once))


@pytest.mark.parametrize("numbered_first", [False, True])
def test_points_without_and_with_their_number_are_the_same_points(local_ws: Workspace, tmp_path: Path, numbered_first: bool) -> None:
    nameless: Rows = [[row[n] for n in (0, 1, 2, 4, 5, 6, 7)] for row in LEDGER]
    files = [workbook(tmp_path / "1.xlsx", {"用户": nameless}), workbook(tmp_path / "2.xlsx", {"用户": LEDGER})]
    for path in files[::-1] if numbered_first else files:
        taken(local_ws, path)
    assert (counts(local_ws)["metering_point"], counts(local_ws)["meter"]) == (1, 1)
    point = record(local_ws, "metering_point", "0974701901")
    assert (point["customer_no"], point["area_no"], point["absent"]) == ("4209747019", "4231757328", False)
    assert record(local_ws, "meter", METER_NO)["mp_no"] == "0974701901"


def test_meters_of_a_customer_with_two_points_stay_where_they_are(local_ws: Workspace, tmp_path: Path) -> None:
    second = ["4209747019", "张三", "03", "0974701999", "4231757328", "村东1#公变", OTHER_METER, BOX]
    third = [*second[:6], barcode("01", 3), BOX]
    full: Rows = [*LEDGER, second]
    taken(local_ws, workbook(tmp_path / "1.xlsx", {"用户": full}))
    before = state(local_ws)
    nameless: Rows = [[row[n] for n in (0, 1, 2, 4, 5, 6, 7)] for row in full]
    report = sheet_of(taken(local_ws, workbook(tmp_path / "2.xlsx", {"用户": nameless})), "customer_ledger")
    assert state(local_ws) == before
    assert (report.entities["meter"].changed, report.entities["metering_point"].new, report.entities["metering_point"].gone) == (0, 0, 0)
    taken(local_ws, workbook(tmp_path / "3.xlsx", {"用户": [*nameless, [third[n] for n in (0, 1, 2, 4, 5, 6, 7)]]}))
    assert {values["mp_no"] for values in state(local_ws)["meter"].values()} == {"0974701901", "0974701999", "@4209747019"}
    assert not any(values["absent"] for values in state(local_ws)["metering_point"].values())


def test_points_without_a_number_stand_in_the_meantime(local_ws: Workspace, tmp_path: Path) -> None:
    nameless: Rows = [[row[n] for n in (0, 1, 2, 4, 5, 6, 7)] for row in LEDGER]
    taken(local_ws, workbook(tmp_path / "1.xlsx", {"用户": nameless}), book(tmp_path, 台区=AREAS))
    assert record(local_ws, "meter", METER_NO)["mp_no"] == "@4209747019"
    assert unresolved(local_ws) == {"transformer_area": 1}


@pytest.mark.parametrize("parents_first", [True, False])
def test_parents_given_by_name_are_found_by_their_only_bearer(ws: Workspace, tmp_path: Path, parents_first: bool) -> None:
    stations = workbook(
        tmp_path / "1.xlsx",
        {"变电站": [["变电站编号", "变电站名称", "电压等级"], ["12053050", "110kV甲站", "110kV"]],
         "线路": [["线路编号", "线路名称", "电压", "所属变电站"], ["1310000001", "10kV甲线", "10kV", "110kV甲站"]]},
    )  # fmt: skip
    areas = workbook(
        tmp_path / "2.xlsx",
        {"台区": [["线路名称", "台区编号", "台区名称", "公专变", "台区容量"], ["10kV甲线", "4231757328", "村东1#公变", "公变", "200"]]},
    )
    for path in [stations, areas] if parents_first else [areas, stations]:
        taken(ws, path)
    assert unresolved(ws) == {}
    assert record(ws, "transformer_area", "4231757328")["feeder_no"] == "1310000001"
    assert record(ws, "feeder", "1310000001")["substation_no"] == "12053050"
    assert [link.title for link in show(ws, "transformer_area", "4231757328").path] == ["110kV甲站", "10kV甲线", "村东1#公变"]


def test_a_name_two_feeders_bear_stays_a_question(local_ws: Workspace, tmp_path: Path) -> None:
    lines = workbook(
        tmp_path / "1.xlsx",
        {"线路": [["线路编号", "线路名称", "所属变电站"], ["1310000001", "10kV甲线", "甲站"], ["1310000002", "10kV甲线", "乙站"]]},
    )
    areas = workbook(
        tmp_path / "2.xlsx", {"台区": [["线路名称", "台区编号", "台区名称", "公专变"], ["10kV甲线", "4231757328", "村东1#公变", "公变"]]}
    )
    taken(local_ws, lines, areas)
    assert record(local_ws, "transformer_area", "4231757328")["feeder_no"] is None
    assert unresolved(local_ws)["transformer_area"] == 1


def test_every_value_knows_its_cell(ws: Workspace, dirty: SampleStation) -> None:
    taken(ws, *dirty.files)
    for entity, records in state(ws).items():
        for key in list(records)[:3]:
            for field in show(ws, entity, key).fields:
                if field.code:
                    assert field.file in {path.name for path in dirty.files}, (entity, key, field)
                    assert field.row > 1, (entity, key, field)
                    assert field.raw, (entity, key, field)
                    assert (field.who, field.sheet != "") == ("张三", True)
