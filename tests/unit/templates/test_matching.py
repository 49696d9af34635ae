from collections.abc import Callable

import pytest

from lvdesk.templates.definition import Template
from lvdesk.templates.dictionary import Dictionary
from lvdesk.templates.matching import (
    Remembered,
    TableMatch,
    explain_no_match,
    fingerprint,
    is_header_like,
    match_headers,
    match_table,
    remember,
)

Match = Callable[..., list[TableMatch]]

NEW_CUSTOMERS = (
    "户号,户名,用电地址,用电户分类,用电类别,供电电压等级,合同容量(kVA),用电户状态,安装点编号,配送站编号,配送站名称,管线名称,枢纽站名称"
)
AREAS = "管理单位,枢纽站,管线编号,管线名称,配送站编码,配送站名称,公变/专变,容量kVA,状态,调压设备名称,PMS设备ID,经度,纬度,客户经理"


@pytest.mark.parametrize(
    "key,lines,rows,first",
    [
        ("customer_ledger", ["某所用电户明细", NEW_CUSTOMERS, "0001,张三"], (1,), 2),
        ("customer_ledger", ["某公司", "导出日期：2026-03-02", "", NEW_CUSTOMERS, "0001"], (3,), 4),
        ("transformer_ledger", ["配送站台账,,,", AREAS], (1,), 2),
        ("transformer_ledger", ["制表单位：甲,制表人：乙,日期：2026年3月,", AREAS], (1,), 2),
        (
            "customer_ledger",
            ["用户编号,用户名称,用电地址,台区编号,计量点编号", "CONS_NO,CONS_NAME,ELEC_ADDR,TG_NO,MP_NO", "0001234567"],
            (0,),
            2,
        ),
        ("customer_ledger", ["用户编号,用户名称,用电地址,台区编号,计量点编号", "1,2,3,4,5", "0001234567"], (0,), 2),
        ("customer_ledger", ["用户编号,用户名称,用电地址,台区编号,计量点编号", "必填,选填,选填,必填,选填", "0001234567"], (0,), 2),
        ("feeder_list", ["管线编码,管线名称,电压等级,起始枢纽站,管线长度(千米),公用/专用"], (0,), 1),
        ("substation_list", ["站号,站名,电压"], (0,), 1),
        ("substation_list", ["枢纽站编码,枢纽站名称"], (0,), 1),
        ("box_survey", ["计量箱编号,计量箱条码,箱型号,产权,安装地址,台区编码,厂家,经度,纬度"], (0,), 1),
        ("box_meter_relation", ["表箱条码,电能表条码,行,列,户号"], (0,), 1),
        ("box_collection", ["计量箱条码编号,名称,表箱类型,行,列,安装地址,资产单位,上级单位,挂接设备类型,挂接设备名称,业务系统ID"], (0,), 1),
        ("field_return", ["采集日期,采集人员,户号,户名,表箱条码,表号,经度(°),纬度(°),核查结果,说明"], (0,), 1),
        ("access_point", ["挂接设备名称,挂接设备类型,业务系统ID,纬度(Y坐标),经度(X坐标),高程"], (0,), 1),
        ("pole", ["配电杆塔模板", "序号,馈线名称,杆塔名称,*杆塔材质,*杆塔性质(运)"], (1,), 2),
    ],
)
def test_a_table_is_found_below_titles(match: Match, key: str, lines: list[str], rows: tuple[int, ...], first: int) -> None:
    (found,) = match(*lines)
    assert (found.template_key, found.header_rows, found.first_data_row, found.unknown) == (key, rows, first, ())


def test_two_rows_of_headers_give_lone_words_their_meaning(match: Match) -> None:
    lines = [
        "用户信息,,,,台区信息,,计量信息,,",
        "编号,名称,地址,类别,编号,名称,电表条码,表箱条码,接线方式",
        "0001234567,张三,甲路,03,2,东,4,5,1",
    ]
    merges = [(1, 1, 1, 4), (1, 5, 1, 6), (1, 7, 1, 9)]
    for given in (merges, []):
        (found,) = match(*lines, merges=given)
        assert found.header_rows == (0, 1)
        assert found.mapping == {
            0: "customer.customer_no",
            1: "customer.name",
            2: "customer.address",
            3: "customer.sort",
            4: "metering_point.area_no",
            5: "metering_point.area_name",
            6: "meter.bar_code",
            7: "meter_box.bar_code",
            8: "meter.wiring",
        }
    assert found.headers[0] == (0, "用户信息/编号")


