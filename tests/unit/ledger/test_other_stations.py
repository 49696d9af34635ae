"""Ledgers as other provinces hand them over: recognised, and every cell where it belongs."""

from pathlib import Path

import openpyxl
import pytest

from lvdesk.ledger.model import SheetChoice
from tests.helpers.stations import Read, barcode, edited, only, read, workbook

METER, OTHER_METER, BOX, OTHER_BOX = barcode("01", 1), barcode("01", 2), barcode("05", 1), barcode("05", 2)
HEADERS = ["用户编号", "用户名称", "用电地址", "用户分类", "合同容量", "计量点编号", "台区编号", "台区名称", "电能表条形码", "计量箱条形码"]
FIRST = ["4209747019", "张三", "某镇1号", "03", "8", "0974701901", "4231757328", "村东1#公变", METER, BOX]
SECOND = ["0009747020", "李四", "某镇2号", "02", "15", "0974702001", "4231757328", "村东1#公变", OTHER_METER, BOX]
AREA_HEADERS = ["线路编号", "线路名称", "台区编号", "台区名称", "公专变标志", "变压器容量(kVA)", "运行状态", "变压器资产编号"]
AREA = ["1310000001", "10kV甲线", "4231757328", "村东1#公变", "01", "200", "01", barcode("02", 1)]


def assert_ledger(table: Read) -> None:
    """The two customers above, cell by cell."""
    assert table.template == "customer_ledger"
    assert table.rows_in == 2
    assert table.refused == []
    assert table.column("customer.customer_no") == ["4209747019", "0009747020"]
    assert table.column("customer.name") == ["张三", "李四"]
    assert table.column("customer.address") == ["某镇1号", "某镇2号"]
    assert table.column("customer.sort") == ["03", "02"]
    assert table.column("customer.contract_capacity") == [8.0, 15.0]
    assert table.column("metering_point.mp_no") == ["0974701901", "0974702001"]
    assert table.column("metering_point.area_no") == ["4231757328", "4231757328"]
    assert table.column("metering_point.area_name") == ["村东1#公变"] * 2
    assert table.column("meter.bar_code") == [METER, OTHER_METER]
    assert table.column("meter.box_no") == ["18000000000001"] * 2
    assert table.column("meter_box.bar_code") == [BOX]


def test_the_words_of_the_newer_marketing_system(tmp_path: Path) -> None:
    rows = [
        [
            "客户编号",
            "客户名称",
            "用电地址",
            "客户分类",
            "合同容量",
            "安装点编号",
            "配送站编号",
            "配送站名称",
            "电能表资产条码",
            "计量箱资产条码",
            "管线编号",
            "管线名称",
            "枢纽站名称",
        ],
        [*FIRST, "1310000001", "10kV甲线", "110kV甲站"],
        [*SECOND, "1310000001", "10kV甲线", "110kV甲站"],
    ]
    table = only(workbook(tmp_path / "2.0.xlsx", {"低压用户": rows}))
    assert_ledger(table)
    assert table.column("transformer_area.feeder_no") == ["1310000001"]
    assert table.column("feeder.substation_name") == ["110kV甲站"]


def test_column_names_of_the_database(tmp_path: Path) -> None:
    headers = [
        "CONS_NO",
        "CONS_NAME",
        "ELEC_ADDR",
        "CONS_SORT_CODE",
        "CONTRACT_CAP",
        "MP_NO",
        "TG_NO",
        "TG_NAME",
        "电能表条码",
        "计量箱条码",
    ]
    assert_ledger(only(workbook(tmp_path / "sql.xlsx", {"Sheet1": [headers, FIRST, SECOND]})))


def test_two_header_rows_with_merged_groups(tmp_path: Path) -> None:
    groups = ["用户信息", None, None, None, None, "计量点信息", "台区信息", None, "资产信息", None]
    path = workbook(tmp_path / "groups.xlsx", {"用户": [groups, HEADERS, FIRST, SECOND]}, {"用户": ["A1:E1", "G1:H1", "I1:J1"]})
    table = only(path)
    assert_ledger(table)
    assert table.found.header_rows[-1] == 2


