"""What an export carries: the accepted records of a scope as frames, as the formats take them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import polars as pl
from sqlalchemy import ColumnElement, Connection, or_, select, true

from lvdesk.checks.model import KEYS
from lvdesk.exchange.model import Scope
from lvdesk.kit.errors import RefusedError
from lvdesk.network.frames import read_frame, schema_of
from lvdesk.network.scoping import inside
from lvdesk.network.tables import TABLES
from lvdesk.workspace import Workspace

PERSONAL: Final[Mapping[str, frozenset[str]]] = {
    "customer": frozenset({"name", "address", "phone"}),
    "metering_point": frozenset({"name", "address"}),
}
"""Fields that say who lives where; a customer's points carry his name and address too."""
_HOUSEKEEPING: Final = {"version", "sheet_id", "sheet_row", "sources", "listed", "absent_sheet", "initials"}


WHOLE: Final = Scope()


@dataclass(frozen=True)
class Picture:
    """The records that leave.

    Attributes:
        ws: dictionary, codes, templates, overriding resources.
        frames: entity -> ``id`` and every field of the dictionary, codes as we store them, in the order of their ids.
        at: moment of the export, ISO 8601; person: who makes it.
        test: the files must say inside that they are a test.
    """

    ws: Workspace
    frames: Mapping[str, pl.DataFrame]
    at: str
    person: str
    test: bool = False

    def of(self, entity: str) -> pl.DataFrame:
        """The records of one kind; an empty frame with its columns where none leave."""
        if entity in self.frames:
            return self.frames[entity]
        names = columns_of(entity)
        return pl.DataFrame(schema=schema_of(TABLES[entity], names))

    @property
    def records(self) -> int:
        """All records together."""
        return sum(frame.height for frame in self.frames.values())


def columns_of(entity: str) -> list[str]:
    """``id`` and the fields of the dictionary, in the order of the table."""
    return [column.name for column in TABLES[entity].c if column.name not in _HOUSEKEEPING]


def read(connection: Connection, entities: Sequence[str], scope: Scope = WHOLE) -> dict[str, pl.DataFrame]:
    """Every accepted record of these kinds and this scope that its newest ledger still lists.

    Raises:
        RefusedError: ``export.scope`` names the feeder or area that is not there.
    """
    _refuse_unknown(connection, scope)
    frames = {}
    for entity in entities:
        table, names = TABLES[entity], columns_of(entity)
        query = select(*(table.c[name] for name in names)).where(table.c.absent_sheet.is_(None), _lies(entity, scope)).order_by(table.c.id)
        frames[entity] = read_frame(connection, query, schema_of(table, names))
    return frames


def _lies(entity: str, scope: Scope) -> ColumnElement[bool]:
    places = [("feeder", key) for key in scope.feeders] + [("transformer_area", key) for key in scope.areas]
    return or_(*(inside(entity, parent, key) for parent, key in places)) if places else true()


def _refuse_unknown(connection: Connection, scope: Scope) -> None:
    for entity, keys in (("feeder", scope.feeders), ("transformer_area", scope.areas)):
        column = TABLES[entity].c[KEYS[entity]]
        known = set(connection.execute(select(column).where(column.in_(keys))).scalars())
        if missing := [key for key in keys if key not in known]:
            title = "线路" if entity == "feeder" else "台区"
            raise RefusedError("export.scope", f"台账中没有{title} {missing[0]}", "请核对编号，或先导入它的台账")


def impersonal(frames: Mapping[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
    """The frames without the fields of ``PERSONAL``."""
    return {entity: frame.drop(PERSONAL.get(entity, ())) for entity, frame in frames.items()}
