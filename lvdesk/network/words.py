"""What a record is found by: lower-case words plus pinyin initials (zs finds 张三, 3#gb finds 3#公变)."""

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any


@cache
def _initial(character: str) -> str:
    from pypinyin import Style, lazy_pinyin  # noqa: PLC0415 - half a second that a start without search need not pay

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


def searchable(values: Sequence[str | None]) -> str:
    """One search text from the values a record is looked up by; the first is its key, the second gives the initials."""
    words = [value.lower() for value in values if value]
    if len(values) > 1 and values[1] and not values[1].isascii():
        words.append(initials(values[1]))
    return " ".join(words)


def search_text(fields: tuple[str, ...]) -> Callable[[Mapping[str, Any]], str]:
    """A function that derives the search text of a row from these fields."""
    return lambda row: searchable([row[name] for name in fields])
