"""Code lists: what people and systems write, and the one code it stands for."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, Final

from lvdesk.kit.errors import KnownError
from lvdesk.kit.sources import family

FAMILIES: Final = {
    "marketing": ("sg186", "marketing2", "sg186_old"),
    "pms": ("pms",),
    "gis": ("pms",),
    "field": (),
}
"""The code systems whose numbers count first in a file of this source."""

KEPT: Final = "不在代码表中，按原样保留"
_NOISE: Final = re.compile(r"(?<!\d)\.|\.(?!\d)|[^\w.#+]|_")
_TRAILING_ZERO: Final = re.compile(r"^(\d+)\.0+$")


@lru_cache(maxsize=20_000)
def normalise_code(text: str) -> str:
    """The form in which codes and names are compared: NFKC, no blanks or punctuation, lower case, no trailing ``.0``."""
    plain = _NOISE.sub("", _TRAILING_ZERO.sub(r"\1", unicodedata.normalize("NFKC", text).strip()))
    return plain.casefold()


@dataclass(frozen=True)
class CodeItem:
    """One value. ``systems`` gives its code in each other code system; ``code`` is what we store."""

    code: str
    name: str
    aliases: tuple[str, ...] = ()
    systems: Mapping[str, str] = field(default_factory=dict)

    @property
    def names(self) -> tuple[str, ...]:
        """The name and everything people write instead."""
        return (self.name, *self.aliases)


@dataclass(frozen=True)
class CodeList:
    """One list. An ``open`` list keeps unknown values as they were typed; ``note`` tells people what it is based on."""

    key: str
    title: str
    items: tuple[CodeItem, ...]
    open: bool = False
    note: str = ""

    @cached_property
    def _by_code(self) -> dict[str, CodeItem]:
        return {item.code: item for item in self.items}

    @cached_property
    def _lookups(self) -> dict[str, dict[str, str]]:
        return {}

    def lookup(self, system: str | None = None) -> dict[str, str]:
        """Normalised text (``normalise_code``) -> code; made once per system, for vectorised use.

        Own codes and names come first, then the codes of ``system`` (a code system or a source such as ``pms``),
        then codes of the other systems and forgiving spellings, as far as each of them means one thing only.
        """
        name = system or ""
        if name not in self._lookups:
            self._lookups[name] = self._lookup(name)
        return self._lookups[name]

    def canonical(self, text: str, system: str | None = None) -> tuple[str | None, str]:
        """The code for what was written, and why it differs from it ("" when it does not); None and the reason when refused."""
        plain = normalise_code(text)
        if not plain:
            return None, ""
        code = self.lookup(system).get(plain)
        if code is not None:
            return code, "" if code == text else f"{self.title}“{text}”即 {self._said(code)}"
        if self.open:
            return text.strip(), KEPT
        meanings = [item.name for item in self.items if plain in {normalise_code(value) for value in item.systems.values()}]
        if len(meanings) > 1:
            return None, f"{self.title}代码“{text}”在各系统中含义不同（{'、'.join(meanings)}），请改写名称"
        return None, f"“{text}”不在代码表“{self.title}”中"

    def name(self, code: str) -> str:
        """What people call it; an unknown code is its own name."""
        item = self._by_code.get(code)
        return item.name if item else code

    def system_code(self, code: str, system: str) -> str:
        """The code another system uses for it; our own where that system's is not known; unknown values as they are."""
        item = self._by_code.get(code)
        if item is None:
            return code
        for candidate in (system, *FAMILIES.get(system, ())):
            if candidate in item.systems:
                return item.systems[candidate]
        return item.code

    def _said(self, code: str) -> str:
        name = self.name(code)
        return code if name == code else f"{code} {name}"

    def _lookup(self, system: str) -> dict[str, str]:
        # Where a system is named, its number wins over ours: 01 is a voltage in one system and nothing in ours.
        named = FAMILIES.get(system, (system,) if system else ())
        tiers: list[Iterable[tuple[str, str]]] = [((item.systems.get(name, ""), item.code) for item in self.items) for name in named]
        own: Iterable[tuple[str, str]] = [(item.code, item.code) for item in self.items]
        tiers = [own, *tiers] if system in {"", *FAMILIES} else [*tiers, own]
        tiers.append([(name, item.code) for item in self.items for name in item.names])
        tiers.append([(value, item.code) for item in self.items for value in item.systems.values()])
        tiers.append([(pair, item.code) for item in self.items for pair in _pairs(item)])
        tiers.append([(bare, item.code) for item in self.items for bare in _zeros(item.code)])
        found: dict[str, str] = {}
        for tier in tiers:
            for plain, code in _unambiguous(tier).items():
                found.setdefault(plain, code)
        return found


def _pairs(item: CodeItem) -> Iterable[str]:
    """Code and name in one cell: ``01 公变``, ``公变(01)``."""
    for code in {item.code, *item.systems.values()}:
        for name in item.names:
            yield code + name
            yield name + code


def _zeros(code: str) -> Iterable[str]:
    """``1`` for ``01`` (a spreadsheet took it for a number) and ``01`` for ``1``."""
    if code.isdigit():
        bare = code.lstrip("0")
        yield from (bare, f"0{bare}", f"00{bare}")


def _unambiguous(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    meanings: dict[str, set[str]] = {}
    for text, code in pairs:
        plain = normalise_code(text)
        if plain:
            meanings.setdefault(plain, set()).add(code)
    return {plain: next(iter(codes)) for plain, codes in meanings.items() if len(codes) == 1}


def load_codes(overrides: Path | None = None) -> dict[str, CodeList]:
    """All code lists by key, the workspace's own replacing ours.

    Raises:
        KnownError: ``rules.unreadable`` when a list is damaged or gives one code twice.
    """
    return {key: _list(key, table) for key, table in family("codes", overrides).items()}


def _list(key: str, table: Mapping[str, Any]) -> CodeList:
    try:
        items = tuple(_item(row) for row in table["items"])
        made = CodeList(key, table["title"], items, table.get("open", False), table.get("note", ""))
    except (KeyError, TypeError, AttributeError) as error:
        raise KnownError("rules.unreadable", f"代码表 {key} 格式不对：{error}") from error
    _once(key, [item.code for item in items])
    return made


def _item(row: Mapping[str, Any]) -> CodeItem:
    name = str(row["name"])
    return CodeItem(str(row.get("code", name)), name, tuple(row.get("aliases", ())), dict(row.get("systems", {})))


def _once(key: str, codes: Sequence[str]) -> None:
    twice = {code for code in codes if codes.count(code) > 1}
    if twice:
        raise KnownError("rules.unreadable", f"代码表 {key} 中代码重复：{'、'.join(sorted(twice))}")
