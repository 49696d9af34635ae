"""Dirty cells as staff, spreadsheets and other systems leave them, kind by kind."""

from collections.abc import Callable

import pytest

from lvdesk.tabular.heal import (
    Healing,
    heal_barcode,
    heal_cell,
    heal_date,
    heal_identifier,
    heal_integer,
    heal_latitude,
    heal_longitude,
    heal_number,
    heal_text,
    significant_length,
)

BOX = "4130005152698467069774"


@pytest.mark.parametrize(
    "text,value,why",
    [
        ("张三", "张三", ""),
        (" 张三　", "张三", "去除首尾空格"),
        ("张三\u200b", "张三", "去除零宽字符"),
        ("\ufeff张三 ", "张三", "去除零宽字符、去除首尾空格"),
        ("张\x00三", "张三", "去除控制字符"),
        ("张  三", "张 三", "合并多余空格"),
        ("张\u00a0三", "张 三", "合并多余空格"),
        ("李街路\n1号", "李街路 1号", "合并多余空格"),
        ("李街路　１号（Ａ座）", "李街路　１号（Ａ座）", ""),
        ("'0731", "0731", "去除撇号"),
        ("'甲'乙", "'甲'乙", ""),
        ("无", "无", ""),
        ("=1+1", "=1+1", ""),
        ("\u00a0", "", "仅含空白，按空值处理"),
        ("", "", ""),
    ],
)
def test_text(text: str, value: str | None, why: str) -> None:
    assert (heal_text(text).value, heal_text(text).why) == (value, why)


@pytest.mark.parametrize(
    "text,value,why",
    [
        ("0000804828", "0000804828", ""),
        ("26DKX-526", "26DKX-526", ""),
        ("金塘东李台21号杆", "金塘东李台21号杆", ""),
        ("4112869460 ", "4112869460", "去除首尾空格"),
        ("４１１２８６９４６０", "4112869460", "全角转半角"),
        ("'0000804828", "0000804828", "去除撇号"),
        ("‘0000804828", "0000804828", "去除撇号"),
        ("`0000804828", "0000804828", "去除撇号"),
        ("4112869460.0", "4112869460", "去除小数尾 .0"),
        ("4,112,869,460", "4112869460", "去除千分位"),
        ("411 286 9460", "4112869460", "去除中间空格"),
        ("\ufeff4112869460\u00a0", "4112869460", "去除零宽字符、去除首尾空格"),
        ("3E12", "3E12", ""),
        ("4.112869460E+09", "4112869460", "科学计数法还原（各位数字完整）"),
        ("-", "", "占位符“-”按空值处理"),
        ("——", "", "占位符“——”按空值处理"),
        ("／", "", "占位符“/”按空值处理"),
        ("无", "", "占位符“无”按空值处理"),
        ("空", "", "占位符“空”按空值处理"),
        ("NULL", "", "占位符“NULL”按空值处理"),
        ("#N/A", "", "占位符“#N/A”按空值处理"),
        ("　", "", "仅含空白，按空值处理"),
        ("", "", ""),
    ],
)
def test_identifier(text: str, value: str | None, why: str) -> None:
    assert (heal_identifier(text).value, heal_identifier(text).why) == (value, why)


@pytest.mark.parametrize(
    "heal,text,damage,known",
    [
        (heal_barcode, "4.13E+21", "scientific", "413"),
        (heal_barcode, "4.13E21", "scientific", "413"),
        (heal_barcode, "４．１３Ｅ＋２１", "scientific", "413"),
        (heal_barcode, "4.13000515269847E+21", "scientific", "413000515269847"),
        (heal_barcode, "4.130005152698467e+21", "scientific", "413000515269846"),
        (heal_barcode, "4130005152698460000000", "truncated", "413000515269846"),
        (heal_barcode, "4130005152698467000000", "truncated", "413000515269846"),
        (heal_barcode, "4.1300051526984697e+21", "scientific", "413000515269847"),
        (heal_barcode, "4130005152698460000000.0", "truncated", "413000515269846"),
        (heal_identifier, "4.13E+21", "scientific", "413"),
        (heal_identifier, "4.11E+09", "scientific", "411"),
        (heal_identifier, "4130005152698460000000", "truncated", "413000515269846"),
        (heal_identifier, "1E+05", "scientific", "1"),
    ],
)
def test_lost_digits_are_told_not_invented(heal: Callable[[str], Healing], text: str, damage: str, known: str) -> None:
    healing = heal(text)
    assert healing.value is None
    assert (healing.damage, healing.known) == (damage, known)
    assert f"只剩前 {len(known)} 位" in healing.why


@pytest.mark.parametrize("text", [BOX, "4130001000000461595133", "15269846706977", "4130005152698467069775", "4130005000000000500008"])
def test_whole_barcodes_pass_whether_or_not_their_check_digit_fits(text: str) -> None:
    assert heal_barcode(text).value == text


def test_a_fraction_in_scientific_notation_is_no_identifier() -> None:
    assert heal_identifier("1.2345E+02").value is None
    assert heal_identifier("1.2345E+02").damage == ""


@pytest.mark.parametrize(
    "text,length", [("4.13E+21", 22), ("8.05E+05", 6), ("4130005152698460000000", 22), ("1,234.0", None), ("abc", None)]
)
def test_length_of_a_damaged_identifier(text: str, length: int | None) -> None:
    assert significant_length(text) == length


