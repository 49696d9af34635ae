"""What is compared and who decides: ``resources/reconcile.toml``, or the workspace's own."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from lvdesk.exchange.reconcile.model import Klass
from lvdesk.kit.errors import KnownError
from lvdesk.kit.sources import single
from lvdesk.templates.dictionary import Dictionary

FILE: Final = "reconcile.toml"
_SIDES: Final = {"marketing": "marketing", "pms": "gis", "gis": "gis", "field": "field"}
"""Owner in the dictionary -> the side that speaks for it."""
_SAME: Final = {"text", "name", "place"}
_CUSTOMER: Final = "customer.status"


@dataclass(frozen=True)
class Compare:
    """One attribute.

    Attributes:
        owner: the system that maintains it (dictionary); ``side`` the side that speaks for it: marketing, gis, field.
        decides: the side that counts when it says something.
        outvoted: whether two others that agree count more.
        klass: of its disagreements, None where the values tell.
        stored: entity and fields of the accepted records that hold the value; ``pattern`` joins several.
        same: text, name, place (within ``metres``), gone (all words for not being there are one).
        fill: whether an empty accepted value is a disagreement.
    """

    entity: str
    field: str
    title: str
    owner: str
    side: str
    decides: str
    klass: Klass | None
    stored: tuple[str, tuple[str, ...]]
    pattern: str = "{}"
    outvoted: bool = False
    same: str = "text"
    metres: float = 0.0
    fill: bool = True

    @property
    def key(self) -> str:
        """``entity.field``."""
        return f"{self.entity}.{self.field}"


@dataclass(frozen=True)
class Book:
    """The parsed file.

    Attributes:
        compare: attributes of records; ``presence``: whether a customer is there.
        covered: share of an area's customers the GIS must speak of before the rest is missing there.
        ids: (entity, system) whose identifiers are looked at; ``expected``: share of an area's that have one before the rest lacks it.
        rate_classes: which disagreements keep a customer from counting as consistent.
        todo: sentences by target, or ``class.target``.
        titles: ``entity.field`` -> name for people, of everything that is compared.
    """

    compare: tuple[Compare, ...]
    presence: Compare
    covered: float
    ids: tuple[tuple[str, str], ...]
    expected: float
    rate_classes: tuple[Klass, ...]
    todo: Mapping[str, str]
    titles: Mapping[str, str]


def load_book(overrides: Path | None, dictionary: Dictionary) -> Book:
    """The rules of the reconciliation; ``overrides`` is the workspace's folder of its own.

    Raises:
        KnownError: ``rules.unreadable`` when the file lacks a part or has one of the wrong kind.
    """
    data = single(FILE, overrides)
    try:
        compare = tuple(_compare(entry, dictionary) for entry in data["compare"])
        there = data["presence"]
        owner = _field(dictionary, _CUSTOMER).owner
        presence = Compare(
            "customer", there["field"], there["title"], owner, _SIDES[owner], there["decides"], None, ("customer", ("status",)), same="gone"
        )
        ids = tuple((entry["entity"], system) for entry in data["ids"]["check"] for system in entry["systems"])
        classes = tuple(map(Klass, data["rate"]["classes"]))
        titles = {each.key: each.title for each in (*compare, presence)}
        titles |= {f"{entity}.{system}_id": _field(dictionary, f"{entity}.{system}_id").title for entity, system in ids}
        return Book(compare, presence, float(there["covered"]), ids, float(data["ids"]["expected"]), classes, {**data["todo"]}, titles)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        hint = "请改正该文件，或把它移出工作区的 resources 文件夹"
        raise KnownError("rules.unreadable", f"规则文件 {FILE} 缺少或写错 {error}", hint) from error


def _compare(entry: Mapping[str, Any], dictionary: Dictionary) -> Compare:
    entity, name = entry["entity"], entry["field"]
    home, _, stored = str(entry.get("stored", f"{entity}.{name}")).partition(".")
    parts = tuple(entry.get("parts", (stored,)))
    fields = [_field(dictionary, f"{home}.{part}") for part in parts]
    side = _SIDES[fields[0].owner]
    same = entry.get("same", "text")
    if same not in _SAME:
        raise ValueError(f"{entity}.{name} 的 same = {same}")
    return Compare(
        entity, name, entry.get("title", fields[0].title), fields[0].owner, side, entry.get("decides", side), Klass(entry["class"]),
        (home, parts), entry.get("pattern", "{}"), bool(entry.get("outvoted", False)), same, float(entry.get("metres", 0.0)),
        bool(entry.get("fill", True)),
    )  # fmt: skip


def _field(dictionary: Dictionary, key: str) -> Any:
    found = dictionary.find(key)
    if found is None:
        raise KeyError(key)
    return found
