"""Words of what comes back from the field: kinds of difference, what a return did, what waits for a person."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Final

from lvdesk.network.changed import Changed


class DifferenceClass(StrEnum):
    """How the field differs from the accepted state. A value that is written differently but says the same is none of them."""

    CANCELLED = "cancelled"
    NEW = "new"
    METER_REPLACED = "meter_replaced"
    OTHER_BOX = "other_box"
    OTHER_AREA = "other_area"
    MOVED_BOX = "moved_box"
    NAME_CHANGED = "name_changed"
    ADDRESS_CHANGED = "address_changed"
    SLOT_CHANGED = "slot_changed"
    ATTRIBUTE_CHANGED = "attribute_changed"
    DUPLICATE_ROW = "duplicate_row"
    DUPLICATE_IDENTIFIER = "duplicate_identifier"
    DAMAGED_IDENTIFIER = "damaged_identifier"
    COORDINATE_MISSING = "coordinate_missing"
    COORDINATE_ZERO = "coordinate_zero"
    COORDINATE_SWAPPED = "coordinate_swapped"
    COORDINATE_SYSTEM = "coordinate_system"


CLASS_TITLES: Final[Mapping[DifferenceClass, str]] = {
    DifferenceClass.CANCELLED: "账有实无",
    DifferenceClass.NEW: "实有账无",
    DifferenceClass.METER_REPLACED: "换表",
    DifferenceClass.OTHER_BOX: "箱表不符",
    DifferenceClass.OTHER_AREA: "户变不符",
    DifferenceClass.MOVED_BOX: "箱位移动",
    DifferenceClass.NAME_CHANGED: "名称不符",
    DifferenceClass.ADDRESS_CHANGED: "地址不符",
    DifferenceClass.SLOT_CHANGED: "表位不符",
    DifferenceClass.ATTRIBUTE_CHANGED: "箱属性不符",
    DifferenceClass.DUPLICATE_ROW: "重复行",
    DifferenceClass.DUPLICATE_IDENTIFIER: "编号重复",
    DifferenceClass.DAMAGED_IDENTIFIER: "编号受损",
    DifferenceClass.COORDINATE_MISSING: "缺坐标",
    DifferenceClass.COORDINATE_ZERO: "坐标为零",
    DifferenceClass.COORDINATE_SWAPPED: "经纬度颠倒",
    DifferenceClass.COORDINATE_SYSTEM: "坐标系不同",
}


@dataclass(frozen=True)
class ReturnRequest:
    """What came back.

    Attributes:
        paths: workbooks, scans (PDF or pictures), photos, folders of them; in any mixture.
        package_no: the package it belongs to, "" when the files say it themselves or none.
        crs: coordinate system of workbooks that do not say theirs; "" to have it found out.
    """

    paths: tuple[Path, ...]
    package_no: str = ""
    crs: str = ""


@dataclass(frozen=True)
class FieldDifferenceView:
    """One difference as people read it; ``status`` is open or resolved, ``record`` None for what the ledger does not have."""

    id: int
    klass: DifferenceClass
    title: str
    entity: str
    entity_title: str
    key: str
    record: int | None
    field: str
    field_title: str
    ledger: str | None
    field_value: str | None
    evidence: tuple[str, ...]
    file: str
    sheet: str
    row: int | None
    area_no: str
    area_name: str
    package_no: str
    found_at: str
    status: str


@dataclass(frozen=True)
class Unread:
    """A page or photo that a person must say something about; ``hint`` is the next step."""

    path: str
    page: int
    code: str
    why: str
    hint: str


@dataclass(frozen=True)
class ReturnedCoordinate:
    """A coordinate that came back, CGCS2000 degrees; ``crs_in`` the system it came in, ``detected``: declared, detected or assumed."""

    file: str
    sheet: str
    row: int
    longitude: float
    latitude: float
    crs_in: str
    detected: str


@dataclass(frozen=True)
class Suggestion:
    """A ledger record that a row without a usable key may be about; never applied by itself.

    Attributes:
        likeness: 0 to 1.
        evidence: what speaks for it.
    """

    file: str
    sheet: str
    row: int
    entity: str
    key: str
    likeness: float
    evidence: tuple[str, ...]


@dataclass(frozen=True)
class ReturnedFile:
    """What became of one file.

    Attributes:
        kind: workbook, scan, photo.
        status: taken, unchanged (it came back before), refused, unread.
        rows: rows of field results, pages, or 1 for a photo.
    """

    path: Path
    kind: str
    status: str
    rows: int = 0
    code: str = ""
    reason: str = ""
    hint: str = ""


@dataclass(frozen=True)
class Returned:
    """What a return did. ``rows_in == matched + new + refused``: no row is lost.

    Attributes:
        rows_in: rows of field results in the workbooks of this return.
        matched: rows that were held against a ledger record, by key.
        new: rows about things the ledger does not have.
        refused: rows that say nothing that could be held against anything.
        missing: things of the ledger that the field says are not there.
        changed_rows: matched rows with at least one difference.
        differences: of the rows of these files; newest state.
        photos_filed, photos_queued, pages_read, pages_queued: of this return.
        steps: the entries of history it made, the last one first: what ``returns.undo`` takes back.
    """

    files: tuple[ReturnedFile, ...] = ()
    rows_in: int = 0
    matched: int = 0
    new: int = 0
    missing: int = 0
    changed_rows: int = 0
    refused: int = 0
    unread: tuple[Unread, ...] = ()
    differences: tuple[FieldDifferenceView, ...] = ()
    coordinates: tuple[ReturnedCoordinate, ...] = ()
    suggestions: tuple[Suggestion, ...] = ()
    photos_filed: int = 0
    photos_queued: int = 0
    pages_read: int = 0
    pages_queued: int = 0
    sheets_done: tuple[str, ...] = ()
    entry_id: int = 0
    steps: tuple[int, ...] = ()
    label: str = ""
    changed: Changed = field(default=Changed.NOTHING)
