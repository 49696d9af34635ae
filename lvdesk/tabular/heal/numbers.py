"""Number cells: separators, units and Excel's notations go; anything that is not one number is refused."""

import re
from decimal import Decimal

from lvdesk.tabular.heal.characters import ascii_core, is_placeholder
from lvdesk.tabular.heal.model import Healing, refused

_NUMBER = re.compile(r"^[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)$")
_SCIENTIFIC = re.compile(r"^[+-]?[0-9](?:\.[0-9]+)?[eE][+-]?[0-9]{1,2}$")
_GROUPED = re.compile(r"^[+-]?[0-9]{1,3}(?:[, ][0-9]{3})+(?:\.[0-9]*)?$")
_WITH_UNIT = re.compile(r"^(?P<number>[+-]?[0-9.][0-9., ]*?)\s*(?P<unit>[^0-9.,\s][^0-9.,]{0,4})$")
_ORDINAL = re.compile(r"^第\s*(?P<number>[0-9一二三四五六七八九十]+)\s*(?P<unit>[行列排层位个号]?)$")
_HAN_DIGITS = {character: place for place, character in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_HAN_NUMBER = re.compile(r"^(?:([一二三四五六七八九])?(十))?([一二三四五六七八九])?$|^([零〇两])$")
_MAX_DIGITS = 30
_MAX_EXPONENT = 12

_KVA = {"kva": "1", "千伏安": "1", "kw": "1", "千瓦": "1", "mva": "1000", "兆伏安": "1000"}
_KM = {"km": "1", "公里": "1", "千米": "1", "m": "0.001", "米": "0.001"}
_METRES = {"m": "1", "米": "1", "km": "1000", "公里": "1000", "千米": "1000"}
_CONVERSIONS = {"kVA": _KVA, "km": _KM, "m": _METRES}
_PLAIN_UNITS = frozenset(
    [*_KVA, *_KM, "户", "个", "只", "台", "块", "倍", "行", "列", "排", "层", "位", "条", "基", "根", "回", "v", "伏", "a", "安"],
) - {"mva", "兆伏安"}


def heal_number(text: str, unit: str = "") -> Healing:
    """A number as plain decimal text without trailing zeros.

    Args:
        text: the cell.
        unit: the column's unit (``kVA``, ``km``, ``m``) when its heading gives one; other units are then converted to it.
    """
    value, steps = ascii_core(text)
    if not value:
        return Healing("", "仅含空白，按空值处理" if text else "")
    if is_placeholder(value):
        return Healing("", f"占位符“{value}”按空值处理")
    bare, factor, problem = _without_unit(value, unit, steps)
    if problem:
        return refused(value, problem)
    number = _decimal(bare, steps)
    if number is None:
        return refused(value, "不是数字")
    return Healing(_plain(number * factor, bare, steps)).after(steps)


def heal_integer(text: str) -> Healing:
    """A whole number; counting words (2行, 第3列) and Chinese numerals up to 99 are read."""
    value, steps = ascii_core(text)
    if ordinal := _ORDINAL.match(value):
        value = ordinal["number"]
        steps.append("去除序数词")
    han = _han_number(value)
    if han is not None:
        return Healing(str(han)).after([*steps, "中文数字转阿拉伯数字"])
    healing = heal_number(value)
    if healing.value and "." in healing.value:
        return refused(value, "应为整数")
    return healing.after(steps)


def _without_unit(value: str, unit: str, steps: list[str]) -> tuple[str, Decimal, str]:
    match = _WITH_UNIT.match(value)
    if not match:
        return value, Decimal(1), ""
    word = match["unit"].strip()
    conversion = _CONVERSIONS.get(unit)
    if conversion is None:
        if word.lower() not in _PLAIN_UNITS:
            return value, Decimal(1), f"中的“{word}”不是已知单位"
        steps.append(f"去除单位 {word}")
        return match["number"], Decimal(1), ""
    if word.lower() not in conversion:
        return value, Decimal(1), f"的单位“{word}”与本列单位 {unit} 不符"
    factor = Decimal(conversion[word.lower()])
    steps.append(f"去除单位 {word}" if factor == 1 else f"{word} 换算为 {unit}")
    return match["number"], factor, ""


def _decimal(value: str, steps: list[str]) -> Decimal | None:
    if len(value) > _MAX_DIGITS:
        return None
    if _GROUPED.match(value):
        steps.append("去除千分位")
        return Decimal(value.replace(",", "").replace(" ", ""))
    if _SCIENTIFIC.match(value):
        number = Decimal(value)
        steps.append("科学计数法展开")
        return number if abs(number.adjusted()) <= _MAX_EXPONENT else None
    return Decimal(value) if _NUMBER.match(value) else None


def _plain(number: Decimal, typed: str, steps: list[str]) -> str:
    """Plain text of the number; tells which zeros went."""
    text = format(number, "f")
    short = text.rstrip("0").rstrip(".") if "." in text else text
    short = "0" if short in {"-0", ""} else short
    if re.match(r"^[+-]?0[0-9]", typed):
        steps.append("去除前导零")
    if re.match(r"^[+-]?[0-9, ]+\.0*$", typed):
        steps.append("去除小数尾 .0")
    elif re.match(r"^[+-]?[0-9, ]*\.[0-9]+0$", typed):
        steps.append("去除小数尾零")
    if not steps and short != typed:
        steps.append("数字格式统一")
    return short


def _han_number(value: str) -> int | None:
    match = _HAN_NUMBER.match(value) if value else None
    if not match:
        return None
    tens, ten, ones, single = match.groups()
    if single:
        return _HAN_DIGITS[single]
    return (_HAN_DIGITS[tens] if tens else 1 if ten else 0) * 10 + (_HAN_DIGITS[ones] if ones else 0)
