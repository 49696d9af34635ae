"""Names of one thing and names of two."""

from pathlib import Path

import pytest

from lvdesk.exchange.sync.likeness import Book, Thing, likeness, load_book, same_name
from lvdesk.exchange.sync.matching import BY_ID, BY_LIKENESS, BY_PERSON, NONE, matched


@pytest.fixture(scope="module")
def book() -> Book:
    return load_book(Path("nowhere"))


@pytest.mark.parametrize(
    "one, other",
    [
        ("10kV银岗线", "银岗线"),
        ("10kV 银岗线路", "10KV银岗线"),
        ("北村2#公变", "北村２号配变"),
        ("北村二号公变", "北村2#台区"),
        ("110kV七岗变电站", "七岗变"),
        ("北村02#公变", "北村2#公变"),
    ],
)
def test_spellings_of_one_name(book: Book, one: str, other: str) -> None:
    assert same_name(one, other, book)
    assert likeness(Thing("1", one), Thing("2", other), book).share >= book.sure


@pytest.mark.parametrize(
    "one, other",
    [("北村3#公变", "北村5#公变"), ("银岗线", "前店线"), ("银岗I线", "银岗II线"), ("北村2#公变", "东村2#公变"), ("七岗变", "八岗变")],
)
def test_names_of_two_things(book: Book, one: str, other: str) -> None:
    assert not same_name(one, other, book)
    assert likeness(Thing("1", one), Thing("2", other), book).share < book.sure


def test_circumstances_count(book: Book) -> None:
    ours = Thing("a", "金塘东李台4#公变", "f1", "金塘线", 200.0)
    near = likeness(Thing("1", "东李台4#配变", "f1", "金塘线", 200.0), ours, book)
    far = likeness(Thing("1", "东李台4#配变", "f2", "前店线", 315.0), ours, book)
    assert near.share > far.share
    assert "容量相同 200 kVA" in near.evidence
    assert "上级不同：对方为 前店线" in far.evidence


def test_identifier_then_person_then_likeness_one_to_one(book: Book) -> None:
    ours = [Thing("a", "北村1#公变"), Thing("b", "北村2#公变"), Thing("c", "北村3#公变"), Thing("d", "西村1#公变")]
    theirs = [Thing("1", "改了名的"), Thing("2", "北村3#配变"), Thing("3", "北村2#配变"), Thing("4", "新村9#配变"), Thing("5", "别所的")]
    found = matched(theirs, ours, {"1": "a"}, {"2": ("same", "d"), "5": ("other", "")}, book)
    assert [(match.ours, match.how) for match in found] == [("a", BY_ID), ("d", BY_PERSON), ("b", BY_LIKENESS), ("", NONE), ("", BY_PERSON)]
    again = matched(theirs[::-1], ours[::-1], {"1": "a"}, {"2": ("same", "d"), "5": ("other", "")}, book)
    assert [match.ours for match in again[::-1]] == [match.ours for match in found]