def test_groups_that_the_lower_headers_need(tmp_path: Path) -> None:
    upper = ["用户", None, None, "台区", None, "电能表", "计量箱"]
    lower = ["编号", "名称", "地址", "编号", "名称", "条形码", "条形码"]
    rows = [upper, lower, ["4209747019", "张三", "某镇1号", "4231757328", "村东1#公变", METER, BOX]]
    table = only(workbook(tmp_path / "groups.xlsx", {"用户": rows}, {"用户": ["A1:C1", "D1:E1"]}))
    assert (table.template, table.found.header_rows) == ("customer_ledger", (1, 2))
    assert table.fields == [
        "customer.customer_no",
        "customer.name",
        "customer.address",
        "metering_point.area_no",
        "metering_point.area_name",
        "meter.bar_code",
        "meter_box.bar_code",
    ]


def test_title_and_export_line_above_the_header(tmp_path: Path) -> None:
    rows = [["青山供电所低压用户台账"], ["导出时间：2026-03-02 10:00", None, "导出人：张三", None, "共2条"], [], HEADERS, FIRST, SECOND]
    table = only(workbook(tmp_path / "title.xlsx", {"Sheet1": rows}, {"Sheet1": ["A1:J1"]}))
    assert_ledger(table)
    assert (table.header_row, table.records["customer"][0]["row"]) == (4, 5)


def test_an_area_merged_over_its_customers(tmp_path: Path) -> None:
    second = [*SECOND]
    second[6] = second[7] = None  # type: ignore[call-overload]
    path = workbook(tmp_path / "merged.xlsx", {"用户": [HEADERS, FIRST, second]}, {"用户": ["G2:G3", "H2:H3"]})
    assert_ledger(only(path))


def test_tables_below_each_other_in_one_sheet(tmp_path: Path) -> None:
    rows = [["台区情况"], AREA_HEADERS, AREA, [], ["用户情况"], HEADERS, FIRST, SECOND]
    tables = read(workbook(tmp_path / "stacked.xlsx", {"Sheet1": rows}))
    assert [(table.template, table.header_row, table.rows_in) for table in tables] == [
        ("transformer_ledger", 2, 1),
        ("customer_ledger", 6, 2),
    ]
    assert_ledger(tables[1])
    assert tables[0].column("transformer_area.name") == ["村东1#公变"]


def test_sheets_in_odd_order_with_one_that_is_no_ledger(tmp_path: Path) -> None:
    sheets = {"说明": [["本表由系统导出"], ["如有疑问请联系"]], "用户": [HEADERS, FIRST, SECOND], "空": [], "台区": [AREA_HEADERS, AREA]}
    tables = read(workbook(tmp_path / "odd.xlsx", sheets))
    assert [(table.found.name, table.template) for table in tables] == [
        ("说明", ""),
        ("用户", "customer_ledger"),
        ("台区", "transformer_ledger"),
    ]
    assert_ledger(tables[1])


def test_what_is_hidden_is_read_and_said(tmp_path: Path) -> None:
    def hide(book: openpyxl.Workbook) -> None:
        sheet = book["用户"]
        sheet.row_dimensions[3].hidden = True
        sheet.column_dimensions["I"].hidden = True
        sheet.sheet_state = "hidden"

    path = workbook(tmp_path / "hidden.xlsx", {"台区": [AREA_HEADERS, AREA], "用户": [HEADERS, FIRST, SECOND]})
    table = read(edited(path, hide))[1]
    assert_ledger(table)
    assert not table.found.visible
    assert table.found.notes == ("隐藏的工作表，已一并读取", "有 1 个隐藏行，已一并读取", "隐藏列 I 已一并读取")


def test_customer_numbers_of_13_digits_beside_10(tmp_path: Path) -> None:
    rows = [
        HEADERS,
        *([f"34100000{n:05d}", *FIRST[1:5], f"09747{n:05d}", *FIRST[6:8], barcode("01", n + 1), BOX] for n in range(20)),
        FIRST,
    ]
    table = only(workbook(tmp_path / "13.xlsx", {"用户": rows}))
    assert table.column("customer.customer_no") == [*(f"34100000{n:05d}" for n in range(20)), "4209747019"]
    assert (table.damages, table.refused) == ([], [])


