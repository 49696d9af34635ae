"""How receipts are understood: ``resources/receipts.toml``, the workspace's own first."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from lvdesk.kit.errors import KnownError
from lvdesk.kit.sources import single

FILE: Final = "receipts.toml"


@dataclass(frozen=True)
class Meaning:
    """What a refusal means in our words, and the desk that does something about it."""

    pattern: re.Pattern[str]
    plain: str
    desk: str


@dataclass(frozen=True)
class Check:
    """A way of saying that a field is wrong, which a check before the export could find: key of ``rejects``, fields it can be about."""

    check: str
    pattern: re.Pattern[str]
    fields: tuple[str, ...]


@dataclass(frozen=True)
class Book:
    """What words mean.

    Attributes:
        kinds: how others call a kind of thing -> entity.
        desks: desk -> its name.
        otherwise: of refusals that no pattern fits.
    """

    failed: tuple[str, ...]
    accepted: tuple[str, ...]
    kinds: Mapping[str, str]
    desks: Mapping[str, str]
    meanings: tuple[Meaning, ...]
    otherwise: Meaning
    checks: tuple[Check, ...]

    def meaning(self, reason: str) -> Meaning:
        """What a refusal means; the first pattern that fits."""
        return next((each for each in self.meanings if each.pattern.search(reason)), self.otherwise)

    def verdict(self, result: str) -> bool | None:
        """Whether a result says it was taken, None where it says neither."""
        said = folded(result)
        for words, verdict in ((self.failed, False), (self.accepted, True)):
            if any(said == word if word.isascii() else word in said for word in words):
                return verdict
        return None

    def entity(self, kind: str) -> str | None:
        """The entity a kind of thing is: the word that ends last names it (电能表箱 is a box), the longest of those."""
        said = folded(kind)
        found = [(said.rfind(word) + len(word), len(word), entity) for word, entity in self.kinds.items() if word in said]
        return max(found)[2] if found else None


def load_book(overrides: Path | None) -> Book:
    """The words.

    Raises:
        KnownError: ``rules.unreadable`` with what is wrong in the station's own file.
    """
    said = single(FILE, overrides)
    try:
        kinds = {folded(word): entity for entity, words in said["kinds"].items() for word in words}
        checks = tuple(Check(each["check"], re.compile(each["pattern"]), tuple(each.get("fields", ()))) for each in said.get("checks", ()))
        book = Book(
            tuple(map(folded, said["failed"])), tuple(map(folded, said["accepted"])), kinds, said["desks"],
            tuple(_meaning(each) for each in said["reasons"]), _meaning({"pattern": "", **said["otherwise"]}), checks,
        )  # fmt: skip
    except (KeyError, TypeError, re.error) as error:
        raise KnownError("rules.unreadable", f"{FILE} 格式不对：{error}", "请改正工作区 resources 中的文件") from error
    strange = {each.desk for each in (*book.meanings, book.otherwise)} - set(book.desks)
    if strange:
        raise KnownError("rules.unreadable", f"{FILE} 中没有“{'、'.join(sorted(strange))}”这个办理处", "请改正工作区 resources 中的文件")
    return book


def folded(text: str) -> str:
    """Full and half width, case and spaces make no difference."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).upper()


def _meaning(said: Mapping[str, Any]) -> Meaning:
    return Meaning(re.compile(said["pattern"]), said["plain"], said["desk"])
