"""Values of the rule book: as typed by people, as kept, as shown on paper."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lvdesk.checks.model import Parameter, Rule, Severity
from lvdesk.checks.rulebook_values import bounds, checked, parsed, shown
from tests.helpers.rulebook import tried

RULE: Rule = tried()[1]
KINDS = {item.name: item for item in RULE.parameters}


@pytest.mark.parametrize(
    "kind, text, value",
    [
        ("number", " ８００ ", 800),
        ("number", "800 m", 800),
        ("number", "８００ｍ", 800),
        ("number", "1,200.5", 1200.5),
        ("number", "0.80", 0.8),
        ("number", "－5", -5),
        ("number", "很远", "很远"),
        ("integer", "3.0", 3.0),
        ("enabled", "是", True),
        ("enabled", " √ ", True),
        ("enabled", "启用", True),
        ("enabled", "ＴＲＵＥ", True),
        ("enabled", "×", False),
        ("enabled", "停用", False),
        ("enabled", "也许", "也许"),
        ("severity", " 警告 ", "warning"),
        ("severity", "Error", "error"),
        ("severity", "严重", "严重"),
        ("list", "甲、 乙，丙；丁\n戊", ["甲", "乙", "丙", "丁", "戊"]),
        ("text", "  临时 用电 ", "临时 用电"),
    ],
)
def test_what_people_type_is_understood(kind: str, text: str, value: Any) -> None:
    assert parsed(kind, text, "m") == value


@pytest.mark.parametrize(
    "name, value, kept",
    [
        ("distance", 800.0, 800.0),
        ("states", ("甲", " 甲 ", "乙"), ["甲", "乙"]),
        ("lengths", ["１０", "12", 13], [10, 12, 13]),
        ("severity", "info", Severity.INFO),
        ("enabled", False, False),
    ],
)
def test_values_are_kept_in_one_form(name: str, value: Any, kept: Any) -> None:
    default = KINDS[name].default if name in KINDS else None
    assert checked(RULE, name, value, default) == kept


def test_a_whole_number_is_kept_whole() -> None:
    value = checked(tried()[0], "rows", 3.0)
    assert (value, type(value)) == (3, int)


@pytest.mark.parametrize(
    "minimum, maximum, words", [(10, 5000, "10～5000 m"), (0.5, None, "不小于 0.5 m"), (None, 3, "不大于 3 m"), (None, None, "")]
)
def test_bounds_are_told(minimum: float | None, maximum: float | None, words: str) -> None:
    assert bounds(minimum, maximum, "m") == words


NUMBERS = st.one_of(st.integers(-(10**20), 10**20), st.floats(allow_nan=False, allow_infinity=False))
WORDS = (
    st.text(st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="、，；"), min_size=1, max_size=12)
    .map(str.strip)
    .filter(bool)
)


@given(
    st.one_of(
        st.tuples(st.just("number"), NUMBERS), st.tuples(st.just("list"), st.lists(WORDS, unique=True)), st.tuples(st.just("text"), WORDS)
    )
)
def test_what_is_shown_is_read_back(made: tuple[str, Any]) -> None:
    kind, value = made
    parameter = Parameter("p", "参数", kind, value)
    rule = Rule("Q01", "format", "试", "", "", "", Severity.INFO, lambda _station, _values: (), (parameter,))
    assert checked(rule, "p", parsed(kind, shown(value))) == value
