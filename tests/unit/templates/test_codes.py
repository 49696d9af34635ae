from pathlib import Path

import pytest

from lvdesk.kit.errors import KnownError
from lvdesk.templates.codes import CodeList, load_codes, normalise_code
from lvdesk.templates.dictionary import Dictionary


@pytest.mark.parametrize(
    "key,text,system,code",
    [
        ("voltage", "AC02202", None, "AC02202"),
        ("voltage", "220V", None, "AC02202"),
        ("voltage", "交流220V", "marketing", "AC02202"),
        ("voltage", "0.22kV", None, "AC02202"),
        ("voltage", "０．２２ＫＶ", None, "AC02202"),
        ("voltage", "0.4kV", None, "AC03802"),
        ("voltage", "380", None, "AC03802"),
        ("voltage", "220kV", None, "AC02201"),
        ("voltage", "10kV", None, "AC00101"),
        ("voltage", "交流10千伏", None, "AC00101"),
        ("voltage", "22", "pms", "AC00101"),
        ("voltage", "07", "pms", "AC02202"),
        ("voltage", "07", "sg186_old", "AC03802"),
        ("voltage", "01", "marketing", "AC00101"),
        ("voltage", "107", "marketing2", "AC02202"),
        ("customer_status", "正常", None, "正常用电客户"),
        ("customer_status", "正常用电客户", None, "正常用电客户"),
        ("customer_status", "0", None, "正常用电客户"),
        ("customer_status", "9", "marketing", "已销户客户"),
        ("customer_sort", "居民", None, "03"),
        ("customer_sort", "3", None, "03"),
        ("customer_sort", "3.0", None, "03"),
        ("customer_sort", "03 低压居民", None, "03"),
        ("customer_sort", "低压居民(03)", None, "03"),
        ("area_usage", "公变", None, "01"),
        ("area_usage", "专用变压器", None, "02"),
        ("wiring", "三相四线", None, "3"),
        ("wiring", "01", None, "1"),
        ("elec_type", "城镇居民", None, "202"),
        ("urban_rural", "农村", None, "02"),
        ("run_status", "在运", None, "01"),
        ("property", "用户资产", None, "02"),
        ("box_category", "合体", None, "合体表箱"),
        ("box_material", "PC+ABS", None, "非金属"),
        ("phase", "a相", None, "A"),
        ("pole_material", "混凝土杆", None, "水泥杆"),
        ("device_type", "电缆分支箱", None, "低压电缆分支箱"),
        ("crs", "火星坐标系", None, "GCJ02"),
        ("crs", "GCJ-02", None, "GCJ02"),
        ("verdict", "新增（业扩）", None, "新增"),
    ],
)
def test_what_people_type_becomes_the_code(codes: dict[str, CodeList], key: str, text: str, system: str | None, code: str) -> None:
    found, why = codes[key].canonical(text, system)
    assert found == code
    assert bool(why) == (text != code)


@pytest.mark.parametrize("key,text", [("voltage", "07"), ("area_usage", "甲"), ("wiring", "三相"), ("customer_sort", "4")])
def test_doubtful_and_unknown_values_are_refused_with_a_reason(codes: dict[str, CodeList], key: str, text: str) -> None:
    found, why = codes[key].canonical(text)
    assert found is None
    assert text in why


def test_an_open_list_keeps_unknown_values_and_says_so(codes: dict[str, CodeList]) -> None:
    assert codes["device_type"].canonical(" 电缆井 ") == ("电缆井", "不在代码表中，按原样保留")


def test_names_and_codes_of_other_systems(codes: dict[str, CodeList]) -> None:
    voltage = codes["voltage"]
    assert voltage.name("AC00101") == "10kV"
    assert voltage.system_code("AC00101", "gis") == "22"
    assert voltage.system_code("AC00101", "sg186_old") == "01"
    assert codes["customer_status"].system_code("正常用电客户", "sg186") == "0"
    assert voltage.system_code("AC05001", "pms") == "AC05001"
    assert voltage.name("怪") == voltage.system_code("怪", "pms") == "怪"


def test_every_own_name_and_code_is_found_by_bulk_lookup(codes: dict[str, CodeList]) -> None:
    for found in codes.values():
        table = found.lookup()
        for item in found.items:
            assert table[normalise_code(item.code)] == item.code
            assert table[normalise_code(item.name)] == item.code


def test_no_spelling_of_a_list_is_lost_to_ambiguity(codes: dict[str, CodeList]) -> None:
    lost = [
        (found.key, name)
        for found in codes.values()
        for item in found.items
        for name in item.names
        if found.canonical(name)[0] != item.code
    ]
    assert lost == []


def test_every_code_list_of_the_dictionary_exists(codes: dict[str, CodeList], dictionary: Dictionary) -> None:
    assert {field.codes for entity in dictionary for field in entity.fields.values() if field.codes} <= codes.keys()


def test_a_workspace_replaces_a_list_by_key(tmp_path: Path) -> None:
    (tmp_path / "codes").mkdir()
    own = tmp_path / "codes" / "mine.toml"
    own.write_text('key = "phase"\ntitle = "相别"\nitems = [{ code = "1", name = "甲" }]\n', encoding="utf-8")
    assert load_codes(tmp_path)["phase"].canonical("甲")[0] == "1"
    own.write_text('key = "phase"\ntitle = "相别"\nitems = [{ code = "1" }]\n', encoding="utf-8")
    with pytest.raises(KnownError) as raised:
        load_codes(tmp_path)
    assert raised.value.code == "rules.unreadable"
    own.write_text('key = "phase"\ntitle = "x"\nitems = [{ name = "甲" }, { name = "甲" }]\n', encoding="utf-8")
    with pytest.raises(KnownError):
        load_codes(tmp_path)
