"""The station as the field finds it, the rows the field writes about it, and what of them differs from the ledger."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from random import Random
from typing import Final

from lvdesk.network.identifiers import METER, METER_BOX, asset_no
from lvdesk.sample.inventing import Numbers
from lvdesk.sample.model import Area, Box, Customer

RETURN, BOXES, RELATION, SCAN = "field_return", "box_collection", "box_meter_relation", "handheld_scan"
"""The four templates."""

Value = str | int | float | None
Said = tuple[str, str, str, str]
"""Class, entity, key, field."""

PER_ROW: Final = frozenset({"duplicate_row", "damaged_identifier", "coordinate_missing", "coordinate_zero", "coordinate_swapped"})
"""Classes that are said of each row, not of each thing."""


@dataclass(frozen=True, order=True)
class Expected:
    """One difference; ``file`` and ``row`` (1-based, as the spreadsheet shows it) only where it is said of a row or has no key."""

    klass: str
    entity: str
    key: str
    field: str = ""
    file: str = ""
    row: int = 0


@dataclass(eq=False)
class Person:
    """A meter place as found. ``home`` is the ledger's customer of it, None for one the ledger lacks.

    Attributes:
        touched: what deviates already: nothing deviates twice in the same respect.
        said: what is said of the row that tells of it, for want of a key.
    """

    home: Customer | None
    customer_no: str
    name: str
    address: str
    area: Area
    meter_bar: str
    row: int
    column: int
    verdict: str = ""
    remark: str = ""
    touched: set[str] = field(default_factory=set)
    said: list[Said] = field(default_factory=list)


@dataclass(eq=False)
class Sheet:
    """One file to be returned.

    Attributes:
        fields: the columns it will have.
        crs: the system its coordinates are written in; ``declared``: whether it says so.
    """

    kind: str
    name: str
    fields: tuple[str, ...]
    crs: str
    declared: bool
    rows: "list[Row]" = field(default_factory=list)


@dataclass(eq=False)
class Site:
    """A box as found. ``box`` is the ledger's, None for one the ledger lacks.

    Attributes:
        known: whether the ledger has its attributes, slots and coordinates, not just its barcode.
        sheets: template -> the file that speaks of it; empty when nobody came here.
    """

    box: Box | None
    bar_code: str
    area: Area
    rows: int
    columns: int
    category: str
    material: str
    location: str
    longitude: float
    latitude: float
    people: list[Person] = field(default_factory=list)
    known: bool = True
    verdict: str = ""
    remark: str = ""
    sheets: dict[str, Sheet] = field(default_factory=dict)
    touched: set[str] = field(default_factory=set)

    @property
    def number(self) -> str:
        """The box's asset number."""
        return asset(self.bar_code)

    def free_slot(self) -> tuple[int, int] | None:
        """A place without a meter, by ledger and field."""
        taken = {(person.row, person.column) for person in self.people}
        taken |= {(person.home.row, person.home.column) for person in self.people if person.home}
        places = ((row, column) for row in range(1, self.rows + 1) for column in range(1, self.columns + 1))
        return next((place for place in places if place not in taken), None)


@dataclass(eq=False)
class Row:
    """A row of a return: field -> cell; meters of a scan are joined when it is written.

    Attributes:
        said: differences that are said of this row.
        damaged: fields that must stay as they are.
        formatted: fields that are only written differently.
        remarked: it remarks on something that makes no difference.
    """

    sheet: Sheet
    site: Site
    people: list[Person]
    cells: dict[str, Value]
    said: list[Said] = field(default_factory=list)
    damaged: set[str] = field(default_factory=set)
    formatted: list[str] = field(default_factory=list)
    remarked: bool = False
    number: int = 0


@dataclass(eq=False)
class World:
    """Everything while it is being made.

    Attributes:
        said: differences that hold wherever they are read.
        maybe: what may be said and need not be: the definitions leave it open.
    """

    chance: Random
    numbers: Numbers
    areas: list[Area]
    sites: list[Site]
    sheets: list[Sheet] = field(default_factory=list)
    said: set[Said] = field(default_factory=set)
    maybe: set[Said] = field(default_factory=set)
    several: frozenset[str] = frozenset()
    closed: frozenset[str] = frozenset()

    def meter(self) -> str:
        """The barcode of a meter nobody knows."""
        return self.numbers.barcode(METER, "189")

    def box(self) -> str:
        """The barcode of a box nobody knows."""
        return self.numbers.barcode(METER_BOX, "159")

    def visited(self, kinds: Iterable[str]) -> list[Site]:
        """Sites one of these kinds of file speaks of."""
        wanted = set(kinds)
        return [site for site in self.sites if wanted & site.sheets.keys()]


def asset(bar_code: str) -> str:
    """The asset number in a sound barcode."""
    return asset_no(bar_code) or bar_code


def category(rows: int, columns: int) -> str:
    """The kind of box a size makes."""
    return "单体表箱" if rows * columns == 1 else "合体表箱"
