"""What can be said about one typed value at once, without asking the database."""

import re
import unicodedata
from datetime import date
from typing import Final

from lvdesk.fieldwork.keying_model import KeyingField

_DIGITS: Final = re.compile(r"[0-9]+")
_NUMBER: Final = re.compile(r"[0-9]+(\.[0-9]+)?")
_RANGES: Final = {"longitude": (73.0, 136.0, "经度"), "latitude": (3.0, 54.0, "纬度")}
DEGREES: Final = {"longitude": 3, "latitude": 2}
"""Fields of coordinates -> digits before the point that is printed on the paper."""
_BARCODE: Final = 22
_NUMBER_AT: Final = slice(7, 21)  # the asset number inside an asset barcode


def wrong(field: KeyingField, text: str) -> str:
    """What is wrong with a value, "" when nothing is; empty is never wrong."""
    if not text:
        return ""
    match field.kind:
        case "barcode":
            return _barcode(field, text)
        case "digits":
            return _digits(field, text)
        case "number":
            return _number(field, text)
        case "date":
            return _date(text)
        case _:
            return ""


def fitted(field: KeyingField, code: str) -> str | None:
    """What a scanned barcode gives in a field; None when it has no place there."""
    if field.kind == "barcode":
        return code
    if field.kind == "text":
        return code
    if field.kind != "digits" or not _DIGITS.fullmatch(code):
        return None
    if field.length in {0, len(code)}:
        return code
    asset = code[_NUMBER_AT] if len(code) == _BARCODE and not _barcode(field, code) else ""
    return asset[-field.length :] if field.length < len(asset) else None


def normal(field: KeyingField, text: str) -> str:
    """A typed text as it is meant: narrow digits, no blanks, the point of a coordinate where the paper has it, a choice by its number."""
    if field.kind in {"text", "choice"}:
        said = text.strip()
        number = int(said) if said.isdecimal() else 0
        return field.choices[number - 1][0] if field.kind == "choice" and 1 <= number <= len(field.choices) else said
    said = "".join(unicodedata.normalize("NFKC", text).split())
    if field.kind == "number":
        return degrees(field.field, said)
    day = day_of(said) if field.kind == "date" else None
    return f"{day:%Y%m%d}" if day else said


def degrees(field: str, text: str) -> str:
    """A coordinate with the point that is printed on the paper, whether it was typed or not."""
    whole = DEGREES.get(field.rpartition(".")[2], 0)
    return f"{text[:whole]}.{text[whole:]}" if whole and text.isdecimal() and len(text) > whole else text


def day_of(text: str) -> date | None:
    """The day that eight digits (or six, of this century) stand for."""
    digits = re.sub(r"\D", "", text)
    if len(digits) == 6:
        digits = f"20{digits}"
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:])) if len(digits) == 8 else None
    except ValueError:
        return None


def _barcode(field: KeyingField, text: str) -> str:
    from lvdesk.network import identifiers

    kind = {"meter_box": identifiers.METER_BOX, "meter": identifiers.METER}.get(field.field.partition(".")[0], "")
    return identifiers.barcode_problem(text, kind)


def _digits(field: KeyingField, text: str) -> str:
    if not _DIGITS.fullmatch(text):
        return "应全部为数字"
    if field.length > 2 and len(text) != field.length:
        return f"应为 {field.length} 位，现为 {len(text)} 位"
    return ""


def _number(field: KeyingField, text: str) -> str:
    if not _NUMBER.fullmatch(text):
        return "应为数字"
    low, high, title = _RANGES.get(field.field.rpartition(".")[2], (None, None, ""))
    if low is not None and high is not None and not low <= float(text) <= high:
        return f"{title}应在 {low:g} 到 {high:g} 之间"
    return ""


def _date(text: str) -> str:
    day = day_of(text)
    if day is None:
        return "日期应为 8 位数字，如 20261123"
    return "日期在今天之后" if day > date.today() else ""  # noqa: DTZ011 - the day on the wall of the office
