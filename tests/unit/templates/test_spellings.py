"""Header spellings of both generations of the marketing system, of PMS/GIS and of people, each in the place of our own header."""

import pytest

from lvdesk.templates.definition import Template
from lvdesk.templates.dictionary import Dictionary
from lvdesk.templates.matching import match_headers, match_table

CASES = """
substation_list substation.substation_no 枢纽站编号 枢纽站编码 变电站编码 站号 变电站号 SUBS_NO 厂站编号
substation_list substation.name 枢纽站名称 变电站 站名 枢纽站
substation_list substation.voltage 电压 变电站电压等级
feeder_list feeder.feeder_no 管线编号 管线编码 馈线编号 线路编码 线路号 LINE_NO *线路编号
feeder_list feeder.name 管线名称 馈线名称 线路名 线路
feeder_list feeder.substation_no 变电站编号 枢纽站编号 所属枢纽站编码 起始变电站编号
feeder_list feeder.substation_name 变电站名称 所属枢纽站 起始电站 变电站
feeder_list feeder.length_km 线路长度 线路长度（公里） 管线长度(km) 线路总长度/km 线路长度km
feeder_list feeder.usage 公专线 公用/专用 线路性质 公专线标识
transformer_ledger transformer_area.area_no 配送站编号 配送站编码 台区编码 台区号 TG_NO 所属台区编号 变台编号
transformer_ledger transformer_area.name 配送站名称 台区名 台区 配送站
transformer_ledger transformer_area.feeder_no 管线编号 馈线编码 所属线路编号
transformer_ledger transformer_area.feeder_name 管线名称 所属馈线 所属线路
transformer_ledger transformer_area.usage 公专变 公变/专变 台区性质 公变专变标志 公专变标识 公专变标志代码
transformer_ledger transformer.capacity_kva 变压器容量 额定容量（kVA） 铭牌容量 配变容量(kVA) 变压器容量（千伏安）
transformer_ledger transformer_area.run_status 状态 台区状态 运行状态代码
transformer_ledger transformer.transformer_no 变压器资产号 配变资产编号 变压器条形码 变压器编号 调压设备编号
transformer_ledger transformer_area.longitude GPS经度 经度(°) 经度坐标 台区经度 X坐标 longitude
transformer_ledger transformer_area.latitude GPS纬度 纬度(°) 纬度坐标 台区纬度 Y坐标 lat
transformer_ledger transformer_area.manager 客户经理 台区经理姓名 责任人
transformer_ledger transformer_area.org_name 管理单位 供电所名称 供电单位名称
customer_ledger customer.customer_no 户号 客户编号 用电户编号 用户号 客户号 CONS_NO 用电客户编号 能源客户编号
customer_ledger customer.customer_no 用户编码 总户号 *户号(10位) 1、用户编号
customer_ledger customer.name 户名 客户名称 用电户名称 用户名 户主姓名 客户名称:
customer_ledger customer.address 客户地址 用户地址 用电地址（详细） 用电户地址
customer_ledger customer.sort 客户分类 用电户分类 用户类别 用户分类代码
customer_ledger customer.elec_type 用电性质 用电类别代码 用电类别名称
customer_ledger customer.voltage 电压等级 供电电压等级 供电电压(V) 供电电压代码
customer_ledger customer.contract_capacity 合同容量(kVA) 合同容量（千瓦） 合同容量kVA 用电容量
customer_ledger customer.status 客户状态 用电户状态 用户状态代码
customer_ledger customer.opened_on 立户时间 开户日期 BUILD_DATE
customer_ledger customer.urban_rural 城农网标志 城乡标志 城乡类别代码
customer_ledger metering_point.mp_no 安装点编号 安装点编码 计量点编码 计量点号 MP_NO
customer_ledger metering_point.area_no 配送站编号 台区编码 TG_NO 所属台区编号
customer_ledger metering_point.area_name 配送站名称 所属台区 所属配送站名称
customer_ledger meter.bar_code 电能表条码 电表条码 电表条形码 表计条码 电能表资产条码 智能表条形码编号 电能表条码（22位） 表条码
customer_ledger meter.wiring 接线方式代码 电能表接线方式
customer_ledger meter_box.bar_code 计量箱条码 表箱条码 表箱条形码 电表箱条码编号 计量箱资产条码 表箱资产条形码
customer_ledger meter_box.bar_code 计量箱条形码编号 电能计量箱条码
customer_ledger customer.phone 电话 手机号码 联系方式 客户联系电话 移动电话
box_survey meter_box.asset_no 表箱资产号 计量箱资产编号 表箱编号 计量箱资产编码 ASSET_NO
box_survey meter_box.bar_code 表箱条码 计量箱条码 表箱资产条码 BAR_CODE
box_survey meter_box.slot_columns 列数 计量箱列数 表箱列数 BOX_COLS
box_survey meter_box.slot_rows 行数 计量箱行数 表箱行数 BOX_ROWS
box_survey meter_box.location 安装地址 表箱安装位置 表箱地址
box_survey meter_box.material 材质 表箱材质 箱体材质
box_survey meter_box.longitude 经度 GPS经度 经度坐标
box_survey meter_box.latitude 纬度 GPS纬度 纬度坐标
box_survey customer.customer_no 户号 客户编号 CONS_NO
box_survey meter.asset_no 电表资产号 电能表资产编号 表号 D_ASSET_NO
box_survey meter.slot_row 表位行 行号 IN_ROW
box_survey meter.slot_column 表位列 列号 IN_COLUMN
box_survey meter_box.area_no 配送站编码 台区编码 DISTRICT_ID
box_survey meter_box.surveyed_at 普查日期 SURVEY_TIME
box_collection meter_box.bar_code 计量箱条形码 表箱条码
box_collection meter_box.category 计量箱类型 箱体类型
box_meter_relation meter.bar_code 电能表条形码 电表条码 表计条码编号
box_meter_relation meter_box.bar_code 计量箱条形码 表箱条码编号
box_meter_relation meter.slot_row 电表表位（行） 表位行 所在行 行
box_meter_relation meter.slot_column 电表表位（列） 表位列 所在列 列
access_point access_point.access_point_no 挂接点编号 接入点标识 接入点编码 业务系统ID
access_point access_point.longitude 经度 GPS经度
access_point access_point.latitude 纬度 GPS纬度
pole pole.name *杆塔名称 运行杆塔名称
pole pole.material *杆塔材质 杆塔材料
pole pole.nature *杆塔性质(运) 性质
branch_box branch_box.branch_box_no 电缆分支箱编号 分支箱编码 低压分支箱资产编号
handheld_scan meter_box.bar_code 计量箱条形码 表箱条码
handheld_scan meter_box.surveyed_at 扫描时间 扫码时间 ScanTime
handheld_scan note.elevation 海拔 GPS高程
field_return customer.customer_no 户号 客户编号 用电户编号
field_return meter_box.bar_code 表箱条码 计量箱条形码
field_return meter.bar_code 电表条码 电能表条形码
field_return note.verdict 核实结论 核查结果 采录结论
field_return note.collected_on 采集日期 核查时间 采录时间
field_return note.collected_by 采集人员 核查员 采录人员
"""
SPELLINGS = [(words[0], words[1], text) for line in CASES.strip().splitlines() for words in [line.split(" ")] for text in words[2:]]


