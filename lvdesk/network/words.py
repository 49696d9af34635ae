"""Pinyin initials, by which names are found too: zs finds 张三, 3#gb finds 3#公变."""

import os
from collections.abc import Mapping
from functools import cache
from typing import Any


@cache
def _initial(character: str) -> str:
    # Character by character no phrase is looked up; reading that list would hold everything up for a quarter of a second.
    os.environ.setdefault("PYPINYIN_NO_PHRASES", "true")
    from pypinyin import Style, lazy_pinyin

    return lazy_pinyin(character, style=Style.FIRST_LETTER)[0][:1].lower()


class _Initials(dict[int, str]):
    """Table for ``str.translate``: Han character -> initial, everything else stays."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        initial = _initial(character) if "\u4e00" <= character <= "\u9fff" else character
        self[code] = initial
        return initial


_INITIALS = _Initials()


def initials(text: str) -> str:
    """The pinyin initials of the Han characters, the other characters as they are, lower case."""
    return text.lower().translate(_INITIALS)


def name_initials(row: Mapping[str, Any]) -> str | None:
    """The initials of a record's name, for the derived column ``initials``; None where they add nothing to the name."""
    name = row.get("name")
    return initials(name) if name and not name.isascii() else None
