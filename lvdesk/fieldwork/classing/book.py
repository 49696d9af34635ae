"""What words of a verdict mean and when a box has moved: ``resources/returns.toml``, or the workspace's own."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import polars as pl

from lvdesk.kit.errors import KnownError
from lvdesk.templates.codes import normalise_code
from lvdesk.templates.sources import single

FILE: Final = "returns.toml"
ABSENT, NEW, REPLACED, CLOSED, OTHER_AREA = "absent", "new", "replaced", "closed", "other_area"
"""What a verdict can say; in this order the first that fits counts."""
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
    """The parsed file: ``words`` by kind, ``but``: sayings that contain one of them and do not mean it; likeness 0 to 1."""

    words: Mapping[str, tuple[str, ...]]
    but: Mapping[str, tuple[str, ...]]
    moved: Moved
    alike: float
    suggestions: int

    def verdicts(self, said: pl.Series) -> pl.Series:
        """What each text says, null for nothing known; the texts are a verdict and a remark in one."""
        distinct = said.unique().drop_nulls()
        meaning = {text: self._kind(text) for text in distinct}
        return said.replace_strict(meaning, default=None, return_dtype=pl.String)

    def _kind(self, text: str) -> str | None:
        plain = normalise_code(text)
        for kind in _KINDS:
            rest = plain
            for saying in self.but.get(kind, ()):
                rest = rest.replace(saying, "")
            if any(word in rest for word in self.words[kind]):
                return kind
        return None


def load_book(overrides: Path | None) -> Book:
    """The rules of returns; ``overrides`` is the workspace's folder of its own.

    Raises:
        KnownError: ``rules.unreadable`` when the file lacks a part or has one of the wrong kind.
    """
    data = single(FILE, overrides)
    try:
        words = {kind: _plain(data["words"][kind]) for kind in _KINDS}
        but = {kind: _plain(data["words"].get(f"not_{kind}", ())) for kind in _KINDS}
        moved = data["moved"]
        noise, least, usual, most = (float(moved[key]) for key in ("noise", "least", "usual", "most"))
        numbers = Moved(noise, least, usual, int(moved["fewest"]), most)
        return Book(words, but, numbers, float(data["alike"]["least"]), int(data["alike"]["most"]))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        hint = "请改正该文件，或把它移出工作区的 resources 文件夹"
        raise KnownError("rules.unreadable", f"规则文件 {FILE} 缺少或写错 {error}", hint) from error


def _plain(texts: list[str]) -> tuple[str, ...]:
    return tuple(normalise_code(text) for text in texts)
