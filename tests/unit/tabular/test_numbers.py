import datetime as dt

import polars as pl
import pytest

from lvdesk.tabular.numbers import cell_text, date_text, plain, plain_tokens
from lvdesk.tabular.xlsx.styles import DATE, DURATION, NUMBER, look_of


@pytest.mark.parametrize(
    "token,shown",
    [
        ("4212327782", "4212327782"),
        ("4212327782.0", "4212327782"),
        ("114.336438432248", "114.336438432248"),
        ("118.12345678901234", "118.12345678901234"),
        ("0.10000000000000001", "0.1"),
        ("1E-3", "0.001"),
        ("1.5E-7", "0.00000015"),
        ("-0", "0"),
        ("-12.50", "-12.5"),
        ("999999999999999", "999999999999999"),
        ("1000000000000000", "1E+15"),
        ("1234567890123450", "1.23456789012345E+15"),
        ("4.13000515269847E+21", "4.13000515269847E+21"),
        ("4130005152698470000000", "4.13000515269847E+21"),
        ("no number", "no number"),
    ],
)
def test_numbers_come_out_plain_and_lossy_ones_in_scientific_notation(token: str, shown: str) -> None:
    assert plain_tokens(pl.Series([token]))[0] == shown
    assert plain_tokens(pl.Series(["1", token, "2"])).to_list() == ["1", shown, "2"]


def test_nan_is_blank() -> None:
    assert plain(float("nan")) == ""
    assert cell_text(float("inf")) is None


@pytest.mark.parametrize(
    "serial,epoch_1904,shown",
    [
        (45356, False, "2024-03-05"),
        (45356.3819444444, False, "2024-03-05 09:10:00"),
        (43894, True, "2024-03-05"),
        (1, False, "1900-01-01"),
        (61, False, "1900-03-01"),
        (0.5, False, "12:00:00"),
        (-3, False, "-3"),
        (99999999, False, "99999999"),
    ],
)
def test_date_serials(serial: float, epoch_1904: bool, shown: str) -> None:
    assert date_text(serial, epoch_1904=epoch_1904) == shown


@pytest.mark.parametrize(
    "value,shown",
    [
        (None, None),
        ("", None),
        (" ", " "),
        (True, "TRUE"),
        (8.0, "8"),
        (7, "7"),
        (dt.datetime(2024, 3, 5), "2024-03-05"),  # noqa: DTZ001 - wall-clock cells
        (dt.date(2024, 3, 5), "2024-03-05"),
        (dt.time(9, 10), "09:10:00"),
        (dt.timedelta(days=10, hours=15), "255:00:00"),
    ],
)
def test_values_of_reading_libraries(value: object, shown: str | None) -> None:
    assert cell_text(value) == shown


@pytest.mark.parametrize(
    "code,look",
    [
        ('yyyy"年"m"月"d"日"', DATE),
        ("[$-804]yyyy/m/d", DATE),
        ("hh:mm:ss", DATE),
        ("[h]:mm:ss", DURATION),
        ("General", NUMBER),
        ('0.00"米"', NUMBER),
        ("[Red]#,##0.00", NUMBER),
        ("0.00E+00", NUMBER),
        ("@", NUMBER),
        (r"_ * #,##0.00_ ;_ * \-#,##0.00_ ", NUMBER),
    ],
)
def test_number_formats(code: str, look: int) -> None:
    assert look_of(code) == look
