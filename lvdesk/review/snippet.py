"""Where an item is: its boxes, and the points of the little map beside it."""

import json
from collections.abc import Iterable, Sequence
from math import cos, radians
from typing import Any, Final

from sqlalchemy import Connection, select

from lvdesk.network.tables import TABLES, AccessPoint, Meter, MeterBox, MeteringPoint, TransformerArea
from lvdesk.review.model import Spot

_REACH: Final = 300.0
"""Metres around the box in which neighbours are shown."""
_METRES: Final = 111_320.0
"""Metres of one degree of latitude."""
_NEIGHBOURS: Final = 40


def boxes_of(connection: Connection, row: Any) -> list[str]:
    """The boxes an item is about: its own, its customer's, its meter's, those its values name."""
    named = [value for place, ledger, said in json.loads(row.sides) if place.endswith(".box_no") for value in (ledger, said) if value]
    if row.entity == "meter_box":
        named.insert(0, row.key)
    elif row.entity == "meter":
        named += connection.execute(select(Meter.box_no).where(Meter.asset_no == row.key, Meter.box_no.is_not(None))).scalars()
    elif row.entity == "customer":
        query = select(Meter.box_no).join(MeteringPoint, MeteringPoint.mp_no == Meter.mp_no)
        named += connection.execute(query.where(MeteringPoint.customer_no == row.key, Meter.box_no.is_not(None))).scalars()
    return list(dict.fromkeys(named))


def spots(connection: Connection, row: Any, boxes: Sequence[str]) -> tuple[Spot, ...]:
    """The points of the map: where the ledger and the field have it, the areas concerned, its access point, boxes around."""
    found = [*_said(row), *_boxes(connection, boxes)]
    if row.entity == "access_point":
        found += _points(connection, row.key)
    middle = next(((spot.longitude, spot.latitude) for spot in found), None)
    found += _areas(connection, row)
    return (*found, *(_neighbours(connection, middle, boxes) if middle is not None else ()))


def _said(row: Any) -> list[Spot]:
    """Where the field has it."""
    values = {
        place.partition(".")[2]: said for place, _, said in json.loads(row.sides) if place.startswith(("meter_box.", "access_point."))
    }
    longitude, latitude = values.get("longitude"), values.get("latitude")
    return [Spot("field", "现场", float(longitude), float(latitude))] if longitude and latitude else []


def _boxes(connection: Connection, boxes: Sequence[str]) -> list[Spot]:
    query = select(MeterBox.asset_no, MeterBox.longitude, MeterBox.latitude).where(MeterBox.asset_no.in_(boxes))
    return _spots("ledger", [(f"箱 {row[0]}", row[1], row[2]) for row in connection.execute(query)]) if boxes else []


def _spots(role: str, rows: Iterable[tuple[str, float | None, float | None]]) -> list[Spot]:
    """Those that have a place."""
    return [Spot(role, title, east, north) for title, east, north in rows if east is not None and north is not None]


def _points(connection: Connection, number: str) -> list[Spot]:
    point = select(AccessPoint.name, AccessPoint.longitude, AccessPoint.latitude).where(AccessPoint.access_point_no == number)
    return _spots("access_point", [(row[0] or number, row[1], row[2]) for row in connection.execute(point)])


def _areas(connection: Connection, row: Any) -> list[Spot]:
    """The area that it is in, and the one that the field names."""
    named = [value for place, *sides in json.loads(row.sides) if place.endswith(".area_no") for value in sides if value]
    wanted = sorted({*named, *([row.area_no] if row.area_no else [])})
    area = TransformerArea
    query = select(area.name, area.area_no, area.longitude, area.latitude).where(area.area_no.in_(wanted))
    return _spots("area", [(row[0] or row[1], row[2], row[3]) for row in connection.execute(query)]) if wanted else []


def _neighbours(connection: Connection, middle: tuple[float, float], boxes: Sequence[str]) -> list[Spot]:
    table = TABLES["meter_box"].c
    north = _REACH / _METRES
    east = north / max(cos(radians(middle[1])), 0.1)
    query = select(table.asset_no, table.longitude, table.latitude).where(
        table.longitude.between(middle[0] - east, middle[0] + east), table.latitude.between(middle[1] - north, middle[1] + north),
        table.asset_no.not_in(list(boxes)),
    )  # fmt: skip
    return [Spot("neighbour", f"箱 {number}", x, y) for number, x, y in connection.execute(query.limit(_NEIGHBOURS))]
