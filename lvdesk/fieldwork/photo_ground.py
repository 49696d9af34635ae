"""What the ledger knows that photos can be held against: codes of boxes and meters, boxes with known places."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from sqlalchemy import ColumnElement, Connection, Table, select

from lvdesk.geo.distances import Metres, nearest, on_plane
from lvdesk.network.identifiers import LEVELS, METER, METER_BOX, Barcode, parse_barcode
from lvdesk.network.tables import TABLES

Place = tuple[float, float]
BOX: Final = TABLES["meter_box"]
METERS: Final = TABLES["meter"]
_SLICE: Final = 500
_MARGIN: Final = 0.01
"""Degrees around the photos in which boxes are looked for: about a kilometre."""
_COUNT: Final = 6
_FAR: Final = 1000.0


@dataclass(frozen=True)
class Asset:
    """A box or a meter of the ledger; ``box_no`` of a meter is "" when the ledger has it in no box."""

    number: str
    is_box: bool
    box_no: str


@dataclass(frozen=True)
class Near:
    """A box with its distance from a photo."""

    number: str
    metres: float


@dataclass
class Ground:
    """The part of the ledger that some photos are held against."""

    assets: Mapping[str, Asset]
    boxes: Sequence[tuple[str, float, float]]

    def __post_init__(self) -> None:
        self._places = {number: (east, north) for number, east, north in self.boxes}
        self._near: dict[Place, list[Near]] = {}

    def known(self, codes: Iterable[str]) -> list[Asset]:
        """The assets these codes stand for, each once; codes of none are left out."""
        return list(dict.fromkeys(self.assets[code] for code in codes if code in self.assets))

    def place(self, box_no: str) -> Place | None:
        """Where the ledger has a box."""
        return self._places.get(box_no)

    def near(self, place: Place) -> list[Near]:
        """Boxes within a kilometre, nearest first."""
        if place not in self._near:
            self.look_around([place])
        return self._near[place]

    def look_around(self, places: Sequence[Place]) -> None:
        """Finds what is near many places at once."""
        if not self.boxes or not places:
            self._near |= {place: [] for place in places}
            return
        origin = (self.boxes[0][1], self.boxes[0][2])
        among, at = (_plane(some, origin) for some in ([box[1:] for box in self.boxes], places))
        metres, rows = nearest(at, among, _COUNT)
        for place, lengths, numbers in zip(places, metres.tolist(), rows.tolist(), strict=True):
            found = zip(lengths, numbers, strict=True)
            self._near[place] = [Near(self.boxes[row][0], length) for length, row in found if length <= _FAR]


def _plane(places: Sequence[Place], origin: Place) -> Metres:
    degrees = np.array(places, dtype=np.float64)
    return on_plane((degrees[:, 0], degrees[:, 1]), origin)


def is_asset(code: str) -> bool:
    """Whether it is the whole barcode of a box or a meter, in the ledger or not: parcels and goods bear other codes."""
    parsed = parse_barcode(code)
    return parsed is not None and parsed.is_valid and parsed.asset_type in {METER, METER_BOX} and parsed.level in LEVELS


def ground_of(connection: Connection, codes: Iterable[str], places: Sequence[Place]) -> Ground:
    """What the ledger says of these codes, and boxes around these places."""
    known = assets(connection, codes)
    found = Ground(known, _boxes(connection, places, sorted({asset.box_no for asset in known.values()} - {""})))
    found.look_around(list(dict.fromkeys(places)))
    return found


def assets(connection: Connection, codes: Iterable[str]) -> dict[str, Asset]:
    """Code -> the box or meter of the ledger that bears it.

    A whole barcode must be the one the ledger has; where the ledger has none, its check digit must fit and its kind be right. Anything
    shorter counts only when it is exactly a number of the ledger.
    """
    wanted = list(dict.fromkeys(codes))
    parsed = {code: parse_barcode(code) for code in wanted}
    numbers = [found.asset_no if found else code for code, found in parsed.items()]
    boxes, meters = _rows(connection, BOX, wanted, numbers), _rows(connection, METERS, wanted, numbers)
    found: dict[str, Asset] = {}
    for code in wanted:
        for table, rows, kind in ((BOX, boxes, METER_BOX), (METERS, meters, METER)):
            row = _bearer(rows, code, parsed[code], kind)
            if row is not None:
                is_box = table is BOX
                found[code] = Asset(row.asset_no, is_box, row.asset_no if is_box else row.box_no or "")
                break
    return found


def _rows(connection: Connection, table: Table, codes: Sequence[str], numbers: Sequence[str]) -> dict[str, list[Any]]:
    """Number or barcode -> records of the ledger that bear it."""
    columns = (table.c.asset_no, table.c.bar_code, *([table.c.box_no] if table is METERS else []))
    found: dict[str, list[Any]] = {}
    for key, wanted in ((table.c.bar_code, codes), (table.c.asset_no, numbers)):
        for start in range(0, len(wanted), _SLICE):
            for row in connection.execute(select(*columns).where(key.in_(wanted[start : start + _SLICE]))):
                for name in {row.asset_no, row.bar_code} - {None}:
                    found.setdefault(name, []).append(row)
    return found


def _bearer(rows: Mapping[str, list[Any]], code: str, parsed: Barcode | None, kind: str) -> Any:
    """The one record that bears a code; None for none and for several."""
    if parsed is None:
        mine = rows.get(code, [])
    else:
        mine = [row for row in rows.get(code, []) if row.bar_code == code]
        if not mine and parsed.is_valid and parsed.asset_type == kind:
            mine = [row for row in rows.get(parsed.asset_no, []) if row.asset_no == parsed.asset_no and not row.bar_code]
    return mine[0] if len({row.asset_no for row in mine}) == 1 else None


def _boxes(connection: Connection, places: Sequence[Place], numbers: Sequence[str]) -> list[tuple[str, float, float]]:
    """Boxes with known places: all around these places, and those of these numbers."""
    columns = select(BOX.c.asset_no, BOX.c.longitude, BOX.c.latitude).where(BOX.c.longitude.is_not(None), BOX.c.latitude.is_not(None))
    wanted: list[ColumnElement[bool]] = [BOX.c.asset_no.in_(numbers[start : start + _SLICE]) for start in range(0, len(numbers), _SLICE)]
    if places:
        east, north = zip(*places, strict=True)
        wide = BOX.c.longitude.between(min(east) - _MARGIN, max(east) + _MARGIN)
        wanted.append(wide & BOX.c.latitude.between(min(north) - _MARGIN, max(north) + _MARGIN))
    found = {
        row.asset_no: (row.asset_no, row.longitude, row.latitude) for where in wanted for row in connection.execute(columns.where(where))
    }
    return sorted(found.values())