@pytest.mark.parametrize(
    "lower",
    [",,,条码,资产号,条码,资产号,,", "序号,户号,户名,条码,资产号,条码,资产号,用电类别,用户状态"],
    ids=["merged cells empty below", "merged cells filled down"],
)
def test_headers_merged_downwards_stand_for_themselves(match: Match, lower: str) -> None:
    upper = "序号,户号,户名,电能表,,计量箱,,用电类别,用户状态"
    (found,) = match("某所台账,,,,,,,,", upper, lower, "1,0001234567,张三,4,5,6,7,202,正常")
    assert (found.template_key, found.header_rows, found.first_data_row) == ("customer_ledger", (1, 2), 3)
    assert [found.mapping[index] for index in range(3, 7)] == [
        "meter.bar_code",
        "meter.asset_no",
        "meter_box.bar_code",
        "meter_box.asset_no",
    ]
    assert found.unknown == ()


def test_a_group_forbids_what_is_not_its_own(match: Match) -> None:
    (found,) = match("用户,,,电能表,,台区", "编号,名称,用电类别,条码,型号,编号")
    assert found.mapping[4] == "note.model"
    (found,) = match("计量箱,,,,变压器,", "条码,资产号,安装位置,行数,经度,纬度", "4,5,路,2,3,4")
    assert found.unknown == ((4, "变压器/经度"), (5, "变压器/纬度"))


def test_a_lone_name_belongs_to_its_left_neighbour(match: Match) -> None:
    (found,) = match("用户编号,名称,地址,台区编号,名称,用电类别")
    assert found.mapping[1] == "customer.name"
    assert found.mapping[4] == "metering_point.area_name"


def test_several_tables_in_one_sheet(match: Match) -> None:
    found = match("变电站编号,变电站名称,电压等级", "1,甲站,10", "", "线路清单", "线路编号,线路名称,变电站编号,电压", "2,乙线,1,10")
    assert [(one.template_key, one.header_rows, one.first_data_row) for one in found] == [
        ("substation_list", (0,), 1),
        ("feeder_list", (4,), 5),
    ]


def test_a_header_printed_again_is_no_second_table(match: Match) -> None:
    header = "用户编号,用户名称,用电地址,台区编号,用电类别"
    assert len(match(header, "0001234567,张三,甲,1,202", header, "0001234568,李四,乙,1,202")) == 1


def test_values_decide_what_a_vague_header_means(match: Match) -> None:
    (found,) = match(
        "户号,户名,台区,电表编号,表箱编号,用电类别",
        "0001234567,张三,0002820014,4130001000000461595133,4130005152698467069774,202",
    )
    assert found.mapping[2] == "metering_point.area_no"
    assert found.mapping[3] == "meter.bar_code"
    assert found.mapping[4] == "meter_box.bar_code"
    assert {found.how[index] for index in (2, 3, 4)} == {"values"}
    (found,) = match("户号,户名,台区,台区编号,用电类别", "0001234567,张三,东村2#公变,0002820014,202")
    assert (found.mapping[2], found.mapping[3]) == ("metering_point.area_name", "metering_point.area_no")


def test_rows_counted_one_by_one_are_no_slots(match: Match) -> None:
    header = "行号,表箱条码,电能表条码,列,户号"
    counted = [f"{n},4130005152698467069774,4130001000000461595133,1,000123456{n}" for n in range(1, 10)]
    placed = [f"{n % 3 + 1},4130005152698467069774,4130001000000461595133,1,000123456{n}" for n in range(1, 10)]
    assert "meter.slot_row" not in match(header, *counted)[0].mapping.values()
    assert match(header, *placed)[0].mapping[0] == "meter.slot_row"


def test_joined_meters_speak_for_the_handheld_export(match: Match) -> None:
    (found,) = match("电表箱条形码编号,电能表条形码,安装地址,GPS经度,GPS纬度,图片名称", "41,42/43,甲,1,2,a.jpg/b.jpg")
    assert found.template_key == "handheld_scan"


def test_the_sheet_name_breaks_a_tie(match: Match) -> None:
    assert match("变电站编号,变电站名称,电压等级", sheet="变电站")[0].template_key == "substation_list"


