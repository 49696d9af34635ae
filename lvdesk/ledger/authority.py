"""Whose word counts: every attribute has one owner system; who lists a record outranks who only mentions it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, select

from lvdesk.network.batches import BatchSheet
from lvdesk.templates.dictionary import Dictionary

PERSON: Final = 4
"""A value typed at the desk is never overwritten by a file."""

LISTED_WITH: Final = {"customer": ("customer", "metering_point", "meter"), "transformer_area": ("transformer_area", "transformer")}
"""Template entity -> the entities its rows list completely; otherwise a template lists only its own entity."""


@dataclass(frozen=True)
class Origin:
    """The source of a value: its system and the entities it lists."""

    system: str
    lists: tuple[str, ...]

    @classmethod
    def of(cls, system: str, entity: str) -> "Origin":
        """The origin that a template of this system, listing this entity, stands for."""
        return cls(system, LISTED_WITH.get(entity, (entity,)))


class Authority:
    """Ranks of sources; sheets already stored are looked up once."""

    def __init__(self, dictionary: Dictionary) -> None:
        self._dictionary = dictionary
        self._origins: dict[int, Origin] = {}

    def register(self, sheet_id: int, origin: Origin) -> None:
        """Names the origin of a sheet that is being imported."""
        self._origins[sheet_id] = origin

    def load(self, connection: Connection) -> None:
        """Knows the origins of all sheets stored so far."""
        for row in connection.execute(select(BatchSheet.id, BatchSheet.system, BatchSheet.entity)):
            self._origins.setdefault(row.id, Origin.of(row.system, row.entity))

    def rank(self, sheet_id: int, entity: str, field: str) -> int:
        """3 owner that lists the record, 2 owner that mentions it, 1 another system that lists it, 0 any other."""
        origin = self._origins.get(sheet_id)
        if origin is None:
            return 0
        owner = self._dictionary.field(entity, field).owner == origin.system
        return 2 * owner + (entity in origin.lists)

    def present(self, row: Mapping[str, Any], entity: str, field: str) -> int:
        """The rank of the source that the present value of ``field`` in the stored ``row`` comes from."""
        source = self.source(row, field)
        return PERSON if len(source) == 1 else self.rank(source[0], entity, field)

    def source(self, row: Mapping[str, Any], field: str) -> list[int]:
        """[sheet id, row] the present value comes from, or [journal entry] for a typed one."""
        sources: dict[str, list[int]] = json.loads(row["sources"]) if row["sources"] else {}
        return sources.get(field, [row["sheet_id"], row["sheet_row"]])

    def knows(self, sheet_id: int) -> bool:
        """Whether a value comes from a sheet: records made at the desk have none."""
        return sheet_id in self._origins

    def system(self, sheet_id: int) -> str:
        """The system a sheet speaks for."""
        return self._origins[sheet_id].system
