"""The order of addresses and numbers as people count: 2号, 3号, 12号; 12号杆, 12+1号杆, 13号杆."""

import re
import unicodedata
from collections.abc import Sequence
from itertools import takewhile
from typing import Final

Part = tuple[int, int, int, str]
"""Number: (0, number, branch, ""); words: (1, 0, 0, words)."""

_DIGITS: Final = {digit: value for value, digit in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_UNITS: Final = {"十": 10, "百": 100}
_COUNTED: Final = re.compile(r"[〇零一二两三四五六七八九十百]+(?=[组队号栋幢座单排巷弄楼层杆支社])")
_PARTS: Final = re.compile(r"(?P<number>\d{1,18})(?:[+\-_](?P<branch>\d{1,9})(?!\d))?|(?P<words>\D+|\d)")


def natural(text: str) -> tuple[Part, ...]:
    """What to sort by: numbers by their value, also full-width and Chinese ones (三组); words by their characters."""
    plain = _COUNTED.sub(lambda found: str(_value(found[0])), unicodedata.normalize("NFKC", text).replace(" ", "").upper())
    parts = []
    for found in _PARTS.finditer(plain):
        number = found["number"]
        parts.append((1, 0, 0, found["words"]) if number is None else (0, int(number), int(found["branch"] or 0), ""))
    return tuple(parts)


def alike(one: Sequence[Part], other: Sequence[Part]) -> tuple[int, int, int]:
    """How near two stand to each other: parts they share at the beginning, characters of the next words, closeness of the next numbers."""
    same = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))
    if same >= len(one) or same >= len(other):
        return same, 0, 0
    mine, its = one[same], other[same]
    letters = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(mine[3], its[3], strict=False)))
    return same, letters, -abs(mine[1] - its[1]) if mine[0] == its[0] == 0 else -(10**18)


def _value(text: str) -> int:
    """The number of Chinese numerals up to hundreds: 二十三 as counted, 一〇二 digit by digit."""
    if not _UNITS.keys() & set(text):
        return int("".join(str(_DIGITS[digit]) for digit in text))
    total, digit = 0, 0
    for character in text:
        if character in _UNITS:
            total += (digit or (0 if total % 100 else 1)) * _UNITS[character]
            digit = 0
        else:
            digit = _DIGITS[character]
    return total + digit