ODD = {
    "customers of a shop": "客户编号,客户名称,联系电话,地址,等级,备注",
    "staff": "序号,姓名,身份证号码,联系电话,部门,岗位,入职日期,备注",
    "goods": "编号,名称,规格型号,单位,数量,单价,金额,备注,地址,状态",
    "line loss": "台区编号,台区名称,供电量,售电量,线损率,台区经理",
    "places": "序号,名称,地址,经度,纬度,联系电话,备注",
    "only one known": "户号,体重,身高,年龄",
    "no key": "用户名称,用电地址,用电类别,供电电压,台区名称",
    "english": "id,name,address,phone,longitude,latitude,status,type",
    "wide": ",".join(f"指标{n}" for n in range(38)) + ",名称,地址",
    "wide with one key": "用户编号,用户名称,联系电话," + ",".join(f"第{n}月电费金额" for n in range(37)),
}


@pytest.mark.parametrize("line", ODD.values(), ids=ODD.keys())
def test_sheets_of_another_trade_find_no_template(match: Match, templates: dict[str, Template], line: str) -> None:
    data = ",".join("7" for _ in line.split(","))
    assert match("统计表", line, data) == []
    rows = [["统计表"], line.split(","), data.split(",")]
    assert explain_no_match(rows, templates).message.startswith("没有适用的模板")


def test_why_nothing_fits_names_the_nearest_template_and_what_is_missing(templates: dict[str, Template]) -> None:
    said = explain_no_match([["标题"], ["用户名称", "用电地址", "用电类别", "供电电压"]], templates)
    assert (said.template_key, said.header_row) == ("customer_ledger", 1)
    assert "低压用户台账" in said.message
    assert "缺少关键列：用户编号" in said.message
    assert explain_no_match([[None, None], []], templates).template_key == ""


def test_what_a_person_confirmed_is_remembered_and_wins(match: Match, templates: dict[str, Template], dictionary: Dictionary) -> None:
    lines = ["台账", "户号,怪列,户名,台区编号,用电类别", "1,2,3,4,5"]
    (found,) = match(*lines)
    assert found.unknown == ((1, "怪列"),)
    kept = remember(found, {**found.mapping, 1: "customer.phone", 2: "customer.address"})
    (again,) = match(*lines, remembered={found.fingerprint: kept})
    assert again.mapping == {
        0: "customer.customer_no",
        1: "customer.phone",
        2: "customer.address",
        3: "metering_point.area_no",
        4: "customer.elec_type",
    }
    assert (again.score, set(again.how.values())) == (1.0, {"remembered"})
    assert remember(found).fields[1] == ""
    stale = {found.fingerprint: Remembered("gone", kept.fields)}
    assert match(*lines, remembered=stale)[0].mapping == found.mapping


def test_a_remembered_header_needs_no_known_word(match: Match) -> None:
    kept = Remembered("customer_ledger", ("customer.customer_no", "customer.name"))
    key = fingerprint(["甲", "乙"])
    (found,) = match("甲,乙", "0001234567,张三", remembered={key: kept})
    assert found.mapping == {0: "customer.customer_no", 1: "customer.name"}


def test_the_fingerprint_ignores_decoration_but_not_order() -> None:
    assert fingerprint(["*户号", "容量(kVA)", ""]) == fingerprint(["户 号：", "容量"])
    assert fingerprint(["户号", "户名"]) != fingerprint(["户名", "户号"])


def test_a_chosen_template_is_mapped_even_when_it_does_not_fit(templates: dict[str, Template]) -> None:
    found = match_headers(["户名", None, "怪"], templates["customer_ledger"])
    assert found.mapping == {0: "customer.name"}
    assert found.missing == ("customer.customer_no",)
    assert found.unknown == ((2, "怪"),)


def test_the_first_of_two_equal_headers_counts(templates: dict[str, Template]) -> None:
    found = match_headers(["用户编号", "用户编号", "户号"], templates["customer_ledger"])
    assert found.mapping == {0: "customer.customer_no"}
    assert [index for index, _ in found.unknown] == [1, 2]


@pytest.mark.parametrize(
    "cells,yes",
    [
        (["户号", "户名"], True),
        (["户号"], False),
        (["户号", "户号"], False),
        (["4130001000000461595133", "张三", "甲路"], False),
        (["1", "2", "3"], False),
        (["台区台账导出，导出日期：2026-03-02，导出单位：某县城郊供电所，共一百零八条记录，请勿外传。", "x"], False),
        ([None, "", "  "], False),
    ],
)
def test_rows_that_can_be_headers(cells: list[str | None], yes: bool) -> None:
    assert is_header_like(cells) == yes


def test_an_empty_sheet_has_no_tables(templates: dict[str, Template], dictionary: Dictionary) -> None:
    assert match_table([], templates, dictionary) == []
    assert match_table([[], [None]], templates, dictionary) == []
