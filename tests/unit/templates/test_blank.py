from pathlib import Path

import openpyxl
import pytest

from lvdesk.kit.errors import KnownError
from lvdesk.templates.blank import CODE_SHEET, HELP_SHEET, write_blank
from lvdesk.templates.codes import CodeList
from lvdesk.templates.definition import Template
from lvdesk.templates.dictionary import TEXT_KINDS, Dictionary
from lvdesk.templates.matching import explain_no_match, match_table

KEYS = [
    "substation_list",
    "feeder_list",
    "transformer_ledger",
    "customer_ledger",
    "box_survey",
    "box_collection",
    "box_meter_relation",
    "access_point",
    "pole",
    "branch_box",
    "handheld_scan",
    "field_return",
]


@pytest.mark.parametrize("key", KEYS)
def test_our_own_blank_is_recognised_whole(
    key: str, tmp_path: Path, templates: dict[str, Template], dictionary: Dictionary, codes: dict[str, CodeList]
) -> None:
    target = tmp_path / "空白 模板.xlsx"
    template = templates[key]
    write_blank(template, dictionary, codes, target)
    book = openpyxl.load_workbook(target)
    sheet = book.worksheets[0]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    (found,) = match_table(rows, templates, dictionary, sheet=sheet.title)
    assert (found.template_key, found.score, found.unknown, found.missing) == (key, 1.0, (), ())
    assert list(found.mapping.values()) == [column.field for column in template.form]
    for other in book.worksheets[1:]:
        cells = [[cell.value for cell in row] for row in other.iter_rows()]
        assert match_table(cells, templates, dictionary, sheet=other.title) == []
        assert explain_no_match(cells, templates).message


def test_the_blank_guides_whoever_fills_it(
    tmp_path: Path, templates: dict[str, Template], dictionary: Dictionary, codes: dict[str, CodeList]
) -> None:
    target = tmp_path / "b.xlsx"
    template = templates["customer_ledger"]
    write_blank(template, dictionary, codes, target)
    book = openpyxl.load_workbook(target)
    sheet = book["低压用户台账"]
    assert sheet.freeze_panes == "A2"
    assert sheet.page_setup.orientation == "landscape"
    assert sheet.page_setup.paperSize == 9
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert book[CODE_SHEET].sheet_state == "hidden"
    offered = {str(area): rule.formula1 for rule in sheet.data_validations.dataValidation for area in rule.sqref.ranges}
    assert offered["D2:D2001"].startswith(f"'{CODE_SHEET}'!")
    for index, column in enumerate(template.form, 1):
        note = sheet.cell(1, index).comment.text
        assert ("必填" in note) == column.required
        if column.attribute(dictionary).kind in TEXT_KINDS:
            (style,) = [one.number_format for one in sheet.column_dimensions.values() if one.min <= index <= one.max]
            assert style == "@", column.header
    listed = [row[0].value for row in book[HELP_SHEET].iter_rows(min_row=5)]
    assert listed == list(template.headers)


def test_every_offered_choice_is_understood(
    tmp_path: Path, templates: dict[str, Template], dictionary: Dictionary, codes: dict[str, CodeList]
) -> None:
    for key in ("customer_ledger", "field_return", "pole"):
        for column in templates[key].form:
            found = codes.get(column.attribute(dictionary).codes)
            for item in found.items if found else ():
                assert found.canonical(item.name)[0] == item.code


def test_a_target_that_cannot_be_written_is_said(
    tmp_path: Path, templates: dict[str, Template], dictionary: Dictionary, codes: dict[str, CodeList]
) -> None:
    (tmp_path / "taken.xlsx").mkdir()
    with pytest.raises(KnownError) as raised:
        write_blank(templates["pole"], dictionary, codes, tmp_path / "taken.xlsx")
    assert raised.value.code.startswith("file.")
    assert [path.name for path in tmp_path.iterdir()] == ["taken.xlsx"]
