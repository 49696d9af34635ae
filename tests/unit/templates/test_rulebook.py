from pathlib import Path

import pytest

from lvdesk.kit.errors import KnownError
from lvdesk.kit.sources import single
from lvdesk.templates.codes import CodeList
from lvdesk.templates.definition import Template, check_template, load_templates
from lvdesk.templates.dictionary import Dictionary, load_dictionary
from lvdesk.templates.headers import normalise

SURVEY = (
    "计量箱资产号,计量箱条形码,计量箱出厂编号,施封锁,计量箱业务编码,类别,计量箱列数和,计量箱行数和,管理单位,产权,产权单位,安装位置,"
    "材料类型,制造单位,型号,GPS经度坐标,GPS纬度坐标,用户编号,计量点编号,电能表资产号,所在行,所在列,用户名称,用电地址,台区编号,"
    "用户分类,接线方式,普查时间,备注,提交状态,普查状态,关系,操作员,操作日期,操作时间"
)


def test_the_templates_are_there_and_sound(templates: dict[str, Template], dictionary: Dictionary) -> None:
    assert list(templates) == [
        "substation_list",
        "feeder_list",
        "transformer_ledger",
        "customer_ledger",
        "box_survey",
        "box_collection",
        "box_meter_relation",
        "access_point",
        "access_point_return",
        "pole",
        "branch_box",
        "handheld_scan",
        "field_return",
    ]
    assert {key: problems for key, template in templates.items() if (problems := check_template(template, dictionary))} == {}


def test_the_survey_sheet_has_its_35_columns_in_order(templates: dict[str, Template]) -> None:
    assert ",".join(templates["box_survey"].headers) == SURVEY
    assert len(templates["box_survey"].form) == 35


def test_within_a_template_no_own_spelling_means_two_columns(templates: dict[str, Template]) -> None:
    for template in templates.values():
        claimed: dict[str, str] = {}
        for column in template.columns:
            for text in {normalise(text) for text in (column.header, *column.aliases)}:
                assert claimed.setdefault(text, column.field) == column.field, (template.key, text)


def test_shared_spellings_belong_to_attributes_that_exist_or_to_notes(dictionary: Dictionary) -> None:
    fields = single("headers.toml", None)["fields"]
    assert [name for name in fields if not name.startswith("note.") and dictionary.find(name) is None] == []


def test_code_columns_have_a_list(templates: dict[str, Template], dictionary: Dictionary, codes: dict[str, CodeList]) -> None:
    for template in templates.values():
        for column in template.columns:
            attribute = column.attribute(dictionary)
            assert attribute.kind != "code" or attribute.codes in codes, column


def test_kinds_come_from_the_dictionary_unless_the_template_says_otherwise(templates: dict[str, Template], dictionary: Dictionary) -> None:
    returned = templates["field_return"]
    kinds = {column.field: column.attribute(dictionary).kind for column in returned.columns}
    assert kinds["meter.bar_code"] == "barcode"
    assert kinds["note.collected_on"] == "date"
    assert kinds["note.crs"] == "code"
    assert kinds["note.remark"] == "text"
    assert returned.column("nothing.here") is None


def test_the_dictionary_answers(dictionary: Dictionary) -> None:
    assert dictionary.key("customer") == "customer_no"
    assert dictionary.title("meter_box") == "计量箱"
    assert dictionary.field("meter", "mp_no").reference == "metering_point"
    assert dictionary.field("meter", "mp_no").key == "meter.mp_no"
    assert dictionary.find("note.remark") is None
    assert dictionary.find("customer.nothing") is None


@pytest.mark.parametrize(
    "text",
    [
        "not toml at all [",
        'title = "x"',
        'title="x"\nentity="customer"\nsystem="field"\neffect="accept"\nrow_key=[]\ncolumns=[{field="a.b"}]',
    ],
)
def test_a_damaged_own_template_is_named(tmp_path: Path, text: str) -> None:
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "mine.toml").write_text(text, encoding="utf-8")
    with pytest.raises(KnownError) as raised:
        load_templates(tmp_path)
    assert raised.value.code == "rules.unreadable"
    assert "mine" in raised.value.message


def test_a_workspace_adds_and_replaces_templates(tmp_path: Path, dictionary: Dictionary) -> None:
    (tmp_path / "templates").mkdir()
    own = tmp_path / "templates" / "pole.toml"
    columns = 'columns = [{ field = "pole.name", header = "杆" }, { field = "pole.nope", header = "x", kind = "odd" }]'
    head = 'key = "pole"\ntitle = "本所杆塔"\nentity = "pole"\nsystem = "pms"\neffect = "accept"\nrow_key = ["pole.pole_no"]\n'
    own.write_text(head + columns, encoding="utf-8")
    template = load_templates(tmp_path)["pole"]
    assert template.title == "本所杆塔"
    assert len(check_template(template, dictionary)) == 3
    (tmp_path / "templates" / "again.toml").write_text(head + columns, encoding="utf-8")
    with pytest.raises(KnownError) as raised:
        load_templates(tmp_path)
    assert raised.value.code == "rules.duplicate"


@pytest.mark.parametrize("text", ['[x]\ntitle = "x"', '[x]\ntitle="x"\nkey="a"\nfields.a={title="a",kind="odd",owner="pms"}'])
def test_a_damaged_own_dictionary_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "dictionary.toml").write_text(text, encoding="utf-8")
    with pytest.raises(KnownError):
        load_dictionary(tmp_path)
