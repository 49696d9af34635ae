"""What is printed on a sheet, and where things on it lie; all places in millimetres from the upper left corner of the page."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True)
class Slot:
    """A meter in its box: ``row`` and ``column`` from 1, 0 where unknown."""

    row: int
    column: int
    meter_no: str
    bar_code: str = ""
    customer_no: str = ""
    customer_name: str = ""


@dataclass(frozen=True)
class MapPlace:
    """A point of the sketch map: ``kind`` is box, area, pole, branch_box or access_point; ``label`` the walking number or a name."""

    kind: Literal["box", "area", "pole", "branch_box", "access_point"]
    longitude: float
    latitude: float
    label: str = ""
    visited: bool = False


@dataclass(frozen=True)
class Content:
    """What one block of a form says about one thing; a blank block has no key.

    Attributes:
        values: ``entity.attribute`` of the templates, or a word of the form itself (``position``, ``reasons``, …) -> text.
        slots: the meters of a box.
        rows: lines of a table block, each by the block's column names.
        places: the points of a sketch map, boxes to visit first and in walking order.
    """

    entity: str = ""
    key: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    slots: tuple[Slot, ...] = ()
    rows: tuple[Mapping[str, str], ...] = ()
    places: tuple[MapPlace, ...] = ()


@dataclass(frozen=True)
class Face:
    """Head and foot of a sheet.

    Attributes:
        station: short identity of the workspace, eight letters or digits.
        sheet_no, page, pages: which sheet of the package.
        about: label -> text, in order: 供电所、线路、台区、网格、班组、采录人、计划日期….
        printed_by, printed_at, purpose: the footer's words.
    """

    station: str
    package_no: str
    sheet_no: str
    page: int
    pages: int
    about: Mapping[str, str] = field(default_factory=dict)
    printed_by: str = ""
    printed_at: str = ""
    purpose: str = ""


@dataclass(frozen=True)
class Spot:
    """A place on the paper that a person writes on, or that shows what was printed.

    Attributes:
        name: unique on the page: ``block.field`` such as ``0.tick.same`` or ``2.meter_box.bar_code``.
        kind: tick (a square), comb (``count`` cells in a row), cell (free writing), signature.
        block: index of the block; the sheet's item of the same index is what it is about.
        field: ``entity.attribute`` that is written here, "" for none; ``slot`` row and column where it belongs to one slot.
        value: what ticking it gives the field, "" where the tick says something about the record as a whole.
    """

    name: str
    kind: Literal["tick", "comb", "cell", "signature"]
    block: int
    x: float
    y: float
    width: float
    height: float
    field: str = ""
    count: int = 1
    slot: tuple[int, int] | None = None
    value: str = ""
