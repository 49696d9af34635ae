"""Links that a source gives only by name become links by number when exactly one record bears the name."""

from typing import Any, Final

from sqlalchemy import func, select

from lvdesk.network.tables import Feeder, MeteringPoint, Pole, Substation, TransformerArea
from lvdesk.store.model import Change
from lvdesk.store.write import Write

_BY_NAME: Final[tuple[tuple[Any, str, str, Any, str], ...]] = (
    (Feeder, "substation_no", "substation_name", Substation, "substation_no"),
    (TransformerArea, "feeder_no", "feeder_name", Feeder, "feeder_no"),
    (MeteringPoint, "area_no", "area_name", TransformerArea, "area_no"),
    (Pole, "feeder_no", "feeder_name", Feeder, "feeder_no"),
)
"""(child, its empty link, the name it has instead, parent, the parent's number)."""


def resolve_names(write: Write) -> None:
    """Fills the links; a name that two parents bear stays unresolved."""
    for child, link, name, parent, number in _BY_NAME:
        unique = (
            select(parent.name, func.max(getattr(parent, number)).label("number"))
            .group_by(parent.name)
            .having(func.count() == 1)
            .subquery()
        )
        column = getattr(child, name)
        query = select(child.id, unique.c.number).join(unique, unique.c.name == column).where(getattr(child, link).is_(None))
        changes = [Change(row[0], {link: row[1]}) for row in write.connection.execute(query)]
        write.update(child.__table__, changes)
