"""Text of the records on paper: as it is, but nothing that cannot be printed, and nothing that turns words around."""

import pytest

from lvdesk.fieldwork.filling_text import as_text, clean, counted, joined


@pytest.mark.parametrize(
    "text, shown",
    [
        ("某村1号", "某村1号"),
        ("某村\n1号", "某村 1号"),
        ("某村\x001号\x1b", "某村1号"),
        ("张\u202e三", "张三"),
        ("张\u200b三", "张三"),
        ("\ufeff张三\t", "张三"),
        ("𠮷田", "𠮷田"),
        ("", ""),
    ],
)
def test_control_characters_are_removed_and_nothing_else(text: str, shown: str) -> None:
    assert clean(text) == shown


@pytest.mark.parametrize("value, shown", [(None, ""), (2, "2"), (160.0, "160"), (0.5, "0.5"), (" 张三 ", " 张三 ")])
def test_values_are_read_as_people_write_them(value: object, shown: str) -> None:
    assert as_text(value) == shown


def test_words_are_joined_once_each() -> None:
    assert joined(["甲", "", "乙", "甲"]) == "甲、乙"
    assert (counted(0), counted(3)) == ("", "3")
