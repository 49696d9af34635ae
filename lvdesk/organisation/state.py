"""All of people, teams, grids and villages as it stands: some thousand rows at most, read at once."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any, Final

from sqlalchemy import Connection, Table, select

from lvdesk.network.organisation import (
    Absence,
    Agreement,
    Grid,
    GridArea,
    GridDuty,
    Membership,
    Shift,
    Staff,
    SupportUnit,
    Team,
    Village,
    VillageVisit,
)
from lvdesk.network.tables import TransformerArea
from lvdesk.store.tables import Base
from lvdesk.workspace import Workspace

Row = dict[str, Any]
"""Texts by column, beside ``id`` and ``version``."""
_CLASSES: Final[tuple[type[Base], ...]] = (
    Staff, Team, Membership, Absence, Shift, SupportUnit, Grid, GridArea, GridDuty, Village, Agreement, VillageVisit,
)  # fmt: skip
TABLES: Final[Mapping[str, Table]] = {str(each.__tablename__): Base.metadata.tables[str(each.__tablename__)] for each in _CLASSES}
_PRIVATE: Final = "02"
LEADER, MANAGER = "网格长", "客户经理"


@dataclass(frozen=True)
class Area:
    """A public transformer area as far as grids need it."""

    area_no: str
    name: str
    feeder_no: str
    manager: str


@dataclass
class State:
    """Rows by sheet; ``areas`` the public transformer areas, ``private`` the numbers of the others."""

    rows: dict[str, list[Row]]
    areas: dict[str, Area]
    private: frozenset[str] = field(default_factory=frozenset)

    def on(self, sheet: str, day: str) -> Iterator[Row]:
        """The rows of a sheet that hold on a day."""
        return (row for row in self.rows[sheet] if holds(row, day))

    @cached_property
    def known(self) -> dict[str, Iterable[str]]:
        """Names that rows may refer to."""
        return {
            "staff": {row["name"] for row in self.rows["staff"]},
            "team": {row["name"] for row in self.rows["team"]},
            "grid": {row["grid_no"] for row in self.rows["grid"]},
            "village": {row["name"] for row in self.rows["village"]},
            "area": self.areas,
        }

    def grid_of(self, day: str) -> dict[str, str]:
        """Area -> its grid on a day."""
        return {row["area_no"]: row["grid_no"] for row in self.on("grid_area", day)}

    def staff_at(self, day: str) -> list[Row]:
        """Who works here on a day, by name."""
        here = [row for row in self.rows["staff"] if row["joined_on"] <= day and (not row["left_on"] or day <= row["left_on"])]
        return sorted(here, key=lambda row: str(row["name"]))


def holds(row: Mapping[str, Any], day: str) -> bool:
    """Whether a row with ``since`` and ``until`` holds on a day; both ends are included, "" is open."""
    return row["since"] <= day and (not row["until"] or day <= row["until"])


def read_state(connection: Connection) -> State:
    """Everything as it stands."""
    rows = {key: [dict(row) for row in connection.execute(select(table).order_by(table.c.id)).mappings()] for key, table in TABLES.items()}
    columns = (TransformerArea.area_no, TransformerArea.name, TransformerArea.feeder_no, TransformerArea.manager, TransformerArea.usage)
    areas, private = {}, set()
    for number, name, feeder, manager, usage in connection.execute(select(*columns).order_by(TransformerArea.area_no)).all():
        if usage == _PRIVATE:
            private.add(number)
        else:
            areas[number] = Area(number, name or number, feeder or "", manager or "")
    return State(rows, areas, frozenset(private))


def state(ws: Workspace) -> State:
    """Everything as it stands in a workspace."""
    with ws.store.read() as connection:
        return read_state(connection)


def today(ws: Workspace) -> str:
    """The day as rows have it."""
    return ws.clock().date().isoformat()


def day_before(day: str) -> str:
    """The last day of what ends when something new begins on ``day``."""
    return date.fromordinal(date.fromisoformat(day).toordinal() - 1).isoformat()
