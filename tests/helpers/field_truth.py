"""Generated field returns whose differences from the ledger are known: ``generated`` makes them, ``score`` judges what was said.

What counts as a difference, class by class (key and field in brackets); nothing else does:

- cancelled: a customer whom the ledger does not call cancelled is gone. Either verdict or remark say so in any words that mean it
  (the customer when the row names him; the meter when it names only that; the box in a list of boxes), or the meter is missing from a
  list of all the meters of its box (a scanned box, a box in an 箱表关系) and no other row sees it (its customer). A customer is not
  cancelled because somebody doubts (疑似销户), could not get in, moved or replaced the meter, or because something else of the
  place is missing or removed (箱门缺失, 旧表已拆换新表). A box nobody listed says nothing.
- new: the row's customer is unknown (customer number, whatever else is unknown with him), or it names no customer and its meter is
  unknown (asset number of the meter), or it has no number at all and is said to be new ("" and the row), or its box is unknown
  (asset number of the box).
- meter_replaced: a known customer has another meter than his (customer number; bar_code). Two neighbours with crossed meters are two.
- other_box: a known meter, or the one of a known customer, in another box (asset number of the ledger's meter; box_no).
- other_area: a customer, or a box of a list of boxes, in another area, or said to be in one (customer or asset number; area_no).
- moved_box: a box at least 80 m from its place; up to 15 m is noise (asset number; coordinate).
- name_changed, address_changed: of a known customer (customer number; name, address). One other character is a change.
- slot_changed: a known meter in another slot of its own box, where the ledger knows its slot (asset number of the meter; slot).
- attribute_changed: slot_rows, slot_columns, category, material, location of a known box, where the ledger has a value (asset number).
- duplicate_row: a row of the same file says exactly the same again; the later one (the row).
- duplicate_identifier: one meter at two customers or in two boxes, in the returns (asset number of the meter).
- damaged_identifier: a number with lost, misread, rounded or unreadable digits (the row; the record's key, or "" if it could not be
  told: both are right, another key is wrong). It is neither new nor a replaced meter nor another box.
- coordinate_missing, coordinate_zero, coordinate_swapped: of each row that has coordinate columns and was not shut or gone (the row).
- coordinate_system: a file in GCJ-02 or BD-09 that does not say so (file name).

Left open, neither asked for nor wrong: that a second row with somebody's meter is a replaced meter or another box; that a customer
number without its leading zeros is damaged. A customer the ledger calls cancelled may be there or not; a value the ledger lacks is not
changed. Spaces, full-width and zero-width characters, apostrophes, ``.0``, ways to write dates and codes are never differences.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Protocol

from tests.helpers.field_truth_files import differently, write
from tests.helpers.field_truth_model import PER_ROW, Expected, Row, World
from tests.helpers.field_truth_plants import plant
from tests.helpers.field_truth_rows import spoil, tell
from tests.helpers.field_truth_world import found_world

_OFTEN: Final = 0.006
_FIELDS: Final = {
    "longitude": "coordinate", "latitude": "coordinate", "coordinates": "coordinate", "slot_row": "slot", "slot_column": "slot",
    "asset_no": "bar_code", "area_name": "area_no", "bar_code": "bar_code", "meter_no": "bar_code",
}  # fmt: skip
"""Fields that say the same of a class."""


class Difference(Protocol):
    """What ``score`` reads of a returned difference."""

    @property
    def klass(self) -> str: ...
    @property
    def entity(self) -> str: ...
    @property
    def key(self) -> str: ...
    @property
    def field(self) -> str: ...
    @property
    def file(self) -> str: ...
    @property
    def row(self) -> int | None: ...


@dataclass(frozen=True)
class Truth:
    """Files and what is in them.

    Attributes:
        ledger: to be imported first.
        returns: what comes back.
        rows: rows of the returns, the repeated ones too.
        expected: every difference; ``maybe``: what is left open.
        formatted: (file, row) -> fields that are only written differently; ``kept``: those rows of them that differ in nothing.
    """

    ledger: tuple[Path, ...]
    returns: tuple[Path, ...]
    rows: int
    expected: frozenset[Expected]
    maybe: frozenset[Expected]
    formatted: dict[tuple[str, int], tuple[str, ...]]
    kept: frozenset[tuple[str, int]]


def generated(seed: int, rows: int, folder: Path) -> Truth:
    """About ``rows`` rows of returns in several files of several kinds, and the ledger they are about; the same for the same seed.

    Args:
        seed: another seed, another station.
        rows: 300 or more.
        folder: gets ``台账`` and ``采录``.
    """
    world, ledger = found_world(seed, rows, folder)
    often = max(3, round(rows * _OFTEN))
    plant(world, often)
    tell(world)
    spoil(world, often)
    differently(world)
    returns = write(world, folder / "采录")
    return _truth(world, ledger, returns)


def _truth(world: World, ledger: tuple[Path, ...], returns: tuple[Path, ...]) -> Truth:
    rows = [row for sheet in world.sheets for row in sheet.rows]
    expected = {Expected(*said) for said in world.said}
    expected |= {Expected(*said, row.sheet.name, row.number) for row in rows for said in row.said}
    shifted = [sheet for sheet in world.sheets if sheet.crs in {"gcj02", "bd09"} and not sheet.declared]
    expected |= {Expected("coordinate_system", "", sheet.name) for sheet in shifted}
    formatted = {(row.sheet.name, row.number): tuple(row.formatted) for row in rows if row.formatted}
    plain = {(row.sheet.name, row.number) for row in rows if _plain(row)}
    maybe = frozenset(Expected(*said) for said in world.maybe)
    return Truth(ledger, returns, len(rows), frozenset(expected), maybe, formatted, frozenset(formatted.keys() & plain))


def _plain(row: Row) -> bool:
    return not (row.remarked or row.said or row.site.touched or any(person.touched for person in row.people))


@dataclass
class Share:
    """Found of expected, right of said; examples of the rest."""

    expected: int = 0
    found: int = 0
    said: int = 0
    right: int = 0
    missed: list[Expected] = field(default_factory=list)
    wrong: list[Difference] = field(default_factory=list)

    @property
    def recall(self) -> float:
        """1 where nothing was expected."""
        return self.found / self.expected if self.expected else 1.0

    @property
    def precision(self) -> float:
        """1 where nothing was said."""
        return self.right / self.said if self.said else 1.0


@dataclass
class Score:
    """Class -> share; ``of_formats``: differences said of rows that are only written differently."""

    classes: dict[str, Share]
    of_formats: list[Difference]


def score(differences: Iterable[Difference], truth: Truth) -> Score:
    """Holds what was said against the truth.

    The field counts only for attributes; the record's other fields are the class's own (longitude for coordinate and the like).
    A difference said of a row must name file and row; one and the same said twice counts once.
    """
    wanted = {_identity(item): item for item in truth.expected}
    maybe = {_identity(item) for item in truth.maybe}
    shares: dict[str, Share] = {}
    for item in truth.expected:
        shares.setdefault(item.klass, Share()).expected += 1
    found, seen, of_formats = set(), set(), []
    for difference in differences:
        names = _names(difference)
        hit = next((name for name in names if name in wanted), None)
        if names[0] in seen or (hit is None and any(name in maybe for name in names)):
            continue
        seen.add(names[0])
        share = shares.setdefault(str(difference.klass), Share())
        share.said += 1
        if hit is None or not _key_fits(difference, wanted[hit]):
            share.wrong.append(difference)
            if (Path(difference.file).name, difference.row or 0) in truth.kept:
                of_formats.append(difference)
            continue
        share.right += 1
        found.add(hit)
    for identity, item in wanted.items():
        shares[item.klass].found += identity in found
        if identity not in found:
            shares[item.klass].missed.append(item)
    return Score(shares, of_formats)


Identity = tuple[str, ...]


def _identity(item: Expected) -> Identity:
    if item.row:
        return (item.klass, item.entity if item.klass == "damaged_identifier" else "", item.file, str(item.row))
    return (item.klass, item.entity, item.key, item.field if item.klass == "attribute_changed" else "")


def _names(difference: Difference) -> list[Identity]:
    """By what a difference may be known: first by its record, then by its row."""
    klass, file, row = str(difference.klass), Path(difference.file).name, str(difference.row or 0)
    field = difference.field.rpartition(".")[2]
    by_record = (klass, difference.entity, difference.key, field if klass == "attribute_changed" else "")
    by_row = (klass, difference.entity if klass == "damaged_identifier" else "", file, row)
    return [by_row, by_record] if klass in PER_ROW or not difference.key else [by_record]


def _key_fits(difference: Difference, item: Expected) -> bool:
    return item.klass != "damaged_identifier" or difference.key in {"", item.key}


def counted(truth: Truth) -> Counter[str]:
    """How many differences of each class there are."""
    return Counter(item.klass for item in truth.expected)
