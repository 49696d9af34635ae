import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lvdesk.templates.codes import load_codes, normalise_code
from lvdesk.templates.definition import load_templates
from lvdesk.templates.dictionary import load_dictionary
from lvdesk.templates.headers import fold, normalise, unbracketed
from lvdesk.templates.matching import explain_no_match, match_headers, match_table

TEMPLATES, DICTIONARY, CODES = load_templates(), load_dictionary(), load_codes()
WORDS = st.sampled_from(list("户号名台区编码条形箱表电能计量点安装客用()（）*:：kVA公里 \n　12、._/线路站X坐标经纬度资产"))
HEADER = st.one_of(st.text(max_size=30), st.text(WORDS, max_size=14))


@given(HEADER)
def test_normal_forms_are_stable(text: str) -> None:
    for form in (normalise, unbracketed, fold):
        once = form(text)
        assert form(once) == once
    assert normalise_code(normalise_code(text)) == normalise_code(text)


@given(st.sampled_from(sorted(TEMPLATES)), st.randoms(use_true_random=False))
def test_the_order_of_columns_changes_nothing(key: str, chance: random.Random) -> None:
    headers = list(TEMPLATES[key].headers)
    straight = {header: field for (_, header), field in _mapped(headers)}
    chance.shuffle(headers)
    assert {header: field for (_, header), field in _mapped(headers)} == straight


def _mapped(headers: list[str]) -> list[tuple[tuple[int, str], str]]:
    (found,) = match_table([headers], TEMPLATES, DICTIONARY)
    return [((index, headers[index]), field) for index, field in found.mapping.items()]


@given(st.sampled_from(sorted(TEMPLATES)), st.lists(HEADER, max_size=12))
def test_a_mapping_is_one_to_one_whatever_the_headers(key: str, headers: list[str]) -> None:
    found = match_headers(headers, TEMPLATES[key])
    assert len(set(found.mapping.values())) == len(found.mapping)
    assert {*found.mapping, *(index for index, _ in found.unknown)} == {index for index, _ in found.headers}
    assert 0 <= found.score <= 1


@given(st.lists(st.lists(st.none() | HEADER, max_size=8), max_size=8))
def test_no_sheet_breaks_the_matcher(rows: list[list[str | None]]) -> None:
    for found in match_table(rows, TEMPLATES, DICTIONARY):
        assert found.header_rows[-1] < found.first_data_row
    assert explain_no_match(rows, TEMPLATES).message


@given(st.sampled_from(sorted(CODES)), st.one_of(st.text(max_size=8), st.integers(0, 999).map(str)))
def test_a_code_once_canonical_stays_so(key: str, text: str) -> None:
    code, why = CODES[key].canonical(text)
    if code is None:
        assert why or not normalise_code(text)
    else:
        assert CODES[key].canonical(code)[0] == code


@pytest.mark.parametrize("key", sorted(TEMPLATES))
def test_a_title_above_and_blank_columns_between_change_nothing(key: str) -> None:
    headers = list(TEMPLATES[key].headers)
    spread: list[str | None] = [cell for header in headers for cell in (header, None)]
    (found,) = match_table([["标题"], [], spread], TEMPLATES, DICTIONARY)
    assert found.score == 1.0
    assert {spread[index]: field for index, field in found.mapping.items()} == {
        column.header: column.field for column in TEMPLATES[key].form
    }
