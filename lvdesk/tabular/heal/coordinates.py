"""Longitude and latitude cells: degrees, minutes and seconds become decimal degrees. Swapped or zero ones are left to the checks."""

import re
from decimal import Decimal

from lvdesk.tabular.heal.characters import ascii_core, is_placeholder
from lvdesk.tabular.heal.model import Healing, refused

_PLAIN = re.compile(r"^[+-]?(?:[0-9]{1,9}\.?[0-9]{0,20}|\.[0-9]{1,20})$")
_MARK = re.compile(r"^(东经|西经|北纬|南纬|经度|纬度|[EWNSewns])[:\s]*|[\s]*(东经|西经|北纬|南纬|[EWNSewns])$")
_NEGATIVE = frozenset(["W", "S", "西经", "南纬"])
_DEGREES = re.compile(r"^([+-]?[0-9]{1,3}(?:\.[0-9]{1,20})?)\s*(?:°|º|˚|度|deg)$")
_MINUTES = re.compile(r"^([+-]?)([0-9]{1,3})\s*(?:[°º˚度:\s]|-)\s*([0-9]{1,2}(?:\.[0-9]{1,20})?)\s*(?:['′’‘`´分])?$")
_SECONDS = re.compile(
    r"^([+-]?)([0-9]{1,3})\s*(?:[°º˚度:\s]|-)\s*([0-9]{1,2})\s*(?:['′’‘`´分:\s]|-)\s*([0-9]{1,2}(?:\.[0-9]{1,20})?)\s*(?:[\"″”“秒]|''|′′|’’)?$",
)
_PAIR = re.compile(r"^[^,;、]*[0-9][^,;、]*[,;、]\s*[^,;、]*[0-9]")
_PLACES = Decimal("0.00000001")  # a millimetre


def heal_longitude(text: str) -> Healing:
    """Decimal degrees, east positive, as plain text of at most 8 decimals when converted."""
    return _heal(text, "经度")


def heal_latitude(text: str) -> Healing:
    """Decimal degrees, north positive, as plain text of at most 8 decimals when converted."""
    return _heal(text, "纬度")


def _heal(text: str, title: str) -> Healing:
    value, steps = ascii_core(text)
    if not value:
        return Healing("", "仅含空白，按空值处理" if text else "")
    if is_placeholder(value):
        return Healing("", f"占位符“{value}”按空值处理")
    if _PAIR.match(value):
        return refused(value, f"一格内有两个数，分不清哪个是{title}")
    bare, negative = _without_mark(value, steps)
    degrees, problem = _degrees(bare, steps)
    if degrees is None:
        return refused(value, problem or f"不是{title}")
    degrees = -degrees if negative else degrees
    if abs(degrees) > 180:
        return refused(value, f"超出{title}范围（±180 度）")
    shown = _plain(degrees)
    if not steps and shown != value:
        steps.append("去除小数尾零" if value.startswith(shown) else "数字格式统一")
    return Healing(shown).after(steps)


def _without_mark(value: str, steps: list[str]) -> tuple[str, bool]:
    match = _MARK.search(value)
    if not match:
        return value, False
    mark = (match[1] or match[2]).upper()
    steps.append(f"去除方向 {mark}")
    return (value[: match.start()] + value[match.end() :]).strip(), mark in _NEGATIVE


def _degrees(value: str, steps: list[str]) -> tuple[Decimal | None, str]:
    if _PLAIN.match(value):
        return Decimal(value), ""
    if match := _DEGREES.match(value):
        steps.append("去除单位 度")
        return Decimal(match[1]), ""
    seconds = _SECONDS.match(value)
    match = seconds or _MINUTES.match(value)
    if not match:
        return None, ""
    minute, second = Decimal(match[3]), Decimal(match[4]) if seconds else Decimal(0)
    if minute >= 60 or second >= 60:
        return None, "的分或秒不小于 60"
    steps.append("度分秒转十进制")
    degrees = (int(match[2]) + minute / 60 + second / 3600).quantize(_PLACES)
    return (-degrees if match[1] == "-" else degrees), ""


def _plain(number: Decimal) -> str:
    text = format(number, "f")
    short = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if short in {"-0", ""} else short
