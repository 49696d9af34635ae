"""Invented places: areas with boxes on a grid of metres, for rules that look at coordinates."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from lvdesk.geo.distances import metres_per_degree
from lvdesk.geo.offsets import to_bd09, to_gcj02

ORIGIN = (115.68, 34.44)

Row = dict[str, Any]


def at(east: float, north: float, system: str = "cgcs2000") -> Row:
    """Longitude and latitude of a place so many metres off the origin, in some system."""
    x, y = metres_per_degree(np.array([ORIGIN[1]]))
    place = np.array([ORIGIN[0] + east / x[0]]), np.array([ORIGIN[1] + north / y[0]])
    if system != "cgcs2000":
        place = (to_gcj02 if system == "gcj02" else to_bd09)(*place)
    return {"longitude": round(float(place[0][0]), 7), "latitude": round(float(place[1][0]), 7)}


def area(number: str, east: float = 0, north: float = 0, **more: Any) -> Row:
    """A transformer area with its transformer so many metres off the origin."""
    return {"area_no": number, "name": f"{number}台区", **at(east, north), **more}


def boxes(number: str, places: Sequence[tuple[float, float]], *, street: str = "", system: str = "cgcs2000", **more: Any) -> list[Row]:
    """Boxes of an area, called area-1, area-2 …, each at its metres off the origin."""
    return [
        {"asset_no": f"{number}-{n}", "area_no": number, "location": f"{street or number}街{n}号", **at(*place, system), **more}
        for n, place in enumerate(places, 1)
    ]


def block(east: float, north: float, side: int = 4, gap: float = 40) -> list[tuple[float, float]]:
    """Places in rows around a middle, as houses of a village or a town."""
    steps = [(n - (side - 1) / 2) * gap for n in range(side)]
    return [(east + x, north + y) for y in steps for x in steps]


def road(east: float, north: float, count: int, gap: float = 40) -> list[tuple[float, float]]:
    """Places along a road to the east."""
    return [(east + n * gap, north) for n in range(count)]


def field_row(number: int, box: str, place: Mapping[str, Any], sheet: int = 9, **more: str) -> Row:
    """A row of field results with a box and where it was seen."""
    return {
        "sheet_id": sheet,
        "sheet_row": number,
        "item": number * 1000,
        "template": "field_return",
        "meter_box.asset_no": box,
        **{f"meter_box.{name}": str(value) for name, value in place.items()},
        **more,
    }


def sheet(number: int, template: str = "field_return", file: str = "采录.xlsx") -> Row:
    """An imported sheet."""
    return {"sheet_id": number, "batch": number, "file": file, "name": "Sheet1", "template": template, "system": "field", "header_row": 1}
