import polars as pl
import pytest

from lvdesk.network import identifiers
from lvdesk.network.identifiers import (
    asset_no,
    asset_number,
    barcode_problem,
    check_digit,
    check_digits,
    customer_no_problem,
    parse_barcode,
    reconstruct,
    restore,
)

REAL = ["4130001000000461595133", "4130001000000229954226", "3330001000100099845745"]
BOX = "4130005152698467069774"


@pytest.mark.parametrize("text", REAL)
def test_real_barcodes_pass_the_check_digit(text: str) -> None:
    assert check_digit(text[:-1]) == text[-1]
    assert parse_barcode(text).is_valid
    assert barcode_problem(text, identifiers.METER) == ""


def test_parts_of_a_barcode() -> None:
    parts = parse_barcode(REAL[0])
    assert (parts.province, parts.level, parts.asset_type) == ("41", "3", "01")
    assert parts.asset_no == "00000046159513"
    assert parts.comm_address == "000046159513"


@pytest.mark.parametrize(
    "text,asset_type,words",
    [
        ("413000515269846706977", "", "22 位，现为 21 位"),
        ("41300051526984670697x4", "", "全部为数字"),
        ("４１３０００５１５２６９８４６７０６９７７４", "", "全部为数字"),
        ("4130005152698467069775", "", "末位应为 4"),
        (BOX, "01", "不是电能表的条形码"),
        (BOX, "05", ""),
    ],
)
def test_what_is_wrong_with_a_barcode(text: str, asset_type: str, words: str) -> None:
    problem = barcode_problem(text, asset_type)
    assert words in problem
    assert bool(words) == bool(problem)


def test_not_a_barcode_has_no_parts() -> None:
    assert parse_barcode("123") is None
    assert asset_no("123") is None


def test_barcode_is_rebuilt_from_its_asset_number() -> None:
    assert asset_no(BOX) == "15269846706977"
    assert reconstruct("4130005", "15269846706977") == BOX


@pytest.mark.parametrize(
    "prefix,number", [("413000", "15269846706977"), ("4130005", "1526984670697"), ("41300O5", "15269846706977"), ("", "")]
)
def test_nothing_is_rebuilt_from_half_a_number(prefix: str, number: str) -> None:
    assert reconstruct(prefix, number) is None


OTHER = "4130005153333333333333"


@pytest.mark.parametrize(
    "known,candidates,length,expected",
    [
        ("413000515269846", [BOX, OTHER], None, BOX),  # cut after 15 digits
        ("413000515269847", [BOX, OTHER], 22, BOX),  # the 15th rounded up
        ("413", [BOX], None, BOX),
        ("413", [BOX, OTHER], None, None),  # both agree: no evidence
        ("413", [BOX, BOX], None, BOX),
        ("414", [BOX], None, None),
        ("413000515269848", [BOX], None, None),
        ("", [BOX], None, None),
        ("41x", [BOX], None, None),
        ("413", [], None, None),
        ("413", ["abc", BOX], None, BOX),
        ("8.0", ["0000804828"], None, None),
        ("8048", ["0000804828"], 6, "0000804828"),  # leading zeros are no digits of a number
        ("8048", ["0000804828", "8048000000"], 6, "0000804828"),
        ("100", ["0999600000"], 9, None),
        ("100", ["0999600000"], 10, "0999600000"),
        ("100", ["9996000000"], None, "9996000000"),  # the carry goes through
        ("4130005152698467069774", ["413"], None, None),
    ],
)
def test_restored_only_when_exactly_one_candidate_agrees(
    known: str, candidates: list[str], length: int | None, expected: str | None
) -> None:
    assert restore(known, candidates, length) == expected


@pytest.mark.parametrize(
    "text,lengths,words",
    [
        ("0000804828", (10, 13), ""),
        ("1234567890123", (10, 13), ""),
        ("804828", (10, 13), "应为 10 或 13 位，现为 6 位"),
        ("12345678", (8,), ""),
        ("12a4567890", (10,), "全部为数字"),
    ],
)
def test_shape_of_customer_numbers(text: str, lengths: tuple[int, ...], words: str) -> None:
    problem = customer_no_problem(text, lengths)
    assert words in problem
    assert bool(words) == bool(problem)


def test_the_binary_number_behind_a_display_may_round_up_where_the_digits_would_not() -> None:
    barcode = "4130005000000454800006"
    shown = f"{float(barcode):.14E}"
    assert shown == "4.13000500000046E+21"
    assert restore("413000500000046", [barcode], 22) == barcode


def test_check_digits_of_many_are_those_of_each() -> None:
    codes = ["4130001000000461595133", None, "3330001000100099845745", "413000", "４130001000000461595133"]
    assert check_digits(pl.Series(codes)).to_list() == ["3", None, "5", None, None]
    assert check_digits(pl.Series([], dtype=pl.String)).to_list() == []


def test_asset_numbers_of_many() -> None:
    frame = pl.DataFrame({"code": ["4130001000000461595133", "old-7", None]})
    assert frame.select(asset_number(pl.col("code"))).to_series().to_list() == ["00000046159513", "old-7", None]
