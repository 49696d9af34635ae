"""Every attribute of every entity: its Chinese name, kind, code list or referenced entity, owner system."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from lvdesk.kit.errors import KnownError
from lvdesk.kit.sources import single

KINDS: Final = ("text", "identifier", "barcode", "reference", "code", "integer", "number", "date", "longitude", "latitude")
TEXT_KINDS: Final = frozenset({"identifier", "barcode", "reference", "code"})
"""Kinds whose cells must be text in a workbook, or leading zeros and long digits are lost."""

OWNER_TITLES: Final = {"marketing": "营销系统", "pms": "PMS", "gis": "电网GIS", "field": "现场采录"}


@dataclass(frozen=True)
class Field:
    """One attribute. ``codes`` names its code list, ``reference`` the entity its value points to; "" where there is none."""

    entity: str
    name: str
    title: str
    kind: str
    owner: str
    codes: str = ""
    reference: str = ""

    @property
    def key(self) -> str:
        """``entity.name``, how mappings speak of it."""
        return f"{self.entity}.{self.name}"


@dataclass(frozen=True)
class Entity:
    """One kind of record; ``key`` is the attribute that identifies it."""

    name: str
    title: str
    key: str
    fields: Mapping[str, Field]


class Dictionary:
    """The entities by name, in the order of the file (from the substation down to the customer)."""

    def __init__(self, entities: Mapping[str, Entity]) -> None:
        self.entities = entities

    def __iter__(self) -> Iterator[Entity]:
        return iter(self.entities.values())

    def key(self, entity: str) -> str:
        """Name of the attribute that identifies a record of this entity."""
        return self.entities[entity].key

    def title(self, entity: str) -> str:
        """The entity's Chinese name."""
        return self.entities[entity].title

    def field(self, entity: str, name: str) -> Field:
        """One attribute; KeyError when there is none."""
        return self.entities[entity].fields[name]

    def find(self, key: str) -> Field | None:
        """The attribute called ``entity.name``, None for ``note.…`` and unknown names."""
        entity, _, name = key.partition(".")
        found = self.entities.get(entity)
        return found.fields.get(name) if found else None


def load_dictionary(overrides: Path | None = None) -> Dictionary:
    """The dictionary from ``resources/dictionary.toml`` or the workspace's own copy.

    Raises:
        KnownError: ``rules.unreadable`` when the file is damaged or names an unknown kind.
    """
    entities = {name: _entity(name, table) for name, table in single("dictionary.toml", overrides).items()}
    return Dictionary(entities)


def _entity(name: str, table: Mapping[str, Any]) -> Entity:
    try:
        fields = {key: _field(name, key, value) for key, value in table["fields"].items()}
        entity = Entity(name, table["title"], table["key"], fields)
        fields[entity.key]
    except KeyError as error:
        raise KnownError("rules.unreadable", f"dictionary.toml 的 {name} 缺少 {error}") from error
    return entity


def _field(entity: str, name: str, table: Mapping[str, Any]) -> Field:
    if table["kind"] not in KINDS:
        raise KnownError("rules.unreadable", f"dictionary.toml 的 {entity}.{name} 类型“{table['kind']}”不存在")
    return Field(entity, name, table["title"], table["kind"], table["owner"], table.get("codes", ""), table.get("entity", ""))