def test_numbers_that_excel_keeps_as_numbers(tmp_path: Path) -> None:
    first, second = [*FIRST], [*SECOND]
    first[0], first[4], first[5], first[6] = 4209747019, 8, 974701901, 4231757328.0  # type: ignore[call-overload]
    second[4], second[6] = 15.0, 4231757328  # type: ignore[call-overload]
    table = only(workbook(tmp_path / "numeric.xlsx", {"用户": [HEADERS, first, second]}))
    assert table.column("customer.customer_no") == ["4209747019", "0009747020"]
    assert table.column("metering_point.area_no") == ["4231757328"] * 2
    assert table.column("customer.contract_capacity") == [8.0, 15.0]
    assert table.refused == []


@pytest.mark.parametrize(
    "text, capacity",
    [
        ("8kVA", 8.0),
        ("8 千伏安", 8.0),
        ("1,250", 1250.0),
        ("１５", 15.0),
        ("8.50", 8.5),
        ("12.0KVA", 12.0),
        (" 8 ", 8.0),
        ("1，250.5", 1250.5),
    ],
)
def test_capacities_with_units_and_separators(tmp_path: Path, text: str, capacity: float) -> None:
    table = only(workbook(tmp_path / "units.xlsx", {"用户": [HEADERS, [*FIRST[:4], text, *FIRST[5:]]]}))
    assert table.column("customer.contract_capacity") == [capacity]
    assert table.refused == []


@pytest.mark.parametrize(
    "longitude, latitude, pair",
    [
        ("115.6820234", "34.4465", (115.6820234, 34.4465)),
        ("115°40'55.28\"", "34°26'47.4\"", (115.6820222, 34.4465)),
        ("115度40分55.28秒", "34度26分47.4秒", (115.6820222, 34.4465)),
        ("E115.6820234", "N34.4465", (115.6820234, 34.4465)),
        ("１１５.６８２０２３４", "34.4465°", (115.6820234, 34.4465)),
    ],
)
def test_coordinates_in_every_form(tmp_path: Path, longitude: str, latitude: str, pair: tuple[float, float]) -> None:
    rows = [[*AREA_HEADERS, "经度", "纬度"], [*AREA, longitude, latitude]]
    table = only(workbook(tmp_path / "dms.xlsx", {"台区": rows}))
    assert table.refused == []
    assert (*table.column("transformer_area.longitude"), *table.column("transformer_area.latitude")) == pytest.approx(pair, abs=1e-6)


def test_mars_coordinates_are_converted_when_said(tmp_path: Path) -> None:
    path = workbook(tmp_path / "gcj.xlsx", {"台区": [[*AREA_HEADERS, "经度", "纬度"], [*AREA, "115.688", "34.4455"]]})
    plain, moved = only(path), only(path, crs="gcj02")
    east = plain.column("transformer_area.longitude")[0] - moved.column("transformer_area.longitude")[0]
    north = plain.column("transformer_area.latitude")[0] - moved.column("transformer_area.latitude")[0]
    assert 0.002 < abs(east) < 0.01
    assert 0.0005 < abs(north) < 0.01
    assert "1 个坐标由 gcj02 换算为 CGCS2000" in [finding.message for finding in moved.findings]


@pytest.mark.parametrize(
    "given, code",
    [("低压居民", "03"), ("03", "03"), ("3", "03"), ("居民", "03"), ("低压非居民", "02"), ("02 低压非居民", "02"), ("高压", "01")],
)
def test_names_and_codes_mixed(tmp_path: Path, given: str, code: str) -> None:
    table = only(workbook(tmp_path / "codes.xlsx", {"用户": [HEADERS, [*FIRST[:3], given, *FIRST[4:]], SECOND]}))
    assert table.column("customer.sort") == [code, "02"]


