"""What words of a verdict mean and when a box has moved: ``resources/returns.toml``, or the workspace's own."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import polars as pl

from lvdesk.kit.errors import KnownError
from lvdesk.kit.sources import single

FILE: Final = "returns.toml"
ABSENT, NEW, REPLACED, CLOSED, OTHER_AREA = "absent", "new", "replaced", "closed", "other_area"
"""What a verdict can say; in this order the first that fits counts."""
_CLAUSES: Final = re.compile(r"[,。;、:!?\s/|]+|(?<!\d)\.(?!\d)")
_KINDS: Final = (ABSENT, NEW, REPLACED, CLOSED, OTHER_AREA)


@dataclass(frozen=True)
class Moved:
    """When a box has moved, metres.

    ``noise`` times the middle error of the batch, within ``least`` and ``most``; ``usual`` with fewer than ``fewest`` boxes to compare.
    """

    noise: float
    least: float
    usual: float
    fewest: int
    most: float


@dataclass(frozen=True)
class Book:
    """The parsed file: patterns by kind, ``but``: sayings that look like one of them and do not mean it; likeness 0 to 1."""

    words: Mapping[str, re.Pattern[str]]
    but: Mapping[str, re.Pattern[str]]
    moved: Moved
    alike: float
    suggestions: int

    def verdicts(self, said: pl.Series) -> pl.Series:
        """What each text says, null for nothing known; the texts are a verdict and a remark in one."""
        distinct = said.unique().drop_nulls()
        meaning = {text: self._kind(text) for text in distinct}
        return said.replace_strict(meaning, default=None, return_dtype=pl.String)

    def _kind(self, text: str) -> str | None:
        clauses = [re.sub(r"\s", "", clause) for clause in _CLAUSES.split(unicodedata.normalize("NFKC", text))]
        if any(self.but[CLOSED].search(clause) for clause in clauses):
            clauses = [clause for clause in clauses if not self.words[CLOSED].search(clause)]
        for kind in _KINDS:
            if any(self.words[kind].search(self.but[kind].sub("", clause)) for clause in clauses):
                return kind
        return None


def load_book(overrides: Path | None) -> Book:
    """The rules of returns; ``overrides`` is the workspace's folder of its own.

    Raises:
        KnownError: ``rules.unreadable`` when the file lacks a part or has one of the wrong kind.
    """
    data = single(FILE, overrides)
    try:
        words = {kind: _pattern(data["words"][kind]) for kind in _KINDS}
        but = {kind: _pattern(data["words"].get(f"not_{kind}", ())) for kind in _KINDS}
        moved = data["moved"]
        noise, least, usual, most = (float(moved[key]) for key in ("noise", "least", "usual", "most"))
        numbers = Moved(noise, least, usual, int(moved["fewest"]), most)
        return Book(words, but, numbers, float(data["alike"]["least"]), int(data["alike"]["most"]))
    except (KeyError, TypeError, ValueError, AttributeError, re.error) as error:
        hint = "请改正该文件，或把它移出工作区的 resources 文件夹"
        raise KnownError("rules.unreadable", f"规则文件 {FILE} 缺少或写错 {error}", hint) from error


def _pattern(texts: Sequence[str]) -> re.Pattern[str]:
    """One pattern of several; of none, one that never fits."""
    return re.compile("|".join(f"(?:{text})" for text in texts) or r"(?!)")
