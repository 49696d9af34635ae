from pathlib import Path

import pytest

from lvdesk.fieldwork.forms.loading import load_forms
from lvdesk.fieldwork.forms.spots import corners, spots
from lvdesk.kit.errors import KnownError
from lvdesk.kit.page import Code, TextBox
from lvdesk.kit.paths import resources
from tests.helpers.sheets import customer, pages

OURS = (resources() / "forms" / "box_collection.toml").read_text(encoding="utf-8")
PLAIN = """
key = "visit"
code = "V"
version = 1
order = 5
title = "走访单"
per = "customer"
[[rows]]
height = 9
cells = [{ kind = "value", text = "{customer.name}" }, { kind = "comb", field = "customer.customer_no", count = 13 }]
"""


def overriding(folder: Path, text: str) -> Path:
    (folder / "forms").mkdir()
    (folder / "forms" / "own.toml").write_text(text, encoding="utf-8")
    return folder


def test_the_forms_come_in_the_order_of_the_pile() -> None:
    expected = ["cover", "area_overview", "box_collection", "customer_visit", "access_point", "new_account"]
    assert list(load_forms()) == expected


def test_one_more_file_is_one_more_form(tmp_path: Path) -> None:
    forms = load_forms(overriding(tmp_path, PLAIN))
    assert next(iter(forms)) == "visit"
    assert len(forms) == 7


def test_an_upright_form_has_its_squares_at_the_corners_of_its_paper(tmp_path: Path) -> None:
    form = load_forms(overriding(tmp_path, 'orientation = "portrait"' + PLAIN))["visit"]
    (page,) = pages(form, [customer()])
    assert (page.width, page.height) == (210, 297)
    assert corners(form)[-1] == (201.5, 288.5)
    title = next(item for item in page.items if isinstance(item, TextBox) and item.text == "走访单")
    assert title.width > 60
    assert all(item.x + item.width <= 210 for item in page.items if isinstance(item, TextBox | Code))
    assert all(spot.y + spot.height < 288.5 for spot in spots(form, ("0",)))


def test_a_stations_own_file_replaces_ours(tmp_path: Path) -> None:
    own = OURS.replace("计量箱现场采录表", "表箱普查单").replace("version = 1", "version = 2")
    form = load_forms(overriding(tmp_path, own))["box_collection"]
    assert (form.title, form.version) == ("表箱普查单", 2)


@pytest.mark.parametrize(
    "old, new, told",
    [
        ('field = "meter_box.device_name"', 'field = "meter_box.colour"', "字段 meter_box.colour 不在"),
        ("{reasons}", "{excuses}", "字段 excuses 不在"),
        ('key = "meter_box.asset_no", label', 'key = "meter_box.number", label', "字段 meter_box.number 不在"),
        ('value = "墙支架"', 'value = "树"', "“树”不在代码表 device_type 中"),
        ("width = 0.41, label", "width = 0.71, label", "单元格宽度之和"),
        ("width = 0.41, label", "width = 0.3, label", "每格宽"),
        ('kind = "slots", across = 2', 'kind = "slots", across = 9', "每格宽"),
        ("height = 13.2", "height = 9", "表位高 9 毫米"),
        ("height = 7\n", "height = 5\n", "不足 7 毫米"),
        ("width = 0.595", "width = 0.2", "放不下全部勾选框"),
        ("height = 18.2", "height = 170", "一页只有 162.4 毫米"),
        ('kind = "comb", width = 0.08, label = "行数"', 'kind = "combe", width = 0.08, label = "行数"', "种类“combe”不认识"),
        ('on = "blank"', 'on = "new"', "on“new”不认识"),
        ('key = "missing"', 'key = "same"', "key 重复"),
        ('code = "B"', 'code = "b"', "不是一个大写字母"),
        ('code = "B"', 'code = "C"', "代号 C 已被 box_collection 使用"),
        ('per = "box"', 'per = "house"', "per“house”不认识"),
        ("version = 1", "version = 0", "version 应从 1 开始"),
        ('blank = "2X4"', 'blank = "zwei"', "不是表位形状"),
        ('title = "', 'colour = "', "格式不对"),
    ],
)
def test_a_form_that_could_not_be_used_is_refused_in_words(tmp_path: Path, old: str, new: str, told: str) -> None:
    assert old in OURS
    with pytest.raises(KnownError) as raised:
        load_forms(overriding(tmp_path, OURS.replace(old, new)))
    assert raised.value.code == "rules.unreadable"
    assert "box_collection" in raised.value.message
    assert told in raised.value.message
    assert raised.value.hint