@pytest.mark.parametrize(
    "text,value,why",
    [
        ("400", "400", ""),
        ("-3.5", "-3.5", ""),
        ("1,234.50", "1234.5", "去除千分位、去除小数尾零"),
        ("12，345", "12345", "全角转半角、去除千分位"),
        ("12 345", "12345", "去除千分位"),
        ("400kVA", "400", "去除单位 kVA"),
        ("400 千伏安", "400", "去除单位 千伏安"),
        ("4.8公里", "4.8", "去除单位 公里"),
        ("1,250kVA", "1250", "去除单位 kVA、去除千分位"),
        ("12户", "12", "去除单位 户"),
        ("200.000000", "200", "去除小数尾 .0"),
        ("4.80", "4.8", "去除小数尾零"),
        ("１２。５", "12.5", "全角转半角"),
        ("1.5E+3", "1500", "科学计数法展开"),
        (".5", "0.5", "数字格式统一"),
        ("+5", "5", "数字格式统一"),
        ("007", "7", "去除前导零"),
        ("−5", "-5", "全角转半角"),
        ("-0.0", "0", "去除小数尾 .0"),
        ("N/A", "", "占位符“N/A”按空值处理"),
        (" ", "", "仅含空白，按空值处理"),
    ],
)
def test_number(text: str, value: str | None, why: str) -> None:
    assert (heal_number(text).value, heal_number(text).why) == (value, why)


@pytest.mark.parametrize(
    "text,why",
    [
        ("约400", "“约400”不是数字"),
        ("4,13", "“4,13”不是数字"),
        ("1.2.3", "“1.2.3”不是数字"),
        ("2MVA", "“2MVA”中的“MVA”不是已知单位"),
        ("1E99", "“1E99”不是数字"),
        ("9" * 40, "“999999999999999999999999…”不是数字"),
        ("400/630", "“400/630”不是数字"),
    ],
)
def test_not_a_number(text: str, why: str) -> None:
    assert (heal_number(text).value, heal_number(text).why) == (None, why)


@pytest.mark.parametrize(
    "text,unit,value,why",
    [
        ("800米", "km", "0.8", "米 换算为 km"),
        ("4.8km", "km", "4.8", "去除单位 km"),
        ("2MVA", "kVA", "2000", "MVA 换算为 kVA"),
        ("1.2公里", "m", "1200", "公里 换算为 m"),
        ("400", "kVA", "400", ""),
        ("400米", "kVA", None, "“400米”的单位“米”与本列单位 kVA 不符"),
    ],
)
def test_number_in_a_column_of_known_unit(text: str, unit: str, value: str | None, why: str) -> None:
    assert (heal_cell("number", text, unit).value, heal_cell("number", text, unit).why) == (value, why)


@pytest.mark.parametrize(
    "text,value,why",
    [
        ("2", "2", ""),
        ("2.0", "2", "去除小数尾 .0"),
        ("02", "2", "去除前导零"),
        ("2行", "2", "去除单位 行"),
        ("第3列", "3", "去除序数词"),
        ("二", "2", "中文数字转阿拉伯数字"),
        ("第十二行", "12", "去除序数词、中文数字转阿拉伯数字"),
        ("二十", "20", "中文数字转阿拉伯数字"),
        ("两", "2", "中文数字转阿拉伯数字"),
        ("２", "2", "全角转半角"),
        ("-", "", "占位符“-”按空值处理"),
        ("2.5", None, "“2.5”应为整数"),
        ("二三层", None, "“二三层”不是数字"),
    ],
)
def test_integer(text: str, value: str | None, why: str) -> None:
    assert (heal_integer(text).value, heal_integer(text).why) == (value, why)


@pytest.mark.parametrize(
    "text,value,why",
    [
        ("115.6820234", "115.6820234", ""),
        ("0", "0", ""),
        ("34.4465", "34.4465", ""),
        ("115.6820", "115.682", "去除小数尾零"),
        ("115°40'55.3\"", "115.68202778", "度分秒转十进制"),
        ("115°40′55.3″", "115.68202778", "度分秒转十进制"),
        ("115度40分55.3秒", "115.68202778", "度分秒转十进制"),
        ("115º40’55.3”", "115.68202778", "度分秒转十进制"),
        ("115 40 55.3", "115.68202778", "度分秒转十进制"),
        ("115-40-55.3", "115.68202778", "度分秒转十进制"),
        ("115:40:55.3", "115.68202778", "度分秒转十进制"),
        ("115°40.5'", "115.675", "度分秒转十进制"),
        ("东经115°40′55.3″", "115.68202778", "去除方向 东经、度分秒转十进制"),
        ("E115.68", "115.68", "去除方向 E"),
        ("115.68E", "115.68", "去除方向 E"),
        ("115.68°", "115.68", "去除单位 度"),
        ("115.68度", "115.68", "去除单位 度"),
        ("W1.5", "-1.5", "去除方向 W"),
        ("１１５．６８", "115.68", "全角转半角"),
        ("无", "", "占位符“无”按空值处理"),
    ],
)
def test_longitude(text: str, value: str | None, why: str) -> None:
    assert (heal_longitude(text).value, heal_longitude(text).why) == (value, why)


@pytest.mark.parametrize(
    "text,why",
    [
        ("115.68,34.44", "“115.68,34.44”一格内有两个数，分不清哪个是经度"),
        ("115°70'", "“115°70'”的分或秒不小于 60"),
        ("1156820234", "“1156820234”超出经度范围（±180 度）"),
        ("1156820", "“1156820”超出经度范围（±180 度）"),
        ("村口", "“村口”不是经度"),
    ],
)
def test_not_a_longitude(text: str, why: str) -> None:
    assert (heal_longitude(text).value, heal_longitude(text).why) == (None, why)


def test_swapped_coordinates_are_left_to_the_checks() -> None:
    assert heal_latitude("115.6820234").value == "115.6820234"
    assert heal_latitude("北纬34°26'47.4\"").value == "34.4465"


def test_date_forms_are_in_their_own_table() -> None:
    assert heal_date("2024-03-05").why == ""
