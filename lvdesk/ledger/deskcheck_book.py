"""What counts as evidence and how much it weighs: ``resources/deskcheck.toml``, or the workspace's own."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import polars as pl

from lvdesk.kit.errors import KnownError
from lvdesk.kit.sources import single
from lvdesk.ledger.deskcheck_model import CONFIRMED, SUSPECTED, Strength
from lvdesk.workspace import Workspace

FILE: Final = "deskcheck.toml"
_GAP: Final = "　"


@dataclass(frozen=True)
class Words:
    """Words in names and addresses that speak of one kind of evidence, and the phrases in which they do not."""

    kind: str
    words: tuple[str, ...]
    harmless: tuple[str, ...]


@dataclass(frozen=True)
class Book:
    """The parsed file; ``limits`` by name."""

    strength: Mapping[str, int]
    weights: Mapping[str, int]
    reasons: Mapping[str, str]
    limits: Mapping[str, Any]
    words: tuple[Words, ...]
    place: str
    firm: str

    def judged(self, score: int) -> tuple[Strength, str]:
        """The strength of a sum of weights and the verdict it suggests."""
        if score >= self.strength["certain"]:
            return Strength.CERTAIN, CONFIRMED
        return (Strength.LIKELY if score >= self.strength["likely"] else Strength.WEAK), SUSPECTED

    def spoken(self, words: Words, text: pl.Expr, *, firms: bool) -> pl.Expr:
        """The first of the words a text says, null where it says none; ``firms``: names of firms may hold them without meaning it."""
        said = "|".join(words.words)
        cleaned = text.str.replace_many(list(words.harmless), [_GAP] * len(words.harmless))
        cleaned = cleaned.str.replace_all(rf"(?:{said}){self.place}", _GAP)
        if firms:
            cleaned = cleaned.str.replace_all(rf"(?:{said}){self.firm}", _GAP)
        return cleaned.str.extract(f"({said})")


def load_book(ws: Workspace) -> Book:
    """The station's rules of the desk check.

    Raises:
        KnownError: ``rules.unreadable`` when the file lacks a part or has one of the wrong kind.
    """
    data = single(FILE, ws.overrides)
    try:
        words = tuple(Words(each["kind"], tuple(each["words"]), tuple(each.get("harmless", ()))) for each in data["words"])
        names = data["names"]
        return Book(data["strength"], data["weights"], data["reasons"], data["limits"], words, names["place"], names["firm"])
    except (KeyError, TypeError) as error:
        raise KnownError(
            "rules.unreadable", f"规则文件 {FILE} 缺少 {error}", "请改正该文件，或把它移出工作区的 resources 文件夹"
        ) from error
