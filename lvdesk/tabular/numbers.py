"""Numbers and dates of cells as text, the way a clerk reads them.

Excel keeps 15 significant digits. A whole number of 10^15 or more may therefore have lost digits when it was typed; it comes out in
scientific notation with 15 digits (``4.13000515269847E+21``), so that nobody takes it for an identifier. All other numbers come out
plain, with exactly the digits needed to get the same number back.
"""

import datetime as dt
from decimal import Decimal

import polars as pl

LOSSY = 1e15
_CLEAN = r"^(?:0|-?[1-9][0-9]{0,9}|-?(?:0|[1-9][0-9]{0,5})\.[0-9]{0,7}[1-9])$"
_PLAIN_INTEGER = r"^[1-9][0-9]{10,14}$"
_EPOCH = dt.datetime(1899, 12, 30)  # noqa: DTZ001 - wall-clock values of cells have no zone
_EPOCH_1904_DAYS = 1462
_MAX_SERIAL = 2_958_466.0  # 9999-12-31


def plain(value: float) -> str:
    """A cell's number as text, see the module's text."""
    if value != value or value in (float("inf"), float("-inf")):  # noqa: PLR0124 - NaN is not itself
        return ""
    if abs(value) >= LOSSY:
        mantissa, exponent = f"{value:.14E}".split("E")
        return f"{mantissa.rstrip('0').rstrip('.')}E+{int(exponent)}"
    if isinstance(value, int):
        return str(value)
    text = repr(value)
    if "e" in text:
        text = format(Decimal(text), "f")
    text = text.removesuffix(".0")
    return "0" if text == "-0" else text


def plain_tokens(tokens: pl.Series) -> pl.Series:
    """The same for many numbers as they stand in a file (``1.0``, ``0.10000000000000001``, ``4.13E+21``); others stay as they are."""
    clean = tokens.str.contains(_CLEAN) | tokens.str.contains(_PLAIN_INTEGER)
    if clean.all():
        return tokens
    dirty = tokens.filter(~clean)
    return tokens.scatter((~clean).arg_true(), _shortest(dirty))


def _shortest(tokens: pl.Series) -> pl.Series:
    values = tokens.cast(pl.Float64, strict=False)
    size = values.abs()
    # in this range polars writes the shortest plain form itself, fifty times faster than we do
    easy = ((size >= 1e-4) & (size < LOSSY)) | (size == 0)
    text = values.cast(pl.String).str.replace(r"\.0$", "").str.replace("^-0$", "0")
    hard = (~easy.fill_null(value=False)).arg_true()
    if not len(hard):
        return text
    spelled = [token if value is None else plain(value) for token, value in zip(tokens.gather(hard), values.gather(hard), strict=True)]
    return text.scatter(hard, pl.Series(spelled, dtype=pl.String))


def date_text(serial: float, *, epoch_1904: bool = False) -> str:
    """A date serial as ISO text: a date, a date with time, or a time when it is less than one day.

    Serials outside of what Excel can show come back as numbers.
    """
    days = serial + _EPOCH_1904_DAYS if epoch_1904 else serial
    if not 0 <= days < _MAX_SERIAL:
        return plain(serial)
    if serial < 1 and not epoch_1904:
        seconds = round(serial * 86_400)
        return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"
    if not epoch_1904 and days < 60:
        days += 1  # Excel believes in 1900-02-29, serial 60
    return moment_text(_EPOCH + dt.timedelta(seconds=round(days * 86_400)))


def moment_text(value: dt.datetime) -> str:
    """``2024-03-05``, or ``2024-03-05 09:10:00`` when it is not midnight."""
    if value.microsecond >= 500_000:
        value += dt.timedelta(seconds=1)
    value = value.replace(microsecond=0, tzinfo=None)
    return value.date().isoformat() if value.time() == dt.time(0) else value.isoformat(" ")


def date_tokens(tokens: pl.Series, *, epoch_1904: bool) -> pl.Series:
    """``date_text`` for many serials; text that is no number stays."""
    values = tokens.cast(pl.Float64, strict=False)
    unique = values.unique().drop_nulls()
    texts = pl.Series([date_text(value, epoch_1904=epoch_1904) for value in unique], dtype=pl.String)
    return values.replace_strict(unique, texts, default=None, return_dtype=pl.String).fill_null(tokens)


def duration_tokens(tokens: pl.Series) -> pl.Series:
    """Days as elapsed hours, ``255:10:10``; text that is no number stays."""
    values = tokens.cast(pl.Float64, strict=False)
    shown = [
        token if value is None or abs(value) > _MAX_SERIAL else _duration(dt.timedelta(days=value))
        for token, value in zip(tokens, values, strict=True)
    ]
    return pl.Series(shown, dtype=pl.String)


def cell_text(value: object) -> str | None:
    """A Python value from a reading library as the text of its cell; None when blank."""
    if value is None or value == "":
        return None
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, (int, float)):
        return plain(value) or None
    if isinstance(value, dt.datetime):
        return moment_text(value)
    if isinstance(value, dt.timedelta):
        return _duration(value)
    if isinstance(value, dt.time):
        return value.replace(microsecond=0).isoformat()
    return value.isoformat() if isinstance(value, dt.date) else str(value)


def _duration(value: dt.timedelta) -> str:
    seconds = round(value.total_seconds())
    sign, seconds = ("-", -seconds) if seconds < 0 else ("", seconds)
    return f"{sign}{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"
