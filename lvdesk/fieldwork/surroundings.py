"""The station as far as a few areas concern it: of 200,000 customers only those that live there are read."""

from collections.abc import Sequence
from typing import Final

import polars as pl
from sqlalchemy import ColumnElement, Connection, or_, select

from lvdesk.checks.station import Station
from lvdesk.network.frames import read_frame, schema_of
from lvdesk.network.tables import TABLES, Customer, Meter, MeterBox, MeteringPoint
from lvdesk.workspace import Workspace

_READ: Final = frozenset({"meter", "metering_point", "customer"})
_KEPT_BACK: Final = frozenset({"version", "initials", "listed", "absent_sheet"})


class Surroundings(Station):
    """The station with only those meters, points and customers that have to do with some areas."""

    def __init__(self, ws: Workspace, connection: Connection, areas: Sequence[str]) -> None:
        super().__init__(ws, connection)
        self._areas = list(areas)

    def table(self, entity: str) -> pl.DataFrame:
        """See ``Station.table``."""
        if entity in _READ and entity not in self._tables:
            table = TABLES[entity]
            names = [column.name for column in table.c if column.name not in _KEPT_BACK]
            query = select(*(table.c[name] for name in names)).where(table.c.absent_sheet.is_(None), self._near(entity))
            frame = read_frame(self.connection, query.order_by(table.c.id), schema_of(table, names))
            self._tables[entity] = frame.rename({"sheet_id": "from_sheet", "sheet_row": "from_row"})
        return super().table(entity)

    def _near(self, entity: str) -> ColumnElement[bool]:
        """Whatever a box, a meter or a customer of the areas leads to; a box that names no area may lie in them."""
        boxes = select(MeterBox.asset_no).where(or_(MeterBox.area_no.in_(self._areas), MeterBox.area_no.is_(None)))
        people = select(MeteringPoint.customer_no).where(MeteringPoint.area_no.in_(self._areas), MeteringPoint.customer_no.is_not(None))
        owned = or_(MeteringPoint.area_no.in_(self._areas), MeteringPoint.customer_no.in_(people))
        if entity == "meter":
            return or_(Meter.box_no.in_(boxes), Meter.mp_no.in_(select(MeteringPoint.mp_no).where(owned)))
        points = or_(owned, MeteringPoint.mp_no.in_(select(Meter.mp_no).where(Meter.box_no.in_(boxes), Meter.mp_no.is_not(None))))
        if entity == "metering_point":
            return points
        return Customer.customer_no.in_(select(MeteringPoint.customer_no).where(points))
