"""Asset barcodes (22 digits, Q/GDW 1205-2013), the numbers derived from them, and customer numbers.

Structure, from the left: two digits of the province, one of the level (3 = provincial company), "00", two of the asset type,
14 of the asset number, one check digit. Verified on real barcodes; locally issued and old ones may fail the check digit.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from lvdesk.kit.checkdigit import gs1_check_digit, gs1_is_valid

BARCODE_LENGTH = 22
PREFIX_LENGTH = 7
ASSET_NO_LENGTH = 14
COMM_ADDRESS_LENGTH = 12
CUSTOMER_NO_LENGTHS = (10, 13)

LEVELS = ("0", "1", "2", "3", "4")
"""Third digit: customer, headquarters, branch, provincial company, directly under it."""

METER, TRANSFORMER, METER_BOX = "01", "02", "05"
ASSET_TYPES = {
    METER: "电能表",
    TRANSFORMER: "互感器",
    METER_BOX: "计量箱",
    "09": "采集终端",
    "10": "计量标准",
    "13": "测试装置",
    "14": "其他仪器",
    "19": "周转箱",
    "20": "现场手持终端",
    "50": "巡检仪",
    "51": "反窃电设备",
    "52": "流水线设备",
    "53": "仓储设备",
    "54": "通信模块",
}

_DIGITS = re.compile(r"^[0-9]+$")
_BARCODE = re.compile(r"^[0-9]{22}$")


@dataclass(frozen=True)
class Barcode:
    """The parts of a 22-digit asset barcode; ``is_valid`` tells whether the check digit fits."""

    text: str
    province: str
    level: str
    asset_type: str
    asset_no: str
    is_valid: bool

    @property
    def comm_address(self) -> str:
        """The meter's communication address: the last 12 digits of the asset number."""
        return self.asset_no[-COMM_ADDRESS_LENGTH:]


def parse_barcode(text: str) -> Barcode | None:
    """The parts of ``text``, or None unless it is 22 digits."""
    if not _BARCODE.match(text):
        return None
    return Barcode(text, text[:2], text[2], text[5:7], text[7:21], gs1_is_valid(text))


def check_digit(first_21: str) -> str:
    """The check digit of a barcode whose other 21 digits are given."""
    return gs1_check_digit(first_21)


def asset_no(text: str) -> str | None:
    """The 14-digit asset number in a barcode, or None unless it is 22 digits."""
    return text[PREFIX_LENGTH : PREFIX_LENGTH + ASSET_NO_LENGTH] if _BARCODE.match(text) else None


def asset_number(bar_code: pl.Expr) -> pl.Expr:
    """The 14-digit asset number of a 22-digit barcode; any other barcode stands for itself."""
    number = bar_code.str.slice(PREFIX_LENGTH, ASSET_NO_LENGTH)
    return pl.when(bar_code.str.contains(_BARCODE.pattern)).then(number).otherwise(bar_code)


def check_digits(codes: pl.Series) -> pl.Series:
    """The check digit that each of many barcodes should end with; null for what is not 22 digits."""
    sound = codes.str.contains(_BARCODE.pattern).fill_null(value=False)
    text = codes.filter(sound).str.join("").item() or ""
    digits = np.frombuffer(text.encode(), np.uint8).reshape(-1, BARCODE_LENGTH).astype(np.float32) - ord("0")
    weights = np.where(np.arange(BARCODE_LENGTH - 1) % 2, 1, 3).astype(np.float32)  # from the left: the digit before the last has weight 3
    expected = pl.Series(-(digits[:, :-1] @ weights) % 10).cast(pl.Int64)
    whole = expected if sound.all() else pl.repeat(None, codes.len(), dtype=pl.Int64, eager=True).scatter(sound.arg_true(), expected)
    return whole.cast(pl.String).alias(codes.name)


def barcode_problem(text: str, asset_type: str = "") -> str:
    """What is wrong with a barcode, Chinese, "" when nothing is; ``asset_type`` is the type it must carry, e.g. ``METER_BOX``."""
    if not _DIGITS.match(text):
        return "条形码应全部为数字"
    if len(text) != BARCODE_LENGTH:
        return f"条形码应为 {BARCODE_LENGTH} 位，现为 {len(text)} 位"
    if not gs1_is_valid(text):
        return f"校验码不符：末位应为 {gs1_check_digit(text[:-1])}"
    if asset_type and text[5:7] != asset_type:
        return f"不是{ASSET_TYPES.get(asset_type, asset_type)}的条形码（第 6、7 位为 {text[5:7]}，应为 {asset_type}）"
    return ""


def reconstruct(prefix: str, number: str) -> str | None:
    """The barcode made of the 7-digit ``prefix`` that this kind of asset carries here and a 14-digit asset number.

    None unless both have their length and consist of digits: nothing is guessed.
    """
    body = prefix + number
    if len(prefix) != PREFIX_LENGTH or len(number) != ASSET_NO_LENGTH or not _DIGITS.match(body):
        return None
    return body + gs1_check_digit(body)


def restore(damaged_known_digits: str, candidates: Iterable[str], length: int | None = None) -> str | None:
    """The one candidate that a damaged identifier can stand for.

    Args:
        damaged_known_digits: the leading digits that survived. Excel keeps 15 and cuts; a display with fewer digits rounds the last.
        candidates: identifiers it may be, e.g. those the last ledger gives for the same row's other keys.
        length: digits of the damaged number without leading zeros, where known.

    Returns:
        The candidate, or None when none or several agree in all digits known.
    """
    if not _DIGITS.match(damaged_known_digits):
        return None
    agreeing = {candidate for candidate in candidates if _agrees(damaged_known_digits, candidate, length)}
    return agreeing.pop() if len(agreeing) == 1 else None


def _agrees(known: str, candidate: str, length: int | None) -> bool:
    if not _DIGITS.match(candidate):
        return False
    digits, kept = candidate.lstrip("0"), known.lstrip("0")
    if not kept or len(digits) < len(kept):
        return False
    head, rest = digits[: len(kept)], digits[len(kept) :]
    if head == kept:
        return length in {None, len(digits)}
    # A spreadsheet keeps a binary number: 45|48… may come back as 46, which decimal rounding would not give.
    mantissa, exponent = f"{float(digits):.{len(kept) - 1}E}".split("E")
    if mantissa.replace(".", "") == kept and length in {None, int(exponent) + 1}:
        return True
    rounded = str(int(head or "0") + 1) if rest[:1] >= "5" else ""
    carried = len(rounded) - len(head)  # 9996 to three digits is 1.00E+04: one digit longer
    return rounded[: len(kept)] == kept and length in {None, len(digits) + carried}


def customer_no_problem(text: str, lengths: Sequence[int] = CUSTOMER_NO_LENGTHS) -> str:
    """What is wrong with the shape of a customer number, Chinese, "" when nothing is; provinces differ in ``lengths``."""
    if not _DIGITS.match(text):
        return "用户编号应全部为数字"
    if len(text) not in lengths:
        return f"用户编号应为 {' 或 '.join(map(str, lengths))} 位，现为 {len(text)} 位"
    return ""
