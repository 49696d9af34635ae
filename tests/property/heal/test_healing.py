"""Healing never fails, is done after one go, and undoes the dirt it knows."""

from collections.abc import Callable
from datetime import date

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from lvdesk.kit.checkdigit import gs1_check_digit
from lvdesk.network.identifiers import restore
from lvdesk.tabular.heal import KINDS, heal, heal_cell, significant_length

KIND = st.sampled_from(sorted(KINDS))
NASTY = st.text(
    st.sampled_from("0123456789.,-+eE/年月日时分秒度°'\"：　 \u200b\ufeff\u00a0一二十〇第行kVA米无#东经NW１２３．\n‘")
) | st.text(max_size=30)
FULL_WIDTH = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}

DIRT = st.sampled_from(
    [
        lambda text: f" {text}　",
        lambda text: f"\ufeff{text}",
        lambda text: f"{text}\u200b\u00a0",
        lambda text: f"'{text}",
        lambda text: f"‘{text} ",
        lambda text: text.translate(FULL_WIDTH),
        lambda text: f"\t{text.translate(FULL_WIDTH)}\n",
    ],
)


@settings(max_examples=400, deadline=None)
@given(KIND, NASTY)
def test_any_text_is_answered_and_a_second_go_changes_nothing(kind: str, text: str) -> None:
    healing = heal_cell(kind, text)
    if healing.value:
        again = heal_cell(kind, healing.value)
        assert (again.value, again.why) == (healing.value, "")
    elif healing.value is None:
        assert healing.why
    assert bool(healing.damage) == bool(healing.known)


@settings(max_examples=150, deadline=None)
@given(KIND, st.lists(st.none() | NASTY, max_size=8))
def test_a_column_heals_like_its_cells(kind: str, cells: list[str | None]) -> None:
    healed = heal(kind, pl.Series(cells, dtype=pl.String))
    expected = [None if cell is None else (heal_cell(kind, cell).value or None) for cell in cells]
    assert healed.values.to_list() == expected
    noted = [place for place, cell in enumerate(cells) if cell is not None and heal_cell(kind, cell).why]
    assert healed.notes["index"].to_list() == noted


@given(st.text("0123456789", min_size=1, max_size=16), DIRT)
def test_dirty_identifiers_heal_back(number: str, dirt: Callable[[str], str]) -> None:
    assert heal_cell("identifier", dirt(number)).value == number


@given(st.dates(), DIRT, st.sampled_from(["%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y年%m月%d日", "%Y%m%d"]))
def test_dirty_dates_heal_back(day: date, dirt: Callable[[str], str], form: str) -> None:
    if 1950 <= day.year <= 2100:
        assert heal_cell("date", dirt(day.strftime(form))).value == day.isoformat()


@given(st.integers(-(10**9), 10**9), DIRT, st.sampled_from(["{}", "{:,}", "{}.0", "{}kVA", "{} 户", "{:,}千伏安"]))
def test_dirty_numbers_heal_back(number: int, dirt: Callable[[str], str], form: str) -> None:
    assert heal_cell("number", dirt(form.format(number))).value == str(number)


@given(st.integers(0, 179), st.integers(0, 59), st.integers(0, 5999))
def test_degrees_minutes_seconds(degrees: int, minutes: int, hundredths: int) -> None:
    text = f"{degrees}°{minutes:02d}′{hundredths / 100:05.2f}″"
    assert abs(float(heal_cell("longitude", text).value) - (degrees + minutes / 60 + hundredths / 360000)) < 1e-8


@given(st.text("0123456789", min_size=14, max_size=14), st.sampled_from(["{:.2E}", "{:.14E}", "{:.5e}", "{!r}", "excel"]))
def test_a_barcode_made_a_number_is_found_and_restored_by_its_only_candidate(serial: str, form: str) -> None:
    body = f"4130005{serial}"
    barcode = body + gs1_check_digit(body)
    text = f"{barcode[:15]}0000000" if form == "excel" else form.format(float(barcode))
    if text == barcode or barcode.endswith("00000"):
        return
    healing = heal_cell("barcode", text)
    assert healing.value is None
    assert restore(healing.known, [barcode], significant_length(text)) == barcode