def test_a_name_outside_the_list_is_kept_and_said(tmp_path: Path) -> None:
    table = only(workbook(tmp_path / "codes.xlsx", {"用户": [HEADERS, [*FIRST[:3], "趸售户", *FIRST[4:]], SECOND]}))
    assert table.column("customer.sort") == ["趸售户", "02"]
    assert [(finding.row, finding.field) for finding in table.findings] == [(2, "customer.sort")]


def test_what_is_printed_between_the_rows_is_no_customer(tmp_path: Path) -> None:
    rows = [
        HEADERS,
        FIRST,
        ["小计", "1户"],
        HEADERS,
        SECOND,
        ["合计2户", None, None, None, "23"],
        [],
        ["制表人：张三", None, "审核人：李四", None, "日期：2026-03-02"],
        ["第 1 页 共 1 页"],
    ]
    table = only(workbook(tmp_path / "printed.xlsx", {"用户": rows}))
    assert_ledger(table)
    assert table.skipped == {"小计合计": 2, "重复表头": 1, "空行": 1, "标题或落款": 2}
    assert [record["row"] for record in table.records["customer"]] == [2, 5]


def test_a_customer_with_two_meters(tmp_path: Path) -> None:
    second = [*FIRST[:5], "0974701902", *FIRST[6:8], OTHER_METER, OTHER_BOX]
    table = only(workbook(tmp_path / "two.xlsx", {"用户": [HEADERS, FIRST, second]}))
    assert table.rows_in == 2
    assert table.column("customer.customer_no") == ["4209747019"]
    assert table.column("metering_point.customer_no") == ["4209747019"] * 2
    assert table.column("meter.mp_no") == ["0974701901", "0974701902"]
    assert (table.findings, table.refused) == ([], [])


def test_boxes_with_numbers_of_their_own(tmp_path: Path) -> None:
    table = only(workbook(tmp_path / "local.xlsx", {"用户": [HEADERS, [*FIRST[:9], "QS-0815"], [*SECOND[:9], "箱12号"]]}))
    assert table.column("meter.box_no") == ["QS-0815", "箱12号"]
    assert table.column("meter_box.asset_no") == ["QS-0815", "箱12号"]
    assert table.refused == []


def test_parents_that_come_by_name_only(tmp_path: Path) -> None:
    headers = ["变电站名称", "线路名称", "台区名称", "台区编号", "公专变", "台区容量"]
    table = only(
        workbook(tmp_path / "names.xlsx", {"台区": [headers, ["110kV甲站", "10kV甲线", "村东1#公变", "4231757328", "公变", "200"]]})
    )
    assert table.template == "transformer_ledger"
    assert set(table.records) == {"transformer_area"}
    assert table.column("transformer_area.feeder_name") == ["10kV甲线"]
    assert table.column("transformer_area.usage") == ["01"]


def test_a_row_without_its_number_is_refused_aloud(tmp_path: Path) -> None:
    table = only(workbook(tmp_path / "nokey.xlsx", {"用户": [HEADERS, FIRST, [None, *SECOND[1:]]]}))
    assert table.rows_in == 2
    assert [(refusal.row, refusal.field, refusal.whole_row) for refusal in table.refused] == [(3, "customer.customer_no", True)]
    assert table.column("customer.name") == ["张三"]


def test_a_person_names_the_columns(tmp_path: Path) -> None:
    rows = [["甲", "乙", "丙"], ["4209747019", "张三", "4231757328"]]
    path = workbook(tmp_path / "strange.xlsx", {"数据": rows})
    assert read(path)[0].template == ""
    choice = SheetChoice("customer_ledger", 1, {1: "customer.customer_no", 2: "customer.name", 3: "metering_point.area_no"})
    table = only(path, choices={"数据": choice})
    assert (table.column("customer.name"), table.column("metering_point.area_no")) == (["张三"], ["4231757328"])
    assert [column.how for column in table.found.columns] == ["chosen"] * 3


def test_a_sheet_is_left_out_when_a_person_says_so(tmp_path: Path) -> None:
    path = workbook(tmp_path / "two.xlsx", {"用户": [HEADERS, FIRST, SECOND], "台区": [AREA_HEADERS, AREA]})
    assert [table.template for table in read(path, choices={"台区": SheetChoice(skip=True)})] == ["customer_ledger"]
