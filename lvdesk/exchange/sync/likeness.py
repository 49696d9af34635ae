"""How alike two names and their circumstances are: letters and numbers must be the same, the rest may be written otherwise."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from rapidfuzz import fuzz
from rapidfuzz.distance import LCSseq

from lvdesk.kit.errors import KnownError
from lvdesk.kit.sources import single

FILE: Final = "sync.toml"
_TOKEN: Final = re.compile(r"[A-Z]+|\d+")
_NUMERALS: Final = str.maketrans("一二三四五六七八九", "123456789")
_OTHER_NUMBER: Final = 0.3
"""The most a pair can be alike whose numbers differ: 3#公变 is not 5#公变, however alike the rest is."""


@dataclass(frozen=True)
class Book:
    """``resources/sync.toml``; each entry is explained there."""

    drop: tuple[str, ...]
    weights: Mapping[str, float]
    suggest: float
    sure: float
    close: float


@dataclass(frozen=True)
class Thing:
    """A substation, feeder or transformer of one side.

    Attributes:
        key: its identifier there, or our key; ``name`` as people call it.
        parent: our key of what it hangs on, "" where unknown; ``parent_name`` what that side calls it.
        capacity: kVA; ``voltage`` our code; None where the side does not say.
    """

    key: str
    name: str
    parent: str = ""
    parent_name: str = ""
    capacity: float | None = None
    voltage: str | None = None


@dataclass(frozen=True)
class Likeness:
    """From 0 to 1, and on what it rests."""

    share: float
    evidence: tuple[str, ...]


def load_book(overrides: Path | None) -> Book:
    """The rules.

    Raises:
        KnownError: ``rules.unreadable``.
    """
    said = single(FILE, overrides)
    try:
        return Book(tuple(sorted(said["drop"], key=len, reverse=True)), said["weights"], said["suggest"], said["sure"], said["close"])
    except (KeyError, TypeError) as error:
        hint = "请改正该文件，或把它移出工作区的 resources 文件夹"
        raise KnownError("rules.unreadable", f"规则文件 {FILE} 缺少或写错 {error}", hint) from error


def folded(name: str) -> str:
    """Full and half width, case, spaces and the numerals of a count make no difference."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", name)).upper().translate(_NUMERALS)


def core(name: str, book: Book) -> str:
    """What is left of a name without the words that every such thing has; the folded name where nothing is."""
    text = whole = folded(name)
    for word in book.drop:
        text = text.replace(folded(word), "")
    return re.sub(r"(?<!\d)0+(?=\d)", "", text) or whole


def same_name(one: str, other: str, book: Book) -> bool:
    """Whether two names are spellings of one."""
    return core(one, book) == core(other, book) and _tokens(one, book) == _tokens(other, book)


def likeness(theirs: Thing, ours: Thing, book: Book) -> Likeness:
    """How likely the two are one thing."""
    parts: dict[str, float] = {"name": _name(theirs.name, ours.name, book)}
    numbers = _tokens(theirs.name, book), _tokens(ours.name, book)
    parts["tokens"] = 1.0 if numbers[0] == numbers[1] else 0.0
    if theirs.parent and ours.parent:
        parts["parent"] = 1.0 if theirs.parent == ours.parent else 0.0
    if theirs.capacity is not None and ours.capacity is not None:
        parts["capacity"] = 1.0 if theirs.capacity == ours.capacity else 0.0
    if theirs.voltage and ours.voltage:
        parts["voltage"] = 1.0 if theirs.voltage == ours.voltage else 0.0
    total = sum(book.weights[name] for name in parts)
    share = sum(book.weights[name] * value for name, value in parts.items()) / total
    if numbers[0] != numbers[1]:
        share = min(share, _OTHER_NUMBER)
    return Likeness(round(share, 4), _said(parts, theirs, ours))


def _name(one: str, other: str, book: Book) -> float:
    """The better of edit ratio and longest common subsequence: words are left out more often than misspelt."""
    first, second = core(one, book), core(other, book)
    if not first or not second:
        return 0.0
    longest = LCSseq.similarity(first, second) / min(len(first), len(second))
    short = min(len(first), len(second)) / max(len(first), len(second))
    return max(fuzz.ratio(first, second) / 100, longest * (0.7 + 0.3 * short) if min(len(first), len(second)) > 1 else 0.0)


def _tokens(name: str, book: Book) -> list[str]:
    """Numbers and letters in order; those of a voltage class (10kV) are of the kind, not of the thing."""
    text = folded(name)
    for word in book.drop:
        if any(character.isdigit() for character in word):
            text = text.replace(folded(word), "")
    return [token.lstrip("0") or "0" for token in _TOKEN.findall(text)]


def _said(parts: Mapping[str, float], theirs: Thing, ours: Thing) -> tuple[str, ...]:
    words = {
        "name": f"名称相似 {parts['name']:.0%}：{theirs.name} 与 {ours.name}",
        "tokens": "名称中的数字、字母相同" if parts["tokens"] else "名称中的数字、字母不同",
        "parent": "上级相同" if parts.get("parent") else f"上级不同：对方为 {theirs.parent_name}",
        "capacity": f"容量相同 {theirs.capacity:g} kVA" if parts.get("capacity") else f"容量不同：{theirs.capacity} 与 {ours.capacity} kVA",
        "voltage": "电压等级相同" if parts.get("voltage") else "电压等级不同",
    }
    return tuple(words[name] for name in words if name in parts)