@pytest.mark.parametrize("key,field,text", SPELLINGS)
def test_a_spelling_is_understood(key: str, field: str, text: str, templates: dict[str, Template], dictionary: Dictionary) -> None:
    template = templates[key]
    headers: list[str | None] = [text if column.field == field else column.header for column in template.form]
    (found,) = match_table([headers], templates, dictionary)
    assert found.template_key == key
    assert found.mapping[headers.index(text)] == field
    assert found.unknown == ()
    assert found.score > 0.9


@pytest.mark.parametrize(
    "key,text",
    [
        ("customer_ledger", "原户号"),
        ("customer_ledger", "上级户号"),
        ("customer_ledger", "台区总表资产号"),
        ("customer_ledger", "用户状态变更日期"),
        ("customer_ledger", "用户编号类别"),
        ("customer_ledger", "开户银行"),
        ("customer_ledger", "证件类型"),
        ("customer_ledger", "重要性等级"),
        ("customer_ledger", "生产班次"),
        ("customer_ledger", "集中器条形码"),
        ("customer_ledger", "互感器条形码"),
        ("box_survey", "原计量箱资产号"),
        ("box_collection", "集中器资产号"),
        ("transformer_ledger", "台区总表资产号"),
        ("transformer_ledger", "线损率"),
        ("transformer_ledger", "供电量"),
    ],
)
def test_another_thing_is_left_unknown(key: str, text: str, templates: dict[str, Template]) -> None:
    headers = [*templates[key].headers, text]
    assert match_headers(headers, templates[key]).unknown == ((len(headers) - 1, text),)


@pytest.mark.parametrize(
    "key,slip,field",
    [
        ("customer_ledger", "立户的日期", "customer.opened_on"),
        ("customer_ledger", "用户的用电地址", "customer.address"),
        ("customer_ledger", "供电电压的等级", "customer.voltage"),
        ("box_survey", "计量箱安装的位置", "meter_box.location"),
        ("transformer_ledger", "变压器的容量", "transformer.capacity_kva"),
    ],
)
def test_a_slip_is_forgiven_and_marked_as_likeness(key: str, slip: str, field: str, templates: dict[str, Template]) -> None:
    template = templates[key]
    headers: list[str | None] = [slip if column.field == field else column.header for column in template.form]
    found = match_headers(headers, template)
    at = headers.index(slip)
    assert (found.mapping[at], found.how[at]) == (field, "likeness")
    assert found.quality[at] < 0.9
