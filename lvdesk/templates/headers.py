"""Comparable forms of a header text: decoration off, words of both generations of the marketing system made one."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any, Final

from lvdesk.kit.sources import single

_INVISIBLE: Final = re.compile(r"[\s\u200b-\u200f\u2060\ufeff\u00ad]+")
_NUMBERING: Final = re.compile(r"^(?:\(\d{1,3}\)|\d{1,3}[、．)]|\d{1,3}\.(?=\D))")
_BRACKETS: Final = re.compile(r"[(\[{【〔<《「]([^()\[\]{}【】〔〕<>《》「」]*)[)\]}】〕>》」]")
_PUNCTUATION: Final = re.compile(r"[^\w°%/.]|_|(?<!\d)\.|\.(?!\d)|(?<![\w])/|/(?![\w])")
_REQUIRED: Final = re.compile(r"^必填项?|必填项?$")
_HAN_OR_LETTER: Final = re.compile(r"[\u3400-\u9fffA-Za-z]")
LONGEST: Final = 40
"""Characters of the longest text that is still taken for a header."""


@dataclass(frozen=True)
class Words:
    """What ``resources/headers.toml`` says, compiled."""

    plain: dict[str, str]
    pattern: re.Pattern[str]
    rules: tuple[tuple[re.Pattern[str], str], ...]
    hints: frozenset[str]
    endings: re.Pattern[str]
    telling: frozenset[str]
    group_endings: re.Pattern[str]
    subjects: re.Pattern[str]
    tails: tuple[str, ...]
    modifiers: tuple[str, ...]
    generic: frozenset[str]
    trade: re.Pattern[str]


def _either(words: Iterable[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


@cache
def words() -> Words:
    """The program's header words, read once."""
    data: dict[str, Any] = single("headers.toml", None)
    plain = {means: word for word, many in data["words"].items() for means in many}
    plain.update({word: word for word in data["words"] if word})
    look, meaning = data["look"], data["meaning"]
    return Words(
        plain=plain,
        pattern=re.compile(_either(plain)),
        rules=tuple((re.compile(rule["pattern"]), rule["replacement"]) for rule in data["rules"]),
        hints=frozenset([*look["hints"], *look["units"]]),
        endings=re.compile(rf"(?<=[\u4e00-\u9fff])[/.]?(?:{_either(look['endings'])})$"),
        telling=frozenset(look["telling"]),
        group_endings=re.compile(f"(?:{_either(look['group_endings'])})$"),
        subjects=re.compile(_either(meaning["subjects"])),
        tails=tuple(sorted(meaning["tails"], key=len, reverse=True)),
        modifiers=tuple(meaning["modifiers"]),
        generic=frozenset(meaning["generic"]),
        trade=re.compile(_either(meaning["trade"])),
    )


@lru_cache(maxsize=20_000)
def normalise(text: str) -> str:
    """The header without decoration: NFKC, lower case, no blanks, asterisks, numbering, units, fill-in hints or punctuation.

    Bracketed words that are part of the name stay. Applying it twice changes nothing.
    """
    return _settle(_undecorated, text)


@lru_cache(maxsize=20_000)
def unbracketed(text: str) -> str:
    """As ``normalise``, and all bracketed remarks off, except those that tell two columns apart."""
    plain = _INVISIBLE.sub("", unicodedata.normalize("NFKC", text)).lower()
    return normalise(_BRACKETS.sub(lambda found: found.group(0) if found.group(1) in words().telling else "", plain))


@lru_cache(maxsize=20_000)
def fold(text: str) -> str:
    """The normalised header with every known word in its plain form: 配送站编码 and 台区号 both give 台区编号."""
    return _settle(_folded, normalise(text))


@lru_cache(maxsize=20_000)
def group_name(text: str) -> str:
    """What a group header above several columns speaks of: 计量箱基本信息 gives 计量箱."""
    name = fold(text)
    shorter = words().group_endings.sub("", name)
    return shorter or name


@lru_cache(maxsize=20_000)
def subjects(folded: str) -> frozenset[str]:
    """What a folded header is about."""
    return frozenset(words().subjects.findall(folded))


@lru_cache(maxsize=20_000)
def tail(folded: str) -> str:
    """What a folded header says about its subject: 编号, 名称, 日期 …; "" when unknown."""
    return next((word for word in words().tails if folded.endswith(word)), "")


@lru_cache(maxsize=20_000)
def modifiers(folded: str) -> frozenset[str]:
    """Words in a folded header that make it another thing: 原, 上级, 总表 and their like."""
    return frozenset(word for word in words().modifiers if word in folded)


def is_generic(folded: str) -> bool:
    """Whether a folded header says nothing without knowing what it belongs to."""
    return folded in words().generic


@lru_cache(maxsize=20_000)
def is_trade(text: str) -> bool:
    """Whether a header proves by itself that the sheet is about low-voltage supply."""
    return bool(words().trade.search(fold(text)) or words().trade.search(normalise(text)))


@lru_cache(maxsize=20_000)
def is_header_text(text: str | None) -> bool:
    """Whether one cell could be a column's header: short, with a letter or a Han character, no date, no sentence."""
    if not text:
        return False
    plain = text.strip()
    return 0 < len(plain) <= LONGEST and bool(_HAN_OR_LETTER.search(plain)) and not plain.endswith(("。", "；", ";"))


def _settle(step: Any, text: str) -> str:
    for _ in range(6):
        after = step(text)
        if after == text:
            break
        text = after
    return text


def _undecorated(text: str) -> str:
    plain = _INVISIBLE.sub("", unicodedata.normalize("NFKC", text)).lower()
    plain = _NUMBERING.sub("", plain)
    plain = _BRACKETS.sub(_bracket, plain)
    plain = _REQUIRED.sub("", _PUNCTUATION.sub("", plain))
    return words().endings.sub("", plain)


def _bracket(found: re.Match[str]) -> str:
    inside = found.group(1).strip("* ")
    known = words().hints
    if inside in known or inside.startswith("单位") or all(part in known for part in re.split(r"[,，、/;]", inside)):
        return ""
    return f" {inside} "


def _folded(text: str) -> str:
    known = words()
    plain = known.pattern.sub(lambda found: known.plain[found.group(0)], text)
    for pattern, replacement in known.rules:
        plain = pattern.sub(replacement, plain)
    return plain or text
