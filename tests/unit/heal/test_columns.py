"""Whole columns: the same answers as cell by cell, notes only where something happened."""

import polars as pl
import pytest

from lvdesk.tabular.heal import KINDS, heal, heal_cell, short_identifiers

CLEAN = {
    "text": ["张三", "商平县李街路　１号", "a b"],
    "identifier": ["0000804828", "15269846706977", "4130005152698467069774"],
    "reference": ["4231757328"],
    "barcode": ["4130005152698467069774", "4130001000000461595133"],
    "integer": ["1", "0", "-12"],
    "number": ["400", "4.8", "0.25", "-3"],
    "date": ["2024-03-05", "2024-03-31", "2026-03-17 09:31:16"],
    "longitude": ["115.6820234", "0"],
    "latitude": ["34.4465"],
}


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_clean_columns_come_back_without_a_note(kind: str) -> None:
    values = pl.Series([*CLEAN[kind], None])
    healed = heal(kind, values)
    assert healed.values.to_list() == values.to_list()
    assert healed.notes.is_empty()


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_what_the_fast_path_passes_needs_no_healing(kind: str) -> None:
    assert all(heal_cell(kind, text).why == "" for text in CLEAN[kind])


def test_changes_and_refusals_are_noted_with_their_row() -> None:
    healed = heal("barcode", pl.Series(["4130001000000461595133", None, "4.13E+21", "－", "4130001000000461595133 ", "4.13E+21"]))
    assert healed.values.to_list() == ["4130001000000461595133", None, None, None, "4130001000000461595133", None]
    assert healed.notes.select("index", "after", "damage", "known").rows() == [
        (2, None, "scientific", "413"),
        (3, "", "", ""),
        (4, "4130001000000461595133", "", ""),
        (5, None, "scientific", "413"),
    ]
    assert healed.notes.schema["index"] == pl.UInt32
    assert healed.notes["before"][0] == "4.13E+21"


def test_empty_and_blank_columns() -> None:
    assert heal("date", pl.Series([], dtype=pl.String)).notes.is_empty()
    healed = heal("text", pl.Series(["", "　", None]))
    assert healed.values.to_list() == [None, None, None]
    assert healed.notes.rows() == [(1, "　", "", "仅含空白，按空值处理", "", "")]


def test_the_unit_of_the_heading_is_used() -> None:
    assert heal("number", pl.Series(["800米", "4.8"]), unit="km").values.to_list() == ["0.8", "4.8"]


def test_short_identifiers_are_only_proposed() -> None:
    short = short_identifiers(pl.Series(["804828", "0000804828", "80A828", None, "12345678901"]), 10)
    assert short.rows() == [(0, "804828", "0000804828")]
