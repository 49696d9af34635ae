"""Whatever the sides say: who follows the corrections of a reconciliation leaves no difference of that class."""

from itertools import product
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lvdesk.exchange.reconcile.book import Compare, load_book
from lvdesk.exchange.reconcile.judging import ABSENT, CANCELLED, COLUMN, IN_USE, judged
from lvdesk.exchange.reconcile.model import SIDES, Target
from lvdesk.templates.dictionary import load_dictionary

_BOOK = load_book(None, load_dictionary())
_RULES = {rule.key: rule for rule in (*_BOOK.compare, _BOOK.presence)}
_VALUES = {
    "text": ["4231757321", "4231757322", "4231757323"],
    "name": ["北村2#公变", "北村２号公变", "东村1#公变"],
    "place": ["115.68,34.441", "115.68001,34.441", "115.6803,34.441", "115.69,34.441"],
    "gone": [IN_USE, CANCELLED, ABSENT],
}
_SIDES = (*COLUMN.values(), "base")

Row = dict[str, Any]


def _all_rows(rule: Compare) -> list[Row]:
    """Every way the four can speak or be silent."""
    spoken = product([None, *_VALUES[rule.same]], repeat=len(_SIDES))
    lines = (dict(zip(_SIDES, values, strict=True)) for values in spoken)
    return [{"entity": rule.entity, "key": str(number), "field": rule.field, **row} for number, row in enumerate(lines)]


def _judged(rows: list[Row], rule: Compare) -> list[Row]:
    found, _ = judged(pl.DataFrame([dict.fromkeys(SIDES) | row for row in rows], schema=SIDES), rule)
    return found.to_dicts()


def _followed(rows: list[Row], found: list[Row], rule: Compare) -> list[Row]:
    """Everybody who was told puts it right; the accepted value follows the newest word of the system that maintains it."""
    after = {row["key"]: dict(row) for row in rows}
    for each in found:
        row = after[each["key"]]
        for target in map(Target, each["told"]):
            row["base" if target is Target.DESK else COLUMN[target]] = each["suggestion"]
            if target == rule.side:
                row["base"] = each["suggestion"]
    return list(after.values())


@pytest.mark.parametrize("rule", _RULES.values(), ids=_RULES)
def test_followed_corrections_leave_nothing(rule: Compare) -> None:
    rows = _all_rows(rule)
    found = _judged(rows, rule)
    assert found
    assert _judged(_followed(rows, found, rule), rule) == []


@pytest.mark.parametrize("rule", _RULES.values(), ids=_RULES)
def test_every_disagreement_says_who_and_what(rule: Compare) -> None:
    rows = _all_rows(rule)
    found = _judged(rows, rule)
    for each in found:
        assert each["suggestion"] is not None
        assert (each["target"], each["klass"] is not None, bool(each["why"])) == (each["told"][0], True, True)
    silent = {row["key"] for row in rows} - {each["key"] for each in found}
    assert silent >= {row["key"] for row in rows if len({row[name] for name in _SIDES}) == 1}


@settings(max_examples=30)
@given(st.sampled_from(list(_RULES)), st.randoms())
def test_neither_order_nor_company_of_the_rows_matters(key: str, random: Any) -> None:
    rule = _RULES[key]
    rows = _all_rows(rule)
    some = random.sample(rows, random.randint(1, 40))
    whole = {row["key"]: row for row in _judged(rows, rule)}
    assert {row["key"]: row for row in _judged(some, rule)} == {row["key"]: whole[row["key"]] for row in some if row["key"] in whole}
