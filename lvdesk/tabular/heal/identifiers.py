"""Identifier cells: characters are cleaned; lost digits are never invented, what survived of them is handed on."""

import re

import polars as pl

from lvdesk.kit.checkdigit import gs1_is_valid
from lvdesk.tabular.heal.characters import ascii_core, is_placeholder
from lvdesk.tabular.heal.model import Healing, refused

EXCEL_DIGITS = 15
"""Excel keeps so many significant digits of a number and writes zeros behind them."""
FLOAT_DIGITS = 17
"""Other programs keep at most so many."""
BARCODE_DIGITS = 22
_TELLING_LENGTH = 20  # five or more zeros behind the 15th digit are no chance any more

_SCIENTIFIC = re.compile(r"^([0-9])(?:\.([0-9]*))?[eE](\+?)([0-9]{1,3})$")
_DECIMAL_TAIL = re.compile(r"^([0-9]+)\.0*$")
_GROUPED = re.compile(r"^[0-9]{1,3}(?:,[0-9]{3})+$")
_EMBEDDED_SPACE = re.compile(r"(?<=[0-9])\s+(?=[0-9])")


def heal_identifier(text: str) -> Healing:
    """An identifier as plain text; ``damage`` is set where Excel made a number of it and digits are gone."""
    return _heal(text, is_barcode=False)


def heal_barcode(text: str) -> Healing:
    """A 22-digit asset barcode; also finds digits lost in programs that keep 17, by the check digit."""
    return _heal(text, is_barcode=True)


def _heal(text: str, *, is_barcode: bool) -> Healing:
    value, steps = ascii_core(text)
    if not value:
        return Healing("", "仅含空白，按空值处理" if text else "")
    if is_placeholder(value):
        return Healing("", f"占位符“{value}”按空值处理")
    scientific = _SCIENTIFIC.match(value)
    # "3E12" is a number of a pole as well; Excel always writes a plus sign
    if scientific and (is_barcode or scientific[2] is not None or scientific[3]):
        return _from_scientific(value, scientific).after(steps)
    value = _as_digits(value, steps)
    if known := _surviving_digits(value):
        return Healing(None, f"编号被 Excel 当作数字保存，只剩前 {len(known)} 位，请用原编号", "truncated", known)
    return Healing(value).after(steps)


def _as_digits(value: str, steps: list[str]) -> str:
    if tail := _DECIMAL_TAIL.match(value):
        value = tail[1]
        steps.append("去除小数尾 .0")
    if _GROUPED.match(value):
        value = value.replace(",", "")
        steps.append("去除千分位")
    joined = _EMBEDDED_SPACE.sub("", value)
    if joined != value and joined.isdigit():
        value = joined
        steps.append("去除中间空格")
    return value


def _from_scientific(value: str, match: re.Match[str]) -> Healing:
    digits, places = match[1] + (match[2] or ""), int(match[4]) + 1
    if len(digits) > places:
        return refused(value, "是科学计数法表示的小数，不是编号")
    if len(digits) == places <= EXCEL_DIGITS:
        return Healing(digits, "科学计数法还原（各位数字完整）")
    known = _reliable(digits)
    reason = f"编号被显示为科学计数法 {value}，{places} 位中只剩前 {len(known)} 位，请用原编号"
    return Healing(None, reason, "scientific", known)


def _reliable(digits: str) -> str:
    """At most 15 digits: what a floating-point number shows behind them is not what was typed."""
    head, rest = digits[:EXCEL_DIGITS], digits[EXCEL_DIGITS:]
    return str(int(head) + 1) if rest >= "95" else head


def _surviving_digits(value: str) -> str:
    """The digits a spreadsheet left of a long number; "" when the number is whole."""
    if len(value) < _TELLING_LENGTH or not (value.isascii() and value.isdigit()):
        return ""
    head = value.rstrip("0")
    if len(head) <= EXCEL_DIGITS:
        # even when the check digit happens to fit: one in ten damaged barcodes does, one in ten million true ones ends like this
        return value[:EXCEL_DIGITS]
    if len(head) <= FLOAT_DIGITS and len(value) == BARCODE_DIGITS and not gs1_is_valid(value):
        return _reliable(head)
    return ""


def significant_length(before: str) -> int | None:
    """How many digits a damaged identifier had without leading zeros, from the cell as it stands; None when it cannot be told."""
    value, _ = ascii_core(before)
    if match := _SCIENTIFIC.match(value):
        return int(match[4]) + 1
    digits = _as_digits(value, [])
    return len(digits) if digits.isdigit() else None


def short_identifiers(values: pl.Series, length: int) -> pl.DataFrame:
    """Digit-only identifiers shorter than ``length``, which may have lost leading zeros.

    Whether they did is for the caller to prove, e.g. by the candidate standing in the last ledger.

    Returns:
        Columns ``index`` (u32), ``before``, ``candidate`` (padded with zeros in front).
    """
    frame = pl.DataFrame({"before": values.cast(pl.String)}).with_row_index("index").with_columns(pl.col("index").cast(pl.UInt32))
    short = frame.filter(pl.col("before").str.contains("^[0-9]+$") & (pl.col("before").str.len_bytes() < length))
    return short.with_columns(pl.col("before").str.zfill(length).alias("candidate"))
